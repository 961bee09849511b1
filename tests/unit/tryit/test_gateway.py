"""What the sample chat's gateway does beyond the contract of all gateways."""

from __future__ import annotations

import pytest

from adapters.tryit.gateway import channel_ref, user_ref
from adapters.tryit.records import direct_line
from bot.errors import PermanentError, RetryableError
from bot.inbound import Profile
from bot.messages import Button, Buttons, Call, Message, Target
from tests.sample_chat import EVERYTHING, FORM, set_stage, words


async def test_a_direct_message_lands_in_the_readers_line_and_can_be_answered_there() -> None:
    stage = set_stage()
    ref = await stage.gateway.send(Target(user=user_ref("s04")), words("bonjour"), "k1")
    await stage.gateway.send(Target(channel=channel_ref(ref.channel)), words("encore"), "k2")

    line = stage.platform.conversation(direct_line("s04"), "s04")
    assert [posted.message for posted in line] == [words("bonjour"), words("encore")]


async def test_somebody_who_has_not_joined_has_no_direct_line() -> None:
    stage = set_stage()
    with pytest.raises(PermanentError):
        await stage.gateway.send(Target(user=user_ref("n01")), words("hello"), "k1")
    stage.platform.join("n01")
    await stage.gateway.send(Target(user=user_ref("n01")), words("hello"), "k1")


async def test_controls_without_an_id_are_refused_when_sent_and_when_edited() -> None:
    stage = set_stage()
    unsealed = Message((Buttons((Button("Yes", Call("yes")),)),), "en")
    with pytest.raises(PermanentError, match="sealed"):
        await stage.gateway.send(Target(channel=channel_ref("plenary")), unsealed, "k1")
    ref = await stage.gateway.send(Target(channel=channel_ref("plenary")), EVERYTHING, "k2")
    with pytest.raises(PermanentError, match="sealed"):
        await stage.gateway.edit(ref, unsealed)


@pytest.mark.parametrize("key", ["", "k" * 26])
async def test_a_key_has_1_to_25_characters(key: str) -> None:
    stage = set_stage()
    with pytest.raises(PermanentError, match="key"):
        await stage.gateway.send(Target(channel=channel_ref("plenary")), words("hello"), key)


async def test_a_form_is_opened_for_whom_the_trigger_was_given() -> None:
    stage = set_stage()
    with stage.platform.trigger("s04", "plenary") as trigger:
        await stage.gateway.open_form(trigger, FORM)

    opened = stage.platform.form("s04")
    assert opened is not None
    assert (opened.form, opened.channel) == (FORM, "plenary")
    assert stage.platform.form("s03") is None


async def test_a_profile_is_what_the_device_says_and_organizers_are_administrators() -> None:
    gateway = set_stage().gateway
    member = await gateway.fetch_profile(user_ref("s04"))
    assert member == Profile("Membre d’essai, Dakar", "fr", "Africa/Dakar", admin=False)
    assert (await gateway.fetch_profile(user_ref("s01"))).admin


async def test_a_file_that_cannot_be_used_may_be_tried_again() -> None:
    stage = set_stage()
    stage.platform.close()
    with pytest.raises(RetryableError):
        await stage.gateway.send(Target(channel=channel_ref("plenary")), words("hello"), "k1")

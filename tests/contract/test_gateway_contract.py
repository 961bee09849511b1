"""What every gateway promises, whatever the platform: the runner and the dispatcher rely on nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.errors import PermanentError
from bot.messages import Button, Buttons, Call, Form, FormField, Message, MessageRef, Paragraph, Target
from tests.contract.gateways import CASES, Case

FORM = Form("Question", Call("ask"), (FormField("text", "Your question"),), "Send", "en", action_id="form")


def says(text: str) -> Message:
    return Message((Paragraph((text,)),), "en")


@pytest.fixture(params=CASES)
async def case(request) -> AsyncIterator[Case]:
    async with CASES[request.param]() as made:
        yield made


@pytest.fixture(params=["channel", "direct"])
def target(request, case) -> Target:
    return Target(channel=case.channel) if request.param == "channel" else Target(user=case.user)


async def test_a_message_is_sent_and_found_by_its_key(case, target):
    ref = await case.gateway.send(target, says("hello"), "key-1")
    assert (ref.platform, ref.workspace) == (case.gateway.platform, target.workspace)
    assert await case.gateway.find_sent(target, "key-1") == ref


async def test_a_direct_line_and_a_channel_are_different_places(case):
    sent = await case.gateway.send(Target(channel=case.channel), says("hello"), "key-1")
    direct = await case.gateway.send(Target(user=case.user), says("hello"), "key-2")
    assert sent.channel != direct.channel


async def test_a_key_that_was_never_used_is_proven_absent(case, target):
    await case.gateway.send(target, says("hello"), "key-1")
    assert await case.gateway.find_sent(target, "key-2") is None


async def test_a_key_of_full_length_is_taken(case, target):
    ref = await case.gateway.send(target, says("hello"), "k" * 25)
    assert await case.gateway.find_sent(target, "k" * 25) == ref


async def test_different_keys_are_different_messages(case, target):
    first = await case.gateway.send(target, says("hello"), "key-1")
    second = await case.gateway.send(target, says("hello"), "key-2")
    assert first != second
    assert await case.gateway.find_sent(target, "key-1") == first


async def test_the_same_key_makes_one_message_where_the_platform_says_so(case, target):
    first = await case.gateway.send(target, says("hello"), "key-1")
    second = await case.gateway.send(target, says("hello"), "key-1")
    assert (first == second) == case.gateway.capabilities.idempotent_sends
    assert await case.gateway.find_sent(target, "key-1") == first


async def test_a_message_may_be_shown_to_one_person(case):
    send = case.gateway.send(Target(channel=case.channel), says("psst"), "key-1", only_for=case.user)
    if case.gateway.capabilities.private_replies:
        assert (await send).channel == case.channel.channel
    else:
        with pytest.raises(PermanentError):
            await send


async def test_a_message_with_controls_is_sent_and_edited(case, target):
    ref = await case.gateway.send(target, says("before"), "key-1")
    buttons = Buttons((Button("Yes", Call("rsvp"), action_id="yes"), Button("No", Call("rsvp"), action_id="no")))
    if case.gateway.capabilities.edits:
        await case.gateway.edit(ref, Message((buttons,), "en"))
        await case.gateway.edit(ref, Message((buttons,), "en"))
    assert await case.gateway.find_sent(target, "key-1") == ref


@pytest.mark.parametrize("message", ["999999", "", "no-such-message"])
async def test_a_message_that_is_gone_cannot_be_edited(case, message):
    ref = MessageRef(case.channel.platform, case.channel.workspace, case.channel.channel, message)
    with pytest.raises(PermanentError):
        await case.gateway.edit(ref, says("after"))


@pytest.mark.parametrize("name", ["no-such-place", "", "🙂", "'; --"])
async def test_an_unknown_place_is_refused_for_good(case, name):
    channel, user = replace(case.channel, channel=name), replace(case.user, user=name)
    for target in (Target(channel=channel), Target(user=user)):
        with pytest.raises(PermanentError):
            await case.gateway.send(target, says("hello"), "key-1")
        with pytest.raises(PermanentError):
            await case.gateway.find_sent(target, "key-1")
    for place, who in ((channel, case.user), (case.channel, user)):
        with pytest.raises(PermanentError):
            await case.gateway.add_to_channel(place, who)
    with pytest.raises(PermanentError):
        await case.gateway.fetch_profile(user)
    with pytest.raises(PermanentError):
        await case.gateway.send(Target(channel=case.channel), says("psst"), "key-1", only_for=user)


async def test_another_platforms_places_are_refused(case):
    channel, user = replace(case.channel, platform="elsewhere"), replace(case.user, platform="elsewhere")
    with pytest.raises(PermanentError):
        await case.gateway.send(Target(channel=channel), says("hello"), "key-1")
    with pytest.raises(PermanentError):
        await case.gateway.fetch_profile(user)


async def test_someone_may_be_let_in_twice(case):
    await case.gateway.add_to_channel(case.channel, case.user)
    await case.gateway.add_to_channel(case.channel, case.user)


async def test_a_profile_tells_the_name(case):
    assert (await case.gateway.fetch_profile(case.user)).name == case.name


async def test_a_form_opens_for_a_trigger_and_for_nothing_else(case):
    if case.gateway.capabilities.forms:
        async with case.trigger() as trigger:
            await case.gateway.open_form(trigger, FORM)
    with pytest.raises(PermanentError):
        await case.gateway.open_form("no-such-trigger", FORM)


async def test_text_of_any_kind_is_taken_as_text(case, target):
    for number, text in enumerate(
        ("<script>", "@everyone <!channel>", "\u202eעברית", "\u200b", "🙂" * 50, "% _ ' \" \\ \x00")
    ):
        ref = await case.gateway.send(target, says(text), f"key-{number}")
        assert await case.gateway.find_sent(target, f"key-{number}") == ref


async def test_a_platform_that_is_there_is_connected(case):
    assert case.gateway.connected

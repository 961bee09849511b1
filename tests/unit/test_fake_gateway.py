"""The fake platform keeps, shows, refuses and breaks as it is told."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapters.fake.gateway import CAPABILITIES, FakeGateway
from adapters.fake.text import text_of
from bot.errors import PermanentError, RetryableError, UncertainError
from bot.inbound import Profile
from bot.messages import (
    Button,
    Buttons,
    Call,
    ChannelLink,
    ChannelRef,
    Fields,
    File,
    Form,
    Heading,
    Items,
    Link,
    LocalTime,
    Mention,
    Message,
    Note,
    Option,
    Paragraph,
    Quote,
    Select,
    Strong,
    Table,
    Target,
    UserRef,
)

ROOM = ChannelRef("fake", "W", "plenary")
ADA = UserRef("fake", "W", "ada")
TO_ROOM, TO_ADA = Target(channel=ROOM), Target(user=ADA)
FORM = Form("Question", Call("ask"), (), "Send", "en")


def says(text: str) -> Message:
    return Message((Paragraph((text,)),), "en")


def inhabited(gateway: FakeGateway) -> FakeGateway:
    gateway.add_channel(ROOM)
    gateway.add_user(ADA, Profile("Ada", locale="fr"))
    return gateway


@pytest.fixture
def gateway():
    made = inhabited(FakeGateway())
    yield made
    made.close()


async def test_it_shows_what_it_did(gateway):
    await gateway.send(TO_ROOM, says("hello"), "k1", only_for=ADA)
    ref = await gateway.send(TO_ADA, says("before"), "k2")
    await gateway.edit(ref, says("after"))
    await gateway.add_to_channel(ROOM, ADA)
    trigger = gateway.new_trigger()
    await gateway.open_form(trigger, FORM)
    (first,), (second,) = gateway.messages(ROOM), gateway.messages(gateway.direct_line(ADA))
    assert (first.key, first.only_for, first.message, first.edits) == ("k1", "ada", says("hello"), 0)
    assert (second.ref, second.only_for, second.message, second.edits) == (ref, None, says("after"), 1)
    assert gateway.members(ROOM) == {ADA}
    assert [(opened.trigger, opened.form) for opened in gateway.forms] == [(trigger, FORM)]


async def test_a_message_that_somebody_deleted_is_gone(gateway):
    ref = await gateway.send(TO_ROOM, says("hello"), "k1")
    gateway.remove(ref)
    assert await gateway.find_sent(TO_ROOM, "k1") is None
    with pytest.raises(PermanentError, match="no such message"):
        await gateway.edit(ref, says("after"))


async def test_in_a_file_it_outlives_its_process(tmp_path):
    path = tmp_path / "platform.db"
    before = inhabited(FakeGateway(path=path))
    ref = await before.send(TO_ROOM, says("hello"), "k1")
    before.close()
    after = FakeGateway(path=path)
    assert await after.find_sent(TO_ROOM, "k1") == ref
    assert (await after.fetch_profile(ADA)).locale == "fr"
    assert after.messages()[0].message == says("hello")
    after.close()


async def test_a_trigger_is_good_once(gateway):
    trigger = gateway.new_trigger()
    await gateway.open_form(trigger, FORM)
    with pytest.raises(PermanentError, match="no longer good"):
        await gateway.open_form(trigger, FORM)


# --- what a platform refuses -----------------------------------------------------------------------------------------


def select(options: int) -> Select:
    return Select("Language", Call("speak"), tuple(Option(f"{n}", f"{n}") for n in range(options)), action_id="s")


def buttons(count: int) -> Buttons:
    return Buttons(tuple(Button(f"{n}", Call("c"), action_id=f"{n}") for n in range(count)))


@pytest.mark.parametrize(
    ("blocks", "reason"),
    [
        ((Paragraph(("x" * 3001,)),), "at most 3000 characters"),
        ((buttons(25), buttons(1)), "at most 25 buttons"),
        ((select(101),), "at most 100 options"),
        ((Buttons((Button("Yes", Call("rsvp")),)),), "not sealed"),
    ],
)
async def test_it_refuses_what_is_too_much(gateway, blocks, reason):
    ref = await gateway.send(TO_ROOM, says("before"), "k1")
    with pytest.raises(PermanentError, match=reason):
        await gateway.send(TO_ROOM, Message(blocks, "en"), "k2")
    with pytest.raises(PermanentError, match=reason):
        await gateway.edit(ref, Message(blocks, "en"))
    assert [sent.message for sent in gateway.messages()] == [says("before")]


async def test_it_takes_what_is_just_enough(gateway):
    message = Message((Paragraph(("x" * 2000,)), buttons(25), select(100)), "en")
    await gateway.send(TO_ROOM, message, "k1")
    assert gateway.messages()[0].message == message


@pytest.mark.parametrize("key", ["", "k" * 26])
async def test_it_refuses_a_key_that_no_platform_takes(gateway, key):
    with pytest.raises(PermanentError, match="1 to 25"):
        await gateway.send(TO_ROOM, says("hello"), key)


async def test_it_refuses_a_message_to_nowhere(gateway):
    with pytest.raises(PermanentError, match="channel or a user"):
        await gateway.send(Target(), says("hello"), "k1")


async def test_it_cannot_do_what_its_capabilities_deny():
    none = replace(CAPABILITIES, forms=False, private_replies=False, edits=False)
    gateway = inhabited(FakeGateway(capabilities=none))
    ref = await gateway.send(TO_ROOM, says("hello"), "k1")
    with pytest.raises(PermanentError, match="edited"):
        await gateway.edit(ref, says("after"))
    with pytest.raises(PermanentError, match="everybody"):
        await gateway.send(TO_ROOM, says("psst"), "k2", only_for=ADA)
    with pytest.raises(PermanentError, match="no forms"):
        await gateway.open_form(gateway.new_trigger(), FORM)
    gateway.close()


# --- faults ----------------------------------------------------------------------------------------------------------


async def test_the_next_calls_fail_with_nothing_done(gateway):
    gateway.faults.fail_next(RetryableError("slow down"), times=2)
    for _ in range(2):
        with pytest.raises(RetryableError, match="slow down"):
            await gateway.send(TO_ROOM, says("hello"), "k1")
    assert gateway.messages() == ()
    await gateway.send(TO_ROOM, says("hello"), "k1")


async def test_an_answer_is_lost_after_the_message_was_stored(gateway):
    gateway.faults.lose_answers()
    with pytest.raises(UncertainError):
        await gateway.send(TO_ROOM, says("hello"), "k1")
    assert await gateway.find_sent(TO_ROOM, "k1") == gateway.messages()[0].ref


async def test_faults_wait_for_their_own_method(gateway):
    gateway.faults.lose_answers(on="find_sent")
    await gateway.send(TO_ROOM, says("hello"), "k1")
    with pytest.raises(UncertainError):
        await gateway.find_sent(TO_ROOM, "k1")


@pytest.mark.parametrize("after", [True, False])
async def test_a_call_may_never_be_answered(gateway, after):
    gateway.faults.never_answer(after=after)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(gateway.send(TO_ROOM, says("hello"), "k1"), 0.01)
    assert len(gateway.messages()) == after


async def test_while_it_is_down_it_does_nothing(gateway):
    gateway.faults.down = True
    with pytest.raises(RetryableError, match="down"):
        await gateway.send(TO_ROOM, says("hello"), "k1")
    gateway.faults.down = False
    await gateway.send(TO_ROOM, says("hello"), "k1")


async def test_between_storing_and_answering_a_test_may_step_in():
    seen: list[int] = []
    platform: FakeGateway = inhabited(FakeGateway(after_store=lambda: seen.append(len(platform.messages()))))
    await platform.send(TO_ROOM, says("hello"), "k1")
    assert seen == [1]
    platform.close()


# --- text ------------------------------------------------------------------------------------------------------------


def test_a_message_reads_as_plain_text():
    instant = datetime(2026, 12, 1, 12, tzinfo=UTC)
    message = Message(
        (
            Heading("Meeting"),
            Paragraph(("At ", LocalTime(instant), " with ", Mention("Ada"), " in ", ChannelLink("plenary"))),
            Quote((Strong("yes"),)),
            Note((Link("source", "https://example.org"),)),
            Items((("one",), ("two",))),
            Fields((("Place", ("online",)),)),
            Table(("When", "What"), ((("10:00",), ("Plenary",)),)),
            Buttons((Button("Yes", Call("rsvp")), Button("No", Call("rsvp")))),
            Select("Language", Call("speak"), (Option("en", "English"), Option("fr", "Français"))),
            File("data.json", "{}"),
        ),
        "en",
    )
    assert text_of(message).splitlines() == [
        "Meeting",
        "At 2026-12-01 12:00 UTC with Ada in plenary",
        "yes",
        "source",
        "- one",
        "- two",
        "Place: online",
        "When | What",
        "10:00 | Plenary",
        "[Yes]",
        "[No]",
        "Language: English / Français",
        "data.json",
    ]

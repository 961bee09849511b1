"""Members are reminded of what they ask for, at the moment they mean and no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.commands import PHRASES
from bot.duework import NewWork
from bot.features.reminders.model import LONGEST, MOST, PERSONAL, key, subject
from bot.features.reminders.reading import read_wish
from bot.features.reminders.specs import SPECS
from bot.i18n import in_every_language
from bot.messages import Buttons, Target
from bot.times.wall import local
from tests.sample import sample_chat

NAIROBI, HAITI, MEXICO = "s10", "s04", "s01"
LANGUAGES = {NAIROBI: "en", HAITI: "fr", MEXICO: "es"}
ZONES = {NAIROBI: "Africa/Nairobi", HAITI: "America/Port-au-Prince", MEXICO: "America/Mexico_City"}
TOMORROW = {NAIROBI: "tomorrow at 9:15 am", HAITI: "demain à 9h15", MEXICO: "mañana a las 9:15 de la mañana"}
IN_TWO_HOURS = {NAIROBI: "in two hours", HAITI: "dans deux heures", MEXICO: "dentro de dos horas"}
EVERYBODY = sorted(LANGUAGES)
LINK = "https://chat.example/message/1"
TEXT = "zyx: bring the tools"


@pytest.fixture
async def on_both(database_url):
    """The same assistant, once on each kind of database."""
    async with sample_chat(database_url) as opened:
        yield opened


def said(chat, who, msgid, **values):
    return chat.say_in(LANGUAGES[who], msgid).format(**values)


async def choose(chat, who, text=TEXT):
    """Choose “Remind me of this” in the menu of a message."""
    await chat.run(who, "remind", args={"text": text, "link": LINK, "author": "Somebody"})


def fields(chat):
    return {field.name: field for field in chat.gateway.forms[-1].form.fields}


async def fill(chat, who, **answers):
    labels = {field.name: field.label for field in chat.gateway.forms[-1].form.fields}
    await chat.fill(who, {labels[name]: value for name, value in answers.items()}, said(chat, who, "Save"))


async def ask(chat, who, when, text=TEXT):
    await choose(chat, who, text)
    await fill(chat, who, when=when)


async def waiting(chat, who):
    async with chat.uow_factory() as uow:
        member = await uow.members.by_user(chat.user(who))
        return await uow.work.waiting(member.id, (PERSONAL,))


async def change(chat, who, **changes):
    async with chat.uow_factory() as uow:
        member = await uow.members.by_user(chat.user(who))
        await uow.members.save(replace(member, **changes))
        await uow.commit()


def wall(chat, who, days=0):
    return local(chat.services.clock.now(), ZONES[who]).replace(tzinfo=None) + timedelta(days=days)


def buttons(chat, who):
    seen = chat.gateway.messages(chat.gateway.direct_line(chat.user(who)))
    return [b.label for block in seen[-1].message.blocks if isinstance(block, Buttons) for b in block.buttons]


# --- what is asked for comes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", EVERYBODY)
async def test_a_reminder_comes_at_its_moment_with_its_text_its_link_and_what_to_do_next(on_both, who):
    chat = on_both
    await ask(chat, who, IN_TWO_HOURS[who])
    (work,) = await waiting(chat, who)
    assert abs(work.due - chat.services.clock.now() - timedelta(hours=2)) < timedelta(minutes=1)
    heading = said(chat, who, "Your reminder")
    await chat.skip(minutes=118)
    assert heading not in await chat.shown(who)
    await chat.skip(minutes=3)
    assert TEXT in await chat.wait_for(who, heading)
    assert buttons(chat, who) == [said(chat, who, label) for label in ("In an hour", "Tomorrow", "Done")]
    sent = chat.gateway.messages(chat.gateway.direct_line(chat.user(who)))[-1]
    assert LINK in repr(sent.message)
    assert await waiting(chat, who) == ()


@pytest.mark.parametrize("who", EVERYBODY)
async def test_words_are_read_on_the_members_own_clock(chat, who):
    await ask(chat, who, TOMORROW[who])
    (work,) = await waiting(chat, who)
    there = local(work.due, ZONES[who])
    assert (there.date(), there.time()) == (wall(chat, who, days=1).date(), time(9, 15))


@pytest.mark.parametrize("who", EVERYBODY)
async def test_one_sentence_is_enough(chat, who):
    phrases = in_every_language(SPECS[0].phrases, PHRASES)[LANGUAGES[who]].split("|")
    phrase = next(phrase for phrase in phrases if phrase.endswith("{request}"))
    await chat.say(who, phrase.format(request=f"{TOMORROW[who]}: zyxwelding"))
    (work,) = await waiting(chat, who)
    assert work.payload["text"] == "zyxwelding"
    assert local(work.due, ZONES[who]).time() == time(9, 15)
    await chat.wait_for(who, "zyxwelding")


NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "request_", "text", "when"),
    [
        ("en", "tomorrow at 9 am to call Ama", "call Ama", "tomorrow at 9 am"),
        ("en", "to call Ama tomorrow at 9 am", "call Ama", "tomorrow at 9 am"),
        ("en", "about the report next Friday at noon", "the report", "next Friday at noon"),
        ("en", "to hand it over on the 3rd of December at 14:00", "hand it over", "on the 3rd of December at 14:00"),
        ("en", "of “the 3 pm report” on Friday at 15:00", "the 3 pm report", "on Friday at 15:00"),
        ("en", "on Friday at 15:00 of “the 3 pm report", "the 3 pm report", "on Friday at 15:00"),
        ("en", "to read “War and Peace” tomorrow at 9:00", "read “War and Peace”", "tomorrow at 9:00"),
        ("en", "to call at 9 am", "call", "at 9 am"),
        ("en", "to buy 3 apples in 20 minutes", "buy 3 apples", "in 20 minutes"),
        ("en", "in an hour", "", "in an hour"),
        ("en", "to call Ama", "call Ama", ""),
        ("en", "tomorrow to call Ama", "call Ama", "tomorrow"),
        ("fr", "demain à 9h : rappeler Ama", "rappeler Ama", "demain à 9h"),
        ("fr", "rappeler Ama dans deux heures", "rappeler Ama", "dans deux heures"),
        ("fr", "« le rapport de 15h » vendredi à 14h", "le rapport de 15h", "vendredi à 14h"),
        ("es", "llamar a Ama mañana a las 15:00", "llamar a Ama", "mañana a las 15:00"),
        ("es", "dentro de una hora: llamar a Ama", "llamar a Ama", "dentro de una hora"),
        # Two moments: which of them is meant, only the member knows.
        ("en", "at 9:00 to send what is due at 17:00", "at 9:00 to send what is due at 17:00", ""),
    ],
)
def test_what_and_when_are_told_apart(language, request_, text, when):
    wish = read_wish(request_, language=language, zone="Europe/Zurich", now=NOW)
    assert (wish.text, wish.when) == (text, when)


async def test_what_is_missing_is_asked_for_with_what_is_known(chat):
    await chat.say(NAIROBI, "remind me to call the school")
    assert (fields(chat)["text"].value, fields(chat)["when"].value) == ("call the school", "")
    await fill(chat, NAIROBI, when="in two hours")
    assert [work.payload["text"] for work in await waiting(chat, NAIROBI)] == ["call the school"]
    await chat.say(NAIROBI, "remind me tomorrow to call the ministry")
    assert (fields(chat)["text"].value, fields(chat)["when"].value) == ("call the ministry", "tomorrow")
    assert fields(chat)["when"].error.startswith("At what hour?")
    await chat.say(NAIROBI, "remind me")
    assert (fields(chat)["text"].value, fields(chat)["when"].value) == ("", "")


async def test_where_to_be_reminded_is_no_moment(chat):
    await chat.say(NAIROBI, "remind me on Slack")
    await chat.wait_for(NAIROBI, "I do not know you on Slack.")


async def test_quiet_hours_do_not_hold_back_what_was_asked_for_at_that_hour(chat):
    now = wall(chat, NAIROBI)
    quiet = {"quiet_start": (now - timedelta(hours=1)).time(), "quiet_end": (now + timedelta(hours=9)).time()}
    await change(chat, NAIROBI, **quiet)
    await ask(chat, NAIROBI, "in two hours")
    await chat.skip(minutes=121)
    await chat.wait_for(NAIROBI, "Your reminder")


async def test_who_wants_no_reminders_of_meetings_gets_those_they_ask_for(chat):
    await chat.say(NAIROBI, "stop reminders")
    await ask(chat, NAIROBI, "in two hours")
    await chat.skip(minutes=121)
    await chat.wait_for(NAIROBI, "Your reminder")


async def test_the_same_wish_twice_is_one_reminder(chat):
    await ask(chat, NAIROBI, "tomorrow at 9:15 am")
    await ask(chat, NAIROBI, "tomorrow at 9:15 am")
    assert len(await waiting(chat, NAIROBI)) == 1


# --- doubts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "words"), [(NAIROBI, "tomorrow at 9"), (MEXICO, "mañana a las 9")])
async def test_a_doubtful_moment_is_never_guessed(on_both, who, words):
    chat = on_both
    await ask(chat, who, words)
    assert await waiting(chat, who) == ()
    await chat.wait_for(who, said(chat, who, "That can mean the morning or the evening. Choose one."))
    morning, evening, _leave = buttons(chat, who)
    assert morning != evening
    await chat.press(who, evening)
    (work,) = await waiting(chat, who)
    assert local(work.due, ZONES[who]).time() == time(21)
    assert (work.payload["text"], work.payload["link"]) == (TEXT, LINK)


async def test_an_hour_that_comes_twice_has_a_button_for_each_time(chat):
    await change(chat, NAIROBI, zone="Europe/Zurich")
    await ask(chat, NAIROBI, "31 October 2021 at 2:30 am")
    await chat.wait_for(NAIROBI, "The clocks go back then, so that hour comes twice. Choose one.")
    first, second, _leave = buttons(chat, NAIROBI)
    assert first != second
    await chat.press(NAIROBI, second)
    (work,) = await waiting(chat, NAIROBI)
    assert work.due == datetime(2021, 10, 31, 1, 30, tzinfo=UTC)


async def test_a_moment_that_passes_while_somebody_chooses_is_asked_for_again(chat):
    await ask(chat, NAIROBI, "tomorrow at 9")
    first = buttons(chat, NAIROBI)[0]
    await chat.forward(48)
    await chat.press(NAIROBI, first)
    assert await waiting(chat, NAIROBI) == ()
    assert fields(chat)["when"].error == "That moment has passed. Write a day and an hour still to come."
    assert fields(chat)["text"].value == TEXT


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize(
    ("when", "msgid"),
    [
        ("", "Write a day and an hour, such as “tomorrow at 3 pm”."),
        ("1/1/2020 14:00", "That moment has passed. Write a day and an hour still to come."),
        ("zyx zyx", "I did not understand “{words}”. Write the day and the hour alone."),
        ("14:00 " + "x" * 500, "That is too long for a date: {length} characters. Write the day and the hour alone."),
    ],
)
async def test_what_is_no_moment_to_come_is_said_so_at_its_field(chat, who, when, msgid):
    await ask(chat, who, when)
    shown = fields(chat)
    assert shown["when"].error == said(chat, who, msgid, words="zyx zyx", length=506)
    assert shown["text"].value == TEXT
    assert await waiting(chat, who) == ()


async def test_what_to_be_reminded_of_is_asked_for_too_and_cannot_be_endless(chat):
    await choose(chat, NAIROBI)
    await fill(chat, NAIROBI, text=" \x00 ", when="in two hours")
    assert fields(chat)["text"].error == "Please write what I shall remind you of."
    await fill(chat, NAIROBI, text="x" * (LONGEST + 1), when="in two hours")
    assert "at most 1000" in fields(chat)["text"].error
    await choose(chat, NAIROBI, "y" * 5000)
    assert len(fields(chat)["text"].value) == LONGEST
    await choose(chat, NAIROBI, "")
    assert fields(chat)["text"].value == "A message from Somebody"
    await fill(chat, NAIROBI, text="zyx\x00\ud800", when="in two hours")
    assert [work.payload["text"] for work in await waiting(chat, NAIROBI)] == ["zyx"]


# --- the zone --------------------------------------------------------------------------------------------------------


async def test_without_a_zone_the_zone_is_asked_for_and_nothing_is_lost(on_both):
    chat = on_both
    await change(chat, NAIROBI, zone=None)
    await chat.say(NAIROBI, "remind me tomorrow at 9:15 am to call the school")
    shown = fields(chat)
    assert (shown["text"].value, shown["when"].value) == ("call the school", "tomorrow at 9:15 am")
    await fill(chat, NAIROBI, zone="Atlantis-sur-Mer")
    assert "I do not know the place or zone “Atlantis-sur-Mer”." in fields(chat)["zone"].error
    assert fields(chat)["text"].value == "call the school"
    await fill(chat, NAIROBI, zone="Lima")
    (work,) = await waiting(chat, NAIROBI)
    assert local(work.due, "America/Lima").time() == time(9, 15)
    async with chat.uow_factory() as uow:
        assert (await uow.members.by_user(chat.user(NAIROBI))).zone == "America/Lima"


async def test_a_place_that_is_several_is_asked_about(chat):
    await change(chat, NAIROBI, zone=None)
    await choose(chat, NAIROBI)
    await fill(chat, NAIROBI, when="tomorrow at 9:15 am", zone="Niarobi")
    await chat.wait_for(NAIROBI, "Which of these do you mean?")
    assert await waiting(chat, NAIROBI) == ()
    await chat.press(NAIROBI, "Nairobi")
    (work,) = await waiting(chat, NAIROBI)
    assert local(work.due, "Africa/Nairobi").time() == time(9, 15)


# --- afterwards ------------------------------------------------------------------------------------------------------


async def reminded(chat, who=NAIROBI):
    await ask(chat, who, TOMORROW[who])
    (work,) = await waiting(chat, who)
    await chat.skip(minutes=(work.due - chat.services.clock.now()) / timedelta(minutes=1) + 1)
    await chat.wait_for(who, said(chat, who, "Your reminder"))
    return work


@pytest.mark.parametrize("who", EVERYBODY)
async def test_it_can_be_put_off_and_the_last_wish_counts(on_both, who):
    chat = on_both
    first = await reminded(chat, who)
    await chat.press(who, said(chat, who, "In an hour"))
    (work,) = await waiting(chat, who)
    assert abs(work.due - chat.services.clock.now() - timedelta(hours=1)) < timedelta(minutes=1)
    await chat.press(who, said(chat, who, "Tomorrow"))
    (work,) = await waiting(chat, who)
    assert work.due == first.due + timedelta(days=1)
    await chat.forward(24)
    assert (await chat.shown(who)).count(said(chat, who, "Your reminder")) == 2
    assert TEXT in await chat.wait_for(who, said(chat, who, "Your reminder"))


async def test_tomorrow_is_the_same_hour_on_the_clock_also_when_the_clocks_change(chat):
    await change(chat, NAIROBI, zone="Europe/Zurich")
    await chat.say(NAIROBI, "remind me on 27 March 2021 at 9:15 am to zyx")
    (first,) = await waiting(chat, NAIROBI)
    await chat.skip(minutes=(first.due - chat.services.clock.now()) / timedelta(minutes=1) + 1)
    await chat.press(NAIROBI, "Tomorrow")
    (work,) = await waiting(chat, NAIROBI)
    assert work.due - first.due == timedelta(hours=23)
    assert local(work.due, "Europe/Zurich").time() == time(9, 15)


async def test_done_is_done(chat):
    await reminded(chat)
    await chat.press(NAIROBI, "In an hour")
    await chat.press(NAIROBI, "Done")
    await chat.wait_for(NAIROBI, f"Done: {TEXT}")
    assert await waiting(chat, NAIROBI) == ()


@pytest.mark.parametrize("who", EVERYBODY)
async def test_what_waits_is_listed_and_can_be_deleted(on_both, who):
    chat = on_both
    await chat.run(who, "reminders")
    await chat.wait_for(who, said(chat, who, "You have no reminder waiting."))
    await ask(chat, who, TOMORROW[who], "second")
    await ask(chat, who, IN_TWO_HOURS[who], "first")
    await chat.run(who, "reminders")
    shown = (await chat.shown(who)).rpartition(chat.say_in(LANGUAGES[who], "My reminders"))[2]
    assert shown.index("first") < shown.rindex("second")
    pressed = chat.action_id(who, said(chat, who, "Delete"))
    await chat.press_id(who, pressed)
    await chat.wait_for(who, said(chat, who, "The reminder is deleted."))
    assert [work.payload["text"] for work in await waiting(chat, who)] == ["first"]
    await chat.press_id(who, pressed)
    await chat.wait_for(who, said(chat, who, "That reminder waits no more: it was sent or deleted."))
    async with chat.uow_factory() as uow:
        member = await uow.members.by_user(chat.user(who))
        kept = await uow.personal.export("due_work", member.id)
    assert "second" not in repr([row["payload"] for row in kept])


async def test_there_is_a_limit_and_a_way_to_see_them_all(chat):
    async with chat.uow_factory() as uow:
        member = await uow.members.by_user(chat.user(NAIROBI))
        for number in range(MOST):
            due = chat.services.clock.now() + timedelta(hours=number + 1)
            names = key(f"r{number}", 1), subject(f"r{number}")
            target = Target(user=chat.user(NAIROBI))
            await uow.work.plan(
                NewWork(PERSONAL, names[0], due, {"text": f"zyx {number} " + "x" * 900}, target, member.id, names[1])
            )
        await uow.commit()
    await ask(chat, NAIROBI, "in 100 hours")
    await chat.wait_for(NAIROBI, "50 reminders are waiting for you, and I keep no more.")
    await chat.say(NAIROBI, "my reminders")
    assert "zyx 7" in await chat.wait_for(NAIROBI, "50 reminders are waiting")
    await chat.press(NAIROBI, "Show the next ones")
    assert "zyx 8" in await chat.wait_for(NAIROBI, "50 reminders are waiting")
    await chat.press(NAIROBI, "Delete")
    await ask(chat, NAIROBI, "in 100 hours")
    assert len(await waiting(chat, NAIROBI)) == MOST


# --- whose they are --------------------------------------------------------------------------------------------------


async def test_nobody_else_touches_a_reminder(chat):
    await ask(chat, NAIROBI, "in two hours")
    deleting = chat.action_id(NAIROBI, "Delete")
    await chat.press_id(HAITI, deleting)
    await chat.wait_for(HAITI, said(chat, HAITI, "This button belongs to somebody else. Please ask for your own."))
    (work,) = await waiting(chat, NAIROBI)
    made_up = {"reminder": work.subject.partition(":")[2]}
    await chat.know("reminders.done", made_up)
    await chat.press_id(HAITI, chat.call_id("reminders.done", made_up))
    gone = "That reminder is no longer there. Write “my reminders” to see what is waiting."
    await chat.wait_for(HAITI, said(chat, HAITI, gone))
    assert len(await waiting(chat, NAIROBI)) == 1


async def test_reminders_are_exported_and_erased_with_their_member(on_both):
    chat = on_both
    await ask(chat, NAIROBI, "tomorrow at 9")  # the buttons to choose from hold the text too
    await ask(chat, NAIROBI, "in two hours")
    async with chat.uow_factory() as uow:
        member = await uow.members.by_user(chat.user(NAIROBI))
        assert TEXT in repr(await uow.personal.export("due_work", member.id))
        assert TEXT in repr(await uow.personal.export("action", member.id))
    await chat.say(NAIROBI, "forget me")
    await chat.press(NAIROBI, "Forget me")
    before = (await chat.shown(NAIROBI)).count(TEXT)
    async with chat.uow_factory() as uow:
        assert await uow.personal.export("action", member.id) == []
        assert await uow.personal.export("due_work", member.id) == []
    await chat.forward(3)
    assert (await chat.shown(NAIROBI)).count(TEXT) == before


async def test_it_is_sent_where_the_member_wants_to_be_written_to(chat):
    await ask(chat, NAIROBI, "in two hours")
    (work,) = await waiting(chat, NAIROBI)
    assert work.target.user == chat.user(NAIROBI)
    assert work.target.channel is None

"""Somebody's own page: what is coming in their own time, what is kept of them; for organizers what waits for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from adapters.tryit import community
from adapters.tryit.gateway import channel_ref
from bot.duework import NewWork
from bot.errors import PermanentError
from bot.features.deliveries.model import ANNOUNCED
from bot.features.meetings.model import Meeting, PlaceAudience
from bot.features.meetings.scheduling import create
from bot.features.members.handlers import WELCOME
from bot.features.questions.model import Question
from bot.messages import Items, Target
from tests.feature.two_platforms import on_discord, on_slack, two_platforms

GENEVA, NAIROBI, LIMA, MANILA, NEWCOMER = (
    "s08",
    "s10",
    "s02",
    "s13",
    next(p.user for p in community.people() if p.newcomer),
)
PLACE = "https://meet.example/skills-core-group"


async def test_it_shows_the_next_meeting_in_the_members_own_time_and_what_they_answered(chat):
    page = await chat.open_home(MANILA)
    assert "1st Meeting of the ILO Skills Innovation Network Core Group" in page
    assert "November 19, 2020, 9:00" in page
    assert "You have not said yet whether you come." in page
    assert PLACE not in page
    await chat.press_home(MANILA, "I am going")
    page = await chat.open_home(MANILA)
    assert "Your answer: going" in page
    assert PLACE in page
    await chat.press_home(MANILA, "I cannot come")
    assert "Your answer: not going" in await chat.open_home(MANILA)


async def test_it_shows_languages_zone_quiet_hours_and_a_way_to_change_them(chat):
    async with chat.uow_factory() as uow:
        member = await uow.members.get(NAIROBI)
        await uow.members.save(replace(member, quiet_start=time(22), quiet_end=time(7), reminders=False))
        await uow.commit()
    page = await chat.open_home(NAIROBI)
    for line in ("Time zone: Nairobi time (UTC+3)", "Quiet hours: 22:00–07:00", "Direct reminders: Reminders off"):
        assert line in page
    assert "Languages: English" in page
    await chat.press_home(NAIROBI, "Change")
    assert chat.gateway.forms[-1].form.title == "Your languages and time zone"


async def test_it_is_an_answer_in_the_chat_too_in_every_language(chat):
    await chat.say(NAIROBI, "my page")
    await chat.wait_for(NAIROBI, "Your next meetings")
    await chat.run(LIMA, "home")
    await chat.wait_for(LIMA, chat.say_in("es", "Your next meetings"))


async def test_a_newcomer_sees_what_is_not_told_yet_and_the_privacy_notice(chat):
    page = await chat.open_home(NEWCOMER)
    language = chat.gateway.homes[chat.user(NEWCOMER)].language
    assert page.count(chat.say_in(language, "not told yet")) == 2
    assert chat.say_in(language, "About your privacy:") in page
    async with chat.uow_factory() as uow:
        member = await uow.members.by_user(chat.user(NEWCOMER))
    assert member.noticed_at is not None


async def test_only_ones_own_open_questions_are_shown(chat):
    async with chat.uow_factory() as uow:
        for number, who in enumerate((NAIROBI, NAIROBI, NAIROBI, NAIROBI, LIMA)):
            at = chat.services.clock.now() + timedelta(minutes=number)
            await uow.questions.save(Question(f"q{number}", who, f"Question {number}?", "en", at))
        await uow.commit()
    page = await chat.open_home(NAIROBI)
    assert [f"Question {number}?" in page for number in range(5)] == [True, True, True, False, False]
    assert "and 1 more" in page
    assert "Question" not in (await chat.open_home("s03")).replace("Questions", "")


async def test_only_organizers_find_a_desk(chat):
    assert "For organizers" not in await chat.open_home(NAIROBI)
    page = await chat.open_home(GENEVA)
    assert "For organizers" in page
    assert "Your drafts: 0" in page
    assert "Failed in the last seven days: 0" in page


async def test_an_organizers_draft_can_be_taken_up_again(chat):
    await chat.say(GENEVA, community.next_agenda_text())
    page = await chat.open_home(GENEVA)
    assert "Your drafts: 1" in page
    before = await chat.shown(GENEVA)
    label = next(line for line in page.splitlines() if line.startswith("[Draft: "))[1:-1]
    await chat.press_home(GENEVA, label)
    assert "Draft: 2nd Meeting" in (await chat.shown(GENEVA))[len(before) :]


async def test_failed_deliveries_are_counted_and_the_latest_shown_with_their_reasons(chat):
    chat.gateway.faults.fail_next(PermanentError("the channel is archived"), times=4)
    async with chat.uow_factory() as uow:
        for number in range(4):
            key = f"announced:{number}"
            occurrence = (await uow.meetings.occurrences(ends_after=chat.services.clock.now(), limit=1))[0]
            payload = {"occurrence": occurrence.id, "room": "plenary"}
            target = Target(channel=channel_ref("plenary"))
            await uow.work.plan(NewWork(ANNOUNCED, key, chat.services.clock.now(), payload, target))
        await uow.commit()
    await chat.settle()
    page = await chat.open_home(GENEVA)
    assert "Failed in the last seven days: 4" in page
    assert page.count("the announcement of a meeting – the platform refuses it") == 3
    await chat.forward(24 * 8)
    assert "Failed in the last seven days: 0" in await chat.open_home(GENEVA)


async def test_it_says_when_sending_is_behind(chat):
    await chat.settle()
    assert "Sending is behind" not in await chat.open_home(GENEVA)
    now = chat.services.clock.now()
    async with chat.uow_factory() as uow:
        await uow.work.plan(NewWork(WELCOME, "old", now - timedelta(hours=2), target=Target(user=chat.user(NAIROBI))))
        await uow.commit()
    assert "Sending is behind: something has been due since" in await chat.open_home(GENEVA, settle=False)


async def test_it_keeps_within_the_platforms_limits_whatever_there_is_to_show(chat):
    long = "word " * 400
    async with chat.uow_factory() as uow:
        now = chat.services.clock.now()
        for number in range(5):
            starts = datetime(2020, 11, 18, 12, number)  # noqa: DTZ001 - a wall time
            place = "https://meet.example/" + "x" * 179
            audience = PlaceAudience.MEMBERS
            meeting = Meeting(f"m{number}", long, starts, "UTC", 60, None, None, place, audience)
            await create(uow, meeting, [], now)
            await uow.questions.save(Question(f"q{number}", GENEVA, long, "en", now))
        await uow.commit()
    for _time in range(6):
        await chat.say(GENEVA, "Long " + community.next_agenda_text())
    page = await chat.open_home(GENEVA)  # the fake platform refuses what is too long
    assert "word…" in page
    message = chat.gateway.homes[chat.user(GENEVA)]
    assert len(message.blocks) <= 100
    assert all(len(block.items) <= 5 for block in message.blocks if isinstance(block, Items))


async def test_where_there_are_no_pages_it_is_a_plain_answer(sqlite_url):
    async with two_platforms(sqlite_url) as platforms:
        await platforms.say(on_discord("ama"), "my page")
        assert "Accounts: Discordish" in platforms.last(on_discord("ama"))
        await platforms.link(on_discord("ama"), on_slack("s10"))
        page = await platforms.say(on_slack("s10"), "my page")
        assert "Accounts: " in page
        assert "Discordish" in page
        assert "Slackish" in page

"""Deliveries that fail, are late, or were computed with old time zone data: never silent, never wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.duework import NewWork
from bot.errors import PermanentError
from bot.features.deliveries.model import REMINDER, Audience, ReminderRule
from bot.features.deliveries.planning import DEFAULT_RULES, Recipients, due_at, plan_occurrence
from bot.features.deliveries.replies import reminder
from bot.features.meetings.model import Meeting, Occurrence, OccurrenceState
from bot.features.meetings.scheduling import recompute
from bot.features.members.model import Member
from bot.features.rooms.model import Purpose, Room
from bot.messages import ChannelRef, Target, UserRef
from bot.times.wall import WallTime, local, resolve
from tests.scenario.fake_chat import FakeChat

MEMBER, ORGANIZERS = "s10", ("s08", "s02", "s06")


async def test_a_refused_message_is_reported_to_every_organizer_in_their_language(chat):
    chat.gateway.faults.fail_next(PermanentError("closed"), times=1, on="send")
    async with chat.uow_factory() as uow:
        await uow.work.plan(
            NewWork("members.welcome", "refused", chat.services.clock.now(), {}, Target(user=chat.user("s17")), MEMBER)
        )
        member = await uow.members.get(MEMBER)
        await uow.members.save(replace(member, welcomed_at=None))
        await uow.commit()
    await chat.settle()
    for who, language in zip(ORGANIZERS, ("en", "es", "fr"), strict=True):
        await chat.wait_for(who, chat.say_in(language, "A message could not be delivered"))
        await chat.wait_for(who, chat.say_in(language, "the platform refuses it"))
        await chat.wait_for(who, "Nairobi")


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(0), "The meeting has begun."),
        (timedelta(seconds=20), "in 1 minute"),
        (timedelta(minutes=40), "in 40 minutes"),
        (timedelta(minutes=59, seconds=59), "in 1 hour"),
        (timedelta(minutes=100), "in 100 minutes"),
        (timedelta(hours=3, minutes=20), "in 3 hours"),
        (timedelta(days=1), "in 1 day"),
        (timedelta(hours=25), "in 25 hours"),
        (timedelta(days=7), "in 1 week"),
    ],
)
def test_how_long_until_then_is_said_as_people_would(left, words):
    meeting = Meeting("m", "Meeting", datetime(2026, 1, 1), "UTC", 60, None)  # noqa: DTZ001 - a wall time
    occurrence = occurrence_at(meeting)
    message = reminder(meeting, occurrence, occurrence.starts_utc - left, show_place=False)
    assert words in str(message.blocks[1])


async def test_a_report_that_fails_is_not_reported_again(chat):
    chat.gateway.faults.fail_next(PermanentError("closed"), times=50, on="send")
    await chat.to_next_reminder()
    async with chat.uow_factory() as uow:
        assert await uow.work.next_due() is not None
    assert all("could not" not in sent.key for sent in chat.gateway.messages())


@pytest.fixture
async def outdated(chat: FakeChat):
    """The sample's meeting, computed an hour off with older time zone data."""
    async with chat.uow_factory() as uow:
        occurrence = (await uow.meetings.occurrences(ends_after=chat.services.clock.now(), limit=1))[0]
        wrong = replace(occurrence, starts_utc=occurrence.starts_utc + timedelta(hours=1), tzdata_version="2019a")
        await uow.meetings.save_occurrence(wrong)
        await uow.commit()
    return occurrence


async def test_new_time_zone_data_moves_what_it_changes_and_says_so(chat, outdated):
    await chat.to_next_reminder()
    async with chat.uow_factory() as uow:
        assert await recompute(uow, chat.services.clock.now()) == 1
        await uow.commit()
    await chat.settle()
    async with chat.uow_factory() as uow:
        mended = await uow.meetings.occurrence(outdated.id)
        assert await recompute(uow, chat.services.clock.now()) == 0
    assert (mended.starts_utc, mended.version) == (outdated.starts_utc, 2)
    await chat.wait_for(MEMBER, "New time: 1st Meeting")


async def test_new_time_zone_data_that_changes_nothing_is_only_noted(chat, outdated):
    async with chat.uow_factory() as uow:
        await uow.meetings.save_occurrence(replace(outdated, tzdata_version="2019a"))
        assert await recompute(uow, chat.services.clock.now()) == 0
        assert (await uow.meetings.occurrence(outdated.id)).tzdata_version != "2019a"


async def test_a_meeting_moved_by_hand_stays_where_it_was_put(chat, outdated):
    async with chat.uow_factory() as uow:
        await uow.meetings.save_occurrence(replace(outdated, version=2, tzdata_version="2019a"))
        assert await recompute(uow, chat.services.clock.now()) == 0


# --- planning is pure: properties -----------------------------------------------------------------------------------

ZONES = ("Europe/Zurich", "America/Lima", "Asia/Kathmandu", "Pacific/Apia", "America/New_York", "UTC+01:00")
RULES = tuple(
    ReminderRule(f"m-{n}", "m", audience, lead, useful) for n, (audience, lead, useful) in enumerate(DEFAULT_RULES)
)
ROOMS = (
    Room("news", "news", Purpose.ANNOUNCEMENTS, "en", (ChannelRef("fake", "w", "news"), ChannelRef("other", "v", "1"))),
    Room("en", "English", Purpose.LANGUAGE, "en", (ChannelRef("fake", "w", "en"),)),
    Room("fr", "Français", Purpose.LANGUAGE, "fr", (ChannelRef("fake", "w", "fr"),)),
    Room("all", "plenary", Purpose.PLENARY, "es", (ChannelRef("fake", "w", "all"),)),
)


def occurrence_at(meeting: Meeting) -> Occurrence:
    starts = resolve(WallTime(meeting.starts_local, meeting.zone)).utc
    return Occurrence("o", "m", meeting.starts_local, starts, starts + timedelta(hours=1), "x")


@st.composite
def plans(draw):
    """A meeting, its occurrence, recipients and a moment of planning."""
    wall = draw(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)))  # noqa: DTZ001 - a wall time
    meeting = Meeting("m", "Meeting", wall.replace(second=0, microsecond=0), draw(st.sampled_from(ZONES)), 60, None)
    hours = st.one_of(st.none(), st.times())
    members = tuple(
        (
            Member(
                f"m{n}",
                "Sample",
                now_of(meeting),
                zone=draw(st.sampled_from(ZONES)),
                quiet_start=draw(hours),
                quiet_end=draw(hours),
            ),
            UserRef("fake", "w", f"u{n}"),
        )
        for n in range(draw(st.integers(0, 4)))
    )
    occurrence = occurrence_at(meeting)
    now = occurrence.starts_utc - draw(st.timedeltas(timedelta(hours=-2), timedelta(days=5)))
    return meeting, occurrence, Recipients(ROOMS, members), now


def now_of(meeting: Meeting) -> datetime:
    return meeting.starts_local.replace(tzinfo=UTC)


@given(plans())
def test_planning_is_idempotent_and_its_keys_are_one_for_each_rule_and_recipient(plan):
    meeting, occurrence, to, now = plan
    planned = plan_occurrence(meeting, occurrence, RULES, to, now)
    assert planned == plan_occurrence(meeting, occurrence, RULES, to, now)
    assert len({work.key for work in planned}) == len(planned)


@given(plans())
def test_everything_planned_lies_ahead_and_is_useful_when_due(plan):
    meeting, occurrence, to, now = plan
    for work in plan_occurrence(meeting, occurrence, RULES, to, now):
        assert work.useful_until is not None
        assert now <= work.due <= work.useful_until
        assert work.kind == REMINDER


@given(plans())
def test_a_day_before_is_the_same_wall_clock_hour(plan):
    meeting, occurrence, _to, _now = plan
    rule = RULES[0]
    due = local(due_at(rule, meeting, occurrence), meeting.zone)
    start = local(occurrence.starts_utc, meeting.zone)
    assert resolve(WallTime(start.replace(tzinfo=None) - timedelta(days=1), meeting.zone)).utc == due.astimezone(UTC)


@given(plans())
def test_a_room_of_a_language_is_told_once_and_the_plenary_never(plan):
    meeting, occurrence, to, now = plan
    rooms = [w.target.channel for w in plan_occurrence(meeting, occurrence, RULES[:1], to, now)]
    assert rooms in ([], [*ROOMS[0].channels, *ROOMS[2].channels])


@given(plans())
def test_moving_makes_fresh_keys_and_a_cancelled_date_has_none(plan):
    meeting, occurrence, to, now = plan
    before = {w.key for w in plan_occurrence(meeting, occurrence, RULES, to, now)}
    moved = replace(occurrence, version=2, starts_utc=occurrence.starts_utc + timedelta(days=1))
    assert before.isdisjoint(w.key for w in plan_occurrence(meeting, moved, RULES, to, now))
    cancelled = replace(occurrence, state=OccurrenceState.CANCELLED)
    assert plan_occurrence(meeting, cancelled, RULES, to, now) == []


def test_the_default_rules_speak_to_rooms_and_to_members():
    assert {audience for audience, _lead, _useful in DEFAULT_RULES} == set(Audience)

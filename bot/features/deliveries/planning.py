"""What has to be told about an occurrence, to whom and when: pure planning, then rows.

Planning is idempotent: each row has a key made of the rule, the occurrence (with its version) and the recipient, so
planning again changes nothing, and moving an occurrence makes a fresh set.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.duework import NewWork
from bot.features.deliveries.model import ANNOUNCED, REMINDER, Audience, ReminderRule
from bot.features.meetings.model import Meeting, Occurrence, OccurrenceState
from bot.features.members.model import Member
from bot.features.rooms.model import Purpose, Room
from bot.messages import ChannelRef, Target, UserRef
from bot.ports import UnitOfWork
from bot.times.wall import WallTime, local, next_waking, subtract_lead

DEFAULT_RULES = (
    (Audience.ROOMS, "P1D", -60),
    (Audience.ROOMS, "PT10M", 5),
    (Audience.DIRECT, "P1D", -60),
    (Audience.DIRECT, "PT1H", -5),
)
"""Audience, lead, and until when it is useful in minutes from the start."""


@dataclass(frozen=True, slots=True)
class Recipients:
    """Everybody who could be told: the rooms, and the members with the account they are written to."""

    rooms: tuple[Room, ...]
    members: tuple[tuple[Member, UserRef], ...]


async def recipients(uow: UnitOfWork) -> Recipients:
    """Return everybody who could be told, as of now."""
    return Recipients(await uow.rooms.all(), await uow.members.reachable())


def subject(occurrence: Occurrence) -> str:
    """Return the name under which all work about an occurrence is found."""
    return f"occurrence:{occurrence.id}"


def due_at(rule: ReminderRule, meeting: Meeting, occurrence: Occurrence) -> datetime:
    """Return when a rule falls due: days are wall-clock days in the meeting's zone, hours and minutes elapsed time."""
    start = local(occurrence.starts_utc, meeting.zone).replace(tzinfo=None)
    return subtract_lead(WallTime(start, meeting.zone), rule.lead)


def plan_occurrence(
    meeting: Meeting, occurrence: Occurrence, rules: Sequence[ReminderRule], to: Recipients, now: datetime
) -> list[NewWork]:
    """Return the reminders of one occurrence that still lie ahead, each to its recipient."""
    if occurrence.state is OccurrenceState.CANCELLED:
        return []
    planned = []
    for rule in rules:
        due = due_at(rule, meeting, occurrence)
        if due < now:
            continue
        useful_until = occurrence.starts_utc + timedelta(minutes=rule.useful_minutes)
        if rule.audience is Audience.ROOMS:
            planned += [_to_room(rule, occurrence, due, useful_until, *pair) for pair in room_channels(to.rooms)]
        else:
            planned += [_to_member(rule, occurrence, due, useful_until, *pair) for pair in to.members]
    return planned


def room_channels(rooms: Iterable[Room]) -> list[tuple[Room, ChannelRef]]:
    """Return the channels where a whole room is told, each once.

    Announcements and the first room of each other language: members of two English rooms are told once.
    """
    found: list[tuple[Room, ChannelRef]] = []
    languages: set[str] = set()
    for room in sorted(rooms, key=lambda room: room.purpose is not Purpose.ANNOUNCEMENTS):
        if room.purpose is Purpose.PLENARY or room.language in languages:
            continue
        languages.add(room.language)
        found += [(room, channel) for channel in room.channels]
    return found


def _key(rule: ReminderRule, occurrence: Occurrence, recipient: str) -> str:
    moved = f":v{occurrence.version}" if occurrence.version > 1 else ""
    return f"reminder:{rule.id}:{occurrence.nominal_local:%Y%m%dT%H%M}:{recipient}{moved}"


def _to_room(
    rule: ReminderRule, occurrence: Occurrence, due: datetime, useful_until: datetime, room: Room, channel: ChannelRef
) -> NewWork:
    return NewWork(
        REMINDER,
        _key(rule, occurrence, f"{channel.platform}:{channel.workspace}:{channel.channel}"),
        due,
        {"rule": rule.id, "occurrence": occurrence.id, "room": room.id},
        Target(channel=channel),
        subject=subject(occurrence),
        useful_until=useful_until,
        version=occurrence.version,
    )


def _to_member(
    rule: ReminderRule, occurrence: Occurrence, due: datetime, useful_until: datetime, member: Member, user: UserRef
) -> NewWork:
    if member.zone:
        awake = next_waking(due, member.zone, member.quiet_start, member.quiet_end)
        due = awake if awake < useful_until else due
    return NewWork(
        REMINDER,
        _key(rule, occurrence, f"member:{member.id}"),
        due,
        {"rule": rule.id, "occurrence": occurrence.id},
        Target(user=user),
        member.id,
        subject(occurrence),
        useful_until,
        occurrence.version,
    )


async def plan_reminders(uow: UnitOfWork, meeting: Meeting, occurrence: Occurrence, now: datetime) -> None:
    """Write the reminders of one occurrence."""
    rules = await uow.meetings.rules(meeting.id)
    await uow.work.plan_many(plan_occurrence(meeting, occurrence, rules, await recipients(uow), now))


async def plan_for_member(uow: UnitOfWork, member: Member, now: datetime) -> None:
    """Write (or write anew, after a change of zone or quiet hours) one member's reminders of what lies ahead."""
    user = await uow.members.account(member.id)
    only = Recipients((), ((member, user),) if user else ())
    for occurrence in await uow.meetings.occurrences(ends_after=now, limit=100):
        meeting = await uow.meetings.get(occurrence.meeting_id)
        if meeting is not None:
            rules = await uow.meetings.rules(meeting.id)
            await uow.work.plan_many(plan_occurrence(meeting, occurrence, rules, only, now))


async def plan_for_rooms(uow: UnitOfWork, now: datetime) -> None:
    """Write the reminders of what lies ahead for the rooms as they are now; those that are there stay."""
    only = Recipients(await uow.rooms.all(), ())
    for occurrence in await uow.meetings.occurrences(ends_after=now, limit=100):
        meeting = await uow.meetings.get(occurrence.meeting_id)
        if meeting is not None:
            rules = await uow.meetings.rules(meeting.id)
            await uow.work.plan_many(plan_occurrence(meeting, occurrence, rules, only, now))


async def plan_announcement(uow: UnitOfWork, occurrence: Occurrence, now: datetime) -> None:
    """Write the announcement of a new meeting in the rooms."""
    for room, channel in room_channels(await uow.rooms.all()):
        await uow.work.plan(
            NewWork(
                ANNOUNCED,
                f"announced:{occurrence.id}:{channel.platform}:{channel.workspace}:{channel.channel}",
                now,
                {"occurrence": occurrence.id, "room": room.id},
                Target(channel=channel),
                subject=subject(occurrence),
                useful_until=occurrence.starts_utc,
                version=occurrence.version,
            )
        )

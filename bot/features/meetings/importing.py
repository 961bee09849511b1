"""Bringing meetings from files into the community: what would happen, and the meetings with all their dates.

A meeting that is here already is never changed by a file: people know of it, and must be told by whoever changes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.errors import Conflict, InvalidInput
from bot.features.breakouts.planning import plan_placement
from bot.features.calendars.planning import plan_events
from bot.features.deliveries.planning import plan_announcement, plan_reminders
from bot.features.meetings.agenda import read_agenda
from bot.features.meetings.calendarevents import Planned
from bot.features.meetings.drafting import Doubt, Proposal, propose
from bot.features.meetings.model import AgendaItem, Draft, Meeting, Occurrence, OccurrenceState
from bot.features.meetings.scheduling import create
from bot.ports import UnitOfWork
from bot.times.tzdata import tzdata_version
from bot.times.wall import WallTime, resolve

ANSWERS = {
    Doubt.NO_DATE: "It has no date that can be read. Say it with --date, such as --date 2026-11-19.",
    Doubt.PAST: "It is over already. Say the right day with --date, such as --date 2026-11-19.",
    Doubt.NO_ZONE: "It names no time zone that is certain. Say it with --zone, such as --zone Europe/Zurich.",
    Doubt.WHICH_ZONE: (
        "It repeats across a clock change, and its zone can be read in two ways. "
        "Say with --zone which one: {fixed} or {place_zone}."
    ),
}


@dataclass(frozen=True, slots=True)
class CalendarPlan:
    """What an import would add; ``same`` are here already, and so are ``differing``, but otherwise."""

    new: tuple[Planned, ...]
    same: int
    differing: tuple[Meeting, ...]


def plan_calendar(read: Sequence[Planned], here: Sequence[Meeting]) -> CalendarPlan:
    """Return which meetings of a calendar are new; they are told apart by their UID."""
    known = {meeting.id: meeting for meeting in here}
    new = tuple(each for each in read if each.meeting.id not in known)
    there = [each.meeting for each in read if each.meeting.id in known]
    differing = tuple(meeting for meeting in there if _told(meeting) != _told(known[meeting.id]))
    return CalendarPlan(new, len(there) - len(differing), differing)


def _told(meeting: Meeting) -> tuple[object, ...]:
    """Return what a calendar tells of a meeting; a series may have been taken over from a later date on."""
    starts = meeting.starts_local.time() if meeting.rrule else meeting.starts_local
    return (meeting.title, starts, meeting.zone, meeting.minutes, meeting.rrule, meeting.place, meeting.background)


async def add_meetings(uow: UnitOfWork, new: Sequence[Planned], now: datetime, progress: Callable[[int], None]) -> None:
    """Write meetings with their agendas, dates and reminders; nobody is told at once. The caller commits."""
    for planned in new:
        await uow.meetings.save(planned.meeting)
        special = _special(planned)
        for occurrence in special:
            await uow.meetings.save_occurrence(occurrence)
        await create(uow, planned.meeting, planned.items, now)
        items = await uow.meetings.agenda(planned.meeting.id)
        for occurrence in special:
            if occurrence.state is OccurrenceState.SCHEDULED:
                await plan_reminders(uow, planned.meeting, occurrence, now)
                await plan_placement(uow, occurrence, items, now)
                await plan_events(uow, occurrence, now)
        progress(1)


def _special(planned: Planned) -> list[Occurrence]:
    """Return the dates that the rule alone does not tell: moved ones, added ones, and those that fall out."""
    meeting = planned.meeting
    lasts = timedelta(minutes=meeting.minutes)
    found: dict[datetime, Occurrence] = {}
    for nominal in (*planned.added, *planned.cancelled):
        starts = resolve(WallTime(nominal, meeting.zone)).utc
        found[nominal] = _occurrence(meeting, nominal, starts, starts + lasts)
    for nominal in planned.cancelled:
        found[nominal] = replace(found[nominal], state=OccurrenceState.CANCELLED)
    for moved in planned.moved:
        occurrence = _occurrence(meeting, moved.nominal_local, moved.starts_utc, moved.ends_utc)
        found[moved.nominal_local] = replace(occurrence, version=2)
    return list(found.values())


def _occurrence(meeting: Meeting, nominal: datetime, starts: datetime, ends: datetime) -> Occurrence:
    return Occurrence(f"{meeting.id}-{nominal:%Y%m%dT%H%M}", meeting.id, nominal, starts, ends, tzdata_version())


# --- agendas ---------------------------------------------------------------------------------------------------------


async def propose_agenda(uow: UnitOfWork, text: str, choices: dict[str, str], now: datetime) -> Proposal:
    """Return the meeting that an agenda amounts to. Raises InvalidInput where something is still open.

    An offset such as “GMT+1” is taken for a place of the community whose clock shows it; a zone is never guessed.
    """
    members = await uow.members.all()
    common = Counter(member.zone for member in members if member.zone)
    zones = sorted(common, key=lambda zone: (-common[zone], zone)) if read_agenda(text).zone_text else []
    proposal = propose(Draft("file", "", text, choices, now), zones, now)
    if not proposal.title:
        msg = "It has no title. Write one in its first line."
        raise InvalidInput(msg)
    for doubt in proposal.doubts:
        raise InvalidInput(ANSWERS[doubt], fixed=proposal.fixed, place_zone=proposal.place_zone)
    return proposal


async def is_here(uow: UnitOfWork, proposal: Proposal) -> bool:
    """Tell whether the meeting of an agenda is planned already. Raises Conflict when it is, with another agenda."""
    assert proposal.starts is not None  # noqa: S101 - propose_agenda refuses it otherwise
    starts = resolve(proposal.starts).utc
    for meeting in await uow.meetings.all():
        when = resolve(WallTime(meeting.starts_local, meeting.zone)).utc
        if meeting.title == proposal.title and when == starts:
            items = await uow.meetings.agenda(meeting.id)
            if _plain(items) != _plain(proposal.items) or meeting.rrule != proposal.rrule:
                msg = "“{title}” is planned for that time already, with another agenda. Change it in the chat."
                raise Conflict(msg, title=meeting.title)
            return True
    return False


def _plain(items: Sequence[AgendaItem]) -> list[AgendaItem]:
    return [replace(item, id="", meeting_id="") for item in items]


async def add_agenda(uow: UnitOfWork, meeting_id: str, proposal: Proposal, now: datetime) -> None:
    """Write the meeting of an agenda and announce it in the rooms, as if confirmed in the chat. The caller commits."""
    assert proposal.starts is not None  # noqa: S101 - propose_agenda refuses it otherwise
    meeting = Meeting(
        meeting_id,
        proposal.title,
        proposal.starts.local,
        proposal.starts.zone,
        proposal.minutes,
        None,
        proposal.rrule,
        proposal.place,
        proposal.place_audience,
        proposal.background,
    )
    first = await create(uow, meeting, proposal.items, now)
    if first is not None:
        await plan_announcement(uow, first, now)

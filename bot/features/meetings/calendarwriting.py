"""Meetings written as a calendar (RFC 5545) or as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import IO, Any

from icalendar import Calendar, Event, Timezone, vRecur

from bot.features.meetings.model import AgendaItem, Meeting, Occurrence, OccurrenceState
from bot.features.meetings.ownproperties import AGENDA, AUDIENCE, DOMAIN, agenda_property
from bot.tablefile import write_table
from bot.times.recurrence import expand
from bot.times.wall import WallTime, local, resolve
from bot.times.zones import tz

COLUMNS = (
    "id",
    "title",
    "starts",
    "zone",
    "minutes",
    "repeats",
    "next_utc",
    "state",
    "place",
    "place_for",
    "background",
)
ZONE_YEARS = 10
"""How many years of a zone's clock changes are written from a meeting's start, or from now, on."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A meeting with its agenda and every date of it that exists."""

    meeting: Meeting
    items: tuple[AgendaItem, ...]
    occurrences: tuple[Occurrence, ...]


def write_calendar(meetings: Sequence[Whole], now: datetime) -> str:
    """Return meetings as one calendar, each in its own zone, with the zones' rules."""
    calendar = Calendar()
    calendar.add("PRODID", "-//Connections//Meetings//EN")
    calendar.add("VERSION", "2.0")
    for zone in sorted({whole.meeting.zone for whole in meetings} - {"UTC"}):
        starts = min(whole.meeting.starts_local.date() for whole in meetings if whole.meeting.zone == zone)
        calendar.add_component(_timezone(zone, starts, now.date()))
    for whole in meetings:
        for event in _events(whole, now):
            calendar.add_component(event)
    return str(calendar.to_ical(), "utf-8")


def _timezone(zone: str, starts: date, today: date) -> Timezone:
    first = date(starts.year - 1, 1, 1)
    last = date(max(starts, today).year + ZONE_YEARS, 1, 1)
    part = Timezone.from_tzinfo(tz(zone), zone, first_date=first, last_date=last)
    for change in part.subcomponents:
        _mend_onsets(change)
    return part


def _mend_onsets(change: Any) -> None:
    """Write the onsets by the clock before the change (RFC 5545, 3.6.5); the library writes them after a gap."""
    gap = change["TZOFFSETTO"].td - change["TZOFFSETFROM"].td
    if gap > timedelta():
        later = change["RDATE"].dts if "RDATE" in change else ()
        for onset in (change["DTSTART"], *later):
            onset.dt -= gap


def _events(whole: Whole, now: datetime) -> Iterator[Event]:
    meeting = whole.meeting
    only = whole.occurrences[0] if len(whole.occurrences) == 1 and not meeting.rrule else None
    starts = _local(only.starts_utc, meeting) if only else meeting.starts_local
    event = _event(meeting, starts, timedelta(minutes=meeting.minutes), now)
    if meeting.background:
        event.add("DESCRIPTION", meeting.background)
    event.add(AUDIENCE, meeting.place_audience.value)
    if whole.items:
        event.add(AGENDA, agenda_property(whole.items))
    if only:
        if only.state is OccurrenceState.CANCELLED:
            event.add("STATUS", "CANCELLED")
        yield event
        return
    if meeting.rrule:
        event.add("RRULE", vRecur.from_ical(meeting.rrule.removeprefix("RRULE:")))
    _add_dates(event, "EXDATE", meeting, _cancelled(whole))
    _add_dates(event, "RDATE", meeting, _beside_the_rule(whole))
    yield event
    for occurrence in whole.occurrences:
        if occurrence.state is OccurrenceState.SCHEDULED and _is_moved(meeting, occurrence):
            lasts = occurrence.ends_utc - occurrence.starts_utc
            moved = _event(meeting, _local(occurrence.starts_utc, meeting), lasts, now)
            moved.add("RECURRENCE-ID", _in_zone(occurrence.nominal_local, meeting.zone))
            yield moved


def _event(meeting: Meeting, starts: datetime, lasts: timedelta, now: datetime) -> Event:
    event = Event()
    event.add("UID", f"{meeting.id}@{DOMAIN}")
    event.add("DTSTAMP", now.astimezone(UTC).replace(microsecond=0))
    event.add("SUMMARY", meeting.title)
    event.add("DTSTART", _in_zone(starts, meeting.zone))
    event.add("DURATION", lasts)
    if meeting.place:
        event.add("LOCATION", meeting.place)
    return event


def _in_zone(moment: datetime, zone: str) -> datetime:
    return moment.replace(tzinfo=UTC if zone == "UTC" else tz(zone))


def _local(instant: datetime, meeting: Meeting) -> datetime:
    return local(instant, meeting.zone).replace(tzinfo=None)


def _add_dates(event: Event, name: str, meeting: Meeting, moments: Sequence[datetime]) -> None:
    if moments:
        event.add(name, [_in_zone(moment, meeting.zone) for moment in moments])


def _cancelled(whole: Whole) -> list[datetime]:
    return [each.nominal_local for each in whole.occurrences if each.state is OccurrenceState.CANCELLED]


def _beside_the_rule(whole: Whole) -> list[datetime]:
    """Return the dates that exist and that the rule does not tell."""
    if not whole.occurrences:
        return []
    meeting = whole.meeting
    start = WallTime(meeting.starts_local, meeting.zone)
    nominal = [each.nominal_local for each in whole.occurrences]
    after = resolve(WallTime(min(nominal), meeting.zone)).utc - timedelta(days=1)
    before = resolve(WallTime(max(nominal), meeting.zone)).utc + timedelta(days=2)
    told = {each.nominal_local for each in expand(start, meeting.rrule, after=after, before=before, count=None)}
    return [moment for moment in nominal if moment not in told]


def _is_moved(meeting: Meeting, occurrence: Occurrence) -> bool:
    planned = resolve(WallTime(occurrence.nominal_local, meeting.zone)).utc
    lasts = occurrence.ends_utc - occurrence.starts_utc
    return occurrence.starts_utc != planned or lasts != timedelta(minutes=meeting.minutes)


def write_csv(target: IO[str], meetings: Sequence[Whole], now: datetime) -> int:
    """Write a table that no spreadsheet takes for formulas; return how many rows it has."""
    return write_table(target, COLUMNS, (_cells(whole, now) for whole in meetings))


def _cells(whole: Whole, now: datetime) -> list[str]:
    meeting = whole.meeting
    ahead = [
        each.starts_utc for each in whole.occurrences if each.state is OccurrenceState.SCHEDULED and each.ends_utc > now
    ]
    cancelled = whole.occurrences and all(each.state is OccurrenceState.CANCELLED for each in whole.occurrences)
    return [
        meeting.id,
        meeting.title,
        f"{meeting.starts_local:%Y-%m-%d %H:%M}",
        meeting.zone,
        str(meeting.minutes),
        meeting.rrule or "",
        f"{min(ahead):%Y-%m-%dT%H:%MZ}" if ahead else "",
        "cancelled" if cancelled else "scheduled" if ahead else "over",
        meeting.place,
        meeting.place_audience.value,
        meeting.background,
    ]

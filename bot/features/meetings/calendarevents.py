"""One event of a calendar (RFC 5545, 3.6.1) as a meeting."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, cast

from icalendar import Component, Event
from icalendar.prop import vBroken

from bot.features.meetings.calendarzones import Zones, zone_problem
from bot.features.meetings.model import AgendaItem, Meeting, PlaceAudience
from bot.features.meetings.ownproperties import AUDIENCE, DOMAIN, read_agenda_property
from bot.tablefile import unstorable
from bot.times.recurrence import expand
from bot.times.wall import WallTime, resolve

LONGEST = timedelta(days=1)
LOOK_AHEAD = timedelta(days=400)
"""A series whose next date lies farther than this is taken for over; a yearly one is not."""
LONG_AGO = timedelta(days=3000)
"""A series that began before this is taken over from its next date on: rules are not expanded for ever."""
_STAYS_BEHIND = {"ATTENDEE": "invitations", "ATTACH": "attachments"}


@dataclass(frozen=True, slots=True)
class Moved:
    """A date of a series that takes place at another time than its rule says."""

    nominal_local: datetime
    starts_utc: datetime
    ends_utc: datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """A meeting read from a calendar, with the dates that its rule alone does not tell (naive, in its zone)."""

    meeting: Meeting
    items: tuple[AgendaItem, ...] = ()
    cancelled: tuple[datetime, ...] = ()
    added: tuple[datetime, ...] = ()
    moved: tuple[Moved, ...] = ()


class LeftOut(Exception):  # noqa: N818 - an answer, not a failure
    """Why an event cannot be a meeting."""


def uid_of(event: Component) -> str:
    """Return what tells an event from others: its UID, or its title and date where it has none."""
    return str(event.get("UID") or f"{event.get('SUMMARY')} {_raw(event, 'DTSTART')}")


def _raw(event: Component, name: str) -> str:
    found: Any = event.get(name)
    return found.to_ical().decode() if hasattr(found, "to_ical") else ""


def name_of(event: Component) -> str:
    """Return an event's title and date, as people know it."""
    title = " ".join(str(event.get("SUMMARY") or "without a title").split())[:80]
    found = event.get("DTSTART")
    begins = None if isinstance(found, vBroken) else getattr(found, "dt", None)
    day = f"{begins:%Y-%m-%d}" if isinstance(begins, date) else "without a date"
    return f"“{title}” ({day})"


def planned_of(event: Component, zones: Zones) -> Planned:
    """Return an event as a meeting. Raises LeftOut, or InvalidInput for its rule or its hours."""
    for name, problem in event.errors:
        msg = f"{name} cannot be read ({problem})"
        raise LeftOut(msg)
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        msg = "is cancelled"
        raise LeftOut(msg)
    title = str(event.get("SUMMARY", "")).strip()
    if not title:
        msg = "has no title"
        raise LeftOut(msg)
    start = _start(event, zones)
    minutes = _minutes(event)
    meeting = Meeting(
        id=_id(uid_of(event)),
        title=title,
        starts_local=start.local,
        zone=start.zone,
        minutes=minutes,
        created_by=None,
        rrule=_rule(event),
        place=str(event.get("LOCATION") or event.get("URL") or ""),
        place_audience=_audience(event),
        background=str(event.get("DESCRIPTION") or "").strip(),
    )
    if unstorable((meeting.title, meeting.place, meeting.background)):
        msg = "holds a sign that no text has (NUL)"
        raise LeftOut(msg)
    cancelled = tuple(_dates(event, "EXDATE", start, zones))
    added = tuple(_dates(event, "RDATE", start, zones))
    return Planned(meeting, read_agenda_property(event), cancelled, added)


def _id(uid: str) -> str:
    """Return the id of a meeting that this assistant exported, or one made of the UID."""
    name, _, domain = uid.rpartition("@")
    if domain == DOMAIN and re.fullmatch(r"[A-Za-z0-9_-]{1,40}", name):
        return name
    return "ics-" + hashlib.sha256(uid.encode("utf-8", "replace")).hexdigest()[:12]


def _audience(event: Component) -> PlaceAudience:
    text = str(event.get(AUDIENCE, "")).lower()
    return PlaceAudience(text) if text in set(PlaceAudience) else PlaceAudience.GOING


def _start(event: Component, zones: Zones) -> WallTime:
    found: Any = event.get("DTSTART")
    if found is None or isinstance(found, list | vBroken):
        msg = "does not say when it begins"
        raise LeftOut(msg)
    if not isinstance(found.dt, datetime):
        msg = "lasts all day; a meeting here has hours"
        raise LeftOut(msg)
    zone = zones.of(found.dt, found)
    if zone is None:
        raise LeftOut(zone_problem(found))
    start = WallTime(found.dt.replace(tzinfo=None), zone)
    resolve(start)
    return start


def _minutes(event: Component) -> int:
    try:
        length: timedelta = cast(Event, event).duration
    except (ValueError, TypeError, AttributeError):
        length = timedelta()
    if not timedelta(minutes=1) <= length <= LONGEST:
        msg = "lasts longer than a day" if length > LONGEST else "does not say when it ends"
        raise LeftOut(msg)
    return round(length.total_seconds() / 60)


def _rule(event: Component) -> str | None:
    if "EXRULE" in event or isinstance(event.get("RRULE"), list):
        msg = "repeats by several rules; a meeting here has one"
        raise LeftOut(msg)
    return _raw(event, "RRULE") or None


def _dates(event: Component, name: str, start: WallTime, zones: Zones) -> Iterator[datetime]:
    """Yield the wall times of EXDATE or RDATE; a date alone means the usual hour."""
    found: Any = event.get(name)
    for part in found if isinstance(found, list) else [found] if found is not None else []:
        for each in part.dts:
            moment = each.dt[0] if isinstance(each.dt, tuple) else each.dt
            yield _wall(moment, part, start, zones)


def _wall(moment: date | datetime, part: Any, start: WallTime, zones: Zones) -> datetime:
    if not isinstance(moment, datetime):
        return datetime.combine(moment, start.local.time())
    return zones.wall(moment, part, start.zone)


def changes(meeting: Meeting, dates: Sequence[Component], zones: Zones) -> Iterator[Moved | datetime | tuple[str, str]]:
    """Yield what single dates of a series change: moved ones, the wall times of cancelled ones, and what is lost."""
    start = WallTime(meeting.starts_local, meeting.zone)
    for event in dates:
        which: Any = event["RECURRENCE-ID"]
        if event.errors or "RANGE" in which.params:
            yield name_of(event), "changes several dates, or cannot be read; the rule was kept"
            continue
        nominal = _wall(which.dt, which, start, zones)
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            yield nominal
            continue
        begins = resolve(_start(event, zones)).utc
        lasts = timedelta(minutes=_minutes(event))
        titled = str(event.get("SUMMARY", meeting.title)).strip() != meeting.title
        if titled or str(event.get("LOCATION") or meeting.place) != meeting.place:
            yield name_of(event), f"has the title and place of its series, “{meeting.title}”"
        if begins != resolve(WallTime(nominal, meeting.zone)).utc or lasts != timedelta(minutes=meeting.minutes):
            yield Moved(nominal, begins, begins + lasts)


def ahead(planned: Planned, now: datetime) -> Planned:
    """Return the meeting from its next date on: what is over is of no use here. Raises LeftOut if all is over."""
    meeting = planned.meeting
    start = WallTime(meeting.starts_local, meeting.zone)
    still = now - timedelta(minutes=meeting.minutes)
    moved = tuple(one for one in planned.moved if one.ends_utc > now)
    gone = {*planned.cancelled, *(one.nominal_local for one in planned.moved)}
    horizon = max(now, resolve(start).utc) + LOOK_AHEAD
    coming = expand(start, meeting.rrule, gone, planned.added, after=still, before=horizon, count=1)
    if not coming and not moved:
        msg = "is over, or has no date ahead"
        raise LeftOut(msg)
    since = still - timedelta(days=1)
    cancelled = (each for each in planned.cancelled if resolve(WallTime(each, meeting.zone)).utc > since)
    added = (each for each in planned.added if resolve(WallTime(each, meeting.zone)).utc > since)
    if meeting.rrule and "COUNT=" not in meeting.rrule.upper() and resolve(start).utc < now - LONG_AGO:
        first = expand(start, meeting.rrule, after=still, before=horizon, count=1)
        meeting = replace(meeting, starts_local=first[0].nominal_local) if first else meeting
    return Planned(meeting, planned.items, tuple(cancelled), tuple(added), moved)


def lost(event: Component) -> Iterator[str]:
    """Say what an event has that a meeting here does not."""
    for name, what in _STAYS_BEHIND.items():
        if name in event:
            yield f"its {what} stay behind"
    if event.walk("VALARM"):
        yield "its alarms stay behind; everybody is reminded by the assistant's own rules"

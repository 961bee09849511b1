"""Calendars in iCalendar's form (RFC 5545), read as meetings.

A meeting here has a title, a wall time in a zone, a length, a rule for repeating and dates that were moved or fall out.
An event that says more, or less, is left out or taken without it, and the reason is told for each.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from icalendar import BrokenCalendarProperty, Calendar, Component, GloballyUniqueTZIDGuessed

from bot.errors import InvalidInput
from bot.features.meetings.calendarevents import (
    LeftOut,
    Moved,
    Planned,
    ahead,
    changes,
    lost,
    name_of,
    planned_of,
    uid_of,
)
from bot.features.meetings.calendarzones import Zones

MOST_EVENTS = 2000
UNREADABLE = (BrokenCalendarProperty, ValueError, TypeError, KeyError, AttributeError, OverflowError)
"""What the library raises, here and there, where a property is not what its name says."""


@dataclass(frozen=True, slots=True)
class Said:
    """Something to say about one event: which, and what."""

    event: str
    text: str


@dataclass(slots=True)
class CalendarReading:
    """What a calendar holds: meetings, events that cannot be meetings, and what is lost of those that can."""

    meetings: list[Planned] = field(default_factory=list)
    left_out: list[Said] = field(default_factory=list)
    remarks: list[Said] = field(default_factory=list)


def read_calendar(text: str, now: datetime, zone: str | None = None) -> CalendarReading:
    """Return what a calendar file holds from ``now`` on; ``zone`` is that of events that name none.

    Raises InvalidInput for a text that is no calendar.
    """
    reading = CalendarReading()
    count = 0
    for calendar in _calendars(text):
        zones = Zones(calendar, zone)
        masters, dates = _sorted(calendar, reading)
        count += len(masters)
        if count > MOST_EVENTS:
            msg = "This calendar has more than {most} events. Export a shorter time of it."
            raise InvalidInput(msg, most=MOST_EVENTS)
        for event in masters:
            _take(event, dates.pop(uid_of(event), []), zones, now, reading)
        alone = "is one date of a series that is not in the file"
        reading.left_out += [Said(name_of(one), alone) for orphans in dates.values() for one in orphans]
    return reading


def _calendars(text: str) -> Sequence[Calendar]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", GloballyUniqueTZIDGuessed)  # the preview names the zone that was found
            found = Calendar.from_ical(text.encode(), multiple=True)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        found = []
    if not found or any(part.name != "VCALENDAR" for part in found):
        msg = (
            "This is no calendar file, or a part of it is missing: it must begin with BEGIN:VCALENDAR and end with "
            "END:VCALENDAR. Export it anew from your calendar."
        )
        raise InvalidInput(msg)
    return found


def _sorted(calendar: Calendar, reading: CalendarReading) -> tuple[list[Component], dict[str, list[Component]]]:
    """Part the events from the single dates that change one of them."""
    masters: dict[str, Component] = {}
    dates: dict[str, list[Component]] = {}
    for event in calendar.walk("VEVENT"):
        if "RECURRENCE-ID" in event:
            dates.setdefault(uid_of(event), []).append(event)
        elif uid_of(event) in masters:
            reading.left_out.append(Said(name_of(event), "has the UID of another event in this file"))
        else:
            masters[uid_of(event)] = event
    others = Counter(part.name for part in calendar.subcomponents if part.name in {"VTODO", "VJOURNAL", "VFREEBUSY"})
    reading.remarks += [Said(name, f"{count} of them; only events become meetings") for name, count in others.items()]
    return list(masters.values()), dates


def _take(event: Component, dates: Sequence[Component], zones: Zones, now: datetime, reading: CalendarReading) -> None:
    try:
        planned = planned_of(event, zones)
        found = list(changes(planned.meeting, dates, zones))
        moved = tuple(each for each in found if isinstance(each, Moved))
        cancelled = {each for each in found if isinstance(each, datetime)}
        planned = replace(planned, moved=moved, cancelled=tuple(sorted({*planned.cancelled, *cancelled})))
        reading.meetings.append(ahead(planned, now))
    except (LeftOut, InvalidInput) as reason:
        reading.left_out.append(Said(name_of(event), str(reason)))
    except UNREADABLE as error:
        reading.left_out.append(Said(name_of(event), f"cannot be read ({type(error).__name__})"))
    else:
        reading.remarks += [Said(*each) for each in found if isinstance(each, tuple)]
        reading.remarks += [Said(name_of(event), text) for text in lost(event)]

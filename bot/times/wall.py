"""Wall clock times, and the instants they stand for.

A gap (clocks go forward) is read with the offset before it, so the time shifts forward by the length of the gap; an
overlap (clocks go back) takes the first of its two instants: RFC 5545 3.3.5.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal

from bot.errors import InvalidInput
from bot.i18n import N_
from bot.times.zones import tz

_LEAD = re.compile(
    r"P(?=[0-9T])(?:(?P<weeks>[0-9]{1,3})W)?(?:(?P<days>[0-9]{1,3})D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]{1,4})H)?(?:(?P<minutes>[0-9]{1,5})M)?(?:(?P<seconds>[0-9]{1,6})S)?)?"
)
_FIRST_YEAR, _LAST_YEAR = 1900, 2999


@dataclass(frozen=True)
class WallTime:
    """What a clock on the wall shows: a naive local time and the zone whose clock it is."""

    local: datetime
    zone: str


@dataclass(frozen=True)
class Resolved:
    """The instant of a wall time; ``note`` says when that was not a plain reading."""

    utc: datetime
    note: Literal["gap", "overlap"] | None


def resolve(wall: WallTime) -> Resolved:
    """Return the instant of a wall time; raises InvalidInput for an unknown zone or a year no calendar here reaches."""
    first, second = _folds(wall)
    if first == second:
        return Resolved(first, None)
    if local(first, wall.zone).replace(tzinfo=None) != wall.local:
        return Resolved(first, "gap")
    return Resolved(first, "overlap")


def both_readings(wall: WallTime) -> tuple[datetime, ...]:
    """Return every instant at which a clock shows this wall time: two in an overlap, the shifted one in a gap."""
    if resolve(wall).note == "overlap":
        return _folds(wall)
    return (resolve(wall).utc,)


def _folds(wall: WallTime) -> tuple[datetime, datetime]:
    if not _FIRST_YEAR <= wall.local.year <= _LAST_YEAR:
        raise InvalidInput(N_("The year {year} is out of reach; give a date in this century."), year=wall.local.year)
    aware = wall.local.replace(tzinfo=tz(wall.zone))
    return aware.replace(fold=0).astimezone(UTC), aware.replace(fold=1).astimezone(UTC)


def subtract_lead(start: WallTime, lead: str) -> datetime:
    """Return the instant that lies ``lead`` (ISO 8601 duration) before ``start``.

    Weeks and days step back on the wall clock, hours, minutes and seconds are elapsed time (RFC 5545 3.3.6), so
    "P1D" and "PT24H" differ where the clocks change. Raises InvalidInput for anything else.
    """
    match = _LEAD.fullmatch(lead)
    if match is None:
        raise InvalidInput(
            N_("“{lead}” is not a lead time. Write P1D for a day before or PT1H for an hour."), lead=lead
        )
    part = {name: int(value or 0) for name, value in match.groupdict().items()}
    day = start.local - timedelta(weeks=part["weeks"], days=part["days"])
    elapsed = timedelta(hours=part["hours"], minutes=part["minutes"], seconds=part["seconds"])
    return resolve(WallTime(day, start.zone)).utc - elapsed


def next_waking(instant: datetime, zone: str, quiet_start: time | None, quiet_end: time | None) -> datetime:
    """Return ``instant``, or the end of the quiet hours (wall clock of ``zone``) it falls in.

    Hours from 22:00 to 07:00 pass midnight; equal or missing ends mean there are no quiet hours.
    """
    if quiet_start is None or quiet_end is None or quiet_start == quiet_end:
        return instant
    here = local(instant, zone).replace(tzinfo=None)
    now = here.time()
    past_midnight = quiet_start > quiet_end
    quiet = (now >= quiet_start or now < quiet_end) if past_midnight else quiet_start <= now < quiet_end
    if not quiet:
        return instant
    day = here.date() + timedelta(days=1 if past_midnight and now >= quiet_start else 0)
    # In an overlap the window's end may have gone by once already: the message is not late, so it goes now.
    return max(instant, resolve(WallTime(datetime.combine(day, quiet_end), zone)).utc)


def local(instant: datetime, zone: str) -> datetime:
    """Return an instant as the (aware) wall time of ``zone``."""
    return instant.astimezone(tz(zone))

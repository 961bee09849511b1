"""Repeating meetings: RRULE, RDATE and EXDATE (RFC 5545 3.8.5), read in local time.

Dates are counted on the wall clock and only then become instants, so that a weekly meeting keeps its hour when the
clocks change. A date in a gap is shifted, never dropped; the first date always belongs to the series.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime, timedelta
from typing import Literal, cast

from dateutil import rrule as dates_of_rule

from bot.errors import InvalidInput
from bot.i18n import N_
from bot.times.wall import WallTime, local, resolve

HORIZON = timedelta(days=3660)
_FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_NUMBERED = {"BYMONTH": 12, "BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53, "BYSETPOS": 366}
_PARTS = {"INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *_NUMBERED}
_NUMBER = re.compile(r"[+-]?[0-9]{1,3}")
_LONGEST_RULE = 500


@dataclass(frozen=True)
class Instance:
    """One date of a series: its nominal local time (the RECURRENCE-ID) and its instant."""

    nominal_local: datetime
    utc: datetime
    note: Literal["gap", "overlap"] | None


def expand(
    dtstart: WallTime,
    rrule: str | None,
    exdates: Iterable[datetime] = (),
    rdates: Iterable[datetime] = (),
    *,
    after: datetime | None,
    before: datetime | None,
    count: int | None,
) -> list[Instance]:
    """Return the dates from ``after`` on (inclusive) until ``before`` (exclusive), at most ``count``, soonest first.

    ``exdates`` and ``rdates`` are naive local times in the zone of ``dtstart``. An endless rule ends at ``HORIZON``
    after ``dtstart`` or ``after``, whichever is later. Raises InvalidInput for a rule that cannot be read.
    """
    nominal = {dtstart.local, *rdates}
    if rrule is not None:
        resolve(dtstart)
        nominal.update(_rule_dates(dtstart, rrule, _last_day(dtstart, after, before)))
    found = []
    for moment in nominal - set(exdates):
        resolved = resolve(WallTime(moment, dtstart.zone))
        if (after is None or resolved.utc >= after) and (before is None or resolved.utc < before):
            found.append(Instance(moment, resolved.utc, resolved.note))
    return sorted(found, key=lambda instance: (instance.utc, instance.nominal_local))[:count]


def _last_day(dtstart: WallTime, after: datetime | None, before: datetime | None) -> datetime:
    """Return the local time after which no date is looked for; a day is left for dates that a gap shifts."""
    start = dtstart.local if after is None else max(dtstart.local, _naive(after, dtstart.zone))
    if before is None:
        return start + HORIZON
    return min(start + HORIZON, _naive(before, dtstart.zone) + timedelta(days=1))


def _naive(instant: datetime, zone: str) -> datetime:
    return local(instant, zone).replace(tzinfo=None)


def _rule_dates(dtstart: WallTime, rrule: str, last: datetime) -> Iterator[datetime]:
    """Yield the local times of a rule; COUNT and UNTIL are kept here, so that the expansion itself always ends."""
    parts = _read_parts(rrule)
    count = _positive(parts, "COUNT", rrule)
    until = _until(parts.pop("UNTIL"), dtstart.zone, rrule) if "UNTIL" in parts else None
    parts.pop("COUNT", None)
    # dateutil looks for a rule's next date until the year 9999, in vain for 30 February. The calendar, weekdays
    # included, repeats every 400 years, so the rule is read as late as can be and its dates are moved back.
    late = (MAXYEAR - max(last, dtstart.local).year) // 400 * 400
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    try:
        rule = cast(dates_of_rule.rrule, dates_of_rule.rrulestr(text, dtstart=_years_later(dtstart.local, late)))
        dates = [_years_later(moment, -late) for moment in rule.replace(until=_years_later(last, late))]
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise _bad(rrule) from error
    if dtstart.local not in dates[:1]:
        dates.insert(0, dtstart.local)
    for moment in dates[:count]:
        if until is None or resolve(WallTime(moment, dtstart.zone)).utc <= until:
            yield moment


def _years_later(moment: datetime, years: int) -> datetime:
    return moment.replace(year=moment.year + years)


def _read_parts(rrule: str) -> dict[str, str]:
    """Return the rule's parts by name, refusing what a meeting cannot need or a machine cannot finish."""
    if len(rrule) > _LONGEST_RULE:
        raise _bad(rrule[:40] + "…")
    pairs = [part.partition("=") for part in rrule.strip().upper().removeprefix("RRULE:").strip(";").split(";")]
    parts = {name.strip(): value.strip() for name, _, value in pairs}
    names = set(parts) - {"FREQ"}
    if len(parts) != len(pairs) or not names <= _PARTS or {"COUNT", "UNTIL"} <= names:
        raise _bad(rrule)
    if parts.get("FREQ") not in _FREQUENCIES:
        raise InvalidInput(
            N_("A meeting repeats daily, weekly, monthly or yearly; “{rule}” says none of these."), rule=rrule
        )
    _positive(parts, "INTERVAL", rrule)
    for name, most in _NUMBERED.items():
        numbers = parts[name].split(",") if name in parts else []
        if not all(_NUMBER.fullmatch(number) and 1 <= abs(int(number)) <= most for number in numbers):
            raise _bad(rrule)
    return parts


def _positive(parts: dict[str, str], name: str, rrule: str) -> int | None:
    """Return a part that must be a whole number from 1; dateutil would loop for ever on an interval of 0."""
    if name not in parts:
        return None
    value = parts[name]
    if not (value.isascii() and value.isdigit() and int(value[:6]) >= 1 and len(value) <= 5):
        raise _bad(rrule)
    return int(value)


def _until(value: str, zone: str, rrule: str) -> datetime:
    """Return UNTIL as an instant: UTC, local, or a whole day, which is taken to its end."""
    for form in ("%Y%m%dT%H%M%SZ", "%Y%m%dT%H%M%S", "%Y%m%d"):
        try:
            moment = datetime.strptime(value, form)  # noqa: DTZ007 - the form says which clock, below
        except ValueError:
            continue
        if form.endswith("Z"):
            return moment.replace(tzinfo=UTC)
        end = timedelta(hours=23, minutes=59, seconds=59) if form == "%Y%m%d" else timedelta()
        return resolve(WallTime(moment + end, zone)).utc
    raise _bad(rrule)


def _bad(rrule: str) -> InvalidInput:
    return InvalidInput(N_("“{rule}” is not a rule for repeating, such as FREQ=WEEKLY;BYDAY=TH."), rule=rrule)

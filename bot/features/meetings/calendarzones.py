"""The time zones of a calendar file: by their names, or by what the file says of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from icalendar import Calendar, Component
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from bot.errors import InvalidInput
from bot.times.choice import certain_zone
from bot.times.wall import WallTime, local, resolve
from bot.times.zones import tz


class Zones:
    """Finds the zone that a time in a calendar is in; ``fallback`` is that of times that name none."""

    def __init__(self, calendar: Calendar, fallback: str | None) -> None:
        own = str(calendar.get("X-WR-TIMEZONE") or "")
        self._floating = fallback or (_known(own) if own else None)
        self._described = {str(part.get("TZID", "")): part for part in calendar.walk("VTIMEZONE")}

    def of(self, moment: datetime, found: Any) -> str | None:
        """Return the zone of a moment in the property ``found``, or None if it cannot be told."""
        name = found.params.get("TZID")
        if name:
            return self._named(str(name))
        return "UTC" if moment.tzinfo is not None else self._floating

    def wall(self, moment: datetime, found: Any, zone: str) -> datetime:
        """Return a moment in the property ``found`` as the naive wall time of ``zone``."""
        naive = moment.replace(tzinfo=None)
        own = self.of(moment, found)
        if own is None or own == zone:
            return naive
        return local(resolve(WallTime(naive, own)).utc, zone).replace(tzinfo=None)

    def _named(self, name: str) -> str | None:
        return _known(name) or self._as_described(name)

    def _as_described(self, name: str) -> str | None:
        """Return the place that the file gives for a zone, or its offset if that never changes."""
        part = self._described.get(name)
        if part is None:
            return None
        place = str(part.get("X-LIC-LOCATION") or "")
        return (_known(place) if place else None) or _only_offset(part)


def _known(name: str) -> str | None:
    """Return the zone of a name: IANA's, with a vendor's prefix or without, Windows', or a city's."""
    parts = name.strip("/ ").split("/")
    for candidate in ("/".join(parts[-count:]) for count in (len(parts), 3, 2)):
        if _exists(candidate):
            return candidate
    if name in WINDOWS_TO_OLSON:
        return WINDOWS_TO_OLSON[name]
    certain = certain_zone(name)
    return certain.zone if certain else None


def _exists(zone: str) -> bool:
    try:
        tz(zone)
    except InvalidInput:
        return False
    return True


def _only_offset(part: Component) -> str | None:
    written: list[Any] = [each["TZOFFSETTO"] for each in part.subcomponents if "TZOFFSETTO" in each]
    offsets = {each.td for each in written}
    if len(offsets) != 1:
        return None
    minutes = round(offsets.pop() / timedelta(minutes=1))
    zone = f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    return zone if _exists(zone) else None


def zone_problem(found: Any) -> str:
    """Say why a time has no zone, and what to do."""
    name = found.params.get("TZID")
    if name:
        return f"is in a time zone that nobody knows, “{str(name)[:60]}”; choose a city's zone for it in your calendar"
    return "names no time zone; say which with --zone, such as --zone Europe/Zurich"

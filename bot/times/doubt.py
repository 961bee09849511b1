"""Where a fixed offset ("GMT+1") and a place's own clock part company."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.times.wall import WallTime, resolve


@dataclass(frozen=True)
class Reading:
    """One wall time with the instants of both of its readings."""

    local: datetime
    fixed_utc: datetime
    zone_utc: datetime


@dataclass(frozen=True)
class ZoneDoubt:
    """The dates on which a fixed offset and a zone mean different instants."""

    fixed: str
    zone: str
    differing: tuple[Reading, ...]


def zone_doubt(fixed: str, candidate_zone: str, instants: Sequence[WallTime]) -> ZoneDoubt | None:
    """Return where the two readings of these wall times (whatever zone they name) differ, or None if nowhere."""
    readings = (
        Reading(
            wall.local,
            resolve(WallTime(wall.local, fixed)).utc,
            resolve(WallTime(wall.local, candidate_zone)).utc,
        )
        for wall in instants
    )
    differing = tuple(reading for reading in readings if reading.fixed_utc != reading.zone_utc)
    return ZoneDoubt(fixed, candidate_zone, differing) if differing else None

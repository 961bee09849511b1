"""When a place that somebody named is certain enough to be taken without asking."""

from __future__ import annotations

from bot.times.zones import ZoneMatch, find_zones

CERTAIN = 90
"""Score (0 to 100) of a name written right, give or take an accent; below it a name is a guess."""


def certain_zone(text: str) -> ZoneMatch | None:
    """Return the one zone that a text names beyond doubt, else None."""
    sure = [match for match in find_zones(text) if match.score >= CERTAIN]
    return sure[0] if len({match.zone for match in sure}) == 1 else None

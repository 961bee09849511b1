"""The emulator's time, which a test may push forward, and the ids that carry it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

DISCORD_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)  # https://discord.com/developers/docs/reference#snowflakes


class Clock:
    """Real time plus what a test added."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def advance(self, seconds: float) -> None:
        """Let so many seconds pass at once."""
        self._ahead += seconds

    def now(self) -> datetime:
        """The present, in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self._ahead)

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic() + self._ahead


class Snowflakes:
    """Ids that grow, each carrying the millisecond in which it was made."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> str:
        """A new id, greater than every earlier one."""
        fresh = snowflake(self._clock.now())
        self._last = max(fresh, self._last + 1)
        return str(self._last)


def snowflake(at: datetime) -> int:
    """The smallest id of a moment."""
    return int((at - DISCORD_EPOCH).total_seconds() * 1000) << 22


def stamp(at: datetime) -> str:
    """A moment as Discord writes it: ISO 8601 with microseconds and an offset."""
    return at.isoformat(timespec="microseconds")

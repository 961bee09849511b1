"""A lease clock that stands still until it is moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from storage.types import UtcDateTime


class FakeLeaseClock:
    """Follows ``storage.clocks.LeaseClock``; give it another ``run`` to stand for a process that was started anew."""

    def __init__(self, run: str = "run") -> None:
        self.run = run
        self.now = datetime(2026, 11, 24, 12, tzinfo=UTC)

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def after(self, seconds: float) -> sa.ColumnElement[datetime]:
        return sa.literal(self.now + timedelta(seconds=seconds), UtcDateTime)

"""The store's own clock, which leases and retries follow (what is due follows the community's clock instead)."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

import sqlalchemy as sa

from storage.types import UtcDateTime


class LeaseClock(Protocol):
    """A clock for leases.

    ``run`` marks every lease given by it. A lease with another mark counts as run out: whoever held it is dead.
    """

    run: str

    def after(self, seconds: float) -> sa.ColumnElement[datetime]:
        """Return the instant ``seconds`` from now (negative: ago), as an SQL expression."""
        ...


class DatabaseClock:
    """PostgreSQL's clock: one for all replicas, whose leases all count until they run out."""

    run = "database"

    def after(self, seconds: float) -> sa.ColumnElement[datetime]:
        """Return an expression evaluated by the server when the statement runs, not when its transaction began."""
        now = sa.func.clock_timestamp(type_=sa.DateTime(timezone=True))
        return now + sa.literal(timedelta(seconds=seconds), sa.Interval)


class ProcessClock:
    """The clock of the one process that has an SQLite file: it never goes back while the process lives.

    It starts at the system's time, so that waiting retries stay right over a restart, and then follows the monotonic
    clock. SQLite serves a single process (its exclusive lock sees to that), so leases of an earlier run are dead
    and ``run`` is new each time.
    """

    def __init__(self) -> None:
        self.run = secrets.token_hex(8)
        self._offset = time.time() - time.monotonic()

    def after(self, seconds: float) -> sa.ColumnElement[datetime]:
        """Return the instant as a bound value."""
        instant = datetime.fromtimestamp(self._offset + time.monotonic() + seconds, UTC)
        return sa.literal(instant, UtcDateTime)


def lease_clock(dialect: str) -> LeaseClock:
    """Return the clock that fits a database."""
    return DatabaseClock() if dialect == "postgresql" else ProcessClock()

"""The three clocks: the real one, the sample community's (which its visitors move), and one for tests, set by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Self

from bot.errors import InvalidInput
from bot.i18n import N_
from bot.ports import UnitOfWorkFactory

OFFSET = "clock_offset"
NOT_BACK = N_("The clock only goes forward: choose a moment after {now}.")


def utc_now() -> datetime:
    """Return the machine's time, aware, in UTC."""
    return datetime.now(UTC)


def _forward(now: datetime, instant: datetime) -> datetime:
    if instant < now:
        raise InvalidInput(NOT_BACK, now=f"{now:%Y-%m-%d %H:%M} UTC")
    return instant


class SystemClock:
    """The real time."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return utc_now()


class SampleClock:
    """A clock ahead of (or behind) the real one by an offset, kept in the settings so that a restart keeps the time."""

    def __init__(self, uow_factory: UnitOfWorkFactory, offset: timedelta, real: Callable[[], datetime]) -> None:
        self._uow_factory = uow_factory
        self._offset = offset
        self._real = real
        self._moving = asyncio.Lock()

    @classmethod
    async def load(
        cls, uow_factory: UnitOfWorkFactory, first: datetime, real: Callable[[], datetime] = utc_now
    ) -> Self:
        """Return the clock as it was left; the very first time it starts at ``first`` (aware, UTC)."""
        async with uow_factory() as uow:
            kept = await uow.settings.get(OFFSET)
            offset = first - real() if kept is None else timedelta(seconds=float(kept))
            clock = cls(uow_factory, offset, real)
            if kept is None:
                await uow.settings.set(OFFSET, str(offset.total_seconds()))
                await uow.commit()
        return clock

    def now(self) -> datetime:
        """Return the sample's present instant, aware, in UTC."""
        return self._real() + self._offset

    async def move_to(self, instant: datetime) -> None:
        """Set the clock forward to ``instant`` (aware, UTC); it goes on from there, also after a restart.

        Raises InvalidInput when the instant lies before now.
        """
        async with self._moving:
            offset = _forward(self.now(), instant) - self._real()
            async with self._uow_factory() as uow:
                await uow.settings.set(OFFSET, str(offset.total_seconds()))
                await uow.commit()
            self._offset = offset


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """Return the instant it was set to, aware, in UTC."""
        return self._now

    async def move_to(self, instant: datetime) -> None:
        """Set the clock forward to ``instant`` (aware, UTC). Raises InvalidInput when it lies before now."""
        self._now = _forward(self._now, instant)

    def advance(self, step: timedelta) -> None:
        """Set the clock forward by ``step``."""
        self._now = _forward(self._now, self._now + step)

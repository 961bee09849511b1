"""Moving the sample community's clock, and letting what falls due on the way happen at its own moment."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

from bot.errors import InvalidInput
from bot.ports import MovableClock, UnitOfWorkFactory


class SampleTime:
    """The three ways in which a visitor moves the clock.

    ``settle`` carries out everything that is due. On the way to a later hour the clock stops at each due moment, so
    that a reminder says what it would have said then.
    """

    def __init__(
        self, clock: MovableClock, uow_factory: UnitOfWorkFactory, settle: Callable[[], Awaitable[None]]
    ) -> None:
        self._clock = clock
        self._uow_factory = uow_factory
        self._settle = settle

    def now(self) -> datetime:
        """Return the community's time, aware, in UTC."""
        return self._clock.now()

    async def forward(self, hours: int) -> None:
        """Move the clock forward by hours."""
        await self.to(self.now() + timedelta(hours=hours))

    async def to_next_reminder(self) -> bool:
        """Carry out what is due now, and move the clock to what is due next; False if nothing waits."""
        await self._settle()
        due = await self._next_due()
        if due is None:
            return False
        await self.to(due)
        return True

    async def to_meeting(self) -> bool:
        """Move the clock to the start of the next meeting that has not begun; False if none is planned."""
        async with self._uow_factory() as uow:
            coming = await uow.meetings.occurrences(ends_after=self.now(), limit=10)
        starts = next((o.starts_utc for o in coming if o.starts_utc > self.now()), None)
        if starts is None:
            return False
        await self.to(starts)
        return True

    async def to(self, instant: datetime) -> None:
        """Move the clock forward to an instant (aware, UTC)."""
        due = await self._next_due()
        while due is not None and due <= instant:
            await self._move(due)
            await self._settle()
            stuck_at, due = due, await self._next_due()
            if due == stuck_at:  # it is being tried again later, by the real clock
                break
        await self._move(instant)
        await self._settle()

    async def _move(self, instant: datetime) -> None:
        """Set the clock, unless it has come past that moment by itself."""
        with suppress(InvalidInput):
            await self._clock.move_to(instant)

    async def _next_due(self) -> datetime | None:
        async with self._uow_factory() as uow:
            return await uow.work.next_due()

"""Wakes the runner: APScheduler ticks, a poke wakes at once, a watchdog looks after APScheduler.

No due work ever lives in APScheduler: it keeps a few fixed jobs in memory, and losing them loses nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from schedules.runner import Runner

log = structlog.get_logger()

Housekeeping = Callable[[], Awaitable[None]]
JOB_DEFAULTS = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Intervals:
    """Seconds between sweeps, between rounds of housekeeping, and without a tick before the watchdog acts."""

    sweep: float = 2.0
    housekeeping: float = DAY
    silence: float = 10.0


class Scheduler:
    """Keeps a runner working until it is stopped; ``housekeeping`` is run at the start and then daily."""

    def __init__(
        self,
        runner: Runner,
        housekeeping: Sequence[Housekeeping] = (),
        *,
        intervals: Intervals | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._runner = runner
        self._housekeeping = tuple(housekeeping)
        self._intervals = intervals or Intervals()
        self._monotonic = monotonic
        self._scheduler = AsyncIOScheduler()
        self._ticked = monotonic()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Start to tick, to work and to watch, in the running event loop."""
        self._begin()
        self._tasks = [asyncio.create_task(self._runner.run()), asyncio.create_task(self._watch())]

    async def stop(self) -> None:
        """Take nothing more in, finish what is being sent, give the rest back."""
        self._end()
        self._runner.stop()
        for task in self._tasks[1:]:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def silence(self) -> float:
        """Return how many seconds ago it ticked last."""
        return self._monotonic() - self._ticked

    def check(self) -> bool:
        """Start APScheduler anew if it has not ticked for too long; return whether that was needed.

        An exception inside its timer leaves it without one: it looks alive and never wakes again.
        """
        silent = self.silence()
        if silent <= self._intervals.silence:
            return False
        log.error("scheduler silent, started anew", seconds=round(silent, 1))
        self._end()
        self._begin()
        return True

    def _begin(self) -> None:
        self._ticked = self._monotonic()
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=JOB_DEFAULTS)
        self._every(self._intervals.sweep, self._tick, "sweep")
        for position, call in enumerate(self._housekeeping):
            self._every(self._intervals.housekeeping, _logged(call), f"housekeeping-{position}")
        self._scheduler.start()

    def _every(self, seconds: float, call: Housekeeping, name: str) -> None:
        trigger = IntervalTrigger(seconds=seconds, timezone=UTC)
        self._scheduler.add_job(call, trigger, id=name, next_run_time=datetime.now(UTC))

    def _end(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _tick(self) -> None:
        self._ticked = self._monotonic()
        self._runner.poke()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._intervals.silence / 5)
            self.check()


def _logged(call: Housekeeping) -> Housekeeping:
    async def run() -> None:
        try:
            await call()
        except asyncio.CancelledError:
            log.info("housekeeping cut off by the stop")  # it runs again at the next start
        except Exception:
            log.exception("housekeeping failed")

    return run

"""The scheduler wakes the runner, is looked after itself, and stops in good order."""

from __future__ import annotations

import asyncio

import pytest

from bot.duework import TaskKind
from schedules.scheduler import Intervals, Scheduler
from tests.unit.schedules.conftest import START

OFTEN = Intervals(sweep=0.01, housekeeping=3600, silence=10)
ONCE = Intervals(sweep=3600, housekeeping=3600, silence=10)


class Bell:
    """A kind of task that rings when it is run."""

    def __init__(self) -> None:
        self.rung = asyncio.Event()
        self.kind = TaskKind("count", self._ring)

    async def _ring(self, _context, _work) -> None:
        self.rung.set()

    async def heard(self) -> None:
        await asyncio.wait_for(self.rung.wait(), 10)
        self.rung.clear()


@pytest.fixture
async def bell():
    return Bell()


async def test_it_sweeps_at_its_ticks(world, bell):
    scheduler = Scheduler(world.runner(bell.kind), intervals=OFTEN)
    scheduler.start()
    for key in ("one", "two"):
        await world.plan(key, kind="count", target=None)
        await bell.heard()
    await scheduler.stop()
    assert await world.ends("two") == ("done", None)


async def test_a_poke_wakes_it_at_once(world, bell):
    runner = world.runner(bell.kind)
    scheduler = Scheduler(runner, intervals=ONCE)
    await world.plan("one", kind="count", target=None)
    scheduler.start()
    await bell.heard()
    await world.plan("two", kind="count", target=None)
    runner.poke()
    await bell.heard()
    await scheduler.stop()


async def test_housekeeping_is_done_at_the_start_and_one_that_breaks_stops_no_other(world, logs):
    done = asyncio.Event()

    async def breaks() -> None:
        raise RuntimeError

    async def tidies() -> None:
        done.set()

    scheduler = Scheduler(world.runner(), [breaks, tidies], intervals=OFTEN)
    scheduler.start()
    await asyncio.wait_for(done.wait(), 10)
    await scheduler.stop()
    assert "housekeeping failed" in {line["event"] for line in logs}


async def test_the_watchdog_starts_a_silent_scheduler_anew(world, bell, logs):
    time = [0.0]
    scheduler = Scheduler(world.runner(bell.kind), intervals=OFTEN, monotonic=lambda: time[0])
    scheduler.start()
    await world.plan("one", kind="count", target=None)
    await bell.heard()
    assert not scheduler.check()
    # As after an exception in its own timer: it looks alive and has no timer any more.
    scheduler._scheduler._stop_timer()
    time[0] = 10.5
    assert scheduler.check()
    await world.plan("two", kind="count", target=None)
    await bell.heard()
    await scheduler.stop()
    (line,) = [line for line in logs if line["event"] == "scheduler silent, started anew"]
    assert line["seconds"] == 10.5


async def test_the_watchdog_watches_by_itself_even_a_scheduler_that_was_shut_down(world):
    rounds = asyncio.Queue[None]()
    quick = Intervals(sweep=3600, housekeeping=3600, silence=0.01)
    scheduler = Scheduler(world.runner(), [lambda: rounds.put(None)], intervals=quick)
    scheduler.start()
    await asyncio.wait_for(rounds.get(), 10)
    scheduler._scheduler.shutdown(wait=False)
    await asyncio.wait_for(rounds.get(), 10)
    await scheduler.stop()


async def test_a_stop_waits_for_what_is_being_done_and_takes_nothing_more_in(world, bell):
    runner = world.runner(bell.kind)
    scheduler = Scheduler(runner, intervals=OFTEN)
    scheduler.start()
    await world.plan("one", kind="count", target=None)
    await bell.heard()
    await scheduler.stop()
    await world.plan("two", kind="count", target=None, due=START)
    runner.poke()
    assert await runner.sweep() == 0
    assert await world.ends("one") == ("done", None)
    assert await world.ends("two") == ("pending", None)


async def test_a_scheduler_that_never_started_can_be_stopped(world):
    await Scheduler(world.runner()).stop()


async def test_a_stop_in_the_middle_of_housekeeping_is_no_error(world, logs):
    begun = asyncio.Event()

    async def endless() -> None:
        begun.set()
        await asyncio.Event().wait()

    scheduler = Scheduler(world.runner(), (endless,), intervals=ONCE)
    scheduler.start()
    await asyncio.wait_for(begun.wait(), 10)
    await scheduler.stop()
    await asyncio.sleep(0)
    assert [line for line in logs if line["log_level"] == "error"] == []
    assert any(line["event"] == "housekeeping cut off by the stop" for line in logs)

"""What every clock promises; those that can be moved promise more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import InvalidInput
from bot.ports import Clock, MovableClock
from schedules.clock import FakeClock, SampleClock, SystemClock, utc_now

FIRST = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture(params=["system", "sample", "fake"])
async def clock(request, uow_factory) -> Clock:
    clocks: dict[str, Clock] = {
        "system": SystemClock(),
        "sample": await SampleClock.load(uow_factory, FIRST),
        "fake": FakeClock(FIRST),
    }
    return clocks[request.param]


@pytest.fixture(params=["sample", "fake"])
async def movable(request, uow_factory) -> MovableClock:
    return await SampleClock.load(uow_factory, FIRST) if request.param == "sample" else FakeClock(FIRST)


async def test_now_is_aware_and_in_utc(clock):
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.now().tzinfo is UTC


async def test_it_moves_forward_and_goes_on_from_there(movable):
    later = movable.now() + timedelta(days=3)
    await movable.move_to(later)
    assert later <= movable.now() < later + timedelta(minutes=5)


async def test_it_may_be_moved_again(movable):
    for hours in (1, 2, 30):
        later = movable.now() + timedelta(hours=hours)
        await movable.move_to(later)
        assert movable.now() >= later


async def test_it_refuses_to_go_back_and_says_where_it_is(movable):
    with pytest.raises(InvalidInput, match="2026-12-01 12:0"):
        await movable.move_to(FIRST - timedelta(seconds=1))
    assert movable.now() >= FIRST


# --- each clock's own ------------------------------------------------------------------------------------------------


async def test_the_real_clock_is_the_machines():
    before = datetime.now(UTC)
    assert before <= SystemClock().now() <= datetime.now(UTC)


def standing_at(instant: datetime) -> Callable[[], datetime]:
    return lambda: instant


async def test_the_samples_clock_starts_where_it_is_told_and_runs_with_the_real_one(uow_factory):
    real = utc_now()
    clock = await SampleClock.load(uow_factory, FIRST, standing_at(real))
    assert clock.now() == FIRST
    again = await SampleClock.load(uow_factory, FIRST, standing_at(real + timedelta(hours=2)))
    assert again.now() == FIRST + timedelta(hours=2)


async def test_the_samples_clock_stays_moved_after_a_restart(uow_factory):
    real = utc_now()
    clock = await SampleClock.load(uow_factory, FIRST, standing_at(real))
    await clock.move_to(FIRST + timedelta(days=2, microseconds=1))
    again = await SampleClock.load(uow_factory, FIRST, standing_at(real + timedelta(minutes=1)))
    assert again.now() == FIRST + timedelta(days=2, minutes=1, microseconds=1)


async def test_the_fake_clock_stands_still_until_it_is_moved():
    clock = FakeClock(FIRST)
    assert clock.now() == clock.now() == FIRST
    clock.advance(timedelta(seconds=5))
    assert clock.now() == FIRST + timedelta(seconds=5)
    with pytest.raises(InvalidInput):
        clock.advance(timedelta(seconds=-1))

"""What is asked for at the same time is done at once, and each gets its own answer."""

from __future__ import annotations

import asyncio

import pytest

from schedules.group import Group


class Doubling:
    """Doubles numbers; refuses negative ones; breaks at a hundred. Waits until it is let go."""

    def __init__(self) -> None:
        self.lots: list[list[int]] = []
        self.begun = asyncio.Event()
        self.go = asyncio.Event()

    async def __call__(self, lot):
        self.lots.append(list(lot))
        self.begun.set()
        await self.go.wait()
        if 100 in lot:
            raise OSError
        return [ValueError(f"{one}") if one < 0 else 2 * one for one in lot]


async def test_the_first_lot_is_whoever_asks_at_once_and_the_next_whoever_asks_meanwhile():
    do = Doubling()
    group = Group(do)
    first = [asyncio.create_task(group(number)) for number in range(3)]
    await do.begun.wait()
    second = [asyncio.create_task(group(number)) for number in range(3, 5)]
    await asyncio.sleep(0)
    do.go.set()
    assert await asyncio.gather(*first, *second) == [0, 2, 4, 6, 8]
    assert do.lots == [[0, 1, 2], [3, 4]]
    assert await group(7) == 14
    assert do.lots[2:] == [[7]]


async def test_an_error_is_raised_where_it_belongs():
    do = Doubling()
    do.go.set()
    group = Group(do)
    answers = await asyncio.gather(group(1), group(-1), group(2), return_exceptions=True)
    assert [answers[0], answers[2]] == [2, 4]
    assert isinstance(answers[1], ValueError)


async def test_what_breaks_the_whole_is_raised_for_each():
    do = Doubling()
    do.go.set()
    group = Group(do)
    answers = await asyncio.gather(group(1), group(100), return_exceptions=True)
    assert [type(answer) for answer in answers] == [OSError, OSError]
    assert await group(1) == 2


async def test_one_who_is_cancelled_does_not_keep_the_others():
    do = Doubling()
    group = Group(do)
    gone, stays = (asyncio.create_task(group(number)) for number in range(2))
    await do.begun.wait()
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    do.go.set()
    assert await stays == 2

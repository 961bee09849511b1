"""Platforms that fail: each connects again on its own, says why once, and holds up no other."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from adapters.fake.gateway import FakeGateway
from bot.errors import ConfigError
from bot.platforms import Core
from bot.supervision import Patience, keep_connected


async def nothing(_happened):
    return None


CORE = Core(nothing, nothing, (), ("en",))


class Line:
    """A connection that ends in the given ways, one after the other, and holds at last."""

    def __init__(self, *endings: Exception | None) -> None:
        self.gateway = FakeGateway()
        self.held = asyncio.Event()
        self._endings = list(endings)

    async def run(self, core):
        assert core is CORE
        if not self._endings:
            self.held.set()
            await asyncio.Event().wait()
        ending = self._endings.pop(0)
        if ending is not None:
            raise ending


async def waits_of(line: Line, patience=None) -> list[float]:
    """Keep the line connected until it holds; return how long was waited each time."""
    waits: list[float] = []

    async def sleep(seconds):
        waits.append(seconds)

    keeping = asyncio.create_task(keep_connected("fake", line, CORE, patience or Patience(), sleep))
    async with asyncio.timeout(10):
        await line.held.wait()
    keeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await keeping
    return waits


async def test_a_lost_connection_is_made_anew_after_longer_and_longer_waits():
    waits = await waits_of(Line(OSError("cut"), None, OSError("cut"), OSError("cut")))
    bases = [1, 2, 4, 8]
    assert all(base <= wait <= base * 1.25 for base, wait in zip(bases, waits, strict=True))


async def test_the_wait_has_an_upper_bound():
    waits = await waits_of(Line(*[OSError("cut")] * 30))
    assert 60 <= max(waits) <= 75


async def test_a_connection_that_held_begins_with_the_shortest_wait_again():
    waits = await waits_of(Line(*[OSError("cut")] * 4), Patience(steady=0.0))
    assert max(waits) <= 1.25


async def test_a_refusal_is_told_once_and_tried_again_later():
    refused = ConfigError("Slack refuses the token. Copy it anew.")
    with capture_logs() as logs:
        waits = await waits_of(Line(refused, refused, refused))
    assert waits == [60.0, 60.0, 60.0]
    told = [line for line in logs if line["event"] == "platform refused"]
    assert [line["reason"] for line in told] == ["Slack refuses the token. Copy it anew."]


async def test_a_failing_platform_leaves_the_other_alone():
    failing, steady = Line(*[OSError("cut")] * 20), Line()

    async def at_once(_seconds):
        await asyncio.sleep(0)

    tasks = [asyncio.create_task(keep_connected("x", line, CORE, Patience(), at_once)) for line in (failing, steady)]
    async with asyncio.timeout(10):
        await steady.held.wait()
        await failing.held.wait()
    assert not any(task.done() for task in tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

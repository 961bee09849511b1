"""What can go wrong with the fake platform, at the wish of a test."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Literal

from bot.errors import RetryableError, UncertainError

Method = Literal["send", "edit", "find_sent", "open_form", "add_to_channel", "show_home", "arrange", "fetch_profile"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one call: ``error`` is raised (None: no answer ever comes), before or after it was done."""

    error: Exception | None
    after: bool


class Faults:
    """The faults to come. ``down`` refuses every call; ``latency`` (seconds) delays every call."""

    def __init__(self) -> None:
        self.down = False
        self.latency = 0.0
        self._next: defaultdict[Method, deque[Fault]] = defaultdict(deque)

    def fail_next(self, error: Exception, times: int = 1, on: Method = "send") -> None:
        """Raise ``error`` at the next calls, with nothing done."""
        self._next[on].extend([Fault(error, after=False)] * times)

    def lose_answers(self, times: int = 1, on: Method = "send") -> None:
        """Do what the next calls ask, then raise UncertainError, as when the connection is cut."""
        self._next[on].extend([Fault(UncertainError("the connection was cut"), after=True)] * times)

    def never_answer(self, times: int = 1, on: Method = "send", *, after: bool = False) -> None:
        """Leave the next calls without an answer for ever; ``after``: they are done all the same."""
        self._next[on].extend([Fault(None, after=after)] * times)

    async def before(self, method: Method) -> Fault | None:
        """Let a call in, late, or not at all; return the fault that waits for it afterwards."""
        await asyncio.sleep(self.latency)
        if self.down:
            msg = "the platform is down"
            raise RetryableError(msg)
        fault = self._next[method].popleft() if self._next[method] else None
        if fault and not fault.after:
            await happen(fault)
        return fault


async def happen(fault: Fault) -> None:
    """Raise the fault's error, or wait for ever."""
    if fault.error is None:
        await asyncio.Event().wait()
    else:
        raise fault.error

"""What can be made to go wrong, and the record of what was called."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from tests.emulators.slack.state import Json

FaultKind = Literal["rate_limit", "status", "cut", "late", "garbage", "refuse"]


@dataclass(frozen=True)
class Call:
    """One call of the Web API or a response_url as it came in; `at` is monotonic seconds."""

    method: str
    arguments: Json
    token: str
    at: float


@dataclass(frozen=True)
class Fault:
    """What happens to one call: before it is carried out, or `after`, so that it was carried out all the same."""

    kind: FaultKind
    after: bool = False
    seconds: float = 0.0
    status: int = 500
    error: str = ""


@dataclass
class Faults:
    """The faults that wait, one queue a method; "*" is for the next call of any."""

    waiting: dict[str, deque[Fault]] = field(default_factory=dict)

    def _add(self, method: str, fault: Fault, times: int) -> None:
        self.waiting.setdefault(method, deque()).extend([fault] * times)

    def rate_limit(self, method: str, retry_after: int = 1, times: int = 1) -> None:
        """Answer 429 with Retry-After in seconds."""
        self._add(method, Fault("rate_limit", seconds=retry_after), times)

    def status(self, method: str, status: int = 500, *, after: bool = False, times: int = 1) -> None:
        """Answer with this HTTP status."""
        self._add(method, Fault("status", after, status=status), times)

    def cut(self, method: str, *, after: bool = False, times: int = 1) -> None:
        """Close the connection without an answer."""
        self._add(method, Fault("cut", after), times)

    def late(self, method: str, seconds: float, times: int = 1) -> None:
        """Carry out at once and answer so many seconds later."""
        self._add(method, Fault("late", after=True, seconds=seconds), times)

    def garbage(self, method: str, *, after: bool = True, times: int = 1) -> None:
        """Answer with half a JSON object."""
        self._add(method, Fault("garbage", after), times)

    def refuse(self, method: str, error: str, *, after: bool = False, times: int = 1) -> None:
        """Answer `ok: false` with this error."""
        self._add(method, Fault("refuse", after, error=error), times)

    def take(self, method: str) -> Fault | None:
        """The fault that this call meets."""
        for name in (method, "*"):
            queue = self.waiting.get(name)
            if queue:
                return queue.popleft()
        return None


@dataclass
class RateLimits:
    """Limits that hold all the time, once a test asks for them; a bucket for each method and channel."""

    clock: Callable[[], float]
    rules: dict[str, tuple[float, int]] = field(default_factory=dict)
    _buckets: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)

    def hold(self, method: str, per_second: float = 1.0, burst: int = 1) -> None:
        """Let a method be called so often in each channel, with so many at once."""
        self.rules[method] = (per_second, burst)

    def refusal(self, method: str, channel: str) -> int | None:
        """Seconds to wait when this call is one too many; None when it may pass."""
        if method not in self.rules:
            return None
        per_second, burst = self.rules[method]
        now = self.clock()
        left, then = self._buckets.get((method, channel), (float(burst), now))
        left = min(float(burst), left + (now - then) * per_second)
        allowed = left >= 1
        self._buckets[method, channel] = (left - 1 if allowed else left, now)
        return None if allowed else max(1, math.ceil((1 - left) / per_second))

"""What can be made to go wrong, the rate limits that hold all the time, and the record of what was called."""

from __future__ import annotations

import hashlib
import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

FaultKind = Literal["rate_limit", "status", "cut", "half", "late", "refuse"]
Scope = Literal["user", "global", "shared"]
Headers = dict[str, str]


@dataclass(frozen=True)
class Call:
    """One REST call as it came in; `route` is its method and template, `at` monotonic seconds, `status` its answer.

    The status is 0 for a call that never got one.
    """

    method: str
    path: str
    route: str
    json: Any
    query: dict[str, str]
    at: float
    status: int = 0


@dataclass(frozen=True)
class Fault:
    """What happens to one call: before it is carried out, or `after`, so that it was carried out all the same."""

    kind: FaultKind
    after: bool = False
    seconds: float = 0.0
    status: int = 500
    scope: Scope = "user"
    code: int = 0
    message: str = ""
    via: bool = True


@dataclass
class Faults:
    """The faults that wait, one queue a route (`POST /channels/{channel_id}/messages`); "*" is for the next of any.

    Attributes:
        waiting: the faults, by route.
        outage: an HTTP status with which everything is answered, the gateway too, until it is 0 again.
    """

    waiting: dict[str, deque[Fault]] = field(default_factory=dict)
    outage: int = 0

    def _add(self, route: str, fault: Fault, times: int) -> None:
        self.waiting.setdefault(route, deque()).extend([fault] * times)

    def rate_limit(
        self, route: str, retry_after: float = 0.05, *, scope: Scope = "user", via: bool = True, times: int = 1
    ) -> None:
        """Answer 429; without `via` it looks like a ban by Discord's front server."""
        self._add(route, Fault("rate_limit", seconds=retry_after, scope=scope, via=via), times)

    def status(self, route: str, status: int = 500, *, after: bool = False, times: int = 1) -> None:
        """Answer with this HTTP status and no JSON."""
        self._add(route, Fault("status", after, status=status), times)

    def cut(self, route: str, *, after: bool = False, times: int = 1) -> None:
        """Close the connection without an answer."""
        self._add(route, Fault("cut", after), times)

    def half(self, route: str, times: int = 1) -> None:
        """Carry out, then close the connection in the middle of the answer."""
        self._add(route, Fault("half", after=True), times)

    def late(self, route: str, seconds: float, times: int = 1) -> None:
        """Carry out at once and answer so many seconds later."""
        self._add(route, Fault("late", after=True, seconds=seconds), times)

    def refuse(self, route: str, status: int, code: int, message: str, *, times: int = 1) -> None:
        """Answer with this error of Discord's."""
        self._add(route, Fault("refuse", status=status, code=code, message=message), times)

    def take(self, route: str) -> Fault | None:
        """The fault that this call meets."""
        if self.outage:
            return Fault("status", status=self.outage)
        for name in (route, "*"):
            queue = self.waiting.get(name)
            if queue:
                return queue.popleft()
        return None


@dataclass
class Bucket:
    """How much is left until when, in monotonic seconds."""

    left: int
    until: float


@dataclass
class RateLimits:
    """Buckets for each route and major parameter, and the bot's 50 requests a second.

    Attributes:
        usual: requests and seconds for each route that has no rule of its own.
        everywhere: requests a second of the whole bot.
    """

    usual: tuple[int, float] = (1000, 1.0)
    everywhere: int = 100_000
    rules: dict[str, tuple[int, float]] = field(default_factory=dict)
    clock: Callable[[], float] = time.monotonic
    _buckets: dict[tuple[str, str], Bucket] = field(default_factory=dict)
    _all: Bucket = field(default_factory=lambda: Bucket(0, 0.0))

    def hold(self, route: str, requests: int, seconds: float) -> None:
        """Let a route be called so often in so many seconds, for each channel, guild or webhook."""
        self.rules[route] = (requests, seconds)

    def pass_through(self, route: str, major: str) -> tuple[Headers, float, Scope]:
        """Count one call: the headers of its answer, and the seconds to wait when it is one too many (else 0)."""
        now = self.clock()
        if (wait := self._count_all(now, route)) > 0:
            return {}, wait, "global"
        most, seconds = self.rules.get(route, self.usual)
        bucket = self._buckets.setdefault((route, major), Bucket(most, now + seconds))
        if now >= bucket.until:
            bucket.left, bucket.until = most, now + seconds
        spent = bucket.left <= 0
        bucket.left = max(0, bucket.left - 1)
        return self._headers(route, most, bucket, now), bucket.until - now if spent else 0.0, "user"

    def _count_all(self, now: float, route: str) -> float:
        if "/interactions/" in route or "/webhooks/" in route:
            return 0.0  # these do not count against the bot
        if now >= self._all.until:
            self._all = Bucket(self.everywhere, now + 1)
        self._all.left -= 1
        return self._all.until - now if self._all.left < 0 else 0.0

    def _headers(self, route: str, most: int, bucket: Bucket, now: float) -> Headers:
        rest = math.ceil((bucket.until - now) * 1000) / 1000  # never so short that a punctual client comes too early
        return {
            "X-RateLimit-Limit": str(most), "X-RateLimit-Remaining": str(bucket.left),
            "X-RateLimit-Reset": f"{time.time() + rest:.3f}", "X-RateLimit-Reset-After": f"{rest:.3f}",
            "X-RateLimit-Bucket": hashlib.sha256(route.encode()).hexdigest()[:32],
        }  # fmt: skip


def limited(seconds: float, scope: Scope, *, via: bool = True) -> tuple[dict[str, Any], Headers]:
    """Body and headers of a 429."""
    body = {
        "message": "The resource is being rate limited." if scope == "shared" else "You are being rate limited.",
        "retry_after": round(seconds, 3), "global": scope == "global",
    }  # fmt: skip
    headers = {"Retry-After": str(math.ceil(seconds)), "X-RateLimit-Scope": scope}
    headers |= {"X-RateLimit-Global": "true"} if scope == "global" else {}
    return body, headers | ({"Via": "1.1 google"} if via else {})

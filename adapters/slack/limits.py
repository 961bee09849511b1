"""Slack's rate limits, kept for each method and channel: whoever was told to wait, waits."""

from __future__ import annotations

import asyncio
import time

from bot.errors import RetryableError

LONGEST_WAIT = 5.0
"""Seconds that a call is held back here; a longer wait is given back to whoever plans."""
MOST_KEPT = 1000


class RateLimits:
    """Remembers until when each method rests in each channel (docs.slack.dev/apis/web-api/rate-limits)."""

    def __init__(self) -> None:
        self._until: dict[tuple[str, str], float] = {}

    def rest(self, method: str, channel: str, seconds: float) -> None:
        """Let a method rest in a channel for so many seconds."""
        now = time.monotonic()
        if len(self._until) >= MOST_KEPT:
            self._until = {key: until for key, until in self._until.items() if until > now}
        self._until[method, channel] = now + seconds

    async def wait(self, method: str, channel: str) -> None:
        """Wait until the method may be called. Raises RetryableError when that takes too long."""
        left = self._until.get((method, channel), 0.0) - time.monotonic()
        if left > LONGEST_WAIT:
            msg = f"Slack asked to wait ({method})"
            raise RetryableError(msg, left)
        if left > 0:
            await asyncio.sleep(left)

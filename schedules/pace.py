"""How long each step of due work may take, and how long to wait before the next try."""

from __future__ import annotations

import random
from dataclasses import dataclass

from bot.duework import DueWork


@dataclass(frozen=True, slots=True)
class RunnerTimes:
    """Durations in seconds, and bounds.

    A send starts within ``start_within`` of the claim and takes at most ``send_timeout``, so that it has ended a whole
    ``margin`` before another process may take the row over. ``look_after`` is longer than ``send_timeout``: what was
    sent has arrived, or never will, before anybody looks for it. Within ``nonce_window`` of the first try a platform
    that knows our keys refuses a second message by itself. Raises ValueError for times that break this.
    """

    lease: float = 60.0
    margin: float = 30.0
    start_within: float = 20.0
    send_timeout: float = 10.0
    work_timeout: float = 20.0
    look_after: float = 15.0
    nonce_window: float = 90.0
    backoff_first: float = 2.0
    backoff_most: float = 900.0
    send_attempts: int = 100
    error_attempts: int = 10
    look_attempts: int = 20
    batch: int = 50
    lanes: int = 8

    def __post_init__(self) -> None:
        if self.start_within + self.send_timeout > self.lease - self.margin or self.look_after < self.send_timeout:
            msg = "a send must end a margin before its lease does, and before anybody looks for it"
            raise ValueError(msg)

    def wait(self, work: DueWork, retry_after: float | None = None) -> float:
        """Return the seconds before the next try: what the platform asked for, or twice as long each time.

        The jitter (up to a quarter more) keeps what failed together from coming back together. With the default
        bounds, ``send_attempts`` tries take about a day.
        """
        doubled = min(self.backoff_most, self.backoff_first * 2.0 ** min(work.attempt, 30))
        base = doubled if retry_after is None else max(retry_after, self.backoff_first)
        return base * random.uniform(1.0, 1.25)  # noqa: S311 - nothing secret about a delay

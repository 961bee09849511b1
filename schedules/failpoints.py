"""Named points in the way of due work where a test may kill the process, as a power cut would.

``CONNECTIONS_FAILPOINT=after_fence`` ends the process at the first time it gets there, ``after_fence:3`` at the third.
"""

from __future__ import annotations

import os
from collections import Counter

from bot.errors import ConfigError

VARIABLE = "CONNECTIONS_FAILPOINT"
POINTS = ("before_claim", "after_claim", "after_fence", "mid_send", "after_reply", "after_mark")
KILLED = 137  # the exit status of a process ended by SIGKILL, as a shell shows it

_hits: Counter[str] = Counter()


def hit(point: str) -> None:
    """End the process without any clean-up if the environment asks for it at this point."""
    wanted = os.environ.get(VARIABLE)
    if not wanted:
        return
    name, _, count = wanted.partition(":")
    if name not in POINTS or not (count or "1").isdecimal():
        msg = f"{VARIABLE}={wanted} names no failpoint. Unset it, or use one of: {', '.join(POINTS)} (or name:n)."
        raise ConfigError(msg)
    _hits[point] += 1
    if name == point and _hits[point] == int(count or "1"):
        os._exit(KILLED)

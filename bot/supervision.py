"""Keeping a platform connected: each one made anew on its own when it fails, none able to stop another."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from bot.errors import ConfigError
from bot.platforms import Connection, Core

log = structlog.get_logger("connections.platforms")

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait before a connection is made anew, in seconds.

    Twice as long after each failure, from ``first`` to ``most``; from the beginning again once it had held for
    ``steady``. ``refused`` after the platform refused the settings: somebody has to mend them, perhaps over there.
    """

    first: float = 1.0
    most: float = 60.0
    steady: float = 120.0
    refused: float = 60.0


async def keep_connected(
    name: str, connection: Connection, core: Core, patience: Patience = Patience(), sleep: Sleep = asyncio.sleep
) -> None:
    """Connect, and connect again whenever that ends, until cancelled. Nothing but the cancellation gets out."""
    failures, told = 0, ""
    while True:
        started = time.monotonic()
        try:
            await connection.run(core)
            reason = "the connection ended"
        except ConfigError as error:
            if str(error) != told:  # once, not every minute
                log.error("platform refused", platform=name, reason=str(error))  # noqa: TRY400 - the sentence says all
            told = str(error)
            await sleep(patience.refused)
            continue
        except Exception as error:
            log.exception("platform failed", platform=name)
            reason = repr(error)
        held = time.monotonic() - started >= patience.steady
        failures, told = 0 if held else failures + 1, ""
        wait = min(patience.most, patience.first * 2.0 ** min(max(failures - 1, 0), 10))
        log.warning("platform connects again", platform=name, reason=reason, seconds=round(wait, 1))
        await sleep(wait * random.uniform(1.0, 1.25))  # noqa: S311 - nothing secret about a delay

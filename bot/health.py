"""Whether the assistant can do its work just now, part by part."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import structlog

from bot.duework import Backlog
from bot.ports import UnitOfWorkFactory
from bot.services import Services

log = structlog.get_logger("connections.health")

SILENCE = 10.0
"""The scheduler ticks every two seconds; after this many without a tick, something is wrong with it."""
PATIENCE = 3.0
"""How many seconds the database may take to answer."""
OK = "ok"


class Health:
    """Looks at the parts that everything else hangs on; ``silence`` tells how many seconds ago the scheduler ticked."""

    def __init__(self, uow_factory: UnitOfWorkFactory, services: Services, silence: Callable[[], float]) -> None:
        self._uow_factory = uow_factory
        self._services = services
        self._silence = silence

    async def parts(self) -> Mapping[str, str]:
        """Return "ok", or what is wrong, for each part: the database, the scheduler, every platform."""
        silent = self._silence()
        found = {
            "database": OK if await self.backlog() is not None else "does not answer",
            "scheduler": OK if silent <= SILENCE else f"silent for {silent:.0f} seconds",
        }
        for name, gateway in self._services.gateways.items():
            found[name] = OK if gateway.connected else "not connected"
        return found

    async def backlog(self) -> Backlog | None:
        """Return what is still to be done; None when the database does not answer in time."""
        try:
            async with asyncio.timeout(PATIENCE), self._uow_factory() as uow:
                return await uow.work.backlog(self._services.clock.now())
        except Exception as error:  # noqa: BLE001 - whatever it is, the answer is that it does not answer
            log.warning("database does not answer", reason=repr(error))
            return None

    async def figures(self) -> bytes:
        """Return every figure, as Prometheus reads them."""
        return self._services.metrics.exposition(await self.backlog(), self._services.clock.now())

"""The port for figures, and the plain fallback that keeps none."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.duework import Backlog


class Metrics(Protocol):
    """Counts what happens, for whoever watches over the installation; nothing in it tells of a member."""

    def handled(self, kind: str, command: str, outcome: str, seconds: float) -> None:
        """Count an inbound event: what it was, the command it meant (or ""), what came of it, how long it took."""
        ...

    def worked(self, kind: str, outcome: str, late: float | None = None) -> None:
        """Count a try at due work; ``late`` is how many seconds after its due time it was done."""
        ...

    def exposition(self, backlog: Backlog | None, now: datetime) -> bytes:
        """Return every figure as Prometheus reads them; ``backlog`` is None when the database does not answer."""
        ...


class NoMetrics:
    """Counts nothing."""

    def handled(self, kind: str, command: str, outcome: str, seconds: float) -> None:
        """Do nothing."""

    def worked(self, kind: str, outcome: str, late: float | None = None) -> None:
        """Do nothing."""

    def exposition(self, backlog: Backlog | None, now: datetime) -> bytes:  # noqa: ARG002 - the port's signature
        """Return no figures."""
        return b""

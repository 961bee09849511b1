"""The figures as Prometheus reads them (https://prometheus.io/docs/instrumenting/exposition_formats/)."""

from __future__ import annotations

from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.duework import Backlog

QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
LATE = (1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 21600.0, 86400.0)


class PrometheusMetrics:
    """Counts in a registry of its own, so that two assistants in one process count apart."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._handled = Counter(
            "connections_inbound", "Inbound events handled.", ("kind", "command", "outcome"), registry=registry
        )
        self._seconds = Histogram(
            "connections_inbound_seconds", "Time to handle one.", ("kind",), buckets=QUICK, registry=registry
        )
        self._worked = Counter(
            "connections_due_work", "Tries at due work, by what came of them.", ("kind", "outcome"), registry=registry
        )
        self._late = Histogram(
            "connections_due_work_late_seconds", "Done after its due time.", ("kind",), buckets=LATE, registry=registry
        )
        self._open = Gauge("connections_due_work_open", "Due work not ended yet.", ("state",), registry=registry)
        self._overdue = Gauge(
            "connections_due_work_overdue_seconds", "How long the earliest open work is due.", registry=registry
        )
        self._database = Gauge("connections_database_up", "1 when the database answers.", registry=registry)

    def handled(self, kind: str, command: str, outcome: str, seconds: float) -> None:
        """Count an inbound event, and how long it took (seconds)."""
        self._handled.labels(kind, command, outcome).inc()
        self._seconds.labels(kind).observe(seconds)

    def worked(self, kind: str, outcome: str, late: float | None = None) -> None:
        """Count a try at due work, and how late it was done (seconds)."""
        self._worked.labels(kind, outcome).inc()
        if late is not None:
            self._late.labels(kind).observe(late)

    def exposition(self, backlog: Backlog | None, now: datetime) -> bytes:
        """Return every figure; what is open comes from the database at this moment."""
        self._database.set(backlog is not None)
        if backlog is not None:
            for state, count in backlog.open.items():
                self._open.labels(state.value).set(count)
            since = backlog.due_since
            self._overdue.set((now - since).total_seconds() if since else 0.0)
        return generate_latest(self._registry)

"""What all benchmarks measure with: percentiles, memory, the machine, and tables that say who is ahead."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import structlog

from bot.config import Settings
from bot.logs import configure

Better = Literal["less", "more"]


@dataclass(slots=True)
class Table:
    """A table with what must be said about it, as Markdown."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def markdown(self) -> str:
        """Return the table as a section."""
        head = [" | ".join(self.columns), " | ".join("---" for _ in self.columns)]
        lines = [f"| {line} |" for line in (*head, *(" | ".join(row) for row in self.rows))]
        return "\n".join([f"## {self.title}", "", *lines, *(line for remark in self.remarks for line in ("", remark))])


@dataclass(frozen=True, slots=True)
class Aim:
    """Something wanted, and whether this run reached it."""

    what: str
    wanted: str
    got: str
    met: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of ours and a rival's, round by round; ``better`` says which way is ahead."""

    ours: tuple[float, ...]
    rivals: tuple[float, ...]
    better: Better

    @property
    def ratio(self) -> float:
        """How many times ours is ahead (below 1: behind): the median of the rounds' own ratios."""
        pairs = zip(self.ours, self.rivals, strict=True)
        return statistics.median(his / ours if self.better == "less" else ours / his for ours, his in pairs)

    def cells(self, unit: str, rival: str) -> tuple[str, str, str]:
        """Return both medians and who is ahead."""
        ahead = f"Connections, {self.ratio:.1f} ×" if self.ratio >= 1 else f"{rival}, {1 / self.ratio:.1f} ×"
        return (
            f"{rounded(statistics.median(self.ours))} {unit}",
            f"{rounded(statistics.median(self.rivals))} {unit}",
            ahead,
        )


def rounded(value: float) -> str:
    """Return a figure with as many digits as mean something."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least ``share`` of all do not exceed (nearest rank)."""
    return sorted(values)[max(0, -(-len(values) * round(share * 100) // 100) - 1)]


def memory(pid: int) -> float:
    """Return the memory a process holds (resident set size) in MB, as Linux tells it."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


TICK = 1 / os.sysconf("SC_CLK_TCK")
"""Seconds in which Linux counts processor time."""


def processor_seconds(pid: int) -> float:
    """Return the processor time a process has used (user and system), as Linux tells it."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK


@contextmanager
def logging_to(path: Path) -> Iterator[None]:
    """Log as `connections run` does, to a file."""
    with path.open("a", encoding="utf-8") as log:
        with redirect_stderr(log):
            configure(Settings(_env_file=None))
        yield
    structlog.reset_defaults()


def machine(postgres: str) -> list[str]:
    """Return what the figures were taken on, a line each."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return [
        f"{os.cpu_count()} cores, {total:.0f} GB of memory, {platform.system()} {platform.machine()}",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {postgres}",
        f"Load when the run began (processes wanting a core, average of one minute): {os.getloadavg()[0]:.1f}",
    ]

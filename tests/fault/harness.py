"""Runs the worker, kills it, runs it again, and judges by what stands on the platform in the end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from adapters.fake.gateway import FakeGateway
from adapters.fake.text import text_of
from schedules.failpoints import KILLED, VARIABLE

WORKER = Path(__file__).with_name("worker.py")
ROOT = WORKER.parents[2]


@dataclass(frozen=True)
class Verdict:
    """What did not reach the platform, and what reached it more than once."""

    lost: frozenset[str]
    doubled: frozenset[str]


CLEAN = Verdict(frozenset(), frozenset())


@dataclass(frozen=True)
class Trial:
    """One set of messages (and tasks), a platform, a database, and a way of sending."""

    platform: Path
    database: str = ""
    messages: int = 5
    tasks: int = 0
    idempotent: bool = False
    latency: float = 0.0
    sender: str = "runner"

    def start(self, failpoint: str = "") -> subprocess.Popen[str]:
        """Start the worker."""
        options = {name: getattr(self, name) for name in ("platform", "database", "messages", "tasks", "sender")}
        arguments = [f"--{name}={value}" for name, value in options.items()]
        arguments += [f"--latency={self.latency}", *(["--idempotent"] if self.idempotent else [])]
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), VARIABLE: failpoint}
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, WORKER, *arguments], env=environment, stdout=subprocess.PIPE, stderr=log, text=True
            )

    @property
    def log(self) -> Path:
        """Where the worker's log goes."""
        return self.platform.with_suffix(".log")

    def dies_at(self, failpoint: str) -> None:
        """Run the worker until it dies there."""
        with self.start(failpoint) as worker:
            worker.communicate()
        assert worker.returncode == KILLED, self.log.read_text()

    def ends(self, worker: subprocess.Popen[str] | None = None) -> str:
        """Run the worker to its end; return the last line it wrote."""
        with worker or self.start() as running:
            output, _ = running.communicate()
        assert running.returncode == 0, self.log.read_text()
        return output.strip().rpartition("\n")[2]

    def verdict(self) -> Verdict:
        """Judge by the platform alone."""
        wanted = {f"message-{number}" for number in range(self.messages)}
        found = Counter(text_of(sent.message) for sent in self._messages())
        return Verdict(frozenset(wanted - found.keys()), frozenset(key for key, times in found.items() if times > 1))

    def check_report(self, line: str) -> None:
        """Compare what the bot believes with what is so: every message where it says, every task run once."""
        report = json.loads(line)
        assert set(report["states"].values()) == {"done"}
        assert report["sent"] == {text_of(sent.message): sent.ref.message for sent in self._messages()}
        assert report["runs"] == {f"task-{number}": "1" for number in range(self.tasks)}

    def _messages(self):
        gateway = FakeGateway(path=self.platform)
        messages = gateway.messages()
        gateway.close()
        return messages

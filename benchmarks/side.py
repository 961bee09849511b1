"""One side of a comparison: a process of its own, in its own environment, asked line by line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import venv
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks.measure import memory, processor_seconds

ROOT = Path(__file__).resolve().parent.parent
RIVALS = Path(__file__).with_name("rivals")
BUILD = ROOT / "build" / "benchmarks"
ENVIRONMENTS = ROOT / ".tools" / "rivals"
SETTLING = 1.0
"""Seconds after which a process that does nothing has let go of what starting took."""


def rival_python(name: str) -> Path:
    """Return the Python of a rival's own environment, made at first use from ``rivals/<name>.txt``."""
    folder, wanted = ENVIRONMENTS / name, (RIVALS / f"{name}.txt").read_text(encoding="utf-8")
    python, installed = folder / "bin" / "python", folder / "installed.txt"
    if not installed.exists() or installed.read_text(encoding="utf-8") != wanted:
        print(f"Installing {name} into {folder.relative_to(ROOT)} (once) ...", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        quiet = ("--quiet", "--quiet", "--disable-pip-version-check", "--no-input")
        subprocess.run([python, "-m", "pip", "install", *quiet, "-r", RIVALS / f"{name}.txt"], check=True)  # noqa: S603
        installed.write_text(wanted, encoding="utf-8")
    return python


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a measured process: nothing of ours but where the code is."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder), "PYTHONPATH": str(ROOT)}


class Side:
    """A running process; ``seconds_to_ready`` is from its start to its first line."""

    def __init__(self, command: Sequence[str | Path], folder: Path) -> None:
        started = time.perf_counter()
        with (folder / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                command,
                cwd=folder,
                env=environment(folder),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self._log = folder / "log"
        self._read()
        self.seconds_to_ready = time.perf_counter() - started

    @classmethod
    def ours(cls, module: str, *arguments: object, folder: Path) -> Self:
        """Start one of our modules."""
        return cls([sys.executable, "-m", module, *map(str, arguments)], folder)

    @classmethod
    def rival(cls, name: str, script: str, *arguments: object, folder: Path) -> Self:
        """Start a rival's script in the rival's environment."""
        return cls([rival_python(name), RIVALS / script, *map(str, arguments)], folder)

    def ask(self, **request: object) -> dict[str, Any]:
        """Let it do something, and return what came of it."""
        assert self._process.stdin is not None  # noqa: S101 - a pipe, as asked for
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._read())
        return answer

    def memory(self) -> float:
        """Return its memory in MB, once it has settled."""
        time.sleep(SETTLING)
        return memory(self._process.pid)

    def processor_seconds(self) -> float:
        """Return the processor time it has used."""
        return processor_seconds(self._process.pid)

    def _read(self) -> str:
        assert self._process.stdout is not None  # noqa: S101
        line = self._process.stdout.readline()
        if not line:
            self.stop()
            said = self._log.read_text(encoding="utf-8", errors="replace")[-2000:]
            msg = f"A measured process ended too early. The end of its log:\n{said}"
            raise SystemExit(msg)
        return line

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.communicate()

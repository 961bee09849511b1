"""The operator's commands, each run in a process of its own, as they are typed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from scripts.test_needs import ROOT
from tests.postgres import PostgresServer

ASSISTANT = Path(sys.executable).with_name("connections")


def connections(
    *arguments: str | Path, typed: str = "", folder: Path | None = None, **environment: str | Path
) -> subprocess.CompletedProcess[str]:
    """Run a command, in ``folder``, for a user who types ``typed``; the settings are given by name."""
    settings = {name: str(value) for name, value in environment.items()}
    return subprocess.run(
        [ASSISTANT, *arguments],
        env={"PATH": os.environ["PATH"], "COLUMNS": "200", "PYTHONPATH": str(ROOT), **settings},
        input=typed,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def done(*arguments: str | Path, **environment: str | Path) -> str:
    """Run a command that must work; return what it prints."""
    ran = connections(*arguments, **environment)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def refused(*arguments: str | Path, **environment: str | Path) -> str:
    """Run a command that must refuse in one sentence; return the sentence."""
    ran = connections(*arguments, **environment)
    assert ran.returncode == 2, (ran.returncode, ran.stdout, ran.stderr)
    assert ran.stderr.startswith("connections: ")
    assert len(ran.stderr.strip().splitlines()) == 1
    return ran.stderr.strip().removeprefix("connections: ")


def path_with(server: PostgresServer) -> str:
    """Return a PATH on which the server's own programs come first."""
    return os.pathsep.join((str(server.programs), os.environ["PATH"]))


@contextmanager
def running(folder: Path, log: Path, **environment: str):
    """The assistant as an operator starts it; gives its address."""
    settings = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "WEB_PORT": "0", **environment}
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [ASSISTANT, "run"], env=settings, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=folder.parent
        )
    with process:
        assert process.stdout
        try:
            yield process.stdout.readline().split()[3].rstrip("/")
        finally:
            process.send_signal(signal.SIGTERM)

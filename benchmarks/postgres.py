"""A private PostgreSQL server that writes to the disk as a real one does."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from scripts.test_needs import POSTGRES_ADVICE, bring, find_postgres, postgres_commands
from tests.postgres import PostgresServer, run, running_server


@contextmanager
def durable_server() -> Iterator[PostgresServer]:
    """Start the tests' server anew without the settings that let tests lose what they wrote."""
    with running_server(bring(find_postgres, postgres_commands(), POSTGRES_ADVICE)) as server:
        settings = f"-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c timezone=UTC -p {server.port}"
        data, log = server.folder / "data", server.folder / "log"
        command = (server.programs / "pg_ctl", "restart", "-w", "-D", data, "-l", log, "-m", "fast", "-o", settings)
        run(command, server.folder)
        yield server


def version(server: PostgresServer) -> str:
    """Return the server's name and version."""
    told = subprocess.run([server.programs / "postgres", "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    return "PostgreSQL " + "".join(re.findall(r"\d+(?:\.\d+)?", told.stdout)[:1])

"""A private PostgreSQL server for the tests: its own folder, a free port on loopback, a password, gone at the end."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

USER = "connections"
TRIES_FOR_A_PORT = 5
# The data folder lives as long as the tests: nothing has to survive the machine, so nothing waits for the disk.
# A crash of a client loses nothing all the same; a test that stops the server switches synchronous_commit on.
SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "timezone=UTC",
)


@dataclass(frozen=True)
class PostgresServer:
    """A running server."""

    programs: Path
    folder: Path
    port: int
    password: str

    def url(self, database: str) -> str:
        """Return the address of a database in the form of ``DATABASE_URL``."""
        return f"postgresql+asyncpg://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def create_database(self, template: str = "template0") -> str:
        """Create a database, as a copy of ``template``, and return its name."""
        name = f"test_{secrets.token_hex(6)}"
        self._run("createdb", "--template", template, name)
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database, and whoever is still connected to it."""
        self._run("dropdb", "--force", name)

    def _run(self, program: str, *arguments: str) -> None:
        connection = {"PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": USER, "PGPASSWORD": self.password}
        run([self.programs / program, "--maintenance-db=postgres", *arguments], self.folder, connection)


@contextmanager
def running_server(programs: Path) -> Iterator[PostgresServer]:
    """Make a database cluster, run a server on it, and remove both."""
    folder = Path(tempfile.mkdtemp(prefix="connections-postgres-"))
    try:
        server = _start(_made_reachable(programs, folder), folder)
        try:
            yield server
        finally:
            run([server.programs / "pg_ctl", "stop", "-D", folder / "data", "-m", "immediate"], folder)
    finally:
        shutil.rmtree(folder)


def _start(programs: Path, folder: Path) -> PostgresServer:
    password = secrets.token_hex(16)
    pwfile = folder / "password"
    pwfile.write_text(password)
    _give_away(folder)
    auth = (f"--username={USER}", f"--pwfile={pwfile}", "--auth=password")
    run([programs / "initdb", "-D", folder / "data", *auth, "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"], folder)
    settings = " ".join(f"-c {setting}" for setting in SETTINGS)
    for attempt in range(1, TRIES_FOR_A_PORT + 1):
        port = _free_port()
        options = ("-w", "-D", str(folder / "data"), "-l", str(folder / "log"), "-o", f"{settings} -p {port}")
        try:
            run([programs / "pg_ctl", "start", *options], folder)
        except RuntimeError:
            # Another program took the port between our look and the server's.
            if attempt == TRIES_FOR_A_PORT or "Address already in use" not in (folder / "log").read_text():
                raise
        else:
            return PostgresServer(programs, folder, port, password)
    raise AssertionError


def run(command: Sequence[str | Path], folder: Path, extra: dict[str, str] | None = None) -> None:
    """Run one of PostgreSQL's programs; it refuses root, so root lends it an account without rights."""
    account = _unprivileged()
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8", **(extra or {})}
    log = folder / "commands"
    with log.open("ab") as output:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=() if account else None,
        )
    if done.returncode:
        msg = f"{command} failed:\n{log.read_text()}"
        raise RuntimeError(msg)


def _unprivileged() -> pwd.struct_passwd | None:
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _give_away(folder: Path) -> None:
    account = _unprivileged()
    if account:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)


def _made_reachable(programs: Path, folder: Path) -> Path:
    """Return the programs, or a copy of the installation when its folder is closed to the other account.

    The wheel keeps its libraries in a folder beside its package, found from the programs by a relative path.
    """
    closed = [parent for parent in programs.parents if not parent.stat().st_mode & 0o001]
    if not _unprivileged() or not closed:
        return programs
    site, copy = programs.parents[2], folder / "installation"
    for part in (programs.parent, *site.glob("pgserver*.libs")):
        shutil.copytree(part, copy / part.relative_to(site), symlinks=True)
    return copy / programs.relative_to(site)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

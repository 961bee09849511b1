"""Copying an SQLite file while it is written to, and putting a copy in its place."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import ConfigError
from storage.engine import open_engine
from storage.restored import OF_NO_WEIGHT, RESTORED, look_before_sending
from storage.tables import due_work

BUSY_SECONDS = 30.0


def copy(path: Path, to: Path) -> str:
    """Copy the file as it stands at one moment; return the schema's revision.

    The whole copy is one step of SQLite's online backup (https://www.sqlite.org/backup.html), so it reads one state
    of the database and keeps no writer waiting. Raises ConfigError when there is nothing to copy.
    """
    if not path.exists():
        msg = f"There is no database {path} to back up. DATA_DIR or DATABASE_URL names another one."
        raise ConfigError(msg)
    to.touch(mode=0o600)
    try:
        with closing(_opened(path)) as source, closing(sqlite3.connect(to)) as made:
            source.backup(made)
            return check(made, path)
    except sqlite3.Error as error:
        msg = f"The database {path} cannot be copied ({error}). Check the file, and the room on the disk."
        raise ConfigError(msg) from error


def check(made: sqlite3.Connection, name: Path) -> str:
    """Return the revision of a copy that is whole. Raises ConfigError for another program's, or a damaged one."""
    whole = made.execute("PRAGMA quick_check(1)").fetchone()[0]
    if whole != "ok":
        msg = f"The database {name} is damaged ({whole}). Restore an earlier backup."
        raise ConfigError(msg)
    with suppress(sqlite3.OperationalError):
        found = made.execute("SELECT version_num FROM alembic_version").fetchone()
        if found:
            return str(found[0])
    msg = f"{name} is not a database of the assistant, or an empty one, so there is nothing to back up."
    raise ConfigError(msg)


async def put_back(path: Path, payload: Path, backed_up: datetime, *, replace: bool) -> int:
    """Move a copy to where the database is; return how many messages in it will be looked for."""
    if not replace and _holds_something(path):
        msg = f"The database {path} holds something already. Add --replace to put the backup in its place."
        raise ConfigError(msg)
    uncertain = await _marked(payload, backed_up)
    _move(payload, path)
    return uncertain


def _move(payload: Path, path: Path) -> None:
    for suffix in ("-wal", "-shm", "-journal"):  # what belongs to the old file would spoil the new one
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    payload.replace(path)


async def _marked(payload: Path, backed_up: datetime) -> int:
    with closing(_opened(payload)) as made:
        check(made, payload)
    engine = open_engine(f"sqlite:///{payload}")
    try:
        return await _mark(engine, backed_up)
    finally:
        await engine.dispose()


async def _mark(engine: AsyncEngine, backed_up: datetime) -> int:
    async with engine.begin() as connection:
        for statement in look_before_sending(datetime.now(UTC), backed_up):
            await connection.execute(statement)
        counted = sa.select(sa.func.count()).select_from(due_work).where(RESTORED)
        return int(await connection.scalar(counted) or 0)


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS)


def _holds_something(path: Path) -> bool:
    """Tell whether somebody would miss what is there; what cannot be read may be something, too."""
    if not path.exists() or path.stat().st_size == 0:
        return False
    try:
        with closing(_opened(path)) as there:
            names = [name for (name,) in there.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            weighty = [n for n in names if n not in OF_NO_WEIGHT and not n.startswith(("sqlite_", "search_"))]
            return any(there.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone() for name in weighty)  # noqa: S608
    except sqlite3.Error:
        return True

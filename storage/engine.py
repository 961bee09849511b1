"""The database: SQLite in a file (or in memory), or PostgreSQL; opened for one kind of transaction each.

SQLite has one writer at a time. Every transaction therefore begins with BEGIN IMMEDIATE, so that none finds out half
way that it may not write, and the process has a single connection, for which its tasks queue in the order they came.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.errors import ConfigError
from storage.sqlitedriver import connect

BUSY_MS = 5000
QUEUE_SECONDS = 10
DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
PRAGMAS = (f"busy_timeout = {BUSY_MS}", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON")


def database_url(text: str) -> URL:
    """Return the address with the driver we use. Raises ConfigError for anything but SQLite and PostgreSQL."""
    try:
        url = make_url(text)
    except ArgumentError:
        url = None
    if url is None or url.get_backend_name() not in DRIVERS:
        msg = (
            "DATABASE_URL is not an address of a database we know. Write sqlite:///data/connections.db or "
            "postgresql://user:password@host/name, or leave it empty for a file in the data folder."
        )
        raise ConfigError(msg)
    return url.set(drivername=DRIVERS[url.get_backend_name()])


def database_file(url: URL) -> Path | None:
    """Return the file of an SQLite database; None for one in memory, or for PostgreSQL."""
    if url.get_backend_name() != "sqlite" or url.database in {None, "", ":memory:"}:
        return None
    return Path(str(url.database))


def open_engine(url: str) -> AsyncEngine:
    """Return the engine of a database; nothing is connected before it is first used."""
    address = database_url(url)
    if address.get_backend_name() == "postgresql":
        return create_async_engine(address, pool_pre_ping=True)
    return _open_sqlite(address)


def _open_sqlite(url: URL) -> AsyncEngine:
    arguments, options = url.get_dialect()().create_connect_args(url)
    engine = create_async_engine(
        url,
        async_creator=lambda: connect(*arguments, **options),
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=QUEUE_SECONDS,
    )
    event.listen(engine.sync_engine, "connect", _set_pragmas)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _set_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")

"""Bringing a database up to the code's own revision, at every start.

A revision's file is named after it (``0001_…``), so that a database that is up to date is known without loading
alembic, which takes longer than the rest of the start.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import ConfigError, Conflict
from storage.engine import database_file
from storage.errors import BUSY, as_conflict

MIGRATIONS = Path(__file__).with_name("migrations")
UPGRADE_LOCK = 4_276_351
"""PostgreSQL's advisory lock under which one replica upgrades while others wait; any number nobody else uses."""


def revisions() -> tuple[str, ...]:
    """Return the revisions this code knows, the first one first."""
    return tuple(sorted(path.stem.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")))


async def upgrade(engine: AsyncEngine) -> None:
    """Create the tables, or bring them up to date, in one transaction.

    Raises ConfigError for a database that is newer than the code, or that cannot be opened, and Conflict while it is
    locked by another program or cannot be reached.
    """
    try:
        _make_file(engine)
        if not await _up_to_date(engine):
            async with prepared(engine) as connection:
                await connection.run_sync(_run_alembic, "head")
    except (DBAPIError, OSError, sqlite3.Error) as error:
        raise _explained(engine, error) from error


@asynccontextmanager
async def prepared(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Open the transaction of a migration.

    SQLite changes a table by making a new one and dropping the old one, which must not cascade: foreign keys are off
    meanwhile (a transaction cannot switch them) and checked before it ends.
    """
    sqlite = engine.dialect.name == "sqlite"
    async with engine.connect() as connection:
        if sqlite:
            await _switch_foreign_keys(connection, "OFF")
        try:
            async with connection.begin():
                if not sqlite:
                    await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(UPGRADE_LOCK)))
                yield connection
                if sqlite:
                    await _check_foreign_keys(connection)
        finally:
            if sqlite:
                await _switch_foreign_keys(connection, "ON")


async def _switch_foreign_keys(connection: AsyncConnection, state: str) -> None:
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    if driver is not None:
        await driver.execute(f"PRAGMA foreign_keys = {state}")


async def _check_foreign_keys(connection: AsyncConnection) -> None:
    broken = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).mappings().first()
    if broken is not None:
        msg = f"Rows of {broken['table']} refer to rows of {broken['parent']} that are gone; restore a backup."
        raise ConfigError(msg)


def _make_file(engine: AsyncEngine) -> None:
    """Make the database's folder and file, readable by their owner alone: they hold personal data."""
    path = database_file(engine.url)
    if path is not None and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)


async def _up_to_date(engine: AsyncEngine) -> bool:
    known = revisions()
    current = await _revision(engine)
    if current is not None and current not in known:
        msg = (
            f"The database is newer than this version of the assistant (revision {current}; this version knows "
            f"{known[-1]}). Install the newer version again, or restore the backup made before it was installed."
        )
        raise ConfigError(msg)
    return current == known[-1]


async def _revision(engine: AsyncEngine) -> str | None:
    async with engine.connect() as connection:
        if not await connection.run_sync(lambda sync: sa.inspect(sync).has_table("alembic_version")):
            return None
        version: str | None = await connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return version


def _run_alembic(connection: sa.Connection, target: str) -> None:
    from alembic import command  # noqa: PLC0415 - slow to load, and seldom needed
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, target)


def _explained(engine: AsyncEngine, error: Exception) -> Exception:
    conflict = as_conflict(error)
    path = database_file(engine.url)
    if conflict is not None or path is None:
        return conflict or Conflict(BUSY)
    return ConfigError(
        f"The database {path} cannot be opened ({error.__cause__ or error}). Check that the folder can be written to "
        "and that the file is a database of the assistant; DATABASE_URL or DATA_DIR names another one."
    )

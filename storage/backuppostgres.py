"""Copying a PostgreSQL database by its own programs, and putting a copy back in one transaction."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from bot.errors import ConfigError
from storage.pgtools import find_tool, run_tool
from storage.restored import OF_NO_WEIGHT, RESTORED, look_before_sending
from storage.tables import due_work, metadata
from storage.upgrade import UPGRADE_LOCK

OTHERS = sa.text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND usesysid IS NOT NULL"
)
QUIET = ("--no-psqlrc", "--quiet", "--no-password", "--single-transaction", "--set=ON_ERROR_STOP=1")


async def dump(url: URL, to: Path) -> str:
    """Copy the assistant's tables as they stand at one moment; return the schema's revision.

    The revision is read in the very snapshot that is copied. Raises ConfigError when it cannot be done.
    """
    find_tool("pg_dump")
    try:
        async with _connected(url) as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")
            tables = await _ours(connection)
            if "alembic_version" not in tables:
                msg = "The database in DATABASE_URL is empty, so there is nothing to back up."
                raise ConfigError(msg)
            revision = await connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
            snapshot = await connection.scalar(sa.text("SELECT pg_export_snapshot()"))
            schema = await connection.scalar(sa.text("SELECT current_schema()"))
            only = [f'--table="{schema}"."{name}"' for name in tables]
            how = ("--format=custom", "--no-owner", "--no-privileges", "--no-password", f"--snapshot={snapshot}")
            await run_tool(url, "pg_dump", *how, f"--file={to}", *only)
    except (DBAPIError, OSError) as error:
        raise _unreachable(error) from error
    return str(revision)


async def put_back(url: URL, payload: Path, backed_up: datetime, *, replace: bool) -> int:
    """Replace the assistant's tables by a copy, all at once; return how many messages in it will be looked for."""
    find_tool("psql")
    try:
        async with _connected(url) as connection:
            await _check_alone(connection)
            tables = await _ours(connection)
            schema = await connection.scalar(sa.text("SELECT current_schema()"))
            if not replace and await _holds_something(connection, tables):
                msg = "The database in DATABASE_URL holds something already. Add --replace to put the backup there."
                raise ConfigError(msg)
        await _carry_out(url, payload, _before(tables, str(schema)), _after(backed_up))
        async with _connected(url) as connection:
            counted = sa.select(sa.func.count()).select_from(due_work).where(RESTORED)
            return int(await connection.scalar(counted) or 0)
    except (DBAPIError, OSError) as error:
        raise _unreachable(error) from error


async def _carry_out(url: URL, payload: Path, before: str, after: str) -> None:
    """Run what the copy holds between our own statements, in one transaction."""
    script = payload.with_name("restore.sql")
    await run_tool(url, "pg_restore", "--no-owner", "--no-privileges", f"--file={script}", payload)
    parts = [payload.with_name("before.sql"), script, payload.with_name("after.sql")]
    parts[0].write_text(before, encoding="utf-8")
    parts[2].write_text(after, encoding="utf-8")
    await run_tool(url, "psql", *QUIET, *(f"--file={part}" for part in parts))


def _before(tables: list[str], schema: str) -> str:
    lines = ["SET lock_timeout = '10s';", f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK});"]
    return "\n".join([*lines, *(f'DROP TABLE "{schema}"."{name}" CASCADE;' for name in tables)])


def _after(backed_up: datetime) -> str:
    """Return the marks on what may have been sent since; a dump's script leaves no search path behind."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    marks = [
        str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
        for statement in look_before_sending(datetime.now(UTC), backed_up)
    ]
    return "".join(f"{line};\n" for line in ("RESET search_path", *marks))


def _connected(url: URL) -> AsyncConnection:
    return create_async_engine(url, poolclass=NullPool).connect()


async def _ours(connection: AsyncConnection) -> list[str]:
    """Return the names of the assistant's tables; the database may hold others', too."""
    names = await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names())
    known = {*metadata.tables, "alembic_version"}
    return sorted(name for name in names if name in known or name.startswith("search_"))


async def _check_alone(connection: AsyncConnection) -> None:
    others = await connection.scalar(OTHERS)
    if others:
        msg = (
            f"The database is in use ({others} open connections): the assistant is running on it, or somebody looks "
            "into it. Stop that, then restore; nothing was changed."
        )
        raise ConfigError(msg)


async def _holds_something(connection: AsyncConnection, tables: list[str]) -> bool:
    weighty = [name for name in tables if name not in OF_NO_WEIGHT and not name.startswith("search_")]
    found = [await connection.scalar(sa.select(sa.literal(1)).select_from(sa.table(n)).limit(1)) for n in weighty]
    return any(found)


def _unreachable(error: Exception) -> ConfigError:
    reason = str(getattr(error, "orig", None) or error).splitlines()[0]
    return ConfigError(f"The database in DATABASE_URL cannot be used ({reason}). Check that it runs, and the address.")

"""Looking at a database without changing anything in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.checks import DatabaseFacts
from bot.errors import ConfigError
from storage.engine import database_file, database_url, open_engine
from storage.pgtools import find_tool
from storage.tables import occurrence, setting
from storage.upgrade import revisions

TOOLS = ("pg_dump", "pg_restore", "psql")


async def look(database: str) -> DatabaseFacts:
    """Return what can be seen of a database; what is in the way is one of the facts."""
    try:
        url = database_url(database)
    except ConfigError:
        return DatabaseFacts("the database", exists=False, known=revisions(), error="the address is of no known kind")
    where, file = _where(url), database_file(url)
    if _nothing_there(url):
        return DatabaseFacts(where, exists=False, known=revisions())
    engine = open_engine(database)
    try:
        async with engine.connect() as connection:
            facts = await _facts(connection, where)
        return replace(facts, file=file, backup_tools=file is not None or _tools())
    except (DBAPIError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        return DatabaseFacts(where, exists=True, known=revisions(), error=reason)
    finally:
        await engine.dispose()


def _where(url: URL) -> str:
    return str(database_file(url) or url.set(username=None, password=None, query={}).render_as_string())


def _nothing_there(url: URL) -> bool:
    path = database_file(url)
    return path is not None and (not path.exists() or path.stat().st_size == 0)


async def _facts(connection: AsyncConnection, where: str) -> DatabaseFacts:
    names = await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names())
    if "alembic_version" not in names:
        return DatabaseFacts(where, exists=True, known=revisions())
    revision = await connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    community = await connection.scalar(sa.select(setting.c.value).where(setting.c.name == "community"))
    ahead = sa.select(occurrence.c.tzdata_version).where(occurrence.c.ends_utc > datetime.now(UTC)).distinct()
    used = frozenset(await connection.scalars(ahead))
    return DatabaseFacts(where, True, revisions(), revision, community, used)


def _tools() -> bool:
    try:
        return all(find_tool(name) for name in TOOLS)
    except ConfigError:
        return False

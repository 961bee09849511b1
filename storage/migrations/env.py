"""Where alembic runs: on the connection that storage.upgrade hands over, or on DATABASE_URL from its command line."""

from __future__ import annotations

import asyncio

from alembic import context
from sqlalchemy import Connection

from bot.config import load_settings
from storage.engine import open_engine
from storage.tables import metadata
from storage.upgrade import prepared


def migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


async def migrate_by_hand() -> None:
    engine = open_engine(load_settings().database)
    try:
        async with prepared(engine) as connection:
            await connection.run_sync(migrate)
    finally:
        await engine.dispose()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    asyncio.run(migrate_by_hand())

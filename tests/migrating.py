"""Taking a database to any revision, for the tests that need one of an earlier version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.upgrade import MIGRATIONS, prepared


async def migrate(engine: AsyncEngine, direction: str, target: str) -> None:
    """Run alembic as the assistant does, but to any revision, in either direction."""

    def run(connection: sa.Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        getattr(command, direction)(config, target)

    async with prepared(engine) as connection:
        await connection.run_sync(run)

"""From an empty database to the tables of the code, one step at a time, down again, and nothing lost on the way."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import ConfigError, Conflict
from bot.features.meetings.model import AgendaItem, ItemKind, Meeting
from bot.features.members.model import Member
from storage.engine import PRAGMAS, open_engine
from storage.records import values_of
from storage.tables import metadata
from storage.unit_of_work import unit_of_work_factory
from storage.upgrade import MIGRATIONS, prepared, revisions, upgrade
from tests.migrating import migrate

SEARCH = "search_"
STEPS = revisions()
MEMBER = Member("ama", "Ama", datetime(2026, 11, 24, 9, tzinfo=UTC), languages=("fr",))
MEETING = Meeting("m", "Plenary", datetime(2026, 11, 24, 15), "UTC", 60, "ama")  # noqa: DTZ001 - a wall time
ITEM = AgendaItem("i", "m", 0, 0, 30, "Opening", ItemKind.PLENARY)


@pytest.fixture
async def empty(database_url: str):
    """An open database without tables, once of each kind."""
    engine = open_engine(database_url)
    yield engine
    await engine.dispose()


async def tables(engine: AsyncEngine) -> set[str]:
    async with engine.connect() as connection:
        return set(await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names()))


async def differences(engine: AsyncEngine) -> list[Any]:
    def compare(connection: sa.Connection) -> list[Any]:
        ours = {"include_name": lambda name, kind, _: kind != "table" or not str(name).startswith(SEARCH)}
        return compare_metadata(MigrationContext.configure(connection, opts=ours), metadata)

    async with engine.connect() as connection:
        return await connection.run_sync(compare)


async def test_head_is_what_the_code_expects(empty):
    await upgrade(empty)
    assert set(metadata.tables) <= await tables(empty)
    assert await differences(empty) == []


async def test_a_difference_would_be_seen(empty):
    await upgrade(empty)
    async with empty.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE setting ADD COLUMN extra text")
        await connection.exec_driver_sql("DROP INDEX ix_due_work_pending")
    assert {change[0] for change in await differences(empty)} == {"remove_column", "add_index"}


async def test_upgrading_again_changes_nothing(empty):
    await upgrade(empty)
    await upgrade(empty)
    assert await differences(empty) == []


OPEN = """
import asyncio, sys
from storage.engine import PRAGMAS, open_engine
from storage.upgrade import upgrade

async def main():
    engine = open_engine(sys.argv[1])
    await upgrade(engine)
    await engine.dispose()

asyncio.run(main())
print("alembic" in sys.modules)
"""


def test_a_database_that_is_up_to_date_opens_without_alembic(sqlite_url: str):
    command_line = [sys.executable, "-c", OPEN, sqlite_url]
    loaded = [subprocess.run(command_line, capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert loaded == ["True\n", "False\n"]


async def test_every_step_up_and_down_again(empty):
    seen = [await tables(empty)]
    for step in STEPS:
        await migrate(empty, "upgrade", step)
        seen.append(await tables(empty))
    for before in reversed(["base", *STEPS[:-1]]):
        await migrate(empty, "downgrade", before)
        seen.append(await tables(empty))
    assert seen[0] == set()
    assert len(seen) == 2 * len(STEPS) + 1
    assert [names - {"alembic_version"} for names in seen] == [names - {"alembic_version"} for names in seen[::-1]]


@pytest.mark.parametrize("step", STEPS[:-1])
async def test_data_is_kept_over_the_later_steps_and_back(empty, step):
    """The tables of the first revision are filled at ``step``, and their rows followed to the head and back."""
    await migrate(empty, "upgrade", step)
    await fill(empty)
    before = await rows(empty)
    assert before["member"] == 1
    await upgrade(empty)
    assert await rows(empty) == before
    await migrate(empty, "downgrade", step)
    assert await rows(empty) == before


def columns_of(connection: sa.Connection, table: str) -> set[str]:
    return {column["name"] for column in sa.inspect(connection).get_columns(table)}


async def fill(engine: AsyncEngine) -> None:
    """Write a row of each, with the columns that the tables have at that step."""
    me = {"platform": "slack", "workspace": "T1", "user_id": "U1", "member_id": "ama", "ordinal": 0}
    values = {
        "member": values_of(MEMBER),
        "identity": me,
        "meeting": values_of(MEETING),
        "agenda_item": values_of(ITEM),
    }
    async with engine.begin() as connection:
        for name, row in values.items():
            columns = await connection.run_sync(columns_of, name)
            written = {key: value for key, value in row.items() if key in columns}
            table = metadata.tables[name]
            await connection.execute(
                sa.table(name, *(sa.column(key, table.c[key].type) for key in written)).insert(), written
            )


async def rows(engine: AsyncEngine) -> dict[str, int]:
    names = ("member", "identity", "meeting", "agenda_item")
    async with engine.connect() as connection:
        return {name: len((await connection.exec_driver_sql(f"SELECT * FROM {name}")).all()) for name in names}


async def test_foreign_keys_are_checked_before_a_migration_ends_and_hold_after_it(sqlite_url: str):
    engine = open_engine(sqlite_url)
    await upgrade(engine)
    with pytest.raises(ConfigError, match="Rows of identity refer to rows of member that are gone"):
        async with prepared(engine) as connection:
            orphan = (
                "INSERT INTO identity (platform, workspace, user_id, member_id, ordinal) "
                "VALUES ('slack', 'T1', 'U1', 'nobody', 0)"
            )
            await connection.exec_driver_sql(orphan)
    async with engine.connect() as connection:
        assert await connection.scalar(sa.text("SELECT count(*) FROM identity")) == 0
        assert await connection.scalar(sa.text("PRAGMA foreign_keys")) == 1
    await engine.dispose()


async def test_a_database_newer_than_the_code_is_refused_and_left_alone(empty):
    await upgrade(empty)
    async with empty.begin() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ConfigError, match=r"newer than this version of the assistant \(revision 9999; .* Install"):
        await upgrade(empty)
    async with empty.connect() as connection:
        assert await connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == "9999"


async def test_replicas_that_start_together_upgrade_once(postgres_url: str):
    import asyncio

    engines = [open_engine(postgres_url) for _ in range(3)]
    await asyncio.gather(*(upgrade(engine) for engine in engines))
    assert await differences(engines[0]) == []
    for engine in engines:
        await engine.dispose()


async def test_a_failed_migration_leaves_nothing(empty):
    async with empty.begin() as connection:
        await connection.exec_driver_sql("CREATE TABLE seen (something text)")  # in the way of one of ours
    with pytest.raises(Exception, match="seen"):
        await migrate(empty, "upgrade", "head")
    assert await tables(empty) == {"seen"}


async def test_the_file_and_its_folder_are_made_and_belong_to_their_owner(tmp_path: Path):
    path = tmp_path / "new" / "folder" / "connections.db"
    engine = open_engine(f"sqlite:///{path}")
    await upgrade(engine)
    async with unit_of_work_factory(engine)() as uow:
        await uow.settings.set("a", "1")
        await uow.commit()
    modes = {stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    await engine.dispose()
    assert modes == {0o600}


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path):
    path = tmp_path / "connections.db"
    path.write_bytes(b"this is a text, and a rather long one at that " * 50)
    engine = open_engine(f"sqlite:///{path}")
    with pytest.raises(ConfigError, match=r"connections\.db cannot be opened .*not a database"):
        await upgrade(engine)
    await engine.dispose()


async def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    engine = open_engine(f"sqlite:///{tmp_path / 'file' / 'connections.db'}")
    with pytest.raises(ConfigError, match="Check that the folder can be written to"):
        await upgrade(engine)
    await engine.dispose()


async def test_a_locked_file_is_said_to_be_busy(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("storage.engine.PRAGMAS", ("busy_timeout = 20", *PRAGMAS[1:]))
    path = tmp_path / "connections.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    engine = open_engine(sqlite_url)
    with pytest.raises(Conflict, match="busy just now"):
        await upgrade(engine)
    other.close()
    await upgrade(engine)
    await engine.dispose()


def test_migrations_can_be_run_by_hand(database_url: str):
    arguments = [sys.executable, "-m", "alembic", "-c", str(MIGRATIONS / "alembic.ini")]
    environment = {**os.environ, "DATABASE_URL": database_url}
    for action in (["upgrade", "head"], ["downgrade", "base"], ["upgrade", "head"]):
        subprocess.run([*arguments, *action], env=environment, capture_output=True, check=True)
    shown = subprocess.run([*arguments, "current"], env=environment, capture_output=True, text=True, check=True)
    assert shown.stdout.startswith(f"{STEPS[-1]} (head)")

"""Addresses of databases, and how SQLite is set up."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ConfigError
from storage.clocks import DatabaseClock, ProcessClock, lease_clock
from storage.engine import database_file, database_url, open_engine


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("sqlite:///data/connections.db", "sqlite+aiosqlite:///data/connections.db"),
        ("sqlite+aiosqlite:////var/x.db", "sqlite+aiosqlite:////var/x.db"),
        ("sqlite://", "sqlite+aiosqlite://"),
        ("postgres://u:p%40@h:5433/d", "postgresql+asyncpg://u:p%40@h:5433/d"),
        ("postgresql+psycopg2://u@h/d", "postgresql+asyncpg://u@h/d"),
    ],
)
def test_the_usual_ways_to_write_an_address_are_understood(given, used):
    assert database_url(given).render_as_string(hide_password=False) == used


@pytest.mark.parametrize("given", ["", "nonsense", "mysql://u:secret@h/d", "/var/x.db", "postgres"])
def test_another_address_is_refused_without_repeating_it(given):
    with pytest.raises(ConfigError, match="DATABASE_URL is not an address of a database we know") as refused:
        open_engine(given)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "file"),
    [
        ("sqlite:///data/connections.db", Path("data/connections.db")),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
        ("postgresql://h/d", None),
    ],
)
def test_the_file_of_an_address(given, file):
    assert database_file(database_url(given)) == file


async def test_sqlite_waits_syncs_and_keeps_references_whole(sqlite_url: str):
    engine = open_engine(sqlite_url)
    async with engine.connect() as connection:
        found = [
            (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    await engine.dispose()
    assert found == ["wal", 2, 1, 5000]


def test_each_database_has_its_lease_clock():
    assert isinstance(lease_clock("postgresql"), DatabaseClock)
    first, second = lease_clock("sqlite"), lease_clock("sqlite")
    assert isinstance(first, ProcessClock)
    assert first.run != second.run

"""Databases that are ready to use: a file, memory, and PostgreSQL, each brought up to date."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.ports import UnitOfWorkFactory
from storage.engine import open_engine
from storage.unit_of_work import unit_of_work_factory
from storage.upgrade import upgrade
from tests.contract.lease_clock import FakeLeaseClock
from tests.postgres import PostgresServer


async def _upgraded(url: str) -> None:
    engine = open_engine(url)
    await upgrade(engine)
    await engine.dispose()


@pytest.fixture(scope="session")
def file_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file that is up to date, to be copied: faster than bringing each one up to date."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    asyncio.run(_upgraded(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    """The name of a PostgreSQL database that is up to date, to be copied."""
    name = postgres_server.create_database()
    asyncio.run(_upgraded(postgres_server.url(name)))
    return name


@pytest.fixture
def postgres_ready(postgres_server: PostgresServer, postgres_template: str) -> Iterator[str]:
    """The address of a PostgreSQL database that is up to date."""
    name = postgres_server.create_database(postgres_template)
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


@pytest.fixture
def file_ready(file_template: Path, sqlite_url: str) -> str:
    """The address of an SQLite file that is up to date."""
    shutil.copy(file_template, str(make_url(sqlite_url).database))
    return sqlite_url


@pytest.fixture(params=["file", "memory", "postgresql"])
def ready_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database."""
    fixtures = {"file": "file_ready", "postgresql": "postgres_ready"}
    return "sqlite://" if request.param == "memory" else str(request.getfixturevalue(fixtures[request.param]))


@pytest.fixture
async def engine(ready_url: str) -> AsyncIterator[AsyncEngine]:
    """An empty database, open; the one in memory is brought up to date here."""
    engine = open_engine(ready_url)
    await upgrade(engine)
    yield engine
    await engine.dispose()


@pytest.fixture
async def postgres_engine(postgres_ready: str) -> AsyncIterator[AsyncEngine]:
    """An empty PostgreSQL database, open, for what only several connections show."""
    engine = open_engine(postgres_ready)
    yield engine
    await engine.dispose()


@pytest.fixture
def uow_factory(engine: AsyncEngine) -> UnitOfWorkFactory:
    """Units of work on it, as one process has them."""
    return unit_of_work_factory(engine)


@pytest.fixture
def lease_clock() -> FakeLeaseClock:
    """A clock for leases that moves when it is told to."""
    return FakeLeaseClock()


@pytest.fixture
def timed_factory(engine: AsyncEngine, lease_clock: FakeLeaseClock) -> UnitOfWorkFactory:
    """Units of work whose leases follow ``lease_clock``."""
    return unit_of_work_factory(engine, lease_clock)

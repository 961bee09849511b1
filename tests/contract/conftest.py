"""Databases that are ready to use: a file, memory, and PostgreSQL, each brought up to date."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from storage.engine import open_engine
from storage.unit_of_work import unit_of_work_factory
from storage.upgrade import upgrade

from bot.ports import UnitOfWorkFactory
from tests.contract.lease_clock import FakeLeaseClock


@pytest.fixture(params=["file", "memory", "postgresql"])
async def engine(request: pytest.FixtureRequest) -> AsyncIterator[AsyncEngine]:
    """An empty database."""
    fixtures = {"file": "sqlite_url", "postgresql": "postgres_url"}
    url = "sqlite://" if request.param == "memory" else request.getfixturevalue(fixtures[request.param])
    engine = open_engine(url)
    await upgrade(engine)
    yield engine
    await engine.dispose()


@pytest.fixture
async def postgres_engine(postgres_url: str) -> AsyncIterator[AsyncEngine]:
    """An empty PostgreSQL database, for what only several connections show."""
    engine = open_engine(postgres_url)
    await upgrade(engine)
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

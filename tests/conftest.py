"""What every test may ask for: databases of both kinds, a browser, and an environment without surprises."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.config import Settings
from scripts.test_needs import find_chromium, find_postgres
from tests.postgres import PostgresServer, running_server

SETTINGS = tuple(name.upper() for name in Settings.model_fields)
FOREIGN = ("SLACK_", "DISCORD_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", *SETTINGS)

for _name in list(os.environ):
    if _name.upper().startswith(FOREIGN):
        del os.environ[_name]

settings.register_profile("ci", derandomize=True, max_examples=60, deadline=None, database=None)
settings.register_profile("explore", max_examples=3000, deadline=None)  # pytest --hypothesis-profile=explore
settings.load_profile("ci")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each test in a folder of its own: a developer's .env, and the tokens in it, stay unread."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server of our own."""
    programs = find_postgres()
    assert programs, "no PostgreSQL here: run make test, which brings one"
    with running_server(programs) as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    name = postgres_server.create_database()
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of an SQLite database whose file does not exist yet."""
    return f"sqlite+aiosqlite:///{tmp_path / 'connections.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database, once of each kind."""
    url: str = request.getfixturevalue({"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param])
    return url


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The browser to drive."""
    found = find_chromium()
    assert found, "no Chromium here: run make test, which brings one"
    return found

"""Killed at any moment, or left without its database: late at worst."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from scripts.test_needs import find_postgres
from storage.engine import open_engine
from tests.fault.harness import CLEAN, Trial
from tests.postgres import PostgresServer, run, running_server

KILLS = 10
FEWEST_KILLS = 4


def test_killed_at_random_moments(database_url, tmp_path):
    # Four rooms, one message after the other in each: the whole takes 40 times the latency at least.
    trial = Trial(tmp_path / "platform.db", database_url, messages=160, tasks=5, latency=0.05)
    moments = random.Random(2026)
    killed = 0
    for _ in range(KILLS):
        with trial.start() as worker:
            assert worker.stdout
            assert worker.stdout.readline() == "started\n", trial.log.read_text()
            time.sleep(moments.uniform(0.1, 0.4))
            worker.send_signal(signal.SIGKILL)
        killed += worker.returncode == -signal.SIGKILL
    ended = trial.ends()
    assert killed >= FEWEST_KILLS
    assert trial.verdict() == CLEAN
    trial.check_report(ended)


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """A server that this test alone uses, and may break."""
    programs = find_postgres()
    assert programs, "no PostgreSQL here: run make test, which brings one"
    with running_server(programs) as server:
        yield server


async def test_the_database_goes_away_in_the_middle(own_server, tmp_path):
    url = own_server.url(own_server.create_database())
    await keep_every_commit(url)
    trial = Trial(tmp_path / "platform.db", url, messages=100, tasks=5, latency=0.05)
    with trial.start() as worker:
        assert worker.stdout
        assert worker.stdout.readline() == "started\n", trial.log.read_text()
        pg_ctl(own_server, "stop", "-m", "immediate")
        wait_for_line(trial, "sweep failed")
        pg_ctl(own_server, "restart", "-w", "-l", str(own_server.folder / "log"))
        ended = trial.ends(worker)
    assert trial.verdict() == CLEAN
    trial.check_report(ended)


async def keep_every_commit(url: str) -> None:
    """The tests' server answers before a commit is written; one that dies must have it written."""
    engine = open_engine(url)
    async with engine.begin() as connection:
        name = sa.make_url(url).database
        await connection.execute(sa.text(f"ALTER DATABASE {name} SET synchronous_commit = on"))
    await engine.dispose()


def pg_ctl(server: PostgresServer, command: str, *options: str) -> None:
    run([server.programs / "pg_ctl", command, "-D", server.folder / "data", *options], server.folder)


def wait_for_line(trial: Trial, words: str) -> None:
    deadline = time.monotonic() + 60
    while words not in trial.log.read_text():
        assert time.monotonic() < deadline, trial.log.read_text()
        time.sleep(0.05)

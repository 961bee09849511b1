"""One transaction: everything or nothing, and clear sentences when the database is busy or somebody was faster."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import Conflict
from bot.features.meetings.model import Meeting, Occurrence
from bot.features.members.model import Identity, Member
from bot.messages import UserRef
from storage import engine as engine_module
from storage.engine import open_engine
from storage.unit_of_work import unit_of_work_factory
from storage.upgrade import upgrade

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
START = datetime(2026, 11, 24, 15)  # noqa: DTZ001 - a wall time, its zone beside it
BUSY = "The assistant is busy just now; please try again in a moment."
CHANGED = "Somebody else changed this at the same moment"


async def test_commit_keeps_everything(uow_factory):
    async with uow_factory() as uow:
        await uow.settings.set("a", "1")
        await uow.settings.set("b", "2")
        await uow.commit()
    async with uow_factory() as uow:
        assert (await uow.settings.get("a"), await uow.settings.get("b")) == ("1", "2")


async def test_leaving_without_commit_leaves_nothing(uow_factory):
    async with uow_factory() as uow:
        await uow.settings.set("a", "1")
        assert await uow.settings.get("a") == "1"
    async with uow_factory() as uow:
        assert await uow.settings.get("a") is None


async def test_an_error_takes_back_what_was_not_committed(uow_factory):
    with pytest.raises(KeyError):
        async with uow_factory() as uow:
            await uow.settings.set("before", "kept")
            await uow.commit()
            await uow.settings.set("after", "lost")
            raise KeyError
    async with uow_factory() as uow:
        assert (await uow.settings.get("before"), await uow.settings.get("after")) == ("kept", None)


async def test_a_cancelled_task_leaves_nothing_and_gives_its_connection_back(uow_factory):
    inside = asyncio.Event()

    async def write_and_wait() -> None:
        async with uow_factory() as uow:
            await uow.settings.set("a", "1")
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write_and_wait())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with uow_factory() as uow:
        assert await uow.settings.get("a") is None


async def test_many_at_once_take_their_turns(uow_factory):
    async def note(number: int) -> None:
        async with uow_factory() as uow:
            await uow.settings.set(f"n{number}", str(number))
            await uow.commit()

    await asyncio.gather(*(note(number) for number in range(100)))
    async with uow_factory() as uow:
        assert [await uow.settings.get(f"n{number}") for number in range(100)] == [str(n) for n in range(100)]


async def test_two_first_contacts_at_once_end_in_one_member_and_a_sentence(uow_factory):
    async def first_contact(member_id: str) -> None:
        async with uow_factory() as uow:
            await uow.members.add(Member(member_id, "Ama", NOW), Identity(UserRef("slack", "T1", "U1"), member_id))
            await uow.commit()

    outcomes = await asyncio.gather(first_contact("a"), first_contact("b"), return_exceptions=True)
    (refused,) = [each for each in outcomes if each is not None]
    assert isinstance(refused, Conflict)
    assert CHANGED in str(refused)
    async with uow_factory() as uow:
        assert len(await uow.members.all()) == 1


async def test_a_second_occurrence_at_the_same_time_is_a_conflict(uow_factory):
    occurrence = Occurrence("o1", "m1", START, NOW, NOW, "2026.6")
    with pytest.raises(Conflict, match=CHANGED):
        async with uow_factory() as uow:
            await uow.meetings.save(Meeting("m1", "Plenary", START, "UTC", 60, None))
            await uow.meetings.save_occurrence(occurrence)
            await uow.meetings.save_occurrence(replace(occurrence, id="o2"))


async def test_a_row_that_refers_to_nothing_is_our_mistake_and_no_conflict(uow_factory):
    with pytest.raises(Exception, match=r"(?i)foreign key") as caught:
        async with uow_factory() as uow:
            await uow.meetings.save_occurrence(Occurrence("o1", "none", START, NOW, NOW, "2026.6"))
    assert not isinstance(caught.value, Conflict)


@pytest.fixture
async def impatient(sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    """Units of work on a file, that wait only a moment for their turn."""
    monkeypatch.setattr(engine_module, "PRAGMAS", ("busy_timeout = 20", *engine_module.PRAGMAS[1:]))
    monkeypatch.setattr(engine_module, "QUEUE_SECONDS", 0.02)
    engine = open_engine(sqlite_url)
    await upgrade(engine)
    yield unit_of_work_factory(engine)
    await engine.dispose()


async def test_a_locked_file_is_said_to_be_busy_and_works_again_afterwards(impatient, tmp_path: Path):
    other = sqlite3.connect(tmp_path / "connections.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(Conflict, match=BUSY):
        async with impatient() as uow:
            await uow.settings.set("a", "1")
    other.execute("ROLLBACK")
    other.close()
    async with impatient() as uow:
        await uow.settings.set("a", "2")
        await uow.commit()
    async with impatient() as uow:
        assert await uow.settings.get("a") == "2"


async def test_one_inside_another_on_sqlite_is_said_to_be_busy(impatient):
    async with impatient() as uow:
        await uow.settings.set("a", "1")
        with pytest.raises(Conflict, match=BUSY):
            async with impatient() as second:
                await second.settings.get("a")


async def test_a_postgresql_that_does_not_answer_is_said_to_be_busy(unused_port: int):
    engine = open_engine(f"postgresql://nobody@127.0.0.1:{unused_port}/nothing")
    with pytest.raises(Conflict, match=BUSY):
        async with unit_of_work_factory(engine)():
            pass
    await engine.dispose()


async def test_a_connection_that_was_cut_is_said_to_be_busy_and_replaced(postgres_engine):
    factory = unit_of_work_factory(postgres_engine)
    with pytest.raises(Conflict, match=BUSY):
        async with factory() as uow:
            await uow.settings.set("a", "1")
            await cut_other_connections(postgres_engine.url)
            await uow.commit()
    async with factory() as uow:
        assert await uow.settings.get("a") is None


async def test_a_connection_that_was_cut_needs_no_rolling_back(postgres_engine):
    factory = unit_of_work_factory(postgres_engine)
    async with factory() as uow:
        await uow.settings.set("name", "value")
        await cut_other_connections(postgres_engine.url)
    async with factory() as uow:
        assert await uow.settings.get("name") is None


async def test_idle_connections_that_were_cut_are_not_noticed(postgres_engine):
    factory = unit_of_work_factory(postgres_engine)
    async with factory() as uow:
        await uow.settings.set("a", "1")
        await uow.commit()
    await cut_other_connections(postgres_engine.url)
    async with factory() as uow:
        assert await uow.settings.get("a") == "1"


async def cut_other_connections(url) -> None:
    other = open_engine(url.render_as_string(hide_password=False))
    async with other.connect() as connection:
        await connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    await other.dispose()


@pytest.fixture
def unused_port() -> int:
    """A port where nobody listens."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

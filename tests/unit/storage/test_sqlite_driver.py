"""The SQLite connection: nothing that may wait keeps the event loop, and nothing that cannot takes a detour."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import AsyncIterator

import pytest

from storage import sqlitedriver
from storage.engine import open_engine
from storage.sqlitedriver import Connection, connect

MAIN = threading.current_thread().name


@pytest.fixture
async def connection(tmp_path) -> AsyncIterator[Connection]:
    """A connection to a file with an empty table; ``here()`` tells in SQL where a statement runs."""
    opened = await connect(str(tmp_path / "driver.db"))
    await opened.create_function("here", 0, lambda: threading.current_thread().name)
    await opened.create_function("slow", 0, lambda: time.sleep(2 * sqlitedriver.SLOW))
    await opened.execute("CREATE TABLE line (words TEXT)")
    yield opened
    await opened.close()


async def rows(connection: Connection, statement: str) -> list[tuple[object, ...]]:
    cursor = connection.cursor()
    await cursor.execute(statement)
    return await cursor.fetchall()


async def test_a_statement_runs_at_once_where_the_lock_is_taken_already(connection):
    assert await rows(connection, "SELECT here()") != [(MAIN,)]
    await connection.execute("BEGIN IMMEDIATE")
    assert await rows(connection, "SELECT here()") == [(MAIN,)]


async def test_a_slow_statement_keeps_the_loop_once_only(connection):
    await connection.execute("BEGIN IMMEDIATE")
    assert await rows(connection, "SELECT here(), slow()") == [(MAIN, None)]
    ((second, _),) = await rows(connection, "SELECT here(), slow()")
    assert second != MAIN
    assert await rows(connection, "SELECT here()") == [(MAIN,)]


async def test_a_statement_that_was_slow_by_chance_soon_runs_at_once_again(connection):
    await connection.execute("BEGIN IMMEDIATE")
    await connection.create_function("sometimes", 0, lambda: time.sleep(2 * sqlitedriver.SLOW))
    assert (await rows(connection, "SELECT here(), sometimes()"))[0][0] == MAIN
    await connection.create_function("sometimes", 0, lambda: None)
    while (await rows(connection, "SELECT here(), sometimes()"))[0][0] != MAIN:
        pass


@pytest.mark.parametrize(("count", "at_once"), [(sqlitedriver.FEW, True), (sqlitedriver.FEW + 1, False)])
async def test_many_rows_are_written_in_the_thread(connection, count, at_once):
    await connection.execute("BEGIN IMMEDIATE")
    await connection.cursor().executemany("INSERT INTO line VALUES (? || here())", [("by ",)] * count)
    assert (await rows(connection, "SELECT DISTINCT words = 'by MainThread' FROM line")) == [(at_once,)]
    assert await rows(connection, "SELECT count(*) FROM line") == [(count,)]


async def test_what_ran_before_leaves_the_thread_alone(connection):
    insert = "INSERT INTO line VALUES (?)"
    for _round in range(40):
        await connection.execute("BEGIN IMMEDIATE")
        before = [connection.cursor() for _number in range(5)]
        for cursor in before:
            await cursor.executemany(insert, [("few",)] * 3)
        many = asyncio.create_task(connection.cursor().executemany(insert, [("many",)] * 3000))
        while before:
            await asyncio.sleep(0)
            del before[-1], cursor
            cursor = None
        await many
        await connection.rollback()


async def test_an_ended_statement_holds_nothing(connection):
    cursor = await connection.run_many("INSERT INTO line VALUES (?)", [("one",), ("two",)])
    assert cursor.rowcount == 2
    with pytest.raises(sqlite3.ProgrammingError, match="closed cursor"):
        cursor.fetchone()


async def test_waiting_for_the_lock_lets_the_loop_go_on(connection, tmp_path):
    other = sqlite3.connect(tmp_path / "driver.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    begun = asyncio.create_task(connection.execute("BEGIN IMMEDIATE"))
    for _ in range(10):
        await asyncio.sleep(0)
    assert not begun.done()
    other.execute("ROLLBACK")
    other.close()
    await begun
    assert await rows(connection, "SELECT here()") == [(MAIN,)]


async def test_what_a_cancelled_task_left_running_ends_before_the_next_statement(connection):
    await connection.execute("BEGIN IMMEDIATE")
    await connection.execute("INSERT INTO line VALUES ('kept by nobody')")
    going, go_on = threading.Event(), threading.Event()

    def stay(_raw: sqlite3.Connection) -> None:
        going.set()
        go_on.wait()

    asked = asyncio.create_task(connection.in_thread(stay))
    await asyncio.to_thread(going.wait)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    undone = asyncio.create_task(connection.rollback())
    await asyncio.sleep(0)
    assert not undone.done()
    go_on.set()
    await undone
    assert await rows(connection, "SELECT * FROM line") == []


async def test_a_second_cancelled_task_does_not_make_a_busy_thread_look_idle(connection):
    begun, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        let_go.wait(10)

    await connection.create_function("hold", 0, hold)
    await connection.execute("BEGIN IMMEDIATE")
    held = asyncio.create_task(connection.in_thread(lambda raw: raw.execute("SELECT hold()").fetchall()))
    await asyncio.to_thread(begun.wait, 10)
    queued = asyncio.create_task(connection.rollback())
    await asyncio.sleep(0)
    for task in (held, queued):
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    threading.Timer(0.05, let_go.set).start()
    ((where,),) = await rows(connection, "SELECT here()")
    assert where != MAIN
    assert let_go.is_set()


async def test_a_closed_connection_says_so_and_may_be_closed_again(connection):
    await connection.close()
    await connection.close()
    with pytest.raises(sqlite3.OperationalError, match="no active connection"):
        await connection.execute("SELECT 1")


async def test_stopping_closes_without_waiting(connection, tmp_path):
    await connection.execute("BEGIN IMMEDIATE")
    await connection.execute("INSERT INTO line VALUES ('kept by nobody')")
    connection.stop()
    again = await connect(str(tmp_path / "driver.db"), timeout=60)
    assert await rows(again, "SELECT * FROM line") == []
    await again.close()


async def test_a_file_that_cannot_be_opened_is_an_error_of_sqlite(tmp_path):
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        await connect(str(tmp_path / "nowhere" / "driver.db"))


async def test_the_engine_uses_it(sqlite_url: str):
    engine = open_engine(sqlite_url)
    async with engine.connect() as opened:
        raw = await opened.get_raw_connection()
        assert isinstance(raw.driver_connection, Connection)
        assert (await opened.exec_driver_sql("SELECT 'abc' REGEXP 'b'")).scalar() == 1
    await engine.dispose()

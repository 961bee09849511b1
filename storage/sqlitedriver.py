"""SQLite for SQLAlchemy's asyncio adapter: what may wait goes to a thread, what cannot runs where it is asked.

Taking the write lock, committing and leaving a transaction may wait for another process or for the disk: these go to
the connection's own thread, and so does whatever touches many rows. A single statement inside a transaction finds the
lock already taken and takes microseconds, where a trip to a thread and back takes fifty: it runs at once. One that has
shown to be slow goes to the thread until it is quick again.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Self, TypeVar

Outcome = TypeVar("Outcome")

SLOW = 0.005
"""Seconds after which the event loop must not be kept waiting by the same statement again."""
QUICK_AGAIN = 100
"""Quick runs after which a slow statement counts as slow by chance: the machine was busy."""
FEW = 64
"""Sets of parameters that one statement may run with before it touches many rows."""
MOST_SLOW = 1000
"""Statements remembered as slow; there are far fewer, unless lists of many lengths stand in them."""
STATEMENTS = 512
"""Statements that SQLite keeps prepared."""


class Cursor:
    """One statement and all that it returned: SQLAlchemy asks for it in several steps, none of which has to wait."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ran: sqlite3.Cursor | None = None
        self._rows: list[Any] = []

    async def __aenter__(self) -> Self:
        """Open it, which costs nothing."""
        return self

    @property
    def description(self) -> Any:
        """The columns, as PEP 249 has them; None for a statement that returns no rows."""
        return None if self._ran is None else self._ran.description

    @property
    def rowcount(self) -> int:
        """How many rows were changed; -1 where that has no meaning."""
        return -1 if self._ran is None else self._ran.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The row that was inserted last."""
        return None if self._ran is None else self._ran.lastrowid

    async def execute(self, operation: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement and fetch its rows."""
        self._ran, self._rows = await self._connection.run(operation, parameters)

    async def executemany(self, operation: str, parameters: Sequence[Sequence[Any]]) -> None:
        """Run a statement once for each set of parameters."""
        self._ran = await self._connection.run_many(operation, parameters)

    async def fetchall(self) -> list[Any]:
        """Return the rows, once."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Do nothing: with its last row a statement is at its end."""


class Connection:
    """A connection and its thread, opened with ``connect``. SQLAlchemy lets one task at a time use it."""

    def __init__(self, thread: ThreadPoolExecutor, raw: sqlite3.Connection) -> None:
        self._thread = thread
        self._connection: sqlite3.Connection | None = raw  # the adapter looks here whether it is still open
        self._last: Future[Any] | None = None
        self._slow: dict[str, int] = {}

    def cursor(self) -> Cursor:
        """Return what runs one statement."""
        return Cursor(self)

    async def execute(self, operation: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement whose rows nobody wants."""
        await self.run(operation, parameters)

    async def run(self, operation: str, parameters: Sequence[Any]) -> tuple[sqlite3.Cursor, list[Any]]:
        """Run a statement and fetch its rows: here if it cannot wait for anything, else in the thread."""
        if operation in self._slow or not self._owns_the_lock():
            ran, rows, seconds = await self.in_thread(lambda raw: _run(raw, operation, parameters))
        else:
            ran, rows, seconds = _run(self._open(), operation, parameters)
        self._remember(operation, seconds)
        return ran, rows

    def _remember(self, operation: str, seconds: float) -> None:
        """Send what was slow to the thread, until it has been quick often enough: it was slow by chance."""
        if seconds > SLOW and len(self._slow) < MOST_SLOW:
            self._slow[operation] = QUICK_AGAIN
        elif operation in self._slow and seconds <= SLOW:
            self._slow[operation] -= 1
            if not self._slow[operation]:
                del self._slow[operation]

    async def run_many(self, operation: str, parameters: Sequence[Sequence[Any]]) -> sqlite3.Cursor:
        """Run a statement once for each set of parameters: a few here, many in the thread."""
        if len(parameters) <= FEW and self._owns_the_lock():
            return _run_many(self._open(), operation, parameters)
        return await self.in_thread(lambda raw: _run_many(raw, operation, parameters))

    async def in_thread(self, call: Callable[[sqlite3.Connection], Outcome]) -> Outcome:
        """Run in the thread, after what is still running there for a task that was cancelled meanwhile.

        What was asked for is done even when nobody waits for it any more: a call taken out of the queue would look as
        if the thread were at rest while the one before it still runs.
        """
        self._last = future = self._thread.submit(call, self._open())
        return await asyncio.shield(asyncio.wrap_future(future))

    async def create_function(self, name: str, parameters: int, function: Callable[..., Any], **options: Any) -> None:
        """Make a function of Python known to SQL."""
        await self.in_thread(lambda raw: raw.create_function(name, parameters, function, **options))

    async def commit(self) -> None:
        """Make the transaction permanent."""
        await self._end(sqlite3.Connection.commit)

    async def rollback(self) -> None:
        """Undo the transaction."""
        await self._end(sqlite3.Connection.rollback)

    async def close(self) -> None:
        """Undo what is not committed, and end the thread. Closing twice is closing once."""
        if self._connection is not None:
            try:
                await self.in_thread(sqlite3.Connection.close)
            finally:
                self._connection = None
                self._thread.shutdown(wait=False)

    def stop(self) -> None:
        """Close without waiting for it, where there is nobody to wait."""
        if self._connection is not None:
            self._thread.submit(self._connection.close)
            self._connection = None
            self._thread.shutdown(wait=False)

    async def _end(self, how: Callable[[sqlite3.Connection], None]) -> None:
        """End the transaction; where the thread is at rest and none is open, there is nothing to do."""
        if self._busy() or self._open().in_transaction:
            await self.in_thread(how)

    def _owns_the_lock(self) -> bool:
        return not self._busy() and self._open().in_transaction

    def _busy(self) -> bool:
        return self._last is not None and not self._last.done()

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            msg = "no active connection"
            raise sqlite3.OperationalError(msg)
        return self._connection


async def connect(*arguments: Any, **options: Any) -> Connection:
    """Open a connection, with the arguments of ``sqlite3.connect``; our own statements begin transactions."""
    thread = ThreadPoolExecutor(1, "sqlite")
    how = {**options, "isolation_level": None, "check_same_thread": False, "cached_statements": STATEMENTS}
    try:
        raw = await asyncio.wrap_future(thread.submit(lambda: sqlite3.connect(*arguments, **how)))
    except BaseException:
        thread.shutdown(wait=False)
        raise
    return Connection(thread, raw)


def _run(raw: sqlite3.Connection, operation: str, parameters: Sequence[Any]) -> tuple[sqlite3.Cursor, list[Any], float]:
    started = time.perf_counter()
    ran = raw.execute(operation, parameters)
    rows = ran.fetchall() if ran.description else []
    return ran, rows, time.perf_counter() - started


def _run_many(raw: sqlite3.Connection, operation: str, parameters: Sequence[Sequence[Any]]) -> sqlite3.Cursor:
    ran = raw.executemany(operation, parameters)
    # Left open it would keep the prepared statement, and reset it whenever it is collected: while the thread runs the
    # same statement for somebody else, which SQLite then calls a misuse.
    ran.close()
    return ran

"""APScheduler's own job store doing the same: 10,000 jobs planned, 1,000 of them due; in an environment of its own.

A job appends to a list, which is less than the fake platform does with a message.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import Engine, create_engine, event

DURABLE = ("journal_mode = WAL", "synchronous = FULL")
"""The assistant's own settings for SQLite."""

sent: list[str] = []
all_sent = asyncio.Event()


async def send(key: str, wanted: int) -> None:
    """Send a message."""
    sent.append(key)
    if len(sent) == wanted:
        all_sent.set()


def open_engine(url: str, *, wal: bool) -> Engine:
    """Open the store's database, as it does by itself, or with write-ahead logging."""
    engine = create_engine(url)
    if wal:
        event.listen(engine, "connect", _set_pragmas)
    return engine


def _set_pragmas(connection: Any, _record: object) -> None:
    for pragma in DURABLE:
        connection.execute(f"PRAGMA {pragma}")


async def plan_and_fire(url: str, *, wal: bool, planned: int, due: int) -> dict[str, float]:
    """Return the seconds that planning took, and firing what is due."""
    engine = open_engine(url, wal=wal)
    options = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    scheduler = AsyncIOScheduler(jobstores={"default": SQLAlchemyJobStore(engine=engine)}, job_defaults=options)
    scheduler.start(paused=True)
    now = datetime.now(UTC)
    started = time.perf_counter()
    for number in range(planned):
        when = now if number < due else now + timedelta(days=1, seconds=number)
        key = f"message-{number}"
        scheduler.add_job(send, "date", run_date=when, args=(key, due), id=key)
    planning = time.perf_counter() - started
    sent.clear()
    all_sent.clear()
    started = time.perf_counter()
    scheduler.resume()
    await all_sent.wait()
    firing = time.perf_counter() - started
    scheduler.shutdown()
    engine.dispose()
    return {"planning": planning, "firing": firing, "sent": len(set(sent))}


async def main() -> None:
    """Answer requests until the input ends."""
    print('{"ready": true}', flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(await plan_and_fire(**json.loads(line))), flush=True)


if __name__ == "__main__":
    sys.modules["apscheduler_side"] = sys.modules["__main__"]  # under this name the store keeps its jobs' function
    send.__module__ = "apscheduler_side"
    asyncio.run(main())

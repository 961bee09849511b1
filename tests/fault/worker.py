"""A small bot in its own process, to be killed: plans deliveries and tasks, carries them out, tells how they ended.

Its platform is a file that survives it, as a real platform would.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import structlog

from adapters.engines.fake import GreedySolver, WordListDetector
from adapters.fake.gateway import CAPABILITIES, FakeGateway
from bot.duework import DeliveryKind, DueWork, NewWork, Send, TaskKind, WorkContext, WorkKinds
from bot.errors import Conflict
from bot.messages import ChannelRef, Message, Paragraph, Target
from bot.ports import UnitOfWorkFactory
from bot.services import Community, Sealer, Services
from schedules.clock import SystemClock
from schedules.failpoints import hit
from schedules.pace import RunnerTimes
from schedules.runner import Runner
from schedules.scheduler import Intervals, Scheduler
from storage.engine import open_engine
from storage.unit_of_work import unit_of_work_factory
from storage.upgrade import upgrade

SUBJECT = "fault"
DUE = datetime(2026, 1, 1, tzinfo=UTC)
GIVE_UP = 120.0
TIMES = RunnerTimes(
    lease=2.0,
    margin=0.5,
    start_within=1.0,
    send_timeout=0.5,
    look_after=0.6,
    backoff_first=0.05,
    backoff_most=0.5,
    batch=12,
)


def place(number: int) -> Target:
    return Target(channel=ChannelRef("fake", "W", f"room-{number % 4}"))


def says(key: str) -> Message:
    return Message((Paragraph((key,)),), "en")


async def say(_context: WorkContext, work: DueWork) -> Send:
    return Send(says(work.key))


async def count(context: WorkContext, work: DueWork) -> None:
    settings = context.uow.settings
    await settings.set(f"ran {work.key}", str(int(await settings.get(f"ran {work.key}") or 0) + 1))


async def plan(uow_factory: UnitOfWorkFactory, options: argparse.Namespace) -> None:
    async with uow_factory() as uow:
        for number in range(options.messages):
            await uow.work.plan(NewWork("say", f"message-{number}", DUE, target=place(number), subject=SUBJECT))
        for number in range(options.tasks):
            await uow.work.plan(NewWork("count", f"task-{number}", DUE, subject=SUBJECT))
        await uow.commit()


async def report(uow_factory: UnitOfWorkFactory) -> dict[str, object] | None:
    """How everything ended; None while something is still open, or the store is away."""
    try:
        async with uow_factory() as uow:
            rows = await uow.work.about(SUBJECT, ["say", "count"])
            runs = {work.key: await uow.settings.get(f"ran {work.key}") for work in rows if work.kind == "count"}
    except Conflict:
        return None
    if not all(work.state in {"done", "skipped", "failed"} for work in rows):
        return None
    sent = {work.key: work.sent.message if work.sent else None for work in rows if work.kind == "say"}
    return {"states": {work.key: work.state for work in rows}, "sent": sent, "runs": runs}


async def carry_out(options: argparse.Namespace, gateway: FakeGateway) -> None:
    """As the bot does it."""
    engine = open_engine(options.database)
    await upgrade(engine)
    uow_factory = unit_of_work_factory(engine)
    await plan(uow_factory, options)
    services = Services(
        SystemClock(),
        WordListDetector(("en",)),
        GreedySolver(),
        Sealer("secret"),
        Community(),
        {"fake": gateway},
    )
    kinds = WorkKinds(DeliveryKind("say", say), TaskKind("count", count))
    scheduler = Scheduler(Runner(uow_factory, kinds, services, times=TIMES), intervals=Intervals(sweep=0.02))
    scheduler.start()
    print("started", flush=True)
    while (ended := await report(uow_factory)) is None:  # noqa: ASYNC110 - the end stands in the database alone
        await asyncio.sleep(0.2)
    await scheduler.stop()
    await engine.dispose()
    print(json.dumps(ended), flush=True)


async def delete_first(options: argparse.Namespace, gateway: FakeGateway) -> None:
    """As it must not be done: what is deleted and not yet sent is lost."""
    with closing(todo(options)) as table:
        for (number,) in table.execute("SELECT number FROM todo").fetchall():
            table.execute("DELETE FROM todo WHERE number = ?", (number,))
            hit("after_fence")
            await gateway.send(place(number), says(f"message-{number}"), f"{number}")


async def send_then_mark(options: argparse.Namespace, gateway: FakeGateway) -> None:
    """As it must not be done: what is sent and not yet marked is sent again."""
    with closing(todo(options)) as table:
        for (number,) in table.execute("SELECT number FROM todo").fetchall():
            await gateway.send(place(number), says(f"message-{number}"), f"{number}")
            hit("after_reply")
            table.execute("DELETE FROM todo WHERE number = ?", (number,))


def todo(options: argparse.Namespace) -> sqlite3.Connection:
    table = sqlite3.connect(options.platform.with_suffix(".todo"), isolation_level=None)
    if not table.execute("SELECT 1 FROM sqlite_master").fetchall():
        rows = ", ".join(f"({number})" for number in range(options.messages))
        table.executescript(f"BEGIN; CREATE TABLE todo (number INTEGER); INSERT INTO todo VALUES {rows}; COMMIT;")
    return table


SENDERS = {"runner": carry_out, "delete-first": delete_first, "send-then-mark": send_then_mark}


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", default="")
    parser.add_argument("--platform", type=Path, required=True)
    parser.add_argument("--idempotent", action="store_true")
    parser.add_argument("--messages", type=int, required=True)
    parser.add_argument("--tasks", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--sender", choices=SENDERS, default="runner")
    options = parser.parse_args()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    capabilities = replace(CAPABILITIES, idempotent_sends=options.idempotent)
    gateway = FakeGateway(capabilities=capabilities, path=options.platform, after_store=lambda: hit("mid_send"))
    gateway.faults.latency = options.latency
    for number in range(4):
        gateway.add_channel(ChannelRef("fake", "W", f"room-{number}"))
    async with asyncio.timeout(GIVE_UP):
        await SENDERS[options.sender](options, gateway)


if __name__ == "__main__":
    asyncio.run(main())

"""Planning deliveries and sending those that are due, beside APScheduler's own job store, on both databases."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.engine import make_url

from adapters.engines.fake import GreedySolver, WordListDetector
from adapters.fake.gateway import FakeGateway
from benchmarks import library
from benchmarks.measure import Compared, Table, logging_to
from benchmarks.postgres import durable_server, version
from benchmarks.side import BUILD, Side
from bot.duework import DeliveryKind, DueWork, NewWork, Send, WorkContext, WorkKinds
from bot.inbound import Profile
from bot.messages import Message, Paragraph, Target
from bot.ports import UnitOfWorkFactory
from bot.services import Community, Sealer, Services
from schedules.clock import SystemClock
from schedules.pace import RunnerTimes
from schedules.runner import Runner
from storage.engine import open_engine
from storage.unit_of_work import unit_of_work_factory
from storage.upgrade import upgrade

RIVAL = "APScheduler"
KIND = "say"


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    planned: int = 10_000
    due: int = 1_000
    rounds: int = 3


@dataclass(frozen=True, slots=True)
class Took:
    """How many seconds planning and sending took."""

    planning: float
    sending: float


@dataclass(frozen=True, slots=True)
class Bout:
    """One database, and how the rival uses it; each call of ``ours`` or ``rival`` finds an empty one."""

    name: str
    ours: Callable[[Sizes], Took]
    rival: Callable[[Sizes], Took]


async def _say(_context: WorkContext, work: DueWork) -> Send:
    return Send(Message((Paragraph((f"A reminder: {work.key}",)),), "en"))


def _reminders(now: datetime, sizes: Sizes) -> Iterator[NewWork]:
    for number in range(sizes.planned):
        due = now if number < sizes.due else now + timedelta(days=1, seconds=number)
        yield NewWork(KIND, f"message-{number}", due, target=Target(user=library.user(number)), subject="bench")


async def _plan(uow_factory: UnitOfWorkFactory, sizes: Sizes) -> float:
    now = datetime.now(UTC)
    started = time.perf_counter()
    async with uow_factory() as uow:
        await uow.work.plan_many(_reminders(now, sizes))
        await uow.commit()
    return time.perf_counter() - started


async def _send(uow_factory: UnitOfWorkFactory, sizes: Sizes) -> float:
    gateway = FakeGateway(library.PLATFORM)
    for number in range(sizes.due):
        gateway.add_user(library.user(number), Profile(f"Member {number}"))
    services = Services(
        SystemClock(),
        WordListDetector(("en",)),
        GreedySolver(),
        Sealer("a secret for measuring"),
        Community(),
        {library.PLATFORM: gateway},
    )
    runner = Runner(uow_factory, WorkKinds(DeliveryKind(KIND, _say)), services)
    started = time.perf_counter()
    await runner.run_until_idle()
    seconds = time.perf_counter() - started
    arrived = len({sent.key for sent in gateway.messages()})
    gateway.close()
    if arrived != sizes.due:
        msg = f"{arrived} of {sizes.due} messages arrived"
        raise SystemExit(msg)
    return seconds


async def plan_and_send(url: str, sizes: Sizes) -> Took:
    """Plan and send through the real repository and runner, the fence included."""
    engine = open_engine(url)
    await upgrade(engine)
    uow_factory = unit_of_work_factory(engine)
    took = Took(await _plan(uow_factory, sizes), await _send(uow_factory, sizes))
    await engine.dispose()
    return took


def ours(fresh: Callable[[], str]) -> Callable[[Sizes], Took]:
    """Return what measures us on a fresh database each time."""
    return lambda sizes: asyncio.run(plan_and_send(fresh(), sizes))


def rivals(side: Side, fresh: Callable[[], str], *, wal: bool) -> Callable[[Sizes], Took]:
    """Return what measures the rival on a fresh database each time."""

    def measured(sizes: Sizes) -> Took:
        took = side.ask(url=fresh(), wal=wal, planned=sizes.planned, due=sizes.due)
        if took["sent"] != sizes.due:
            msg = f"{took['sent']} of {sizes.due} jobs were run"
            raise SystemExit(msg)
        return Took(took["planning"], took["firing"])

    return measured


def fresh_files(folder: Path, prefix: str) -> Callable[[], str]:
    """Return what names a new SQLite file each time."""

    def fresh() -> str:
        made = Path(tempfile.mkdtemp(dir=folder)) / "due.db"
        return f"{prefix}:///{made}"

    return fresh


@contextmanager
def bouts(folder: Path) -> Iterator[tuple[list[Bout], str]]:
    """Open everything that is compared; gives also the PostgreSQL server's version."""
    with durable_server() as server, Side.rival("apscheduler", "apscheduler_side.py", folder=folder) as side:

        def fresh_postgres() -> str:
            return server.url(server.create_database())

        def fresh_for_rival() -> str:
            return make_url(fresh_postgres()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)

        our_files, files = ours(fresh_files(folder, "sqlite+aiosqlite")), fresh_files(folder, "sqlite")
        named = [
            Bout("SQLite, the store's default", our_files, rivals(side, files, wal=False)),
            Bout("SQLite, the store with our settings (WAL)", our_files, rivals(side, files, wal=True)),
            Bout("PostgreSQL", ours(fresh_postgres), rivals(side, fresh_for_rival, wal=False)),
        ]
        yield named, version(server)


def table(bouts_: list[Bout], sizes: Sizes) -> Table:
    """Let both work, turn about, and show who is ahead."""
    found: dict[str, list[tuple[Took, Took]]] = {bout.name: [] for bout in bouts_}
    for _ in range(sizes.rounds):
        for bout in bouts_:
            found[bout.name].append((bout.ours(sizes), bout.rival(sizes)))
    shown = Table("Due work", ("database", "what", "Connections", RIVAL, "ahead"))
    for name, rounds in found.items():
        mine, his = zip(*rounds, strict=True)
        planning = Compared(tuple(took.planning for took in mine), tuple(took.planning for took in his), "less")
        sending = Compared(tuple(took.sending for took in mine), tuple(took.sending for took in his), "less")
        shown.rows.append((name, f"planning {sizes.planned:,} deliveries", *planning.cells("s", RIVAL)))
        shown.rows.append((name, f"sending {sizes.due:,} that are due", *sending.cells("s", RIVAL)))
    return shown


def remarks(sizes: Sizes) -> list[str]:
    """Say what both do for it."""
    ways = (
        f"Connections plans all {sizes.planned:,} rows in the one transaction of their cause. APScheduler's store "
        "takes a job at a time, each in a transaction, and offers no other way. To send, Connections claims at most "
        f"{RunnerTimes().batch} messages at a time, commits the fence of those that can be sent at once before the "
        "first of them is sent (“sending, maybe sent”), and the marks after them, together too, so that a crash at any "
        "point neither loses nor doubles one: after it, the messages fenced and not marked are looked for. APScheduler "
        "commits once for each job: it removes it, and only then runs it, so that a crash loses what it had removed. "
        "Its jobs append to a list; each of our messages is looked at again, written, sealed, and kept by the fake "
        "platform."
    )
    disk = "Both write to the disk as in production: SQLite with `synchronous = FULL`, PostgreSQL with `fsync` on."
    return [ways, disk]


def measure(sizes: Sizes) -> tuple[list[Table], str]:
    """Measure everything, with databases that are gone afterwards."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD) as made, logging_to(Path(made) / "log"), bouts(Path(made)) as found:
        compared, postgres = found
        shown = table(compared, sizes)
    shown.remarks += remarks(sizes)
    return [shown], postgres


if __name__ == "__main__":
    print(measure(Sizes())[0][0].markdown())

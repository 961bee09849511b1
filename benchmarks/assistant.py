"""The whole core as one process: the real dispatcher, storage, engines, runner and log, on the fake platform.

Answers requests line by line on standard input, as the rival's side does.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

from adapters.engines.detector import load_detector
from adapters.engines.solver import CpSatBreakoutSolver
from adapters.fake.gateway import FakeGateway
from adapters.pages.metrics import PrometheusMetrics
from benchmarks import library
from bot.catalogue import listeners, registry, work_kinds
from bot.config import Settings
from bot.dispatch import Dispatcher
from bot.features.deliveries.handlers import report_failure
from bot.features.meetings.model import Meeting, PlaceAudience
from bot.features.meetings.scheduling import create
from bot.inbound import Inbound, Profile, Said
from bot.logs import configure
from bot.messages import MessageRef, Paragraph, UserRef
from bot.services import Community, Sealer, Services, new_id
from schedules.clock import SystemClock
from schedules.runner import Runner
from schedules.scheduler import Scheduler
from storage.engine import open_engine
from storage.unit_of_work import unit_of_work_factory
from storage.upgrade import upgrade

FILE = "connections.db"
MEETING_ZONE = "Europe/Zurich"
MEETING_PLACE = "https://meet.example/room"


def database(folder: Path) -> str:
    """Return the address of the database in a folder."""
    return f"sqlite+aiosqlite:///{folder / FILE}"


def meeting(now: datetime) -> Meeting:
    """Return the meeting that is asked for: in ten days, with all its reminders still ahead."""
    starts = (now + timedelta(days=10)).replace(tzinfo=None, second=0, microsecond=0)
    open_to_all = PlaceAudience.MEMBERS
    return Meeting("m", "Plenary", starts, MEETING_ZONE, 90, None, place=MEETING_PLACE, place_audience=open_to_all)


def one_account(number: int) -> tuple[UserRef, ...]:
    """Return a member's only account."""
    return (library.user(number),)


async def fill(
    folder: Path, members: int, resources: int, accounts: Callable[[int], tuple[UserRef, ...]] = one_account
) -> None:
    """Write the community: its members with their accounts, its library, one meeting and all reminders of it."""
    engine = open_engine(database(folder))
    await upgrade(engine)
    async with unit_of_work_factory(engine)() as uow:
        for number, (member, identity) in enumerate(library.members(members)):
            first, *others = accounts(number)
            await uow.members.add(member, replace(identity, user=first))
            for other in others:
                await uow.members.save_identity(replace(identity, user=other))
        for resource in library.resources(resources):
            await uow.resources.save(resource)
        now = datetime.now(UTC)
        await create(uow, meeting(now), (), now)
        await uow.commit()
    await engine.dispose()


class Assistant:
    """The core put together as ``bot.bootstrap`` does it, on the fake platform."""

    def __init__(self, dispatcher: Dispatcher, gateway: FakeGateway) -> None:
        self._dispatch = dispatcher
        self._gateway = gateway
        self._run = new_id()
        self._asked = 0

    async def round(self, asked: Sequence[tuple[int, str]], at_once: int) -> dict[str, Any]:
        """Ask ``at_once`` at a time; return each turn's milliseconds, and the seconds and processor seconds of all."""
        inbound = [self._inbound(member, text) for member, text in asked]
        spent: list[float] = []
        started, cpu = time.perf_counter(), time.process_time()
        for place in range(0, len(inbound), at_once):
            began = time.perf_counter()
            async with asyncio.TaskGroup() as group:
                for one in inbound[place : place + at_once]:
                    group.create_task(self._dispatch(one))
            spent.append((time.perf_counter() - began) * 1000)
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
        answers = self._collect()
        return {"ms": spent, "seconds": seconds, "cpu": cpu, "answers": len(answers), "found": sum(answers)}

    def _inbound(self, member: int, text: str) -> Inbound:
        self._asked += 1
        user = library.user(member)
        channel = self._gateway.direct_line(user)
        ref = MessageRef(library.PLATFORM, library.WORKSPACE, channel.channel, f"said-{self._asked}")
        said = Said(text, ref, addressed=True)
        profile = Profile(f"Member {member}", library.language_of(member))
        id_ = f"{self._run}-{self._asked}"
        return Inbound(id_, datetime.now(UTC), user, profile, channel, direct=True, event=said)

    def _collect(self) -> list[bool]:
        """Take the answers off the platform, and tell of each whether something was found."""
        found = []
        for sent in self._gateway.messages():
            found.append(not isinstance(sent.message.blocks[0], Paragraph))
            self._gateway.remove(sent.ref)
        return found


@asynccontextmanager
async def running(folder: Path, members: int) -> AsyncIterator[Assistant]:
    """Open the community in a folder and carry out due work beside, as the bot does."""
    engine = open_engine(database(folder))
    await upgrade(engine)
    uow_factory = unit_of_work_factory(engine)
    gateway = FakeGateway(library.PLATFORM)
    for number in range(members):
        gateway.add_user(library.user(number), Profile(f"Member {number}"))
    services = Services(
        SystemClock(),
        load_detector(library.LANGUAGES),
        CpSatBreakoutSolver("en"),
        Sealer("a secret for measuring"),
        Community(library.LANGUAGES),
        {library.PLATFORM: gateway},
        PrometheusMetrics(),
    )
    runner = Runner(uow_factory, work_kinds(), services, on_failed=report_failure)
    scheduler = Scheduler(runner)
    scheduler.start()
    try:
        dispatcher = Dispatcher(registry(), listeners(), uow_factory, services, planned=runner.poke)
        yield Assistant(dispatcher, gateway)
    finally:
        await scheduler.stop()
        gateway.close()
        await engine.dispose()


async def serve(folder: Path, members: int, answers: IO[str]) -> None:
    """Answer requests until the input ends."""
    configure(Settings(_env_file=None, data_dir=folder))  # as `connections run` does
    async with running(folder, members) as assistant:
        answers.write('{"ready": true}\n')
        while line := await asyncio.to_thread(sys.stdin.readline):
            request = json.loads(line)
            answers.write(json.dumps(await assistant.round(request["asked"], request["at_once"])) + "\n")


def main() -> None:
    """Keep standard output for answers; whatever else is printed goes to standard error."""
    with os.fdopen(os.dup(1), "w", buffering=1) as answers:
        os.dup2(2, 1)
        asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]), answers))


if __name__ == "__main__":
    main()

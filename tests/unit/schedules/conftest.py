"""A small community on a store in memory, with clocks that only the test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import structlog

from adapters.engines.fake import GreedySolver, WordListDetector
from adapters.fake.gateway import FakeGateway
from adapters.fake.text import text_of
from bot.duework import DeliveryKind, DueWork, NewWork, Send, TaskKind, WorkKinds
from bot.inbound import Profile
from bot.messages import ChannelRef, Message, Paragraph, Target, UserRef
from bot.ports import UnitOfWorkFactory
from bot.services import Community, Sealer, Services
from schedules.clock import FakeClock, utc_now
from schedules.pace import RunnerTimes
from schedules.runner import Runner
from storage.engine import open_engine
from storage.types import UtcDateTime
from storage.unit_of_work import unit_of_work_factory
from storage.upgrade import upgrade

START = datetime(2026, 11, 24, 10, tzinfo=UTC)
ROOM = ChannelRef("fake", "W", "plenary")
MEMBER = UserRef("fake", "W", "ada")


def says(text: str) -> Message:
    return Message((Paragraph((text,)),), "en")


class StoreClock:
    """The store's clock for leases, moved by hand."""

    run = "test"

    def __init__(self) -> None:
        self._now = utc_now()

    def after(self, seconds: float) -> sa.ColumnElement[datetime]:
        return sa.literal(self._now + timedelta(seconds=seconds), UtcDateTime)

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


async def greet(_context, work: DueWork) -> Send:
    return Send(says(f"hello {work.key}"))


@dataclass
class World:
    """What a test of the runner touches."""

    uow_factory: UnitOfWorkFactory
    clock: FakeClock = field(default_factory=lambda: FakeClock(START))
    leases: StoreClock = field(default_factory=StoreClock)
    times: RunnerTimes = field(default_factory=RunnerTimes)

    gateway: FakeGateway = field(default_factory=FakeGateway)

    def __post_init__(self) -> None:
        self.use(self.gateway)

    def use(self, gateway: FakeGateway) -> None:
        """Let this be the platform, with a room and a member."""
        if gateway is not self.gateway:
            self.gateway.close()
        self.gateway = gateway
        gateway.add_channel(ROOM)
        gateway.add_user(MEMBER, Profile("Ada"))

    def services(self, **gateways: FakeGateway) -> Services:
        return Services(
            clock=self.clock,
            detector=WordListDetector(("en",)),
            solver=GreedySolver(),
            sealer=Sealer("secret"),
            community=Community(),
            gateways=gateways or {"fake": self.gateway},
        )

    def runner(self, *kinds: DeliveryKind | TaskKind, **options) -> Runner:
        registry = WorkKinds(*(kinds or (DeliveryKind("greet", greet),)))
        return Runner(
            options.pop("uow_factory", self.uow_factory),
            registry,
            options.pop("services", self.services()),
            times=self.times,
            **options,
        )

    async def plan(self, key: str = "one", kind: str = "greet", **changes) -> None:
        values = {"due": START, "target": Target(channel=ROOM), "subject": "test"} | changes
        async with self.uow_factory() as uow:
            await uow.work.plan(NewWork(kind, key, **values))
            await uow.commit()

    async def rows(self) -> dict[str, DueWork]:
        async with self.uow_factory() as uow:
            return {work.key: work for work in await uow.work.about("test", KINDS)}

    async def row(self, key: str = "one") -> DueWork:
        return (await self.rows())[key]

    async def keys(self) -> list[str]:
        return list(await self.rows())

    async def ends(self, key: str = "one") -> tuple[str, str | None]:
        work = await self.row(key)
        return work.state.value, work.reason

    async def pass_time(self, seconds: float) -> None:
        """Let time pass on both clocks."""
        self.leases.advance(seconds)
        self.clock.advance(timedelta(seconds=seconds))

    def texts(self) -> list[str]:
        return [text_of(sent.message) for sent in self.gateway.messages()]


KINDS = ("greet", "change", "count", "notice", "admit")


@pytest.fixture
async def world() -> AsyncIterator[World]:
    leases = StoreClock()
    engine = open_engine("sqlite:///:memory:")
    await upgrade(engine)
    made = World(unit_of_work_factory(engine, leases), leases=leases)
    yield made
    made.gateway.close()
    await engine.dispose()


@pytest.fixture
def logs():
    with structlog.testing.capture_logs() as captured:
        yield captured

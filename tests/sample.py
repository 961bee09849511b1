"""The sample community put together on the fake gateway, for the tests that talk to the whole assistant."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from adapters.engines.detector import load_detector
from adapters.engines.solver import CpSatBreakoutSolver
from adapters.fake.gateway import CAPABILITIES, FakeGateway
from adapters.tryit import community
from adapters.tryit.gateway import channel_ref, user_ref
from bot.catalogue import listeners, registry, work_kinds
from bot.dispatch import Dispatcher
from bot.features.deliveries.handlers import report_failure
from bot.inbound import Profile
from bot.messages import ChannelRef, UserRef
from bot.metrics import NoMetrics
from bot.platforms import ChatGateway, Core
from bot.ports import UnitOfWorkFactory
from bot.sampletime import SampleTime
from bot.services import Community, Sealer, Services
from bot.suggestions import Suggestions
from schedules.clock import SampleClock
from schedules.runner import Runner
from storage.engine import open_engine
from storage.unit_of_work import unit_of_work_factory
from storage.upgrade import upgrade
from tests.scenario.fake_chat import FakeChat

LANGUAGES = ("en", "fr", "es")
NO_METRICS = NoMetrics()


@dataclass(frozen=True)
class Assistant:
    """The whole assistant over the sample community, on whichever platforms a test has put it."""

    services: Services
    dispatcher: Dispatcher
    runner: Runner
    time: SampleTime
    uow_factory: UnitOfWorkFactory
    core: Core


@asynccontextmanager
async def sample_assistant(
    database_url: str,
    gateways: Mapping[str, ChatGateway],
    *,
    user: Callable[[str], UserRef] = user_ref,
    channel: Callable[[str], ChannelRef] = channel_ref,
    metrics=NO_METRICS,
) -> AsyncIterator[Assistant]:
    """Open the sample community on a database; ``user`` and ``channel`` tell where its people and rooms are."""
    engine = open_engine(database_url)
    await upgrade(engine)
    uow_factory = unit_of_work_factory(engine)
    clock = await SampleClock.load(uow_factory, community.first_moment())
    async with uow_factory() as uow:
        await community.seed(uow, clock.now(), user=user, channel=channel)
        await uow.commit()
    named = [user(who.removeprefix("tryit:")) for who in community.organizers()]
    organizers = frozenset(f"{ref.platform}:{ref.workspace}/{ref.user}" for ref in named)
    services = Services(
        clock,
        load_detector(LANGUAGES),
        CpSatBreakoutSolver("en"),
        Sealer("a secret for tests"),
        Community(LANGUAGES, organizers),
        gateways,
        metrics,
    )
    runner = Runner(uow_factory, work_kinds(), services, on_failed=report_failure)
    commands = registry()
    dispatcher = Dispatcher(commands, listeners(), uow_factory, services)
    time = SampleTime(clock, uow_factory, runner.run_until_idle)
    core = Core(dispatcher, Suggestions(uow_factory, clock, LANGUAGES), tuple(commands), LANGUAGES)
    yield Assistant(services, dispatcher, runner, time, uow_factory, core)
    await engine.dispose()


@asynccontextmanager
async def sample_chat(database_url: str, capabilities=CAPABILITIES, metrics=NO_METRICS):
    """Open the sample community on a fake platform; gives the people's side of it, with the rest as attributes."""
    gateway = FakeGateway("tryit", capabilities=capabilities)
    for channel, *_rest in community.ROOMS:
        gateway.add_channel(channel_ref(channel))
    for person in community.people():
        profile = Profile(person.name, person.data.get("locale"), person.data.get("zone"))
        gateway.add_user(user_ref(person.user), profile)
    async with sample_assistant(database_url, {"tryit": gateway}, metrics=metrics) as it:
        yield FakeChat(gateway, it.dispatcher, it.runner, it.time, it.uow_factory, it.services)

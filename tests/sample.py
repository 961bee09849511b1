"""The sample community put together on the fake gateway, for the tests that talk to the whole assistant."""

from __future__ import annotations

from contextlib import asynccontextmanager

from adapters.engines.detector import load_detector
from adapters.engines.solver import CpSatBreakoutSolver
from adapters.fake.gateway import CAPABILITIES, FakeGateway
from adapters.tryit import community
from adapters.tryit.gateway import channel_ref, user_ref
from bot.catalogue import listeners, registry, work_kinds
from bot.dispatch import Dispatcher
from bot.features.deliveries.handlers import report_failure
from bot.inbound import Profile
from bot.metrics import NoMetrics
from bot.sampletime import SampleTime
from bot.services import Community, Sealer, Services
from schedules.clock import SampleClock
from schedules.runner import Runner
from storage.engine import open_engine
from storage.unit_of_work import unit_of_work_factory
from storage.upgrade import upgrade
from tests.scenario.fake_chat import FakeChat

LANGUAGES = ("en", "fr", "es")
NO_METRICS = NoMetrics()


@asynccontextmanager
async def sample_chat(database_url: str, capabilities=CAPABILITIES, metrics=NO_METRICS):
    """Open the sample community on a database; gives the people's side of it, with everything else as attributes."""
    engine = open_engine(database_url)
    await upgrade(engine)
    uow_factory = unit_of_work_factory(engine)
    gateway = FakeGateway("tryit", capabilities=capabilities)
    for channel, *_rest in community.ROOMS:
        gateway.add_channel(channel_ref(channel))
    for person in community.people():
        profile = Profile(person.name, person.data.get("locale"), person.data.get("zone"))
        gateway.add_user(user_ref(person.user), profile)
    clock = await SampleClock.load(uow_factory, community.first_moment())
    async with uow_factory() as uow:
        await community.seed(uow, clock.now())
        await uow.commit()
    services = Services(
        clock,
        load_detector(LANGUAGES),
        CpSatBreakoutSolver("en"),
        Sealer("a secret for tests"),
        Community(LANGUAGES, community.organizers()),
        {"tryit": gateway},
        metrics,
    )
    runner = Runner(uow_factory, work_kinds(), services, on_failed=report_failure)
    dispatcher = Dispatcher(registry(), listeners(), uow_factory, services)
    time = SampleTime(clock, uow_factory, runner.run_until_idle)
    yield FakeChat(gateway, dispatcher, runner, time, uow_factory, services)
    await engine.dispose()

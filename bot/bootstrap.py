"""The composition root: from settings to a running assistant. The only file that knows adapters, storage, schedules."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.routing import BaseRoute

from adapters.discord.settings import DiscordSettings
from adapters.engines.detector import NoDetector, load_detector
from adapters.engines.solver import CpSatBreakoutSolver
from adapters.pages import health as health_pages
from adapters.pages.metrics import PrometheusMetrics
from adapters.pages.server import listen, serve
from adapters.slack.settings import SlackSettings
from adapters.tryit import community as sample
from adapters.tryit.gateway import TryItGateway
from adapters.tryit.platform import ChatPlatform
from adapters.tryit.stage import Seat, Stage
from adapters.tryit.web import routes
from bot.catalogue import listeners, registry, work_kinds
from bot.checks import DatabaseFacts, EngineFacts, Finding
from bot.config import Settings, secret_key
from bot.dispatch import Dispatcher
from bot.errors import ConfigError
from bot.features.deliveries.handlers import report_failure
from bot.features.meetings.scheduling import recompute
from bot.features.rooms.model import Room
from bot.health import Health
from bot.i18n import available_languages
from bot.platforms import ChatGateway, Connection, Core
from bot.ports import Clock, Group, UnitOfWorkFactory
from bot.ports import Seat as BreakoutSeat
from bot.sampletime import SampleTime
from bot.services import Community, Sealer, Services
from bot.suggestions import Suggestions
from bot.supervision import keep_connected
from schedules.clock import SampleClock, SystemClock
from schedules.runner import Runner
from schedules.scheduler import Housekeeping, Scheduler
from storage import backup
from storage.backup import Restored
from storage.backupfile import Manifest
from storage.engine import database_file, database_url, open_engine
from storage.lock import exclusive_lock
from storage.look import look
from storage.search import ensure_index
from storage.unit_of_work import unit_of_work_factory
from storage.upgrade import upgrade

log = structlog.get_logger("connections")

COMMUNITY = "community"
SAMPLE = "sample"
EVENTS_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class App:
    """The assistant, put together: what its commands and its web server need."""

    uow_factory: UnitOfWorkFactory
    services: Services
    dispatcher: Dispatcher
    runner: Runner
    core: Core
    routes: tuple[BaseRoute, ...] = ()
    stage: Stage | None = None
    connections: Mapping[str, Connection] = field(default_factory=dict)


@asynccontextmanager
async def open_storage(settings: Settings) -> AsyncIterator[UnitOfWorkFactory]:
    """Open the database, bring it up to date, and close it at the end. Raises ConfigError."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database)
    try:
        await upgrade(engine)
        async with AsyncSession(engine) as session, session.begin():
            await ensure_index(session)
        yield unit_of_work_factory(engine)
    finally:
        await engine.dispose()


@asynccontextmanager
async def build(settings: Settings) -> AsyncIterator[App]:
    """Put the assistant together; nothing works on its own yet. Raises ConfigError."""
    async with AsyncExitStack() as stack:
        path = database_file(database_url(settings.database))
        if path is not None:
            stack.enter_context(exclusive_lock(path.parent))
        uow_factory = await stack.enter_async_context(open_storage(settings))
        await _settle_community(uow_factory, settings)
        if settings.sample:
            yield await _build_sample(settings, uow_factory, stack)
        else:
            yield _build_real(settings, uow_factory)


async def _settle_community(uow_factory: UnitOfWorkFactory, settings: Settings) -> None:
    """Mark a database as the sample's or a real community's at first use, and never mix the two."""
    wanted = SAMPLE if settings.sample else "real"
    async with uow_factory() as uow:
        found = await uow.settings.get(COMMUNITY)
        if found is None:
            await uow.settings.set(COMMUNITY, wanted)
            await uow.commit()
    if found not in (None, wanted):
        msg = (
            f"This database holds the {found} community, and the settings ask for the {wanted} one. "
            "Name another database in DATABASE_URL, or another folder in DATA_DIR."
        )
        raise ConfigError(msg)


def _build(settings: Settings, uow_factory: UnitOfWorkFactory, clock: Clock, gateways: dict[str, ChatGateway]) -> App:
    languages = tuple(settings.community_languages)
    unknown = [tag for tag in languages if tag not in available_languages()]
    if unknown or not languages:
        known = ", ".join(available_languages())
        msg = f"COMMUNITY_LANGUAGES names languages that are not spoken here: {unknown}. There are {known}."
        raise ConfigError(msg)
    organizers = sample.organizers() if settings.sample else frozenset(settings.organizers)
    services = Services(
        clock,
        load_detector(languages),
        CpSatBreakoutSolver(languages[0]),
        Sealer(secret_key(settings)),
        Community(languages, organizers),
        gateways,
        PrometheusMetrics(),
    )
    runner = Runner(uow_factory, work_kinds(), services, on_failed=report_failure)
    commands = registry()
    dispatcher = Dispatcher(commands, listeners(), uow_factory, services, planned=runner.poke)
    core = Core(dispatcher, Suggestions(uow_factory, clock, languages), tuple(commands), languages)
    return App(uow_factory, services, dispatcher, runner, core)


def _build_real(settings: Settings, uow_factory: UnitOfWorkFactory) -> App:
    connections: dict[str, Connection] = {}
    routes: tuple[BaseRoute, ...] = ()
    if settings.slack_bot_token.get_secret_value() or settings.slack_app_token.get_secret_value():
        from adapters.slack.connection import SlackConnection

        _require_all_of_slack(settings)
        connections["slack"] = slack = SlackConnection(slack_settings(settings))
        routes = tuple(slack.routes)
    if settings.discord_token.get_secret_value():
        from adapters.discord.connection import DiscordConnection

        connections["discord"] = DiscordConnection(discord_settings(settings))
    gateways = {name: connection.gateway for name, connection in connections.items()}
    app = _build(settings, uow_factory, SystemClock(), gateways)
    return replace(app, routes=routes, connections=connections)


def _require_all_of_slack(settings: Settings) -> None:
    """Raise ConfigError when one of the secrets that the chosen mode needs is missing."""
    needed = {"SLACK_BOT_TOKEN": settings.slack_bot_token}
    if settings.slack_mode == "socket":
        needed["SLACK_APP_TOKEN"] = settings.slack_app_token
    else:
        needed["SLACK_SIGNING_SECRET"] = settings.slack_signing_secret
    missing = [name for name, secret in needed.items() if not secret.get_secret_value()]
    if missing:
        msg = f"Slack needs {' and '.join(missing)} as well. Add it to .env; docs/slack.md tells where to find it."
        raise ConfigError(msg)


async def _build_sample(settings: Settings, uow_factory: UnitOfWorkFactory, stack: AsyncExitStack) -> App:
    clock = await SampleClock.load(uow_factory, sample.first_moment())
    platform = ChatPlatform(settings.data_dir / "tryit.db", clock)
    stack.callback(platform.close)
    sample.furnish(platform)
    async with uow_factory() as uow:
        if not await uow.rooms.all():
            await sample.seed(uow, clock.now())
            await uow.commit()
    app = _build(settings, uow_factory, clock, {"tryit": TryItGateway(platform)})
    time = SampleTime(clock, uow_factory, app.runner.run_until_idle)
    suggestions = sample.sample_suggestions()
    page = routes(platform, app.dispatcher, time, suggestions=suggestions)
    stage = Stage(platform, app.dispatcher, time, app.runner.run_until_idle, suggestions)
    return replace(app, routes=tuple(page), stage=stage)


async def run(settings: Settings) -> None:
    """Run the assistant until it is told to stop (SIGINT, SIGTERM). Raises ConfigError."""
    async with build(settings) as app:
        listening = listen(settings.web_host, settings.web_port)
        async with _awake(app, lambda: forget_old_events(app)) as scheduler:
            health = Health(app.uow_factory, app.services, scheduler.silence)
            async with _connected(app):
                await serve((*app.routes, *health_pages.routes(health)), listening)


@asynccontextmanager
async def _connected(app: App) -> AsyncIterator[None]:
    """Keep every platform connected until the end; then let what was taken in be answered."""
    keeping = [
        asyncio.create_task(keep_connected(name, connection, app.core), name=name)
        for name, connection in app.connections.items()
    ]
    try:
        yield
    finally:
        for task in keeping:
            task.cancel()
        await asyncio.gather(*keeping, return_exceptions=True)


@asynccontextmanager
async def _awake(app: App, *housekeeping: Housekeeping) -> AsyncIterator[Scheduler]:
    """Bring what is planned up to date with the time zone data, and carry out due work until the end."""
    async with app.uow_factory() as uow:
        await recompute(uow, app.services.clock.now())
        await uow.commit()
    scheduler = Scheduler(app.runner, housekeeping)
    scheduler.start()
    try:
        yield scheduler
    finally:
        await scheduler.stop()


async def forget_old_events(app: App) -> None:
    """Forget which events were handled, once no platform would tell them again."""
    async with app.uow_factory() as uow:
        await uow.seen.forget_before(app.services.clock.now() - EVENTS_KEPT)
        await uow.commit()


def start(settings: Settings) -> None:
    """Run the assistant in an event loop of its own."""
    asyncio.run(run(settings))


async def look_into(settings: Settings) -> tuple[DatabaseFacts, EngineFacts]:
    """Look at the database and the engines, and change nothing."""
    detector = load_detector(tuple(settings.community_languages))
    seat, group = BreakoutSeat("member", ("en",)), Group("group", "en")
    error = None
    try:
        CpSatBreakoutSolver("en").place([seat], [group])
    except Exception as problem:  # noqa: BLE001 - whatever it is, it is what is to be told
        error = str(problem)
    return await look(settings.database), EngineFacts(not isinstance(detector, NoDetector), error)


async def save_backup(settings: Settings, target: Path) -> Manifest:
    """Write a copy of the database to a new file, beside a running assistant or without. Raises ConfigError."""
    return await backup.back_up(settings.database, target)


async def put_backup_back(settings: Settings, source: Path, *, replace: bool) -> Restored:
    """Put a backup in the place of the database. Raises ConfigError, with nothing changed, when it does not fit."""
    return await backup.restore(settings.database, source, replace=replace)


async def console(settings: Settings, seat: Seat) -> None:
    """Play the sample chat in the terminal until the input ends. Raises ConfigError, and NotFound for the seat."""
    from adapters.tryit.console import Console
    from adapters.tryit.console_input import DescriptorLines

    async with build(settings) as app:
        if app.stage is None:
            msg = (
                "The console plays the sample community, and a platform is configured. "
                "Leave SLACK_BOT_TOKEN, SLACK_APP_TOKEN and DISCORD_TOKEN empty to use it."
            )
            raise ConfigError(msg)
        lines = DescriptorLines(sys.stdin.fileno())
        playing = Console(app.stage, lines, sys.stdout, seat, echo=not sys.stdin.isatty())
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, lines.stop)
        async with _awake(app):
            await playing.run()


def start_console(settings: Settings, viewer: str | None = None, language: str | None = None) -> None:
    """Play the sample chat in an event loop of its own, at first as ``viewer`` (a user id)."""
    asyncio.run(console(settings, Seat(viewer, language)))


@asynccontextmanager
async def open_community(settings: Settings) -> AsyncIterator[tuple[UnitOfWorkFactory, Clock]]:
    """Open the community's database with its clock, beside a running assistant or without. Raises ConfigError."""
    async with open_storage(settings) as uow_factory:
        await _settle_community(uow_factory, settings)
        clock = await SampleClock.load(uow_factory, sample.first_moment()) if settings.sample else SystemClock()
        yield uow_factory, clock


# --- looking at the platforms, for check and setup --------------------------------------------------------------------


def slack_settings(settings: Settings) -> SlackSettings:
    """Return what the Slack adapter needs to be told."""
    return SlackSettings(
        settings.slack_bot_token.get_secret_value(),
        settings.slack_app_token.get_secret_value(),
        settings.slack_signing_secret.get_secret_value(),
        settings.slack_api_url,
        settings.slack_mode,
    )


def discord_settings(settings: Settings) -> DiscordSettings:
    """Return what the Discord adapter needs to be told."""
    return DiscordSettings(
        settings.discord_token.get_secret_value(),
        settings.discord_api_url,
        settings.discord_gateway_url,
        settings.discord_message_content,
    )


def slack_manifest(mode: Literal["socket", "http"], address: str = "") -> dict[str, Any]:
    """Return the manifest of the Slack app; ``address`` is where this server is reached from outside, for ``http``."""
    from adapters.slack.manifest import manifest
    from adapters.slack.settings import PATH

    return manifest(registry(), mode, f"{address.rstrip('/')}{PATH}" if address else "")


async def look_at_platforms(settings: Settings, rooms: Sequence[Room] = ()) -> tuple[Finding, ...]:
    """Ask every platform that is configured how it is, all at once and for ten seconds at most; change nothing."""
    looks = []
    if settings.slack_bot_token.get_secret_value() or settings.slack_app_token.get_secret_value():
        from adapters.slack import check as slack

        looks.append(slack.look(slack_settings(settings), rooms, settings.organizers))
    if settings.discord_token.get_secret_value():
        from adapters.discord import check as discord

        looks.append(discord.look(discord_settings(settings), rooms, settings.organizers))
    return tuple(finding for found in await asyncio.gather(*looks) for finding in found)


async def known_rooms(settings: Settings, facts: DatabaseFacts) -> tuple[Room, ...]:
    """Return the community's rooms from a database that was looked into; none if it is of another revision."""
    if facts.error or facts.revision != facts.known[-1]:
        return ()
    engine = open_engine(settings.database)
    try:
        async with unit_of_work_factory(engine)() as uow:
            return await uow.rooms.all()
    finally:
        await engine.dispose()


async def find_people(settings: Settings, platform: str, words: str) -> tuple[tuple[str, str], ...]:
    """Return whom an id or a name means on a platform: identity and name of each. Raises a DeliveryError."""
    if platform == "slack":
        from adapters.slack import lookup as slack

        return await slack.find_people(slack_settings(settings), words)
    from adapters.discord import lookup as discord

    return await discord.find_people(discord_settings(settings), words)

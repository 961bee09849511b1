"""The scripts' chat on an emulated Discord: the real adapter and discord.py between the people and the assistant."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from adapters.discord.connection import DiscordConnection
from adapters.discord.limits import FIELD_LABEL, shorten
from adapters.discord.refs import channel_ref, user_ref
from adapters.discord.settings import DiscordSettings
from adapters.engines.detector import load_detector
from adapters.engines.solver import CpSatBreakoutSolver
from adapters.tryit import community
from bot.catalogue import listeners, registry, work_kinds
from bot.dispatch import Dispatcher
from bot.features.deliveries.handlers import report_failure
from bot.features.rooms.model import Purpose
from bot.i18n import use_locale
from bot.inbound import Inbound
from bot.platforms import Core
from bot.sampletime import SampleTime
from bot.services import Community, Sealer, Services
from bot.times.show import format_time
from schedules.clock import SampleClock
from schedules.runner import Runner
from storage.engine import open_engine
from storage.unit_of_work import unit_of_work_factory
from storage.upgrade import upgrade
from tests.emulators.discord.server import DiscordServer
from tests.emulators.discord.state import Channel, Interaction, Message, User, every_component
from tests.scenario.scripts import DIRECT

LANGUAGES = ("en", "fr", "es")
SECONDS = 20
LOCALES = {"en": "en-GB", "fr": "fr", "es": "es-419"}
_TIME = re.compile(r"<t:(\d+):([FDt])>")
_STYLES = {"F": "full", "D": "date", "t": "time"}
_MENTION = re.compile(r"<([@#])(\d+)>")
_LINK = re.compile(r"(?<!\\)\[((?:\\.|[^\]\\])*)\]\(<([^>]*)>\)")
_MARKS = re.compile(r"^(### |-# |> |- )|(?<!\\)\*\*", re.MULTILINE)


@dataclass
class Connected:
    """A connection that runs, and what it took in."""

    server: DiscordServer
    connection: DiscordConnection
    task: asyncio.Task[None]
    handled: list[Inbound]
    news: asyncio.Event

    async def handled_id(self, begins: str) -> Inbound:
        """Wait until an event whose id begins so has been handled."""
        async with asyncio.timeout(SECONDS):
            while not (found := [item for item in self.handled if item.id.startswith(begins)]):
                self.news.clear()
                await self.news.wait()
        return found[-1]


@asynccontextmanager
async def connected(
    server: DiscordServer, dispatch, *, suggest=None, specs=None, connection=None, message_content=True
) -> AsyncIterator[Connected]:
    """Connect the adapter to an emulated server; ``dispatch`` gets what happens there."""
    if connection is None:
        settings = DiscordSettings(server.token, server.api_url, server.gateway_url, message_content)
        connection = DiscordConnection(settings)
    handled, news = [], asyncio.Event()

    async def counted(inbound: Inbound) -> None:
        await dispatch(inbound)
        handled.append(inbound)
        news.set()

    async def nothing(typed):
        return ()

    core = Core(counted, suggest or nothing, tuple(registry() if specs is None else specs), LANGUAGES)
    with server.pointed():
        task = asyncio.create_task(connection.run(core))
        try:
            await _ready(connection, task)
            yield Connected(server, connection, task, handled, news)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def _ready(connection: DiscordConnection, task: asyncio.Task[None]) -> None:
    async with asyncio.timeout(SECONDS):
        while not connection.gateway.connected:
            if task.done():
                await task
            await asyncio.sleep(0.01)


def as_read(text: str, zone: str, language: str, names: Mapping[str, str] | None = None) -> str:
    """Return a text as Discord's app shows it to somebody; ``names`` are those of people and channels by id."""

    def when(found: re.Match[str]) -> str:
        instant = datetime.fromtimestamp(int(found[1]), UTC)
        with use_locale(language):
            return format_time(instant, zone, _STYLES[found[2]])

    text = _MENTION.sub(lambda found: found[1] + (names or {}).get(found[2], found[2]), text)
    text = _LINK.sub(lambda found: found[1] if "://" in found[1] else f"{found[1]} {found[2]}", _TIME.sub(when, text))
    text = _MARKS.sub("", text).replace("\u200b", "")
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", text)


def words_of(message: Message, zone: str, language: str, names: Mapping[str, str] | None = None) -> str:
    """Return everything that a message shows, its controls too."""
    lines = []
    for item in every_component(message.components):
        lines += [str(item[key]) for key in ("content", "label", "placeholder") if item.get(key)]
        lines += [option["label"] for option in item.get("options", [])]
    lines += [upload.filename for upload in message.uploads]
    return as_read("\n".join(lines), zone, language, names)


class DiscordChat:
    """Plays the sample people on an emulated Discord."""

    def __init__(self, line: Connected, users, channels, runner, time: SampleTime) -> None:
        self.line = line
        self.server = line.server
        self.users: dict[str, User] = users
        self.channels: dict[str, Channel] = channels
        self._runner = runner
        self._time = time
        self._people = {person.user: person for person in community.people()}
        rooms = {room: name for room, name, _purpose, _language in community.ROOMS}
        self._names = {channel.id: rooms[room] for room, channel in channels.items()}
        self._names |= {user.id: user.name for user in users.values()}

    async def join(self, who):
        self.server.join(self.users[who])
        await self._settled(f"j{self.server.guild.id}-{self.users[who].id}")

    async def say(self, who, text, where=DIRECT):
        said = self.server.say(self.users[who], self._channel(who, where), text)
        await self._settled(f"m{said.id}")

    async def press(self, who, label, where=DIRECT):
        buttons = [
            (button, message)
            for message in self.server.said_to(self.users[who], self._channel(who, where))
            for button in message.buttons
        ]
        exact = [pair for pair in buttons if pair[0]["label"] == label]
        fitting = exact or [pair for pair in buttons if pair[0]["label"].startswith(label)]
        assert fitting, f"{who} sees no button {label!r} in {where}, but {[b['label'] for b, _m in buttons][-8:]}"
        button, message = fitting[-1]
        await self._interacted(self.server.press(self.users[who], message, button["custom_id"]))

    async def fill(self, who, values, submit):
        modal = self.server.modal(self.users[who])
        assert modal, f"{who} has no form open"
        ids = {label: custom_id for custom_id, label in modal.labels.items()}
        given = {ids[shorten(label, FIELD_LABEL)]: value for label, value in values.items()}
        await self._interacted(self.server.submit(self.users[who], given))

    async def wait_for(self, who, text, where=DIRECT):
        shown = self._shown(who, where)
        fitting = [message for message in shown if text in message]
        assert fitting, f"{who} does not see {text!r} in {where}; last: {shown[-3:]}"
        return fitting[-1]

    async def shown(self, who, where=DIRECT):
        return "\n".join(self._shown(who, where))

    async def forward(self, hours):
        await self._time.forward(hours)

    async def to_next_reminder(self):
        assert await self._time.to_next_reminder()

    async def to_meeting(self):
        assert await self._time.to_meeting()

    # --- how it is done ----------------------------------------------------------------------------------------------

    def _channel(self, who, where) -> Channel:
        return self.server.dm(self.users[who]) if where == DIRECT else self.channels[where]

    def _shown(self, who, where) -> list[str]:
        data = self._people[who].data
        zone, language = data.get("zone") or "UTC", (data.get("locale") or data["languages"][0])[:2]
        return [
            words_of(message, zone, language, self._names)
            for message in self.server.said_to(self.users[who], self._channel(who, where))
        ]

    async def _interacted(self, interaction: Interaction) -> None:
        await self._settled(f"i{interaction.id}")
        await self.server.answered(interaction)
        assert interaction.failure is None

    async def _settled(self, event: str) -> None:
        await self.line.handled_id(event)
        await self._runner.run_until_idle()


@asynccontextmanager
async def discord_chat(database_url: str) -> AsyncIterator[DiscordChat]:
    """Open the sample community on an emulated Discord."""
    engine = open_engine(database_url)
    await upgrade(engine)
    uow_factory = unit_of_work_factory(engine)
    async with DiscordServer("Sample community") as server:
        users, channels = _settle_in(server)
        clock = await SampleClock.load(uow_factory, community.first_moment())
        async with uow_factory() as uow:
            await community.seed(
                uow,
                clock.now(),
                user=lambda name: user_ref(server.guild.id, users[name].id),
                channel=lambda name: channel_ref(server.guild.id, channels[name].id),
            )
            await uow.commit()
        settings = DiscordSettings(server.token, server.api_url, server.gateway_url, message_content=True)
        connection = DiscordConnection(settings)
        services = Services(
            clock,
            load_detector(LANGUAGES),
            CpSatBreakoutSolver("en"),
            Sealer("a secret for tests"),
            Community(LANGUAGES, frozenset(f"discord:{users[who.split(':')[1]].id}" for who in community.organizers())),
            {"discord": connection.gateway},
        )
        runner = Runner(uow_factory, work_kinds(), services, on_failed=report_failure)
        dispatcher = Dispatcher(registry(), listeners(), uow_factory, services)
        time = SampleTime(clock, uow_factory, runner.run_until_idle)
        async with connected(server, dispatcher, connection=connection) as line:
            yield DiscordChat(line, users, channels, runner, time)
    await engine.dispose()


def _settle_in(server: DiscordServer) -> tuple[dict[str, User], dict[str, Channel]]:
    """Let the sample people live on the server; only those with its role see a language's rooms, newcomers none."""
    roles = {language: server.add_role(language) for language in LANGUAGES}
    channels = {}
    for room, _name, purpose, language in community.ROOMS:
        hidden = purpose is Purpose.LANGUAGE
        channels[room] = server.add_channel(room, visible_to=[roles[language], server.bot_user] if hidden else None)
    users = {}
    for person in community.people():
        locale = person.data.get("locale") or person.data["languages"][0]
        locale = LOCALES[locale[:2]]
        users[person.user] = server.add_user(
            person.name, locale, joined=not person.newcomer, roles=[] if person.newcomer else roles.values()
        )
    return users, channels

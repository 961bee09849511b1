"""The emulated Discord as a test uses it: one object to start, connect to, act through and look at."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import yarl
from aiohttp import web

import discord
from tests.emulators.discord import (
    account_routes,
    channel_routes,
    command_routes,
    event_routes,
    guild_routes,
    interaction_routes,
    message_routes,
    thread_routes,
)
from tests.emulators.discord.acting import Acting
from tests.emulators.discord.clock import Clock
from tests.emulators.discord.faults import Call, Faults, RateLimits
from tests.emulators.discord.gateway import PRIVILEGED, Gateway
from tests.emulators.discord.living import Living
from tests.emulators.discord.permissions import Permission
from tests.emulators.discord.state import (
    Channel,
    Failure,
    Guild,
    Interaction,
    Json,
    Message,
    Modal,
    Role,
    ScheduledEvent,
    User,
)
from tests.emulators.discord.web import BASE, RestSide
from tests.emulators.discord.world import World

TABLES = [
    module.routes
    for module in (
        account_routes, message_routes, interaction_routes, command_routes, channel_routes, thread_routes, guild_routes,
        event_routes,
    )
]  # fmt: skip


class DiscordServer(Living, Acting):
    """Discord on 127.0.0.1, in the event loop of the test, for the real discord.py.

    Use it as `async with DiscordServer() as server`, point the library at it with `server.pointed()`, start a client
    with `server.token`, and act as the people do. Payloads follow Discord's documentation; what Discord refuses is
    refused.

    Not emulated: voice connections (only who is where), presences, sharding beyond its check, invites, bans, audit
    logs, automatic moderation, polls, stickers, custom emojis as such, pins, crossposts, webhooks other than those of
    interactions, premium components, user-installed apps, user context menus, interactions over HTTP, command
    permissions set by admins, slow mode, e-mail or phone verification, link previews, dates of archived threads, and
    more than one server. Numbers for which Discord publishes no rule (identify concurrency, command creations a day,
    invalid requests) are not counted; a test sets the rate limits that it wants.

    Args:
        name: what the one server (guild) is called.
        permissions: the bits of the bot's role; those of a usual invitation when left out.
        features: what the server has, such as COMMUNITY, which onboarding needs.
        intents: the privileged intents that are switched on in the developer portal; all of them when left out.
        answer_seconds: how long people wait for the bot before they are shown that it failed.
        heartbeat_ms: how often the bot shall send a heartbeat, in milliseconds.
    """

    def __init__(
        self,
        name: str = "Emulated",
        *,
        permissions: int | None = None,
        features: tuple[str, ...] = (),
        intents: int = PRIVILEGED,
        answer_seconds: float = interaction_routes.ANSWER_SECONDS,
        heartbeat_ms: int = 41250,
    ) -> None:
        self.clock = Clock()
        self.world = World(self.clock, name, permissions)
        self.world.guild.features = list(features)
        self.world.application_flags = _application_flags(intents)
        self.gateway = Gateway(self.world, intents, heartbeat_ms)
        self.rest = RestSide(self.world, TABLES)
        self.answer_seconds = answer_seconds
        self._timers = set()
        self._changed = asyncio.Event()
        self._runner: web.AppRunner | None = None

    # --- starting and stopping --------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=30 * 1024 * 1024)
        app.router.add_get("/gateway", self._socket)
        app.router.add_get("/gateway/", self._socket)
        app.router.add_get("/attachments/{channel_id}/{upload_id}/{filename}", self._attachment)
        self.rest.install(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.world.base_url = f"http://{host}:{port}"
        self.world.emit = self.gateway.emit
        self.world.touched = self._changed.set
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for timer in self._timers:
            timer.cancel()
        self.gateway.drop()
        if self._runner:
            await self._runner.cleanup()
        if self.rest.broken and error is None:
            raise self.rest.broken[0]

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if self.faults.outage:
            return web.Response(status=self.faults.outage)
        return await self.gateway.serve(request)

    async def _attachment(self, request: web.Request) -> web.Response:
        wanted = request.match_info["upload_id"]
        channels = [*self.world.guild.channels.values(), *self.world.dms.values()]
        uploads = [item for channel in channels for message in channel.messages for item in message.uploads]
        found = next((item for item in uploads if item.id == wanted), None)
        return web.Response(body=found.content) if found else web.Response(status=404)

    @contextmanager
    def pointed(self) -> Iterator[None]:
        """Point discord.py, which keeps its addresses for the whole process, here; and back at the end."""
        route, socket = discord.http.Route, discord.gateway.DiscordWebSocket
        old = route.BASE, socket.DEFAULT_GATEWAY
        route.BASE, socket.DEFAULT_GATEWAY = self.api_url, yarl.URL(self.gateway_url)
        try:
            yield
        finally:
            route.BASE, socket.DEFAULT_GATEWAY = old

    # --- addresses and identities -----------------------------------------------------------------------------------

    @property
    def api_url(self) -> str:
        """The REST base address, ending in /api/v10."""
        return self.world.base_url + BASE

    @property
    def gateway_url(self) -> str:
        """The gateway's address, ws://."""
        return self.world.base_url.replace("http", "ws", 1) + "/gateway"

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.world.token

    @property
    def guild(self) -> Guild:
        """The one server."""
        return self.world.guild

    @property
    def application_id(self) -> str:
        """The application's id."""
        return self.world.application_id

    @property
    def bot_user(self) -> User:
        """The bot as a user."""
        return self.world.bot

    @property
    def bot_role(self) -> Role:
        """The role that came with the bot and holds its permissions."""
        return next(role for role in self.guild.roles.values() if role.bot_id)

    # --- faults and records -----------------------------------------------------------------------------------------

    @property
    def faults(self) -> Faults:
        """What shall go wrong next."""
        return self.rest.faults

    @property
    def rates(self) -> RateLimits:
        """The rate limits that hold; generous until a test says otherwise."""
        return self.rest.rates

    @property
    def calls(self) -> list[Call]:
        """Every REST call that came in, in order."""
        return self.rest.calls

    def calls_of(self, route: str) -> list[Call]:
        """The calls of one route, such as `POST /channels/{channel_id}/messages`."""
        return [call for call in self.calls if call.route == route]

    async def until(self, condition: Callable[[], Any], seconds: float = 10) -> Any:
        """Wait until something is so, and return what the condition gave; asked again whenever anything changes.

        Raises:
            TimeoutError: when it is not so in time.
        """
        async with asyncio.timeout(seconds):
            while not (found := condition()):
                self._changed.clear()
                await self._changed.wait()
        return found

    async def answered(self, interaction: Interaction) -> Interaction:
        """Wait until an interaction has its answer, thought through or taken away, or has failed."""

        def is_thinking() -> bool:
            reply = interaction.reply
            return reply is not None and reply.thinking and reply in interaction.channel.messages

        await self.until(lambda: interaction.settled and not is_thinking())
        return interaction

    # --- what people see --------------------------------------------------------------------------------------------

    def dm(self, user: User) -> Channel:
        """The direct message between someone and the bot."""
        return self.world.dm(user)

    def seen(self, user: User, where: Channel) -> list[Message]:
        """What someone sees in a channel, in order, ephemeral ones for them too; nothing where they may not look."""
        if not self.world.may(user, where) & Permission.VIEW_CHANNEL:
            return []
        return [message for message in where.messages if message.only_for in {None, user.id}]

    def said_to(self, user: User, where: Channel | None = None) -> list[Message]:
        """What the bot said that someone sees, in a channel or in their direct message; not that it is thinking."""
        shown = self.seen(user, where or self.dm(user))
        return [message for message in shown if message.author is self.world.bot and not message.thinking]

    def modal(self, user: User) -> Modal | None:
        """The form that someone has open."""
        return self.world.modals.get(user.id)

    @property
    def failures(self) -> list[Failure]:
        """What Discord showed to people as gone wrong."""
        return self.world.failures

    def failures_of(self, user: User) -> list[str]:
        """What Discord showed to one person as gone wrong."""
        return [failure.text for failure in self.failures if failure.user == user.id]

    @property
    def events(self) -> list[ScheduledEvent]:
        """The scheduled events of the server."""
        return list(self.guild.events.values())

    @property
    def commands(self) -> list[Json]:
        """Every registered command, global ones first."""
        return [command for scope in self.world.commands.values() for command in scope.values()]

    def channel_named(self, name: str) -> Channel:
        """A channel or thread of the server."""
        return next(channel for channel in self.guild.channels.values() if channel.name == name)


def _application_flags(intents: int) -> int:
    """The flags that tell which privileged intents are on: presences 13, members 15, message content 19."""
    shown = {1 << 8: 1 << 13, 1 << 1: 1 << 15, 1 << 15: 1 << 19}
    return sum(flag for intent, flag in shown.items() if intents & intent)

"""The gateways that must keep the contract, each with a platform on which one channel and one person exist."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, replace

from adapters.fake.gateway import CAPABILITIES, FakeGateway
from adapters.tryit.gateway import TryItGateway, channel_ref, user_ref
from adapters.tryit.platform import ChatPlatform
from bot.features.rooms.model import Purpose
from bot.inbound import Inbound, Profile
from bot.messages import ChannelRef, UserRef
from bot.platforms import ChatGateway
from schedules.clock import SystemClock
from tests.emulators.discord.server import DiscordServer
from tests.emulators.slack import SlackServer
from tests.scenario import slack_chat
from tests.scenario.discord_chat import connected


@dataclass(frozen=True)
class Case:
    """A gateway, who and what is there, and a way to get a trigger as an event would bring one."""

    gateway: ChatGateway
    channel: ChannelRef
    user: UserRef
    name: str
    trigger: Callable[[], AbstractAsyncContextManager[str]]


@asynccontextmanager
async def held(context: AbstractContextManager[str]) -> AsyncIterator[str]:
    """Hold a trigger that needs no loop."""
    with context as trigger:
        yield trigger


@asynccontextmanager
async def fake(*, idempotent: bool) -> AsyncIterator[Case]:
    """The fake platform, refusing doubles by itself or not."""
    gateway = FakeGateway(capabilities=replace(CAPABILITIES, idempotent_sends=idempotent))
    channel, user = ChannelRef("fake", "W", "plenary"), UserRef("fake", "W", "ada")
    gateway.add_channel(channel)
    gateway.add_user(user, Profile("Ada"))
    yield Case(gateway, channel, user, "Ada", lambda: held(nullcontext(gateway.new_trigger())))
    gateway.close()


@asynccontextmanager
async def tryit() -> AsyncIterator[Case]:
    """The sample chat."""
    platform = ChatPlatform(":memory:", SystemClock())
    platform.add_user("ada", "Ada", role="member", locale=None, zone=None)
    platform.add_channel("plenary", "Plenary", purpose=Purpose.PLENARY, language="en")
    yield Case(
        TryItGateway(platform),
        channel_ref("plenary"),
        user_ref("ada"),
        "Ada",
        lambda: held(platform.trigger("ada", "plenary")),
    )
    platform.close()


@asynccontextmanager
async def discord() -> AsyncIterator[Case]:
    """Discord, emulated: the command that a person runs stays unanswered as long as its trigger is held."""
    begun: asyncio.Queue[str] = asyncio.Queue()
    over = asyncio.Event()

    async def dispatch(inbound: Inbound) -> None:
        if inbound.trigger is not None:
            begun.put_nowait(inbound.trigger)
            await over.wait()

    async with DiscordServer() as server, connected(server, dispatch) as line:
        ada, plenary = server.add_user("Ada"), server.add_channel("plenary")

        @asynccontextmanager
        async def trigger() -> AsyncIterator[str]:
            server.slash(ada, plenary, "connections help")
            try:
                yield await begun.get()
            finally:
                over.set()

        guild = server.guild.id
        channel, user = ChannelRef("discord", guild, plenary.id), UserRef("discord", guild, ada.id)
        yield Case(line.connection.gateway, channel, user, "Ada", trigger)


@asynccontextmanager
async def slack() -> AsyncIterator[Case]:
    """Slack, emulated: running a command brings a trigger that is good for a few seconds."""
    begun: asyncio.Queue[str] = asyncio.Queue()

    async def dispatch(inbound: Inbound) -> None:
        begun.put_nowait(inbound.trigger or "")

    async with SlackServer() as server:
        ada, plenary = server.add_user("U0ADA", "Ada"), server.add_channel("C0PLENARY", "plenary")
        server.join(ada, plenary)

        @asynccontextmanager
        async def trigger() -> AsyncIterator[str]:
            assert (await server.slash(ada, plenary, "/connections", "help")).ok
            yield await begun.get()

        async with slack_chat.connected(server, slack_chat.core_of(dispatch)) as connection:
            channel = ChannelRef("slack", server.team, plenary.id)
            yield Case(connection.gateway, channel, UserRef("slack", server.team, ada.id), "Ada", trigger)


CASES: dict[str, Callable[[], AbstractAsyncContextManager[Case]]] = {
    "fake": lambda: fake(idempotent=False),
    "fake-idempotent": lambda: fake(idempotent=True),
    "tryit": tryit,
    "discord": discord,
    "slack": slack,
}

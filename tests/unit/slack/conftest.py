"""A small workspace with the real adapter in it, and a core that notes what it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from adapters.slack.connection import SlackConnection
from adapters.slack.gateway import SlackGateway
from bot.inbound import Inbound
from bot.messages import Button, Call, ChannelRef, Message, Option, Paragraph, Target, UserRef
from bot.platforms import Typed
from tests.emulators.slack import SlackServer
from tests.scenario.slack_chat import connected, core_of, until

ADA, LEO = "U0ADA", "U0LEO"
HALL = "C0HALL"


@dataclass
class Stage:
    """The workspace, the adapter, and what the core was told; ``then`` is what the core does with it."""

    slack: SlackServer
    connection: SlackConnection = field(init=False)
    heard: list[Inbound] = field(default_factory=list)
    typed: list[Typed] = field(default_factory=list)
    offered: tuple[Option, ...] = ()
    then: Callable[[Inbound], Awaitable[None]] | None = None
    slow: asyncio.Event | None = None

    async def dispatch(self, inbound: Inbound) -> None:
        """Take in an event, as the core does."""
        self.heard.append(inbound)
        if self.then:
            await self.then(inbound)

    async def suggest(self, typed: Typed) -> tuple[Option, ...]:
        """Suggest what the test says, when it lets us."""
        self.typed.append(typed)
        if self.slow:
            await self.slow.wait()
        return self.offered

    @property
    def gateway(self) -> SlackGateway:
        """How the core acts."""
        return self.connection.gateway

    async def hears(self, count: int = 1) -> list[Inbound]:
        """Wait until everything was told and heard; return it."""
        await until(lambda: len(self.heard) >= count)
        await self.slack.settled()
        await self.connection.settled()
        assert len(self.heard) == count, [inbound.event for inbound in self.heard]
        return self.heard

    def user(self, user: str = ADA) -> UserRef:
        """Somebody's reference."""
        return UserRef("slack", self.slack.team, user)

    def channel(self, channel: str = HALL) -> ChannelRef:
        """A channel's reference."""
        return ChannelRef("slack", self.slack.team, channel)

    def hall(self) -> Target:
        """The hall as a place to write in."""
        return Target(channel=self.channel())


def workspace(**options) -> SlackServer:
    """Return a workspace that is not open yet."""
    return SlackServer(**{"retry_delays": (0.0, 0.0), **options})


def people_of(slack: SlackServer) -> None:
    """Let two people be there, in one channel."""
    slack.add_user(ADA, "Ada", tz="Africa/Nairobi", locale="fr-FR", admin=True)
    slack.add_user(LEO, "Leo", tz="America/Lima", locale="es-ES")
    slack.add_channel(HALL, "hall")
    slack.join(ADA, HALL)
    slack.join(LEO, HALL)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A workspace with the adapter connected through Socket Mode."""
    async with workspace() as slack:
        people_of(slack)
        made = Stage(slack)
        async with connected(slack, core_of(made.dispatch, made.suggest)) as connection:
            made.connection = connection
            yield made


def says(*spans) -> Message:
    """A message of one paragraph."""
    return Message((Paragraph(spans),), "en")


def button(label: str, action_id: str) -> Button:
    """A sealed button."""
    return Button(label, Call("ask"), action_id=action_id)

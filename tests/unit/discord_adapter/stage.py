"""A small assistant on an emulated Discord, for the tests of the adapter alone."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass

from adapters.discord.refs import channel_ref, user_ref
from bot.commands import CommandSpec, Param
from bot.i18n import N_
from bot.inbound import Inbound
from bot.messages import (
    Button,
    Buttons,
    Call,
    ChannelRef,
    Form,
    FormField,
    Message,
    MessageRef,
    Paragraph,
    Target,
    UserRef,
)
from bot.platforms import ChatGateway
from tests.emulators.discord import DiscordServer
from tests.emulators.discord.state import Channel, User
from tests.scenario.discord_chat import Connected, connected

CALL = Call("c")
SEND = "POST /channels/{channel_id}/messages"


async def unused(context, args):
    raise AssertionError(args)


SPECS = (
    CommandSpec(
        "resources.ask",
        unused,
        N_("Search the library"),
        "Ask",
        words="ask",
        params=(Param("query", N_("What are you looking for?"), suggest="resources"),),
    ),
    CommandSpec(
        "questions.ask",
        unused,
        N_("Ask the organizers"),
        words="ask organizers",
        params=(Param("text", N_("Your question"), long=True),),
    ),
    CommandSpec("help", unused, N_("Help"), words="help"),
    CommandSpec("resources.save", unused, "Save to the library", on_message=True),
)


@dataclass
class Stage:
    """Ada in a plenary, the assistant's gateway, and what reached the assistant."""

    server: DiscordServer
    gateway: ChatGateway
    line: Connected
    ada: User
    plenary: Channel

    @property
    def here(self) -> ChannelRef:
        return channel_ref(self.server.guild.id, self.plenary.id)

    @property
    def user(self) -> UserRef:
        return user_ref(self.server.guild.id, self.ada.id)

    @property
    def to_ada(self) -> Target:
        return Target(user=self.user)

    @property
    def to_all(self) -> Target:
        return Target(channel=self.here)

    def texts(self, where: Channel | None = None) -> list[str]:
        return [message.text for message in self.server.said_to(self.ada, where)]

    async def private(self, inbound: Inbound, message: Message, key: str = "key") -> MessageRef:
        """Answer as the core does: for the person alone."""
        if inbound.direct:
            return await self.gateway.send(Target(user=inbound.user), message, key, trigger=inbound.trigger)
        target = Target(channel=inbound.channel, thread=inbound.thread)
        return await self.gateway.send(target, message, key, only_for=inbound.user, trigger=inbound.trigger)

    async def handled(self, interaction) -> Inbound:
        """Wait until an interaction was handled and answered."""
        inbound = await self.line.handled_id(f"i{interaction.id}")
        await self.server.answered(interaction)
        return inbound


@asynccontextmanager
async def stage(answer=None, *, specs=SPECS, suggest=None, message_content=False, **options):
    """Open a stage; ``answer(stage, inbound)`` is what the assistant does."""
    async with DiscordServer(**options) as server:
        ada, plenary = server.add_user("Ada", "fr"), server.add_channel("plenary")
        playing = Stage(server, None, None, ada, plenary)

        async def dispatch(inbound: Inbound) -> None:
            if answer is not None:
                await answer(playing, inbound)

        async with connected(
            server, dispatch, specs=specs, suggest=suggest, message_content=message_content
        ) as playing.line:
            playing.gateway = playing.line.connection.gateway
            yield playing


def says(text: str, *buttons: Button) -> Message:
    return Message((Paragraph((text,)), *([Buttons(buttons)] if buttons else [])), "en")


def button(label: str, action_id: str) -> Button:
    return Button(label, CALL, action_id=action_id)


def asks(*fields: FormField) -> Form:
    return Form("Question", CALL, fields or (FormField("text", "Your question"),), "Send", "en", action_id="form")


async def until(condition, seconds: float = 10):
    """Wait for a condition that no event announces."""
    async with asyncio.timeout(seconds):
        while not (found := condition()):  # noqa: ASYNC110 - that is why it is asked again and again
            await asyncio.sleep(0.01)
    return found

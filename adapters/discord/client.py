"""discord.py's client, with as few intents as do and nothing in it that decides."""

from __future__ import annotations

import sys
from typing import Any

import discord
import structlog
from discord import app_commands

from adapters.discord.forms import Forms
from adapters.discord.inbound import Doorway
from adapters.discord.people import People
from adapters.discord.settings import DiscordSettings
from adapters.discord.syncing import sync
from adapters.discord.translator import CatalogTranslator
from adapters.discord.tree import commands_of
from adapters.discord.triggers import Triggers
from adapters.discord.views import ChooseSelect, PressButton
from bot.platforms import Core

log = structlog.get_logger("connections.discord")

LONGEST_WAIT = 30.0
"""Seconds of a rate limit that discord.py waits out by itself; the core minds longer ones."""


def intents_of(settings: DiscordSettings) -> discord.Intents:
    """Return what the assistant asks to be told: servers, who joins, who is in a voice channel, messages.

    Their text only when that is allowed.
    """
    intents = discord.Intents.none()
    intents.guilds = intents.members = intents.guild_messages = intents.dm_messages = True
    intents.voice_states = True  # not privileged; whom to move, and whether a voice channel is empty
    intents.message_content = settings.message_content
    return intents


class AssistantTree(app_commands.CommandTree["AssistantClient"]):
    """The command tree, which logs what goes wrong in it."""

    async def on_error(
        self, interaction: discord.Interaction[AssistantClient], error: app_commands.AppCommandError, /
    ) -> None:
        """Log, and let the person be told by the "no answer" of Discord only when nothing else can be done."""
        log.error("command failed", interaction=interaction.id, exc_info=error)


class AssistantClient(discord.Client):
    """One connection to Discord, from login to close."""

    def __init__(self, settings: DiscordSettings, core: Core) -> None:
        """Connect the core; nothing happens before the client is started."""
        super().__init__(
            intents=intents_of(settings),
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0.2,  # servers are used as they come, there is no need to wait for the last
            max_messages=None,
            max_ratelimit_timeout=LONGEST_WAIT,
        )
        self.people = People(self)
        self.triggers = Triggers()
        self.forms = Forms()
        self.doorway = Doorway(self, core, self.triggers, self.people, self.forms)
        self._specs = core.specs
        self._tree = AssistantTree(self)
        self._settings = settings

    async def setup_hook(self) -> None:
        """Register commands and controls, after login and before the gateway."""
        self.add_dynamic_items(PressButton, ChooseSelect)
        for command in commands_of(self._specs):
            self._tree.add_command(command)
        await self._tree.set_translator(CatalogTranslator())
        await self._sync()
        if not self._settings.message_content:
            log.warning(
                "messages that do not name the assistant are not read, so nothing is proposed or relayed from them: "
                "switch on DISCORD_MESSAGE_CONTENT and the Message Content Intent for that"
            )

    async def _sync(self) -> None:
        try:
            await sync(self._tree)
        except (discord.Forbidden, app_commands.CommandSyncFailure) as error:
            # Everything else works without them: direct messages, mentions, buttons.
            log.error("commands not registered: invite the bot with the scope applications.commands", reason=str(error))  # noqa: TRY400

    async def on_ready(self) -> None:
        """Say who we are."""
        log.info("connected to Discord", user=str(self.user), servers=len(self.guilds))

    async def on_message(self, message: discord.Message) -> None:
        """Somebody wrote."""
        self.doorway.message(message)

    async def on_member_join(self, member: discord.Member) -> None:
        """Somebody came."""
        self.doorway.joined(member)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Somebody sent a form; commands and controls find their own way."""
        if interaction.type is discord.InteractionType.modal_submit:
            self.doorway.submitted(interaction)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """We were removed from a server; what is still to be delivered there fails for good."""
        log.warning("removed from a server", server=guild.id, name=guild.name)

    async def on_error(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Log what an event handler could not do."""
        del args, kwargs
        log.error("event handler failed", event=event, exc_info=sys.exception())

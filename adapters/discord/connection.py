"""The connection to Discord: from the settings to a gateway that works, until it is cancelled."""

from __future__ import annotations

import discord

from adapters.discord.addresses import point
from adapters.discord.client import AssistantClient
from adapters.discord.gateway import DiscordGateway
from adapters.discord.settings import DiscordSettings
from bot.errors import ConfigError
from bot.platforms import Core

PORTAL = "https://discord.com/developers/applications"
WRONG_TOKEN = (
    f"Discord does not accept DISCORD_TOKEN. Open {PORTAL}, your application, Bot, press Reset Token, copy it."
)
MEMBERS = f"Open {PORTAL}, your application, Bot, and switch on Server Members Intent"
CONTENT = "Message Content Intent (or set DISCORD_MESSAGE_CONTENT=false)"
FINISH_WITHIN = 10.0
"""Seconds that events which were taken in have to be answered when the connection ends."""


class DiscordConnection:
    """Discord as a platform that can be connected (the Connection port)."""

    def __init__(self, settings: DiscordSettings) -> None:
        """Connect with these settings when run."""
        self._settings = settings
        self._gateway = DiscordGateway()

    @property
    def gateway(self) -> DiscordGateway:
        """How the core acts on Discord."""
        return self._gateway

    async def run(self, core: Core) -> None:
        """Connect and stay until cancelled. Raises ConfigError for a wrong token or a missing intent."""
        point(self._settings)
        client = AssistantClient(self._settings, core)
        try:
            self._gateway.attach(client)
            await client.login(self._settings.token)
            await client.connect()
        except discord.LoginFailure as error:
            raise ConfigError(WRONG_TOKEN) from error
        except discord.PrivilegedIntentsRequired as error:
            wanted = f"{MEMBERS} and {CONTENT}." if self._settings.message_content else f"{MEMBERS}."
            raise ConfigError(wanted) from error
        except discord.ConnectionClosed as error:
            if error.code == 4004:  # https://discord.com/developers/docs/topics/opcodes-and-status-codes
                raise ConfigError(WRONG_TOKEN) from error
            raise
        finally:
            await self._end(client)
        msg = "Discord closed the connection"
        raise ConnectionError(msg)

    async def _end(self, client: AssistantClient) -> None:
        """Let what was taken in be answered, then close everything."""
        try:
            await client.doorway.finish(FINISH_WITHIN)
        finally:
            self._gateway.detach(client)
            await client.close()

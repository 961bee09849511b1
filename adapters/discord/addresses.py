"""Where discord.py speaks to: it keeps its addresses for the whole process."""

from __future__ import annotations

import discord
import yarl

from adapters.discord.settings import DiscordSettings


def point(settings: DiscordSettings) -> None:
    """Point discord.py to where the settings say."""
    discord.http.Route.BASE = settings.api_url.rstrip("/")
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody is called here
    if settings.gateway_url:
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.gateway_url)

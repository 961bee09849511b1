"""What setting up asks Discord for: who is meant by a name."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import discord

from adapters.discord.check import logged_in
from adapters.discord.errors import translated
from adapters.discord.refs import PLATFORM
from adapters.discord.settings import DiscordSettings

PATIENCE = 15.0
"""Seconds after which Discord is taken to be out of reach."""
MOST = 25


async def find_people(settings: DiscordSettings, words: str) -> tuple[tuple[str, str], ...]:
    """Return whom an id or the beginning of a name means: identity and name of each. Raises a DeliveryError."""
    wanted = words.strip().removeprefix("@")
    found: list[tuple[str, str]] = []
    with translated(reading=True):
        async with asyncio.timeout(PATIENCE), logged_in(settings) as client:
            async for server in client.fetch_guilds(limit=200):
                found += [(f"{PLATFORM}:{user}", name) for user, name in await _named(client, server.id, wanted)]
    return tuple(dict(found).items())


async def _named(client: discord.Client, server: int, wanted: str) -> Sequence[tuple[str, str]]:
    if wanted.isascii() and wanted.isdecimal():
        guild = await client.fetch_guild(server)
        try:
            member = await guild.fetch_member(int(wanted))
        except discord.NotFound:
            return ()
        return ((wanted, member.display_name),)
    # discord.py asks the gateway instead, which would need a connection.
    route = discord.http.Route("GET", "/guilds/{guild_id}/members/search", guild_id=server)
    members: list[dict[str, Any]] = await client.http.request(route, params={"query": wanted, "limit": MOST})
    return [(str(each["user"]["id"]), _label(each)) for each in members if not each["user"].get("bot")]


def _label(member: dict[str, Any]) -> str:
    return str(member.get("nick") or member["user"].get("global_name") or member["user"]["username"])

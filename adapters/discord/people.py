"""Who people are: looked up when they are met, for the member list is never asked for as a whole."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Any, TypeVar

import discord

from adapters.discord.refs import snowflake
from bot.errors import PermanentError
from bot.inbound import Profile
from bot.messages import UserRef

FRESH = 60.0
"""Seconds for which a member that was looked up is taken to be the same."""
KEPT = 5000
K = TypeVar("K")
V = TypeVar("V")


class People:
    """Knows the members it has met, their locale as far as their own interactions told it, and their server."""

    def __init__(self, client: discord.Client) -> None:
        """Look people up with ``client``."""
        self._client = client
        self._locales: OrderedDict[int, str] = OrderedDict()
        self._members: OrderedDict[tuple[int, int], tuple[float, discord.Member]] = OrderedDict()

    def heard(self, interaction: discord.Interaction[Any]) -> None:
        """Remember the language of somebody's Discord, which only interactions tell."""
        _keep(self._locales, interaction.user.id, interaction.locale.value)

    def guild(self, workspace: str) -> discord.Guild:
        """Return a server. Raises PermanentError if the assistant is not in it."""
        guild = self._client.get_guild(snowflake(workspace))
        if guild is None:
            msg = "the assistant is not in this server (any more): invite it again"
            raise PermanentError(msg)
        return guild

    async def member(self, user: UserRef) -> discord.Member:
        """Return somebody of a server. Raises PermanentError or discord.NotFound if they are not in it."""
        return await self._member(self.guild(user.workspace), snowflake(user.user))

    async def _member(self, guild: discord.Guild, user_id: int) -> discord.Member:
        cached = guild.get_member(user_id)
        if cached is not None:
            return cached
        at, known = self._members.get((guild.id, user_id), (0.0, None))
        if known is None or time.monotonic() - at > FRESH:
            known = await guild.fetch_member(user_id)
            _keep(self._members, (guild.id, user_id), (time.monotonic(), known))
        return known

    async def at_home(self, user: discord.User | discord.Member) -> discord.Member | None:
        """Return somebody as a member of the first server that they share with the assistant."""
        for guild in sorted(self._client.guilds, key=lambda each: each.id):
            try:
                return await self._member(guild, user.id)
            except discord.NotFound:
                continue
        return None

    def profile(self, member: discord.Member) -> Profile:
        """Return what Discord says of somebody; it knows nobody's time zone."""
        locale = self._locales.get(member.id)
        return Profile(member.display_name, locale, admin=member.guild_permissions.manage_guild)


def _keep(kept: OrderedDict[K, V], key: K, value: V) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > KEPT:
        kept.popitem(last=False)

"""What happens on Discord, as the events that the assistant understands."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

import aiohttp
import discord
import structlog

from adapters.discord.forms import Forms
from adapters.discord.people import People
from adapters.discord.refs import channel_ref, message_ref, user_ref
from adapters.discord.triggers import Triggers
from bot.inbound import Event, Inbound, Joined, Pressed, Ran, Said, Submitted
from bot.messages import MessageRef, Option
from bot.platforms import Core, Typed

log = structlog.get_logger("connections.discord")

MAX_PASTED = 100_000
"""Bytes of an attached text that are read; the core says so when its text is too long."""
SUGGEST_WITHIN = 2.5
"""Seconds that somebody who types is let wait for suggestions; Discord gives up after three."""
_WRITTEN = {discord.MessageType.default, discord.MessageType.reply}
Place = discord.abc.Snowflake | None
Saying = Callable[[int], Event]
"""Makes the event, once it is known in which server."""


class Doorway:
    """Turns what discord.py tells into Inbounds, each handled in a task of its own that is waited for at the end."""

    def __init__(self, client: discord.Client, core: Core, triggers: Triggers, people: People, forms: Forms) -> None:
        """Hand each event of ``client`` to ``core``."""
        self._client = client
        self._core = core
        self._triggers = triggers
        self._people = people
        self._forms = forms
        self._tasks: set[asyncio.Task[None]] = set()

    async def finish(self, within: float) -> None:
        """Wait until everything that was taken in has been handled, for so many seconds; give up what is left then."""
        if not self._tasks:
            return
        _done, late = await asyncio.wait(set(self._tasks), timeout=within)
        for task in late:
            task.cancel()
        if late:
            log.warning("events given up", count=len(late))
            await asyncio.wait(late)

    # --- messages and arrivals ---------------------------------------------------------------------------------------

    def message(self, message: discord.Message) -> None:
        """Somebody wrote a message."""
        if message.author.bot or message.webhook_id or message.type not in _WRITTEN:
            return
        addressed = message.guild is None or self._is_mentioned(message)
        if addressed or message.content:
            self._start(self._said(message, addressed=addressed))

    async def _said(self, message: discord.Message, *, addressed: bool) -> None:
        member = await self._member(message.author)
        if member is None:
            log.info("message from outside every server", user=message.author.id)
            return
        guild, (channel, thread) = member.guild.id, _place(message.channel)
        text = self._text(message)
        if addressed:
            text = "\n".join([text, *[await pasted(file) for file in message.attachments]]).strip()
        said = Said(text, message_ref(guild, message.channel.id, message.id), addressed=addressed)
        await self._core.dispatch(
            Inbound(
                id=f"m{message.id}",
                at=message.created_at,
                user=user_ref(guild, member.id),
                profile=self._people.profile(member),
                channel=channel_ref(guild, channel),
                direct=message.guild is None,
                event=said,
                thread=thread,
            )
        )

    def joined(self, member: discord.Member) -> None:
        """Somebody joined a server."""
        if not member.bot:
            self._start(self._arrived(member))

    async def _arrived(self, member: discord.Member) -> None:
        guild, at = member.guild.id, member.joined_at or discord.utils.utcnow()
        await self._core.dispatch(
            Inbound(
                id=f"j{guild}-{member.id}-{at.timestamp():.0f}",
                at=at,
                user=user_ref(guild, member.id),
                profile=self._people.profile(member),
                channel=channel_ref(guild, member.dm_channel.id if member.dm_channel else ""),
                direct=True,
                event=Joined(),
            )
        )

    # --- interactions ------------------------------------------------------------------------------------------------

    def ran(self, interaction: discord.Interaction[Any], command: str, args: Mapping[str, str]) -> None:
        """Somebody ran a command, or chose one from a message's menu."""
        self._happened(interaction, lambda _guild: Ran(command, args=args))

    def pressed(self, interaction: discord.Interaction[Any], action_id: str, value: str | None = None) -> None:
        """Somebody pressed a button, or chose from a select."""
        self._happened(interaction, lambda guild: Pressed(action_id, _message_of(interaction, guild), value))

    def submitted(self, interaction: discord.Interaction[Any]) -> None:
        """Somebody sent a form."""
        action_id, values = self._forms.submitted(dict(interaction.data or {}))
        if action_id:
            self._happened(interaction, lambda _guild: Submitted(action_id, values))

    async def suggestions(self, interaction: discord.Interaction[Any], source: str, text: str) -> tuple[Option, ...]:
        """Return what fits what somebody has typed so far; nothing when that takes too long."""
        self._people.heard(interaction)
        try:
            async with asyncio.timeout(SUGGEST_WITHIN):
                member = await self._member(interaction.user)
                if member is None:
                    return ()
                user = user_ref(member.guild.id, member.id)
                return await self._core.suggest(Typed(source, text, user, interaction.locale.value))
        except TimeoutError:
            log.warning("suggestions took too long", source=source)
            return ()

    def _happened(self, interaction: discord.Interaction[Any], event: Saying) -> None:
        self._people.heard(interaction)
        self._start(self._interacted(interaction, event))

    async def _interacted(self, interaction: discord.Interaction[Any], event: Saying) -> None:
        trigger, answering = self._triggers.add(interaction)
        try:
            await answering.during(self._tell(interaction, event, trigger))
        finally:
            self._triggers.drop(trigger)

    async def _tell(self, interaction: discord.Interaction[Any], event: Saying, trigger: str) -> None:
        member = await self._member(interaction.user)
        if member is None:
            log.info("interaction from outside every server", user=interaction.user.id)
            return
        guild, (channel, thread) = member.guild.id, _place(interaction.channel)
        await self._core.dispatch(
            Inbound(
                id=f"i{interaction.id}",
                at=interaction.created_at,
                user=user_ref(guild, member.id),
                profile=self._people.profile(member),
                channel=channel_ref(guild, channel),
                direct=interaction.guild_id is None,
                event=event(guild),
                trigger=trigger,
                thread=thread,
            )
        )

    # --- how it is read ----------------------------------------------------------------------------------------------

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(self._logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _logged(self, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception:
            log.exception("event not taken in")

    async def _member(self, user: discord.User | discord.Member) -> discord.Member | None:
        return user if isinstance(user, discord.Member) else await self._people.at_home(user)

    def _is_mentioned(self, message: discord.Message) -> bool:
        me = message.guild.me if message.guild else None
        own_role = me.guild.self_role if me else None
        return self._client.user in message.mentions or (own_role is not None and own_role in message.role_mentions)

    def _text(self, message: discord.Message) -> str:
        """Return what was written: without the assistant's own name, other people and channels by theirs."""
        own = [str(self._client.user.id)] if self._client.user else []
        if message.guild and message.guild.self_role:
            own.append(str(message.guild.self_role.id))
        called = rf"<@[!&]?(?:{'|'.join(own)})>[\s,:]*"
        text, content = re.sub(called, "", message.content), message.content
        message.content = text
        try:
            return message.clean_content.replace("\u200b", "").strip()
        finally:
            message.content = content


def _message_of(interaction: discord.Interaction[Any], guild: int) -> MessageRef | None:
    message = interaction.message
    return message_ref(guild, message.channel.id, message.id) if message else None


async def pasted(file: discord.Attachment) -> str:
    """Return what is in a text file: Discord makes one of what somebody pastes when it has over 2,000 characters."""
    if file.size > MAX_PASTED or not file.filename.lower().endswith((".txt", ".md")):
        return ""
    try:
        return (await file.read()).decode("utf-8", "replace").replace("\r\n", "\n")
    except (discord.HTTPException, aiohttp.ClientError):
        log.warning("attached text not read", exc_info=True)
        return ""


def _place(channel: Place) -> tuple[str, str | None]:
    """Return the ids of the channel where something happened, and of the thread if it was in one."""
    if isinstance(channel, discord.Thread):
        return str(channel.parent_id), str(channel.id)
    return (str(channel.id) if channel else ""), None

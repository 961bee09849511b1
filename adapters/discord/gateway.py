"""Discord as one of the assistant's platforms (the ChatGateway port)."""

from __future__ import annotations

from typing import Any

import discord

from adapters.discord.arranging import arrange, let_in
from adapters.discord.client import AssistantClient
from adapters.discord.errors import TooLate, translated
from adapters.discord.refs import PLATFORM, message_ref, snowflake
from adapters.discord.renderer import Rendered, marker, render
from adapters.discord.triggers import Answering
from bot.errors import PermanentError, RetryableError
from bot.inbound import Profile
from bot.messages import ChannelRef, Form, Message, MessageRef, Target, UserRef
from bot.platforms import Capabilities, Plan, check_key

LOOK_BACK = 500
"""Messages in which one that may have been sent is looked for."""
UNKNOWN_MESSAGE = 10008
CAPABILITIES = Capabilities(
    forms=True,
    private_replies=False,
    private_answers=True,
    edits=True,
    local_times=True,
    idempotent_sends=True,
    suggestions=True,
    menus=True,
    channels=True,
    threads=True,
    events=True,
    questions=True,
    voices=True,
    max_buttons=25,
    max_options=25,
    max_text=3600,
)
Sink = discord.abc.Messageable


class DiscordGateway:
    """Acts on Discord while a client is attached; before and after, everything is to be tried again."""

    def __init__(self) -> None:
        self._attached: AssistantClient | None = None

    def attach(self, client: AssistantClient) -> None:
        """Act through this client from now on."""
        self._attached = client

    def detach(self, client: AssistantClient) -> None:
        """Act through this client no longer."""
        if self._attached is client:
            self._attached = None

    @property
    def platform(self) -> str:
        """The platform's name, as in references."""
        return PLATFORM

    @property
    def capabilities(self) -> Capabilities:
        """What Discord can do."""
        return CAPABILITIES

    @property
    def connected(self) -> bool:
        """Whether the gateway's socket is open and has told of the servers."""
        client = self._attached
        return client is not None and client.is_ready() and client.ws is not None and client.ws.open

    # --- messages ----------------------------------------------------------------------------------------------------

    async def send(
        self,
        target: Target,
        message: Message,
        key: str,
        *,
        only_for: UserRef | None = None,
        trigger: str | None = None,
    ) -> MessageRef:
        """Send a message; in answer to an interaction, where it belongs, that is its answer."""
        client = self._client()
        check_key(key)
        self._check(target.platform, target.workspace)
        answering = client.triggers.get(trigger)
        if only_for is not None and (answering is None or str(answering.interaction.user.id) != only_for.user):
            msg = "in a channel, Discord shows a message to one person alone only in answer to them"
            raise PermanentError(msg)
        if answering is not None and (only_for is not None or _is_own_line(answering, target)):
            try:
                sent = await answering.say(render(message, marker(key)))
                return message_ref(target.workspace, answering.interaction.channel_id or 0, sent)
            except TooLate:
                target = Target(user=only_for or target.user)
        return await self._post(target, render(message, marker(key)), key)

    async def _post(self, target: Target, rendered: Rendered, key: str) -> MessageRef:
        with translated():
            sink, replied = await self._sink(target)
            options: dict[str, Any] = {"reference": replied, "mention_author": False} if replied else {}
            try:
                sent = await sink.send(
                    view=rendered.view, files=rendered.files, allowed_mentions=rendered.mentions, nonce=key, **options
                )
            except discord.NotFound as error:
                if error.code != UNKNOWN_MESSAGE:
                    raise
                # Discord knows the key: the message was sent before, and somebody has deleted it since.
                place = await sink._get_channel()  # noqa: SLF001 - how discord.py itself finds where it sends
                return message_ref(target.workspace, place.id, 0)
        return message_ref(target.workspace, sent.channel.id, sent.id)

    async def edit(self, ref: MessageRef, message: Message, *, trigger: str | None = None) -> None:
        """Replace a message; it keeps the mark by which it is found."""
        client = self._client()
        message_id, channel_id = snowflake(ref.message), snowflake(ref.channel)
        answering = client.triggers.get(trigger)
        if answering is not None and answering.interaction.message is not None:
            mark = mark_of(answering.interaction.message)
            try:
                if await answering.replace(message_id, render(message, mark)):
                    return
            except TooLate:
                pass  # the message itself may still be changed, unless it was for one person alone
        with translated():
            sink = client.get_partial_messageable(channel_id)
            mark = mark_of(await sink.fetch_message(message_id))
            shown = render(message, mark)
            await sink.get_partial_message(message_id).edit(
                view=shown.view, attachments=shown.files, allowed_mentions=shown.mentions
            )

    async def find_sent(self, target: Target, key: str) -> MessageRef | None:
        """Look for the message that was sent with this key, by its mark."""
        client, mark = self._client(), marker(key)
        self._check(target.platform, target.workspace)
        with translated(reading=True):
            sink, _replied = await self._sink(target)
            async for message in sink.history(limit=LOOK_BACK):
                if message.author == client.user and mark_of(message) == mark:
                    return message_ref(target.workspace, message.channel.id, message.id)
        return None

    async def open_form(self, trigger: str, form: Form) -> None:
        """Open a form in answer to an interaction. Raises PermanentError where Discord would not."""
        client = self._client()
        answering = client.triggers.get(trigger)
        if answering is None:
            msg = "this interaction is over"
            raise PermanentError(msg)
        await answering.open(client.forms.modal(form))

    async def show_home(self, user: UserRef, message: Message) -> None:  # noqa: ARG002
        """Refuse: Discord has no page of somebody's own."""
        msg = "Discord has no page of somebody's own"
        raise PermanentError(msg)

    # --- places and people -------------------------------------------------------------------------------------------

    async def add_to_channel(self, channel: ChannelRef, user: UserRef) -> None:
        """Let someone into a channel: by the role that gives sight of it, or by name."""
        client = self._client()
        self._check(user.platform, user.workspace)
        self._check(channel.platform, channel.workspace)
        with translated():
            member = await client.people.member(user)
            place = await self._channel(channel)
            await let_in(place, member)

    async def arrange(self, workspace: str, plan: Plan) -> str:
        """Make a channel, a thread or an event, once or again."""
        client = self._client()
        guild = client.people.guild(workspace)
        with translated():
            return await arrange(guild, plan)

    async def fetch_profile(self, user: UserRef) -> Profile:
        """Return what Discord says of someone."""
        client = self._client()
        self._check(user.platform, user.workspace)
        with translated(reading=True):
            return client.people.profile(await client.people.member(user))

    # --- finding -----------------------------------------------------------------------------------------------------

    def _client(self) -> AssistantClient:
        if self._attached is None or self._attached.user is None:
            msg = "Discord is not connected"
            raise RetryableError(msg)
        return self._attached

    def _check(self, platform: str, workspace: str) -> None:
        if platform != PLATFORM:
            msg = f"{platform} is not Discord"
            raise PermanentError(msg)
        if self.connected:
            self._client().people.guild(workspace)

    async def _sink(self, target: Target) -> tuple[Sink, discord.MessageReference | None]:
        """Return where to write, and the message to reply to."""
        client = self._client()
        if target.channel is None:
            user = target.user or UserRef(PLATFORM, "", "")
            return await client.create_dm(discord.Object(snowflake(user.user))), None
        channel = client.get_partial_messageable(snowflake(target.channel.channel))
        if target.thread is None:
            return channel, None
        thread_id = snowflake(target.thread)
        thread = client.people.guild(target.workspace).get_thread(thread_id)
        if thread is not None:
            return thread, None
        reference = discord.MessageReference(
            message_id=thread_id, channel_id=channel.id, guild_id=snowflake(target.workspace), fail_if_not_exists=False
        )
        return channel, reference

    async def _channel(self, ref: ChannelRef) -> discord.abc.GuildChannel | discord.Thread:
        guild, channel_id = self._client().people.guild(ref.workspace), snowflake(ref.channel)
        return guild.get_channel_or_thread(channel_id) or await guild.fetch_channel(channel_id)


def _is_own_line(answering: Answering, target: Target) -> bool:
    """Whether a message to somebody's direct line answers an interaction there."""
    user = target.user
    return answering.direct and user is not None and str(answering.interaction.user.id) == user.user


def mark_of(message: discord.Message) -> int:
    """Return the mark of a message; one of its id's where it has none."""
    mark: int | None = getattr(message.components[0], "id", None) if message.components else None
    return mark or marker(str(message.id))

"""Everything that the emulated Discord holds, with the questions that all its parts ask of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from tests.emulators.discord import payloads
from tests.emulators.discord.clock import Clock, Snowflakes
from tests.emulators.discord.errors import (
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    UNKNOWN_CHANNEL,
    UNKNOWN_GUILD,
    UNKNOWN_MEMBER,
    UNKNOWN_MESSAGE,
    ApiError,
)
from tests.emulators.discord.permissions import BOT, DIRECT, EVERYONE, Permission, in_channel, in_guild
from tests.emulators.discord.state import Channel, Failure, Guild, Interaction, Json, Member, Message, Modal, Role, User

GUILDS, GUILD_MEMBERS, GUILD_VOICE_STATES = 1 << 0, 1 << 1, 1 << 7
GUILD_PRESENCES, GUILD_MESSAGES, GUILD_REACTIONS, DIRECT_MESSAGES, DIRECT_REACTIONS = (
    1 << 8,
    1 << 9,
    1 << 10,
    1 << 12,
    1 << 13,
)
MESSAGE_CONTENT, GUILD_SCHEDULED_EVENTS = 1 << 15, 1 << 16
ALWAYS = 0


@dataclass(frozen=True)
class Event:
    """A gateway event.

    Attributes:
        data: its JSON, or how to make it for a session's intents.
        intent: the bit that must be subscribed.
        private: whether its words are for those with the message content intent only.
    """

    name: str
    data: Json | Callable[[int], Json]
    intent: int = ALWAYS
    private: bool = False


class World:
    """One application, one bot, one guild, and the people."""

    def __init__(self, clock: Clock, name: str, bot_permissions: int | None) -> None:
        self.clock = clock
        self.ids = Snowflakes(clock)
        self.base_url = ""
        bot_id = self.ids.next()
        self.application_id = bot_id
        self.bot = User(bot_id, "connections", bot=True)
        self.token = f"{secrets.token_urlsafe(18)}.{secrets.token_urlsafe(4)}.{secrets.token_urlsafe(20)}"
        owner = User(self.ids.next(), "owner")
        self.users = {self.bot.id: self.bot, owner.id: owner}
        self.owner = owner
        self.guild = Guild(self.ids.next(), name, owner.id)
        self.in_guild = True
        self.application_flags = 0
        self.dms: dict[str, Channel] = {}
        self.commands: dict[str | None, dict[str, Json]] = {None: {}}
        self.interactions: dict[str, Interaction] = {}
        self.modals: dict[str, Modal] = {}
        self.failures: list[Failure] = []
        self.nonces: dict[str, tuple[float, Message]] = {}
        self.emit: Callable[[Event], None] = lambda event: None
        self.touched: Callable[[], None] = lambda: None
        self._furnish(BOT if bot_permissions is None else bot_permissions)

    def _furnish(self, bot_permissions: int) -> None:
        guild, now = self.guild, self.clock.now()
        guild.roles[guild.id] = Role(guild.id, "@everyone", EVERYONE, position=0)
        own = Role(self.ids.next(), self.bot.name, bot_permissions, position=1, managed=True, bot_id=self.bot.id)
        guild.roles[own.id] = own
        guild.members[self.owner.id] = Member(self.owner.id, now)
        guild.members[self.bot.id] = Member(self.bot.id, now, [own.id])
        guild.onboarding = {
            "guild_id": guild.id, "prompts": [], "default_channel_ids": [], "enabled": False, "mode": 0,
        }  # fmt: skip

    # --- looking up -------------------------------------------------------------------------------------------------

    @property
    def me(self) -> Member:
        """The bot's membership."""
        return self.guild.members[self.bot.id]

    def find_guild(self, guild_id: str) -> Guild:
        """The guild, when the bot is in it.

        Raises:
            ApiError: 10004 for another id, 50001 when the bot was removed.
        """
        if guild_id != self.guild.id:
            raise ApiError(UNKNOWN_GUILD)
        if not self.in_guild:
            raise ApiError(MISSING_ACCESS)
        return self.guild

    def find_channel(self, channel_id: str, *needed: Permission) -> Channel:
        """A channel that the bot sees and has these permissions in.

        Raises:
            ApiError: 10003, 50001 or 50013.
        """
        direct = next((channel for channel in self.dms.values() if channel.id == channel_id), None)
        channel = direct or self.guild.channels.get(channel_id)
        if channel is None:
            raise ApiError(UNKNOWN_CHANNEL)
        if not direct and not self.in_guild:
            raise ApiError(MISSING_ACCESS)
        allowed = self.may(self.bot, channel)
        if not allowed & Permission.VIEW_CHANNEL:
            raise ApiError(MISSING_ACCESS)
        for permission in needed:
            if not allowed & permission:
                raise ApiError(MISSING_PERMISSIONS)
        return channel

    def find_message(self, channel: Channel, message_id: str) -> Message:
        """A message of a channel; ephemeral ones cannot be reached this way.

        Raises:
            ApiError: 10008.
        """
        message = channel.find(message_id)
        if message is None or message.only_for:
            raise ApiError(UNKNOWN_MESSAGE)
        return message

    def find_member(self, user_id: str) -> Member:
        """Someone of the guild.

        Raises:
            ApiError: 10007.
        """
        if user_id not in self.guild.members:
            raise ApiError(UNKNOWN_MEMBER)
        return self.guild.members[user_id]

    def need(self, *permissions: Permission) -> None:
        """Let the bot have these permissions in the guild.

        Raises:
            ApiError: 50013.
        """
        allowed = in_guild(self.guild, self.me)
        if any(not allowed & permission for permission in permissions):
            raise ApiError(MISSING_PERMISSIONS)

    def may(self, user: User, channel: Channel) -> int:
        """The permissions of someone in a channel."""
        if channel.type == payloads.DM:
            return int(DIRECT) if user.id in {self.bot.id, channel.recipient_id} else 0
        member = self.guild.members.get(user.id)
        return in_channel(self.guild, member, channel) if member else 0

    def dm(self, user: User) -> Channel:
        """The direct message between someone and the bot, opened when there is none."""
        if user.id not in self.dms:
            self.dms[user.id] = Channel(self.ids.next(), payloads.DM, recipient_id=user.id)
        return self.dms[user.id]

    # --- JSON -------------------------------------------------------------------------------------------------------

    def channel_json(self, channel: Channel) -> Json:
        """A channel for the bot."""
        return payloads.channel_json(channel, self.guild, self.users)

    def message_json(self, message: Message) -> Json:
        """A message for the bot."""
        found = payloads.message_json(message, self.guild, self.users, self.bot.id)
        reference = (message.reference or {}).get("message_id")
        if reference and (channel := self.channel_of(message)):
            replied = channel.find(reference)
            found["referenced_message"] = self.message_json(replied) if replied else None
        if message.thread_id and message.thread_id in self.guild.channels:
            found["thread"] = self.channel_json(self.guild.channels[message.thread_id])
        return found

    def channel_of(self, message: Message) -> Channel | None:
        """Where a message is."""
        direct = {channel.id: channel for channel in self.dms.values()}
        return direct.get(message.channel_id) or self.guild.channels.get(message.channel_id)

    # --- changing what people and the bot both change --------------------------------------------------------------

    def add_role(self, role: Role) -> Role:
        """Put a new role just above @everyone, and tell of it."""
        for other in self.guild.roles.values():
            other.position += other.position > 0
        role.id, role.position = self.ids.next(), 1
        self.guild.roles[role.id] = role
        self.tell_guild("GUILD_ROLE_CREATE", {"role": payloads.role_json(role)})
        return role

    def remove_role(self, role: Role) -> None:
        """Remove a role, from everyone who has it too, and tell of it."""
        self.guild.roles.pop(role.id)
        for member in self.guild.members.values():
            if role.id in member.roles:
                member.roles.remove(role.id)
        self.tell_guild("GUILD_ROLE_DELETE", {"role_id": role.id})

    def leave_guild(self) -> None:
        """Let the bot be out of the guild."""
        self.in_guild = False
        self.emit(Event("GUILD_DELETE", {"id": self.guild.id}, GUILDS))
        self.touched()

    # --- telling ----------------------------------------------------------------------------------------------------

    def tell_message(self, name: str, message: Message, *, nonce: bool = False) -> None:
        """Send MESSAGE_CREATE or MESSAGE_UPDATE, unless the message is ephemeral or out of the bot's sight."""
        channel = self.channel_of(message)
        if message.only_for or not channel or not self.may(self.bot, channel) & Permission.VIEW_CHANNEL:
            self.touched()
            return
        data = self.message_json(message)
        if nonce and message.nonce:
            data["nonce"] = message.nonce
        direct = channel.type == payloads.DM
        member = self.guild.members.get(message.author.id)
        if not direct:
            data |= {"guild_id": self.guild.id} | ({"member": payloads.member_json(member)} if member else {})
        open_to_all = direct or message.author is self.bot or self.bot.id in message.mentions
        intent = DIRECT_MESSAGES if direct else GUILD_MESSAGES
        self.emit(Event(name, data, intent, private=not open_to_all))
        self.touched()

    def tell_guild(self, name: str, data: Json, intent: int = GUILDS) -> None:
        """Send an event of the guild."""
        self.emit(Event(name, data | {"guild_id": self.guild.id}, intent))
        self.touched()

    def tell_channel(self, name: str, channel: Channel) -> None:
        """Send CHANNEL_* or THREAD_*."""
        if self.may(self.bot, channel) & Permission.VIEW_CHANNEL or name.startswith("CHANNEL"):
            self.emit(Event(name, self.channel_json(channel), GUILDS))
        self.touched()

    def tell_member(self, member: Member) -> None:
        """Send GUILD_MEMBER_UPDATE; the bot learns about itself in any case."""
        data = payloads.member_json(member, self.users[member.user_id])
        self.tell_guild("GUILD_MEMBER_UPDATE", data, GUILDS if member is self.me else GUILD_MEMBERS)

    def tell_voice(self, member: Member) -> None:
        """Send VOICE_STATE_UPDATE."""
        data = payloads.voice_state_json(self.guild, member, self.users[member.user_id])
        self.tell_guild("VOICE_STATE_UPDATE", data, GUILD_VOICE_STATES)

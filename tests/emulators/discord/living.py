"""What people and administrators do in the server, apart from the bot's commands and forms."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from tests.emulators.discord import payloads
from tests.emulators.discord.channel_routes import remove_channel
from tests.emulators.discord.filling import Refused
from tests.emulators.discord.guild_payloads import guild_create
from tests.emulators.discord.mentions import mark_mentions
from tests.emulators.discord.message_routes import remove_message, set_reaction
from tests.emulators.discord.permissions import THREAD_TYPES, Permission
from tests.emulators.discord.posting import post
from tests.emulators.discord.state import Channel, Member, Message, Overwrite, Role, ScheduledEvent, User
from tests.emulators.discord.thread_routes import start_thread, tell_started
from tests.emulators.discord.world import GUILD_MEMBERS, GUILD_SCHEDULED_EVENTS, GUILDS, Event, World

CHANNEL_TYPES = {"text": 0, "voice": 2, "category": 4, "announcement": 5, "forum": 15}


class Living:
    """People come and go, speak, get roles; channels and roles are made and removed."""

    world: World

    # --- people -----------------------------------------------------------------------------------------------------

    def add_user(
        self,
        name: str,
        locale: str = "en-US",
        *,
        admin: bool = False,
        refuses_dms: bool = False,
        roles: Iterable[Role] = (),
        joined: bool = True,
    ) -> User:
        """Someone with an account, a member of the server unless told otherwise; an admin may do all."""
        user = User(self.world.ids.next(), name, locale, refuses_dms=refuses_dms)
        self.world.users[user.id] = user
        if joined:
            wanted = [*roles, *([self._admin_role()] if admin else [])]
            self.join(user, wanted)
        return user

    def _admin_role(self) -> Role:
        known = [role for role in self.world.guild.roles.values() if role.name == "Administrators"]
        return known[0] if known else self.add_role("Administrators", Permission.ADMINISTRATOR)

    def join(self, user: User, roles: Iterable[Role] = ()) -> Member:
        """Let someone enter the server."""
        world = self.world
        member = Member(user.id, world.clock.now(), [role.id for role in roles])
        world.guild.members[user.id] = member
        world.tell_guild("GUILD_MEMBER_ADD", payloads.member_json(member, user), GUILD_MEMBERS)
        return member

    def leave(self, user: User) -> None:
        """Let someone go."""
        self.world.guild.members.pop(user.id)
        self.world.tell_guild("GUILD_MEMBER_REMOVE", {"user": payloads.user_json(user)}, GUILD_MEMBERS)

    def give_role(self, user: User, role: Role) -> None:
        """Give someone a role."""
        member = self.world.guild.members[user.id]
        member.roles.append(role.id)
        self.world.tell_member(member)

    def take_role(self, user: User, role: Role) -> None:
        """Take a role from someone."""
        member = self.world.guild.members[user.id]
        member.roles.remove(role.id)
        self.world.tell_member(member)

    def enter_voice(self, user: User, channel: Channel | None) -> None:
        """Let someone enter a voice channel, or hang up."""
        member = self.world.guild.members[user.id]
        member.voice = channel.id if channel else None
        self.world.tell_voice(member)

    # --- speaking ---------------------------------------------------------------------------------------------------

    def say(self, user: User, where: Channel, text: str, reply_to: Message | None = None) -> Message:
        """Write in a channel, a thread, or the direct message with the bot.

        Raises:
            Refused: when they may not write there.
        """
        world = self.world
        allowed = world.may(user, where)
        needed = Permission.SEND_MESSAGES_IN_THREADS if where.type in THREAD_TYPES else Permission.SEND_MESSAGES
        if not allowed & needed or not 1 <= len(text) <= 2000:
            raise Refused(f"{user.name} cannot write this in {where.name}")
        message = Message(world.ids.next(), where.id, user, text, timestamp=world.clock.now())
        if reply_to:
            message.type, message.reference = 19, {"type": 0, "message_id": reply_to.id, "channel_id": where.id}
        mark_mentions(world, message, None, by=allowed)
        return post(world, where, message)

    def rewrite(self, message: Message, text: str) -> None:
        """Let its author change a message."""
        message.content, message.edited = text, self.world.clock.now()
        channel = self.world.channel_of(message)
        if channel:
            mark_mentions(self.world, message, None, by=self.world.may(message.author, channel))
        self.world.tell_message("MESSAGE_UPDATE", message)

    def unsay(self, message: Message) -> None:
        """Delete a message."""
        channel = self.world.channel_of(message)
        if channel:
            remove_message(self.world, channel, message)

    def react(self, user: User, message: Message, emoji: str, *, there: bool = True) -> None:
        """Add a reaction, or take it away."""
        channel = self.world.channel_of(message)
        if channel:
            set_reaction(self.world, channel, message, user.id, emoji, there=there)

    def start_thread(self, user: User, where: Channel | Message, name: str) -> Channel:
        """Start a public thread in a channel, or from a message.

        Raises:
            Refused: when they may not.
        """
        world = self.world
        message = where if isinstance(where, Message) else None
        parent = world.channel_of(where) if isinstance(where, Message) else where
        if parent is None or not world.may(user, parent) & Permission.CREATE_PUBLIC_THREADS:
            raise Refused(f"{user.name} cannot start a thread here")
        thread = start_thread(world, user, parent, message.id if message else world.ids.next(), 11, {"name": name})
        if message:
            message.thread_id = thread.id
        tell_started(world, thread)
        return thread

    # --- the server -------------------------------------------------------------------------------------------------

    def add_role(self, name: str, permissions: int = 0, *, mentionable: bool = False) -> Role:
        """A new role just above @everyone."""
        return self.world.add_role(Role("", name, int(permissions), mentionable=mentionable))

    def remove_role(self, role: Role) -> None:
        """Remove a role, from everyone who has it too."""
        self.world.remove_role(role)

    def add_channel(
        self,
        name: str,
        kind: str = "text",
        overwrites: Iterable[Overwrite] = (),
        *,
        visible_to: Iterable[Role | User] | None = None,
        parent: Channel | None = None,
    ) -> Channel:
        """A new channel: text, voice, category, announcement or forum; `visible_to` hides it from everyone else."""
        guild = self.world.guild
        channel = Channel(self.world.ids.next(), CHANNEL_TYPES[kind], name, parent.id if parent else None)
        channel.position = len(guild.channels)
        channel.overwrites = [*overwrites, *self._hiding(visible_to)]
        guild.channels[channel.id] = channel
        self.world.tell_channel("CHANNEL_CREATE", channel)
        return channel

    def _hiding(self, visible_to: Iterable[Role | User] | None) -> list[Overwrite]:
        if visible_to is None:
            return []
        see = Permission.VIEW_CHANNEL
        shown = [Overwrite(item.id, int(isinstance(item, User)), allow=see) for item in visible_to]
        return [Overwrite(self.world.guild.id, 0, deny=see), *shown]

    def set_overwrites(self, channel: Channel, overwrites: Iterable[Overwrite]) -> None:
        """Change who may do what in a channel."""
        channel.overwrites = list(overwrites)
        self.world.tell_channel("CHANNEL_UPDATE", channel)

    def set_permissions(self, role: Role, permissions: int) -> None:
        """Change what a role allows."""
        role.permissions = int(permissions)
        self.world.tell_guild("GUILD_ROLE_UPDATE", {"role": payloads.role_json(role)})

    def remove_channel(self, channel: Channel) -> None:
        """Delete a channel with its threads and messages."""
        remove_channel(self.world, channel)

    def interest(self, user: User, event: ScheduledEvent, *, there: bool = True) -> None:
        """Let someone mark a scheduled event as interesting, or no more."""
        event.interested.append(user.id) if there else event.interested.remove(user.id)
        name = f"GUILD_SCHEDULED_EVENT_USER_{'ADD' if there else 'REMOVE'}"
        data = {"guild_scheduled_event_id": event.id, "user_id": user.id}
        self.world.tell_guild(name, data, GUILD_SCHEDULED_EVENTS)

    def answer_onboarding(self, user: User, titles: Iterable[str]) -> None:
        """Let a newcomer choose options of the onboarding's questions, by title: they get the roles.

        Raises:
            Refused: when there is no such option.
        """
        options = [option for prompt in self.world.guild.onboarding["prompts"] for option in prompt["options"]]
        by_title = {option["title"]: option for option in options}
        for title in titles:
            if title not in by_title or not self.world.guild.onboarding["enabled"]:
                raise Refused(f"No option {title!r}, only {list(by_title)}")
            for role_id in by_title[title]["role_ids"]:
                self.give_role(user, self.world.guild.roles[role_id])

    def remove_event(self, event: ScheduledEvent) -> None:
        """Delete a scheduled event."""
        self.world.guild.events.pop(event.id)
        self.world.tell_guild("GUILD_SCHEDULED_EVENT_DELETE", event.fields, GUILD_SCHEDULED_EVENTS)

    def kick_bot(self) -> None:
        """Remove the bot from the server."""
        self.world.leave_guild()

    def invite_bot(self) -> None:
        """Let the bot in again."""
        self.world.in_guild = True
        self.world.emit(Event("GUILD_CREATE", partial(guild_create, self.world), GUILDS))

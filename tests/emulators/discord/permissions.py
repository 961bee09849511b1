"""Who may do what where, computed as Discord documents it.

https://discord.com/developers/docs/topics/permissions#permission-overwrites
"""

from __future__ import annotations

from enum import IntFlag

from tests.emulators.discord.state import Channel, Guild, Member


class Permission(IntFlag):
    """Discord's permission bits, as far as the emulator minds them."""

    CREATE_INSTANT_INVITE = 1 << 0
    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    CONNECT = 1 << 20
    SPEAK = 1 << 21
    MOVE_MEMBERS = 1 << 24
    CHANGE_NICKNAME = 1 << 26
    MANAGE_NICKNAMES = 1 << 27
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_EVENTS = 1 << 33
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    CREATE_EVENTS = 1 << 44
    PIN_MESSAGES = 1 << 51


P = Permission
EVERYTHING = (1 << 53) - 1
EVERYONE = (
    P.VIEW_CHANNEL | P.SEND_MESSAGES | P.EMBED_LINKS | P.ATTACH_FILES | P.READ_MESSAGE_HISTORY | P.ADD_REACTIONS
    | P.CONNECT | P.SPEAK | P.USE_APPLICATION_COMMANDS | P.CREATE_PUBLIC_THREADS | P.SEND_MESSAGES_IN_THREADS
    | P.CHANGE_NICKNAME
)  # fmt: skip
BOT = (
    EVERYONE | P.MANAGE_CHANNELS | P.MANAGE_ROLES | P.MANAGE_MESSAGES | P.MANAGE_EVENTS | P.CREATE_EVENTS
    | P.MANAGE_THREADS | P.CREATE_PRIVATE_THREADS | P.MOVE_MEMBERS | P.MANAGE_GUILD
)  # fmt: skip
DIRECT = EVERYONE | P.MENTION_EVERYONE  # what a direct message allows to both
THREAD_TYPES = (10, 11, 12)


def in_guild(guild: Guild, member: Member) -> int:
    """What the roles of someone allow everywhere."""
    if member.user_id == guild.owner_id:
        return EVERYTHING
    allowed = guild.roles[guild.id].permissions
    for role_id in member.roles:
        allowed |= guild.roles[role_id].permissions
    return EVERYTHING if allowed & Permission.ADMINISTRATOR else allowed


def in_channel(guild: Guild, member: Member, channel: Channel) -> int:
    """What someone may do in a channel; in a thread, what its parent allows."""
    allowed = in_guild(guild, member)
    if allowed == EVERYTHING:
        return allowed
    place = guild.channels[channel.parent_id] if channel.type in THREAD_TYPES and channel.parent_id else channel
    for who in ({guild.id}, set(member.roles), {member.user_id}):
        found = [overwrite for overwrite in place.overwrites if overwrite.id in who]
        for overwrite in found:
            allowed &= ~overwrite.deny
        for overwrite in found:
            allowed |= overwrite.allow
    if not allowed & Permission.VIEW_CHANNEL:
        return 0
    if channel.type == 12 and not _in_private_thread(member, channel, allowed):
        return 0
    return allowed


def _in_private_thread(member: Member, channel: Channel, allowed: int) -> bool:
    return member.user_id in channel.thread_members or bool(allowed & Permission.MANAGE_THREADS)


def top_position(guild: Guild, member: Member) -> int:
    """How high the highest role of someone stands."""
    return max((guild.roles[role_id].position for role_id in member.roles), default=0)

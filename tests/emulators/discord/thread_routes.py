"""Threads, and the posts of forums.

https://discord.com/developers/docs/resources/channel#start-thread-from-message
"""

from __future__ import annotations

from tests.emulators.discord import payloads
from tests.emulators.discord.errors import (
    MISSING_ACCESS,
    THREAD_EXISTS,
    UNKNOWN_MEMBER,
    WRONG_CHANNEL_TYPE,
    ApiError,
    Problem,
    refuse,
)
from tests.emulators.discord.limits import check
from tests.emulators.discord.permissions import THREAD_TYPES, Permission
from tests.emulators.discord.posting import check_body, new_message, post
from tests.emulators.discord.state import Channel, Json, Message, User
from tests.emulators.discord.web import Ask, Routes
from tests.emulators.discord.world import GUILD_MEMBERS, GUILDS, Event, World

routes = Routes()
HAS_THREAD = 1 << 5
NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD = 10, 11, 12
FORUMS = (15, 16)
MEMBERS = "/channels/{channel_id}/thread-members"


def start_thread(world: World, owner: User, parent: Channel, thread_id: str, kind: int, body: Json) -> Channel:
    """Make a thread with its owner in it; it is not yet told of."""
    thread = Channel(thread_id, kind, body["name"].strip(), parent.id)
    thread.owner_id, thread.created = owner.id, world.clock.now()
    thread.thread_members = [owner.id]
    kept = ("auto_archive_duration", "rate_limit_per_user", "invitable", "applied_tags")
    thread.details = {key: body[key] for key in kept if body.get(key) is not None}
    world.guild.channels[thread.id] = thread
    return thread


def tell_started(world: World, thread: Channel) -> Json:
    """Send THREAD_CREATE, when the bot may see the thread."""
    data = world.channel_json(thread)
    if world.bot.id in thread.thread_members:
        data["member"] = _member(world, thread, world.bot.id)
    if world.may(world.bot, thread) & Permission.VIEW_CHANNEL:
        world.emit(Event("THREAD_CREATE", data | {"newly_created": True}, GUILDS))
    world.touched()
    return data


def _member(world: World, thread: Channel, user_id: str) -> Json:
    return payloads.thread_member_json(thread, user_id, thread.created or world.clock.now())


@routes.on("POST", "/channels/{channel_id}/messages/{message_id}/threads")
def from_message(world: World, ask: Ask) -> Json:
    channel = world.find_channel(ask["channel_id"], Permission.CREATE_PUBLIC_THREADS)
    message = world.find_message(channel, ask["message_id"])
    if channel.type not in {0, 5}:
        raise ApiError(WRONG_CHANNEL_TYPE)
    body = ask.form
    refuse(check(body, "thread"))
    if message.thread_id:
        raise ApiError(THREAD_EXISTS)
    thread = start_thread(
        world, world.bot, channel, message.id, NEWS_THREAD if channel.type == 5 else PUBLIC_THREAD, body
    )
    message.thread_id = thread.id
    message.flags |= HAS_THREAD
    data = tell_started(world, thread)
    world.tell_message("MESSAGE_UPDATE", message)
    return data


@routes.on("POST", "/channels/{channel_id}/threads")
def without_message(world: World, ask: Ask) -> Json:
    channel = world.find_channel(ask["channel_id"])
    body = ask.form
    refuse(check(body, "thread"))
    if channel.type in FORUMS:
        return _forum_post(world, channel, body, ask)
    if channel.type not in {0, 5}:
        raise ApiError(WRONG_CHANNEL_TYPE)
    kind = body.get("type", PRIVATE_THREAD)
    private = kind == PRIVATE_THREAD
    world.find_channel(channel.id, Permission.CREATE_PRIVATE_THREADS if private else Permission.CREATE_PUBLIC_THREADS)
    thread = start_thread(world, world.bot, channel, world.ids.next(), kind, body)
    data = tell_started(world, thread)
    if not private:
        _announce(world, channel, thread)
    return data


def _announce(world: World, channel: Channel, thread: Channel) -> None:
    message = Message(world.ids.next(), channel.id, world.bot, thread.name or "", timestamp=world.clock.now(), type=18)
    message.reference = {"type": 0, "channel_id": thread.id, "guild_id": world.guild.id}
    post(world, channel, message)


def _forum_post(world: World, channel: Channel, body: Json, ask: Ask) -> Json:
    world.find_channel(channel.id, Permission.SEND_MESSAGES)
    if not isinstance(body.get("message"), dict):
        refuse([Problem(("message",), "BASE_TYPE_REQUIRED", "This field is required")])
    first = check_body(body["message"], ask.files)
    tags = {tag["id"] for tag in channel.details.get("available_tags", [])}
    if any(str(tag) not in tags for tag in body.get("applied_tags") or []):
        refuse([Problem(("applied_tags",), "BASE_TYPE_CHOICES", "Unknown tag")])
    thread = start_thread(world, world.bot, channel, world.ids.next(), PUBLIC_THREAD, body)
    data = tell_started(world, thread)
    message = new_message(world, thread, world.bot, first, ask.files)
    message.id = thread.id
    post(world, thread, message)
    return data | {"message": world.message_json(message)}


# --- who is in a thread ---------------------------------------------------------------------------------------------


def _thread(world: World, ask: Ask) -> Channel:
    thread = world.find_channel(ask["channel_id"])
    if thread.type not in THREAD_TYPES:
        raise ApiError(WRONG_CHANNEL_TYPE)
    return thread


@routes.on("PUT", MEMBERS + "/@me")
def enter(world: World, ask: Ask) -> None:
    add_to_thread(world, _thread(world, ask), world.bot.id)


@routes.on("PUT", MEMBERS + "/{user_id}")
def add(world: World, ask: Ask) -> None:
    thread = _thread(world, ask)
    world.find_channel(thread.id, Permission.SEND_MESSAGES_IN_THREADS)
    user = world.users.get(ask["user_id"])
    if user is None or user.id not in world.guild.members:
        raise ApiError(UNKNOWN_MEMBER)
    parent = world.guild.channels[thread.parent_id or ""]
    if not world.may(user, parent) & Permission.VIEW_CHANNEL:
        raise ApiError(MISSING_ACCESS)
    add_to_thread(world, thread, user.id)


def add_to_thread(world: World, thread: Channel, user_id: str) -> None:
    """Let someone be in a thread, and tell of it when that is new."""
    if user_id in thread.thread_members:
        return
    thread.thread_members.append(user_id)
    data = {"id": thread.id, "member_count": len(thread.thread_members)}
    added = {"added_members": [_member(world, thread, user_id)], "removed_member_ids": []}
    world.tell_guild("THREAD_MEMBERS_UPDATE", data | added, GUILDS if user_id == world.bot.id else GUILD_MEMBERS)


@routes.on("DELETE", MEMBERS + "/@me")
def leave(world: World, ask: Ask) -> None:
    _remove(world, _thread(world, ask), world.bot.id)


@routes.on("DELETE", MEMBERS + "/{user_id}")
def remove(world: World, ask: Ask) -> None:
    thread = _thread(world, ask)
    if thread.owner_id != world.bot.id or thread.type != PRIVATE_THREAD:
        world.find_channel(thread.id, Permission.MANAGE_THREADS)
    _remove(world, thread, ask["user_id"])


def _remove(world: World, thread: Channel, user_id: str) -> None:
    if user_id not in thread.thread_members:
        raise ApiError(UNKNOWN_MEMBER)
    thread.thread_members.remove(user_id)
    data = {"id": thread.id, "member_count": len(thread.thread_members)}
    gone = {"added_members": [], "removed_member_ids": [user_id]}
    world.tell_guild("THREAD_MEMBERS_UPDATE", data | gone, GUILDS if user_id == world.bot.id else GUILD_MEMBERS)


@routes.on("GET", MEMBERS)
def members(world: World, ask: Ask) -> list[Json]:
    thread = _thread(world, ask)
    return [_member(world, thread, user_id) for user_id in thread.thread_members]


@routes.on("GET", MEMBERS + "/{user_id}")
def member(world: World, ask: Ask) -> Json:
    thread = _thread(world, ask)
    if ask["user_id"] not in thread.thread_members:
        raise ApiError(UNKNOWN_MEMBER)
    return _member(world, thread, ask["user_id"])


@routes.on("GET", "/guilds/{guild_id}/threads/active")
def active(world: World, ask: Ask) -> Json:
    channels = world.find_guild(ask["guild_id"]).channels.values()
    threads = [item for item in channels if item.type in THREAD_TYPES and not item.archived]
    seen = [item for item in threads if world.may(world.bot, item) & Permission.VIEW_CHANNEL]
    mine = [item for item in seen if world.bot.id in item.thread_members]
    return {
        "threads": [world.channel_json(item) for item in seen],
        "members": [_member(world, item, world.bot.id) for item in mine],
    }  # fmt: skip


@routes.on("GET", "/channels/{channel_id}/threads/archived/public")
@routes.on("GET", "/channels/{channel_id}/threads/archived/private")
def archived(world: World, ask: Ask) -> Json:
    channel = world.find_channel(ask["channel_id"], Permission.READ_MESSAGE_HISTORY)
    children = [item for item in world.guild.channels.values() if item.parent_id == channel.id and item.archived]
    return {"threads": [world.channel_json(item) for item in children], "members": [], "has_more": False}

"""Channels and what is allowed in them.

https://discord.com/developers/docs/resources/channel and /resources/guild#create-guild-channel
"""

from __future__ import annotations

from typing import Any

from tests.emulators.discord import payloads
from tests.emulators.discord.errors import (
    MISSING_PERMISSIONS,
    NOT_IN_DM,
    UNKNOWN_OVERWRITE,
    ApiError,
    Problem,
    refuse,
)
from tests.emulators.discord.limits import CATEGORY, TEXT_CHANNEL, check
from tests.emulators.discord.permissions import EVERYTHING, THREAD_TYPES, Permission, in_guild
from tests.emulators.discord.state import Channel, Json, Overwrite
from tests.emulators.discord.web import Ask, Routes
from tests.emulators.discord.world import GUILDS, Event, World

routes = Routes()
ONE = "/channels/{channel_id}"
MOST_CHANNELS = (400, 30013, "Maximum number of guild channels reached (500)")
DETAILS = (
    "topic", "nsfw", "rate_limit_per_user", "bitrate", "user_limit", "rtc_region", "video_quality_mode",
    "default_auto_archive_duration", "available_tags", "default_reaction_emoji", "default_sort_order",
    "default_forum_layout", "default_thread_rate_limit_per_user",
)  # fmt: skip
WRITTEN_TYPES = (0, 5, 15, 16)


def read_overwrites(world: World, given: list[Json]) -> list[Overwrite]:
    """Overwrites of a payload; the bot can pass on only what it may do itself.

    Raises:
        ApiError: 50013.
    """
    own = in_guild(world.guild, world.me)
    found = []
    for item in given:
        allow, deny = int(item.get("allow") or 0), int(item.get("deny") or 0)
        if own != EVERYTHING and ((allow | deny) & ~own or (allow | deny) & Permission.MANAGE_ROLES):
            raise ApiError(MISSING_PERMISSIONS)
        found.append(Overwrite(str(item["id"]), int(item.get("type", 0)), allow, deny))
    return found


def _parent(world: World, parent_id: Any) -> Channel | None:
    if parent_id is None:
        return None
    parent = world.guild.channels.get(str(parent_id))
    if parent is None or parent.type != CATEGORY:
        refuse([Problem(("parent_id",), "CHANNEL_PARENT_INVALID_TYPE", "Not a category")])
    return parent


def _named(name: str, kind: int) -> str:
    return "-".join(name.lower().split()) if kind in WRITTEN_TYPES else name.strip()


@routes.on("GET", "/guilds/{guild_id}/channels")
def listing(world: World, ask: Ask) -> list[Json]:
    channels = world.find_guild(ask["guild_id"]).channels.values()
    return [world.channel_json(channel) for channel in channels if channel.type not in THREAD_TYPES]


@routes.on("POST", "/guilds/{guild_id}/channels")
def create(world: World, ask: Ask) -> Json:
    guild = world.find_guild(ask["guild_id"])
    world.need(Permission.MANAGE_CHANNELS)
    body = ask.form
    refuse(check(body, "channel"))
    if len(guild.channels) >= 500:
        raise ApiError(MOST_CHANNELS)
    kind = body.get("type", TEXT_CHANNEL)
    parent = _parent(world, body.get("parent_id"))
    channel = Channel(world.ids.next(), kind, _named(body["name"], kind), parent.id if parent else None)
    channel.position = body.get("position") or len(guild.channels)
    channel.details = {key: body[key] for key in DETAILS if body.get(key) is not None}
    for tag in channel.details.get("available_tags", []):
        tag.setdefault("id", world.ids.next())
    if body.get("permission_overwrites") is not None:
        world.need(Permission.MANAGE_ROLES)
        channel.overwrites = read_overwrites(world, body["permission_overwrites"])
    elif parent:
        channel.overwrites = list(parent.overwrites)
    guild.channels[channel.id] = channel
    world.tell_channel("CHANNEL_CREATE", channel)
    return world.channel_json(channel)


@routes.on("PATCH", "/guilds/{guild_id}/channels")
def arrange(world: World, ask: Ask) -> None:
    world.find_guild(ask["guild_id"])
    world.need(Permission.MANAGE_CHANNELS)
    for item in ask.body if isinstance(ask.body, list) else [ask.form]:
        channel = world.find_channel(str(item.get("id")))
        channel.position = item.get("position") or channel.position
        world.tell_channel("CHANNEL_UPDATE", channel)


@routes.on("GET", ONE)
def get(world: World, ask: Ask) -> Json:
    return world.channel_json(world.find_channel(ask["channel_id"]))


@routes.on("PATCH", ONE)
def change(world: World, ask: Ask) -> Json:
    channel = world.find_channel(ask["channel_id"])
    body = ask.form
    if channel.type == payloads.DM:
        raise ApiError(NOT_IN_DM)
    if channel.type in THREAD_TYPES:
        return _change_thread(world, channel, body)
    world.find_channel(channel.id, Permission.MANAGE_CHANNELS)
    refuse(check({"name": channel.name, "type": channel.type} | body, "channel"))
    if "name" in body:
        channel.name = _named(body["name"], channel.type)
    if "parent_id" in body:
        parent = _parent(world, body["parent_id"])
        channel.parent_id = parent.id if parent else None
    if body.get("position") is not None:
        channel.position = body["position"]
    channel.details |= {key: body[key] for key in DETAILS if key in body}
    if body.get("permission_overwrites") is not None:
        world.find_channel(channel.id, Permission.MANAGE_ROLES)
        channel.overwrites = read_overwrites(world, body["permission_overwrites"])
    world.tell_channel("CHANNEL_UPDATE", channel)
    return world.channel_json(channel)


def _change_thread(world: World, channel: Channel, body: Json) -> Json:
    if channel.owner_id != world.bot.id or "locked" in body:
        world.find_channel(channel.id, Permission.MANAGE_THREADS)
    refuse(check({"name": channel.name} | body, "thread"))
    channel.name = body.get("name", channel.name)
    channel.archived = body.get("archived", channel.archived)
    channel.locked = body.get("locked", channel.locked)
    kept = ("auto_archive_duration", "rate_limit_per_user", "invitable", "applied_tags")
    channel.details |= {key: body[key] for key in kept if key in body}
    world.tell_channel("THREAD_UPDATE", channel)
    return world.channel_json(channel)


@routes.on("DELETE", ONE)
def delete(world: World, ask: Ask) -> Json:
    channel = world.find_channel(ask["channel_id"])
    if channel.type != payloads.DM:
        threaded = channel.type in THREAD_TYPES
        world.find_channel(channel.id, Permission.MANAGE_THREADS if threaded else Permission.MANAGE_CHANNELS)
        return remove_channel(world, channel)
    return world.channel_json(channel)


def remove_channel(world: World, channel: Channel) -> Json:
    """Take a channel away with its threads, and tell of it."""
    data = world.channel_json(channel)
    channels = world.guild.channels
    for thread in [item for item in channels.values() if item.parent_id == channel.id]:
        if thread.type in THREAD_TYPES:
            channels.pop(thread.id)
        else:
            thread.parent_id = None
    channels.pop(channel.id)
    threaded = channel.type in THREAD_TYPES
    world.emit(Event("THREAD_DELETE" if threaded else "CHANNEL_DELETE", data, GUILDS))
    world.touched()
    return data


@routes.on("PUT", ONE + "/permissions/{target}")
def set_permission(world: World, ask: Ask) -> None:
    channel = world.find_channel(ask["channel_id"], Permission.MANAGE_ROLES)
    body = ask.form
    if body.get("type") not in {0, 1}:
        refuse([Problem(("type",), "BASE_TYPE_CHOICES", "Value must be one of (0, 1).")])
    target, kind = ask["target"], body["type"]
    known = world.guild.roles if kind == 0 else world.users
    if target not in known:
        raise ApiError(UNKNOWN_OVERWRITE)
    fresh = read_overwrites(world, [body | {"id": target}])
    channel.overwrites = [item for item in channel.overwrites if item.id != target] + fresh
    world.tell_channel("CHANNEL_UPDATE", channel)


@routes.on("DELETE", ONE + "/permissions/{target}")
def drop_permission(world: World, ask: Ask) -> None:
    channel = world.find_channel(ask["channel_id"], Permission.MANAGE_ROLES)
    if all(item.id != ask["target"] for item in channel.overwrites):
        raise ApiError(UNKNOWN_OVERWRITE)
    channel.overwrites = [item for item in channel.overwrites if item.id != ask["target"]]
    world.tell_channel("CHANNEL_UPDATE", channel)

"""Messages and reactions.

https://discord.com/developers/docs/resources/message
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import unquote

from tests.emulators.discord import payloads
from tests.emulators.discord.clock import snowflake
from tests.emulators.discord.errors import (
    ARCHIVED,
    CANNOT_DM,
    NO_MUTUAL_GUILD,
    NOT_IN_VOICE,
    NOT_THE_AUTHOR,
    TOO_OLD,
    ApiError,
    Problem,
    refuse,
)
from tests.emulators.discord.permissions import THREAD_TYPES, Permission
from tests.emulators.discord.posting import check_body, edit, new_message, post
from tests.emulators.discord.state import Channel, Json, Message
from tests.emulators.discord.web import Ask, Routes
from tests.emulators.discord.world import (
    DIRECT_MESSAGES,
    DIRECT_REACTIONS,
    GUILD_MESSAGES,
    GUILD_REACTIONS,
    Event,
    World,
)

routes = Routes()
NONCE_SECONDS = 300  # "the past few minutes"
MESSAGES = "/channels/{channel_id}/messages"
ONE = MESSAGES + "/{message_id}"
REACTION = ONE + "/reactions/{emoji}"


@routes.on("POST", MESSAGES)
def create(world: World, ask: Ask) -> Json:
    channel = world.find_channel(ask["channel_id"])
    may_write(world, channel)
    if ask.files:
        world.find_channel(channel.id, Permission.ATTACH_FILES)
    body = check_body(ask.body, ask.files)
    if (known := _same_nonce(world, body)) is not None:
        if channel_of_known(world, known) is None:
            raise ApiError((404, 10008, "Unknown Message"))
        return world.message_json(known) | {"nonce": known.nonce}
    message = new_message(world, channel, world.bot, body, ask.files)
    _refer(world, channel, message, body)
    post(world, channel, message)
    if message.nonce and body.get("enforce_nonce"):
        world.nonces[message.nonce] = (world.clock.monotonic(), message)
    return world.message_json(message) | ({"nonce": message.nonce} if message.nonce else {})


def may_write(world: World, channel: Channel) -> None:
    """Let the bot be able to write here.

    Raises:
        ApiError: 50007, 50008, 50013, 50083 or 50278.
    """
    if channel.type == payloads.DM:
        person = world.users[channel.recipient_id or ""]
        if person.id not in world.guild.members or not world.in_guild:
            raise ApiError(NO_MUTUAL_GUILD)
        if person.refuses_dms:
            raise ApiError(CANNOT_DM)
        return
    if channel.type in {4, 15, 16}:
        raise ApiError(NOT_IN_VOICE)
    threaded = channel.type in THREAD_TYPES
    world.find_channel(channel.id, Permission.SEND_MESSAGES_IN_THREADS if threaded else Permission.SEND_MESSAGES)
    if threaded and channel.locked:
        raise ApiError(ARCHIVED)


def _same_nonce(world: World, body: Json) -> Message | None:
    found = world.nonces.get(str(body.get("nonce"))) if body.get("enforce_nonce") else None
    if found and world.clock.monotonic() - found[0] <= NONCE_SECONDS:
        return found[1]
    return None


def channel_of_known(world: World, message: Message) -> Channel | None:
    """The channel of a message that still is there."""
    channel = world.channel_of(message)
    return channel if channel and channel.find(message.id) else None


def _refer(world: World, channel: Channel, message: Message, body: Json) -> None:
    reference = body.get("message_reference")
    if not reference:
        return
    replied = channel.find(str(reference.get("message_id")))
    if replied is None and reference.get("fail_if_not_exists", True):
        refuse([Problem(("message_reference",), "REPLIES_UNKNOWN_MESSAGE", "Unknown message")])
    if replied is not None:
        world.find_channel(channel.id, Permission.READ_MESSAGE_HISTORY)
        message.type = 19
        message.reference = {"type": 0, "message_id": replied.id, "channel_id": channel.id}
        if channel.type != payloads.DM:
            message.reference["guild_id"] = world.guild.id


@routes.on("GET", MESSAGES)
def listing(world: World, ask: Ask) -> list[Json]:
    channel = world.find_channel(ask["channel_id"])
    limit = ask.number("limit", 50, 1, 100)
    if not world.may(world.bot, channel) & Permission.READ_MESSAGE_HISTORY:
        return []
    shown = [message for message in channel.messages if not message.only_for]
    if "around" in ask.query:
        near = int(ask.query["around"])
        chosen = sorted(shown, key=lambda message: abs(int(message.id) - near))[:limit]
    elif "after" in ask.query:
        chosen = [message for message in shown if int(message.id) > int(ask.query["after"])][:limit]
    else:
        before = int(ask.query.get("before", 1 << 63))
        chosen = [message for message in shown if int(message.id) < before][-limit:]
    return [world.message_json(message) for message in sorted(chosen, key=lambda item: -int(item.id))]


@routes.on("GET", ONE)
def get(world: World, ask: Ask) -> Json:
    channel = world.find_channel(ask["channel_id"], Permission.READ_MESSAGE_HISTORY)
    return world.message_json(world.find_message(channel, ask["message_id"]))


@routes.on("PATCH", ONE)
def change(world: World, ask: Ask) -> Json:
    channel = world.find_channel(ask["channel_id"])
    message = world.find_message(channel, ask["message_id"])
    if message.author is not world.bot:
        raise ApiError(NOT_THE_AUTHOR)
    return world.message_json(edit(world, channel, message, ask.body, ask.files))


@routes.on("DELETE", ONE)
def delete(world: World, ask: Ask) -> None:
    channel = world.find_channel(ask["channel_id"])
    message = world.find_message(channel, ask["message_id"])
    if message.author is not world.bot:
        if channel.type == payloads.DM:
            raise ApiError((403, 50003, "Cannot execute action on a DM channel"))
        world.find_channel(channel.id, Permission.MANAGE_MESSAGES)
    remove_message(world, channel, message)


@routes.on("POST", MESSAGES + "/bulk-delete")
def delete_many(world: World, ask: Ask) -> None:
    channel = world.find_channel(ask["channel_id"], Permission.MANAGE_MESSAGES)
    ids = [str(item) for item in ask.form.get("messages") or []]
    if not 2 <= len(ids) <= 100:
        message = "Must be between 2 and 100 in length."
        refuse([Problem(("messages",), "BASE_TYPE_BAD_LENGTH", message)])
    oldest = snowflake(world.clock.now() - timedelta(days=14))
    if any(int(item) < oldest for item in ids):
        raise ApiError(TOO_OLD)
    for found in [item for item in channel.messages if item.id in ids and not item.only_for]:
        remove_message(world, channel, found)


def remove_message(world: World, channel: Channel, message: Message) -> None:
    """Take a message away and tell of it."""
    channel.messages.remove(message)
    if not message.only_for:
        direct = channel.type == payloads.DM
        data = {"id": message.id, "channel_id": channel.id} | ({} if direct else {"guild_id": world.guild.id})
        world.emit(Event("MESSAGE_DELETE", data, DIRECT_MESSAGES if direct else GUILD_MESSAGES))
    world.touched()


@routes.on("POST", "/channels/{channel_id}/typing")
def typing(world: World, ask: Ask) -> None:
    may_write(world, world.find_channel(ask["channel_id"]))


@routes.on("PUT", ONE + "/reactions/{emoji}/@me")
def react(world: World, ask: Ask) -> None:
    channel = world.find_channel(ask["channel_id"], Permission.READ_MESSAGE_HISTORY)
    message = world.find_message(channel, ask["message_id"])
    emoji = unquote(ask["emoji"])
    if emoji.isascii() and ":" not in emoji:
        raise ApiError((400, 10014, "Unknown Emoji"))
    if emoji not in message.reactions:
        world.find_channel(channel.id, Permission.ADD_REACTIONS)
    set_reaction(world, channel, message, world.bot.id, emoji, there=True)


@routes.on("DELETE", ONE + "/reactions/{emoji}/@me")
def unreact(world: World, ask: Ask) -> None:
    channel = world.find_channel(ask["channel_id"])
    message = world.find_message(channel, ask["message_id"])
    set_reaction(world, channel, message, world.bot.id, unquote(ask["emoji"]), there=False)


@routes.on("DELETE", ONE + "/reactions/{emoji}/{user_id}")
def unreact_other(world: World, ask: Ask) -> None:
    channel = world.find_channel(ask["channel_id"], Permission.MANAGE_MESSAGES)
    message = world.find_message(channel, ask["message_id"])
    set_reaction(world, channel, message, ask["user_id"], unquote(ask["emoji"]), there=False)


@routes.on("GET", REACTION)
def reactions(world: World, ask: Ask) -> list[Json]:
    channel = world.find_channel(ask["channel_id"])
    message = world.find_message(channel, ask["message_id"])
    return [payloads.user_json(world.users[item]) for item in message.reactions.get(unquote(ask["emoji"]), [])]


def set_reaction(world: World, channel: Channel, message: Message, user_id: str, emoji: str, *, there: bool) -> None:
    """Add or take away a reaction and tell of it, when that changes something."""
    who = message.reactions.setdefault(emoji, [])
    if (user_id in who) != there:
        who.append(user_id) if there else who.remove(user_id)
        world.emit(_reaction_event(world, channel, message, user_id, emoji, there=there))
    if not who:
        message.reactions.pop(emoji)
    world.touched()


def _reaction_event(
    world: World, channel: Channel, message: Message, user_id: str, emoji: str, *, there: bool
) -> Event:
    data: dict[str, Any] = {
        "user_id": user_id, "channel_id": channel.id, "message_id": message.id, "burst": False, "type": 0,
        "emoji": payloads.emoji_json(emoji),
    }  # fmt: skip
    if there:
        data["message_author_id"] = message.author.id
    if channel.type == payloads.DM:
        return Event(f"MESSAGE_REACTION_{'ADD' if there else 'REMOVE'}", data, DIRECT_REACTIONS)
    member = world.guild.members.get(user_id)
    data["guild_id"] = world.guild.id
    if there and member:
        data["member"] = payloads.member_json(member, world.users[user_id])
    return Event(f"MESSAGE_REACTION_{'ADD' if there else 'REMOVE'}", data, GUILD_REACTIONS)

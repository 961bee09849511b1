"""Web API: conversations.*."""

from __future__ import annotations

import re

from tests.emulators.slack.calls import PER_KIND, Arguments, method, page
from tests.emulators.slack.payloads import channel_json
from tests.emulators.slack.state import Channel, Json, Message, SlackError, User, Workspace

KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
_MANAGE = {"channel": "channels:manage", "group": "groups:write", "im": "im:write", "mpim": "mpim:write"}


def _known(world: Workspace, arguments: Arguments) -> Channel:
    """The channel of a call that wants to know of it: a private one must have the bot."""
    channel = world.channels.get(arguments.text("channel"))
    if channel is None or (channel.private and world.bot.id not in channel.members):
        raise SlackError("channel_not_found")
    return channel


def _joined(world: Workspace, arguments: Arguments) -> Channel:
    channel = _known(world, arguments)
    if world.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


@method("conversations.list")
def list_(world: Workspace, arguments: Arguments) -> Json:
    """The conversations that the bot can see, of the types asked for."""
    kinds = [kind.strip() for kind in arguments.text("types", "public_channel").split(",")]
    if any(kind not in KINDS for kind in kinds):
        raise SlackError("invalid_types")
    for kind in kinds:
        arguments.need(f"{PER_KIND[KINDS[kind]]}:read")
    wanted = {KINDS[kind] for kind in kinds}
    shown = [
        channel
        for channel in world.channels.values()
        if channel.kind in wanted
        and (not channel.private or world.bot.id in channel.members)
        and not (channel.archived and arguments.flag("exclude_archived"))
    ]
    some, metadata = page(shown, arguments)
    return {"channels": [_counted(world, channel) for channel in some], "response_metadata": metadata}


def _counted(world: Workspace, channel: Channel) -> Json:
    return channel_json(world, channel) | ({} if channel.kind == "im" else {"num_members": len(channel.members)})


@method("conversations.info", required=("channel",))
def info(world: Workspace, arguments: Arguments) -> Json:
    """One conversation."""
    channel = _known(world, arguments)
    arguments.need_for(channel, "read")
    counted = arguments.flag("include_num_members")
    return {"channel": _counted(world, channel) if counted else channel_json(world, channel)}


def _shown(message: Message, *, with_metadata: bool) -> Json:
    body = {key: value for key, value in message.body.items() if key != "metadata"}
    return body | ({"metadata": message.metadata} if with_metadata and message.metadata else {})


def _between(messages: list[Message], arguments: Arguments) -> list[Message]:
    oldest, latest = arguments.text("oldest", "0"), arguments.text("latest")
    inclusive = arguments.flag("inclusive")

    def wanted(message: Message) -> bool:
        if inclusive and message.ts in {oldest, latest}:
            return True
        return float(message.ts) > float(oldest) and (not latest or float(message.ts) < float(latest))

    return [message for message in messages if wanted(message)]


@method("conversations.history", required=("channel",))
def history(world: Workspace, arguments: Arguments) -> Json:
    """The messages of a channel, newest first, without the replies in threads."""
    channel = _joined(world, arguments)
    arguments.need_for(channel, "history")
    top = [
        message
        for message in channel.messages
        if message.only_for is None
        and (message.thread_ts in {None, message.ts} or message.body.get("subtype") == "thread_broadcast")
    ]
    return _messages(list(reversed(_between(top, arguments))), arguments) | {"pin_count": 0}


@method("conversations.replies", required=("channel", "ts"))
def replies(world: Workspace, arguments: Arguments) -> Json:
    """A thread, its first message first."""
    channel, ts = _joined(world, arguments), arguments.text("ts")
    arguments.need_for(channel, "history")
    thread = [m for m in channel.messages if m.only_for is None and ts in {m.ts, m.thread_ts}]
    if not thread:
        raise SlackError("thread_not_found")
    return _messages(_between(thread, arguments), arguments)


def _messages(found: list[Message], arguments: Arguments) -> Json:
    some, metadata = page(found, arguments, most=999)
    with_metadata = arguments.flag("include_all_metadata")
    return {
        "messages": [_shown(message, with_metadata=with_metadata) for message in some],
        "has_more": bool(metadata["next_cursor"]),
        "response_metadata": metadata,
    }


@method("conversations.members", required=("channel",))
def members(world: Workspace, arguments: Arguments) -> Json:
    """Who is in a conversation."""
    channel = _known(world, arguments)
    arguments.need_for(channel, "read")
    some, metadata = page(channel.members, arguments)
    return {"members": some, "response_metadata": metadata}


def _people(world: Workspace, arguments: Arguments) -> list[User]:
    ids = [user.strip() for user in arguments.text("users").split(",") if user.strip()]
    unknown = [user for user in ids if user not in world.users]
    if unknown:
        raise SlackError("user_not_found")
    return [world.users[user] for user in ids]


@method("conversations.open")
def open_(world: Workspace, arguments: Arguments) -> Json:
    """Open a direct message with one or several people."""
    if arguments.text("channel"):
        return {"channel": {"id": _known(world, arguments).id}}
    people = _people(world, arguments)
    if not people:
        raise SlackError("users_list_not_supplied")
    arguments.need("im:write" if len(people) == 1 else "mpim:write")
    if any(person.deleted for person in people):
        raise SlackError("user_disabled")
    if any(person.bot for person in people):
        raise SlackError("cannot_dm_bot")
    channel = world.dm(people[0].id) if len(people) == 1 else _group_dm(world, people)
    return {"channel": channel_json(world, channel) if arguments.flag("return_im") else {"id": channel.id}}


def _group_dm(world: Workspace, people: list[User]) -> Channel:
    if len(people) > 8:
        raise SlackError("too_many_users")
    members = sorted([world.bot.id, *(person.id for person in people)])
    found = next((c for c in world.channels.values() if c.kind == "mpim" and sorted(c.members) == members), None)
    name = f"mpdm-{'--'.join(person.name for person in people)}-1"
    return found or world.add_channel(Channel(world.new_id("C"), name, "mpim", int(world.clock.now()), members))


@method("conversations.create", required=("name",))
def create(world: Workspace, arguments: Arguments) -> Json:
    """Create a channel."""
    private, name = arguments.flag("is_private"), arguments.text("name")
    arguments.need("groups:write" if private else "channels:manage")
    if len(name) > 80:
        raise SlackError("invalid_name_maxlength")
    if not re.fullmatch(r"[\w-]+", name) or name != name.lower():
        raise SlackError("invalid_name_specials")
    if any(channel.name == name for channel in world.channels.values()):
        raise SlackError("name_taken")
    prefix, kind = "C", "group" if private else "channel"
    channel = Channel(world.new_id(prefix), name, kind, int(world.clock.now()), [world.bot.id])
    return {"channel": channel_json(world, world.add_channel(channel))}


@method("conversations.join", "channels:join", required=("channel",))
def join(world: Workspace, arguments: Arguments) -> Json:
    """Let the bot join a public channel."""
    channel = _known(world, arguments)
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    if world.bot.id not in channel.members:
        channel.members.append(world.bot.id)
        world.touched()
    return {"channel": channel_json(world, channel)}


@method("conversations.invite", required=("channel", "users"))
def invite(world: Workspace, arguments: Arguments) -> Json:
    """Add people to a channel."""
    channel = _joined(world, arguments)
    arguments.need(
        _MANAGE[channel.kind], "channels:write.invites" if channel.kind == "channel" else "groups:write.invites"
    )
    people = _people(world, arguments)
    if channel.archived:
        raise SlackError("is_archived")
    if any(person.id == world.bot.id for person in people):
        raise SlackError("cant_invite_self")
    if any(person.id in channel.members for person in people):
        raise SlackError("already_in_channel")
    channel.members += [person.id for person in people]
    for person in people:
        event = {"type": "member_joined_channel", "user": person.id, "channel": channel.id, "inviter": world.bot.id}
        more = {"channel_type": channel.id[0], "team": world.team_id, "event_ts": world.new_ts()}
        world.emit("member_joined_channel", event | more, channel.id)
    world.touched()
    return {"channel": channel_json(world, channel)}


def _noted(world: Workspace, arguments: Arguments, what: str) -> Json:
    channel = _joined(world, arguments)
    arguments.need(_MANAGE[channel.kind], f"{PER_KIND[channel.kind]}:write.topic")
    if channel.archived:
        raise SlackError("is_archived")
    if len(arguments.text(what)) > 250:
        raise SlackError("too_long")
    setattr(channel, what, arguments.text(what))
    world.touched()
    return {"channel": channel_json(world, channel)}


@method("conversations.setTopic", required=("channel", "topic"))
def set_topic(world: Workspace, arguments: Arguments) -> Json:
    """Set a channel's topic."""
    return _noted(world, arguments, "topic")


@method("conversations.setPurpose", required=("channel", "purpose"))
def set_purpose(world: Workspace, arguments: Arguments) -> Json:
    """Set a channel's purpose."""
    return _noted(world, arguments, "purpose")


@method("conversations.archive", required=("channel",))
def archive(world: Workspace, arguments: Arguments) -> Json:
    """Archive a channel."""
    channel = _joined(world, arguments)
    arguments.need(_MANAGE[channel.kind])
    if channel.archived:
        raise SlackError("already_archived")
    channel.archived = True
    world.touched()
    return {}

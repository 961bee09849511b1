"""Web API: chat.* and reactions.add."""

from __future__ import annotations

from tests.emulators.slack.calls import Arguments, method
from tests.emulators.slack.posting import (
    MOST_EDITED_TEXT,
    chat_content,
    compose,
    edit,
    metadata,
    open_to_bot,
    post,
    remove,
)
from tests.emulators.slack.state import Channel, Json, Message, SlackError, Workspace


@method("chat.postMessage", "chat:write", required=("channel",))
def post_message(world: Workspace, arguments: Arguments) -> Json:
    """Post a message."""
    channel = open_to_bot(world, arguments)
    if arguments.text("username") or arguments.text("icon_emoji") or arguments.text("icon_url"):
        arguments.need("chat:write.customize")
    given, extra = chat_content(arguments), metadata(arguments)
    body = compose(world, given, arguments.text("thread_ts") or None)
    if arguments.flag("reply_broadcast"):
        body["subtype"] = "thread_broadcast"
    if extra:
        body["metadata"] = extra
    message = post(world, channel, Message(channel.id, body, extra))
    return {"channel": channel.id, "ts": message.ts, "message": body}


@method("chat.postEphemeral", "chat:write", required=("channel", "user"))
def post_ephemeral(world: Workspace, arguments: Arguments) -> Json:
    """Post a message that one member of the channel sees."""
    channel, user = open_to_bot(world, arguments), arguments.text("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    body = compose(world, chat_content(arguments), arguments.text("thread_ts") or None) | {"is_ephemeral": True}
    return {"message_ts": post(world, channel, Message(channel.id, body, None, user)).ts}


def _own(world: Workspace, channel: Channel, ts: str, refusal: str) -> Message:
    found = channel.find(ts)
    if found is None:
        raise SlackError("message_not_found")
    if found.body.get("bot_id") != world.bot_id:
        raise SlackError(refusal)
    return found


@method("chat.update", "chat:write", required=("channel", "ts"))
def update(world: Workspace, arguments: Arguments) -> Json:
    """Change one of the bot's own messages."""
    channel = open_to_bot(world, arguments)
    message = _own(world, channel, arguments.text("ts"), "cant_update_message")
    given, extra = chat_content(arguments, MOST_EDITED_TEXT), metadata(arguments)
    if extra is not None:
        message.metadata = extra or None
        message.body["metadata"] = extra
    edit(world, channel, message, given, keep=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": message.body}


@method("chat.delete", "chat:write", required=("channel", "ts"))
def delete(world: Workspace, arguments: Arguments) -> Json:
    """Delete one of the bot's own messages."""
    channel = world.channel_of(arguments.text("channel"))
    message = _own(world, channel, arguments.text("ts"), "cant_delete_message")
    remove(world, channel, message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink", required=("channel", "message_ts"))
def permalink(world: Workspace, arguments: Arguments) -> Json:
    """The address of a message."""
    channel, ts = world.channel_of(arguments.text("channel")), arguments.text("message_ts")
    found = channel.find(ts)
    if found is None:
        raise SlackError("message_not_found")
    address = f"https://{world.domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    if found.thread_ts and found.thread_ts != ts:
        address += f"?thread_ts={found.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": address}


@method("reactions.add", "reactions:write", required=("channel", "timestamp", "name"))
def react(world: Workspace, arguments: Arguments) -> Json:
    """Add a reaction of the bot to a message."""
    channel = world.channel_of(arguments.text("channel"))
    message, name = channel.find(arguments.text("timestamp")), arguments.text("name").strip(":")
    if message is None:
        raise SlackError("message_not_found")
    reactions = message.body.setdefault("reactions", [])
    if any(r["name"] == name and world.bot.id in r["users"] for r in reactions):
        raise SlackError("already_reacted")
    reactions.append({"name": name, "users": [world.bot.id], "count": 1})
    world.touched()
    return {}

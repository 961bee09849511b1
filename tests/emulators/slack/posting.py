"""Putting messages into channels, changing and removing them, and telling the app so."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.emulators.slack.calls import PER_KIND, Arguments
from tests.emulators.slack.limits import MARKDOWN_CHARACTERS, block_problems, too_long_together
from tests.emulators.slack.payloads import bot_message, changed_event, deleted_event, message_event, with_block_ids
from tests.emulators.slack.state import Channel, Json, Message, SlackError, Workspace

MOST_TEXT = 40_000
MOST_EDITED_TEXT = 4_000
"""docs.slack.dev/reference/methods/chat.update, msg_too_long."""
METADATA_BYTES = 16_384


def content(arguments: Arguments, most: int = MOST_TEXT) -> Json:
    """The text, blocks and attachments of a call.

    Raises:
        SlackError: `no_text`, `msg_too_long`, `invalid_blocks`, `invalid_blocks_format`, `invalid_attachments` or
            `markdown_text_conflict`.
    """
    text, markdown = arguments.text("text"), arguments.text("markdown_text")
    blocks = arguments.value("blocks", "invalid_blocks_format")
    attachments = arguments.value("attachments", "invalid_attachments")
    if markdown and (text or blocks):
        raise SlackError("markdown_text_conflict")
    if len(text) > most or len(markdown) > MARKDOWN_CHARACTERS:
        raise SlackError("msg_too_long")
    if not (text or markdown or blocks or attachments):
        raise SlackError("no_text")
    _check(blocks, attachments)
    return {"text": text or markdown, "blocks": blocks, "attachments": attachments}


def _check(blocks: Any, attachments: Any) -> None:
    if blocks is not None and not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    found = block_problems(blocks or [], "message")
    if found:
        raise SlackError("invalid_blocks", found)
    if attachments is None:
        return
    if not isinstance(attachments, list) or not all(isinstance(each, dict) for each in attachments):
        raise SlackError("invalid_attachments")
    if len(attachments) > 100:
        raise SlackError("too_many_attachments")
    for index, attachment in enumerate(attachments):
        found = block_problems(attachment.get("blocks", []), "message", f"/attachments/{index}/blocks")
        if found:
            raise SlackError("invalid_attachments", found)


def chat_content(arguments: Arguments, most: int = MOST_TEXT) -> Json:
    """The same for chat.*, where all blocks are measured together as well.

    Raises:
        SlackError: `msg_blocks_too_long`, and all that `content` is refused for.
    """
    given = content(arguments, most)
    if too_long_together(given["blocks"] or []):
        raise SlackError("msg_blocks_too_long")
    return given


def metadata(arguments: Arguments) -> Json | None:
    """The metadata of a call.

    Raises:
        SlackError: `invalid_metadata_format` or `metadata_too_large`.
    """
    given = arguments.value("metadata", "invalid_metadata_format")
    if given is None:
        return None
    if not isinstance(given, dict) or not isinstance(given.get("event_type"), str):
        raise SlackError("invalid_metadata_format")
    if not isinstance(given.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    if len(json.dumps(given)) > METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return given


def open_to_bot(world: Workspace, arguments: Arguments, name: str = "channel") -> Channel:
    """The channel of a call that wants to write there.

    Raises:
        SlackError: `channel_not_found`, `not_in_channel`, `is_archived`.
    """
    channel = world.channel_of(arguments.text(name))
    if world.bot.id not in channel.members:
        if channel.private:
            raise SlackError("channel_not_found")
        if "chat:write.public" not in arguments.scopes:
            raise SlackError("not_in_channel")
    if channel.archived:
        raise SlackError("is_archived")
    return channel


def compose(world: Workspace, given: Json, thread_ts: str | None) -> Json:
    """A new message of the bot from checked content."""
    body = bot_message(world, world.new_ts(), given["text"], given["blocks"], thread_ts)
    return body | ({"attachments": given["attachments"]} if given.get("attachments") else {})


def post(world: Workspace, channel: Channel, message: Message) -> Message:
    """Show a new message, keep its thread's count, and tell the app.

    Raises:
        SlackError: `cannot_reply_to_message` when its thread does not exist.
    """
    if message.thread_ts and message.only_for is None:
        _join_thread(channel, message)
    channel.messages.append(message)
    pane = world.assistant_threads.get((channel.id, message.thread_ts or ""))
    if pane and message.user == world.bot.id:
        pane.status = ""  # an answer ends what the assistant was doing
    if message.only_for is None:
        world.emit(f"message.{PER_KIND[channel.kind]}", message_event(channel, message), channel.id)
    world.touched()
    return message


def _join_thread(channel: Channel, message: Message) -> None:
    root = channel.find(message.thread_ts or "")
    if root is None or not re.fullmatch(r"\d+\.\d{6}", message.thread_ts or ""):
        raise SlackError("cannot_reply_to_message")
    message.body["parent_user_id"] = root.user
    users = root.body.get("reply_users", [])
    root.body |= {
        "thread_ts": root.ts,
        "reply_count": root.body.get("reply_count", 0) + 1,
        "reply_users": [*users, *([] if message.user in users else [message.user])],
        "latest_reply": message.ts,
        "is_locked": False,
    }


def edit(world: Workspace, channel: Channel, message: Message, given: Json, *, keep: bool) -> None:
    """Change a message in place.

    With `keep`, as chat.update does it, blocks and attachments that are not given stay and empty ones go
    (docs.slack.dev/reference/methods/chat.update); without, as replace_original does it, they go either way.
    """
    before = dict(message.body)
    message.body["text"] = given["text"]
    for part in ("blocks", "attachments"):
        if given.get(part):
            message.body[part] = with_block_ids(given[part]) if part == "blocks" else given[part]
        elif given.get(part) == [] or not keep:
            message.body.pop(part, None)
    message.body["edited"] = {"user": world.bot.id, "ts": world.new_ts()}
    if message.only_for is None:
        world.emit(f"message.{PER_KIND[channel.kind]}", changed_event(world, channel, message, before), channel.id)
    world.touched()


def remove(world: Workspace, channel: Channel, message: Message) -> None:
    """Take a message away."""
    channel.messages.remove(message)
    if message.only_for is None:
        world.emit(f"message.{PER_KIND[channel.kind]}", deleted_event(world, channel, message), channel.id)
    world.touched()

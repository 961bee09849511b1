"""What an app may say to a response_url: five times within thirty minutes.

Source: docs.slack.dev/interactivity/handling-user-interaction#message_responses.
"""

from __future__ import annotations

from tests.emulators.slack.calls import Arguments
from tests.emulators.slack.posting import compose, content, edit, post, remove
from tests.emulators.slack.state import Channel, Json, Message, ResponseUrl, SlackError, Workspace


def respond(world: Workspace, key: str, arguments: Arguments) -> Json:
    """Post, replace or delete a message.

    Raises:
        SlackError: `invalid_url`, `expired_url`, `used_url`, and what content is refused for.
    """
    url = world.response_urls.get(key)
    if url is None:
        raise SlackError("invalid_url")
    if world.clock.monotonic() > url.until:
        raise SlackError("expired_url")
    if url.left < 1:
        raise SlackError("used_url")
    channel = world.channels[url.channel]
    _respond(world, url, channel, arguments)
    url.left -= 1
    return {"ok": True}


def _respond(world: Workspace, url: ResponseUrl, channel: Channel, arguments: Arguments) -> None:
    original = url.original if url.original in channel.messages else None
    if arguments.flag("delete_original"):
        if original is None:
            raise SlackError("message_not_found")
        remove(world, channel, original)
        return
    given = content(arguments)
    if arguments.flag("replace_original") and original is not None:
        edit(world, channel, original, given, keep=False)
        return
    say_from_app(world, url, channel, arguments, given)


def say_from_app(world: Workspace, url: ResponseUrl, channel: Channel, arguments: Arguments, given: Json) -> Message:
    """A new message in answer to an interaction: only for the person unless `response_type` is in_channel.

    Raises:
        SlackError: `invalid_response_type`.
    """
    kind = arguments.text("response_type", "ephemeral")
    if kind not in {"ephemeral", "in_channel"}:
        raise SlackError("invalid_response_type")
    body = compose(world, given, arguments.text("thread_ts") or None)
    only_for = url.user if kind == "ephemeral" else None
    if only_for:
        body["is_ephemeral"] = True
    return post(world, channel, Message(channel.id, body, None, only_for))

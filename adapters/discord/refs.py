"""Discord's ids as the core's references, and back."""

from __future__ import annotations

from bot.errors import PermanentError
from bot.messages import ChannelRef, MessageRef, UserRef

PLATFORM = "discord"


def user_ref(guild: int | str, user: int | str) -> UserRef:
    """Return the reference of somebody in a server."""
    return UserRef(PLATFORM, str(guild), str(user))


def channel_ref(guild: int | str, channel: int | str) -> ChannelRef:
    """Return the reference of a channel, thread or direct message."""
    return ChannelRef(PLATFORM, str(guild), str(channel))


def message_ref(guild: int | str, channel: int | str, message: int | str) -> MessageRef:
    """Return the reference of a message."""
    return MessageRef(PLATFORM, str(guild), str(channel), str(message))


def snowflake(text: str) -> int:
    """Return an id as Discord's libraries take it. Raises PermanentError for what is none."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 20):
        msg = f"{text!r} is no id of Discord's"
        raise PermanentError(msg)
    return int(text)

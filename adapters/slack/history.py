"""Looking for what was sent, by the key in its metadata (docs.slack.dev/messaging/message-metadata)."""

from __future__ import annotations

import time

from adapters.slack.api import Json, SlackApi

EVENT = "connections_message"
LOOK_BACK = 7 * 24 * 3600
"""Seconds: nothing stays in doubt for longer than it is useful."""
PAGE = 200


async def find(api: SlackApi, channel: str, thread: str | None, key: str) -> str | None:
    """Return the ts of the first message with this key; None when there is none. Raises a DeliveryError."""
    method = "conversations.replies" if thread else "conversations.history"
    oldest, cursor, found = f"{time.time() - LOOK_BACK:.6f}", "", []
    while True:
        page = await api.call(
            method,
            channel=channel,
            ts=thread,
            oldest=oldest,
            limit=PAGE,
            include_all_metadata=True,
            cursor=cursor or None,
        )
        found += [str(each["ts"]) for each in page["messages"] if _key(each) == key]
        cursor = str(page.get("response_metadata", {}).get("next_cursor") or "")
        if not cursor:
            return min(found, default=None)


def _key(message: Json) -> str | None:
    metadata = message.get("metadata") or {}
    key: str | None = metadata.get("event_payload", {}).get("key") if metadata.get("event_type") == EVENT else None
    return key

"""Channels that the assistant opens, and lets people into."""

from __future__ import annotations

import unicodedata

from adapters.slack.api import Json, SlackApi
from adapters.slack.errors import SlackRefusalError
from adapters.slack.markup import shorten
from bot.errors import PermanentError
from bot.platforms import ChannelPlan

MOST_NAME = 80
MOST_TOPIC = 250


def channel_name(name: str) -> str:
    """Return a name by Slack's rules: lower case, letters, digits, hyphens and underscores, at most 80 of them."""
    folded = unicodedata.normalize("NFC", name).lower()
    kept = "".join(c if c.isalnum() or c in "-_" else "-" for c in folded)
    return "-".join(part for part in kept.split("-") if part)[:MOST_NAME].strip("-") or "channel"


async def arrange(api: SlackApi, plan: ChannelPlan) -> str:
    """Let there be a channel of that name and topic; return its id. Raises a DeliveryError."""
    name = channel_name(plan.name)
    try:
        channel = (await api.call("conversations.create", name=name))["channel"]
    except SlackRefusalError as refusal:
        if refusal.code != "name_taken":
            raise
        channel = await _existing(api, name)
    topic = shorten(plan.topic, MOST_TOPIC)
    if topic and channel.get("topic", {}).get("value") != topic:
        await api.call("conversations.setTopic", channel=str(channel["id"]), topic=topic)
    return str(channel["id"])


async def _existing(api: SlackApi, name: str) -> Json:
    cursor = ""
    while True:
        page = await api.call("conversations.list", limit=200, types="public_channel", cursor=cursor or None)
        for channel in page["channels"]:
            if channel["name"] == name:
                return await _entered(api, channel)
        cursor = str(page.get("response_metadata", {}).get("next_cursor") or "")
        if not cursor:
            msg = f"the name {name!r} is taken on Slack, by a private channel or a person's; choose another"
            raise PermanentError(msg)


async def _entered(api: SlackApi, channel: Json) -> Json:
    if channel.get("is_archived"):
        msg = f"the channel #{channel['name']} is archived; unarchive it on Slack, or choose another name"
        raise PermanentError(msg)
    if not channel.get("is_member"):
        await api.call("conversations.join", channel=str(channel["id"]))
    return channel


async def invite(api: SlackApi, channel: str, user: str) -> None:
    """Let someone into a channel; does nothing if they are in it. Raises a DeliveryError."""
    try:
        await api.call("conversations.invite", channel=channel, users=user)
    except SlackRefusalError as refusal:
        if refusal.code != "already_in_channel":
            raise

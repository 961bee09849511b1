"""What Slack says, in its own shapes: messages, users, channels, events, interactions.

Source: docs.slack.dev/reference (objects, events, interaction-payloads, slash commands).
"""

from __future__ import annotations

import secrets
import zoneinfo
from datetime import UTC, datetime
from typing import Any

from tests.emulators.slack.state import Channel, Json, Message, User, Workspace

VERIFICATION_TOKEN = "emulated-verification-token"


def user_json(world: Workspace, user: User, *, include_locale: bool = False) -> Json:
    """A user as users.info shows it."""
    zone = zoneinfo.ZoneInfo(user.tz)
    now = datetime.fromtimestamp(world.clock.now(), UTC).astimezone(zone)
    offset = now.utcoffset()
    name = user.real_name or user.name
    profile: Json = {
        "real_name": name,
        "real_name_normalized": name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "status_text": "",
        "status_emoji": "",
        "team": world.team_id,
    }
    if user.bot:
        profile |= {"api_app_id": world.app_id, "bot_id": world.bot_id, "always_active": True}
    return {
        "id": user.id,
        "team_id": world.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "real_name": name,
        "tz": user.tz,
        "tz_label": now.tzname() or user.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": profile,
        "is_admin": user.admin,
        "is_owner": user.owner,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": user.bot,
        "is_app_user": False,
        "updated": 1_700_000_000,
        **({"locale": user.locale} if include_locale else {}),
    }


def channel_json(world: Workspace, channel: Channel) -> Json:
    """A conversation as conversations.info shows it to the bot."""
    shown: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.archived,
        "is_im": channel.kind == "im",
        "is_org_shared": False,
        "context_team_id": world.team_id,
        "updated": channel.created * 1000,
    }
    if channel.kind == "im":
        other = next((m for m in channel.members if m != world.bot.id), world.bot.id)
        return {**shown, "user": other, "is_user_deleted": world.users[other].deleted, "is_open": True}
    note = {"creator": world.bot.id, "last_set": channel.created}
    return {
        **shown,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.private,
        "is_general": False,
        "is_shared": False,
        "is_ext_shared": False,
        "is_member": world.bot.id in channel.members,
        "creator": world.bot.id,
        "unlinked": 0,
        "shared_team_ids": [world.team_id],
        "pending_shared": [],
        "topic": {"value": channel.topic, **note},
        "purpose": {"value": channel.purpose, **note},
        "previous_names": [],
    }


def bot_message(world: Workspace, ts: str, text: str, blocks: list[Json] | None, thread_ts: str | None) -> Json:
    """A message of the bot, as history shows it."""
    body: Json = {
        "user": world.bot.id,
        "type": "message",
        "ts": ts,
        "bot_id": world.bot_id,
        "app_id": world.app_id,
        "text": text,
        "team": world.team_id,
        "bot_profile": {
            "id": world.bot_id,
            "app_id": world.app_id,
            "user_id": world.bot.id,
            "name": world.bot.name,
            "deleted": False,
            "updated": 1_700_000_000,
            "team_id": world.team_id,
        },
    }
    if blocks:
        body["blocks"] = with_block_ids(blocks)
    return body | ({"thread_ts": thread_ts} if thread_ts else {})


def user_message(world: Workspace, user: str, ts: str, text: str, thread_ts: str | None) -> Json:
    """A message of a person, as history shows it."""
    part = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    body: Json = {
        "user": user,
        "type": "message",
        "ts": ts,
        "client_msg_id": secrets.token_hex(16),
        "text": text,
        "team": world.team_id,
        "blocks": with_block_ids([{"type": "rich_text", "elements": [part]}]),
    }
    return body | ({"thread_ts": thread_ts} if thread_ts else {})


def with_block_ids(blocks: list[Json]) -> list[Json]:
    """The blocks as Slack keeps them: each block has a block_id, each interactive element an action_id."""
    return [_named(block) for block in blocks]


_BARE = {"image", "mrkdwn", "plain_text", "rich_text_section", "rich_text_list", "rich_text_quote"}


def _named(block: Json) -> Json:
    kept = {"block_id": _short(), **block}
    for place in ("element", "accessory"):
        if isinstance(kept.get(place), dict) and kept[place]["type"] not in _BARE:
            kept[place] = {"action_id": _short(), **kept[place]}
    if kept["type"] == "actions":
        kept["elements"] = [{"action_id": _short(), **element} for element in kept["elements"]]
    return kept


def _short() -> str:
    return secrets.token_urlsafe(4)


def message_event(channel: Channel, message: Message) -> Json:
    """The `message` event for a new message."""
    event = {**message.body, "channel": channel.id, "event_ts": message.ts, "channel_type": channel.kind}
    return {key: value for key, value in event.items() if key != "metadata"}


def changed_event(world: Workspace, channel: Channel, message: Message, before: Json) -> Json:
    """The `message` event for an edited message."""
    ts = world.new_ts()
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": message.body,
        "previous_message": before,
        "channel": channel.id,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel.kind,
    }


def deleted_event(world: Workspace, channel: Channel, before: Message) -> Json:
    """The `message` event for a deleted message."""
    ts = world.new_ts()
    return {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": before.body,
        "channel": channel.id,
        "hidden": True,
        "deleted_ts": before.ts,
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel.kind,
    }


def event_callback(world: Workspace, event: Json) -> Json:
    """The outer envelope of every event."""
    authorization: Json = {
        "enterprise_id": None,
        "team_id": world.team_id,
        "user_id": world.bot.id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": world.team_id,
        "context_team_id": world.team_id,
        "context_enterprise_id": None,
        "api_app_id": world.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": world.new_id("Ev"),
        "event_time": int(world.clock.now()),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
        "event_context": f"4-{secrets.token_urlsafe(24)}",
    }


def slash_command(world: Workspace, user: User, channel: Channel, command: str, text: str) -> Json:
    """What a slash command sends."""
    names = {"im": "directmessage", "group": "privategroup"}
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": world.team_id,
        "team_domain": world.domain,
        "channel_id": channel.id,
        "channel_name": names.get(channel.kind, channel.name),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": world.app_id,
        "is_enterprise_install": "false",
        "response_url": world.new_response_url(user.id, channel.id, "commands"),
        "trigger_id": world.new_trigger(user.id),
    }


def interaction(world: Workspace, kind: str, user: User, **fields: Any) -> Json:
    """What every interaction has in common, and its own fields."""
    return {
        "type": kind,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": world.team_id},
        "api_app_id": world.app_id,
        "token": VERIFICATION_TOKEN,
        "team": {"id": world.team_id, "domain": world.domain},
        "enterprise": None,
        "is_enterprise_install": False,
        **fields,
    }


def shortcut(world: Workspace, kind: str, user: User, callback_id: str) -> Json:
    """What a global or message shortcut has in common: Slack gives these fewer fields than a block action."""
    return {
        "type": kind,
        "token": VERIFICATION_TOKEN,
        "action_ts": world.new_ts(),
        "team": {"id": world.team_id, "domain": world.domain},
        "user": {"id": user.id, "username": user.name, "team_id": world.team_id},
        "is_enterprise_install": False,
        "enterprise": None,
        "callback_id": callback_id,
        "trigger_id": world.new_trigger(user.id),
    }

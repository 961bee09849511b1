"""The app's manifest, made from the commands: pasted into Slack, it makes the app.

Source: docs.slack.dev/reference/app-manifest.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from adapters.slack.api import Json
from adapters.slack.markup import shorten
from bot.commands import CommandSpec

COMMAND = "/connections"
MOST_SHORTCUTS = 5
"""Slack shows five global shortcuts of an app, and five of messages (docs.slack.dev/interactivity/shortcuts)."""
MOST_SHORTCUT_NAME = 24
MOST_DESCRIPTION = 140

SCOPES: dict[str, str] = {
    "app_mentions:read": "hear when somebody mentions the assistant",
    "assistant:write": "suggest what to ask, and show that an answer is being prepared, in the assistant's pane",
    "channels:history": "hear what is written in the public channels it is in, and look for its own messages before "
    "sending one again",
    "channels:join": "enter a public channel that it is asked to write in",
    "channels:manage": "open channels for languages, set their topics, and let members in",
    "channels:read": "find a channel that is there already by its name",
    "chat:write": "answer, remind and announce",
    "commands": "offer the slash command and the shortcuts",
    "files:write": "hand members their own data as a file",
    "groups:history": "the same as channels:history, in private channels it was invited to",
    "groups:write": "let members into private channels it was invited to",
    "im:history": "hear what members write to it directly",
    "im:write": "write to a member first: reminders, answers that came later",
    "users:read": "know names, time zones and languages, and who administers the workspace",
}
"""Every permission the app asks for, and what it is for; nothing else is asked for."""

EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "assistant_thread_context_changed",
    "assistant_thread_started",
    "message.channels",
    "message.groups",
    "message.im",
    "team_join",
    "tokens_revoked",
)


def manifest(specs: Iterable[CommandSpec], mode: Literal["socket", "http"] = "socket", request_url: str = "") -> Json:
    """Return the manifest; the same commands give the same manifest.

    ``request_url`` is the public address of ``/slack/events``, for ``http`` alone.
    """
    commands = tuple(specs)
    there = {"url": request_url} if mode == "http" else {}
    asked = {"request_url": request_url} if mode == "http" else {}
    menus = {"message_menu_options_url": request_url} if mode == "http" else {}
    return {
        "display_information": {
            "name": "Connections",
            "description": "A community assistant across languages and time zones",
            "background_color": "#1b4965",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Connections", "always_online": True},
            "assistant_view": {"assistant_description": "Ask about meetings, resources, languages and people."},
            "shortcuts": [*_shortcuts(commands, "global"), *_shortcuts(commands, "message")],
            "slash_commands": [
                {
                    "command": COMMAND,
                    "description": "Ask, meet, find your language",
                    "usage_hint": shorten(" | ".join(spec.words for spec in commands if spec.words), MOST_DESCRIPTION),
                    "should_escape": False,
                    **there,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted(SCOPES)}},
        "settings": {
            "event_subscriptions": {**asked, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **asked, **menus},
            "org_deploy_enabled": False,
            "socket_mode_enabled": mode == "socket",
            "token_rotation_enabled": False,
        },
    }


def _shortcuts(specs: tuple[CommandSpec, ...], kind: Literal["global", "message"]) -> list[Json]:
    offered = [spec for spec in specs if (spec.shortcut if kind == "global" else spec.on_message)]
    return [
        {
            "name": shorten(spec.title, MOST_SHORTCUT_NAME),
            "type": kind,
            "callback_id": spec.name,
            "description": shorten(spec.summary or spec.title, MOST_DESCRIPTION),
        }
        for spec in offered[:MOST_SHORTCUTS]
    ]

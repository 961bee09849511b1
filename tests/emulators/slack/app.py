"""What the emulated Slack knows of the app: its scopes, events, commands and shortcuts, as its manifest says them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

EVENT_SCOPES: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "assistant_thread_context_changed": ("assistant:write",),
    "assistant_thread_started": ("assistant:write",),
    "channel_archive": ("channels:read",),
    "channel_deleted": ("channels:read",),
    "channel_left": ("channels:read",),
    "group_archive": ("groups:read",),
    "group_deleted": ("groups:read",),
    "group_left": ("groups:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "reaction_added": ("reactions:read",),
    "team_join": ("users:read",),
    "tokens_revoked": (),
    "user_change": ("users:read",),
}
"""Each event and the scopes of which it needs one (docs.slack.dev/reference/events)."""

EVERY_SCOPE = frozenset(
    {
        *("app_mentions:read", "assistant:write", "commands", "team:read", "users:read", "users:read.email"),
        *("channels:history", "channels:join", "channels:manage", "channels:read"),
        *("chat:write", "chat:write.customize", "chat:write.public"),
        *("files:read", "files:write", "reactions:read", "reactions:write"),
        *("groups:history", "groups:read", "groups:write"),
        *("im:history", "im:read", "im:write", "mpim:history", "mpim:read", "mpim:write"),
    }
)


@dataclass
class App:
    """What the app was granted; by default all that the emulator knows, with any command and shortcut."""

    scopes: set[str] = field(default_factory=lambda: set(EVERY_SCOPE))
    events: set[str] = field(default_factory=lambda: set(EVENT_SCOPES))
    commands: set[str] | None = None
    shortcuts: set[tuple[str, str]] | None = None  # ("global" or "message", callback_id)

    @classmethod
    def from_manifest(cls, manifest: dict[str, Any]) -> App:
        """What an app manifest asks for, granted.

        Raises:
            ValueError: for an event or scope that the emulator does not know.
        """
        features, settings = manifest.get("features", {}), manifest.get("settings", {})
        scopes = set(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", []))
        events = set(settings.get("event_subscriptions", {}).get("bot_events", []))
        unknown = (events - set(EVENT_SCOPES)) | (scopes - EVERY_SCOPE)
        if unknown:
            raise ValueError(f"not emulated: {', '.join(sorted(unknown))}")
        return cls(
            scopes,
            events,
            {command["command"] for command in features.get("slash_commands", [])},
            {(shortcut["type"], shortcut["callback_id"]) for shortcut in features.get("shortcuts", [])},
        )

    def is_told(self, event: str) -> bool:
        """Whether the app subscribed to an event and may have it."""
        scopes = EVENT_SCOPES[event]
        return event in self.events and (not scopes or bool(self.scopes.intersection(scopes)))

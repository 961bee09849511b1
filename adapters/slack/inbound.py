"""Slack's payloads as what happened (docs.slack.dev/reference/events, /reference/interaction-payloads)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from adapters.slack.api import Json
from adapters.slack.forms import answers
from adapters.slack.reading import addressed_to, plain_words, read_command
from adapters.slack.settings import PLATFORM
from adapters.slack.triggers import Trigger
from bot.commands import CommandSpec
from bot.inbound import Event, Joined, Opened, Pressed, Ran, Said, Submitted
from bot.messages import MessageRef

TOLD = frozenset({None, "file_share", "thread_broadcast", "me_message"})
"""The subtypes of messages that somebody wrote; all others tell of edits, joins and the like."""


@dataclass(slots=True)
class Happening:
    """What happened, before Slack was asked who it was.

    ``channel`` is empty for what happened in no channel; it belongs to the direct line then. ``direct`` is None when
    only the direct line's own channel can tell. ``message`` is the one whose menu was used.
    """

    id: str
    user: str
    event: Event
    trigger: Trigger
    name: str = ""
    channel: str = ""
    direct: bool | None = None
    thread: str | None = None
    home: bool = False
    message: Json | None = None
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads payloads for the app as it is known in one workspace."""

    team: str
    bot: str
    specs: tuple[CommandSpec, ...]

    def event(self, body: Json) -> Happening | None:
        """Read an event; None for one that means nothing here."""
        event = body.get("event", {})
        match event.get("type"):
            case "message" | "app_mention":
                return self._said(event)
            case "team_join":
                user = event["user"]
                told = Happening(self._id(body["event_id"]), user["id"], Joined(), _nothing(user["id"]))
                return None if user.get("is_bot") else told
            case "app_home_opened" if event.get("tab") == "home":
                user = event["user"]
                return Happening(self._id(body["event_id"]), user, Opened(), _nothing(user), home=True)
        return None

    def _said(self, event: Json) -> Happening | None:
        user, channel, ts = event.get("user", ""), event["channel"], event["ts"]
        own = not user or user == self.bot or event.get("bot_id")
        if own or event.get("subtype") not in TOLD or event.get("edited") or event.get("hidden"):
            return None
        text, called = addressed_to(str(event.get("text", "")), self.bot)
        if not plain_words(text) and not called:
            return None
        direct = event.get("channel_type") == "im"
        said = Said(plain_words(text), MessageRef(PLATFORM, self.team, channel, ts), addressed=direct or called)
        # A mention comes twice, as a message and as a mention: the same id makes it one event.
        told = Happening(self._id(f"{self.team}:{channel}:{ts}"), user, said, _nothing(user))
        told.channel, told.direct, told.thread = channel, direct, event.get("thread_ts")
        told.at = datetime.fromtimestamp(float(ts), UTC)
        return told

    def command(self, body: Json) -> Happening:
        """Read a slash command."""
        told = self._asked(body, read_command(body.get("text", ""), self.specs), body["user_id"])
        told.name, told.channel = body.get("user_name", ""), body["channel_id"]
        return told

    def action(self, body: Json) -> Happening:
        """Read the press of a button, or a choice."""
        action, container = body["actions"][0], body.get("container", {})
        ts, channel = container.get("message_ts"), body.get("channel", {}).get("id", "")
        message = MessageRef(PLATFORM, self.team, channel, ts) if ts else None
        chosen = action.get("selected_option") or {}
        told = self._asked(body, Pressed(action["action_id"], message, chosen.get("value")), body["user"]["id"])
        told.channel, told.thread = channel, container.get("thread_ts")
        told.home = body.get("view", {}).get("type") == "home"
        if container.get("is_ephemeral"):
            told.trigger.ephemeral = str(ts)
        return told

    def shortcut(self, body: Json) -> Happening:
        """Read a shortcut, from anywhere or from a message's menu."""
        spec = next((spec for spec in self.specs if spec.name == body["callback_id"]), None)
        told = self._asked(body, Ran((spec and spec.words) or body["callback_id"]), body["user"]["id"])
        told.channel, told.message = body.get("channel", {}).get("id", ""), body.get("message")
        told.thread = (told.message or {}).get("thread_ts")
        return told

    def submission(self, body: Json) -> Happening:
        """Read a submitted form; it belongs where the form was asked for."""
        view = body["view"]
        told = self._asked(body, Submitted(view["callback_id"], answers(view)), body["user"]["id"])
        place = _place(view.get("private_metadata", ""))
        told.channel, told.direct = place.get("channel", ""), place.get("direct")
        told.thread, told.home = place.get("thread"), bool(place.get("home"))
        told.trigger.place["asked"] = place.get("asked", "")
        return told

    def _asked(self, body: Json, event: Event, user: str) -> Happening:
        trigger_id = body.get("trigger_id", "")
        trigger = Trigger({"user": user}, trigger_id, body.get("response_url") or "")
        told = Happening(self._id(trigger_id or body.get("action_ts", "")), user, event, trigger)
        told.name = body.get("user", {}).get("username", "") if isinstance(body.get("user"), dict) else ""
        return told

    def _id(self, own: str) -> str:
        return f"{PLATFORM}:{own}"


def _nothing(user: str) -> Trigger:
    """Return the trigger of an event that allows nothing but an answer."""
    return Trigger({"user": user})


def _place(metadata: str) -> Json:
    try:
        place = json.loads(metadata)
    except ValueError:
        return {}
    return place if isinstance(place, dict) else {}


def menu_args(message: Json, author: str, link: str) -> Iterable[tuple[str, str]]:
    """Return the arguments that a message's menu fills in."""
    return (("text", plain_words(str(message.get("text", "")))), ("link", link), ("author", author))

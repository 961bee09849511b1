"""What the emulated workspace holds: people, channels, messages, views, and the clock that all of them go by."""

from __future__ import annotations

import itertools
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["channel", "group", "im", "mpim"]


class SlackError(Exception):
    """A refusal: `{"ok": false, "error": ...}` with whatever else Slack puts beside it."""

    def __init__(self, error: str, messages: list[str] | None = None, **beside: Any) -> None:
        super().__init__(error)
        self.answer: Json = {"ok": False, "error": error, **beside}
        if messages:
            self.answer |= {"errors": [m.removeprefix("[ERROR] ") for m in messages]}
            self.answer |= {"response_metadata": {"messages": messages}}


class Clock:
    """The real time plus what a test has added to it."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def advance(self, seconds: float) -> None:
        """Let so many seconds pass at once."""
        self.ahead += seconds

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self.ahead

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic() + self.ahead


@dataclass(eq=False)
class User:
    """Someone of the workspace, a person or the bot."""

    id: str
    name: str
    tz: str = "Etc/UTC"
    locale: str = "en-US"
    admin: bool = False
    owner: bool = False
    bot: bool = False
    deleted: bool = False
    real_name: str = ""


@dataclass(eq=False)
class Message:
    """A message as it stands now; `body` is the JSON that history shows."""

    channel: str
    body: Json
    metadata: Json | None = None
    only_for: str | None = None  # an ephemeral message and the one who sees it

    @property
    def ts(self) -> str:
        return str(self.body["ts"])

    @property
    def text(self) -> str:
        return str(self.body.get("text", ""))

    @property
    def blocks(self) -> list[Json]:
        return list(self.body.get("blocks", []))

    @property
    def thread_ts(self) -> str | None:
        return self.body.get("thread_ts")

    @property
    def user(self) -> str:
        return str(self.body.get("user", ""))


@dataclass(eq=False)
class Channel:
    """A channel, private group or direct message."""

    id: str
    name: str
    kind: Kind
    created: int
    members: list[str] = field(default_factory=list)
    topic: str = ""
    purpose: str = ""
    archived: bool = False
    messages: list[Message] = field(default_factory=list)

    @property
    def private(self) -> bool:
        return self.kind != "channel"

    def find(self, ts: str) -> Message | None:
        """A message that everyone here sees."""
        return next((m for m in self.messages if m.ts == ts and m.only_for is None), None)


@dataclass(eq=False)
class View:
    """A modal or Home view, and who looks at it."""

    user: str
    body: Json
    state: Json = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.body["id"])

    @property
    def blocks(self) -> list[Json]:
        return list(self.body["blocks"])


@dataclass
class Trigger:
    """What lets an app open a modal once, within 3 s."""

    user: str
    until: float
    used: bool = False


@dataclass
class ResponseUrl:
    """Where an app may answer an interaction, 5 times within 30 minutes."""

    user: str
    channel: str
    until: float
    original: Message | None = None
    left: int = 5


@dataclass
class AssistantThread:
    """What the assistant's pane shows for one thread."""

    user: str
    channel: str
    thread_ts: str
    status: str = ""
    title: str = ""
    prompts: list[Json] = field(default_factory=list)
    prompts_title: str = ""


@dataclass(frozen=True)
class Failure:
    """Something that Slack showed to a person as gone wrong."""

    user: str
    kind: str
    error: str
    text: str


@dataclass
class Workspace:
    """Everything that Slack would remember; `emit` tells the app of an event, `touched` that something changed."""

    team_id: str
    domain: str
    app_id: str
    bot: User
    bot_id: str
    clock: Clock
    base_url: str = ""
    emit: Callable[[str, Json, str | None], None] = lambda _kind, _event, _channel: None
    touched: Callable[[], None] = lambda: None
    socket_address: Callable[[], str] = str
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    modals: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    assistant_threads: dict[tuple[str, str], AssistantThread] = field(default_factory=dict)
    files: dict[str, Json] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    _serial: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _last_micros: int = 0

    def new_id(self, prefix: str) -> str:
        """An identifier in Slack's manner, such as C0000000012."""
        return f"{prefix}{next(self._serial):010d}"

    def new_ts(self) -> str:
        """The next time stamp; no two are ever alike."""
        self._last_micros = max(self._last_micros + 1, int(self.clock.now() * 1_000_000))
        return f"{self._last_micros // 1_000_000}.{self._last_micros % 1_000_000:06d}"

    def new_trigger(self, user: str) -> str:
        """A trigger_id for someone, good for 3 s."""
        trigger = f"{self.new_id('')}.{self.new_id('')}.{secrets.token_hex(16)}"
        self.triggers[trigger] = Trigger(user, self.clock.monotonic() + 3)
        return trigger

    def new_response_url(self, user: str, channel: str, kind: str, original: Message | None = None) -> str:
        """A response_url for an interaction of someone in a channel."""
        key = secrets.token_urlsafe(18)
        self.response_urls[key] = ResponseUrl(user, channel, self.clock.monotonic() + 1800, original)
        return f"{self.base_url}/{kind}/{self.team_id}/{self.new_id('')}/{key}"

    def channel_of(self, name: str) -> Channel:
        """A channel by its id, by #name, or the direct message with a user whose id it is.

        Raises:
            SlackError: `channel_not_found`.
        """
        if name in self.users:
            return self.dm(name)
        wanted = name.removeprefix("#")
        for channel in self.channels.values():
            if channel.id == name or (channel.name == wanted and not channel.private):
                return channel
        raise SlackError("channel_not_found")

    def dm(self, user: str) -> Channel:
        """The direct message between the bot and someone, opened when there is none."""
        members = sorted([self.bot.id, user])
        found = next((c for c in self.channels.values() if c.kind == "im" and sorted(c.members) == members), None)
        return found or self.add_channel(Channel(self.new_id("D"), "", "im", int(self.clock.now()), members))

    def add_channel(self, channel: Channel) -> Channel:
        """Add a channel as it is given."""
        self.channels[channel.id] = channel
        self.touched()
        return channel

    def ephemeral(self, user: str, ts: str) -> Message | None:
        """An ephemeral message that someone sees."""
        messages = (m for c in self.channels.values() for m in c.messages)
        return next((m for m in messages if m.ts == ts and m.only_for == user), None)

    def view(self, view_id: str) -> View | None:
        """An open modal or a published Home view."""
        views = [*(v for stack in self.modals.values() for v in stack), *self.homes.values()]
        return next((v for v in views if v.id == view_id), None)

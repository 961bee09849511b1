"""What the emulated Discord holds: people, roles, channels, messages, commands, interactions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]

EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15


@dataclass(eq=False)
class User:
    """Someone with an account; `locale` shows in interactions only."""

    id: str
    name: str
    locale: str = "en-US"
    bot: bool = False
    refuses_dms: bool = False

    @property
    def mention(self) -> str:
        """How a message names them."""
        return f"<@{self.id}>"


@dataclass(eq=False)
class Role:
    """A role of the guild; `permissions` are bits."""

    id: str
    name: str
    permissions: int = 0
    position: int = 1
    color: int = 0
    hoist: bool = False
    mentionable: bool = False
    managed: bool = False
    bot_id: str | None = None


@dataclass(eq=False)
class Member:
    """Someone's membership of the guild; `voice` is the voice channel they are in."""

    user_id: str
    joined_at: datetime
    roles: list[str] = field(default_factory=list)
    nick: str | None = None
    voice: str | None = None


@dataclass(eq=False)
class Overwrite:
    """What a channel allows or denies to a role (type 0) or a member (type 1)."""

    id: str
    type: int
    allow: int = 0
    deny: int = 0


@dataclass(frozen=True)
class Upload:
    """A file of a message."""

    id: str
    filename: str
    content: bytes
    url: str
    description: str | None = None


@dataclass(eq=False)
class Message:
    """A message; `only_for` is the one person who sees an ephemeral one."""

    id: str
    channel_id: str
    author: User
    content: str = ""
    timestamp: datetime = field(kw_only=True)
    edited: datetime | None = None
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    uploads: list[Upload] = field(default_factory=list)
    flags: int = 0
    type: int = 0
    nonce: str | None = None
    reference: Json | None = None
    mentions: list[str] = field(default_factory=list)
    mention_roles: list[str] = field(default_factory=list)
    mention_everyone: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)
    pinned: bool = False
    only_for: str | None = None
    interaction: Interaction | None = field(default=None, repr=False)
    thread_id: str | None = None

    @property
    def thinking(self) -> bool:
        """Whether it still shows that the bot is thinking."""
        return bool(self.flags & LOADING)

    @property
    def text(self) -> str:
        """Every word of it: its content, embeds, and the text of its components."""
        parts = [self.content]
        for embed in self.embeds:
            parts += [embed.get("title", ""), embed.get("description", "")]
            parts += [f"{item['name']}\n{item['value']}" for item in embed.get("fields", [])]
            parts.append(embed.get("footer", {}).get("text", ""))
        parts += [item["content"] for item in every_component(self.components) if item["type"] == 10]
        return "\n".join(part for part in parts if part)

    @property
    def buttons(self) -> list[Json]:
        """Its buttons, in order."""
        return [item for item in every_component(self.components) if item["type"] == 2]

    @property
    def selects(self) -> list[Json]:
        """Its select menus, in order."""
        return [item for item in every_component(self.components) if item["type"] in {3, 5, 6, 7, 8}]


@dataclass(eq=False)
class Channel:
    """A channel, thread or direct message; `details` are its further fields as they were set."""

    id: str
    type: int
    name: str | None = None
    parent_id: str | None = None
    position: int = 0
    overwrites: list[Overwrite] = field(default_factory=list)
    details: Json = field(default_factory=dict)
    recipient_id: str | None = None
    messages: list[Message] = field(default_factory=list, repr=False)
    thread_members: list[str] = field(default_factory=list)
    owner_id: str | None = None
    created: datetime | None = None
    archived: bool = False
    locked: bool = False

    @property
    def mention(self) -> str:
        """How a message names it."""
        return f"<#{self.id}>"

    def find(self, message_id: str) -> Message | None:
        """One of its messages."""
        return next((message for message in self.messages if message.id == message_id), None)


@dataclass(eq=False)
class ScheduledEvent:
    """An event of the guild, with its fields as the API has them."""

    id: str
    creator_id: str
    fields: Json
    interested: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its title."""
        return str(self.fields["name"])


@dataclass(eq=False)
class Guild:
    """The one server."""

    id: str
    name: str
    owner_id: str
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    events: dict[str, ScheduledEvent] = field(default_factory=dict)
    features: list[str] = field(default_factory=list)
    preferred_locale: str = "en-US"
    onboarding: Json = field(default_factory=dict)


@dataclass(eq=False)
class Modal:
    """A form that someone has open."""

    custom_id: str
    title: str
    components: list[Json]
    interaction: Interaction

    @property
    def inputs(self) -> dict[str, Json]:
        """What can be filled in, by custom_id."""
        return {item["custom_id"]: item for item in every_component(self.components) if "custom_id" in item}

    @property
    def labels(self) -> dict[str, str]:
        """What each input is called, by custom_id."""
        found = {}
        for item in every_component(self.components):
            if item["type"] == 18 and "custom_id" in item["component"]:
                found[item["component"]["custom_id"]] = item["label"]
            elif item.get("label") and "custom_id" in item:
                found[item["custom_id"]] = item["label"]
        return found


@dataclass(eq=False)
class Interaction:
    """Something that someone did with the bot, and what came of it.

    `answer` is the callback's type once there is one; `reply` the message it made or is about; `choices` what
    autocomplete offered; `failure` what the person was shown when nothing came.
    """

    id: str
    token: str = field(repr=False)
    type: int
    user: User
    channel: Channel
    data: Json
    born: float
    message: Message | None = None
    answer: int | None = None
    reply: Message | None = None
    modal: Modal | None = None
    source: Interaction | None = field(default=None, repr=False)
    choices: list[Json] | None = None
    followups: list[Message] = field(default_factory=list)
    failure: str | None = None
    expired: bool = False

    @property
    def settled(self) -> bool:
        """Whether it was answered, or failed."""
        return self.answer is not None or self.failure is not None


@dataclass(frozen=True)
class Failure:
    """Something that Discord showed to a person as gone wrong."""

    user: str
    text: str
    interaction: Interaction


def every_component(components: list[Json]) -> list[Json]:
    """All components, outer before inner."""
    found = []
    for item in components:
        found.append(item)
        found += every_component(item.get("components", []))
        found += every_component([item[key] for key in ("accessory", "component") if key in item])
    return found

"""What happens on a platform, before any platform: one ``Inbound`` for each event, built by an adapter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.messages import ChannelRef, MessageRef, UserRef


@dataclass(frozen=True, slots=True)
class Profile:
    """What the platform says of someone: a display name, a locale and a zone to guess from, admin or not."""

    name: str
    locale: str | None = None
    zone: str | None = None
    admin: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody wrote a message; ``addressed`` is true in a direct line or when the assistant was mentioned."""

    text: str
    message: MessageRef
    addressed: bool


@dataclass(frozen=True, slots=True)
class Ran:
    """Somebody ran a slash command by the words of its path, with what they typed after it, or a menu's command."""

    command: str
    text: str = ""
    args: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pressed:
    """Somebody pressed a button or chose from a select (then ``value`` is the choice).

    ``message`` is None when it stood on their own page (see Opened).
    """

    action_id: str
    message: MessageRef | None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Submitted:
    """Somebody submitted a form."""

    action_id: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody joined the workspace or server."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Somebody opened the page of their own that the platform keeps for them."""


Event = Said | Ran | Pressed | Submitted | Joined | Opened


@dataclass(frozen=True, slots=True)
class Inbound:
    """One event.

    ``id`` is unique on the platform and the same when the platform tells it again; ``channel`` is where it happened
    (the direct line's own channel when ``direct``), ``thread`` the thread there, if it was in one; ``trigger`` allows a
    form, a private answer or a replacement in answer to it.
    """

    id: str
    at: datetime
    user: UserRef
    profile: Profile
    channel: ChannelRef
    direct: bool
    event: Event
    trigger: str | None = None
    thread: str | None = None

    @property
    def in_public(self) -> bool:
        """Whether somebody said it in a channel, where others have seen it."""
        return isinstance(self.event, Said) and not self.direct

"""Rooms: the channels of the community by purpose and language, and the routes proposed to members."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.messages import ChannelRef

MAKE = "rooms.make"
"""The kind of due work that makes a room's channel."""
QUESTION = "rooms.question"
"""The kind that brings the question for newcomers up to date."""


class Purpose(StrEnum):
    """What a room is for."""

    ANNOUNCEMENTS = "announcements"
    PLENARY = "plenary"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Room:
    """A room: its language (a BCP-47 tag) and its channel on each platform that has it."""

    id: str
    name: str
    purpose: Purpose
    language: str
    channels: tuple[ChannelRef, ...]


class RouteState(StrEnum):
    """What the member said to a proposal."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Route:
    """The proposal of a language's room to a member: made once for each language, the member decides."""

    id: str
    member_id: str
    language: str
    room_id: str
    state: RouteState
    proposed_at: datetime

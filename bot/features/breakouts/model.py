"""Breakouts: the groups of one agenda item, and who sits where, with the reason."""

from __future__ import annotations

from dataclasses import dataclass

THREAD = "breakouts.thread"
"""The kind of due work that makes a group's thread."""
VOICE = "breakouts.voice"
"""The kind that opens a group's voice room, and takes it away."""


@dataclass(frozen=True, slots=True)
class Breakout:
    """A group of one agenda item at one occurrence, in one language, meeting in one room."""

    id: str
    occurrence_id: str
    item_id: str
    position: int
    language: str
    room_id: str


@dataclass(frozen=True, slots=True)
class Placement:
    """A member's seat in a breakout; ``reason`` is a message id, ``rank`` the place of its language among theirs."""

    breakout_id: str
    member_id: str
    reason: str
    rank: int

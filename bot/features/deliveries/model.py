"""Kinds of messages about meetings, and reminder rules: how long before, to whom, until when one is useful."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

REMINDER = "meeting.reminder"
ANNOUNCED = "meeting.announced"
CHANGED = "meeting.changed"
EDITED = "meeting.edited"
EVENT = "meeting.event"
FAILED = "deliveries.failed"
TAKEN = "taken"
"""Why a room could not be opened that only we know of: a channel of its name is another room."""
TOLD = (REMINDER, ANNOUNCED, CHANGED)
"""The kinds after which somebody knows of the meeting."""


class Audience(StrEnum):
    """To whom a rule speaks: the community's rooms, or each member directly."""

    ROOMS = "rooms"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class ReminderRule:
    """A reminder of every occurrence of a meeting.

    ``lead`` is an ISO 8601 duration: ``PT1H`` is elapsed time, ``P1D`` wall-clock time in the meeting's zone.
    ``useful_minutes`` counts from the start (negative: before it); a later reminder is not sent.
    """

    id: str
    meeting_id: str
    audience: Audience
    lead: str
    useful_minutes: int

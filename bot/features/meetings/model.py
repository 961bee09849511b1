"""Meetings: a series or a single event, its agenda, its occurrences, and who comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PlaceAudience(StrEnum):
    """Who may see a meeting's place (join link, room, dial-in)."""

    GOING = "going"
    MEMBERS = "members"


class ItemKind(StrEnum):
    """The kinds of agenda items."""

    PLENARY = "plenary"
    ICEBREAKER = "icebreaker"
    BREAKOUT = "breakout"
    BREAK = "break"


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One item of the agenda: where it stands from the meeting's start, and how long it takes, in minutes."""

    id: str
    meeting_id: str
    position: int
    offset_minutes: int
    minutes: int
    title: str
    kind: ItemKind
    presenters: str = ""
    languages: tuple[str, ...] = ()
    groups: tuple[tuple[str, int], ...] = ()
    """For a breakout: how many groups in each language, ``(("en", 2), ("fr", 1))``."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as its organizer wrote it: a naive wall time with its zone (an IANA name or ``UTC+01:00``)."""

    id: str
    title: str
    starts_local: datetime
    zone: str
    minutes: int
    created_by: str | None
    rrule: str | None = None
    place: str = ""
    place_audience: PlaceAudience = PlaceAudience.GOING
    background: str = ""
    version: int = 1


class OccurrenceState(StrEnum):
    """Whether an occurrence takes place."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a meeting.

    ``nominal_local`` is its naive wall time by the rule, the RECURRENCE-ID of RFC 5545 3.8.4.4, and never changes;
    ``starts_utc`` is computed, with ``tzdata_version``, and moves when the occurrence is moved (``version`` grows).
    """

    id: str
    meeting_id: str
    nominal_local: datetime
    starts_utc: datetime
    ends_utc: datetime
    tzdata_version: str
    state: OccurrenceState = OccurrenceState.SCHEDULED
    version: int = 1


class Answer(StrEnum):
    """What a member says to an invitation."""

    GOING = "going"
    MAYBE = "maybe"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Rsvp:
    """A member's answer to one occurrence."""

    occurrence_id: str
    member_id: str
    answer: Answer
    at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """An organizer's meeting that is not confirmed yet: the pasted text and the choices made since."""

    id: str
    member_id: str
    text: str
    choices: dict[str, str]
    at: datetime

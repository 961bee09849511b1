"""What stands on somebody's own page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.features.meetings.model import Draft, Meeting, Occurrence, Rsvp
from bot.features.members.model import Identity, Member
from bot.features.questions.model import Question


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be delivered: its kind, for whom (empty: a channel), why and when."""

    kind: str
    whom: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Desk:
    """What an organizer finds there besides.

    ``overdue_since`` is when the first of what waits to be sent should have been, if that is longer ago than usual.
    """

    drafts: Sequence[Draft]
    questions: int
    proposals: int
    failed: int
    latest: Sequence[Failure]
    waiting: int
    overdue_since: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page of one member; ``desk`` is None for whoever does not organize."""

    member: Member
    identities: Sequence[Identity]
    meetings: Sequence[tuple[Meeting, Occurrence, Rsvp | None]]
    questions: Sequence[Question]
    reminders: int
    now: datetime
    desk: Desk | None = None

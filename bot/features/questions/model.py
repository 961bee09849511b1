"""Questions that the library could not answer, passed to the organizers at the asker's wish."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Question:
    """An open or answered question; ``language`` is the asker's."""

    id: str
    member_id: str
    text: str
    language: str
    asked_at: datetime
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None

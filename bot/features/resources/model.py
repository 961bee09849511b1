"""Resources: the items of the library, their texts by language, and what members thought of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class ResourceText:
    """Title and description in one language."""

    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Resource:
    """An item of the library; ``language`` is the one of the thing itself, ``texts`` describe it by language."""

    id: str
    url: str
    kind: str
    language: str
    source: str
    region: str
    tags: tuple[str, ...]
    checked_on: date
    texts: Mapping[str, ResourceText] = field(default_factory=dict)

    def text(self, language: str) -> ResourceText:
        """Return the text in ``language``, else in the resource's own language."""
        return self.texts.get(language) or self.texts[self.language]


@dataclass(frozen=True, slots=True)
class Hit:
    """A resource found, with the language of the text that matched, the line that did, and a score from 0 to 1.

    The score is the share of the question's weight (inverse document frequency) that the text holds, so that a
    threshold means the same in a small library and in a large one.
    """

    resource: Resource
    language: str
    snippet: str
    score: float


@dataclass(frozen=True, slots=True)
class Feedback:
    """A member found a resource helpful, or not."""

    resource_id: str
    member_id: str
    helpful: bool
    at: datetime


class ProposalState(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    ADDED = "added"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A resource that a member would like to see in the library; ``member_id`` is empty once they were forgotten."""

    id: str
    member_id: str
    url: str
    title: str
    language: str
    tags: tuple[str, ...]
    description: str
    proposed_at: datetime
    state: ProposalState = ProposalState.OPEN
    settled_by: str | None = None
    settled_at: datetime | None = None

"""What a meeting has that iCalendar has no property for, in properties of our own, so that a round trip keeps it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from icalendar import Component

from bot.features.meetings.model import AgendaItem, ItemKind

DOMAIN = "connections"
"""The right side of the UIDs of meetings that were made here."""
AGENDA = "X-CONNECTIONS-AGENDA"
AUDIENCE = "X-CONNECTIONS-PLACE-FOR"


def agenda_property(items: Sequence[AgendaItem]) -> str:
    """Return an agenda as the value of one property."""
    return json.dumps(
        [
            {
                "offset": item.offset_minutes,
                "minutes": item.minutes,
                "title": item.title,
                "kind": item.kind.value,
                "presenters": item.presenters,
                "languages": list(item.languages),
                "groups": [list(pair) for pair in item.groups],
            }
            for item in items
        ],
        ensure_ascii=False,
    )


def read_agenda_property(event: Component) -> tuple[AgendaItem, ...]:
    """Return the agenda of an event that was exported here; none from anywhere else."""
    try:
        found = json.loads(str(event.get(AGENDA) or "[]"))
        return tuple(_item(position, each) for position, each in enumerate(found))
    except (ValueError, TypeError, KeyError, RecursionError):
        return ()


def _item(position: int, found: dict[str, Any]) -> AgendaItem:
    return AgendaItem(
        id="",
        meeting_id="",
        position=position,
        offset_minutes=int(found["offset"]),
        minutes=int(found["minutes"]),
        title=str(found["title"]),
        kind=ItemKind(found["kind"]),
        presenters=str(found["presenters"]),
        languages=tuple(str(tag) for tag in found["languages"]),
        groups=tuple((str(tag), int(count)) for tag, count in found["groups"]),
    )

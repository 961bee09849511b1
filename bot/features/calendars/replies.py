"""What stands in a platform's own calendar."""

from __future__ import annotations

from collections.abc import Sequence

from bot.features.meetings.model import AgendaItem, Meeting, PlaceAudience
from bot.i18n import _

SHOWN = 12
"""Items of the agenda; Discord keeps a thousand characters of a description."""


def description(items: Sequence[AgendaItem]) -> str:
    """Return the agenda in a few lines, and how to answer."""
    lines = [f"• {item.title[:60]}" for item in items[:SHOWN]]
    return "\n".join((*lines, _("Write “next meeting” to me to say whether you come.")))


def place(meeting: Meeting) -> str:
    """Return where it is, if everybody may know: an event is seen by all."""
    if meeting.place and meeting.place_audience is not PlaceAudience.MEMBERS:
        return _("shown to those who are going")
    return meeting.place

"""The parts that an invitation, a reminder and the list of meetings have in common."""

from __future__ import annotations

import re

from bot.features.meetings.model import Answer, Meeting, Occurrence, Rsvp
from bot.i18n import N_, _, ngettext
from bot.messages import Buttons, Fields, Link, LocalTime, Paragraph, Rich, Span, Strong
from bot.replies import button, paragraph

_ADDRESS = re.compile(r"(https?://[^\s<>\"]*[^\s<>\".,;:!?)\]])")
ANSWERS = {Answer.GOING: N_("going"), Answer.MAYBE: N_("maybe"), Answer.NO: N_("not going")}


def when_and_where(meeting: Meeting, occurrence: Occurrence, *, show_place: bool) -> Fields:
    """Return the reader's own time of the meeting, its length, and its place if they may see it."""
    length = ngettext("{count} minute", "{count} minutes", meeting.minutes).format(count=meeting.minutes)
    pairs: list[tuple[str, Rich]] = [
        (_("When"), (LocalTime(occurrence.starts_utc), f" ({length})")),
    ]
    if meeting.place:
        hidden = _("shown to those who are going")
        pairs.append((_("Where"), place_of(meeting) if show_place else (hidden,)))
    return Fields(tuple(pairs))


def place_of(meeting: Meeting) -> Rich:
    """Return the organizer's words about the place, with the addresses in them to be followed."""
    spans: list[Span] = []
    for index, part in enumerate(_ADDRESS.split(meeting.place)):
        if part:
            spans.append(Link(part, part) if index % 2 else part)
    return tuple(spans)


def rsvp_buttons(occurrence: Occurrence) -> Buttons:
    """Return the three answers to an invitation, and the agenda."""
    return Buttons(
        (
            button(_("I am going"), "meetings.rsvp", primary=True, occurrence=occurrence.id, answer="going"),
            button(_("Maybe"), "meetings.rsvp", occurrence=occurrence.id, answer="maybe"),
            button(_("I cannot come"), "meetings.rsvp", occurrence=occurrence.id, answer="no"),
            button(_("Agenda"), "meetings.agenda", occurrence=occurrence.id),
        )
    )


def rsvp_line(rsvp: Rsvp) -> Paragraph:
    """Say what the member answered."""
    return paragraph(_("Your answer: {answer}"), answer=Strong(_(ANSWERS[rsvp.answer])))

"""What the assistant says about meetings when it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.features.deliveries.cards import ANSWERS, rsvp_buttons, rsvp_line, when_and_where
from bot.features.meetings.model import AgendaItem, Answer, ItemKind, Meeting, Occurrence, PlaceAudience, Rsvp
from bot.i18n import N_, _, join_list, language_name, ngettext
from bot.messages import Block, Button, Buttons, Call, Fields, Heading, Items, LocalTime, Paragraph, Reply, Rich, Strong
from bot.replies import answer, button, note, paragraph

KINDS = {
    ItemKind.PLENARY: N_("plenary"),
    ItemKind.ICEBREAKER: N_("icebreaker"),
    ItemKind.BREAKOUT: N_("breakout groups"),
    ItemKind.BREAK: N_("break"),
}


def upcoming(found: Sequence[tuple[Meeting, Occurrence, Rsvp | None]], *, organizer: bool) -> Reply:
    """Show the next meetings."""
    if not found:
        return answer(
            paragraph(_("No meeting is planned at the moment. You will be told here when there is one.")),
            Buttons((button(_("Schedule a meeting"), "meetings.schedule"),)) if organizer else None,
        )
    blocks: list[Block] = []
    for meeting, occurrence, rsvp in found:
        blocks.append(Heading(meeting.title))
        blocks.append(when_and_where(meeting, occurrence, show_place=organizer or may_see_place(meeting, rsvp)))
        if rsvp:
            blocks.append(rsvp_line(rsvp))
        blocks.append(rsvp_buttons(occurrence))
        if organizer:
            blocks.append(_organizer_buttons(occurrence))
    return answer(*blocks)


def _organizer_buttons(occurrence: Occurrence) -> Buttons:
    version = str(occurrence.version)
    return Buttons(
        (
            button(_("Who is coming?"), "meetings.attendance", occurrence=occurrence.id),
            button(_("Move"), "meetings.move", occurrence=occurrence.id, version=version),
            button(_("Cancel the meeting"), "meetings.cancel", occurrence=occurrence.id, version=version),
        )
    )


def may_see_place(meeting: Meeting, rsvp: Rsvp | None) -> bool:
    """Whether somebody with this answer may see the meeting's place."""
    return meeting.place_audience is PlaceAudience.MEMBERS or (rsvp is not None and rsvp.answer is Answer.GOING)


def run_sheet(meeting: Meeting, occurrence: Occurrence, items: Sequence[AgendaItem]) -> Reply:
    """Show the agenda with each item's hour in the reader's own time."""
    lines: list[Rich] = []
    for item in items:
        start = occurrence.starts_utc + timedelta(minutes=item.offset_minutes)
        end = start + timedelta(minutes=item.minutes)
        lines.append(
            (
                LocalTime(start, "time"),
                "–",
                LocalTime(end, "time"),
                "  ",
                Strong(item.title),
                f" ({describe(item)})",
                f" – {item.presenters}" if item.presenters else "",
            )
        )
    return answer(
        Heading(meeting.title),
        Paragraph((LocalTime(occurrence.starts_utc),)),
        Items(tuple(lines)) if lines else paragraph(_("This meeting has no agenda yet.")),
        Buttons((button(_("My breakout group"), "breakouts.mine", occurrence=occurrence.id),))
        if any(item.groups for item in items)
        else None,
    )


def describe(item: AgendaItem) -> str:
    """Return an item's kind, with its languages: "breakout groups: English (2), French (1)"."""
    if item.groups:
        groups = join_list([f"{language_name(tag)} ({count})" for tag, count in item.groups])
        return _("{kind}: {languages}").format(kind=_(KINDS[item.kind]), languages=groups)
    if item.languages:
        spoken = join_list([language_name(tag) for tag in item.languages])
        return _("{kind}: {languages}").format(kind=_(KINDS[item.kind]), languages=spoken)
    return _(KINDS[item.kind])


def answered(meeting: Meeting, occurrence: Occurrence, rsvp: Rsvp, going: int) -> Reply:
    """Confirm an answer to an invitation; those who are going see the place."""
    texts = {
        Answer.GOING: _("You are going. I will remind you in your own time."),
        Answer.MAYBE: _("Maybe, then. I will remind you, and you can still decide."),
        Answer.NO: _("You are not going. I will not remind you of this meeting."),
    }
    coming = ngettext("{count} person is going.", "{count} people are going.", going).format(count=going)
    return answer(
        Heading(meeting.title),
        paragraph(texts[rsvp.answer]),
        when_and_where(meeting, occurrence, show_place=may_see_place(meeting, rsvp)),
        note(coming),
    )


def attendance(meeting: Meeting, counts: dict[Answer, int], languages: dict[str, int], zones: dict[str, int]) -> Reply:
    """Show an organizer how many are coming, by answer, language and zone."""
    return answer(
        Heading(meeting.title),
        Fields(tuple((_(ANSWERS[kind]), (str(counts.get(kind, 0)),)) for kind in Answer)),
        paragraph(_("Languages of those who are going, by first choice: {list}"), list=_counted(languages)),
        paragraph(_("Their time zones: {list}"), list=_counted(zones)),
    )


def _counted(counts: dict[str, int]) -> str:
    return join_list([f"{name} ({count})" for name, count in sorted(counts.items())]) or "–"


def changed_meanwhile(meeting: Meeting, occurrence: Occurrence, wanted: datetime | None) -> Reply:
    """Show what somebody else made of the meeting meanwhile, beside what this organizer wanted; nothing is done yet."""
    pairs: list[tuple[str, Rich]] = [(_("Now"), (LocalTime(occurrence.starts_utc),))]
    buttons = []
    if wanted is not None:
        pairs.append((_("What you wanted"), (LocalTime(wanted),)))
        version = str(occurrence.version)
        args = {"occurrence": occurrence.id, "version": version, "utc": wanted.isoformat()}
        buttons.append(Button(_("Move it all the same"), Call("meetings.move_to", args)))
    return answer(
        Heading(meeting.title),
        paragraph(_("Somebody changed this meeting meanwhile, so nothing was done.")),
        Fields(tuple(pairs)),
        Buttons((*buttons, button(_("Show the meeting"), "meetings.next"))),
    )


def moved(meeting: Meeting, starts: datetime, told: int) -> Reply:
    """Confirm a move to the organizer."""
    return answer(
        paragraph(_("{title} is moved to {when}."), title=Strong(meeting.title), when=LocalTime(starts)),
        note(_told(told)),
    )


def cancelled(meeting: Meeting, told: int) -> Reply:
    """Confirm a cancellation to the organizer."""
    return answer(paragraph(_("{title} is cancelled."), title=Strong(meeting.title)), note(_told(told)))


def _told(count: int) -> str:
    if not count:
        return _("Nobody had been told yet, so nobody is bothered.")
    return ngettext(
        "{count} recipient is being told.",
        "{count} recipients are being told.",
        count,
    ).format(count=count)

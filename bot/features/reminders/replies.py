"""What is said about reminders that members ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.duework import DueWork
from bot.features.reminders.model import LONGEST, LONGEST_WHEN, Wish
from bot.i18n import _, current_locale, ngettext
from bot.messages import (
    Block,
    Button,
    Buttons,
    Call,
    Form,
    FormField,
    Heading,
    Items,
    Link,
    LocalTime,
    Message,
    Paragraph,
    Quote,
    Reply,
    Rich,
)
from bot.replies import answer, button, message, note, paragraph, shortened
from bot.times.show import format_time
from bot.times.words import Candidate, When
from bot.times.zones import ZoneMatch, zone_label

SHOWN = 8
GLIMPSE = 120
"""Characters of a reminder in the list."""


def form(wish: Wish, member_id: str, zone_hint: str | None) -> Form:
    """Return the form about a reminder; with ``zone_hint``, a guess or nothing, it asks for the zone too."""
    fields = [
        FormField("text", _("What shall I remind you of?"), "long", value=wish.text, max_length=LONGEST),
        FormField(
            "when",
            _("When?"),
            value=wish.when,
            hint=_("For example: tomorrow at 9:00, or in two hours"),
            max_length=LONGEST_WHEN,
        ),
    ]
    if zone_hint is not None:
        zone = FormField(
            "zone",
            _("Your city or time zone"),
            value=zone_hint,
            hint=_("For example: Dakar"),
            max_length=60,
            suggest="zones",
        )
        fields.append(zone)
    call = Call("reminders.set", {"for": member_id, **({"link": wish.link} if wish.link else {})})
    return Form(_("Remind me of this"), call, tuple(fields), _("Save"), current_locale())


def which_zone(found: Sequence[ZoneMatch], kept: Mapping[str, str], now: datetime) -> Reply:
    """Ask which of several places was meant; each button answers the form again."""
    zones = {match.zone: match for match in reversed(found)}
    buttons = tuple(
        Button(f"{match.label} – {format_time(now, zone, 'time')}", Call("reminders.set", {**kept, "zone": zone}))
        for zone, match in reversed(zones.items())
    )
    return answer(paragraph(_("Which of these do you mean? Beside each place stands its hour now.")), Buttons(buttons))


def which_moment(found: When, kept: Mapping[str, str], zone: str) -> Reply:
    """Ask which of several moments was meant, or whether a doubtful one was: each with its own instant."""
    lines = tuple(_reading(candidate) for candidate in found.candidates)
    labels = [format_time(candidate.utc, zone) for candidate in found.candidates]
    buttons = [
        Button(
            label if labels.count(label) == 1 else f"{label} ({_explained(candidate)})",
            Call("reminders.set", {**kept, "utc": candidate.utc.isoformat()}),
        )
        for label, candidate in zip(labels, found.candidates, strict=True)
    ]
    leave = button(_("No, leave it"), "help.leave")
    reason = _(found.reason).format(**found.params) if found.reason else _("Which of these do you mean?")
    return answer(Paragraph((reason,)), Items(lines), Buttons((*buttons, leave)))


def _reading(candidate: Candidate) -> Rich:
    zone = candidate.local.zone
    there = f"{format_time(candidate.utc, zone)} – {zone_label(zone, current_locale(), candidate.utc)}"
    notes = _explained(candidate)
    return (f"{there} · {candidate.utc:%Y-%m-%d %H:%M} UTC", f" · {notes}" if notes else "")


def _explained(candidate: Candidate) -> str:
    return ", ".join(_(note_) for note_ in candidate.explanation)


def is_set(text: str, link: str, due: datetime, zone: str, reminder_id: str, member_id: str) -> Reply:
    """Confirm a reminder: the moment on the reader's clock, and in the zone it was read in."""
    there = f"{format_time(due, zone)} – {zone_label(zone, current_locale(), due)}"
    return answer(
        paragraph(_("I will remind you on {when}."), when=LocalTime(due)),
        *_about(text, link),
        note("{there}", there=there),
        Buttons(
            (
                button(_("Delete"), "reminders.delete", reminder=reminder_id, for_=member_id),
                button(_("My reminders"), "reminders.list"),
            )
        ),
    )


def _about(text: str, link: str) -> list[Block]:
    blocks: list[Block] = [Quote((text,))]
    if link:
        blocks.append(Paragraph((Link(_("Show the message"), link),)))
    return blocks


def reminder(text: str, link: str, due: datetime, reminder_id: str, member_id: str) -> Message:
    """Remind of what was asked for."""
    who = reminder_id, member_id
    return message(
        Heading(_("Your reminder")),
        *_about(text, link),
        note(_("You asked me to remind you on {when}."), when=LocalTime(due)),
        Buttons((_later(_("In an hour"), "hour", *who), _later(_("Tomorrow"), "day", *who), _done(*who))),
    )


def _later(label: str, after: str, reminder_id: str, member_id: str) -> Button:
    return button(label, "reminders.again", after=after, reminder=reminder_id, for_=member_id)


def _done(reminder_id: str, member_id: str) -> Button:
    return button(_("Done"), "reminders.done", reminder=reminder_id, for_=member_id)


def done(text: str) -> Reply:
    """Confirm that it is done, in the place of the reminder."""
    return answer(paragraph(_("Done: {text}"), text=text), replaces=True)


def pending(works: Sequence[DueWork], start: int, member_id: str, *, deleted: bool = False) -> Reply:
    """List what waits, the earliest first, each with a button; ``start`` of them were shown before."""
    first = note(_("The reminder is deleted.")) if deleted else None
    if not works:
        how = note(_("To make one, write for example: remind me tomorrow at 9:00 to call the school."))
        return answer(first, paragraph(_("You have no reminder waiting.")), how, replaces=deleted)
    start = min(start, len(works) - 1)
    heading = ngettext("{count} reminder is waiting", "{count} reminders are waiting", len(works))
    blocks: list[Block | None] = [first, Heading(heading.format(count=len(works)))]
    for work in works[start : start + SHOWN]:
        blocks += _waiting(work, member_id)
    if start + SHOWN < len(works):
        blocks.append(Buttons((button(_("Show the next ones"), "reminders.list", start=str(start + SHOWN)),)))
    return answer(*blocks, replaces=deleted)


def _waiting(work: DueWork, member_id: str) -> list[Block]:
    text, link = shortened(work.payload.get("text", ""), GLIMPSE), work.payload.get("link", "")
    reminder_id = work.subject.partition(":")[2]
    line: Rich = (LocalTime(work.due), ": ", Link(text, link) if link else text)
    return [
        Paragraph(line),
        Buttons((button(_("Delete"), "reminders.delete", reminder=reminder_id, for_=member_id),)),
    ]

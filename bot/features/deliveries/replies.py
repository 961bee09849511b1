"""What is said about a meeting without being asked: announcement, reminder, change."""

from __future__ import annotations

from datetime import datetime, timedelta

from babel.dates import format_timedelta

from bot.duework import Reason
from bot.features.breakouts.model import THREAD, VOICE
from bot.features.deliveries.cards import rsvp_buttons, rsvp_line, when_and_where
from bot.features.deliveries.model import ANNOUNCED, CHANGED, EDITED, EVENT, REMINDER, TAKEN
from bot.features.meetings.model import Meeting, Occurrence, OccurrenceState, PlaceAudience, Rsvp
from bot.features.rooms.model import MAKE
from bot.i18n import N_, _, current_locale
from bot.messages import Buttons, Heading, LocalTime, Message, Paragraph, Strong
from bot.replies import button, message, note, paragraph

MESSAGE = N_("a message")
WHAT = {
    REMINDER: N_("a reminder"),
    ANNOUNCED: N_("the announcement of a meeting"),
    CHANGED: N_("word of a change"),
    EDITED: N_("the correction of an earlier message"),
}
MADE = {
    EVENT: N_("an entry of the platform’s calendar"),
    MAKE: N_("the channel of a room"),
    THREAD: N_("the thread of a breakout group"),
    VOICE: N_("the voice room of a breakout group"),
}
"""What is made on a platform rather than told to somebody."""
UNCLEAR = N_("an error on our side")
WHY: dict[str, str] = {
    Reason.REFUSED: N_("the platform refuses it"),
    Reason.EXHAUSTED: N_("it was tried again and again in vain"),
    Reason.GONE: N_("where it should go no longer exists"),
    TAKEN: N_("a channel of that name is another room already"),
    Reason.UNKNOWN_OUTCOME: N_("it cannot be known whether it arrived"),
}


def for_all(meeting: Meeting) -> bool:
    """Whether every member may see the meeting's place."""
    return meeting.place_audience is PlaceAudience.MEMBERS


def announcement(meeting: Meeting, occurrence: Occurrence, *, show_place: bool) -> Message:
    """Announce a meeting."""
    return message(
        Heading(_("New meeting: {title}").format(title=meeting.title)),
        when_and_where(meeting, occurrence, show_place=show_place),
        rsvp_buttons(occurrence),
    )


def reminder(
    meeting: Meeting,
    occurrence: Occurrence,
    now: datetime,
    *,
    show_place: bool,
    rsvp: Rsvp | None = None,
    direct: bool = False,
) -> Message:
    """Remind of a meeting, saying how long it is until then as of now."""
    why = (
        _("You get this because you are a member here. Write “stop reminders” to get none directly.")
        if direct
        else _("Reminders come here for everybody; each of you sees your own time.")
    )
    return message(
        Heading(_("Reminder: {title}").format(title=meeting.title)),
        Paragraph((_until(occurrence.starts_utc - now),)),
        when_and_where(meeting, occurrence, show_place=show_place),
        rsvp_line(rsvp) if rsvp else None,
        rsvp_buttons(occurrence),
        note(why),
    )


def _until(left: timedelta) -> str:
    if left <= timedelta(0):
        return _("The meeting has begun.")
    left = timedelta(minutes=max(1, round(left / timedelta(minutes=1))))
    whole = not left % (timedelta(days=1) if left > timedelta(days=1) else timedelta(hours=1))
    words = format_timedelta(
        left,
        add_direction=True,
        locale=current_locale(),
        threshold=1 if whole else 2,
        granularity="minute",
    )
    return _("The meeting starts {in_how_long}.").format(in_how_long=words)


def changed(meeting: Meeting, occurrence: Occurrence) -> Message:
    """Tell those who knew the old time."""
    if occurrence.state is OccurrenceState.CANCELLED:
        return message(
            Heading(_("Cancelled: {title}").format(title=meeting.title)),
            paragraph(_("The meeting planned for {when} does not take place."), when=LocalTime(occurrence.starts_utc)),
        )
    return message(
        Heading(_("New time: {title}").format(title=meeting.title)),
        paragraph(_("The meeting now starts on {when}."), when=LocalTime(occurrence.starts_utc)),
        rsvp_buttons(occurrence),
    )


def corrected(meeting: Meeting, occurrence: Occurrence) -> Message:
    """Stand in the place of a message that told the old time."""
    if occurrence.state is OccurrenceState.CANCELLED:
        text = paragraph(_("{title}: this meeting was cancelled."), title=Strong(meeting.title))
        return message(text)
    return message(
        paragraph(
            _("{title}: this meeting was moved. It now starts on {when}."),
            title=Strong(meeting.title),
            when=LocalTime(occurrence.starts_utc),
        ),
        Buttons((button(_("Show the meeting"), "meetings.next"),)),
    )


def what_and_why(kind: str, reason: str) -> tuple[str, str]:
    """Return in words what failed, and for which reason."""
    why = _(WHY.get(reason.partition(":")[0], UNCLEAR))
    return _(MADE.get(kind) or WHAT.get(kind, MESSAGE)), why


def failure(kind: str, whom: str | None, reason: str) -> Message:
    """Tell an organizer that something could not be delivered, or made, with what the platform said."""
    what, why = what_and_why(kind, reason)
    said = reason.partition(":")[2].strip()
    words = note(_("The platform says: {words}"), words=said) if said else None
    if kind in MADE:
        return message(
            Heading(_("Something could not be made")),
            paragraph(_("What: {what}. Why: {why}."), what=what, why=why),
            words,
            note(_("Please check that I may manage channels, roles and events there, then ask for it again.")),
        )
    return message(
        Heading(_("A message could not be delivered")),
        paragraph(_("To: {whom}. What: {what}. Why: {why}."), whom=whom or _("a channel"), what=what, why=why),
        words,
        note(_("It will not be tried again. Please tell them another way, and check that I may write there.")),
    )

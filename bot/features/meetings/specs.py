"""The commands of the meetings slice."""

from __future__ import annotations

from bot.commands import CommandSpec, Param, Permission
from bot.features.meetings import handlers, scheduling
from bot.i18n import N_, NP_
from bot.ports import PersonalRecords

_OCCURRENCE = Param("occurrence", N_("Meeting"))
_DRAFT = Param("draft", N_("Draft"))

SPECS = (
    CommandSpec(
        "meetings.next",
        handlers.upcoming,
        N_("Next meeting"),
        N_("shows when we meet, in your own time, and takes your answer"),
        words="next",
        phrases=NP_(
            "phrases",
            "next meeting|when is the next meeting|when do we meet|when is the meeting|meetings|"
            "upcoming meetings|when's the next meeting|when's the meeting|when is our next meeting",
        ),
    ),
    CommandSpec(
        "meetings.agenda",
        handlers.agenda,
        N_("Agenda"),
        N_("shows the agenda, each item at your own hour"),
        words="agenda",
        params=(Param("occurrence", N_("Meeting"), required=False, max_length=200, suggest="meetings"),),
        phrases=NP_("phrases", "agenda|show the agenda|what is on the agenda|programme|run sheet"),
    ),
    CommandSpec(
        "meetings.rsvp",
        handlers.rsvp,
        N_("Answer an invitation"),
        params=(
            _OCCURRENCE,
            Param(
                "answer",
                N_("Answer"),
                choices=(("going", N_("going")), ("maybe", N_("maybe")), ("no", N_("not going"))),
            ),
        ),
        changes=True,
    ),
    CommandSpec(
        "meetings.schedule",
        scheduling.schedule,
        N_("Schedule a meeting"),
        N_("makes a meeting from a pasted agenda, after a preview"),
        words="schedule",
        params=(
            Param(
                "text",
                N_("Agenda"),
                long=True,
                hint=N_("Paste the whole text: title, date and hours, items with their times."),
                max_length=20_000,
            ),
        ),
        phrases=NP_("phrases", "schedule a meeting|plan a meeting|new meeting|create a meeting"),
        permission=Permission.ORGANIZER,
        changes=True,
        shortcut=True,
    ),
    CommandSpec(
        "meetings.show_draft",
        scheduling.show,
        N_("Draft"),
        params=(_DRAFT,),
        permission=Permission.ORGANIZER,
    ),
    CommandSpec(
        "meetings.draft",
        scheduling.change,
        N_("Date, zone and place"),
        params=(_DRAFT,),
        permission=Permission.ORGANIZER,
        changes=True,
    ),
    CommandSpec(
        "meetings.choose",
        scheduling.choose,
        N_("Choose"),
        params=(_DRAFT, Param("name", N_("Choice"), choices=(("zone", N_("Time zone")),)), Param("value", N_("Value"))),
        permission=Permission.ORGANIZER,
        changes=True,
    ),
    CommandSpec(
        "meetings.discard",
        scheduling.discard,
        N_("Discard"),
        params=(_DRAFT,),
        permission=Permission.ORGANIZER,
        changes=True,
    ),
    CommandSpec(
        "meetings.confirm",
        scheduling.confirm,
        N_("Confirm"),
        params=(_DRAFT,),
        permission=Permission.ORGANIZER,
        changes=True,
    ),
    CommandSpec(
        "meetings.attendance",
        handlers.attendance,
        N_("Who is coming?"),
        params=(_OCCURRENCE,),
        permission=Permission.ORGANIZER,
    ),
    CommandSpec(
        "meetings.move",
        handlers.move,
        N_("Move the meeting"),
        params=(
            Param(
                "when", N_("New date and time"), hint=N_("For example: Thursday 3 December at 14:00"), max_length=200
            ),
        ),
        permission=Permission.ORGANIZER,
    ),
    CommandSpec(
        "meetings.move_to",
        handlers.move_to,
        N_("Move the meeting"),
        params=(_OCCURRENCE, Param("version", N_("Version")), Param("utc", N_("New date and time"))),
        permission=Permission.ORGANIZER,
        changes=True,
    ),
    CommandSpec(
        "meetings.cancel",
        handlers.cancel,
        N_("Cancel the meeting"),
        params=(_OCCURRENCE,),
        permission=Permission.ORGANIZER,
        changes=True,
        confirm=N_("Shall I cancel this meeting? Everybody who knows of it will be told."),
    ),
)

PERSONAL = (
    PersonalRecords("rsvp", N_("Your answers to invitations")),
    PersonalRecords("draft", N_("Your drafts of meetings")),
    PersonalRecords("meeting", N_("Meetings you scheduled"), erase="detach"),
)

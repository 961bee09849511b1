"""The commands of the reminders slice."""

from __future__ import annotations

from bot.commands import CommandSpec, Param
from bot.features.reminders import handlers
from bot.i18n import N_, NP_

REQUEST = r"(?!(?:\w+\s+)?(?:slack|discord)\s*$).+"
"""The name of a platform is no moment: “remind me on Slack” says where (see ``members.prefer``)."""

SPECS = (
    CommandSpec(
        "reminders.set",
        handlers.set_reminder,
        N_("Remind me of this"),
        N_("reminds you alone, at the moment you choose"),
        words="remind",
        params=(
            Param(
                "request",
                N_("What shall I remind you of, and when?"),
                required=False,
                hint=N_("For example: tomorrow at 9:00 to call the school"),
                max_length=2000,
                shape=REQUEST,
            ),
        ),
        phrases=NP_(
            "phrases",
            "remind me|set a reminder|new reminder|remind me of this|remind me {request}|please remind me {request}|"
            "can you remind me {request}|could you remind me {request}|set a reminder {request}",
        ),
        changes=True,
        on_message=True,
    ),
    CommandSpec(
        "reminders.list",
        handlers.pending,
        N_("My reminders"),
        N_("shows what I shall remind you of"),
        words="reminders",
        phrases=NP_("phrases", "my reminders|show my reminders|list my reminders|what are my reminders|reminders"),
    ),
    CommandSpec(
        "reminders.again",
        handlers.put_off,
        N_("Remind me later"),
        params=(
            Param("reminder", N_("Reminder")),
            Param("after", N_("When?"), choices=(("hour", N_("In an hour")), ("day", N_("Tomorrow")))),
        ),
        changes=True,
    ),
    CommandSpec("reminders.done", handlers.done, N_("Done"), params=(Param("reminder", N_("Reminder")),), changes=True),
    CommandSpec(
        "reminders.delete", handlers.delete, N_("Delete"), params=(Param("reminder", N_("Reminder")),), changes=True
    ),
)

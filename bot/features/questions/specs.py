"""The commands of the questions slice."""

from __future__ import annotations

from bot.commands import CommandSpec, Param, Permission
from bot.features.questions import handlers
from bot.i18n import N_, NP_
from bot.ports import PersonalRecords

SPECS = (
    CommandSpec(
        "questions.pass",
        handlers.pass_on,
        N_("Ask the organizers"),
        N_("passes your question to the organizers and brings you their answer"),
        words="ask organizers",
        params=(Param("text", N_("Your question"), long=True, max_length=2000),),
        phrases=NP_("phrases", "ask the organizers|ask an organizer|I have a question|question for the organizers"),
        changes=True,
    ),
    CommandSpec(
        "questions.answer",
        handlers.answer,
        N_("Answer a question"),
        params=(Param("answer", N_("Your answer"), long=True),),
        permission=Permission.ORGANIZER,
        changes=True,
    ),
    CommandSpec(
        "questions.open",
        handlers.unanswered,
        N_("Open questions"),
        N_("shows the questions that wait for an organizer"),
        words="questions",
        phrases=NP_("phrases", "open questions|unanswered questions|show the open questions"),
        permission=Permission.ORGANIZER,
    ),
)

PERSONAL = (
    PersonalRecords("question", N_("Your questions to the organizers")),
    PersonalRecords("action", N_("Buttons made for you")),
)

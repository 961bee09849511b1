"""The console's own commands: their words, and what each is for."""

from __future__ import annotations

from dataclasses import dataclass

from bot.i18n import N_


@dataclass(frozen=True, slots=True)
class OwnCommand:
    """One command of the console: how it is written, an argument to it, and what it does (a text to translate)."""

    word: str
    about: str
    argument: str = ""


COMMANDS = (
    OwnCommand("/help", N_("Show these commands.")),
    OwnCommand(
        "/as",
        N_("Be somebody else: by number, id or part of the name. Alone: show everybody, to choose by number."),
        "3",
    ),
    OwnCommand("/to", N_("Go to a channel: by number or name. Alone: show the channels, to choose by number."), "2"),
    OwnCommand("/join", N_("Join the community, as a newcomer.")),
    OwnCommand("/try", N_("Try one of the suggestions. Alone: show them, to choose by number."), "1"),
    OwnCommand("/hour", N_("Move the clock by an hour, or by several."), "3"),
    OwnCommand("/reminder", N_("Move the clock to the next reminder.")),
    OwnCommand("/meeting", N_("Move the clock to the meeting.")),
    OwnCommand("/all", N_("Show this conversation from the beginning.")),
    OwnCommand("/say", N_("Send what follows as it is, even a number or a command."), "42"),
    OwnCommand("/lang", N_("Change the console’s language."), "fr"),
    OwnCommand("/back", N_("In a form: ask the question before once more.")),
    OwnCommand("/cancel", N_("Close a form, or drop a text, before it is sent.")),
    OwnCommand("/quit", N_("End. So does Ctrl+D.")),
)
WORDS = frozenset(command.word for command in COMMANDS)

"""What the assistant says when it is asked what it can do, or did not understand."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.commands import PHRASES, CommandSpec
from bot.i18n import _, pgettext
from bot.messages import Block, Buttons, Heading, Items, Paragraph, Reply, Rich, Strong
from bot.replies import answer, button, note, paragraph
from bot.understanding import Suggestion

_SLOT = re.compile(r"\{\w+\}")


def overview(specs: Iterable[CommandSpec], *, organizer: bool) -> Reply:
    """List what every member can ask for, with an example of how to say each."""
    buttons = (
        button(_("Next meeting"), "meetings.next"),
        button(_("My languages and time zone"), "members.profile"),
        button(_("Privacy"), "privacy.notice"),
        *((button(_("For organizers"), "help.organizers"),) if organizer else ()),
    )
    return answer(
        Heading(_("What I can do for you")),
        Paragraph((_("Write to me in your own words, in your language. For example:"),)),
        Items(tuple(_line(spec) for spec in specs)),
        Buttons(buttons),
    )


def for_organizers(specs: Iterable[CommandSpec]) -> Reply:
    """List what organizers can ask for besides."""
    return answer(Heading(_("What I can do for organizers")), Items(tuple(_line(spec) for spec in specs)))


def _line(spec: CommandSpec) -> Rich:
    example = _("for example: {words}").format(words=_example(spec))
    return (Strong(_(spec.title)), f" – {_(spec.summary)} ({example})")


def _example(spec: CommandSpec) -> str:
    first = pgettext(PHRASES, spec.phrases).split("|")[0].strip()
    return _("“{phrase}”").format(phrase=_SLOT.sub("…", first))


def did_you_mean(suggestions: tuple[Suggestion, ...]) -> Reply:
    """Offer the commands a message nearly was."""
    buttons = tuple(button(_(s.spec.title), s.spec.name) for s in suggestions)
    return answer(paragraph(_("Did you mean one of these?")), Buttons((*buttons, button(_("Help"), "help.overview"))))


def not_understood() -> Reply:
    """Say so, and what would help."""
    blocks: tuple[Block, ...] = (
        paragraph(
            _("I did not understand that. Ask me a question in a few words, or see what I can do: write “help”.")
        ),
        Buttons((button(_("Help"), "help.overview", primary=True),)),
    )
    return answer(*blocks)


def welcome() -> Reply:
    """Answer thanks."""
    return answer(paragraph(_("You are welcome.")))


def left() -> Reply:
    """Confirm that nothing was done."""
    return answer(note(_("Nothing was changed.")), replaces=True)

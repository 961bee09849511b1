"""What the assistant says about personal data."""

from __future__ import annotations

from bot.i18n import _, ngettext
from bot.messages import Buttons, File, Heading, Items, Note, Reply
from bot.replies import answer, button, note, paragraph


def notice_text() -> str:
    """Return the privacy notice in one paragraph."""
    return _(
        "I keep your name here, your languages, your time zone, your answers to invitations and the questions you ask "
        "me to pass on, only to serve you in this community. Nothing leaves this installation. "
        "Write “export my data” or “forget me” at any time."
    )


def first_notice() -> Note:
    """Return the notice as small print under the first answer."""
    return Note((_("About your privacy:"), " ", notice_text()))


def notice() -> Reply:
    """Return the notice with its two buttons."""
    return answer(
        Heading(_("Your data")),
        paragraph(notice_text()),
        Buttons((button(_("Export my data"), "privacy.export"), button(_("Forget me"), "privacy.forget"))),
    )


def export(name: str, content: str, counts: list[tuple[str, int]]) -> Reply:
    """Return the export as a file, with what is in it."""
    return answer(
        Heading(_("Your data")),
        paragraph(_("Everything I keep about you is in this file:")),
        _counted(counts),
        File(name, content),
        Buttons((button(_("Forget me"), "privacy.forget"),)),
    )


def receipt(erased: list[tuple[str, int]], detached: list[tuple[str, int]]) -> Reply:
    """Return what was erased, and what stays without the person."""
    return answer(
        Heading(_("You are forgotten")),
        paragraph(_("This was erased:")),
        _counted(erased),
        *((paragraph(_("This stays, without any trace of who you are:")), _counted(detached)) if detached else ()),
        note(
            _(
                "Messages you wrote in channels belong to the platform and are still there. If you write to me again, "
                "we start anew."
            )
        ),
    )


def _counted(counts: list[tuple[str, int]]) -> Items:
    return Items(
        tuple(
            (
                ngettext("{title}: {count} record", "{title}: {count} records", count).format(
                    title=_(title), count=count
                ),
            )
            for title, count in counts
        )
    )

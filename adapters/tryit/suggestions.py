"""What a visitor may try first: each suggestion leads somewhere and fills the message box."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.tryit.place import DIRECT_LINE
from bot.i18n import N_, _


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing to try: as whom, in which channel, and what to write (``verbatim`` in no other words)."""

    name: str
    title: str
    hint: str
    text: str = ""
    verbatim: str = ""
    viewer: str | None = None
    channel: str = DIRECT_LINE

    def draft(self) -> str:
        """Return what fills the message box, in the current locale."""
        return self.verbatim or (self.text and _(self.text))


def conversations(*, agenda: str, organizer: str, newcomer: str, writer: str, room: str) -> tuple[Suggestion, ...]:
    """Return the sample's conversations.

    ``agenda`` is the text to paste; the others are ids: an organizer, somebody who has not joined, a member who
    writes French, and the English room they write it in.
    """
    return (
        Suggestion(
            "ask",
            N_("Ask the library"),
            N_("Put a question in your own words. You get ranked resources, or an honest “I don’t know”."),
            N_("Where can I find something on recognising prior learning?"),
        ),
        Suggestion(
            "meet",
            N_("Plan a meeting"),
            N_("As an organizer, send this agenda. Check the preview, confirm, then move the clock."),
            verbatim=agenda,
            viewer=organizer,
        ),
        Suggestion(
            "join",
            N_("Find my language"),
            N_("Be a newcomer: join, say what you speak, and be led to your language’s room."),
            viewer=newcomer,
        ),
        Suggestion(
            "write",
            N_("Write French in an English room"),
            N_("Send two messages like this one: the assistant makes one private proposal."),
            verbatim="Bonjour à toutes et à tous ! Je cherche des partenaires pour un projet sur l’apprentissage "
            "dans les métiers de l’artisanat.",
            viewer=writer,
            channel=room,
        ),
    )

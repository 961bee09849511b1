"""What is said about who the organizers are."""

from __future__ import annotations

from collections.abc import Sequence

from bot.features.members.model import Member
from bot.i18n import _
from bot.messages import Block, Buttons, Heading, Paragraph, Reply, Strong
from bot.replies import answer, button, note, paragraph


def overview(organizers: Sequence[Member]) -> Reply:
    """List the organizers; those whom another organizer named have a button."""
    blocks: list[Block] = [Heading(_("Organizers"))]
    for member in organizers:
        how = _("named by an organizer") if member.appointed else _("named by the settings or the platform")
        blocks.append(Paragraph((Strong(member.name), f" – {how}")))
        if member.appointed:
            blocks.append(Buttons((button(_("No longer an organizer"), "members.dismiss", member=member.id),)))
    blocks.append(note(_("Write “appoint” and a name to make somebody an organizer.")))
    return answer(*blocks)


def whom(found: Sequence[Member], *, more: bool) -> Reply:
    """Ask which of these shall be an organizer, with what that means."""
    return answer(
        paragraph(
            _("Who shall be an organizer? Organizers schedule meetings, write to everybody and answer questions.")
        ),
        Buttons(tuple(button(member.name, "members.confirm_organizer", member=member.id) for member in found)),
        note(_("There are more people of that name. Write more of it to see the others.")) if more else None,
        Buttons((button(_("No, leave it"), "help.leave"),)),
    )


def appointed(member: Member) -> Reply:
    """Confirm."""
    return answer(paragraph(_("{name} is an organizer now."), name=Strong(member.name)))


def dismissed(member: Member) -> Reply:
    """Confirm, or say who names them still."""
    if member.organizer:
        text = _("{name} is still an organizer: the settings or a platform say so.")
    else:
        text = _("{name} is no longer an organizer.")
    return answer(paragraph(text, name=Strong(member.name)))

"""What the assistant says about rooms."""

from __future__ import annotations

from collections.abc import Sequence

from bot.features.rooms.model import Room
from bot.i18n import _, language_name
from bot.messages import Buttons, ChannelLink, Heading, Items, Message, Reply, Rich
from bot.replies import answer, button, message, note, paragraph


def _line(room: Room) -> Rich:
    return (ChannelLink(room.name, room.channels), f" – {language_name(room.language)}")


def rooms(found: Sequence[Room]) -> Reply:
    """List the language rooms with a button for each."""
    if not found:
        return answer(paragraph(_("There are no language rooms yet. An organizer can set them up.")))
    return answer(
        Heading(_("Rooms by language")),
        Items(tuple(_line(room) for room in found)),
        Buttons(tuple(button(_("Enter {room}").format(room=room.name), "rooms.enter", room=room.id) for room in found)),
    )


def entered(room: Room) -> Reply:
    """Tell the member that the room is open to them."""
    link = ChannelLink(room.name, room.channels)
    return answer(paragraph(_("The room {room} is open to you. Welcome!"), room=link))


def proposal(room: Room, written_in: Room) -> Message:
    """Propose the room where the language just written is spoken; private, and declinable."""
    return message(
        paragraph(
            _("You wrote in {language} in {written_in}. That is welcome; there is also a room for it: {room}"),
            language=language_name(room.language),
            written_in=ChannelLink(written_in.name, written_in.channels),
            room=ChannelLink(room.name, room.channels),
        ),
        Buttons(
            (
                button(_("Take me there"), "rooms.enter", primary=True, room=room.id),
                button(_("No, thank you"), "rooms.decline", language=room.language),
            )
        ),
        note(_("Only you see this, and I ask only once.")),
    )


def declined() -> Reply:
    """Accept that the member stays."""
    return answer(paragraph(_("All right, I will not ask again.")), replaces=True)

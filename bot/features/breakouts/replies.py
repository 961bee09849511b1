"""What members are told about their breakout group."""

from __future__ import annotations

from datetime import datetime

from bot.features.breakouts.model import Placement
from bot.features.meetings.model import AgendaItem
from bot.features.rooms.model import Room
from bot.i18n import _
from bot.messages import Block, Buttons, ChannelLink, Heading, LocalTime, Message, Reply, Strong
from bot.replies import answer, button, message, note, paragraph


def told(item: AgendaItem, starts: datetime, room: Room, placement: Placement, voice: Block | None) -> Message:
    """Tell a member where they sit, from when, and why."""
    return message(
        Heading(_("Your breakout group")),
        paragraph(
            _("{item} starts on {when}. Your room is {room}."),
            item=Strong(item.title),
            when=LocalTime(starts),
            room=ChannelLink(room.name, room.channels),
        ),
        voice,
        note(_("Why this one? {reason}"), reason=_(placement.reason)),
    )


def mine(room: Room, placement: Placement, voice: Block | None) -> Reply:
    """Show a member their group."""
    return answer(
        Heading(_("Your breakout group")),
        paragraph(_("Your room is {room}."), room=ChannelLink(room.name, room.channels)),
        voice,
        note(_("Why this one? {reason}"), reason=_(placement.reason)),
    )


def voice_button(occurrence_id: str, member_id: str) -> Buttons:
    """Offer the group's voice room; pressing it is asking to be moved."""
    label = _("Take me to the voice room")
    return Buttons((button(label, "breakouts.speak", occurrence=occurrence_id, for_=member_id),))


def moving(room: Room) -> Reply:
    """Say what happens, and what to do for who is in no voice channel yet."""
    return answer(
        paragraph(_("The voice room “{room}” is being opened for your group."), room=room.name),
        note(
            _("If you are in a voice channel of this server, I am moving you there; if not, please join it yourself.")
        ),
    )


def not_yet(occurrence_id: str, *, going: bool) -> Reply:
    """Say when there will be a group."""
    if going:
        return answer(paragraph(_("The groups are formed half an hour before they start; I will tell you yours.")))
    return answer(
        paragraph(_("Groups are for those who are going. Are you?")),
        Buttons((button(_("I am going"), "meetings.rsvp", primary=True, occurrence=occurrence_id, answer="going"),)),
    )

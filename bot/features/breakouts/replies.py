"""What members are told about their breakout group."""

from __future__ import annotations

from datetime import datetime

from bot.features.breakouts.model import Placement
from bot.features.meetings.model import AgendaItem
from bot.features.rooms.model import Room
from bot.i18n import _
from bot.messages import Buttons, ChannelLink, Heading, LocalTime, Message, Reply, Strong
from bot.replies import answer, button, message, note, paragraph


def told(item: AgendaItem, starts: datetime, room: Room, placement: Placement) -> Message:
    """Tell a member where they sit, from when, and why."""
    return message(
        Heading(_("Your breakout group")),
        paragraph(
            _("{item} starts on {when}. Your room is {room}."),
            item=Strong(item.title),
            when=LocalTime(starts),
            room=ChannelLink(room.name, room.channels),
        ),
        note(_("Why this one? {reason}"), reason=_(placement.reason)),
    )


def mine(room: Room, placement: Placement) -> Reply:
    """Show a member their group."""
    return answer(
        Heading(_("Your breakout group")),
        paragraph(_("Your room is {room}."), room=ChannelLink(room.name, room.channels)),
        note(_("Why this one? {reason}"), reason=_(placement.reason)),
    )


def not_yet(occurrence_id: str, *, going: bool) -> Reply:
    """Say when there will be a group."""
    if going:
        return answer(paragraph(_("The groups are formed half an hour before they start; I will tell you yours.")))
    return answer(
        paragraph(_("Groups are for those who are going. Are you?")),
        Buttons((button(_("I am going"), "meetings.rsvp", primary=True, occurrence=occurrence_id, answer="going"),)),
    )

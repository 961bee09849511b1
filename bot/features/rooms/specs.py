"""The commands of the rooms slice."""

from __future__ import annotations

from bot.commands import CommandSpec, Param, Permission
from bot.features.rooms import adopting, handlers, opening
from bot.features.rooms.organizerreplies import PURPOSES
from bot.i18n import N_, NP_
from bot.ports import PersonalRecords

SPECS = (
    CommandSpec(
        "rooms.list",
        handlers.list_rooms,
        N_("Rooms by language"),
        N_("shows the rooms and lets you in"),
        words="rooms",
        phrases=NP_(
            "phrases",
            "rooms|which rooms are there|channels|language rooms|find my language|my room|"
            "join the {language} room|I want to join the {language} room|"
            "I would like to join the {language} room",
        ),
    ),
    CommandSpec(
        "rooms.enter",
        handlers.enter,
        N_("Enter a room"),
        params=(Param("room", N_("Room")),),
        changes=True,
    ),
    CommandSpec(
        "rooms.decline",
        handlers.decline,
        N_("No, thank you"),
        params=(Param("language", N_("Language")),),
        changes=True,
    ),
    CommandSpec(
        "rooms.adopt",
        adopting.adopt,
        N_("Make this channel a room"),
        N_("makes the channel where you write it the room for a language, or for announcements"),
        words="room",
        params=(
            Param("language", N_("The language spoken there"), required=False, max_length=60, suggest="languages"),
            Param("purpose", N_("What this channel is for"), required=False, choices=tuple(PURPOSES.items())),
        ),
        phrases=NP_(
            "phrases",
            "make this channel a room|this channel is the room for {language}|this is the room for {language}|"
            "this channel is the {language} room|this channel is for {language}|make this the {language} room",
        ),
        permission=Permission.ORGANIZER,
        changes=True,
    ),
    CommandSpec(
        "rooms.bind",
        adopting.bind,
        N_("Make this channel a room"),
        params=(
            Param("purpose", N_("What this channel is for"), choices=tuple(PURPOSES.items())),
            Param("language", N_("The language spoken there"), max_length=60),
        ),
        permission=Permission.ORGANIZER,
        changes=True,
    ),
    CommandSpec(
        "rooms.forget",
        adopting.forget,
        N_("Forget this room"),
        N_("makes the channel where you write it an ordinary one again"),
        words="forget room",
        phrases=NP_("phrases", "forget this room|this channel is not a room|this is no longer a room"),
        permission=Permission.ORGANIZER,
    ),
    CommandSpec(
        "rooms.unbind",
        adopting.unbind,
        N_("Forget this room"),
        params=(Param("platform", N_("Platform")), Param("workspace", N_("Workspace")), Param("channel", N_("Room"))),
        permission=Permission.ORGANIZER,
        changes=True,
    ),
    CommandSpec(
        "rooms.open",
        opening.look,
        N_("Open the missing rooms"),
        N_("makes the channels for announcements and languages that are missing here, after asking"),
        words="open rooms",
        phrases=NP_("phrases", "open rooms|open the rooms|open the missing rooms|set up the rooms|create the rooms"),
        permission=Permission.ORGANIZER,
    ),
    CommandSpec(
        "rooms.make",
        opening.make,
        N_("Open these rooms"),
        params=(Param("platform", N_("Platform")), Param("workspace", N_("Workspace"))),
        permission=Permission.ORGANIZER,
        changes=True,
    ),
)

PERSONAL = (
    PersonalRecords("route", N_("Rooms proposed to you")),
    PersonalRecords("written_language", N_("Languages noticed in your messages")),
)

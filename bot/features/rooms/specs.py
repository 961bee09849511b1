"""The commands of the rooms slice."""

from __future__ import annotations

from bot.commands import CommandSpec, Param
from bot.features.rooms import handlers
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
)

PERSONAL = (
    PersonalRecords("route", N_("Rooms proposed to you")),
    PersonalRecords("written_language", N_("Languages noticed in your messages")),
)

"""The commands of the members slice."""

from __future__ import annotations

from bot.commands import CommandSpec, Param
from bot.features.members import handlers
from bot.i18n import N_, NP_
from bot.ports import PersonalRecords

SPECS = (
    CommandSpec(
        "members.profile",
        handlers.profile,
        N_("My languages and time zone"),
        N_("shows and changes your languages, your time zone and your quiet hours"),
        words="profile",
        phrases=NP_(
            "phrases",
            "my profile|my languages|my time zone|change my languages|change my time zone|set my time zone|"
            "change my time zone to {zone}|set my time zone to {zone}|I live in {zone}|"
            "I have moved to {zone}",
        ),
        changes=True,
    ),
    CommandSpec(
        "members.reminders",
        handlers.reminders,
        N_("Direct reminders"),
        params=(
            Param("state", N_("Direct reminders"), choices=(("on", N_("Reminders on")), ("off", N_("Reminders off")))),
        ),
        changes=True,
    ),
    CommandSpec(
        "members.stop",
        handlers.stop,
        N_("No more direct reminders"),
        N_("stops reminders in your direct messages"),
        words="stop reminders",
        phrases=NP_("phrases", "stop reminders|stop reminding me|no more reminders|stop"),
        changes=True,
    ),
)

PERSONAL = (
    PersonalRecords("member", N_("Your profile")),
    PersonalRecords("identity", N_("Who you are on each platform")),
)

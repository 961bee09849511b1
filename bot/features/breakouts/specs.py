"""The commands of the breakouts slice."""

from __future__ import annotations

from bot.commands import CommandSpec, Param
from bot.features.breakouts import handlers, voices
from bot.i18n import N_, NP_
from bot.ports import PersonalRecords

SPECS = (
    CommandSpec(
        "breakouts.mine",
        handlers.mine,
        N_("My breakout group"),
        N_("shows your group, its room, and why"),
        words="group",
        phrases=NP_(
            "phrases",
            "my group|my breakout group|which group am I in|where do I sit|breakout|what's my group|"
            "what is my group|which is my group",
        ),
    ),
    CommandSpec(
        "breakouts.speak",
        voices.speak,
        N_("Take me to the voice room"),
        params=(Param("occurrence", N_("Meeting")),),
        changes=True,
    ),
)

PERSONAL = (PersonalRecords("placement", N_("Your breakout groups")),)

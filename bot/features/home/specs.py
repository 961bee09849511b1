"""The commands of the home slice."""

from __future__ import annotations

from bot.commands import CommandSpec
from bot.features.home import handlers
from bot.i18n import N_, NP_

SPECS = (
    CommandSpec(
        "members.home",
        handlers.home,
        N_("My page"),
        N_("shows your next meetings, your settings and what waits for you"),
        words="home",
        phrases=NP_("phrases", "my page|home|my overview|show my page|what is coming up for me"),
    ),
)

"""The commands of the resources slice."""

from __future__ import annotations

from bot.commands import CommandSpec, Param
from bot.features.resources import handlers
from bot.i18n import N_, NP_
from bot.ports import PersonalRecords

SPECS = (
    CommandSpec(
        "resources.ask",
        handlers.ask,
        N_("Ask the library"),
        N_("finds guides, reports and courses, in your language first"),
        words="ask",
        params=(Param("query", N_("What are you looking for?"), max_length=2000, suggest="resources"),),
        public=True,
        phrases=NP_(
            "phrases",
            "where can I find something on {query}|where can I find something about {query}|where can I find {query}|"
            "I am looking for {query}|I'm looking for {query}|do you have anything on {query}|"
            "do you have something about {query}|search for {query}|search {query}|find {query}|ask {query}",
        ),
    ),
    CommandSpec(
        "resources.rate",
        handlers.rate,
        N_("Rate a resource"),
        params=(
            Param("resource", N_("Resource")),
            Param("helpful", N_("Helpful"), choices=(("yes", N_("Helpful")), ("no", N_("Not helpful")))),
        ),
        changes=True,
    ),
)

PERSONAL = (
    PersonalRecords("feedback", N_("Your opinions on resources")),
    PersonalRecords("proposal", N_("Resources you proposed for the library")),
)

"""The commands of the resources slice."""

from __future__ import annotations

from bot.commands import CommandSpec, Param, Permission
from bot.features.resources import handlers, saving
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
    CommandSpec(
        "resources.save",
        saving.save,
        N_("Save to the library"),
        N_("puts a find into the library, once an organizer has agreed"),
        words="save",
        params=(
            Param(
                "text",
                N_("Address of the resource"),
                required=False,
                hint=N_("For example: https://library.example/guide"),
                max_length=40_000,
                shape=r".*\bhttps?\b.*",
            ),
        ),
        phrases=NP_(
            "phrases",
            "save to the library|save this to the library|add to the library|add a resource|save a resource|"
            "propose a resource|suggest a resource|save {text}|save {text} to the library|add {text} to the library",
        ),
        changes=True,
        on_message=True,
    ),
    CommandSpec(
        "resources.settle",
        saving.settle,
        N_("Decide on a resource"),
        params=(
            Param("proposal", N_("Resource")),
            Param("decision", N_("Decision"), choices=(("add", N_("Add to the library")), ("decline", N_("Decline")))),
        ),
        permission=Permission.ORGANIZER,
        changes=True,
    ),
    CommandSpec(
        "resources.proposals",
        saving.proposals,
        N_("Proposed resources"),
        N_("shows the resources that wait for an organizer"),
        words="proposals",
        phrases=NP_("phrases", "proposed resources|open proposals|proposals|show the proposals"),
        permission=Permission.ORGANIZER,
    ),
)

PERSONAL = (
    PersonalRecords("feedback", N_("Your opinions on resources")),
    PersonalRecords("proposal", N_("Resources you proposed for the library")),
)

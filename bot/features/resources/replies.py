"""What the assistant answers to a question for the library."""

from __future__ import annotations

from collections.abc import Sequence

from babel.dates import format_date

from bot.features.resources.model import Hit
from bot.i18n import N_, _, current_locale, language_name, ngettext
from bot.messages import Block, Button, Buttons, Heading, Link, Note, Paragraph, Quote, Reply
from bot.replies import answer, button, note, paragraph

KINDS = {
    "guide": N_("guide"),
    "report": N_("report"),
    "toolkit": N_("toolkit"),
    "course": N_("course"),
    "platform": N_("platform"),
    "policy": N_("policy"),
    "dataset": N_("data set"),
    "case-study": N_("case study"),
    "video": N_("video"),
    "network": N_("network"),
    "page": N_("web page"),
}


def found(query: str, hits: Sequence[Hit], language: str, member_id: str) -> Reply:
    """List ranked resources, each with the line that matched, its language, its source and two buttons."""
    count = ngettext("{count} resource on “{query}”", "{count} resources on “{query}”", len(hits))
    blocks: list[Block] = [Heading(count.format(count=len(hits), query=_short(query)))]
    for number, hit in enumerate(hits, 1):
        blocks += _entry(number, hit, language)
    blocks.append(note(_("Is none of these what you need?")))
    blocks.append(Buttons((_pass_on(query, member_id),)))
    return answer(*blocks)


def _entry(number: int, hit: Hit, language: str) -> list[Block]:
    resource = hit.resource
    title = resource.text(resource.language).title
    label = language_name(resource.language)
    spoken = label if resource.language == language else _("in another language: {language}").format(language=label)
    facts = [spoken, _(KINDS.get(resource.kind, resource.kind)), resource.source]
    checked = _("checked on {date}").format(date=format_date(resource.checked_on, "long", locale=current_locale()))
    return [
        Paragraph((f"{number}. ", Link(title, resource.url))),
        Quote((hit.snippet,)),
        Note((" · ".join([*facts, checked]),)),
        Buttons(
            (
                button(_("Helpful"), "resources.rate", resource=resource.id, helpful="yes"),
                button(_("Not helpful"), "resources.rate", resource=resource.id, helpful="no"),
            )
        ),
    ]


def nothing(query: str, member_id: str, *, public: bool = False) -> Reply:
    """Say honestly that there is nothing, and offer to ask the organizers."""
    here = _("Shall I pass your question to the organizers? Their answer will come to you here.")
    directly = _("Shall I pass your question to the organizers? Their answer will come to you alone.")
    return answer(
        paragraph(_("I found nothing in the library on “{query}”."), query=_short(query)),
        paragraph(directly if public else here),
        Buttons((_pass_on(query, member_id, primary=True),)),
        note(_("Or write “help” to see what else I can do.")),
    )


def _pass_on(query: str, member_id: str, *, primary: bool = False) -> Button:
    return button(_("Ask the organizers"), "questions.pass", primary=primary, text=query, for_=member_id)


def rated(helpful: bool) -> Reply:  # noqa: FBT001 - the one thing this says
    """Thank for the feedback."""
    if helpful:
        return answer(note(_("Thank you, I am glad it helped.")))
    return answer(note(_("Thank you. I have noted that it did not help.")))


def _short(query: str) -> str:
    return query if len(query) <= 80 else query[:79].rstrip() + "…"

"""What is said about finds for the library: the form, the question to the organizers, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.features.resources.model import Proposal, ProposalState, Resource
from bot.features.resources.proposing import MAX_DESCRIPTION, MAX_TITLE, MAX_URL
from bot.i18n import _, current_locale, language_name, ngettext, own_name
from bot.languagenames import OTHER_LANGUAGES
from bot.messages import (
    Block,
    Buttons,
    Call,
    Fields,
    Form,
    FormField,
    Heading,
    Link,
    Message,
    Option,
    Paragraph,
    Quote,
    Reply,
    Rich,
)
from bot.replies import answer, button, message, note, paragraph, shortened

SHOWN = 3
GLIMPSE = 150
"""Characters of an address, and of a description and tags in a list."""


def form(values: Mapping[str, str], languages: Sequence[str], member_id: str) -> Form:
    """Return the form about a find, filled in as far as it is known."""
    fields = (
        FormField("title", _("Title"), value=values["title"], max_length=MAX_TITLE),
        FormField(
            "address",
            _("Address of the resource"),
            value=values["address"],
            hint=_("For example: https://library.example/guide"),
            max_length=MAX_URL,
        ),
        FormField(
            "language",
            _("Language of the resource"),
            "select",
            options=_language_options(languages),
            value=values["language"],
        ),
        FormField(
            "tags",
            _("Tags"),
            required=False,
            value=values["tags"],
            hint=_("For example: apprenticeship, green skills"),
            max_length=500,
        ),
        FormField(
            "description",
            _("What is in it?"),
            "long",
            required=False,
            value=values["description"],
            max_length=MAX_DESCRIPTION,
        ),
    )
    call = Call("resources.save", {"for": member_id})
    return Form(_("Save to the library"), call, fields, _("Save"), current_locale())


def _language_options(languages: Sequence[str]) -> tuple[Option, ...]:
    others = sorted((tag for tag in OTHER_LANGUAGES if tag not in languages), key=language_name)
    return (
        *(Option(tag, own_name(tag)) for tag in languages),
        *(Option(tag, language_name(tag)) for tag in others),
    )


def known(resource: Resource) -> Reply:
    """Say that the library has it."""
    title = Link(resource.text(resource.language).title, resource.url)
    return answer(paragraph(_("This is in the library already: {title}"), title=title))


def saved(resource: Resource) -> Reply:
    """Confirm that it is in the library."""
    title = Link(resource.text(resource.language).title, resource.url)
    return answer(paragraph(_("In the library now, for everybody to find: {title}"), title=title))


def proposed(proposal: Proposal, organizers: int) -> Reply:
    """Confirm that it is on its way to the organizers."""
    title = Link(proposal.title, proposal.url)
    if not organizers:
        text = _("Thank you. {title} is kept. No organizer can be reached at the moment; it waits for them.")
        return answer(paragraph(text, title=title))
    text = ngettext(
        "Thank you. I passed {title} to {count} organizer. What they decide will come to you here.",
        "Thank you. I passed {title} to {count} organizers. What they decide will come to you here.",
        organizers,
    )
    return answer(paragraph(text, title=title, count=organizers))


def proposed_already() -> Reply:
    """Say that the same address is waiting already."""
    return answer(paragraph(_("This was proposed already, and waits for the organizers.")))


def decide(proposal: Proposal, name: str) -> Message:
    """Show an organizer what a member proposes, with a way to decide."""
    return message(
        Heading(_("A resource for the library?")),
        paragraph(_("{name} proposes:"), name=name or _("A member")),
        *_entry(proposal, MAX_DESCRIPTION),
        note(_("All organizers see this; the first decision counts.")),
    )


def _entry(proposal: Proposal, most: int) -> list[Block]:
    pairs: list[tuple[str, Rich]] = [
        (_("Address"), (Link(shortened(proposal.url, GLIMPSE), proposal.url),)),
        (_("Language"), (language_name(proposal.language),)),
    ]
    if proposal.tags:
        pairs.append((_("Tags"), (shortened(", ".join(proposal.tags), most),)))
    return [
        Paragraph((Link(proposal.title, proposal.url),)),
        *((Quote((shortened(proposal.description, most),)),) if proposal.description else ()),
        Fields(tuple(pairs)),
        Buttons(
            (
                button(_("Add to the library"), "resources.settle", primary=True, proposal=proposal.id, decision="add"),
                button(_("Decline"), "resources.settle", proposal=proposal.id, decision="decline"),
            )
        ),
    ]


def decided(proposal: Proposal, *, there_already: bool) -> Reply:
    """Confirm an organizer's decision in the place of the question."""
    title = Link(proposal.title, proposal.url)
    if proposal.state is ProposalState.DECLINED:
        text = _("Declined: {title}")
    elif there_already:
        text = _("This is in the library already: {title}")
    else:
        text = _("In the library now, for everybody to find: {title}")
    return answer(paragraph(text, title=title), note(_("The person who proposed it is told.")), replaces=True)


def outcome(proposal: Proposal) -> Message:
    """Tell a member what became of their proposal."""
    title = Link(proposal.title, proposal.url)
    if proposal.state is ProposalState.ADDED:
        return message(
            Heading(_("Your resource is in the library")),
            paragraph(_("Everybody can find it now: {title}. Thank you!"), title=title),
        )
    return message(
        Heading(_("About the resource you proposed")),
        paragraph(_("The organizers did not add it to the library: {title}"), title=title),
        note(_("If you want to know why, write “ask the organizers”.")),
    )


def waiting(proposals: Sequence[Proposal]) -> Reply:
    """List what waits for an organizer, the oldest first."""
    if not proposals:
        return answer(paragraph(_("No proposed resource is waiting.")))
    count = len(proposals)
    heading = ngettext("{count} proposed resource is waiting", "{count} proposed resources are waiting", count)
    blocks: list[Block] = [Heading(heading.format(count=count))]
    for proposal in proposals[:SHOWN]:
        blocks += _entry(proposal, GLIMPSE)
    if count > SHOWN:
        blocks.append(note(_("These are the oldest ones; the others follow when you have decided.")))
    return answer(*blocks)

"""From a find to the library: organizers save at once, what members propose goes to the organizers first."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from bot.audience import member_language
from bot.commands import Args, Context
from bot.duework import DueWork, NewWork, Prepared, Reason, Send, Skip, WorkContext
from bot.errors import Conflict, NotFound
from bot.features.resources import savereplies as replies
from bot.features.resources.addresses import first_address, host_of, normalised
from bot.features.resources.model import Proposal, ProposalState, Resource, ResourceText
from bot.features.resources.proposing import FIELDS, MAX_DESCRIPTION, Find, clean, read_find
from bot.i18n import N_, current_locale, use_locale
from bot.messages import Reply, Target
from bot.ports import UnitOfWork
from bot.replies import again, shortened
from bot.services import new_id

PROPOSED = "resources.proposed"
SETTLED = "resources.settled"
KIND = "page"
"""The kind of what somebody saved: the form asks for no other."""

GONE = N_("That proposal is no longer there; the person who made it may have erased their data.")
ADDED_ALREADY = N_("Somebody has decided on this already: it is in the library. Thank you all the same!")
DECLINED_ALREADY = N_("Somebody has decided on this already: it was declined. Thank you all the same!")


async def save(context: Context, args: Args) -> Reply:
    """Ask what is to be saved, as far as the message it was chosen on does not tell; then save or propose it."""
    form = replies.form(_filled_in(context, args), context.services.community.languages, context.member.id)
    if not args.keys() >= set(FIELDS):
        return Reply(form=form)
    find, errors = read_find(args)
    if find is None:
        return again(form, args, errors)
    known = await _same(context.uow, find.url)
    if known is not None:
        return replies.known(known)
    if context.member.organizer:
        return replies.saved(await _add(context, find))
    return await _propose(context, find)


def _filled_in(context: Context, args: Args) -> dict[str, str]:
    """Return what the form begins with: what was told before, else what the message itself tells."""
    text = clean(args.get("text", ""))
    address = first_address(text)
    rest = text.replace(address, " ").strip()
    words = rest if any(char.isalnum() for char in rest) else ""
    known = context.member.languages
    guessed = {
        "address": address or args.get("link", ""),
        "language": context.services.detector.detect(text) or (known[0] if known else current_locale()),
        "description": shortened(words, MAX_DESCRIPTION),
    }
    return {name: args.get(name) or guessed.get(name, "") for name in FIELDS}


async def _same(uow: UnitOfWork, url: str) -> Resource | None:
    """Return the resource with this address, however it is written."""
    wanted = normalised(url)
    return next((each for each in await uow.resources.at_host(host_of(url)) if normalised(each.url) == wanted), None)


async def _add(context: Context, find: Find) -> Resource:
    """Put it into the library, where it can be found at once."""
    texts = {find.language: ResourceText(find.title, find.description)}
    source = urlsplit(find.url).hostname or ""
    resource = Resource(new_id(), find.url, KIND, find.language, source, "", find.tags, context.now.date(), texts)
    await context.uow.resources.save(resource)
    return resource


async def _propose(context: Context, find: Find) -> Reply:
    member, wanted = context.member, normalised(find.url)
    if any(normalised(each.url) == wanted for each in await context.uow.proposals.open()):
        return replies.proposed_already()
    proposal = Proposal(
        new_id(), member.id, find.url, find.title, find.language, find.tags, find.description, context.now
    )
    await context.uow.proposals.save(proposal)
    organizers = [(m, user) for m, user in await context.uow.members.reachable() if m.organizer]
    for organizer, user in organizers:
        await context.uow.work.plan(
            NewWork(
                PROPOSED,
                f"proposed:{proposal.id}:{organizer.id}",
                context.now,
                {"proposal": proposal.id},
                Target(user=user),
                organizer.id,
                _subject(proposal),
            )
        )
    return replies.proposed(proposal, len(organizers))


def _subject(proposal: Proposal) -> str:
    return f"proposal:{proposal.id}"


async def prepare_proposed(context: WorkContext, work: DueWork) -> Prepared:
    """Show an organizer what a member proposes, unless it is decided already."""
    proposal = await context.uow.proposals.get(work.payload["proposal"])
    if proposal is None or proposal.state is not ProposalState.OPEN:
        return Skip(Reason.SUPERSEDED)
    member = await context.uow.members.get(proposal.member_id)
    with use_locale(await member_language(context, work.member_id or "")):
        return Send(replies.decide(proposal, member.name if member else ""))


async def settle(context: Context, args: Args) -> Reply:
    """Add what was proposed, or decline it; the first decision counts, and the member is told of it."""
    proposal = await context.uow.proposals.get(args["proposal"], lock=True)
    if proposal is None:
        raise NotFound(GONE)
    if proposal.state is not ProposalState.OPEN:
        raise Conflict(ADDED_ALREADY if proposal.state is ProposalState.ADDED else DECLINED_ALREADY)
    state = ProposalState.ADDED if args["decision"] == "add" else ProposalState.DECLINED
    settled = replace(proposal, state=state, settled_by=context.member.id, settled_at=context.now)
    await context.uow.proposals.save(settled)
    known = await _same(context.uow, proposal.url)
    if state is ProposalState.ADDED and known is None:
        await _add(context, _as_find(proposal))
    await _tell(context, settled)
    return replies.decided(settled, there_already=known is not None)


def _as_find(proposal: Proposal) -> Find:
    return Find(proposal.title, proposal.url, proposal.language, proposal.tags, proposal.description)


async def _tell(context: Context, proposal: Proposal) -> None:
    """Plan that the member learns what became of their proposal."""
    user = await context.uow.members.account(proposal.member_id)
    if user is None:
        return
    await context.uow.work.plan(
        NewWork(
            SETTLED,
            f"settled:{proposal.id}",
            context.now,
            {"proposal": proposal.id},
            Target(user=user),
            proposal.member_id,
            _subject(proposal),
        )
    )


async def prepare_settled(context: WorkContext, work: DueWork) -> Prepared:
    """Tell the member what became of their proposal."""
    proposal = await context.uow.proposals.get(work.payload["proposal"])
    if proposal is None or proposal.state is ProposalState.OPEN:
        return Skip(Reason.GONE)
    with use_locale(await member_language(context, work.member_id or "")):
        return Send(replies.outcome(proposal))


async def proposals(context: Context, args: Args) -> Reply:  # noqa: ARG001
    """List for an organizer what waits for a decision."""
    return replies.waiting(await context.uow.proposals.open())

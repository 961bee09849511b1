"""Naming organizers: settings and platforms do, and so may every organizer."""

from __future__ import annotations

from dataclasses import replace

from bot.commands import Args, Context
from bot.errors import Conflict, InvalidInput, NotFound
from bot.features.members import organizerreplies as replies
from bot.features.members.handlers import organizes
from bot.features.members.model import Member
from bot.i18n import N_
from bot.messages import Reply
from bot.times.folding import folded_name

SHOWN = 5


async def overview(context: Context, args: Args) -> Reply:  # noqa: ARG001
    """Show who the organizers are, and which of them can be taken off the list here."""
    organizers = [member for member in await context.uow.members.all() if member.organizer]
    return replies.overview(organizers)


async def appoint(context: Context, args: Args) -> Reply:
    """Find whom a name means, and ask before anything is done."""
    words = folded_name(args["person"].strip().lstrip("@"))
    if not words:
        raise InvalidInput(N_("Please write the name of the person, as it stands in their profile."))
    everybody = [member for member in await context.uow.members.all() if not member.organizer]
    exact = [member for member in everybody if folded_name(member.name) == words]
    found = exact or [member for member in everybody if words in folded_name(member.name)]
    if not found:
        raise NotFound(
            N_("I know nobody called “{name}” who is not an organizer yet. Let them write to me once, then try again."),
            name=args["person"][:60],
        )
    return replies.whom(found[:SHOWN], more=len(found) > SHOWN)


async def confirm(context: Context, args: Args) -> Reply:
    """Make somebody an organizer."""
    member = await _locked(context, args)
    await context.uow.members.save(replace(member, organizer=True, appointed=True))
    return replies.appointed(member)


async def dismiss(context: Context, args: Args) -> Reply:
    """Take back what an organizer gave; whom settings or a platform name stays one."""
    member = await _locked(context, args)
    if member.id == context.member.id:
        raise Conflict(N_("You cannot take yourself off the list. Please ask another organizer."))
    member = replace(member, appointed=False)
    identities = await context.uow.members.identities(member.id)
    member = replace(member, organizer=organizes(member, identities, context.services.community))
    await context.uow.members.save(member)
    return replies.dismissed(member)


async def _locked(context: Context, args: Args) -> Member:
    member = await context.uow.members.get(args["member"], lock=True)
    if member is None:
        raise NotFound(N_("That person is no longer here."))
    return member

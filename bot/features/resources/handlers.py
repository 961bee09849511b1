"""Answering from the library."""

from __future__ import annotations

from bot.commands import Args, Context
from bot.errors import InvalidInput, NotFound
from bot.features.resources import replies
from bot.features.resources.model import Feedback
from bot.i18n import N_, current_locale
from bot.messages import Reply

SHOWN = 5


async def ask(context: Context, args: Args) -> Reply:
    """Answer a question with up to five ranked resources, or say there is nothing.

    The member's languages come first; where everybody reads the answer, the channel's does.
    """
    query = args["query"].strip()
    if not any(character.isalnum() for character in query):
        raise InvalidInput(
            N_("Please ask in a few words what you are looking for, such as “recognition of prior learning”.")
        )
    community, public = context.services.community, context.inbound.in_public
    own = () if public else context.member.languages
    languages = tuple(dict.fromkeys((*own, current_locale(), *community.languages)))
    hits = await context.uow.search.find(query, languages=languages, limit=SHOWN)
    if not hits:
        return replies.nothing(query, context.member.id, public=public)
    return replies.found(query, hits, languages[0], context.member.id)


async def rate(context: Context, args: Args) -> Reply:
    """Remember whether a resource helped."""
    if await context.uow.resources.get(args["resource"]) is None:
        raise NotFound(N_("That resource is no longer in the library."))
    helpful = args["helpful"] == "yes"
    await context.uow.resources.save_feedback(Feedback(args["resource"], context.member.id, helpful, context.now))
    return replies.rated(helpful)

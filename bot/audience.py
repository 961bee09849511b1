"""In which language somebody is written to."""

from __future__ import annotations

from bot.duework import WorkContext
from bot.i18n import nearest


async def member_language(context: WorkContext, member_id: str) -> str:
    """Return the language a member is written in: their choice, else their platform's hint, else the community's."""
    community = context.services.community
    member = await context.uow.members.get(member_id)
    hints = [i.locale for i in await context.uow.members.identities(member_id) if i.locale]
    wanted = (*(member.languages if member else ()), *hints, community.default_language)
    return nearest(wanted, community.languages)

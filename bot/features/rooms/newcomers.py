"""The question that a platform asks newcomers: which languages they speak; each answer opens that language's rooms."""

from __future__ import annotations

from datetime import datetime

from bot.duework import Arrange, DueWork, NewWork, Prepared, Reason, Skip, WorkContext
from bot.features.rooms.model import QUESTION, Purpose, Room
from bot.i18n import _, own_name, use_locale
from bot.messages import ChannelRef
from bot.platforms import QuestionPlan
from bot.ports import UnitOfWork


async def plan_question(uow: UnitOfWork, place: tuple[str, str], now: datetime, because: str) -> None:
    """Plan that a workspace's question is brought up to date, since its rooms changed."""
    platform, workspace = place
    payload = {"platform": platform, "workspace": workspace}
    await uow.work.plan(NewWork(QUESTION, f"{QUESTION}:{platform}:{workspace}:{because}", now, payload))


async def prepare_question(context: WorkContext, work: DueWork) -> Prepared:
    """Ask for the languages that have rooms in the workspace, where its platform asks newcomers anything."""
    platform, workspace = work.payload["platform"], work.payload["workspace"]
    gateway = context.services.gateways.get(platform)
    by_language: dict[str, list[ChannelRef]] = {}
    for room in await context.uow.rooms.all():
        if room.purpose is Purpose.LANGUAGE:
            by_language.setdefault(room.language, []).extend(_channels_in(room, (platform, workspace)))
    choices = tuple((own_name(tag), tuple(channels)) for tag, channels in by_language.items() if channels)
    if gateway is None or not gateway.capabilities.questions or not choices:
        return Skip(Reason.GONE)
    with use_locale(context.services.community.default_language):
        return Arrange(platform, workspace, QuestionPlan(_("Which languages do you speak?"), choices))


def _channels_in(room: Room, place: tuple[str, str]) -> list[ChannelRef]:
    return [channel for channel in room.channels if (channel.platform, channel.workspace) == place]

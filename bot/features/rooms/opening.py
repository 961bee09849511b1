"""Opening the rooms that a workspace lacks: channels the assistant makes there, once an organizer has seen which."""

from __future__ import annotations

from collections.abc import Iterable

from bot.commands import Args, Context
from bot.duework import Arrange, DueWork, NewWork, Prepared, Reason, Skip, WorkContext
from bot.errors import Conflict, InvalidInput
from bot.features.calendars.planning import Workspace
from bot.features.deliveries.handlers import report_failure
from bot.features.deliveries.model import TAKEN
from bot.features.rooms import organizerreplies as replies
from bot.features.rooms.adopting import add_channel, room_name
from bot.features.rooms.model import MAKE, Purpose, Room
from bot.i18n import N_, _, language_name, use_locale
from bot.messages import ChannelRef, Reply
from bot.platforms import ChannelPlan

Lacking = tuple[Purpose, str]
"""What a room would be for, and in which language."""


async def look(context: Context, args: Args) -> Reply:  # noqa: ARG001
    """Show exactly what would be made in this workspace; nothing is made yet."""
    place = _workspace(context)
    missing = lacking(await context.uow.rooms.all(), context.services.community.languages, place)
    if not missing:
        return replies.nothing_lacks()
    return replies.would_make([plan(*each) for each in missing], place, context.member.id)


async def make(context: Context, args: Args) -> Reply:
    """Plan each channel that is still lacking."""
    place = _workspace(context)
    if place != (args.get("platform"), args.get("workspace")):
        raise Conflict(N_("This button was made in another workspace. Please write “open rooms” here."))
    missing = lacking(await context.uow.rooms.all(), context.services.community.languages, place)
    await context.uow.work.plan_many(_work(context, place, each) for each in missing)
    return replies.making([plan(*each) for each in missing]) if missing else replies.nothing_lacks()


def _workspace(context: Context) -> Workspace:
    user = context.inbound.user
    if not context.services.gateways[user.platform].capabilities.channels:
        raise InvalidInput(
            N_(
                "I cannot make channels on this platform. Please make them yourself, and write to me in each one what "
                "it is, such as “this channel is the room for French”."
            )
        )
    return user.platform, user.workspace


def lacking(rooms: Iterable[Room], languages: tuple[str, ...], place: Workspace) -> list[Lacking]:
    """Return what has no channel in a workspace: announcements, and a room for each language of the community."""
    there = {
        (room.purpose, room.language)
        for room in rooms
        for channel in room.channels
        if (channel.platform, channel.workspace) == place
    }
    announced = any(purpose is Purpose.ANNOUNCEMENTS for purpose, _language in there)
    first = [] if announced else [(Purpose.ANNOUNCEMENTS, languages[0])]
    return [*first, *((Purpose.LANGUAGE, tag) for tag in languages if (Purpose.LANGUAGE, tag) not in there)]


def plan(purpose: Purpose, language: str) -> ChannelPlan:
    """Return the channel of a room: named, described and (for a language) with a role called in its own language."""
    name = room_name(purpose, language)
    with use_locale(language):
        if purpose is Purpose.LANGUAGE:
            topic = _("Here we speak {language}.").format(language=language_name(language))
            return ChannelPlan(name, topic, name[:1].upper() + name[1:])
        return ChannelPlan(name, _("Meetings and news for everybody."))


def _work(context: Context, place: Workspace, lack: Lacking) -> NewWork:
    platform, workspace = place
    purpose, language = lack
    return NewWork(
        MAKE,
        f"{MAKE}:{platform}:{workspace}:{purpose}:{language}:{context.inbound.id}",
        context.now,
        {"platform": platform, "workspace": workspace, "purpose": purpose.value, "language": language},
    )


async def prepare_making(context: WorkContext, work: DueWork) -> Prepared:
    """Make a channel, unless one was made a room meanwhile."""
    place, lack = _told(work)
    gateway = context.services.gateways.get(place[0])
    if gateway is None or not gateway.capabilities.channels:
        return Skip(Reason.GONE)
    if lack not in lacking(await context.uow.rooms.all(), context.services.community.languages, place):
        return Skip(Reason.SUPERSEDED)
    return Arrange(*place, plan(*lack))


async def made(context: WorkContext, work: DueWork, channel_id: str) -> None:
    """Make the new channel the room it was made for; one that was there and is another room's stays that."""
    place, lack = _told(work)
    channel = ChannelRef(*place, channel_id)
    if await context.uow.rooms.by_channel(channel) is not None:
        await report_failure(context, work, TAKEN)
    elif lack in lacking(await context.uow.rooms.all(), context.services.community.languages, place):
        await add_channel(context.uow, channel, *lack, context.now, f"work {work.id}")


def _told(work: DueWork) -> tuple[Workspace, Lacking]:
    told = work.payload
    return (told["platform"], told["workspace"]), (Purpose(told["purpose"]), told["language"])

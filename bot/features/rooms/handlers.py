"""Leading members to the rooms of their languages: they decide, we propose once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.commands import Args, Context
from bot.duework import Admit, DueWork, NewWork, Prepared, Reason, Send, Skip, WorkContext
from bot.errors import NotFound
from bot.features.rooms import replies
from bot.features.rooms.model import Purpose, Room, Route, RouteState
from bot.i18n import N_, nearest, use_locale
from bot.inbound import Said
from bot.messages import ChannelRef, Reply, Target, UserRef
from bot.ports import UnitOfWork
from bot.services import new_id

ADMIT = "rooms.admit"
PROPOSE = "rooms.propose"
MESSAGES_BEFORE_PROPOSING = 2
"""A single message in another language may be a quotation or a greeting; the second one is a habit."""


def room_of(rooms: Iterable[Room], language: str) -> Room | None:
    """Return the first room where a language is spoken."""
    return next((room for room in rooms if room.purpose is Purpose.LANGUAGE and room.language == language), None)


def channel_on(room: Room, user: UserRef) -> ChannelRef | None:
    """Return the room's channel on the platform and in the workspace where someone is."""
    return next(
        (c for c in room.channels if (c.platform, c.workspace) == (user.platform, user.workspace)),
        None,
    )


async def list_rooms(context: Context, args: Args) -> Reply:  # noqa: ARG001
    """Show the language rooms that there are in this workspace."""
    rooms = [room for room in await _rooms_here(context) if room.purpose is Purpose.LANGUAGE]
    return replies.rooms(rooms)


async def _rooms_here(context: Context) -> list[Room]:
    return [room for room in await context.uow.rooms.all() if channel_on(room, context.inbound.user)]


async def enter(context: Context, args: Args) -> Reply:
    """Let the member into a room of their choice."""
    room = await context.uow.rooms.get(args["room"])
    channel = channel_on(room, context.inbound.user) if room else None
    if room is None or channel is None:
        raise NotFound(N_("That room is no longer there. Write “rooms” to see those there are."))
    await plan_admission(context, room, channel)
    route = await context.uow.rooms.route(context.member.id, room.language)
    if route is not None:
        await context.uow.rooms.save_route(replace(route, state=RouteState.ACCEPTED))
    return replies.entered(room)


async def plan_admission(context: Context, room: Room, channel: ChannelRef) -> None:
    """Plan that the asking member is let into a room's channel, now."""
    user = context.inbound.user
    await context.uow.work.plan(
        NewWork(
            ADMIT,
            f"admit:{user.platform}:{user.workspace}:{user.user}:{room.id}:{context.inbound.id}",
            context.now,
            {"channel": channel.channel},
            Target(user=user),
            context.member.id,
        )
    )


async def prepare_admission(context: WorkContext, work: DueWork) -> Prepared:  # noqa: ARG001
    """Let the work's user into the channel it names."""
    user = work.target.user if work.target else None
    if user is None:
        return Skip(Reason.GONE)
    return Admit(ChannelRef(user.platform, user.workspace, work.payload["channel"]), user)


async def overheard(context: Context) -> None:
    """Notice that a member writes another language than the room's; at the second time, propose theirs, once."""
    event = context.inbound.event
    room = await context.uow.rooms.by_channel(context.inbound.channel)
    if not isinstance(event, Said) or room is None:
        return
    language = context.services.detector.detect(event.text)
    if language is None or language == room.language:
        return
    better = room_of(await _rooms_here(context), language)
    if better is None or await context.uow.rooms.route(context.member.id, language) is not None:
        return
    if await context.uow.rooms.count_written(context.member.id, language) < MESSAGES_BEFORE_PROPOSING:
        return
    await _propose(context, room, better)


async def _propose(context: Context, room: Room, better: Room) -> None:
    member = context.member
    route = Route(new_id(), member.id, better.language, better.id, RouteState.PROPOSED, context.now)
    await context.uow.rooms.save_route(route)
    await context.uow.work.plan(
        NewWork(
            PROPOSE,
            f"propose:{member.id}:{better.language}",
            context.now,
            {"room": better.id, "written_in": room.id},
            Target(user=context.inbound.user),
            member.id,
        )
    )


async def prepare_proposal(context: WorkContext, work: DueWork) -> Prepared:
    """Propose a room, in its own language; not to someone who has decided meanwhile."""
    room = await context.uow.rooms.get(work.payload["room"])
    written_in = await context.uow.rooms.get(work.payload["written_in"])
    route = await context.uow.rooms.route(work.member_id or "", room.language) if room else None
    if room is None or written_in is None or route is None or route.state is not RouteState.PROPOSED:
        return Skip(Reason.SUPERSEDED)
    with use_locale(nearest((room.language,), context.services.community.languages)):
        return Send(replies.proposal(room, written_in))


async def decline(context: Context, args: Args) -> Reply:
    """Remember that the member prefers to stay; this language is not proposed to them again."""
    await _decide(context.uow, context.member.id, args["language"], RouteState.DECLINED)
    return replies.declined()


async def _decide(uow: UnitOfWork, member_id: str, language: str, state: RouteState) -> None:
    route = await uow.rooms.route(member_id, language)
    if route is not None:
        await uow.rooms.save_route(replace(route, state=state))

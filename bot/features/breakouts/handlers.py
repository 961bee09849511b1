"""Placing members in breakout groups by language and size, and telling each where they sit and why."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.audience import member_language
from bot.commands import Args, Context
from bot.duework import Admit, DueWork, NewWork, Prepared, Reason, Send, Skip, WorkContext
from bot.errors import NotFound, RetryableError
from bot.features.breakouts import replies
from bot.features.breakouts.model import Breakout, Placement
from bot.features.breakouts.planning import plan_placement
from bot.features.breakouts.threads import Need, channel_above, needs, plan_threads, thread_is_coming, thread_of
from bot.features.meetings.model import AgendaItem, Answer, Occurrence, OccurrenceState
from bot.features.members.model import Member
from bot.features.rooms.handlers import channel_on
from bot.features.rooms.model import Purpose, Room
from bot.i18n import N_, use_locale
from bot.messages import Buttons, ChannelRef, Reply, Target, UserRef
from bot.ports import Group, Seat, UnitOfWork
from bot.services import Services

TELL = "breakouts.tell"
ADMIT = "breakouts.admit"
HEAD_START = timedelta(minutes=1)
"""How much later those are told who meet in a thread, which has to be made first."""


async def run_placement(context: WorkContext, work: DueWork) -> Skip | None:
    """Place everybody who is going; who has a seat keeps it; everybody newly placed is told and let in."""
    occurrence = await context.uow.meetings.occurrence(work.payload["occurrence"])
    if occurrence is None or occurrence.state is OccurrenceState.CANCELLED or occurrence.version != work.version:
        return Skip(Reason.CANCELLED)
    items = await context.uow.meetings.agenda(occurrence.meeting_id)
    item = next((item for item in items if item.id == work.payload["item"]), None)
    if item is None:
        return Skip(Reason.GONE)
    groups = await _groups(context.uow, occurrence, item)
    members = await _coming(context.uow, occurrence)
    before = {p.member_id: p for p in await context.uow.breakouts.placements(occurrence.id)}
    placements = await _solve(context, groups, members, before)
    await context.uow.breakouts.replace_placements(occurrence.id, placements)
    new = [placement for placement in placements if placement.member_id not in before]
    await _plan_telling(context, occurrence, item, new, str(work.id))
    return None


async def _groups(uow: UnitOfWork, occurrence: Occurrence, item: AgendaItem) -> tuple[Breakout, ...]:
    """Return the item's groups, made from the language rooms on first use."""
    groups = await uow.breakouts.groups(occurrence.id, item.id)
    if groups:
        return groups
    rooms = [room for room in await uow.rooms.all() if room.purpose is Purpose.LANGUAGE]
    groups = tuple(
        Breakout(f"{occurrence.id}-{item.position}-{index}", occurrence.id, item.id, index, language, room.id)
        for index, (language, room) in enumerate(_rooms_for(item, rooms))
    )
    await uow.breakouts.save_groups(groups)
    return groups


def _rooms_for(item: AgendaItem, rooms: Sequence[Room]) -> list[tuple[str, Room]]:
    """Return a room for each group of the item: as many of each language as the agenda asks for and there are."""
    found = []
    for language, count in item.groups:
        found += [(language, room) for room in rooms if room.language == language][:count]
    return found


async def _coming(uow: UnitOfWork, occurrence: Occurrence) -> list[Member]:
    answers = await uow.meetings.rsvps(occurrence.id)
    found = [await uow.members.get(a.member_id) for a in answers if a.answer is Answer.GOING]
    return sorted((member for member in found if member is not None), key=lambda member: member.id)


async def _solve(
    context: WorkContext, groups: Sequence[Breakout], members: Sequence[Member], before: dict[str, Placement]
) -> list[Placement]:
    if not groups:
        return []
    by_id = {group.id: group for group in groups}
    kept = {member_id: p.breakout_id for member_id, p in before.items() if p.breakout_id in by_id}
    seats = [Seat(member.id, member.languages, kept.get(member.id)) for member in members]
    solver = context.services.solver
    placed = await asyncio.to_thread(solver.place, seats, [Group(group.id, group.language) for group in groups])
    placed |= {member.id: kept[member.id] for member in members if member.id in kept}
    return [_placement(member, by_id[placed[member.id]]) for member in members]


def _placement(member: Member, group: Breakout) -> Placement:
    if group.language not in member.languages:
        return Placement(
            group.id, member.id, N_("No group speaks your languages, so you sit where most people can help."), 99
        )
    rank = member.languages.index(group.language)
    reason = N_("It speaks the language you like best.") if rank == 0 else N_("It speaks a language you know.")
    return Placement(group.id, member.id, reason, rank)


async def _plan_telling(
    context: WorkContext, occurrence: Occurrence, item: AgendaItem, placements: Sequence[Placement], because: str
) -> None:
    rooms = await _rooms(context.uow, occurrence)
    gateways = context.services.gateways
    needed = await needs(context.uow, occurrence.id, placements)
    needed = frozenset(n for n in needed if n.platform in gateways and gateways[n.platform].capabilities.threads)
    await plan_threads(context.uow, occurrence, item, needed, context.now, because)
    for placement in placements:
        seat = _NewSeat(occurrence, item, placement, rooms[placement.breakout_id], context.now)
        user = await context.uow.members.account(placement.member_id)
        if user is not None:
            threaded = Need(placement.breakout_id, user.platform, user.workspace) in needed
            await context.uow.work.plan(seat.work(TELL, user, after=HEAD_START if threaded else timedelta()))
        await _plan_admission(context.uow, seat)


async def _rooms(uow: UnitOfWork, occurrence: Occurrence) -> dict[str, Room]:
    """Return the room of each group of an occurrence."""
    rooms = {room.id: room for room in await uow.rooms.all()}
    return {group.id: rooms[group.room_id] for group in await uow.breakouts.groups(occurrence.id)}


@dataclass(frozen=True, slots=True)
class _NewSeat:
    """A seat that somebody is told of and let in for, until its item ends."""

    occurrence: Occurrence
    item: AgendaItem
    placement: Placement
    room: Room
    now: datetime

    def work(self, kind: str, user: UserRef, *, whom: str = "", after: timedelta = timedelta()) -> NewWork:
        """Return the work of one kind; ``whom`` tells pieces of it apart that one member gets several of."""
        seat, occurrence, item = self.placement, self.occurrence, self.item
        return NewWork(
            kind,
            f"{kind}:{seat.breakout_id}:{seat.member_id}{whom}:v{occurrence.version}",
            self.now + after,
            {"occurrence": occurrence.id, "breakout": seat.breakout_id, "item": item.id},
            Target(user=user),
            seat.member_id,
            f"occurrence:{occurrence.id}",
            occurrence.starts_utc + timedelta(minutes=item.offset_minutes + item.minutes),
            occurrence.version,
        )


async def _plan_admission(uow: UnitOfWork, seat: _NewSeat) -> None:
    """Plan that each account of a member is let in, wherever the room, or what its thread is under, has a channel."""
    rooms = await uow.rooms.all()
    for identity in await uow.members.identities(seat.placement.member_id):
        user = identity.user
        if channel_on(seat.room, user) or channel_above(rooms, seat.room, user):
            await uow.work.plan(seat.work(ADMIT, user, whom=f":{user.platform}:{user.workspace}:{user.user}"))


async def follow(uow: UnitOfWork, member_id: str, now: datetime, because: str) -> None:
    """Let a member's seats follow their accounts and answers, after either changed at once (``because`` names how)."""
    for occurrence in await uow.meetings.occurrences(ends_after=now, limit=100):
        if await uow.meetings.rsvp(occurrence.id, member_id) is None:
            continue
        items = {item.id: item for item in await uow.meetings.agenda(occurrence.meeting_id)}
        await plan_placement(uow, occurrence, list(items.values()), now, because=f"{member_id}:{because}")
        groups = {group.id: group for group in await uow.breakouts.groups(occurrence.id)}
        rooms = await _rooms(uow, occurrence) if groups else {}
        for seat in await uow.breakouts.placements(occurrence.id) if groups else ():
            if seat.member_id == member_id:
                item = items[groups[seat.breakout_id].item_id]
                await _plan_admission(uow, _NewSeat(occurrence, item, seat, rooms[seat.breakout_id], now))
                needed = await needs(uow, occurrence.id, [seat])
                await plan_threads(uow, occurrence, item, needed, now, f"{member_id}:{because}")


async def prepare_telling(context: WorkContext, work: DueWork) -> Prepared:
    """Tell a member their group, its room and why."""
    found = await _seat(context.uow, work.payload["occurrence"], work.member_id or "")
    if found is None or found[1].breakout_id != work.payload["breakout"]:
        return Skip(Reason.SUPERSEDED)
    room, placement = found
    occurrence = await context.uow.meetings.occurrence(work.payload["occurrence"])
    items = await context.uow.meetings.agenda(occurrence.meeting_id) if occurrence else ()
    item = next((item for item in items if item.id == work.payload["item"]), None)
    if occurrence is None or item is None:
        return Skip(Reason.GONE)
    user = work.target.user if work.target else None
    if user and await thread_is_coming(context.uow, occurrence.id, placement.breakout_id, user):
        msg = "the thread of the group is still being made"
        raise RetryableError(msg)
    starts = occurrence.starts_utc + timedelta(minutes=item.offset_minutes)
    room = await _with_thread(context.uow, occurrence.id, placement, room, user)
    with use_locale(await member_language(context, work.member_id or "")):
        return Send(
            replies.told(item, starts, room, placement, _voice(context.services, user, occurrence.id, work.member_id))
        )


async def _with_thread(
    uow: UnitOfWork, occurrence_id: str, placement: Placement, room: Room, user: UserRef | None
) -> Room:
    """Return the room as an account finds it: with the group's thread, where the room has no channel of its own."""
    thread = await thread_of(uow, occurrence_id, placement.breakout_id, user) if user else None
    return replace(room, channels=(*room.channels, thread)) if thread else room


async def prepare_admission(context: WorkContext, work: DueWork) -> Prepared:
    """Let a member into the room of their group."""
    found = await _seat(context.uow, work.payload["occurrence"], work.member_id or "")
    user = work.target.user if work.target else None
    channel = await _door(context, found[0], user) if found and user else None
    theirs = {identity.user for identity in await context.uow.members.identities(work.member_id or "")}
    if channel is None or user not in theirs:
        return Skip(Reason.GONE)
    return Admit(channel, user)


async def _door(context: WorkContext, room: Room, user: UserRef) -> ChannelRef | None:
    """Return the channel to let an account into: the room's, or the one under which its group has a thread."""
    gateway = context.services.gateways.get(user.platform)
    above = channel_above(await context.uow.rooms.all(), room, user)
    return channel_on(room, user) or (above if gateway and gateway.capabilities.threads else None)


async def _seat(uow: UnitOfWork, occurrence_id: str, member_id: str) -> tuple[Room, Placement] | None:
    placements = await uow.breakouts.placements(occurrence_id)
    placement = next((p for p in placements if p.member_id == member_id), None)
    groups = {group.id: group for group in await uow.breakouts.groups(occurrence_id)}
    if placement is None or placement.breakout_id not in groups:
        return None
    room = await uow.rooms.get(groups[placement.breakout_id].room_id)
    return (room, placement) if room else None


async def mine(context: Context, args: Args) -> Reply:
    """Show the member's breakout group at the meeting a button names, or at the next one."""
    occurrence_id = args.get("occurrence")
    if not occurrence_id:
        coming = await context.uow.meetings.occurrences(ends_after=context.now, limit=1)
        if not coming:
            raise NotFound(N_("No meeting is planned at the moment. You will be told here when there is one."))
        occurrence_id = coming[0].id
    found = await _seat(context.uow, occurrence_id, context.member.id)
    if found is None:
        rsvp = await context.uow.meetings.rsvp(occurrence_id, context.member.id)
        going = rsvp is not None and rsvp.answer is Answer.GOING
        return replies.not_yet(occurrence_id, going=going)
    room = await _with_thread(context.uow, occurrence_id, found[1], found[0], context.inbound.user)
    voice = _voice(context.services, context.inbound.user, occurrence_id, context.member.id)
    return replies.mine(room, found[1], voice)


def _voice(services: Services, user: UserRef | None, occurrence_id: str, member_id: str | None) -> Buttons | None:
    """Return the way to the group's voice room, where the account's platform has such rooms."""
    gateway = services.gateways.get(user.platform) if user else None
    if gateway is None or not gateway.capabilities.voices:
        return None
    return replies.voice_button(occurrence_id, member_id or "")

"""Placing members in breakout groups by language and size, and telling each where they sit and why."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from bot.audience import member_language
from bot.commands import Args, Context
from bot.duework import Admit, DueWork, NewWork, Prepared, Reason, Send, Skip, WorkContext
from bot.errors import NotFound
from bot.features.breakouts import replies
from bot.features.breakouts.model import Breakout, Placement
from bot.features.meetings.model import AgendaItem, Answer, Occurrence, OccurrenceState
from bot.features.members.model import Member
from bot.features.rooms.handlers import channel_on
from bot.features.rooms.model import Purpose, Room
from bot.i18n import N_, use_locale
from bot.messages import Reply, Target
from bot.ports import Group, Seat, UnitOfWork

TELL = "breakouts.tell"
ADMIT = "breakouts.admit"


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
    await _plan_telling(context, occurrence, item, [p for p in placements if p.member_id not in before])
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
    context: WorkContext, occurrence: Occurrence, item: AgendaItem, placements: Sequence[Placement]
) -> None:
    until = occurrence.starts_utc + timedelta(minutes=item.offset_minutes + item.minutes)
    users = {member.id: user for member, user in await context.uow.members.reachable()}
    for placement in placements:
        for kind in (TELL, ADMIT):
            await context.uow.work.plan(
                NewWork(
                    kind,
                    f"{kind}:{placement.breakout_id}:{placement.member_id}:v{occurrence.version}",
                    context.now,
                    {"occurrence": occurrence.id, "breakout": placement.breakout_id, "item": item.id},
                    Target(user=users[placement.member_id]),
                    placement.member_id,
                    f"occurrence:{occurrence.id}",
                    until,
                    occurrence.version,
                )
            )


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
    starts = occurrence.starts_utc + timedelta(minutes=item.offset_minutes)
    with use_locale(await member_language(context, work.member_id or "")):
        return Send(replies.told(item, starts, room, placement))


async def prepare_admission(context: WorkContext, work: DueWork) -> Prepared:
    """Let a member into the room of their group."""
    found = await _seat(context.uow, work.payload["occurrence"], work.member_id or "")
    user = work.target.user if work.target else None
    channel = channel_on(found[0], user) if found and user else None
    if channel is None or user is None:
        return Skip(Reason.GONE)
    return Admit(channel, user)


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
    return replies.mine(*found)

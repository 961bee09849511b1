"""Threads for groups whose room has no channel where a member is: under the channel of another room of the language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.duework import OPEN_STATES, Arrange, DueWork, NewWork, Prepared, Reason, Skip, WorkContext
from bot.features.breakouts.model import THREAD, Breakout, Placement
from bot.features.meetings.model import AgendaItem, Occurrence, OccurrenceState
from bot.features.rooms.handlers import channel_on
from bot.features.rooms.model import Purpose, Room
from bot.i18n import nearest, use_locale
from bot.messages import ChannelRef, UserRef
from bot.platforms import ThreadPlan
from bot.ports import UnitOfWork
from bot.times.show import format_time


@dataclass(frozen=True, slots=True)
class Need:
    """A group that needs a thread on one platform, in one workspace."""

    breakout_id: str
    platform: str
    workspace: str


def channel_above(rooms: Iterable[Room], room: Room, user: UserRef) -> ChannelRef | None:
    """Return the channel under which a room's group meets where this account is; None if the room has its own there."""
    if channel_on(room, user):
        return None
    alike = (each for each in rooms if each.purpose is Purpose.LANGUAGE and each.language == room.language)
    return next((channel for each in alike if (channel := channel_on(each, user))), None)


async def needs(uow: UnitOfWork, occurrence_id: str, placements: Iterable[Placement]) -> frozenset[Need]:
    """Return the threads that these seats ask for."""
    rooms = {room.id: room for room in await uow.rooms.all()}
    groups = {group.id: group for group in await uow.breakouts.groups(occurrence_id)}
    found = set()
    for seat in placements:
        room = rooms[groups[seat.breakout_id].room_id]
        for user in [each.user for each in await uow.members.identities(seat.member_id)]:
            if channel_above(rooms.values(), room, user):
                found.add(Need(seat.breakout_id, user.platform, user.workspace))
    return frozenset(found)


async def plan_threads(
    uow: UnitOfWork, occurrence: Occurrence, item: AgendaItem, needed: Iterable[Need], now: datetime, because: str
) -> None:
    """Plan each thread; ``because`` names why it is made, or why others are let into it."""
    for need in sorted(needed, key=lambda need: (need.breakout_id, need.platform, need.workspace)):
        place = {"platform": need.platform, "workspace": need.workspace}
        await uow.work.plan(
            NewWork(
                THREAD,
                f"{THREAD}:{need.breakout_id}:{need.platform}:{need.workspace}:v{occurrence.version}:{because}",
                now,
                {"occurrence": occurrence.id, "breakout": need.breakout_id, **place},
                subject=f"occurrence:{occurrence.id}",
                useful_until=occurrence.starts_utc + timedelta(minutes=item.offset_minutes + item.minutes),
                version=occurrence.version,
            )
        )


async def prepare_thread(context: WorkContext, work: DueWork) -> Prepared:
    """Make the thread of a group, with everybody in it who sits there now."""
    uow, told = context.uow, work.payload
    gateway = context.services.gateways.get(told["platform"])
    occurrence = await uow.meetings.occurrence(told["occurrence"])
    group = await _group(uow, told["occurrence"], told["breakout"])
    if gateway is None or not gateway.capabilities.threads or occurrence is None or group is None:
        return Skip(Reason.GONE)
    if occurrence.state is OccurrenceState.CANCELLED or occurrence.version != work.version:
        return Skip(Reason.CANCELLED)
    rooms = await uow.rooms.all()
    room = next(room for room in rooms if room.id == group.room_id)
    users = await _users(uow, group, told["platform"], told["workspace"])
    above = channel_above(rooms, room, users[0]) if users else None
    if above is None:
        return Skip(Reason.SUPERSEDED)
    meeting = await uow.meetings.get(occurrence.meeting_id)
    with use_locale(nearest((room.language,), context.services.community.languages)):
        day = format_time(occurrence.starts_utc, meeting.zone if meeting else "UTC", "date")
    return Arrange(above.platform, above.workspace, ThreadPlan(above, f"{room.name} – {day}", tuple(users)))


async def _group(uow: UnitOfWork, occurrence_id: str, breakout_id: str) -> Breakout | None:
    return next((each for each in await uow.breakouts.groups(occurrence_id) if each.id == breakout_id), None)


async def _users(uow: UnitOfWork, group: Breakout, platform: str, workspace: str) -> list[UserRef]:
    """Return the accounts in one workspace of those who sit in a group."""
    found = []
    for seat in await uow.breakouts.placements(group.occurrence_id):
        if seat.breakout_id == group.id:
            found += [each.user for each in await uow.members.identities(seat.member_id)]
    return [user for user in found if (user.platform, user.workspace) == (platform, workspace)]


async def thread_of(uow: UnitOfWork, occurrence_id: str, breakout_id: str, user: UserRef) -> ChannelRef | None:
    """Return the thread of a group where an account is, if there is one."""
    made = [work for work in await _threads(uow, occurrence_id, breakout_id, user) if work.sent is not None]
    sent = made[-1].sent if made else None
    return ChannelRef(sent.platform, sent.workspace, sent.message) if sent else None


async def thread_is_coming(uow: UnitOfWork, occurrence_id: str, breakout_id: str, user: UserRef) -> bool:
    """Whether the first thread of a group where an account is has still to be made."""
    rows = await _threads(uow, occurrence_id, breakout_id, user)
    return any(work.state in OPEN_STATES for work in rows) and all(work.sent is None for work in rows)


async def _threads(uow: UnitOfWork, occurrence_id: str, breakout_id: str, user: UserRef) -> Sequence[DueWork]:
    wanted = {"breakout": breakout_id, "platform": user.platform, "workspace": user.workspace}
    rows = await uow.work.about(f"occurrence:{occurrence_id}", (THREAD,))
    return [work for work in rows if all(work.payload.get(name) == value for name, value in wanted.items())]

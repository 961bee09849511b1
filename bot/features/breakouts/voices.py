"""Voice rooms for groups, where the platform has such: opened when somebody asks, who alone is moved there."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.commands import Args, Context
from bot.duework import Arrange, DueWork, NewWork, Prepared, Reason, Skip, WorkContext
from bot.errors import NotFound
from bot.features.breakouts import replies
from bot.features.breakouts.model import VOICE, Breakout
from bot.features.meetings.model import Occurrence
from bot.i18n import N_
from bot.messages import Reply, UserRef
from bot.platforms import VoicePlan
from bot.ports import UnitOfWork

AFTER = timedelta(minutes=15)
"""How long after its item a voice room is taken away, when nobody is in it any more."""
KEEP_TRYING = timedelta(hours=12)


async def speak(context: Context, args: Args) -> Reply:
    """Open the voice room of the member's group, and move the account that asks there; plan the room's end, once."""
    uow, user = context.uow, context.inbound.user
    if not context.services.gateways[user.platform].capabilities.voices:
        raise NotFound(N_("There are no voice rooms on this platform. Please use the meeting’s own link."))
    occurrence = await uow.meetings.occurrence(args["occurrence"])
    group = await _group_of(uow, args["occurrence"], context.member.id)
    room = await uow.rooms.get(group.room_id) if group else None
    if occurrence is None or group is None or room is None:
        raise NotFound(N_("You have no breakout group there. Write “my group” to see yours."))
    told = {"occurrence": occurrence.id, "breakout": group.id, "platform": user.platform, "workspace": user.workspace}
    subject = f"occurrence:{occurrence.id}"
    await uow.work.plan(
        NewWork(
            VOICE,
            f"{VOICE}:{group.id}:{context.inbound.id}",
            context.now,
            {**told, "user": user.user},
            member_id=context.member.id,
            subject=subject,
            useful_until=context.now + timedelta(minutes=2),
        )
    )
    ends = await _ends(uow, occurrence, group)
    key = f"{VOICE}:end:{group.id}:{user.platform}:{user.workspace}:v{occurrence.version}"
    due = max(ends + AFTER, context.now + AFTER)
    await uow.work.plan(NewWork(VOICE, key, due, told, subject=subject, useful_until=due + KEEP_TRYING))
    return replies.moving(room)


async def prepare_voice(context: WorkContext, work: DueWork) -> Prepared:
    """Have the room there with who asked in it; or, with nobody asking, gone."""
    told = work.payload
    gateway = context.services.gateways.get(told["platform"])
    groups = await context.uow.breakouts.groups(told["occurrence"])
    group = next((each for each in groups if each.id == told["breakout"]), None)
    room = await context.uow.rooms.get(group.room_id) if group else None
    if gateway is None or not gateway.capabilities.voices or room is None:
        return Skip(Reason.GONE)
    place, user = (told["platform"], told["workspace"]), told.get("user")
    users = (UserRef(*place, user),) if user else ()
    return Arrange(*place, VoicePlan(room.name, users, gone=not user))


async def _group_of(uow: UnitOfWork, occurrence_id: str, member_id: str) -> Breakout | None:
    groups = {group.id: group for group in await uow.breakouts.groups(occurrence_id)}
    seats = [seat for seat in await uow.breakouts.placements(occurrence_id) if seat.member_id == member_id]
    return groups.get(seats[0].breakout_id) if seats else None


async def _ends(uow: UnitOfWork, occurrence: Occurrence, group: Breakout) -> datetime:
    items = await uow.meetings.agenda(occurrence.meeting_id)
    item = next((item for item in items if item.id == group.item_id), None)
    if item is None:
        return occurrence.ends_utc
    return occurrence.starts_utc + timedelta(minutes=item.offset_minutes + item.minutes)

"""Writing what was planned about meetings, when its moment comes; telling those who were told when things change."""

from __future__ import annotations

from datetime import datetime

from bot.audience import member_language
from bot.duework import OPEN_STATES, DueWork, Edit, NewWork, Prepared, Reason, Send, Skip, State, WorkContext
from bot.errors import RetryableError
from bot.features.deliveries import replies
from bot.features.deliveries.model import ANNOUNCED, CHANGED, EDITED, FAILED, REMINDER, TOLD
from bot.features.deliveries.planning import due_at, subject
from bot.features.meetings.model import Answer, Meeting, Occurrence, OccurrenceState
from bot.i18n import nearest, use_locale
from bot.messages import Target
from bot.ports import UnitOfWork

IN_FLIGHT = (State.CLAIMED, State.SENDING, State.UNCERTAIN)


async def prepare_reminder(context: WorkContext, work: DueWork) -> Prepared:
    """Write a reminder as things stand now: moved, cancelled, declined or outdone ones are not sent."""
    found = await _meeting_of(context.uow, work)
    if found is None or found[1].state is OccurrenceState.CANCELLED or found[1].version != work.version:
        return Skip(Reason.CANCELLED)
    if await _room_left(context, work):
        return Skip(Reason.GONE)
    meeting, occurrence = found
    if await _outdone(context, work, meeting, occurrence):
        return Skip(Reason.SUPERSEDED)
    if work.member_id is None:
        with use_locale(await _room_language(context, work)):
            return Send(replies.reminder(meeting, occurrence, context.now, show_place=replies.for_all(meeting)))
    return await _direct_reminder(context, work, meeting, occurrence)


async def _direct_reminder(context: WorkContext, work: DueWork, meeting: Meeting, occurrence: Occurrence) -> Prepared:
    member = await context.uow.members.get(work.member_id or "")
    if member is None:
        return Skip(Reason.GONE)
    rsvp = await context.uow.meetings.rsvp(occurrence.id, member.id)
    if not member.reminders or (rsvp is not None and rsvp.answer is Answer.NO):
        return Skip(Reason.OPTED_OUT)
    going = rsvp is not None and rsvp.answer is Answer.GOING
    with use_locale(await _recipient_language(context, work)):
        return Send(
            replies.reminder(
                meeting, occurrence, context.now, show_place=going or replies.for_all(meeting), rsvp=rsvp, direct=True
            )
        )


async def _outdone(context: WorkContext, work: DueWork, meeting: Meeting, occurrence: Occurrence) -> bool:
    """Whether a later reminder of the same kind of audience is due too: only the nearest one is sent."""
    rules = await context.uow.meetings.rules(meeting.id)
    mine = next((rule for rule in rules if rule.id == work.payload["rule"]), None)
    if mine is None:
        return True
    my_due = due_at(mine, meeting, occurrence)
    return any(
        my_due < due_at(rule, meeting, occurrence) <= context.now for rule in rules if rule.audience is mine.audience
    )


async def prepare_announcement(context: WorkContext, work: DueWork) -> Prepared:
    """Announce a new meeting in a room, in the room's language."""
    found = await _meeting_of(context.uow, work)
    if found is None or found[1].state is OccurrenceState.CANCELLED or found[1].version != work.version:
        return Skip(Reason.CANCELLED)
    if await _room_left(context, work):
        return Skip(Reason.GONE)
    with use_locale(await _room_language(context, work)):
        return Send(replies.announcement(*found, show_place=replies.for_all(found[0])))


async def tell_change(uow: UnitOfWork, occurrence: Occurrence, now: datetime) -> int:
    """After a move or a cancellation: stop what is pending, tell those who were told, edit what they were sent.

    What is on its way at this moment counts as told. Returns how many are told.
    """
    about = subject(occurrence)
    await uow.work.withdraw(about, (REMINDER, ANNOUNCED), Reason.SUPERSEDED)
    told = [w for w in await uow.work.about(about, TOLD) if w.state is State.DONE or w.state in IN_FLIGHT]
    recipients = {_recipient(work): work for work in told}
    for work in recipients.values():
        user = await uow.members.account(work.member_id) if work.member_id else None
        await uow.work.plan(_change_notice(work, Target(user=user) if user else work.target, occurrence, now))
    await uow.work.plan_many(_edit(work, occurrence, now) for work in told if work.kind != CHANGED)
    return len(recipients)


def _edit(work: DueWork, occurrence: Occurrence, now: datetime) -> NewWork:
    return NewWork(
        EDITED,
        f"edited:{work.id}:v{occurrence.version}",
        now,
        {**work.payload, "work": work.id},
        work.target,
        work.member_id,
        subject(occurrence),
        version=occurrence.version,
    )


def _change_notice(told: DueWork, target: Target | None, occurrence: Occurrence, now: datetime) -> NewWork:
    return NewWork(
        CHANGED,
        f"changed:{occurrence.id}:v{occurrence.version}:{_recipient(told)}",
        now,
        {"occurrence": occurrence.id, "room": told.payload.get("room")},
        target,
        told.member_id,
        subject(occurrence),
        version=occurrence.version,
    )


def _recipient(work: DueWork) -> str:
    if work.member_id:
        return f"member:{work.member_id}"
    channel = work.target.channel if work.target else None
    return f"{channel.platform}:{channel.workspace}:{channel.channel}" if channel else str(work.id)


async def prepare_change(context: WorkContext, work: DueWork) -> Prepared:
    """Tell a room or a member that the meeting moved or was cancelled, if no later change says otherwise."""
    found = await _meeting_of(context.uow, work)
    if found is None or found[1].version != work.version:
        return Skip(Reason.SUPERSEDED)
    if await _room_left(context, work):
        return Skip(Reason.GONE)
    with use_locale(await _recipient_language(context, work)):
        return Send(replies.changed(*found))


async def prepare_edit(context: WorkContext, work: DueWork) -> Prepared:
    """Correct a message that told the old time. Raises RetryableError while that one is still on its way."""
    found = await _meeting_of(context.uow, work)
    sent = await context.uow.work.get(work.payload["work"])
    if found is None or sent is None or found[1].version != work.version:
        return Skip(Reason.SUPERSEDED)
    if sent.state in OPEN_STATES:
        msg = "the message to correct is still on its way"
        raise RetryableError(msg)
    if sent.sent is None:
        return Skip(Reason.GONE)
    with use_locale(await _recipient_language(context, work)):
        return Edit(sent.sent, replies.corrected(*found))


async def _meeting_of(uow: UnitOfWork, work: DueWork) -> tuple[Meeting, Occurrence] | None:
    occurrence = await uow.meetings.occurrence(work.payload["occurrence"])
    meeting = await uow.meetings.get(occurrence.meeting_id) if occurrence else None
    return (meeting, occurrence) if meeting and occurrence else None


async def _room_left(context: WorkContext, work: DueWork) -> bool:
    """Whether the channel that was to be told has ceased to be the room's."""
    channel = work.target.channel if work.target else None
    room = await context.uow.rooms.get(work.payload.get("room") or "") if channel else None
    return room is not None and channel not in room.channels


async def _room_language(context: WorkContext, work: DueWork) -> str:
    room = await context.uow.rooms.get(work.payload.get("room") or "")
    default = context.services.community.default_language
    return nearest((room.language, default) if room else (default,), context.services.community.languages)


async def _recipient_language(context: WorkContext, work: DueWork) -> str:
    if work.member_id is None:
        return await _room_language(context, work)
    return await member_language(context, work.member_id)


async def report_failure(context: WorkContext, work: DueWork, reason: str) -> None:
    """Plan that each organizer learns of a message that could not be delivered; not of such a report itself."""
    if work.kind == FAILED:
        return
    for member, user in await context.uow.members.reachable():
        if member.organizer:
            payload = {"kind": work.kind, "reason": reason, "whom": work.member_id}
            await context.uow.work.plan(
                NewWork(
                    FAILED, f"failed:{_told_once(work)}:{member.id}", context.now, payload, Target(user=user), member.id
                )
            )


def _told_once(work: DueWork) -> str:
    """Return what a report is about: what was to be made in a workspace at one request, or on one day, is told once."""
    if work.kind not in replies.MADE:
        return str(work.id)
    where = f"{work.payload['platform']}:{work.payload['workspace']}"
    return f"{work.kind}:{where}:{work.cause or f'{work.due:%Y%m%d}'}"


async def prepare_failure(context: WorkContext, work: DueWork) -> Prepared:
    """Tell an organizer what could not be delivered, to whom and why."""
    whom = await context.uow.members.get(work.payload["whom"] or "")
    with use_locale(await member_language(context, work.member_id or "")):
        return Send(replies.failure(work.payload["kind"], whom.name if whom else None, work.payload["reason"]))

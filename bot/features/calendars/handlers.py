"""Keeping a platform's own calendar equal to our dates.

Each row brings one date into one calendar as things stand when its moment comes, so rows may come late or twice, and
an answer that comes late is put right by one more. An event is seen by all: it shows a meeting's place only where every
member may know it.
"""

from __future__ import annotations

from bot.duework import Arrange, DueWork, Prepared, Reason, Skip, WorkContext
from bot.features.calendars import replies
from bot.features.calendars.planning import Workspace, event, workspaces
from bot.features.deliveries.model import EVENT
from bot.features.meetings.model import Meeting, Occurrence, OccurrenceState
from bot.i18n import use_locale
from bot.platforms import EventPlan
from bot.ports import UnitOfWork


async def prepare_event(context: WorkContext, work: DueWork) -> Prepared:
    """Say what the calendar should hold: the date as it is now, or nothing if it was cancelled or we have no room."""
    uow, place = context.uow, _place(work)
    gateway = context.services.gateways.get(place[0])
    occurrence = await uow.meetings.occurrence(work.payload["occurrence"])
    meeting = await uow.meetings.get(occurrence.meeting_id) if occurrence else None
    if occurrence is None or meeting is None or gateway is None or not gateway.capabilities.events:
        return Skip(Reason.GONE)
    if occurrence.version != work.version:
        return Skip(Reason.SUPERSEDED)
    gone = occurrence.state is OccurrenceState.CANCELLED or place not in workspaces(await uow.rooms.all())
    if not gone and occurrence.starts_utc <= context.now:
        return Skip(Reason.TOO_LATE)  # platforms take no event whose start has passed
    known = await _known(uow, work)
    with use_locale(context.services.community.default_language):
        return Arrange(*place, await _plan(uow, meeting, occurrence, known, gone=gone))


async def _plan(uow: UnitOfWork, meeting: Meeting, occurrence: Occurrence, known: str, *, gone: bool) -> EventPlan:
    return EventPlan(
        occurrence.id,
        meeting.title,
        replies.description(await uow.meetings.agenda(meeting.id)),
        occurrence.starts_utc,
        occurrence.ends_utc,
        replies.place(meeting),
        known,
        gone,
    )


async def _known(uow: UnitOfWork, work: DueWork) -> str:
    """Return the id of what this calendar holds for the date; the empty text for nothing, or for what nobody knows."""
    rows = await uow.work.about(work.subject, (EVENT,))
    made = [each for each in rows if each.sent is not None and each.finished_at and _place(each) == _place(work)]
    last = max(made, key=lambda each: (each.finished_at, each.id), default=None)
    return last.sent.message if last is not None and last.sent is not None else ""


async def event_arranged(context: WorkContext, work: DueWork, made: str) -> None:  # noqa: ARG001 - the row keeps it
    """Plan it once more if the date has changed while the platform was at it: its answer may be of the older one."""
    occurrence = await context.uow.meetings.occurrence(work.payload["occurrence"])
    if occurrence is not None and occurrence.version != work.version:
        await context.uow.work.plan(event(occurrence, _place(work), context.now, f"after {work.id}"))


def _place(work: DueWork) -> Workspace:
    return work.payload["platform"], work.payload["workspace"]

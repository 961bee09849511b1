"""Putting together somebody's own page: what is coming, what is kept of them, what waits for them."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.commands import Args, Context
from bot.duework import DueWork
from bot.features.home import replies
from bot.features.home.model import Desk, Failure, Page
from bot.features.meetings.model import Meeting, Occurrence, Rsvp
from bot.features.reminders.model import PERSONAL
from bot.messages import Reply
from bot.ports import UnitOfWork

MEETINGS = 3
FAILURES = 3
LATELY = timedelta(days=7)
USUAL = timedelta(minutes=5)
"""What is due longer than this and not sent yet is behind."""


async def home(context: Context, args: Args) -> Reply:  # noqa: ARG001
    """Show the member their own page."""
    uow, member = context.uow, context.member
    questions = await uow.questions.unanswered()
    page = Page(
        member,
        await uow.members.identities(member.id),
        await _meetings(context),
        [question for question in questions if question.member_id == member.id],
        len(await uow.work.waiting(member.id, (PERSONAL,))),
        context.now,
        await _desk(context, len(questions)) if member.organizer else None,
    )
    return replies.page(page)


async def _meetings(context: Context) -> list[tuple[Meeting, Occurrence, Rsvp | None]]:
    meetings = context.uow.meetings
    found = []
    for occurrence in await meetings.occurrences(ends_after=context.now, limit=MEETINGS):
        meeting = await meetings.get(occurrence.meeting_id)
        if meeting is not None:
            found.append((meeting, occurrence, await meetings.rsvp(occurrence.id, context.member.id)))
    return found


async def _desk(context: Context, questions: int) -> Desk:
    uow = context.uow
    failed, latest = await uow.work.failed_since(context.now - LATELY, FAILURES)
    backlog = await uow.work.backlog(context.now)
    behind = backlog.due_since is not None and backlog.due_since < context.now - USUAL
    return Desk(
        await uow.meetings.drafts(context.member.id),
        questions,
        len(await uow.proposals.open()),
        failed,
        [await _failure(uow, work, context.now) for work in latest],
        sum(backlog.open.values()),
        backlog.due_since if behind else None,
    )


async def _failure(uow: UnitOfWork, work: DueWork, now: datetime) -> Failure:
    whom = await uow.members.get(work.member_id) if work.member_id else None
    return Failure(work.kind, whom.name if whom else "", work.reason or "", work.finished_at or now)

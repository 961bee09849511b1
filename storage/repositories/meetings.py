"""Meetings, agendas, occurrences, answers, reminder rules, drafts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot.features.deliveries.model import ReminderRule
from bot.features.meetings.model import AgendaItem, Draft, Meeting, Occurrence, OccurrenceState, Rsvp
from storage.records import Records
from storage.tables import agenda_item, draft, meeting, occurrence, reminder_rule, rsvp


class SqlMeetingRepository:
    """Meetings and what belongs to them in the database."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._meetings = Records(session, meeting, Meeting)
        self._items = Records(session, agenda_item, AgendaItem)
        self._occurrences = Records(session, occurrence, Occurrence)
        self._rsvps = Records(session, rsvp, Rsvp)
        self._rules = Records(session, reminder_rule, ReminderRule)
        self._drafts = Records(session, draft, Draft)

    async def get(self, meeting_id: str) -> Meeting | None:
        """Return the meeting, or None."""
        return await self._meetings.get(id=meeting_id)

    async def save(self, meeting_: Meeting) -> None:
        """Insert or replace the meeting."""
        await self._meetings.save(meeting_)

    async def all(self) -> tuple[Meeting, ...]:
        """Return every meeting, by wall time."""
        return await self._meetings.all(order=(meeting.c.starts_local, meeting.c.id))

    async def agenda(self, meeting_id: str) -> tuple[AgendaItem, ...]:
        """Return the agenda, in order."""
        return await self._items.all(agenda_item.c.meeting_id == meeting_id, order=(agenda_item.c.position,))

    async def save_agenda(self, meeting_id: str, items: Sequence[AgendaItem]) -> None:
        """Make these items the agenda; what groups an item that stays already has, it keeps."""
        kept = agenda_item.c.id.in_([item.id for item in items])
        gone = sa.and_(agenda_item.c.meeting_id == meeting_id, sa.not_(kept))
        await self._session.execute(sa.delete(agenda_item).where(gone))
        await self._items.save(*items)

    async def occurrence(self, occurrence_id: str, *, lock: bool = False) -> Occurrence | None:
        """Return the occurrence, or None; locked until the transaction ends (on SQLite every transaction is alone)."""
        return await self._occurrences.get(id=occurrence_id, lock=lock)

    async def occurrences(self, *, ends_after: datetime, limit: int) -> tuple[Occurrence, ...]:
        """Return the scheduled occurrences that end after an instant, the earliest first."""
        coming = (occurrence.c.state == OccurrenceState.SCHEDULED, occurrence.c.ends_utc > ends_after)
        return await self._occurrences.all(*coming, order=(occurrence.c.starts_utc, occurrence.c.id), limit=limit)

    async def occurrences_of(self, meeting_id: str) -> tuple[Occurrence, ...]:
        """Return every occurrence of a meeting, the cancelled ones too, the earliest by the rule first."""
        return await self._occurrences.all(
            occurrence.c.meeting_id == meeting_id, order=(occurrence.c.nominal_local, occurrence.c.id)
        )

    async def save_occurrence(self, occurrence_: Occurrence) -> None:
        """Insert or replace; leaving the unit of work raises Conflict if the meeting has another one at that time."""
        await self._occurrences.save(occurrence_)

    async def rsvp(self, occurrence_id: str, member_id: str) -> Rsvp | None:
        """Return a member's answer, or None."""
        return await self._rsvps.get(occurrence_id=occurrence_id, member_id=member_id)

    async def rsvps(self, occurrence_id: str) -> tuple[Rsvp, ...]:
        """Return every answer, the oldest first."""
        return await self._rsvps.all(rsvp.c.occurrence_id == occurrence_id, order=(rsvp.c["at"], rsvp.c.member_id))

    async def save_rsvp(self, rsvp_: Rsvp) -> None:
        """Insert or replace a member's answer."""
        await self._rsvps.save(rsvp_)

    async def rules(self, meeting_id: str) -> tuple[ReminderRule, ...]:
        """Return the meeting's reminder rules, in the order of their ids."""
        return await self._rules.all(reminder_rule.c.meeting_id == meeting_id, order=(reminder_rule.c.id,))

    async def save_rule(self, rule: ReminderRule) -> None:
        """Insert or replace the rule."""
        await self._rules.save(rule)

    async def draft(self, draft_id: str) -> Draft | None:
        """Return the draft, or None."""
        return await self._drafts.get(id=draft_id)

    async def drafts(self, member_id: str) -> tuple[Draft, ...]:
        """Return a member's drafts, the latest first."""
        return await self._drafts.all(draft.c.member_id == member_id, order=(draft.c["at"].desc(), draft.c.id))

    async def save_draft(self, draft_: Draft) -> None:
        """Insert or replace the draft."""
        await self._drafts.save(draft_)

    async def delete_draft(self, draft_id: str) -> bool:
        """Delete the draft; False if it was gone already."""
        gone = sa.delete(draft).where(draft.c.id == draft_id).returning(draft.c.id)
        return await self._session.scalar(gone) is not None

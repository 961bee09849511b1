"""Due work: planned once, claimed by one owner at a time, never sent twice without a look.

Each change of state is one guarded UPDATE: it says which state and which owner it starts from, and its caller learns
whether it happened. PostgreSQL's replicas pick rows with SKIP LOCKED; on SQLite the transaction is the only writer.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot.duework import OPEN_STATES, Backlog, DueWork, NewWork, Reason, State
from bot.messages import MessageRef
from storage.clocks import LeaseClock
from storage.records import dialect, insert_for, values_of
from storage.tables import LEASED, due_work, due_work_event

FREE: dict[str, Any] = {"owner": None, "lease_run": None, "lease_until": None}
"""What a row loses when it is held no more: whoever finds their own name in it holds it."""

row = due_work.c
WORK = [row[field.name] for field in fields(DueWork)]

MOST_IDS = 10_000
"""SQLite takes 32,766 parameters (https://www.sqlite.org/limits.html), PostgreSQL's protocol 32,767."""

UNSENT = sa.and_(row.state == State.PENDING, row.maybe_sent.is_(False))
"""Pending, and certainly not sent."""


def idempotency_key(key: str) -> str:
    """Return 24 letters and digits that stand for a key: the same for ever, also in a restored or copied database."""
    return base64.b32encode(hashlib.sha256(key.encode()).digest()[:15]).decode().lower()


KEEP_REF = sa.update(due_work).where(row.id == sa.bindparam("the_id")).values(sent=sa.bindparam("the_ref"))


@lru_cache
def _planning(kind: str) -> sa.Insert:
    """The statement that plans, made once: there may be thousands of rows to plan at a time."""
    insert = insert_for(kind, due_work)
    changes: dict[str, sa.ColumnElement[Any]] = {
        name: insert.excluded[name] for name in ("due", "useful_until", "payload", "version")
    }
    changes["cause"] = sa.func.coalesce(sa.func.nullif(insert.excluded.cause, ""), row.cause)
    return insert.on_conflict_do_update(index_elements=[row.idempotency_key], set_=changes, where=UNSENT)


def _row(work: NewWork) -> dict[str, Any]:
    again = work.first_try is not None
    state = State.UNCERTAIN if again and work.target else State.PENDING
    new = {"idempotency_key": idempotency_key(work.key), "state": state, "attempt": 0, "maybe_sent": again}
    return values_of(work) | new


class SqlDueWorkRepository:
    """Due work in the database."""

    def __init__(self, session: AsyncSession, clock: LeaseClock) -> None:
        self._session = session
        self._clock = clock
        self._planned = False

    @property
    def planned(self) -> bool:
        """Whether anything was planned through it."""
        return self._planned

    async def plan(self, work: NewWork) -> None:
        """Insert, or update what is pending; what may have been sent already stays as it is, to be looked for.

        A message that may have been sent before it is planned here is uncertain from the start.
        """
        await self.plan_many([work])

    async def plan_many(self, works: Iterable[NewWork]) -> None:
        """Plan each, in this order."""
        rows = [_row(work) for work in works]
        if rows:
            self._planned = True
            await self._session.execute(_planning(dialect(self._session)), rows)

    async def withdraw(self, subject: str, kinds: Sequence[str], reason: Reason) -> int:
        """Skip what is pending and certainly unsent; the rest is looked at again by its kind when its moment comes."""
        about = sa.and_(row.subject == subject, row.kind.in_(kinds))
        return len(await self._change(about & UNSENT, None, state=State.SKIPPED, reason=reason))

    async def about(self, subject: str, kinds: Sequence[str]) -> tuple[DueWork, ...]:
        """Return all work of these kinds about a subject, in any state, the oldest first."""
        query = sa.select(*WORK).where(row.subject == subject, row.kind.in_(kinds)).order_by(row.id)
        return tuple(DueWork(**found) for found in (await self._session.execute(query)).mappings())

    async def failed_since(self, since: datetime, limit: int) -> tuple[int, tuple[DueWork, ...]]:
        """Return how much work failed after an instant, and the latest of it."""
        failed = sa.and_(row.state == State.FAILED, row.finished_at > since)
        count = await self._session.scalar(sa.select(sa.func.count()).where(failed))
        query = sa.select(*WORK).where(failed).order_by(row.finished_at.desc(), row.id.desc()).limit(limit)
        found = (await self._session.execute(query)).mappings()
        return int(count or 0), tuple(DueWork(**each) for each in found)

    async def waiting(self, member_id: str, kinds: Sequence[str]) -> tuple[DueWork, ...]:
        """Return a member's work of these kinds that is still to be done, the earliest first."""
        theirs = sa.and_(row.member_id == member_id, row.kind.in_(kinds), row.state.in_(OPEN_STATES))
        query = sa.select(*WORK).where(theirs).order_by(row.due, row.id)
        return tuple(DueWork(**found) for found in (await self._session.execute(query)).mappings())

    async def next_due(self) -> datetime | None:
        """Return when the earliest pending work falls due, other than what waits to be tried again."""
        pending = sa.select(row.due).where(row.state == State.PENDING, self._not_waiting())
        due: datetime | None = await self._session.scalar(pending.order_by(row.due).limit(1))
        return due

    async def backlog(self, now: datetime) -> Backlog:
        """Return what is still to be done."""
        still = row.state.in_(OPEN_STATES)
        counted = sa.select(row.state, sa.func.count()).where(still).group_by(row.state)
        counts: dict[State, int] = dict(iter(await self._session.execute(counted)))
        since = sa.select(sa.func.min(row.due)).where(still, row.due <= now)
        first: datetime | None = await self._session.scalar(since)
        return Backlog({state: counts.get(state, 0) for state in OPEN_STATES}, first)

    async def get(self, work_id: int) -> DueWork | None:
        """Return the work, or None."""
        found = (await self._session.execute(sa.select(*WORK).where(row.id == work_id))).mappings().first()
        return None if found is None else DueWork(**found)

    async def claim(self, now: datetime, owner: str, limit: int, lease_seconds: float) -> tuple[DueWork, ...]:
        """Take pending work that is due, for ``lease_seconds``: what is soonest useless first."""
        due = sa.and_(row.state == State.PENDING, row.due <= now, self._not_waiting())
        order = (row.useful_until.asc().nulls_last(), row.due, row.id)
        picked = self._pick(due, order, limit)
        claimed = await self._update(picked, state=State.CLAIMED, **self._lease(owner, lease_seconds))
        await self._log([work.id for work in claimed], owner, None)
        return tuple(sorted(claimed, key=_urgency))

    async def fence(self, work_id: int, owner: str, margin_seconds: float) -> bool:
        """Mark a claimed row as sending, and maybe sent, if this owner's lease still holds for the margin."""
        return work_id in await self.fence_many([work_id], owner, margin_seconds)

    async def fence_many(self, work_ids: Collection[int], owner: str, margin_seconds: float) -> frozenset[int]:
        """Fence each; return those for which the lease still holds."""
        if not work_ids:
            return frozenset()
        claimed = sa.and_(self._held(work_ids, owner), row.state == State.CLAIMED)
        in_time = row.lease_until > self._clock.after(margin_seconds)
        first_try = sa.func.coalesce(row.first_try, self._clock.after(0))
        change = {"maybe_sent": True, "first_try": first_try, "attempt": row.attempt + 1}
        return await self._change(claimed & in_time, owner, state=State.SENDING, **change)

    async def recover(
        self, owner: str, *, uncertain_after_seconds: float, lease_seconds: float, limit: int
    ) -> tuple[DueWork, ...]:
        """Free what dead owners held, and take what is uncertain for long enough, to look for it.

        ``LEASED`` is said in the index's own words and the order begins with its column: only so does SQLite use it.
        """
        unheld = sa.or_(row.owner.is_(None), self._lost())
        if not await self._session.scalar(sa.select(row.id).where(LEASED, unheld).order_by(row.lease_until).limit(1)):
            return ()
        for state, back in ((State.CLAIMED, State.PENDING), (State.SENDING, State.UNCERTAIN)):
            lost = self._pick(sa.and_(LEASED, row.state == state, self._lost()), (row.lease_until, row.id), None)
            await self._change(lost, None, state=back, reason=Reason.LEASE_LOST, **FREE)
        old = row.first_try <= self._clock.after(-uncertain_after_seconds)
        picked = self._pick(sa.and_(LEASED, row.state == State.UNCERTAIN, unheld, old), (row.first_try, row.id), limit)
        taken = await self._update(picked, **self._lease(owner, lease_seconds))
        return tuple(sorted(taken, key=_urgency))

    async def done(self, work_id: int, owner: str, ref: MessageRef | None, at: datetime) -> bool:
        """Mark as done; False if this owner no longer holds the row."""
        return work_id in await self.done_many({work_id: ref}, owner, at)

    async def done_many(self, refs: Mapping[int, MessageRef | None], owner: str, at: datetime) -> frozenset[int]:
        """Mark each as done, with where its message is; return those that this owner still holds."""
        change = {"finished_at": at, "reason": None, **FREE}
        held = await self._change(self._held(refs, owner), owner, state=State.DONE, **change)
        kept = [{"the_id": work_id, "the_ref": refs[work_id]} for work_id in sorted(held) if refs[work_id]]
        if kept:
            await self._session.execute(KEEP_REF, kept)
        return held

    async def retry(
        self, work_id: int, owner: str, *, after_seconds: float, reason: str, clear_maybe_sent: bool
    ) -> bool:
        """Make pending again; ``clear_maybe_sent`` says that it is certainly unsent, so the next try is the first.

        A try that came to nothing before the fence is counted here, unless it is given back at once, untried.
        """
        tried = sa.case((row.state == State.CLAIMED, row.attempt + 1), else_=row.attempt)
        change: dict[str, Any] = {"retry_at": self._clock.after(after_seconds), "reason": reason, **FREE}
        if after_seconds > 0:
            change["attempt"] = tried
        if clear_maybe_sent:
            change |= {"maybe_sent": False, "first_try": None}
        return bool(await self._change(self._held([work_id], owner), owner, state=State.PENDING, **change))

    async def uncertain(self, work_id: int, owner: str, reason: str) -> bool:
        """Mark as uncertain. After a send the lease ends at once; after a look that failed it runs out first."""
        sending = row.state == State.SENDING
        free = {name: sa.case((sending, sa.null()), else_=row[name]) for name in FREE}
        held = self._held([work_id], owner) & row.maybe_sent.is_(True)
        return bool(await self._change(held, owner, state=State.UNCERTAIN, reason=reason, **free))

    async def end(self, work_id: int, owner: str, *, failed: bool, reason: str, at: datetime) -> bool:
        """Mark as failed or skipped, with the reason."""
        state = State.FAILED if failed else State.SKIPPED
        change = {"finished_at": at, "reason": reason, **FREE}
        return bool(await self._change(self._held([work_id], owner), owner, state=state, **change))

    def _not_waiting(self) -> sa.ColumnElement[bool]:
        return sa.or_(row.retry_at.is_(None), row.retry_at <= self._clock.after(0))

    def _lost(self) -> sa.ColumnElement[bool]:
        return sa.or_(row.lease_until <= self._clock.after(0), row.lease_run != self._clock.run)

    def _held(self, work_ids: Iterable[int], owner: str) -> sa.ColumnElement[bool]:
        return sa.and_(row.id.in_(sorted(work_ids)), row.owner == owner, row.lease_run == self._clock.run)

    def _lease(self, owner: str, seconds: float) -> dict[str, Any]:
        return {"owner": owner, "lease_run": self._clock.run, "lease_until": self._clock.after(seconds)}

    def _pick(
        self, condition: sa.ColumnElement[bool], order: Sequence[sa.ColumnElement[Any]], limit: int | None
    ) -> sa.ColumnElement[bool]:
        """Choose rows that nobody else is choosing, once: a CTE that locks is never evaluated twice."""
        chosen = sa.select(row.id).where(condition).order_by(*order).limit(limit).with_for_update(skip_locked=True)
        return row.id.in_(sa.select(chosen.cte("picked").c.id))

    async def _change(
        self, condition: sa.ColumnElement[bool], by: str | None, *, state: State, **change: Any
    ) -> frozenset[int]:
        """Change the state of the rows that meet the condition, log each change, and return their ids."""
        statement = sa.update(due_work).where(condition).values(state=state, **change).returning(row.id)
        changed = frozenset((await self._session.execute(statement)).scalars())
        await self._log(changed, by, change.get("reason"))
        return changed

    async def _log(self, work_ids: Collection[int], by: str | None, reason: str | None) -> None:
        """Log the state that rows were brought into; so many at a time as a statement may have parameters."""
        told = (sa.literal(by, sa.Text), sa.literal(reason, sa.Text))
        ids = sorted(work_ids)
        for start in range(0, len(ids), MOST_IDS):
            copied = sa.select(row.id, self._clock.after(0), row.state, *told)
            logged = copied.where(row.id.in_(ids[start : start + MOST_IDS]))
            columns = ["work_id", "at", "state", "owner", "reason"]
            await self._session.execute(sa.insert(due_work_event).from_select(columns, logged))

    async def _update(self, condition: sa.ColumnElement[bool], **change: Any) -> list[DueWork]:
        statement = sa.update(due_work).where(condition).values(**change).returning(*WORK)
        return [DueWork(**found) for found in (await self._session.execute(statement)).mappings()]


def _urgency(work: DueWork) -> tuple[bool, datetime, datetime, int]:
    return (work.useful_until is None, work.useful_until or work.due, work.due, work.id)

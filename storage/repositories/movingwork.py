"""The due work of a member who becomes one with another: told once, and what is on its way is left alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot.duework import OPEN_STATES, Reason, State
from storage.clocks import LeaseClock
from storage.repositories.due_work import FREE, idempotency_key
from storage.tables import due_work, due_work_event

row = due_work.c
UNSENT = sa.and_(row.state.in_((State.PENDING, State.CLAIMED)), row.maybe_sent.is_(False))
"""Still to be done and certainly unsent: a claim without a fence is taken back, and its owner finds it gone."""
ENDED = (State.SKIPPED, State.FAILED)


async def move_work(session: AsyncSession, clock: LeaseClock, kept: str, gone: str) -> None:
    """Make the work of ``gone`` the work of ``kept``; of two pieces that are the same, one stays to be done.

    Work is the same when its key is, but for the member in it. What is on its way keeps its key, by which it is
    looked for on the platform.
    """
    await _name_in_payloads(session, kept, gone)
    mine = {each["key"]: each for each in await _work_of(session, kept)}
    superseded = []
    for theirs in await _work_of(session, gone):
        key = ":".join(kept if part == gone else part for part in theirs["key"].split(":"))
        same = mine.get(key)
        if same is None:
            await _rename(session, theirs, key)
        elif same["state"] in ENDED or theirs["state"] in ENDED:
            continue
        elif _unsent(theirs):
            superseded.append(theirs["id"])
        elif _unsent(same):
            superseded.append(same["id"])
    await _supersede(session, clock, superseded)
    waiting = sa.and_(row.member_id == gone, row.state == State.CLAIMED, UNSENT)
    await session.execute(sa.update(due_work).where(waiting).values(state=State.PENDING, **FREE))


async def _work_of(session: AsyncSession, member_id: str) -> Sequence[sa.RowMapping]:
    """Return a member's work, locked: its owners wait, and then find what became of it."""
    query = sa.select(row.id, row.key, row.state, row.maybe_sent).where(row.member_id == member_id)
    return (await session.execute(query.order_by(row.id).with_for_update())).mappings().all()


def _unsent(work: sa.RowMapping) -> bool:
    return work["state"] in (State.PENDING, State.CLAIMED) and not work["maybe_sent"]


async def _rename(session: AsyncSession, work: sa.RowMapping, key: str) -> None:
    """Give work the key that planning it for the kept member would give it, unless it is on its way."""
    if key != work["key"] and (_unsent(work) or work["state"] not in OPEN_STATES):
        change = {"key": key, "idempotency_key": idempotency_key(key)}
        await session.execute(sa.update(due_work).where(row.id == work["id"]).values(change))


async def _supersede(session: AsyncSession, clock: LeaseClock, ids: Sequence[int]) -> None:
    change = {"state": State.SKIPPED, "reason": Reason.SUPERSEDED, **FREE}
    for id_ in ids:
        await session.execute(sa.update(due_work).where(row.id == id_).values(change))
        copied = (row.id, clock.after(0), row.state, sa.null(), row.reason)
        columns = ["work_id", "at", "state", "owner", "reason"]
        logged = sa.select(*copied).where(row.id == id_)
        await session.execute(sa.insert(due_work_event).from_select(columns, logged))


async def _name_in_payloads(session: AsyncSession, kept: str, gone: str) -> None:
    """Other people's work that names the member (a report to an organizer) goes on naming them."""
    named = sa.cast(row.payload, sa.Text).contains(gone, autoescape=True)
    query = sa.select(row.id, row.payload).where(row.state.in_(OPEN_STATES), named)
    for id_, payload in (await session.execute(query)).all():
        change = {"payload": with_member(payload, kept, gone)}
        await session.execute(sa.update(due_work).where(row.id == id_).values(change))


def with_member(values: Mapping[str, Any], kept: str, gone: str) -> dict[str, Any]:
    """Return values by name, with one member's id in the place of another's."""
    return {name: kept if value == gone else value for name, value in values.items()}

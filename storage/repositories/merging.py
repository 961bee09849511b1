"""Two members become one: everything that refers to the one who goes refers to the one who stays.

The columns are found by their marks (see ``storage.tables``). Where a table holds a member's row only once (an answer
to an occurrence, say), both may have one: ``CLASHES`` says which stays.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot.features.rooms.model import RouteState
from storage.clocks import LeaseClock
from storage.repositories.movingwork import move_work, with_member
from storage.tables import (
    action,
    breakout,
    feedback,
    identity,
    link_code,
    member,
    metadata,
    placement,
    route,
    rsvp,
    written_language,
)

Settle = Callable[[AsyncSession, str, str], Awaitable[None]]
Better = Callable[[sa.FromClause, sa.FromClause], sa.ColumnElement[bool]]


async def merge(session: AsyncSession, clock: LeaseClock, kept: str, gone: str, at: datetime) -> None:
    """Move everything of ``gone`` to ``kept`` and delete the emptied member; both must be locked."""
    for table in metadata.sorted_tables:
        if table in CLASHES:
            await CLASHES[table](session, kept, gone)
    await move_work(session, clock, kept, gone)
    await _move_identities(session, kept, gone, at)
    await _move_actions(session, kept, gone)
    for table in metadata.sorted_tables:
        if table is not member:
            await _move(session, table, kept, gone)
    await session.execute(sa.delete(member).where(member.c.id == gone))


async def _move(session: AsyncSession, table: sa.Table, kept: str, gone: str) -> None:
    for column in table.columns:
        if column.info.get("member"):
            await session.execute(sa.update(table).where(column == gone).values({column: kept}))


async def _move_identities(session: AsyncSession, kept: str, gone: str, at: datetime) -> None:
    """The accounts that come are used after those that are there."""
    count = await session.scalar(sa.select(sa.func.max(identity.c.ordinal)).where(identity.c.member_id == kept))
    first = 0 if count is None else count + 1
    change = {"member_id": kept, "ordinal": identity.c.ordinal + first, "linked_at": at}
    await session.execute(sa.update(identity).where(identity.c.member_id == gone).values(change))


async def _move_actions(session: AsyncSession, kept: str, gone: str) -> None:
    """A button made for the one who goes works for the one who stays: its id is in messages, and stays too."""
    theirs = sa.select(action.c.id, action.c.args).where(action.c.member_id == gone)
    for id_, args in (await session.execute(theirs)).all():
        change = {"args": with_member(args, kept, gone), "member_id": kept}
        await session.execute(sa.update(action).where(action.c.id == id_).values(change))


# --- what both have --------------------------------------------------------------------------------------------------


def _keep_better(table: sa.Table, same: tuple[str, ...], better: Better) -> Settle:
    """Of two rows with the same key but for the member, keep the better one: the kept member's if neither is."""

    def twin(theirs: sa.FromClause) -> sa.ColumnElement[bool]:
        return sa.and_(*(theirs.c[name] == table.c[name] for name in same))

    async def settle(session: AsyncSession, kept: str, gone: str) -> None:
        other = table.alias("other")
        outdone = sa.exists().where(other.c.member_id == gone, twin(other), better(other, table))
        await session.execute(sa.delete(table).where(table.c.member_id == kept, outdone))
        there = sa.exists().where(other.c.member_id == kept, twin(other))
        await session.execute(sa.delete(table).where(table.c.member_id == gone, there))

    return settle


def _newer(name: str) -> Better:
    return lambda theirs, ours: theirs.c[name] > ours.c[name]


def _decided_or_newer(theirs: sa.FromClause, ours: sa.FromClause) -> sa.ColumnElement[bool]:
    """A proposal that was decided outdoes one that was not; else the later one counts."""
    open_theirs, open_ours = (each.c.state == RouteState.PROPOSED for each in (theirs, ours))
    newer = sa.and_(open_theirs == open_ours, theirs.c.proposed_at > ours.c.proposed_at)
    return sa.or_(sa.and_(sa.not_(open_theirs), open_ours), newer)


async def _add_up(session: AsyncSession, kept: str, gone: str) -> None:
    """Count the messages of both."""
    ours = written_language
    theirs = ours.alias("theirs")
    same = sa.and_(theirs.c.member_id == gone, theirs.c.language == ours.c.language)
    count = sa.select(theirs.c["count"]).where(same).scalar_subquery()
    both = sa.and_(ours.c.member_id == kept, sa.exists().where(same))
    await session.execute(sa.update(ours).where(both).values({"count": ours.c["count"] + count}))
    known = sa.select(theirs.c.language).where(theirs.c.member_id == kept)
    await session.execute(sa.delete(ours).where(ours.c.member_id == gone, ours.c.language.in_(known)))


async def _one_seat(session: AsyncSession, kept: str, gone: str) -> None:
    """Who sits in two groups of an occurrence keeps the kept member's seat."""
    mine = placement.alias("mine")
    seated = sa.select(breakout.c.occurrence_id).join(mine).where(mine.c.member_id == kept)
    groups = sa.select(breakout.c.id).where(breakout.c.occurrence_id.in_(seated))
    twice = sa.and_(placement.c.member_id == gone, placement.c.breakout_id.in_(groups))
    await session.execute(sa.delete(placement).where(twice))


async def _void(session: AsyncSession, kept: str, gone: str) -> None:
    """A code that either asked for is of no use any more."""
    await session.execute(sa.delete(link_code).where(link_code.c.member_id.in_((kept, gone))))


CLASHES: Mapping[sa.Table, Settle] = {
    rsvp: _keep_better(rsvp, ("occurrence_id",), _newer("at")),
    feedback: _keep_better(feedback, ("resource_id",), _newer("at")),
    route: _keep_better(route, ("language",), _decided_or_newer),
    written_language: _add_up,
    placement: _one_seat,
    link_code: _void,
}


def once_each(table: sa.Table) -> bool:
    """Whether a member can have something in this table only once, so that two members' rows may clash."""
    unique: list[Any] = [table.primary_key]
    unique += [rule for rule in table.constraints if isinstance(rule, sa.UniqueConstraint)]
    unique += [index for index in table.indexes if index.unique]
    return table is not member and any(column.info.get("member") for rule in unique for column in rule.columns)

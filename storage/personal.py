"""What is kept about one member, read and erased by the marks on the columns (see ``storage.tables``)."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from datetime import date, datetime, time
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot.duework import OPEN_STATES
from bot.ports import PersonalRecords
from storage.tables import due_work, metadata, privacy_record


class SqlPersonalStore:
    """Personal data in the database."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def records(self) -> frozenset[str]:
        """Return the names of the tables with a member in them."""
        return frozenset(table.name for table in metadata.tables.values() if _columns(table))

    async def export(self, record: str, member_id: str) -> list[dict[str, Any]]:
        """Return the rows about a member, ready for JSON; other members' ids in them are left out."""
        table = metadata.tables[record]
        columns = _columns(table)
        query = sa.select(table).where(_any_is(columns, member_id)).order_by(*table.primary_key)
        others = {column.name for column in columns}
        rows = (await self._session.execute(query)).mappings()
        return [
            {name: _plain(value) for name, value in row.items() if name not in others or value == member_id}
            for row in rows
        ]

    async def erase(self, record: PersonalRecords, member_id: str) -> int:
        """Delete the member's rows, or take the member out of them; return how many rows were touched.

        Even where rows are deleted, other people's that merely name the member stay, without the name. The member's
        own record comes last. Raises ValueError if they cannot be taken out of rows that mean nothing without them.
        """
        table = metadata.tables[record.record]
        if table is due_work:
            return await self._erase_work(member_id)
        columns = _columns(table)
        owners = [column for column in columns if column.info["owner"]]
        touched = 0
        if record.erase == "delete":
            touched = await self._run(sa.delete(table).where(_any_is(owners, member_id)))
            columns = [column for column in columns if column not in owners]
        for column in columns:
            if not column.nullable:
                msg = f"{record.record} cannot be kept without its member"
                raise ValueError(msg)
            touched += await self._run(sa.update(table).where(column == member_id).values({column: None}))
        return touched

    async def note(self, at: datetime, action: str, by: str) -> None:
        """Keep that an export or erasure was done, and through which door."""
        await self._session.execute(sa.insert(privacy_record).values(at=at, action=action, by=by))

    async def notes(self) -> tuple[tuple[datetime, str, str], ...]:
        """Return when what was done through which door, the oldest first."""
        kept = privacy_record.c
        rows = await self._session.execute(sa.select(kept.at, kept.action, kept.by).order_by(kept.id))
        return tuple((at, action, by) for at, action, by in rows)

    async def _erase_work(self, member_id: str) -> int:
        """Delete what is still to be done; keep that something was done, but not what, where, or for whom."""
        theirs = due_work.c.member_id == member_id
        deleted = await self._run(sa.delete(due_work).where(theirs, due_work.c.state.in_(OPEN_STATES)))
        nothing: dict[str, Any] = {"member_id": None, "target": None, "sent": None, "payload": {}}
        nothing |= {"subject": "", "cause": ""}
        hidden = sa.literal("erased:") + due_work.c.idempotency_key
        return deleted + await self._run(sa.update(due_work).where(theirs).values(key=hidden, **nothing))

    async def _run(self, statement: sa.Delete | sa.Update) -> int:
        result = cast(sa.CursorResult[Any], await self._session.execute(statement))
        return result.rowcount


def _columns(table: sa.Table) -> list[sa.Column[Any]]:
    return [column for column in table.columns if column.info.get("member")]


def _any_is(columns: list[sa.Column[Any]], member_id: str) -> sa.ColumnElement[bool]:
    return sa.or_(sa.false(), *(column == member_id for column in columns))


def _plain(value: Any) -> Any:
    """A value as JSON has it: times as ISO 8601 text, tuples as lists, dataclasses as objects."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return list(value) if isinstance(value, tuple) else value

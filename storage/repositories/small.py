"""The small ones: what controls stand for, facts about the installation, events that were handled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import Call
from storage.records import dialect, insert_for, upsert
from storage.tables import action, seen, setting


class SqlActionRepository:
    """Calls by their opaque ids."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def save(self, actions: Mapping[str, Call]) -> None:
        """Remember what each id stands for; a call with an argument ``for`` is that member's."""
        rows = [
            {"id": id_, "command": call.command, "args": call.args, "member_id": call.args.get("for")}
            for id_, call in actions.items()
        ]
        await upsert(self._session, action, rows)

    async def get(self, action_id: str) -> Call | None:
        """Return the call, or None."""
        found = (await self._session.execute(sa.select(action).where(action.c.id == action_id))).first()
        return None if found is None else Call(found.command, found.args)


class SqlSettingRepository:
    """Facts by name."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, name: str) -> str | None:
        """Return the value, or None."""
        return await self._session.scalar(sa.select(setting.c.value).where(setting.c.name == name))

    async def set(self, name: str, value: str) -> None:
        """Insert or replace the value."""
        await upsert(self._session, setting, [{"name": name, "value": value}])


@cache
def _new(kind: str) -> sa.Insert:
    return insert_for(kind, seen).on_conflict_do_nothing(index_elements=["id"]).returning(seen.c.id)


class SqlSeenRepository:
    """Ids of events."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def first_time(self, inbound_id: str, at: datetime) -> bool:
        """Remember an event; False if it was there."""
        new = _new(dialect(self._session))
        return await self._session.scalar(new, {"id": inbound_id, "at": at}) is not None

    async def forget_before(self, at: datetime) -> None:
        """Forget the events remembered before an instant."""
        await self._session.execute(sa.delete(seen).where(seen.c.at < at))

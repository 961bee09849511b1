"""Breakout groups and who sits in them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot.features.breakouts.model import Breakout, Placement
from storage.records import Records
from storage.tables import breakout, placement


class SqlBreakoutRepository:
    """Breakouts in the database."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._groups = Records(session, breakout, Breakout)
        self._placements = Records(session, placement, Placement)

    async def groups(self, occurrence_id: str, item_id: str | None = None) -> tuple[Breakout, ...]:
        """Return the groups of an occurrence, or of one of its items, in order."""
        conditions = [breakout.c.occurrence_id == occurrence_id]
        if item_id is not None:
            conditions.append(breakout.c.item_id == item_id)
        return await self._groups.all(*conditions, order=(breakout.c.item_id, breakout.c.position, breakout.c.id))

    async def save_groups(self, groups: Sequence[Breakout]) -> None:
        """Insert or replace these groups."""
        await self._groups.save(*groups)

    async def placements(self, occurrence_id: str) -> tuple[Placement, ...]:
        """Return every seat of an occurrence, in the order of groups and members."""
        return await self._placements.all(_at(occurrence_id), order=(placement.c.breakout_id, placement.c.member_id))

    async def replace_placements(self, occurrence_id: str, placements: Sequence[Placement]) -> None:
        """Make these the seats of an occurrence."""
        await self._session.execute(sa.delete(placement).where(_at(occurrence_id)))
        await self._placements.save(*placements)


def _at(occurrence_id: str) -> sa.ColumnElement[bool]:
    groups = sa.select(breakout.c.id).where(breakout.c.occurrence_id == occurrence_id)
    return placement.c.breakout_id.in_(groups)

"""Codes for linking accounts, and how many were tried in vain."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from storage.records import dialect, upsert
from storage.tables import link_code, link_try

TRIES_LOCK = 4_276_352
"""PostgreSQL's advisory lock under which tries are counted one after the other; any number nobody else uses."""


class LinkCodes:
    """The codes and the tries in the database; a code is kept as a digest only."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def save_code(self, member_id: str, digest: str, expires_at: datetime, now: datetime) -> None:
        """Keep a code in place of the member's earlier one; forget those that have expired."""
        await self._session.execute(sa.delete(link_code).where(link_code.c.expires_at <= now))
        row = {"member_id": member_id, "digest": digest, "expires_at": expires_at}
        await upsert(self._session, link_code, [row])

    async def asked_for(self, digest: str, now: datetime) -> str | None:
        """Return the id of the member whose code this is, if it is still good."""
        query = sa.select(link_code.c.member_id).where(_good(digest, now))
        found: str | None = await self._session.scalar(query)
        return found

    async def use_code(self, digest: str, now: datetime) -> bool:
        """Use up a code; False if it is no longer good."""
        used = sa.delete(link_code).where(_good(digest, now)).returning(link_code.c.member_id)
        return await self._session.scalar(used) is not None

    async def failed_tries(self, member_id: str, since: datetime) -> tuple[int, int]:
        """Return how many codes the member, and everybody, tried in vain after an instant; forget older ones."""
        if dialect(self._session) == "postgresql":
            await self._session.execute(sa.select(sa.func.pg_advisory_xact_lock(TRIES_LOCK)))
        await self._session.execute(sa.delete(link_try).where(link_try.c["at"] <= since))
        own = sa.func.count().filter(link_try.c.member_id == member_id)
        mine, everybody = (await self._session.execute(sa.select(own, sa.func.count()).select_from(link_try))).one()
        return mine, everybody

    async def add_failed_try(self, member_id: str, at: datetime) -> None:
        """Count one more code tried in vain."""
        await self._session.execute(sa.insert(link_try).values(member_id=member_id, at=at))


def _good(digest: str, now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(link_code.c.digest == digest, link_code.c.expires_at > now)

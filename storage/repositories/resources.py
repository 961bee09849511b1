"""The library, and what members thought of it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot.features.resources.model import Feedback, Resource
from storage.records import Records
from storage.search import index_resource
from storage.tables import feedback, resource


class SqlResourceRepository:
    """The library in the database."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._resources = Records(session, resource, Resource)
        self._feedback = Records(session, feedback, Feedback)

    async def get(self, resource_id: str) -> Resource | None:
        """Return the resource, or None."""
        return await self._resources.get(id=resource_id)

    async def save(self, resource_: Resource) -> None:
        """Insert or replace the resource, and index it for search."""
        await self._resources.save(resource_)
        await index_resource(self._session, resource_)

    async def all(self) -> tuple[Resource, ...]:
        """Return the whole library, by address."""
        return await self._resources.all(order=(resource.c.url, resource.c.id))

    async def count(self) -> int:
        """Return how many resources there are."""
        return int(await self._session.scalar(sa.select(sa.func.count()).select_from(resource)) or 0)

    async def at_host(self, host: str) -> tuple[Resource, ...]:
        """Return every resource whose address holds a host's name; SQLite knows small letters in ASCII alone."""
        holds = sa.func.lower(resource.c.url).contains(host, autoescape=True)
        return await self._resources.all(holds if host.isascii() else sa.true(), order=(resource.c.url, resource.c.id))

    async def save_feedback(self, feedback_: Feedback) -> None:
        """Insert or replace what a member thought of a resource."""
        await self._feedback.save(feedback_)

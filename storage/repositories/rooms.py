"""Rooms with their channels, routes, and what members wrote where."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot.features.rooms.model import Room, Route
from bot.messages import ChannelRef
from storage.records import Records, insert_into, upsert
from storage.tables import room, room_channel, route, written_language


class SqlRoomRepository:
    """Rooms and routes in the database."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._routes = Records(session, route, Route)

    async def all(self) -> tuple[Room, ...]:
        """Return every room, in the order of their ids."""
        return await self._rooms()

    async def get(self, room_id: str) -> Room | None:
        """Return the room, or None."""
        return next(iter(await self._rooms(room.c.id == room_id)), None)

    async def by_channel(self, channel: ChannelRef) -> Room | None:
        """Return the room whose channel this is, or None."""
        is_channel = sa.and_(
            room_channel.c.platform == channel.platform,
            room_channel.c.workspace == channel.workspace,
            room_channel.c.channel == channel.channel,
        )
        found = await self._session.scalar(sa.select(room_channel.c.room_id).where(is_channel))
        return None if found is None else await self.get(found)

    async def save(self, room_: Room) -> None:
        """Insert or replace the room and its channels."""
        row = {"id": room_.id, "name": room_.name, "purpose": room_.purpose, "language": room_.language}
        await upsert(self._session, room, [row])
        await self._session.execute(sa.delete(room_channel).where(room_channel.c.room_id == room_.id))
        await upsert(self._session, room_channel, _channel_rows(room_))

    async def route(self, member_id: str, language: str) -> Route | None:
        """Return the proposal that was made to a member for a language, or None."""
        return await self._routes.get(member_id=member_id, language=language)

    async def save_route(self, route_: Route) -> None:
        """Insert or replace the proposal; leaving the unit of work raises Conflict if there is another one."""
        await self._routes.save(route_)

    async def count_written(self, member_id: str, language: str) -> int:
        """Count one more message; return the new count."""
        count = written_language.c["count"]
        insert = insert_into(self._session, written_language)
        first = insert.values(member_id=member_id, language=language, count=1)
        counted = first.on_conflict_do_update(index_elements=["member_id", "language"], set_={"count": count + 1})
        return int(await self._session.scalar(counted.returning(count)) or 0)

    async def _rooms(self, *conditions: sa.ColumnElement[bool]) -> tuple[Room, ...]:
        rows = (await self._session.execute(sa.select(room).where(*conditions).order_by(room.c.id))).all()
        of_them = room_channel.c.room_id.in_([row.id for row in rows])
        query = sa.select(room_channel).where(of_them).order_by(room_channel.c.position)
        channels: dict[str, list[ChannelRef]] = {row.id: [] for row in rows}
        for found in await self._session.execute(query):
            channels[found.room_id].append(ChannelRef(found.platform, found.workspace, found.channel))
        return tuple(Room(row.id, row.name, row.purpose, row.language, tuple(channels[row.id])) for row in rows)


def _channel_rows(room_: Room) -> list[dict[str, Any]]:
    return [
        {
            "platform": channel.platform,
            "workspace": channel.workspace,
            "channel": channel.channel,
            "room_id": room_.id,
            "position": position,
        }
        for position, channel in enumerate(room_.channels)
    ]

"""Members and their identities."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot.features.members.model import Identity, Member
from bot.messages import UserRef
from storage.records import Records, insert_into, values_of
from storage.tables import identity, member

FIRST_USED = (identity.c.ordinal, *identity.primary_key)


class SqlMemberRepository:
    """Members and their identities in the database."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._members = Records(session, member, Member)

    async def get(self, member_id: str) -> Member | None:
        """Return the member, or None."""
        return await self._members.first(member.c.id == member_id)

    async def by_user(self, user: UserRef) -> Member | None:
        """Return the member who is this user on a platform, or None."""
        is_user = sa.tuple_(identity.c.platform, identity.c.workspace, identity.c.user_id) == sa.tuple_(
            sa.literal(user.platform), sa.literal(user.workspace), sa.literal(user.user)
        )
        mine = sa.select(identity.c.member_id).where(is_user).scalar_subquery()
        return await self._members.first(member.c.id == mine)

    async def add(self, member_: Member, identity_: Identity) -> None:
        """Add a new member with their first identity; leaving the unit of work raises Conflict if either is taken."""
        await self._session.execute(sa.insert(member).values(**values_of(member_)))
        await self._session.execute(sa.insert(identity).values(**_identity_row(identity_), ordinal=0))

    async def save(self, member_: Member) -> None:
        """Insert or replace the member."""
        await self._members.save(member_)

    async def save_identity(self, identity_: Identity) -> None:
        """Insert or replace the identity; a new one comes after those the member has."""
        row = _identity_row(identity_)
        before = sa.select(sa.func.count()).where(identity.c.member_id == identity_.member_id)
        insert = insert_into(self._session, identity).values(**row, ordinal=before.scalar_subquery())
        await self._session.execute(insert.on_conflict_do_update(index_elements=identity.primary_key, set_=row))

    async def identities(self, member_id: str) -> tuple[Identity, ...]:
        """Return the member's identities, the one they used first at the head."""
        query = sa.select(identity).where(identity.c.member_id == member_id).order_by(*FIRST_USED)
        return tuple(_identity(row) for row in await self._session.execute(query))

    async def all_identities(self) -> tuple[Identity, ...]:
        """Return everybody's identities, each member's in the order they were first used."""
        query = sa.select(identity).order_by(identity.c.member_id, *FIRST_USED)
        return tuple(_identity(row) for row in await self._session.execute(query))

    async def all(self) -> tuple[Member, ...]:
        """Return every member, the first to join first."""
        return await self._members.all(order=(member.c.joined_at, member.c.id))

    async def reachable(self) -> tuple[tuple[Member, UserRef], ...]:
        """Return every member with the platform account they used first."""
        accounts: dict[str, UserRef] = {}
        for row in await self._session.execute(sa.select(identity).order_by(*FIRST_USED)):
            accounts.setdefault(row.member_id, _identity(row).user)
        return tuple((each, accounts[each.id]) for each in await self.all() if each.id in accounts)


def _identity_row(identity_: Identity) -> dict[str, Any]:
    user = identity_.user
    return {
        "platform": user.platform,
        "workspace": user.workspace,
        "user_id": user.user,
        "member_id": identity_.member_id,
        "locale": identity_.locale,
        "zone_hint": identity_.zone_hint,
    }


def _identity(row: sa.Row[Any]) -> Identity:
    user = UserRef(row.platform, row.workspace, row.user_id)
    return Identity(user, row.member_id, row.locale, row.zone_hint)

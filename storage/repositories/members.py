"""Members and their identities."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot.duework import State
from bot.errors import Conflict
from bot.features.members.model import Identity, Member
from bot.messages import Target, UserRef
from storage.clocks import LeaseClock
from storage.errors import CHANGED
from storage.records import Records, insert_into, values_of
from storage.repositories.due_work import FREE
from storage.repositories.linking import LinkCodes
from storage.repositories.merging import merge
from storage.repositories.movingwork import UNSENT
from storage.tables import due_work, identity, member

FIRST_USED = (identity.c.ordinal, *identity.primary_key)
BY_USER = sa.select(member).where(
    member.c.id
    == sa.select(identity.c.member_id)
    .where(*(identity.c[name] == sa.bindparam(name) for name in ("platform", "workspace", "user_id")))
    .scalar_subquery()
)
WRITTEN_TO = (identity.c.platform != member.c.preferred, *FIRST_USED)
"""The order in which a member's accounts are written to: the platform they prefer, then the one used first."""


class SqlMemberRepository(LinkCodes):
    """Members and their identities in the database."""

    def __init__(self, session: AsyncSession, clock: LeaseClock) -> None:
        super().__init__(session)
        self._clock = clock
        self._members = Records(session, member, Member)

    async def get(self, member_id: str, *, lock: bool = False) -> Member | None:
        """Return the member, or None; locked until the transaction ends (on SQLite every transaction is alone)."""
        return await self._members.get(id=member_id, lock=lock)

    async def by_user(self, user: UserRef) -> Member | None:
        """Return the member who is this user on a platform, or None."""
        account = {"platform": user.platform, "workspace": user.workspace, "user_id": user.user}
        return await self._members.one(BY_USER, account)

    async def add(self, member_: Member, identity_: Identity) -> None:
        """Add a new member with their first identity; leaving the unit of work raises Conflict if either is taken."""
        await self._session.execute(sa.insert(member).values(**values_of(member_)))
        await self._session.execute(sa.insert(identity).values(**_identity_row(identity_), ordinal=0))

    async def save(self, member_: Member) -> None:
        """Replace the member. Raises Conflict if they are gone: a change must not bring them back."""
        change = sa.update(member).where(member.c.id == member_.id).values(**values_of(member_))
        if await self._session.scalar(change.returning(member.c.id)) is None:
            raise Conflict(CHANGED)

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
        """Return every member with the platform account they are written to."""
        accounts: dict[str, UserRef] = {}
        for row in await self._session.execute(sa.select(identity).join(member).order_by(*WRITTEN_TO)):
            accounts.setdefault(row.member_id, _identity(row).user)
        return tuple((each, accounts[each.id]) for each in await self.all() if each.id in accounts)

    async def account(self, member_id: str) -> UserRef | None:
        """Return where a member is written to."""
        query = sa.select(identity).join(member).where(member.c.id == member_id).order_by(*WRITTEN_TO).limit(1)
        found = (await self._session.execute(query)).first()
        return None if found is None else _identity(found).user

    async def merge(self, kept: Member, gone_id: str, at: datetime) -> None:
        """Make two members one; see the port for what becomes of what both have."""
        await merge(self._session, self._clock, kept.id, gone_id, at)
        await self.save(kept)

    async def separate(self, user: UserRef, member_: Member) -> None:
        """Make an account a new member of its own."""
        await self._session.execute(sa.insert(member).values(**values_of(member_)))
        alone = {"member_id": member_.id, "ordinal": 0, "linked_at": None}
        await self._session.execute(sa.update(identity).where(_is_user(user)).values(**alone))

    async def readdress(self, member_id: str, user: UserRef, kinds: Sequence[str]) -> None:
        """Let unsent work go to this account; what was just claimed for another one is taken back."""
        row = due_work.c
        theirs = sa.and_(row.member_id == member_id, row.kind.in_(kinds), UNSENT)
        change = {"target": Target(user=user), "state": State.PENDING, **FREE}
        await self._session.execute(sa.update(due_work).where(theirs).values(**change))


def _is_user(user: UserRef) -> sa.ColumnElement[bool]:
    return sa.tuple_(identity.c.platform, identity.c.workspace, identity.c.user_id) == sa.tuple_(
        sa.literal(user.platform), sa.literal(user.workspace), sa.literal(user.user)
    )


def _identity_row(identity_: Identity) -> dict[str, Any]:
    user = identity_.user
    return {
        "platform": user.platform,
        "workspace": user.workspace,
        "user_id": user.user,
        "member_id": identity_.member_id,
        "locale": identity_.locale,
        "zone_hint": identity_.zone_hint,
        "admin": identity_.admin,
    }


def _identity(row: sa.Row[Any]) -> Identity:
    user = UserRef(row.platform, row.workspace, row.user_id)
    return Identity(user, row.member_id, row.locale, row.zone_hint, row.admin)

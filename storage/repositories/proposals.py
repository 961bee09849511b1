"""Resources that members propose for the library."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot.features.resources.model import Proposal, ProposalState
from storage.records import upsert, values_of
from storage.tables import proposal


class SqlProposalRepository:
    """Proposals in the database; one whose member was forgotten has the empty text as its member."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, proposal_id: str, *, lock: bool = False) -> Proposal | None:
        """Return the proposal, or None; locked until the transaction ends (on SQLite every transaction is alone)."""
        query = sa.select(proposal).where(proposal.c.id == proposal_id)
        found = (await self._session.execute(query.with_for_update() if lock else query)).mappings()
        return next((_proposal(row) for row in found), None)

    async def save(self, proposal_: Proposal) -> None:
        """Insert or replace the proposal."""
        row = values_of(proposal_) | {"member_id": proposal_.member_id or None}
        await upsert(self._session, proposal, [row])

    async def open(self) -> tuple[Proposal, ...]:
        """Return the proposals that nobody has decided on, the oldest first."""
        undecided = proposal.c.state == ProposalState.OPEN
        query = sa.select(proposal).where(undecided).order_by(proposal.c.proposed_at, proposal.c.id)
        return tuple(_proposal(row) for row in (await self._session.execute(query)).mappings())


def _proposal(row: sa.RowMapping) -> Proposal:
    values: dict[str, Any] = dict(row)
    return Proposal(**values | {"member_id": row["member_id"] or ""})

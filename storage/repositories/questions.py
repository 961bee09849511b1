"""Questions passed to the organizers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot.features.questions.model import Question
from storage.records import upsert, values_of
from storage.tables import question


class SqlQuestionRepository:
    """Questions in the database; one whose asker was forgotten has the empty text as its member."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, question_id: str, *, lock: bool = False) -> Question | None:
        """Return the question, or None; locked until the transaction ends (on SQLite every transaction is alone)."""
        query = sa.select(question).where(question.c.id == question_id)
        found = (await self._session.execute(query.with_for_update() if lock else query)).mappings()
        return next((_question(row) for row in found), None)

    async def save(self, question_: Question) -> None:
        """Insert or replace the question."""
        row = values_of(question_) | {"member_id": question_.member_id or None}
        await upsert(self._session, question, [row])

    async def unanswered(self) -> tuple[Question, ...]:
        """Return the open questions, the oldest first."""
        query = sa.select(question).where(question.c.answer.is_(None)).order_by(question.c.asked_at, question.c.id)
        return tuple(_question(row) for row in (await self._session.execute(query)).mappings())


def _question(row: sa.RowMapping) -> Question:
    values: dict[str, Any] = dict(row)
    return Question(**values | {"member_id": row["member_id"] or ""})

"""Rows to the models' dataclasses and back, where a table's columns are a model's fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

Model = TypeVar("Model")


def values_of(model: Any) -> dict[str, Any]:
    """Return a dataclass's fields by name; what is inside them stays as it is (the column types convert it)."""
    return {name: getattr(model, name) for name in _names(model.__class__)}


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def dialect(session: AsyncSession) -> str:
    """Return the name of the database's kind: ``sqlite`` or ``postgresql``."""
    return session.get_bind().dialect.name


def insert_for(kind: str, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
    """Return the INSERT of a kind of database, the one that knows ON CONFLICT."""
    return postgresql.insert(table) if kind == "postgresql" else sqlite.insert(table)


def insert_into(session: AsyncSession, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
    """Return the INSERT of the session's database."""
    return insert_for(dialect(session), table)


@cache
def _upsert(kind: str, table: sa.Table) -> sa.Insert:
    """The statement, made once: making it takes longer than running it."""
    key = [column.name for column in table.primary_key]
    insert = insert_for(kind, table)
    rest = {column.name: insert.excluded[column.name] for column in table.columns if column.name not in key}
    return insert.on_conflict_do_update(index_elements=key, set_=rest)


@cache
def _named(table: sa.Table, key: tuple[str, ...], lock: bool) -> sa.Select[Any]:  # noqa: FBT001 - passed on
    query = sa.select(table).where(*(table.c[name] == sa.bindparam(name) for name in key))
    return query.with_for_update() if lock else query


async def upsert(session: AsyncSession, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert whole rows, or replace those that have the same primary key."""
    if rows:
        await session.execute(_upsert(dialect(session), table), [dict(row) for row in rows])


class Records(Generic[Model]):
    """One table and the dataclass its rows are."""

    def __init__(self, session: AsyncSession, table: sa.Table, model: type[Model]) -> None:
        self._session = session
        self._table = table
        self._model = model

    async def get(self, *, lock: bool = False, **key: str) -> Model | None:
        """Return the row whose columns have these values, or None; locked until the transaction ends, if asked."""
        return await self.one(_named(self._table, tuple(key), lock), key)

    async def one(self, query: sa.Select[Any], values: Mapping[str, Any]) -> Model | None:
        """Return the row that a query finds with these values, or None."""
        row = (await self._session.execute(query, values)).mappings().first()
        return None if row is None else self._model(**row)

    async def all(
        self, *conditions: sa.ColumnElement[bool], order: Sequence[sa.ColumnElement[Any]], limit: int | None = None
    ) -> tuple[Model, ...]:
        """Return the rows that meet the conditions, in order."""
        query = sa.select(self._table).where(*conditions).order_by(*order).limit(limit)
        rows = (await self._session.execute(query)).mappings()
        return tuple(self._model(**row) for row in rows)

    async def save(self, *models: Model) -> None:
        """Insert, or replace what has the same primary key."""
        await upsert(self._session, self._table, [values_of(model) for model in models])

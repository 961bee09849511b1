"""Keeping the search index: in the transaction that saves a resource, and all over again when its rules change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot.features.resources.model import Resource, ResourceText
from storage.records import Records, dialect, insert_into
from storage.repositories.small import SqlSettingRepository
from storage.search.tables import document, term, word
from storage.search.text import analysis, terms, words
from storage.tables import resource as resource_table

VERSION = "1"
"""Changed whenever texts would be indexed in another way; the next start then builds the index anew."""

SETTING = "search_index"
LABELS = "en"
"""Tags, kinds, sources and regions are names in English, in whatever language the text beside them is."""

MOST_TERMS = 5000
"""How many terms of one text are kept; PostgreSQL holds at most 16,383 positions and 1 MB in a vector."""

FIELDS = ("title", "labels", "description")


@dataclass(slots=True)
class _Held:
    """What a resource holds, in all its texts: each term by language, and each word."""

    terms: set[tuple[str, str]] = field(default_factory=set)
    words: set[str] = field(default_factory=set)

    def add(self, row: Mapping[str, Any]) -> None:
        """Add what one document holds."""
        how = analysis(row["language"])
        for name in FIELDS:
            self.terms.update((LABELS if name == "labels" else how, one) for one in row[name].split())
        self.words.update(row["words"].split())


async def index_resource(session: AsyncSession, resource: Resource) -> None:
    """Index a resource in the transaction that saves it, in place of what was indexed of it before."""
    before = await _forget(session, resource.id)
    after = _Held()
    labels = " ".join((*resource.tags, resource.kind, resource.source, resource.region))
    for language, text in sorted(resource.texts.items()):
        row = {"resource_id": resource.id, "language": language, **_fields(language, text, labels)}
        await _add(session, row)
        after.add(row)
    await _count_terms(session, before.terms, after.terms)
    await _count_words(session, before.words, after.words)


async def reindex(session: AsyncSession) -> None:
    """Build the whole index anew from the library; the caller commits."""
    if dialect(session) == "sqlite":
        await session.execute(sa.text("INSERT INTO search_index (search_index) VALUES ('delete-all')"))
    for table in (document, term, word):
        await session.execute(sa.delete(table))
    for resource in await Records(session, resource_table, Resource).all(order=(resource_table.c.id,)):
        await index_resource(session, resource)


async def ensure_index(session: AsyncSession) -> None:
    """Build the index anew if another version of this code made it; to be called at every start. The caller commits."""
    settings = SqlSettingRepository(session)
    if await settings.get(SETTING) != VERSION:
        await reindex(session)
        await settings.set(SETTING, VERSION)


def _fields(language: str, text: ResourceText, labels: str) -> dict[str, str]:
    return {
        "title": " ".join(terms(text.title, language)[:MOST_TERMS]),
        "labels": " ".join(terms(labels, LABELS)[:MOST_TERMS]),
        "description": " ".join(terms(text.description, language)[:MOST_TERMS]),
        "words": " ".join(sorted(set(words(f"{text.title}\n{text.description}\n{labels}")))),
    }


async def _forget(session: AsyncSession, resource_id: str) -> _Held:
    """Take a resource out of the index; return what it held."""
    of_resource = document.c.resource_id == resource_id
    held = _Held()
    for row in (await session.execute(sa.select(document).where(of_resource))).mappings():
        held.add(dict(row))
    if held.terms and dialect(session) == "sqlite":
        await session.execute(
            sa.text(
                "INSERT INTO search_index (search_index, rowid, title, labels, description) "
                "SELECT 'delete', id, title, labels, description FROM search_document WHERE resource_id = :resource_id"
            ),
            {"resource_id": resource_id},
        )
    await session.execute(sa.delete(document).where(of_resource))
    return held


async def _add(session: AsyncSession, row: Mapping[str, str]) -> None:
    id_ = await session.scalar(sa.insert(document).values(row).returning(document.c.id))
    if dialect(session) == "sqlite":
        statement = (
            "INSERT INTO search_index (rowid, title, labels, description) VALUES (:id, :title, :labels, :description)"
        )
        await session.execute(sa.text(statement), {"id": id_, **{name: row[name] for name in FIELDS}})
    else:
        statement = "INSERT INTO search_index (id, vector) VALUES (:id, CAST(CAST(:vector AS text) AS tsvector))"
        await session.execute(sa.text(statement), {"id": id_, "vector": _vector(row)})


def _vector(row: Mapping[str, str]) -> str:
    """Return a ``tsvector`` in its written form (PostgreSQL manual, 8.11.1): no parser touches our terms."""
    places: dict[str, list[str]] = defaultdict(list)
    weighted = ((one, weight) for weight, name in zip("ABC", FIELDS, strict=True) for one in row[name].split())
    for position, (one, weight) in enumerate(weighted, start=1):
        places[one].append(f"{position}{weight}")
    return " ".join(f"'{one}':{','.join(found)}" for one, found in places.items())


async def _count_terms(session: AsyncSession, before: set[tuple[str, str]], after: set[tuple[str, str]]) -> None:
    def rows(held: set[tuple[str, str]]) -> list[dict[str, str]]:
        return [{"language": language, "term": one} for language, one in sorted(held)]

    await _count(session, term, rows(before - after), rows(after - before))


async def _count_words(session: AsyncSession, before: set[str], after: set[str]) -> None:
    gone, new = sorted(before - after), sorted(after - before)
    await _count(session, word, [{"word": one} for one in gone], [{"word": one} for one in new])


async def _count(
    session: AsyncSession, table: sa.Table, gone: Sequence[Mapping[str, str]], new: Sequence[Mapping[str, str]]
) -> None:
    """Count down and up, always in the same order, so that two transactions cannot wait for each other."""
    if new:
        insert = insert_into(session, table)
        key = [column.name for column in table.primary_key]
        more = {"resources": table.c.resources + 1}
        rows: Iterable[dict[str, Any]] = ({**row, "resources": 1} for row in new)
        await session.execute(insert.on_conflict_do_update(index_elements=key, set_=more), list(rows))
    if gone:
        here = sa.and_(*(column == sa.bindparam(f"the_{column.name}") for column in table.primary_key))
        named = [{f"the_{name}": value for name, value in row.items()} for row in gone]
        connection = await session.connection()
        await connection.execute(sa.update(table).where(here).values(resources=table.c.resources - 1), named)
        await session.execute(sa.delete(table).where(table.c.resources < 1))

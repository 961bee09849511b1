"""The index itself: its tables, and building it anew."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot.features.resources.model import Resource, ResourceText
from storage.search import SqlResourceSearch, ensure_index, index_resource, reindex, tables
from storage.search.index import SETTING, VERSION
from storage.tables import resource as resource_table
from storage.tables import setting

TEXTS = {"en": ResourceText("Welding", "Joining metal."), "fr": ResourceText("Soudure", "Assembler le métal.")}
WELDING = Resource(
    "w", "https://example.org/w", "guide", "en", "Example", "global", ("craft",), date(2026, 11, 1), TEXTS
)


async def row_only(session: AsyncSession) -> None:
    """The library's row without its index, as another version of the code might have left it."""
    values = {name: getattr(WELDING, name) for name in WELDING.__slots__}
    await session.execute(sa.insert(resource_table).values(values))


async def found(session: AsyncSession, query: str) -> list[str]:
    return [hit.resource.id for hit in await SqlResourceSearch(session).find(query, languages=("en",), limit=5)]


async def contents(session: AsyncSession) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the index but the documents' numbers."""
    kept = {
        table.name: [column for column in table.c if column.name != "id"]
        for table in (tables.document, tables.term, tables.word)
    }
    return {
        name: sorted(tuple(row) for row in await session.execute(sa.select(*columns))) for name, columns in kept.items()
    }


async def test_the_migration_makes_the_tables_that_the_code_uses(engine):
    async with engine.connect() as connection:
        made = await connection.run_sync(
            lambda sync: {
                table: {column["name"]: column["nullable"] for column in sa.inspect(sync).get_columns(table)}
                for table in tables.metadata.tables
            }
        )
    described = {
        name: {column.name: bool(column.nullable) for column in table.c}
        for name, table in tables.metadata.tables.items()
    }
    assert made == described


async def test_the_index_is_built_at_the_first_start_and_then_left_alone(engine):
    async with AsyncSession(engine) as session:
        await row_only(session)
        assert await found(session, "welding") == []
        await ensure_index(session)
        assert await found(session, "welding") == ["w"]
        assert await session.scalar(sa.select(setting.c.value).where(setting.c.name == SETTING)) == VERSION
        await session.execute(sa.delete(tables.word))
        await ensure_index(session)
        assert await session.scalar(sa.select(sa.func.count()).select_from(tables.word)) == 0


async def test_another_version_of_the_index_is_built_anew(engine):
    async with AsyncSession(engine) as session:
        await row_only(session)
        await ensure_index(session)
        before = await contents(session)
        await session.execute(sa.update(setting).values(value="older").where(setting.c.name == SETTING))
        await session.execute(sa.delete(tables.word))
        await ensure_index(session)
        assert await contents(session) == before


async def test_building_it_anew_changes_nothing(engine):
    async with AsyncSession(engine) as session:
        await row_only(session)
        await index_resource(session, WELDING)
        before = await contents(session)
        await reindex(session)
        assert await contents(session) == before
        assert await found(session, "metal") == ["w"]


async def test_nothing_of_a_text_that_was_replaced_stays(engine):
    async with AsyncSession(engine) as session:
        await row_only(session)
        await index_resource(session, WELDING)
        await index_resource(session, Resource(*[getattr(WELDING, name) for name in WELDING.__slots__[:-1]]))
        assert await contents(session) == {"search_document": [], "search_term": [], "search_word": []}
        assert await found(session, "welding") == []


async def test_each_resource_counts_once_for_a_word_however_many_of_its_texts_have_it(engine):
    both = {"en": ResourceText("Radio", "Radio, radio."), "sw": ResourceText("Radio", "")}
    async with AsyncSession(engine) as session:
        await row_only(session)
        await index_resource(session, Resource("w", "", "guide", "en", "", "", (), date(2026, 11, 1), both))
        query = sa.select(tables.word.c.resources).where(tables.word.c.word == "radio")
        assert await session.scalar(query) == 1

"""The search on the sample library: what it answers, what it honestly does not, and that both databases agree."""

from __future__ import annotations

import json
from datetime import date
from importlib.resources import files

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.features.resources.model import Hit, Resource, ResourceText
from bot.ports import UnitOfWorkFactory
from storage.engine import open_engine
from storage.search import MIN_SCORE, SqlResourceSearch
from storage.unit_of_work import unit_of_work_factory
from storage.upgrade import upgrade

# A question, the languages of who asks, and words of a title one of the first three hits must have.
ANSWERED = (
    ("where can I find something on recognising prior learning?", "en", "prior learning"),
    ("où trouver quelque chose sur la reconnaissance des acquis ?", "fr", "reconnaissance des acquis"),
    ("¿dónde puedo encontrar algo sobre el reconocimiento de aprendizajes previos?", "es", "aprendizajes previos"),
    ("RPL", "fr en", "la vae"),
    ("recognition of prior learning", "es en", "certificación de competencias"),
    ("reconocimento de aprendisajes previos", "es", "aprendizajes previos"),
    ("aprenticeship", "en", "apprenticeships"),
    ("apprentissages en économie informelle", "fr", "économie informelle"),
    ("green jobs", "es en", "empleos verdes"),
    ("empleos verdes", "es", "empleos verdes"),
    ("compétences numériques", "fr", "compétences numériques"),
    ("discapacidad", "es", "discapacidad"),
    ("disability", "en", "disability"),
    ("tracer studies", "en", "tracer study"),
    ("certificacion de competencias laborales en uruguay", "es", "uruguay"),
    ("quality assurance of qualifications", "en", "guidelines"),
    ("programmes d’alternance", "fr", "formation duale"),
    ("apprenticeship guide for policy makers", "en", "guide for policy makers"),
    ("financement de la formation", "fr", "formation professionnelle"),
    ("Kenya", "en", "kenya"),
)

UNANSWERED = (
    ("blockchain for fisheries", "en"),
    ("best pizza in Naples", "en"),
    ("quantum computing", "en"),
    ("machine learning", "en"),
    ("football training", "en"),
    ("learning to play the piano", "en"),
    ("how do I reset my password", "en"),
    ("what is the weather in Geneva", "en"),
    ("when is the next meeting", "en"),
    ("recette de couscous", "fr"),
    ("politique agricole commune", "fr"),
    ("cómo cocinar arroz", "es"),
    ("seguridad vial", "es"),
)


def library() -> list[Resource]:
    lines = files("adapters.tryit").joinpath("sample", "library.jsonl").read_text(encoding="utf-8").splitlines()
    return [read(f"r{number:03}", json.loads(line)) for number, line in enumerate(lines)]


def read(id_: str, row) -> Resource:
    told = {row["language"]: {"title": row["title"], "description": row["description"]}, **row.get("texts", {})}
    texts = {language: ResourceText(**text) for language, text in told.items()}
    plain = {name: row[name] for name in ("url", "kind", "language", "source", "region")}
    checked = date.fromisoformat(row["checked_on"])
    return Resource(id=id_, tags=tuple(row["tags"]), checked_on=checked, texts=texts, **plain)


async def load(uow_factory: UnitOfWorkFactory) -> None:
    async with uow_factory() as uow:
        for resource in library():
            await uow.resources.save(resource)
        await uow.commit()


async def ask(uow_factory: UnitOfWorkFactory, questions) -> dict[str, tuple[Hit, ...]]:
    async with uow_factory() as uow:
        return {
            query: await uow.search.find(query, languages=tuple(languages.split()), limit=10)
            for query, languages, *_ in questions
        }


@pytest.fixture
async def sample(uow_factory: UnitOfWorkFactory) -> UnitOfWorkFactory:
    await load(uow_factory)
    return uow_factory


async def test_what_the_library_has_is_among_the_first_three(sample):
    found = await ask(sample, ANSWERED)
    titles = {query: [hit.resource.text(hit.language).title for hit in hits[:3]] for query, hits in found.items()}
    missed = {
        query: titles[query]
        for query, _, words in ANSWERED
        if not any(words in title.casefold() for title in titles[query])
    }
    assert missed == {}


async def test_the_members_language_comes_first(sample):
    found = await ask(sample, ANSWERED)
    first = {query: hits[0].resource.language for query, hits in found.items()}
    asked = {query: languages.split()[0] for query, languages, _ in ANSWERED}
    others = {"disability": "es", "programmes d’alternance": "es"}  # a Spanish resource alone is about it
    assert first == asked | others


async def test_what_the_library_does_not_have_is_not_made_up(sample):
    found = await ask(sample, UNANSWERED)
    assert {query: [hit.snippet for hit in hits] for query, hits in found.items() if hits} == {}


async def test_every_snippet_is_a_line_of_its_resource(sample):
    for hits in (await ask(sample, ANSWERED)).values():
        for hit in hits:
            text = hit.resource.texts[hit.language]
            assert hit.snippet.strip("…") in f"{text.title}\n{text.description}"


async def test_a_question_reaches_other_languages_too(sample):
    found = await ask(sample, [("le Kenya", "fr"), ("Uruguay", "en"), ("refugees", "es")])
    assert [hits[0].resource.language for hits in found.values()] == ["en", "es", "en"]


async def test_both_databases_give_the_same_answers_in_the_same_order(sqlite_url, postgres_url):
    answers = []
    for url in (sqlite_url, postgres_url):
        engine = open_engine(url)
        await upgrade(engine)
        uow_factory = unit_of_work_factory(engine)
        await load(uow_factory)
        answers.append(await ask(uow_factory, ANSWERED))
        await engine.dispose()
    assert answers[0] == answers[1]


async def test_the_threshold_is_a_share(engine):
    assert 0 < MIN_SCORE < 1
    async with AsyncSession(engine) as session:
        assert await SqlResourceSearch(session).find("RPL", languages=("en",), limit=5) == ()

"""What the search promises, on every store."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date

import pytest

from bot.features.resources.model import Hit, Resource, ResourceText
from bot.ports import UnitOfWorkFactory


def resource(id_: str, language: str, title: str, description: str = "", *tags: str, **more: str) -> Resource:
    """A resource; ``more`` are titles in other languages."""
    texts = {language: ResourceText(title, description)}
    texts.update({tag: ResourceText(other, "") for tag, other in more.items()})
    return Resource(
        id_, f"https://example.org/{id_}", "report", language, "Example", "global", tags, date(2026, 11, 1), texts
    )


LIBRARY = (
    resource("rpl-en", "en", "Recognition of prior learning", "How experience counts as a qualification."),
    resource("vae-fr", "fr", "La VAE expliquée", "La validation des acquis de l’expérience, pas à pas."),
    resource("rap-es", "es", "Aprendizajes previos", "El reconocimiento de lo que las personas ya saben hacer."),
    resource("bread", "en", "Baking bread", "Flour, water, salt. The apprentice bakers of a small town. Ovens."),
    resource("numbers", "fr", "Développer les compétences numériques", "Une école pour toutes et tous."),
    resource("ports", "es", "Formación en puertos", "Grúas, muelles y señales."),
    resource("roads", "en", "Road safety", "Driving lessons for nurses.", "transport"),
)


@pytest.fixture
async def library(uow_factory: UnitOfWorkFactory) -> UnitOfWorkFactory:
    await keep(uow_factory, *LIBRARY)
    return uow_factory


async def keep(uow_factory: UnitOfWorkFactory, *resources: Resource) -> None:
    async with uow_factory() as uow:
        for one in resources:
            await uow.resources.save(one)
        await uow.commit()


async def find(uow_factory: UnitOfWorkFactory, query: str, *languages: str, limit: int = 10) -> tuple[Hit, ...]:
    async with uow_factory() as uow:
        return await uow.search.find(query, languages=languages or ("en", "fr", "es"), limit=limit)


async def ids(uow_factory: UnitOfWorkFactory, query: str, *languages: str) -> list[str]:
    return [hit.resource.id for hit in await find(uow_factory, query, *languages)]


@pytest.mark.parametrize(
    ("query", "language", "found"),
    [
        ("drives lesson", "en", "roads"),
        ("nurse", "en", "roads"),
        ("baked breads", "en", "bread"),
        ("développement des compétences numérique", "fr", "numbers"),
        ("écoles", "fr", "numbers"),
        ("formaciones", "es", "ports"),
        ("señal de puerto", "es", "ports"),
        ("transport", "en", "roads"),
    ],
)
async def test_words_are_found_in_their_other_forms(library, query, language, found):
    assert await ids(library, query, language) == [found]


async def test_british_and_american_spelling_are_one(uow_factory):
    await keep(uow_factory, resource("a", "en", "Organising assessment"), resource("b", "en", "Standardized tests"))
    assert await find(uow_factory, "organizing", "en") == await find(uow_factory, "organising", "en")
    assert await find(uow_factory, "standardised", "en") == await find(uow_factory, "standardized", "en")
    assert await ids(uow_factory, "organizing", "en") == ["a"]


@pytest.mark.parametrize("query", ["ecole", "école", "ÉCOLE", "e\u0301cole", "é\u200bcole"])
async def test_accents_case_and_invisible_characters_do_not_matter(library, query):
    assert await ids(library, query, "fr") == ["numbers"]


async def test_an_accent_left_out_finds_participles_too(uow_factory):
    await keep(uow_factory, resource("q", "fr", "Personnes qualifiées"), resource("f", "fr", "Adultes formés"))
    assert await ids(uow_factory, "qualifiees", "fr") == ["q"]
    assert await ids(uow_factory, "qualifiées", "fr") == ["q"]


@pytest.mark.parametrize(
    ("query", "language", "found"),
    [
        ("numériqeus", "fr", "numbers"),
        ("dirving lessons", "en", "roads"),
        ("formacoin", "es", "ports"),
        ("apprenticce bakers", "en", "bread"),
        ("reconocimeinto de aprendisajes previos", "es", "rap-es"),
    ],
)
async def test_small_typos_are_forgiven(library, query, language, found):
    assert (await ids(library, query, language))[0] == found


async def test_a_right_spelling_counts_more_than_a_wrong_one(library):
    right, wrong = await find(library, "safety", "en"), await find(library, "safetty", "en")
    assert right[0].resource.id == wrong[0].resource.id == "roads"
    assert right[0].score > wrong[0].score


@pytest.mark.parametrize("query", ["sa1t", "salz", "2031", "iso9002", "flo", "zzzzzzzz"])
async def test_short_words_and_numbers_are_not_guessed(uow_factory, query):
    await keep(uow_factory, resource("a", "en", "Salt and flour in 2030, ISO9001"))
    assert await ids(uow_factory, query, "en") == []


async def test_only_the_nearest_words_stand_in_for_a_misspelt_one(uow_factory):
    await keep(uow_factory, resource("weaving", "en", "Weaving"), resource("wearing", "en", "Wearing"))
    assert await ids(uow_factory, "weavving", "en") == ["weaving"]


async def test_a_title_counts_more_than_a_tag_and_a_tag_more_than_a_description(uow_factory):
    await keep(
        uow_factory,
        resource("description", "en", "First", "About welding."),
        resource("tag", "en", "Second", "About nothing.", "welding"),
        resource("title", "en", "Welding", "About nothing."),
        resource("all", "en", "Welding", "About welding.", "welding"),
    )
    assert await ids(uow_factory, "welding", "en") == ["all", "title", "tag", "description"]


async def test_a_rare_word_weighs_more_than_a_common_one(uow_factory):
    common = (resource(f"c{number}", "en", f"Training number {number}") for number in range(8))
    await keep(uow_factory, *common, resource("rare", "en", "Beekeeping"))
    assert await ids(uow_factory, "beekeeping training", "en") == ["rare"]


async def test_scores_fall_and_lie_between_0_and_1(library):
    hits = await find(library, "recognition of prior learning and experience", "en")
    scores = [hit.score for hit in hits]
    assert len(hits) > 1
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


@pytest.mark.parametrize("query", ["recognising prior learning", "RPL", "VAE", "aprendizajes previos", "RAP"])
async def test_the_fields_own_words_find_their_translations(library, query):
    assert set(await ids(library, query)) == {"rpl-en", "vae-fr", "rap-es"}


async def test_a_translated_word_counts_less_than_the_word_itself(library):
    scores = {hit.resource.id: hit.score for hit in await find(library, "VAE")}
    assert scores["vae-fr"] > scores["rpl-en"]


async def test_a_longer_phrase_is_not_taken_for_a_word_in_it(uow_factory):
    """Spanish has one word for learning and for apprenticeship."""
    common = (resource(f"c{number}", "es", f"Oferta permanente {number}") for number in range(8))
    lifelong, apprentices = resource("lifelong", "en", "Lifelong learning"), resource("trade", "en", "Apprenticeship")
    await keep(uow_factory, *common, lifelong, apprentices)
    assert await ids(uow_factory, "aprendizaje permanente", "es") == ["lifelong"]
    assert await ids(uow_factory, "aprendizaje", "es") == ["trade"]


async def test_the_members_language_comes_first_among_near_ties(library):
    for order in (("en", "fr", "es"), ("fr", "es", "en"), ("es", "en", "fr")):
        assert (await find(library, "RPL", *order))[0].resource.language == order[0]


async def test_a_much_better_answer_in_another_language_stays_ahead(uow_factory):
    await keep(
        uow_factory,
        resource("en", "en", "Welding certificates for women"),
        resource("fr", "fr", "Certification des femmes", "Soudure et montage."),
    )
    assert await ids(uow_factory, "welding certificates women", "fr", "en") == ["en", "fr"]


async def test_one_hit_for_each_resource_with_the_text_in_the_members_language(uow_factory):
    await keep(uow_factory, resource("r", "en", "Tourism", fr="Tourisme", es="Turismo"))
    for language, title in (("en", "Tourism"), ("fr", "Tourisme"), ("es", "Turismo")):
        (hit,) = await find(uow_factory, "tourism", language, "en")
        assert (hit.language, hit.snippet) == (language, title)


async def test_a_regional_tag_is_its_language(uow_factory):
    await keep(uow_factory, resource("a", "fr-CA", "Les écoles"), resource("b", "en", "Schools and écoles"))
    assert await ids(uow_factory, "école", "fr") == ["a", "b"]


async def test_a_language_without_a_stemmer_is_searched_as_it_is_written(uow_factory):
    await keep(uow_factory, resource("sw", "sw", "Mafunzo ya ufundi"), resource("zh", "zh", "职业教育"))
    assert await ids(uow_factory, "ufundi", "sw") == ["sw"]
    assert await ids(uow_factory, "职业教育", "zh") == ["zh"]


SYNTAX = (
    "",
    " \t\n",
    "the of and to",
    "où est-ce que vous avez",
    "¿dónde está el de la?",
    "... !!! ??? ***",
    '"',
    "'",
    "'; DROP TABLE resource; --",
    '" OR 1=1',
    "*",
    "title:*",
    "NEAR(",
    "a AND NOT OR",
    "{title} : {x}",
    "^",
    "& | ! <-> :*",
    "%_%",
    "🎉🎉",
    "\u202e\u200f\u200b",
    "\ud800",
    "\x00",
    "شهادة",
    "学习",
    "(((((((((((((",
    "\\",
)


async def test_nothing_in_a_query_is_syntax(library):
    assert {query: await ids(library, query) for query in SYNTAX} == {query: [] for query in SYNTAX}
    assert await ids(library, "nurses") == ["roads"]


MARKED = (
    '"nurses"',
    "nurses*",
    "nurses; --",
    "NOT nurses",
    "(nurses",
    "'nurses' OR",
    "🎉nurses🎉",
    "\x00nurses",
    "-nurses",
)


async def test_marks_around_words_are_ignored(library):
    assert {query: await ids(library, query) for query in MARKED} == {query: ["roads"] for query in MARKED}


async def test_a_huge_query_is_answered(library):
    assert await ids(library, "nurses " * 150_000) == ["roads"]
    assert await ids(library, " ".join(f"word{number}" for number in range(150_000))) == []
    assert await ids(library, "x" * 1_000_000) == []


async def test_a_query_of_every_concept_at_once_is_answered(library):
    every = "TVET RPL lifelong learning green jobs digital skills women youth refugees migrants tourism prison OECD ILO"
    assert await ids(library, f"nurses driving road safety transport {every} {every.casefold()}") == ["roads"]


async def test_an_acronym_is_not_taken_for_a_stop_word(uow_factory):
    await keep(uow_factory, resource("ai", "en", "AI at work"), resource("other", "en", "Something else"))
    assert await ids(uow_factory, "AI", "fr", "en") == ["ai"]


async def test_a_question_in_capitals_is_the_same_question(library):
    query = "where can I find something on road safety"
    assert await find(library, query.upper()) == await find(library, query) != ()


async def test_a_subject_the_library_does_not_have_finds_nothing(library):
    assert await ids(library, "quantum computing for nurses abroad") == []


async def test_a_long_question_need_not_be_held_whole(library):
    query = "hello, our hospital prepares a campaign on road safety, with driving lessons for nurses, and time is short"
    assert await ids(library, query, "en") == ["roads"]


async def test_the_limit_holds(library):
    assert len(await find(library, "RPL", limit=2)) == 2
    assert await find(library, "RPL", limit=0) == ()


@pytest.mark.parametrize(
    ("query", "language", "line"),
    [
        ("bakers", "en", "The apprentice bakers of a small town."),
        ("ovens", "en", "Ovens."),
        ("bread", "en", "Baking bread"),
        ("ecole competences numeriques", "fr", "Développer les compétences numériques"),
        ("transport", "en", "Driving lessons for nurses."),
    ],
)
async def test_the_snippet_is_the_line_that_matched_as_it_was_written(library, query, language, line):
    assert (await find(library, query, language))[0].snippet == line


async def test_a_long_line_is_cut_between_words(uow_factory):
    filler = "one two three four five six seven eight nine ten " * 6
    await keep(
        uow_factory,
        resource("start", "en", "A", f"Plumbing {filler}end"),
        resource("middle", "en", "B", f"{filler}masonry {filler}end"),
        resource("end", "en", "C", f"{filler}carpentry"),
    )
    lines = {query: (await find(uow_factory, query, "en"))[0].snippet for query in ("plumbing", "masonry", "carpentry")}
    assert lines["plumbing"].startswith("Plumbing one")
    assert lines["plumbing"].endswith("…")
    assert lines["masonry"].startswith("…")
    assert lines["masonry"].endswith("…")
    assert lines["carpentry"].startswith("…")
    assert lines["carpentry"].endswith(" carpentry")
    known = set(f"Plumbing {filler} masonry carpentry end".split())
    for query, line in lines.items():
        assert query in line.casefold()
        assert len(line) <= 162
        assert set(line.strip("…").split()) <= known


async def test_a_word_longer_than_a_snippet_is_cut(uow_factory):
    await keep(uow_factory, resource("long", "en", "A", f"welding {'x' * 400}"))
    assert (await find(uow_factory, "welding", "en"))[0].snippet == "welding…"


async def test_a_resource_without_description_shows_its_title(uow_factory):
    await keep(uow_factory, resource("t", "en", "Guide", "", "welding"))
    assert (await find(uow_factory, "welding", "en"))[0].snippet == "Guide"


async def test_saving_again_replaces_what_was_found(library):
    await keep(library, resource("bread", "fr", "Le pain", "Farine et levain."))
    assert await ids(library, "ovens") == []
    assert await ids(library, "levain") == ["bread"]
    await keep(library, *LIBRARY)
    assert await ids(library, "levain") == []
    assert await ids(library, "ovens") == ["bread"]


async def test_what_is_not_committed_is_not_found(library):
    async with library() as uow:
        await uow.resources.save(resource("new", "en", "Glassblowing"))
        assert [hit.resource.id for hit in await uow.search.find("glassblowing", languages=("en",), limit=5)] == ["new"]
    assert await ids(library, "glassblowing") == []


async def test_an_empty_library_finds_nothing(uow_factory):
    assert await ids(uow_factory, "anything welding") == []


async def test_an_enormous_description_is_kept_and_found(uow_factory):
    await keep(uow_factory, resource("big", "en", "Welding", " ".join(f"word{number}" for number in range(200_000))))
    assert await ids(uow_factory, "welding", "en") == ["big"]


def test_this_sqlite_has_full_text_search():
    """Said by name where it is missing, rather than by every other test."""
    with closing(sqlite3.connect(":memory:")) as connection:
        assert ("ENABLE_FTS5",) in connection.execute("PRAGMA compile_options").fetchall()

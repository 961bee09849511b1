"""Finding resources: the database narrows the library down to candidates, the same arithmetic ranks them on both."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot.features.resources.model import Hit, Resource
from storage.records import dialect
from storage.search.glossary import Phrase, mentions
from storage.search.index import LABELS
from storage.search.question import Counts, Field, Question, Terms, alternatives, corrected, misspelt, read, weigh
from storage.search.snippet import snippet
from storage.search.tables import term
from storage.search.tables import word as word_table
from storage.search.text import ANALYSES, analysis
from storage.tables import resource as resource_table

MIN_SCORE = 0.46
"""The share of a question that a text must hold to be an answer.

Below it lie texts that have a common word of the question but not its subject: in the sample library, questions it
has nothing on reach less, and what it has something on reaches more (tests/contract/test_search_sample.py). Nothing
found, said honestly, helps more: the question can then be passed on to people.
"""

CANDIDATES = 1000
"""How many texts are ranked at most. The rarest words of the question choose them, as they carry its weight."""

TITLE, LABEL, DESCRIPTION = 0.9, 0.8, 0.7
"""What a word counts for where it stands: a title says what a thing is, a tag what it is about."""

OWN_LANGUAGE = (1.0, 0.85, 0.8)
TEXT_LANGUAGE = (1.0, 0.97, 0.95)
"""What is left of the score of a thing, and of a text about it, in the member's first, second and any other language.

Small enough for a better answer in another language to stay ahead, large enough to order near ties.
"""

NEAR_TIE = 0.8
"""A text of the same resource in a language the member likes better is shown if it holds this much of the best one."""

_SELECT = (
    "SELECT d.resource_id, d.language, d.title, d.labels, d.description, r.language AS own FROM search_index "
    "JOIN search_document AS d ON d.id = search_index.{id} JOIN resource AS r ON r.id = d.resource_id "
)
_TSQUERY = "CAST(CAST(:wanted AS text) AS tsquery)"
_MATCHING = {
    "sqlite": _SELECT.format(id="rowid") + "WHERE search_index MATCH :wanted ",
    "postgresql": _SELECT.format(id="id") + f"WHERE vector @@ {_TSQUERY} ",
}
_BEST = {
    "sqlite": "ORDER BY bm25(search_index, 10, 5, 1), d.id ",
    "postgresql": f"ORDER BY ts_rank(vector, {_TSQUERY}) DESC, d.id ",
}
ANY = {kind: sa.text(f"{matching}LIMIT {CANDIDATES + 1}") for kind, matching in _MATCHING.items()}
BEST = {kind: sa.text(f"{matching}{_BEST[kind]}LIMIT {CANDIDATES}") for kind, matching in _MATCHING.items()}
"""Any texts that match, which is quick; and the best of them, for when there are too many."""

COUNTS = sa.select(term.c.language, term.c.term, term.c.resources).where(
    term.c.language.in_(ANALYSES), term.c.term.in_(sa.bindparam("terms", expanding=True))
)
RESOURCES = sa.select(sa.func.count()).select_from(resource_table)
ALIKE = sa.select(word_table.c.word, word_table.c.resources).where(
    sa.func.substr(word_table.c.word, 1, 1) == sa.bindparam("first", type_=sa.Text),
    sa.func.length(word_table.c.word).between(sa.bindparam("shortest"), sa.bindparam("longest")),
)
FOUND = sa.select(resource_table).where(resource_table.c.id.in_(sa.bindparam("ids", expanding=True)))


class _Text(NamedTuple):
    """A text that was read: what share of the question it holds, its language, and the thing's own."""

    held: float
    language: str
    own: str
    resource_id: str


class _Found(NamedTuple):
    """A resource found, by the text to show; ``score`` is less for languages the member likes less."""

    resource_id: str
    language: str
    score: float


class _Counted:
    """How many resources hold which term; each term is looked up once."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._asked: set[str] = set()
        self.counts: dict[tuple[str, str], int] = {}

    async def add(self, terms: Iterable[str]) -> None:
        """Look up the terms that are new."""
        new = set(terms) - self._asked
        if new:
            self._asked |= new
            found = await self._session.execute(COUNTS, {"terms": sorted(new)})
            self.counts.update({(language, one): resources for language, one, resources in found})


class SqlResourceSearch:
    """Search in the database."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._kind = dialect(session)

    async def find(self, query: str, *, languages: Sequence[str], limit: int) -> tuple[Hit, ...]:
        """Return the best hits, best first; one for each resource; none below ``MIN_SCORE``."""
        read_words = read(query, languages)
        if not read_words or limit < 1:
            return ()
        counted = _Counted(self._session)
        question = await self._weigh(read_words, counted)
        texts: defaultdict[str, list[_Text]] = defaultdict(list)
        read_texts = [_read(row, question) for row in await self._candidates(question, counted)]
        near = (text for text in read_texts if text.held >= NEAR_TIE * MIN_SCORE)
        for text in sorted(near, key=attrgetter("resource_id", "language")):
            texts[text.resource_id].append(text)
        found = [_choose(of_one, tuple(languages)) for of_one in texts.values() if max(of_one).held >= MIN_SCORE]
        ranked = sorted(found, key=lambda one: (-one.score, one.resource_id))
        return await self._hits(ranked[:limit], question)

    async def _weigh(self, words: Sequence[Terms], counted: _Counted) -> Question:
        """Correct and weigh the words by what the library holds."""
        meant = (mention.concept.terms(how) for mention in mentions(words) for how in ANALYSES)
        await counted.add(_all(words).union(*meant))
        near = {wrong: corrected(wrong, await self._words_like(wrong)) for wrong in misspelt(words, counted.counts)}
        corrections = {wrong: terms for wrong, terms in near.items() if any(terms.values())}
        await counted.add(_all(near.values()))
        resources = await self._session.scalar(RESOURCES)
        return Question(weigh(words, corrections, counted.counts, resources or 0))

    async def _words_like(self, wrong: str) -> dict[str, int]:
        """Return the library's words that begin like a word and are about as long."""
        alike = {"first": wrong[0], "shortest": len(wrong) - 2, "longest": len(wrong) + 2}
        return {row.word: row.resources for row in await self._session.execute(ALIKE, alike)}

    async def _candidates(self, question: Question, counted: _Counted) -> Sequence[Sequence[str]]:
        """Return the texts worth ranking."""
        phrases = alternatives(question.words)
        await counted.add(one for _, phrase in phrases for terms in phrase for one in terms)
        chosen = _rarest(phrases, counted.counts)
        if not chosen:
            return []
        wanted = {"wanted": self._syntax(chosen)}
        found = (await self._session.execute(ANY[self._kind], wanted)).all()
        if len(found) > CANDIDATES:
            found = (await self._session.execute(BEST[self._kind], wanted)).all()
        return found

    def _syntax(self, phrases: Sequence[Phrase]) -> str:
        """Write the phrases in the database's query language; terms hold letters, digits and marks, nothing else."""
        quote, both, either = ('"', " AND ", " OR ") if self._kind == "sqlite" else ("'", " & ", " | ")
        groups = (
            both.join(f"({either.join(f'{quote}{one}{quote}' for one in sorted(terms))})" for terms in phrase)
            for phrase in phrases
        )
        return either.join(f"({group})" for group in groups)

    async def _hits(self, ranked: Sequence[_Found], question: Question) -> tuple[Hit, ...]:
        if not ranked:
            return ()
        rows = await self._session.execute(FOUND, {"ids": [found.resource_id for found in ranked]})
        by_id = {row["id"]: Resource(**row) for row in rows.mappings()}
        return tuple(_hit(by_id[found.resource_id], found, question) for found in ranked)


def _all(words: Iterable[Terms]) -> set[str]:
    return {one for word in words for terms in word.values() for one in terms}


def _hit(resource: Resource, found: _Found, question: Question) -> Hit:
    line = snippet(resource.texts[found.language], found.language, question)
    return Hit(resource=resource, language=found.language, snippet=line, score=found.score)


def _read(row: Sequence[str], question: Question) -> _Text:
    """Return how much of a question a text holds."""
    resource_id, language, title, labels, description, own = row
    how = analysis(language)
    held = question.coverage(
        Field(how, title.split(), TITLE),
        Field(LABELS, labels.split(), LABEL),
        Field(how, description.split(), DESCRIPTION),
    )
    return _Text(held, language, own, resource_id)


def _choose(texts: Sequence[_Text], languages: tuple[str, ...]) -> _Found:
    """Choose the text of a resource to show: of those that hold nearly as much as the best, the member likes best."""
    best = max(texts).held
    near = (text for text in texts if text.held >= NEAR_TIE * best)
    place, chosen = min(((_place(text.language, languages), text) for text in near), key=lambda near: near[0])
    liking = OWN_LANGUAGE[_place(chosen.own, languages)] * TEXT_LANGUAGE[place]
    return _Found(chosen.resource_id, chosen.language, round(best * liking, 4))


@lru_cache(maxsize=1000)
def _place(language: str, languages: tuple[str, ...]) -> int:
    """Return a language's place among the member's: 0 for the first, 1 for the second, 2 for all others."""
    tags = [tag.partition("-")[0].casefold() for tag in (*languages, language)]
    return min(tags.index(tags[-1]), 1 if len(languages) < 2 else 2)


def _rarest(phrases: Sequence[tuple[str, Phrase]], counts: Counts) -> list[Phrase]:
    """Return what to look for: the phrases the fewest resources can hold, until they are enough; at least one."""
    holding: Counter[Phrase] = Counter()
    for how, phrase in phrases:
        for at in {how, LABELS}:
            holding[phrase] += min(sum(counts.get((at, one), 0) for one in terms) for terms in phrase)
    chosen: list[Phrase] = []
    total = 0
    for phrase in sorted(holding, key=lambda phrase: (holding[phrase], [sorted(terms) for terms in phrase])):
        total += holding[phrase]
        if holding[phrase] and (total <= CANDIDATES or not chosen):
            chosen.append(phrase)
    return chosen

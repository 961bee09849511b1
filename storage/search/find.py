"""Finding resources: the database narrows the library down to candidates, the same arithmetic ranks them on both."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot.features.resources.model import Hit, Resource
from storage.records import Records, dialect
from storage.search.glossary import Phrase
from storage.search.index import LABELS
from storage.search.question import Counts, Field, Terms, Word, alternatives, corrected, coverage, misspelt, read, weigh
from storage.search.snippet import snippet
from storage.search.tables import term
from storage.search.tables import word as word_table
from storage.search.text import analysis
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
SQLITE = _SELECT.format(id="rowid") + (
    "WHERE search_index MATCH :wanted ORDER BY bm25(search_index, 10, 5, 1), d.id LIMIT :most"
)
POSTGRESQL = _SELECT.format(id="id") + (
    "WHERE vector @@ CAST(CAST(:wanted AS text) AS tsquery) "
    "ORDER BY ts_rank(vector, CAST(CAST(:wanted AS text) AS tsquery)) DESC, d.id LIMIT :most"
)


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


class SqlResourceSearch:
    """Search in the database."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._sqlite = dialect(session) == "sqlite"

    async def find(self, query: str, *, languages: Sequence[str], limit: int) -> tuple[Hit, ...]:
        """Return the best hits, best first; one for each resource; none below ``MIN_SCORE``."""
        read_words = read(query, languages)
        if not read_words or limit < 1:
            return ()
        words = await self._weigh(read_words)
        texts: defaultdict[str, list[_Text]] = defaultdict(list)
        for row in sorted(await self._candidates(words), key=itemgetter("resource_id", "language")):
            texts[row["resource_id"]].append(_read(row, words))
        found = [_choose(of_one, languages) for of_one in texts.values() if max(of_one).held >= MIN_SCORE]
        ranked = sorted(found, key=lambda one: (-one.score, one.resource_id))
        return await self._hits(ranked[:limit], words)

    async def _weigh(self, words: Sequence[Terms]) -> list[Word]:
        """Correct and weigh the words by what the library holds."""
        counts = await self._counts({one for word in words for terms in word.values() for one in terms})
        near = {wrong: corrected(wrong, await self._words_like(wrong)) for wrong in misspelt(words, counts)}
        corrections = {wrong: terms for wrong, terms in near.items() if any(terms.values())}
        counts |= await self._counts({one for word in near.values() for terms in word.values() for one in terms})
        resources = await self._session.scalar(sa.select(sa.func.count()).select_from(resource_table))
        return weigh(words, corrections, counts, resources or 0)

    async def _counts(self, terms: set[str]) -> dict[tuple[str, str], int]:
        if not terms:
            return {}
        query = sa.select(term).where(term.c.term.in_(sorted(terms)))
        return {(row.language, row.term): row.resources for row in await self._session.execute(query)}

    async def _words_like(self, wrong: str) -> dict[str, int]:
        """Return the library's words that begin like a word and are about as long."""
        query = sa.select(word_table).where(
            sa.func.substr(word_table.c.word, 1, 1) == wrong[0],
            sa.func.length(word_table.c.word).between(len(wrong) - 2, len(wrong) + 2),
        )
        return {row.word: row.resources for row in await self._session.execute(query)}

    async def _candidates(self, words: Sequence[Word]) -> Sequence[dict[str, str]]:
        """Return the texts worth ranking."""
        phrases = alternatives(words)
        wanted = {one for _, phrase in phrases for terms in phrase for one in terms}
        held = await self._counts(wanted)
        chosen = _rarest(phrases, held)
        if not chosen:
            return []
        statement = sa.text(SQLITE if self._sqlite else POSTGRESQL)
        found = await self._session.execute(statement, {"wanted": self._syntax(chosen), "most": CANDIDATES})
        return [dict(row) for row in found.mappings()]

    def _syntax(self, phrases: Sequence[Phrase]) -> str:
        """Write the phrases in the database's query language; terms hold letters, digits and marks, nothing else."""
        quote, both, either = ('"', " AND ", " OR ") if self._sqlite else ("'", " & ", " | ")
        groups = (
            both.join(f"({either.join(f'{quote}{one}{quote}' for one in sorted(terms))})" for terms in phrase)
            for phrase in phrases
        )
        return either.join(f"({group})" for group in groups)

    async def _hits(self, ranked: Sequence[_Found], words: Sequence[Word]) -> tuple[Hit, ...]:
        ids = [found.resource_id for found in ranked]
        rows = await Records(self._session, resource_table, Resource).all(
            resource_table.c.id.in_(ids), order=(resource_table.c.id,)
        )
        by_id = {resource.id: resource for resource in rows}
        return tuple(_hit(by_id[found.resource_id], found, words) for found in ranked)


def _hit(resource: Resource, found: _Found, words: Sequence[Word]) -> Hit:
    line = snippet(resource.texts[found.language], found.language, words)
    return Hit(resource=resource, language=found.language, snippet=line, score=found.score)


def _read(row: Mapping[str, str], words: Sequence[Word]) -> _Text:
    """Return how much of a question a text holds."""
    how = analysis(row["language"])
    fields = (
        Field(how, frozenset(row["title"].split()), TITLE),
        Field(LABELS, frozenset(row["labels"].split()), LABEL),
        Field(how, frozenset(row["description"].split()), DESCRIPTION),
    )
    return _Text(coverage(words, fields), row["language"], row["own"], row["resource_id"])


def _choose(texts: Sequence[_Text], languages: Sequence[str]) -> _Found:
    """Choose the text of a resource to show: of those that hold nearly as much as the best, the member likes best."""
    best = max(texts).held
    near = (text for text in texts if text.held >= NEAR_TIE * best)
    place, chosen = min(((_place(text.language, languages), text) for text in near), key=lambda near: near[0])
    liking = OWN_LANGUAGE[_place(chosen.own, languages)] * TEXT_LANGUAGE[place]
    return _Found(chosen.resource_id, chosen.language, round(best * liking, 4))


def _place(language: str, languages: Sequence[str]) -> int:
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

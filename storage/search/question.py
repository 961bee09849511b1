"""A question made of weighted words, and how much of it a text holds. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from storage.search.glossary import Concept, Phrase, mentions, vocabulary
from storage.search.text import ANALYSES, PLAIN, content_words, fold, forms

MOST_WORDS = 32
"""How many words of a question count; a longer one is a pasted document, whose first words say enough."""

MOST_MISSPELT = 8
"""How many words are looked up again as misspelt ones; more of them are another language, or no language."""

WHOLE = 5
"""Of a longer question, a text need not hold more than the weight of its five weightiest words."""

SAME_MEANING = 0.85
MISSPELT = 0.75
"""How much a word counts that stands in a text as another word for the same thing, or in another spelling."""

Terms = Mapping[str, frozenset[str]]
"""The terms a word may appear as, by the analysis of the text."""

Counts = Mapping[tuple[str, str], int]
"""How many resources hold a term, by analysis and term."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question; ``misspelt`` when its terms are near ones, because no resource has it as written."""

    terms: Terms
    weight: float
    misspelt: bool
    concepts: tuple[Concept, ...]
    reach: Terms
    """Everything by which a text may hold the word or what it means; a text with none of it need not be read."""


class Field(NamedTuple):
    """A field of a text: how it was analysed, its terms, and what a word in it counts for, from 0 to 1."""

    how: str
    terms: Iterable[str]
    weight: float


Held = tuple[str, frozenset[str], float]
"""What a field holds of a question; the other parts are the field's."""


class Question:
    """Weighted words, and how much texts hold of them. Many texts hold the same, which is worked out once."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self._whole = sum(sorted((word.weight for word in words), reverse=True)[:WHOLE])
        self._reach = {how: frozenset().union(*(word.reach[how] for word in words)) for how in ANALYSES}
        self._shares: dict[tuple[Held, ...], float] = {}

    def coverage(self, *fields: Field) -> float:
        """Return the share of the question's weight that a text holds, from 0 to 1.

        A word found in several fields counts as if each field were an independent sign of it.
        """
        reach = self._reach
        held = tuple([(how, reach[how].intersection(terms), weight) for how, terms, weight in fields])
        share = self._shares.get(held)
        if share is None:
            found = sum(word.weight * _found(word, held) for word in self.words)
            share = self._shares[held] = min(1.0, found / self._whole)
        return share


def read(question: str, languages: Sequence[str]) -> Sequence[Terms]:
    """Return the terms of a question's words, each word once."""
    written = {fold(word): word for word in content_words(question, languages)}
    return [_terms([word]) for word in islice(written.values(), MOST_WORDS)]


def misspelt(words: Sequence[Terms], counts: Counts) -> list[str]:
    """Return the words that neither the library nor the glossary has, long enough to be recognised though misspelt."""
    wrong = (plain(word) for word in words if not _known(word, counts) and _tolerance(plain(word)) > 0)
    return list(islice(wrong, MOST_MISSPELT))


def corrected(wrong: str, known: Mapping[str, int]) -> Terms:
    """Return the terms of the nearest words, by optimal string alignment, of the library (with counts) and glossary.

    They begin alike, as the first letter is seldom the wrong one. Empty if none is near.
    """
    alike = {word for word in known if word[0] == wrong[0]}.union(_vocabulary_from(wrong[0]))
    near = process.extract(wrong, list(alike), scorer=OSA.distance, score_cutoff=_tolerance(wrong), limit=None)
    closest = min((distance for _, distance, _ in near), default=0)
    best = sorted((-known.get(word, 0), word) for word, distance, _ in near if distance == closest)
    return _terms([word for _, word in best[:3]])


@lru_cache(maxsize=1000)
def _vocabulary_from(letter: str) -> frozenset[str]:
    return frozenset(word for word in vocabulary() if word[0] == letter)


def plain(word: Terms) -> str:
    """Return the word as written, folded."""
    return next(iter(word[PLAIN]))


def weigh(words: Sequence[Terms], corrections: Mapping[str, Terms], counts: Counts, resources: int) -> list[Word]:
    """Return the words with their weights: the inverse document frequency, ``log(1 + (N - n + 0.5) / (n + 0.5))``.

    Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009). What no resource holds
    weighs as much as what one does.
    """
    meant = [corrections.get(plain(word), word) for word in words]
    named = mentions(meant)
    weighed = []
    for place, terms in enumerate(meant):
        concepts = tuple(mention.concept for mention in named if mention.start <= place < mention.end)
        reach = {how: terms.get(how, frozenset()).union(*(one.terms(how) for one in concepts)) for how in ANALYSES}
        wrong = plain(words[place]) in corrections
        weighed.append(Word(terms, _weight(terms, counts, resources), wrong, concepts, reach))
    return weighed


def alternatives(words: Sequence[Word]) -> list[tuple[str, Phrase]]:
    """Return everything that a text may hold of a question: phrases, with the analysis of the texts they stand in."""
    found: dict[tuple[str, Phrase], None] = {}
    for word in words:
        found.update(((how, (terms,)), None) for how, terms in word.terms.items() if terms)
        for concept in word.concepts:
            found.update(((how, phrase), None) for how, phrases in concept.phrases.items() for phrase in phrases)
    return list(found)


def _found(word: Word, fields: Iterable[Held]) -> float:
    missing = 1.0
    for how, terms, weight in fields:
        missing *= 1 - weight * _credit(word, how, terms)
    return 1 - missing


def _credit(word: Word, how: str, terms: frozenset[str]) -> float:
    if word.reach[how].isdisjoint(terms):
        return 0.0
    there = not word.terms.get(how, frozenset()).isdisjoint(terms)
    if there and not word.misspelt:
        return 1.0
    meant = any(concept.is_in(terms, how) for concept in word.concepts)
    return max(MISSPELT * there, SAME_MEANING * meant * (MISSPELT if word.misspelt else 1.0))


def _weight(word: Terms, counts: Counts, resources: int) -> float:
    holding = max((counts.get((how, term), 0) for how, terms in word.items() for term in terms), default=0)
    holding = max(holding, 1)
    return math.log(1 + max(resources - holding + 0.5, 0.5) / (holding + 0.5))


def _known(word: Terms, counts: Counts) -> bool:
    return plain(word) in vocabulary() or any((how, term) in counts for how, terms in word.items() for term in terms)


def _terms(words: Sequence[str]) -> Terms:
    return {how: frozenset().union(*(forms(word, how) for word in words)) for how in ANALYSES}


def _tolerance(word: str) -> int:
    """Return how many slips are forgiven in a word of this length; numbers are never taken for one another."""
    if any(char.isdigit() for char in word):
        return 0
    return 0 if len(word) < 5 else 1 if len(word) < 8 else 2

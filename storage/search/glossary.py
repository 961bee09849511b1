"""The field's own words: what RPL is called in French and in Spanish. Pure, but for reading its table once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from storage.search.text import content_words, forms, words

Phrase = tuple[frozenset[str], ...]
"""The words of a phrase, each with the terms it may appear as."""


@dataclass(frozen=True, slots=True, eq=False)
class Concept:
    """What the phrases of one row of the glossary all mean, by language."""

    phrases: Mapping[str, tuple[Phrase, ...]]

    def is_in(self, terms: AbstractSet[str], how: str) -> bool:
        """Tell whether a text's terms hold every word of one of the language's phrases."""
        return any(all(not word.isdisjoint(terms) for word in phrase) for phrase in self.phrases.get(how, ()))

    def terms(self, how: str) -> frozenset[str]:
        """Return every term of the language's phrases."""
        return frozenset(term for phrase in self.phrases.get(how, ()) for word in phrase for term in word)


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept that words ``start`` to ``end`` (exclusive) of a question name."""

    start: int
    end: int
    concept: Concept


@lru_cache(maxsize=1)
def concepts() -> tuple[Concept, ...]:
    """Return the concepts of ``glossary.tsv``."""
    rows = files("storage.search").joinpath("glossary.tsv").read_text(encoding="utf-8").splitlines()
    table = [row.split("\t") for row in rows if not row.startswith("#")]
    languages, *named = table
    return tuple(
        Concept({language: _phrases(cell, language) for language, cell in zip(languages, row, strict=True)})
        for row in named
    )


@lru_cache(maxsize=1)
def vocabulary() -> frozenset[str]:
    """Return every word of the glossary, as written but folded."""
    rows = files("storage.search").joinpath("glossary.tsv").read_text(encoding="utf-8")
    return frozenset(words(rows))


def mentions(question: Sequence[Mapping[str, frozenset[str]]]) -> list[Mention]:
    """Return the concepts that a question names; where one phrase lies within another, only the longer one counts."""
    found = [mention for how in concepts()[0].phrases for mention in _mentions_in(question, how)]
    return [one for one in found if not any(_within(one, other) for other in found)]


def _mentions_in(question: Sequence[Mapping[str, frozenset[str]]], how: str) -> Iterator[Mention]:
    for start, word in enumerate(question):
        for phrase, concept in (entry for term in word[how] for entry in _by_first_term(how).get(term, ())):
            end = start + len(phrase)
            rest = zip(phrase[1:], question[start + 1 : end], strict=False)
            if end <= len(question) and all(not wanted.isdisjoint(there[how]) for wanted, there in rest):
                yield Mention(start, end, concept)


def _within(one: Mention, other: Mention) -> bool:
    return other.start <= one.start and one.end <= other.end and other.end - other.start > one.end - one.start


@lru_cache(maxsize=16)
def _by_first_term(how: str) -> Mapping[str, tuple[tuple[Phrase, Concept], ...]]:
    index: dict[str, list[tuple[Phrase, Concept]]] = {}
    for phrase, concept in _all_phrases(how):
        for term in phrase[0]:
            index.setdefault(term, []).append((phrase, concept))
    return {term: tuple(entries) for term, entries in index.items()}


def _all_phrases(how: str) -> Iterator[tuple[Phrase, Concept]]:
    return ((phrase, concept) for concept in concepts() for phrase in concept.phrases.get(how, ()))


def _phrases(cell: str, language: str) -> tuple[Phrase, ...]:
    phrases = (content_words(phrase, (language,)) for phrase in cell.split("|"))
    return tuple(tuple(forms(word, language) for word in phrase) for phrase in phrases)

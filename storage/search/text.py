"""Words as the search compares them: folded, without stop words, stemmed by their own language's rules. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

import Stemmer

STEMMERS: Mapping[str, str] = {
    "ar": "arabic",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "pt": "portuguese",
    "ru": "russian",
}
PLAIN = "und"
"""The analysis of every language without a stemmer here: words as they are, folded."""

ANALYSES: tuple[str, ...] = (*STEMMERS, PLAIN)
LONGEST_WORD = 64
LONGEST_TEXT = 100_000

_MARKS = "".join(mark for mark in map(chr, range(0x300, 0x10000)) if unicodedata.category(mark) in {"Mn", "Mc"})
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}])*")
_ACCENTS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670]")
_NOT_WORD = re.compile(rf"[^\w{_MARKS}]|_")
_IZE = re.compile(r"iz(?=(?:e|ed|es|er|ers|ing|ation|ations|ational)$)")


def analysis(language: str) -> str:
    """Return which analysis a BCP-47 tag's texts get: its first subtag, or ``und``."""
    first = language.partition("-")[0].casefold()
    return first if first in STEMMERS else PLAIN


def clean(text: str) -> str:
    """Return the text composed (NFC), without invisible format characters, cut to what is worth reading."""
    text = text[:LONGEST_TEXT]
    if text.isascii():
        return text
    if not text.replace("\n", " ").isprintable():  # as format characters never are
        text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """Return the word without case, accents and compatibility forms: ``École`` is ``ecole``."""
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", word.casefold()))
    return _NOT_WORD.sub("", unicodedata.normalize("NFC", bare))[:LONGEST_WORD]


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each word of a cleaned text begins and ends."""
    return (found.span() for found in _WORD.finditer(text))


def words(text: str) -> list[str]:
    """Return the folded words of a text; single Latin letters are what elisions and abbreviations leave, not words."""
    folded = (fold(found.group()) for found in _WORD.finditer(clean(text)))
    return [word for word in folded if _is_word(word)]


@lru_cache(maxsize=50_000)
def forms(word: str, how: str) -> frozenset[str]:
    """Return a written word's terms: stemmed then folded, and folded then stemmed.

    The stemmers know accents; people often leave them out. A word typed either way shares a term with its text.
    """
    bare = fold(word)
    if not _is_word(bare):
        return frozenset()
    if how == PLAIN:
        return frozenset([bare])
    stem = _stemmer(how).stemWord
    if how == "en":
        return frozenset([stem(_IZE.sub("is", bare))])
    return frozenset([fold(stem(word.casefold())), stem(bare)])


def terms(text: str, language: str) -> list[str]:
    """Return the terms of a text in order, stop words left out."""
    how = analysis(language)
    return [term for match in _WORD.finditer(clean(text)) for term in _terms_of(match.group(), how)]


@lru_cache(maxsize=50_000)
def _terms_of(word: str, how: str) -> tuple[str, ...]:
    """Return a written word's terms in order; a stop word has none."""
    return () if fold(word) in stop_words().get(how, frozenset()) else tuple(sorted(forms(word, how)))


@lru_cache(maxsize=1)
def stop_words() -> Mapping[str, frozenset[str]]:
    """Return the folded stop words by language."""
    rows = files("storage.search").joinpath("stop_words.tsv").read_text(encoding="utf-8").splitlines()
    split = (row.split("\t") for row in rows if row and not row.startswith("#"))
    return {language: frozenset(map(fold, listed.split())) for language, listed in split}


def content_words(text: str, languages: Sequence[str]) -> list[str]:
    """Return a question's words, as written, without the stop words of the language it seems to be in.

    That language is the one with most of its stop words in the text; among equals, the earliest of ``languages``.
    """
    found = [(match.group(), fold(match.group())) for match in _WORD.finditer(clean(text))]
    preferred = [analysis(language) for language in languages]
    lists = sorted(stop_words().items(), key=lambda item: _place(item[0], preferred))
    _, ignored = max(lists, key=lambda item: sum(folded in item[1] for _, folded in found))
    shouted = len(found) > 1 and all(word.isupper() for word, _ in found)
    return [
        word
        for word, folded in found
        if _is_word(folded) and (folded not in ignored or (_is_acronym(word) and not shouted))
    ]


def _is_acronym(word: str) -> bool:
    """Tell ``AI`` from the French ``ai``; the operators of other search engines are no acronyms."""
    return len(word) > 1 and word.isupper() and word not in {"AND", "NOT", "OR"}


def _place(language: str, preferred: Sequence[str]) -> int:
    return preferred.index(language) if language in preferred else len(preferred)


def _is_word(folded: str) -> bool:
    return bool(folded) and not (len(folded) == 1 and folded.isascii() and folded.isalpha())


@lru_cache(maxsize=len(STEMMERS))
def _stemmer(how: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(STEMMERS[how])

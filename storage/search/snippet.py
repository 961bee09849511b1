"""The line of a text that answers a question best, as it was written. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.features.resources.model import ResourceText
from storage.search.question import Field, Question
from storage.search.text import analysis, clean, forms, spans, terms

LONGEST = 160
"""Characters of a snippet, the marks of what was left out not counted."""

_SENTENCE = re.compile(r"(?<=[.!?…。？！])\s+|\s*\n\s*")


def snippet(text: ResourceText, language: str, question: Question) -> str:
    """Return the sentence of the description, or the title, that holds most of the question.

    Among equals the description's first one: the title is shown anyway.
    """
    lines = [line for line in _SENTENCE.split(clean(text.description)) if line] + [clean(text.title)]
    how = analysis(language)
    best = max(lines, key=lambda line: question.coverage(Field(how, terms(line, language), 1.0)))
    return _cut(best, how, question)


def _cut(line: str, how: str, question: Question) -> str:
    """Shorten a line to words around the first one that matched."""
    if len(line) <= LONGEST:
        return line
    places = list(spans(line))
    first = next((start for start, end in places if _matches(line[start:end], how, question)), 0)
    start, end = _window(line, places, first)
    return ("…" if start else "") + line[start:end].strip() + ("…" if end < len(line) else "")


def _window(line: str, places: Sequence[tuple[int, int]], first: int) -> tuple[int, int]:
    """Return where a cut begins and ends, at the borders of words; a word too long for it is cut."""
    earliest = 0 if first <= LONGEST // 2 else min(first - LONGEST // 4, len(line) - LONGEST)
    start = next((begins for begins, _ in places if earliest <= begins <= first), first) if earliest else 0
    end = max((ends for _, ends in places if start < ends <= start + LONGEST), default=start + LONGEST)
    return start, len(line) if start + LONGEST >= len(line) else end


def _matches(word: str, how: str, question: Question) -> bool:
    return question.coverage(Field(how, forms(word, how), 1.0)) > 0

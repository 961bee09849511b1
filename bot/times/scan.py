"""One small engine that reads words into facts, by the tables of a language's grammar.

The text is read from left to right; at each place the longest pattern wins. What no pattern takes stays a word, and
is for the caller to judge: nothing is dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.times.clock import Clock
from bot.times.facts import RULES, Fact
from bot.times.folding import fold
from bot.times.grammar import grammars
from bot.times.patterns import patterns

_WORD = re.compile(r"[^\W_]+(?:['.-][^\W_]+)*")
_SILENT = re.compile(r"\s+|(?:[,.;:!?'\"\[\](){}*_`|]|-(?![0-9]))")


@dataclass(frozen=True)
class Words:
    """A run of words that no rule took, as written; ``after_hour`` if an hour stands right before it."""

    raw: str
    after_hour: bool
    in_brackets: bool


@dataclass(frozen=True)
class Scan:
    """All that a text told in one language: facts, and the words left over."""

    language: str
    facts: tuple[Fact, ...]
    left: tuple[Words, ...]


def scan(text: str, language: str) -> Scan:
    """Return the facts and the leftover words of a tidy text, as this language reads it."""
    facts: list[Fact] = []
    left: list[Words] = []
    hour_last, brackets, run = False, 0, ""
    for found, raw, is_word in _pieces(text, language):
        if is_word or raw.isspace():
            run += raw
            continue
        if run.strip():
            left.append(Words(run.strip(), hour_last, brackets > 0))
            hour_last = False
        run = ""
        brackets += {"(": 1, ")": -1}.get(raw, 0)
        if found is not None:
            facts.extend(found)
            hour_last = any(isinstance(fact, Clock) for fact in found)
    if run.strip():
        left.append(Words(run.strip(), hour_last, brackets > 0))
    return Scan(language, tuple(facts), tuple(left))


def _pieces(text: str, language: str) -> Iterator[tuple[list[Fact] | None, str, bool]]:
    """Yield what each rule found, and between that the text as it stands, and whether that is a word."""
    folded = fold(text)
    place = 0
    while place < len(text):
        found, end = _longest(folded, place, language)
        if found is not None:
            yield found, text[place:end], False
            place = end
            continue
        silent = _SILENT.match(folded, place)
        word = _WORD.match(folded, place)
        end = silent.end() if silent else word.end() if word else place + 1
        yield None, text[place:end], silent is None
        place = end


def _longest(folded: str, place: int, language: str) -> tuple[list[Fact] | None, int]:
    """Return the facts of the longest rule at this place and where it ends."""
    grammar = grammars()[language]
    best: list[Fact] | None = None
    furthest = place
    for rule, pattern in patterns(language):
        match = pattern.match(folded, place)
        if match and match.end() > furthest:
            found = RULES[rule](match.groupdict(), grammar)
            if found or rule == "skip":
                best, furthest = found, match.end()
    return best, furthest

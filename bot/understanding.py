"""Plain words: from what a member writes to the command they mean, in every language at once.

Each command's phrases (translated by people who speak the language) are patterns; a message that fits one is that
command. A near miss is offered, never taken. Everything else that reads like a question goes to the library.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.commands import PHRASES, Args, CommandSpec, Registry
from bot.i18n import in_every_language

NEAR = 78
"""Similarity (rapidfuzz ratio, 0 to 100) from which a short message is offered as a phrase nearly written."""
LONGEST_COMMAND = 200
"""Characters beyond which a message is somebody's text, not a command; regular expressions are not tried on it."""

_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Understood:
    """A command and its arguments."""

    spec: CommandSpec
    args: Args


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A phrase that is close to what was written."""

    spec: CommandSpec
    phrase: str


@dataclass(frozen=True, slots=True)
class _Pattern:
    spec: CommandSpec
    phrase: str
    regex: re.Pattern[str]
    slots: int
    shaped: bool


def fold(text: str) -> str:
    """Return ``text`` without case, accents or punctuation, character for character (the length stays the same)."""
    return "".join(_fold_character(character) for character in text)


def _fold_character(character: str) -> str:
    base = unicodedata.normalize("NFKD", character.casefold())[:1] or " "
    return base if base.isalnum() else " "


class Understanding:
    """Reads messages against the phrases of a registry."""

    def __init__(self, registry: Registry) -> None:
        self._patterns = sorted(
            (
                _pattern(spec, phrase.strip())
                for spec in registry
                if spec.phrases
                for translated in in_every_language(spec.phrases, PHRASES).values()
                for phrase in translated.split("|")
                if phrase.strip()
            ),
            key=lambda pattern: (pattern.slots, not pattern.shaped, -len(pattern.phrase)),
        )
        self._whole = {index: _squeeze(fold(p.phrase)) for index, p in enumerate(self._patterns) if not p.slots}
        self._by_words = {words: self._patterns[index] for index, words in reversed(self._whole.items())}
        self._slotted = [pattern for pattern in self._patterns if pattern.slots]

    def read(self, text: str) -> Understood | None:
        """Return the command whose phrase the whole message is."""
        if len(text) > LONGEST_COMMAND:
            return None
        folded = fold(text)
        if whole := self._by_words.get(_squeeze(folded)):
            return Understood(whole.spec, {})
        for pattern in self._slotted:
            found = pattern.regex.fullmatch(folded)
            if found:
                args = {name: text[slice(*found.span(name))].strip(' ?!.…«»"“”¿¡') for name in found.groupdict()}
                return Understood(pattern.spec, args)
        return None

    def near(self, text: str, limit: int = 3) -> tuple[Suggestion, ...]:
        """Return the phrases without parameters that the message nearly is, the nearest first, one for each command."""
        if len(text) > LONGEST_COMMAND:
            return ()
        found = process.extract(_squeeze(fold(text)), self._whole, scorer=fuzz.ratio, score_cutoff=NEAR, limit=10)
        by_command: dict[str, Suggestion] = {}
        for _phrase, _score, index in found:
            pattern = self._patterns[index]
            by_command.setdefault(pattern.spec.name, Suggestion(pattern.spec, pattern.phrase))
        return tuple(by_command.values())[:limit]


def _squeeze(text: str) -> str:
    return " ".join(text.split())


def _pattern(spec: CommandSpec, phrase: str) -> _Pattern:
    parts = _SLOT.split(phrase)
    shapes = {param.name: param.shape for param in spec.params if param.shape}
    regex = r"\s*"
    for index, part in enumerate(parts):
        if index % 2:
            regex += rf"(?P<{part}>{shapes.get(part, '.+?')})"
        else:
            words = fold(part).split()
            regex += r"\s+".join(map(re.escape, words))
            if words and index < len(parts) - 1:
                regex += r"\s+"
    slots = parts[1::2]
    shaped = bool(slots) and all(slot in shapes for slot in slots)
    return _Pattern(spec, phrase, re.compile(regex + r"\s*"), len(slots), shaped)

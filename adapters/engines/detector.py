"""Tells the language of a message, and rather says nothing than something wrong."""

from __future__ import annotations

import re
from collections.abc import Collection
from importlib import import_module
from importlib.util import find_spec

from bot.ports import LanguageDetector

MIN_LETTERS = 12
MIN_WORDS = 3
FEWEST_LETTERS = 4
"""A message is judged when it has 12 letters, or 3 words and 4 letters: names and greetings alone are anybody's."""

LONGEST = 4000
"""How many characters are read; more cannot change the answer."""

NOT_PROSE = re.compile(
    r"""
      ```.*?(?:```|\Z) | `[^`\n]*`            # code
    | ^[ \t]*>[^\n]*                         # quoted lines
    | <[^<>\s][^<>\n]*>                       # mentions, channels, custom emoji and links, as platforms write them
    | (?:https?://|www\.)\S+ | \S+@\S+\.\S+   # addresses
    | (?<!\w)[@\#]\S+                         # mentions and tags in plain text
    | :[a-z0-9_+\-]+:                         # emoji by name
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
WORD = re.compile(r"[^\W\d_]+")
DENSE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Scripts written without spaces, in which a character says as much as three letters do."""


def prose(text: str) -> str:
    """Return the words of a message, without addresses, mentions, emoji, code, quotes and numbers."""
    return " ".join(WORD.findall(NOT_PROSE.sub(" ", text[:LONGEST])))


def enough(words: str) -> bool:
    """Tell whether there are words enough to judge a language by."""
    letters = len(words.replace(" ", "")) + 2 * len(DENSE.findall(words))
    return letters >= MIN_LETTERS or (letters >= FEWEST_LETTERS and len(words.split()) >= MIN_WORDS)


class EldDetector:
    """Asks the eldc library, and repeats its answer only when it calls it reliable and the language is spoken here."""

    def __init__(self, languages: Collection[str]) -> None:
        eldc = import_module("eldc")  # a wheel that not every machine has
        eldc.init()
        self._detect = eldc.detect_details
        self._languages = {language.partition("-")[0]: language for language in reversed(tuple(languages))}

    def detect(self, text: str) -> str | None:
        """Return one of the community's languages, or None."""
        words = prose(text)
        if not enough(words):
            return None
        found = self._detect(words)
        return self._languages.get(found.language) if found.reliable else None


class NoDetector:
    """Never knows: for machines the library has no wheel for."""

    def detect(self, text: str) -> str | None:  # noqa: ARG002 - the port's signature
        """Return None."""
        return None


def load_detector(languages: Collection[str]) -> LanguageDetector:
    """Return the best detector this machine has."""
    if find_spec("eldc") is None:
        return NoDetector()
    return EldDetector(languages)

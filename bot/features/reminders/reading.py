"""What somebody wants to be reminded of and when, told apart in one sentence.

The moment stands at the beginning ("tomorrow at 9:00 to call the school") or at the end ("to call the school tomorrow
at 9:00"), or around words in quotes; the grammars of time tell how far it reaches. Where both ends name a moment, or
none does, nothing is guessed: the text stays whole, and the form asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from bot.features.reminders.model import Wish
from bot.i18n import NP_, in_every_language
from bot.times.days import Day
from bot.times.facts import Fact, Past
from bot.times.folding import fold, tidy
from bot.times.grammar import grammars
from bot.times.scan import Scan, scan
from bot.times.words import parse_when

CONNECTIVES = "connectives"
"""The gettext context of the words that join a moment and what is to be done then, separated by ``|``."""
JOINING = NP_("connectives", "to|of|about|that")

_QUOTED = re.compile(r"[“«\"]\s*(?P<text>[^“”«»\"]*[^“”«»\"\s])\s*(?:[”»\"]|$)")
_QUOTES = '“”«»"'
_AROUND = " \t\n,;:.–—-"
_MOST_WORDS = 12
_GAP = 3
"""Words of a moment's end that mean nothing until the last of them is there ("at 9 Port au Prince time")."""
_LEADING = 2

Reading = Callable[[str], object | None]


def read_wish(request: str, *, language: str, zone: str, now: datetime) -> Wish:
    """Return what a request asks for; ``when`` is empty where it does not say it, or says it in more than one way."""

    def moment(piece: str) -> object | None:
        found = parse_when(piece, lang=language, zone=zone, now=now).candidates
        return (tuple(candidate.utc for candidate in found), _facts(piece)) if found else None

    for reading in (moment, _day):
        found = _quoted(request, reading) or _split(request.split(), reading)
        if found is not None:
            return found
    return Wish(_bare(request))


def _day(piece: str) -> object | None:
    """Return what words tell that name a day without an hour, so that the form asks for nothing but the hour."""
    for seen in _scans(piece):
        day = any(isinstance(fact, Day | Past) for fact in seen.facts)
        if day and all(_is_filler(word) for left in seen.left for word in left.raw.split()):
            return seen.facts
    return None


def _facts(piece: str) -> tuple[Fact, ...]:
    """Return what words tell about a moment, in the language in which they tell most."""
    return max((seen.facts for seen in _scans(piece)), key=len)


def _scans(piece: str) -> Iterator[Scan]:
    plain = " ".join(tidy(piece).split())
    return (scan(plain, language) for language in grammars())


def _is_filler(word: str) -> bool:
    return any(fold(tidy(word)) in grammar.fillers for grammar in grammars().values())


def _quoted(request: str, reading: Reading) -> Wish | None:
    found = _QUOTED.search(request)
    if found is None:
        return None
    around = (_unjoined(request[: found.start()], at_end=True), _unjoined(request[found.end() :], at_end=False))
    when = " ".join(part for part in around if part)
    return Wish(found["text"], when) if reading(when) is not None else None


def _split(words: Sequence[str], reading: Reading) -> Wish | None:
    count = len(words)
    head = _reach([" ".join(words[:size]) for size in range(1, min(count, _MOST_WORDS) + 1)], reading)
    tail = _reach([" ".join(words[count - size :]) for size in range(1, min(count, _MOST_WORDS) + 1)], reading)
    if head and tail and head + tail <= count:
        return Wish(_bare(" ".join(words)))
    if head:
        return Wish(_bare(" ".join(words[head:])), " ".join(words[:head]).strip(_AROUND))
    if tail:
        start = _with_fillers(words, count - tail)
        return Wish(_bare(" ".join(words[:start])), " ".join(words[start:]).strip(_AROUND))
    return None


def _reach(pieces: Sequence[str], reading: Reading) -> int:
    """Return how many words make the moment: the fewest that mean what as many as possible mean."""
    best, meaning, missed = 0, None, 0
    for size, piece in enumerate(pieces, 1):
        found = reading(piece)
        if found is None:
            missed += bool(best)
            if missed > _GAP:
                break
        else:
            missed = 0
            if found != meaning:
                best, meaning = size, found
    return best


def _with_fillers(words: Sequence[str], start: int) -> int:
    """Return where a moment begins with the little words before it ("on the 3rd")."""
    for _step in range(_LEADING):
        if start and _is_filler(words[start - 1]):
            start -= 1
    return start


def _bare(text: str) -> str:
    """Return what is to be done without the word that joins it to the moment, and without quotes around it."""
    bare = _unjoined(text, at_end=False)
    if bare[:1] in _QUOTES:
        bare = bare.strip(_QUOTES + _AROUND)
    return bare if any(char.isalnum() for char in bare) else ""


def _unjoined(text: str, *, at_end: bool) -> str:
    """Return a text without the joining word at its end, or at its beginning."""
    text = text.strip(_AROUND)
    joining = {part.strip() for each in in_every_language(JOINING, CONNECTIVES).values() for part in each.split("|")}
    for word in sorted(joining, key=len, reverse=True):
        elided = word.endswith(("’", "'"))
        plain = re.escape(word).replace("’", "['’]")
        pattern = rf"(?:^|\s){plain}$" if at_end else rf"^{plain}" + (r"(?=\w)" if elided else r"(?:\s+|$)")
        cut = re.sub(pattern, "", text, flags=re.IGNORECASE)
        if cut != text:
            return cut.strip(_AROUND)
    return text

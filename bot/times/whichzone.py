"""Whose clock a phrase means: the zones it names, or the author's own."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.errors import InvalidInput
from bot.i18n import N_
from bot.times.facts import NamedZone
from bot.times.folding import fold
from bot.times.grammar import Grammar, grammars
from bot.times.scan import Scan, Words
from bot.times.zones import ZoneMatch, find_zones

CONFIRM_PLACE = N_("I took that for the place whose clock is meant. Please check it.")
_SHORT = re.compile(r"[A-Za-z]{1,5}")


class LeftOver(Exception):  # noqa: N818 - it is no error yet: another language may know these words
    """Words that this language's grammar does not know."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True)
class Place:
    """A name and the zones it may stand for, none if it is unknown."""

    name: str
    zones: tuple[str, ...]
    doubt: str = ""


@dataclass(frozen=True)
class Zones:
    """The zones a phrase may mean, the likelier first; ``doubt`` asks for a confirmation."""

    zones: tuple[str, ...]
    doubt: str = ""


def zones_of(seen: Scan, own_zone: str) -> Zones:
    """Return the zones of a phrase; raises LeftOver for words that are none, InvalidInput for an unknown place."""
    grammar = grammars()[seen.language]
    places = [place for words in seen.left if (place := _place(words, grammar)) is not None]
    places += [Place(fact.name, _zones(fact.name)) for fact in seen.facts if isinstance(fact, NamedZone)]
    for place in places:
        if not place.zones:
            raise _unknown(place.name)
    if not places:
        return Zones((own_zone,))
    shared = [zone for zone in places[0].zones if all(zone in place.zones for place in places)]
    zones = shared or list(dict.fromkeys(zone for place in places for zone in place.zones))
    zones.sort(key=lambda zone: zone != own_zone)
    return Zones(tuple(zones), places[0].doubt if len(places) == 1 else "")


def _place(words: Words, grammar: Grammar) -> Place | None:
    """Return the place that a run of words names, or None if the words carry no weight."""
    folded = fold(words.raw)
    if all(word in grammar.fillers | grammar.subjects for word in folded.split()):
        return None
    for spelling in (words.raw, _trimmed(words.raw, grammar)):
        for speech in (grammar, *grammars().values()):
            if explicit := _explicit(spelling, speech):
                return explicit
    first, _, rest = words.raw.partition(" ")
    if fold(first) in grammar.place_words and rest:
        return _named(rest, words, grammar, doubt="")
    return _named(words.raw, words, grammar, doubt="" if words.in_brackets else CONFIRM_PLACE)


def _explicit(raw: str, grammar: Grammar) -> Place | None:
    """Return the place that the words "heure de" or "time" announce; "heure du Caire" is the time of "Le Caire"."""
    for pattern in (grammar.zone_before, grammar.zone_after):
        match = re.fullmatch(pattern, fold(raw))
        if match:
            name = raw[match.start("zone") : match.end("zone")]
            spellings = (name, *(f"{article} {name}" for article in grammar.articles), _trimmed(name, grammar))
            return Place(name, next((zones for spelling in spellings if (zones := _zones(spelling))), ()))
    return None


def _named(name: str, words: Words, grammar: Grammar, doubt: str) -> Place:
    """Return the place of exactly this name (articles aside); short names must look like an abbreviation."""
    bare = _trimmed(name, grammar)
    for spelling in (name, bare):
        matches = _matches(spelling)
        short = matches and matches[0].kind != "city" and _SHORT.fullmatch(spelling)
        written = spelling.isupper() or words.in_brackets or (words.after_hour and grammar.tag == "en")
        if matches and (written or not short):
            return Place(spelling, tuple(match.zone for match in matches), doubt if matches[0].kind == "city" else "")
    raise LeftOver(words.raw)


def _trimmed(text: str, grammar: Grammar) -> str:
    words = text.split()
    while words and fold(words[0]) in grammar.fillers:
        words.pop(0)
    while words and fold(words[-1]) in grammar.fillers:
        words.pop()
    return " ".join(words)


def _matches(name: str) -> list[ZoneMatch]:
    return [match for match in find_zones(name) if match.score == 100 or match.kind == "abbreviation"]


def _zones(name: str) -> tuple[str, ...]:
    return tuple(match.zone for match in _matches(name))


def _unknown(name: str) -> InvalidInput:
    close = find_zones(name)
    if close:
        return InvalidInput(
            N_("I do not know the time zone “{zone}”. Did you mean {suggestion}?"), zone=name, suggestion=close[0].label
        )
    return InvalidInput(N_("I do not know where “{zone}” is. Name a large city, such as Lima or Geneva."), zone=name)

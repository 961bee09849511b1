"""Engines without their libraries, which pass the same contract suites: for tests and for looking inside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from adapters.engines.detector import enough, prose
from adapters.engines.solver import base, spoken
from bot.ports import Group, Seat

MARKERS: Mapping[str, str] = {
    "en": "the is are and where can what how for with this have you my of to",
    "fr": "le les est et où peut que comment pour avec cette avez vous mon une des du",
    "es": "el los es y dónde puede qué cómo para con esta tiene usted mi una del se",
}


class WordListDetector:
    """Knows a language by its commonest words: the one with most of them, if there are two and no other has as many."""

    def __init__(self, languages: Collection[str]) -> None:
        self._markers = {
            language: frozenset(MARKERS[language].split()) for language in languages if language in MARKERS
        }

    def detect(self, text: str) -> str | None:
        """Return one of the community's languages, or None."""
        words = prose(text)
        if not enough(words):
            return None
        told = Counter(
            language for word in words.casefold().split() for language, marks in self._markers.items() if word in marks
        )
        best = told.most_common(2)
        if not best or best[0][1] < 2 or (len(best) > 1 and best[0][1] == best[1][1]):
            return None
        return best[0][0]


class GreedySolver:
    """Seats one member after the other; right as long as groups have no capacity."""

    def __init__(self, fallback: str = "en") -> None:
        self._fallback = base(fallback)

    def place(self, seats: Sequence[Seat], groups: Sequence[Group]) -> dict[str, str]:
        """Return ``{member id: group id}``; nobody is placed where there is no group."""
        if not groups:
            return {}
        sizes: Counter[str] = Counter()
        places: dict[str, str] = {}
        for seat in sorted(seats, key=lambda seat: (not spoken(seat, groups), seat.member_id)):
            wanted = (spoken(seat, groups) or (self._fallback,))[0]
            fitting = [group for group in groups if base(group.language) == wanted] or groups
            group_id = min((group.id for group in fitting), key=lambda group_id: (sizes[group_id], group_id))
            sizes[group_id] += 1
            places[seat.member_id] = group_id
        return places

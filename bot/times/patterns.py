"""The patterns of one language: its grammar's tables and rules, and what every language writes alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from bot.times.grammar import Grammar, grammars

# A match ends where a word or a number ends: "at 3" must not be read out of "at 3.5" or "at 30".
_END = r"(?![^\W_]|[:.,/-][0-9])"

_EVERYWHERE = (
    (
        "iso",
        (
            r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
            r"(?:t(?P<h>[0-9]{2}):?(?P<m>[0-9]{2})(?::?[0-9]{2}(?:\.[0-9]+)?)?(?P<zone>z|[+-][0-9]{2}:?[0-9]{2})?)?"
        ),
    ),
    ("iso", r"(?P<year>[0-9]{4})/(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})"),
    ("numbers", r"(?P<first>[0-9]{1,2})(?P<sign>[/-])(?P<second>[0-9]{1,2})(?P=sign)(?P<year>[0-9]{4}|[0-9]{2})"),
    ("numbers", r"(?P<first>[0-9]{1,2})(?P<point>\.)(?P<second>[0-9]{1,2})\.(?P<year>[0-9]{4})"),
    ("numbers", r"(?P<first>[0-9]{1,2})/(?P<second>[0-9]{1,2})"),
    ("zone", r"(?P<zone>(?:gmt|utc|tu)\s?[+-]\s?[0-9]{1,2}(?::?[0-9]{2})?)"),
    ("zone", r"(?P<zone>\+[0-9]{2}:?[0-9]{2})"),
    ("zone", r"(?P<zone>utc|gmt)"),
    ("zone", r"(?P<zone>[a-z]{2,}(?:/[a-z][a-z_+-]+[0-9]{0,2}){1,2})"),
)


@lru_cache
def patterns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the rules of a language, each with its compiled pattern, in the order of preference."""
    grammar = grammars()[language]
    words = _words(grammar)
    rules = [
        *_EVERYWHERE,
        *(("past", pattern) for pattern in grammar.past),
        *grammar.rules,
        ("day", rf"(?P<day>{_any(grammar.days)})"),
        ("todays_part", rf"(?P<part>{_any(grammar.todays_parts)})"),
        ("part", r"(?P<part>%part%)"),
        ("clock", rf"{_clock(grammar)}(?P<zulu>z)?"),
        ("span", rf"(?:(?P<between>{grammar.between}) )?{_two_clocks(grammar, grammar.until)}"),
        ("span", rf"(?P<between>{grammar.both[0]}) {_two_clocks(grammar, grammar.both[1])}"),
    ]
    return tuple((rule, re.compile(_filled(pattern, words) + _END)) for rule, pattern in rules)


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", " ") for word in sorted(words, key=len, reverse=True))


def _filled(pattern: str, words: dict[str, str]) -> str:
    for name, alternatives in words.items():
        pattern = pattern.replace(f"%{name}%", alternatives)
    return pattern


def _words(grammar: Grammar) -> dict[str, str]:
    hours = {value: word for word, value in grammar.numbers.items()}  # of "a, an, one" the last one tells an hour
    return {
        "no_date": rf"(?! ?-| ?(?:{grammar.hour_signs}|%part%)(?![^\W_])|(?: (?:de|of))? ?%month%(?![^\W_]))",
        "num": rf"(?:[0-9]{{1,3}}|{_any(grammar.numbers)})",
        "hour": rf"(?:[0-9]{{1,2}}|{_any(word for value, word in hours.items() if value <= 24)})",
        "ord": _any(grammar.ordinals),
        "wd": f"(?:{_any(grammar.weekdays)})",
        "month": f"(?:{_any(grammar.months)})",
        "unit": f"(?:{_any(grammar.units)})",
        "part": f"(?:{_any(grammar.parts)})",
    }


def _clock(grammar: Grammar, end: str = "") -> str:
    """Return the pattern of one hour, its groups named with the suffix ``end``."""
    before = rf"(?:(?P<pre{end}>{_any(grammar.minutes_before)}) )?" if grammar.minutes_before else ""
    after = rf"(?: (?P<min{end}>{_any(grammar.minutes_after)}))?" if grammar.minutes_after else ""
    digits = (
        rf"{before}(?P<h{end}>%hour%)(?:(?P<sep{end}>[:.]|\s?h\s?|\s?heures?\s)(?P<m{end}>[0-9]{{2}})(?!\s?h\b|[0-9])"
        rf"(?::[0-9]{{2}}(?:\.[0-9]+)?)?)?(?:\s?(?P<sign{end}>{grammar.hour_signs})(?![^\W_]))?{after}"
        rf"(?:,? ?(?P<part{end}>%part%))?(?! ?(?:of |de )?%month%(?![^\W_]))"
    )
    noon = rf"(?P<noon{end}>{_any(grammar.noon_and_midnight)})" + after.replace(f"min{end}", f"nmin{end}")
    return rf"(?:(?P<at{end}>{grammar.at})\s?)?(?:{noon}|{digits})"


def _two_clocks(grammar: Grammar, joiner: str) -> str:
    return rf"{_clock(grammar)}(?P<join>\s?-\s?|\s(?:{joiner})\s){_clock(grammar, '_end')}"

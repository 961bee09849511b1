"""How people say when: one file of data for each language, read by one engine (``bot.times.scan``).

To add a language, add a module here that defines ``GRAMMAR``. All words stand folded: small letters, no accents.
Patterns are regular expressions in which ``%num%``, ``%ord%``, ``%wd%``, ``%month%``, ``%unit%``, ``%part%`` and
``%clock%`` stand for the words of the tables (and digits), and the names of groups are those that the rule of that
name reads.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache


@dataclass(frozen=True)
class Grammar:
    """The words of one language for days and times."""

    tag: str
    numbers: Mapping[str, int]
    ordinals: Mapping[str, int]  # "last" is -1
    weekdays: Mapping[str, int]  # Monday is 0
    months: Mapping[str, int]
    units: Mapping[str, str]  # to "minutes", "hours", "days", "weeks", "months"
    days: Mapping[str, int]  # words for a day, by its distance from today
    parts: Mapping[str, str]  # "in the morning" to a part of the day (bot.times.clock)
    todays_parts: Mapping[str, str]  # "tonight" to a part of today
    noon_and_midnight: Mapping[str, int]
    minutes_after: Mapping[str, int]  # what follows the hour: "et demie" is 30
    minutes_before: Mapping[str, int]  # what comes before the hour: "half past" is 30
    past: tuple[str, ...]  # patterns that name the past
    rules: tuple[tuple[str, str], ...]  # (rule, pattern); the longest match wins, then the first
    at: str  # what announces an hour
    hour_signs: str  # what follows an hour that stands alone
    until: str  # what joins the two ends of a span
    between: str  # what announces a span
    both: tuple[str, str]  # "between" 2 "and" 4
    fillers: frozenset[str]  # words without weight
    subjects: frozenset[str]  # words for what takes place then, of no weight either
    place_words: frozenset[str]  # words that announce a place
    zone_before: str  # "heure de" Lima
    zone_after: str  # Lima "time"
    articles: tuple[str, ...] = ()  # that a place's name may begin with, and that "heure du" swallows
    week_starts: tuple[int, ...] = (0,)
    next_week_first: bool = False  # which "next Thursday" is the likelier one
    sure_hours: Mapping[str, int] = field(default_factory=dict)  # from which hour a way of writing means 24 hours
    idle_counts: Mapping[int, int] = field(default_factory=dict)  # "dans huit jours" is a week


@lru_cache
def grammars() -> dict[str, Grammar]:
    """Return the grammar of every language there is, by tag."""
    modules = (importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
    return {module.GRAMMAR.tag: module.GRAMMAR for module in modules}

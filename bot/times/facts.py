"""What a phrase can tell, and how each rule of a grammar (``bot.times.grammar``) becomes such facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.times.clock import Clock
from bot.times.days import CONFIRM_WORDS, Dated, Day, DayOfMonth, NthWeekday, Offset, Week, Weekday
from bot.times.grammar import Grammar


@dataclass(frozen=True)
class Elapsed:
    """So much time from now."""

    length: timedelta


@dataclass(frozen=True)
class Part:
    """A part of the day, said apart from the hour."""

    name: str


@dataclass(frozen=True)
class NamedZone:
    """A zone in a form that can be nothing else ("GMT+1", "America/Lima")."""

    name: str


@dataclass(frozen=True)
class Past:
    """Words for what is over ("yesterday")."""


Fact = Day | Clock | Elapsed | Part | NamedZone | Past
Groups = Mapping[str, str | None]


def _number(text: str | None, grammar: Grammar) -> int:
    """Return a number in digits or words, 0 for none."""
    if text is None:
        return 0
    return int(text) if text.isdigit() else grammar.numbers[text]


def _day(text: str | None, grammar: Grammar) -> int:
    """Return a day of the month: digits, or the word for the first."""
    word = text or ""
    return int(word) if word.isdigit() else grammar.ordinals[word]


def _year(groups: Groups) -> int | None:
    year = groups.get("year")
    return int(year) + (2000 if len(year) == 2 else 0) if year else None


def _elapsed(groups: Groups, grammar: Grammar) -> list[Fact]:
    if groups.get("fortnight"):
        return [Offset((14, 15) if grammar.idle_counts else (14,))]
    if groups.get("half") and not groups.get("n"):
        return [Elapsed(timedelta(minutes=30))]
    count = _number(groups.get("n"), grammar)
    unit = grammar.units.get(groups.get("unit") or "", "hours")
    if unit == "days":
        also = grammar.idle_counts.get(count)
        return [Offset((also, count) if also else (count,))]
    if unit == "weeks":
        return [Offset((7 * count,))]
    if unit == "months":
        return [Offset((0,), months=count)]
    length = timedelta(hours=count) if unit == "hours" else timedelta(minutes=count)
    extra = 30 if groups.get("half") else _number(groups.get("n2"), grammar)
    return [Elapsed(length + timedelta(minutes=extra))]


def _weekday(groups: Groups, grammar: Grammar, mode: str, weeks: int = 0) -> Weekday:
    weekday = grammar.weekdays[groups["wd"] or ""]
    return Weekday(weekday, mode, weeks, grammar.week_starts, grammar.next_week_first)


def _nth_weekday(groups: Groups, grammar: Grammar) -> list[Fact]:
    nth, weekday = grammar.ordinals[groups["ord"] or ""], grammar.weekdays[groups["wd"] or ""]
    if groups.get("month"):
        return [NthWeekday(nth, weekday, grammar.months[groups["month"] or ""], _year(groups))]
    return [NthWeekday(nth, weekday, None, months=1 if groups.get("next") else 0)]


def _day_of_month(groups: Groups, grammar: Grammar) -> list[Fact]:
    return [DayOfMonth(_day(groups["day"], grammar), 1 if groups.get("next") else None)]


def _numbers(groups: Groups, _grammar: Grammar) -> list[Fact]:
    """Read "03/04/2026": the day first, or the month first where that is a month too; points mean the day first."""
    first, second = int(groups["first"] or 0), int(groups["second"] or 0)
    orders = [(first, second), (second, first)]
    pairs = [(day, month) for day, month in orders if month <= 12]
    if groups.get("point") or first == second or not pairs:
        pairs = orders[:1]
    return [Dated(tuple(pairs), _year(groups))]


def _iso(groups: Groups, _grammar: Grammar) -> list[Fact]:
    found: list[Fact] = [Dated(((int(groups["day"] or 0), int(groups["month"] or 0)),), _year(groups))]
    if groups.get("h"):
        found.append(Clock(int(groups["h"] or 0), int(groups["m"] or 0), "sure"))
    if groups.get("zone"):
        found.append(NamedZone(groups["zone"] or ""))
    return found


def _clock(groups: Groups, grammar: Grammar, end: str = "") -> Clock | None:
    """Return the hour whose groups carry the suffix ``end``; None for a bare number, which may be anything."""

    def group(name: str) -> str | None:
        return groups.get(name + end)

    part = grammar.parts.get(group("part") or "")
    minute = grammar.minutes_after.get(group("min") or group("nmin") or "", 0) + grammar.minutes_before.get(
        group("pre") or "", 0
    )
    if group("noon"):
        midnight = grammar.noon_and_midnight[group("noon") or ""] == 0
        return Clock(0, minute, "midnight") if midnight else Clock(12, minute, "sure", part)
    hour = group("h") or ""
    said = any(group(name) for name in ("at", "sign", "part", "min", "pre")) or bool(groups.get("between"))
    if group("sep") == "." and not (group("at") or part):
        return None
    if not said and not group("sep"):
        return None
    style = "colon" if group("sep") in {":", "."} else "sign" if group("sep") or group("sign") else "bare"
    if hour.startswith("0"):
        style = "sure"
    return Clock(_number(hour, grammar), minute or int(group("m") or 0), style, part)


def _one_clock(groups: Groups, grammar: Grammar) -> list[Fact]:
    clock = _clock(groups, grammar)
    return _with_utc(clock, groups.get("zulu")) if clock else []


def _with_utc(clock: Clock, zulu: str | None) -> list[Fact]:
    return [clock, NamedZone("utc")] if zulu else [clock]


def _span(groups: Groups, grammar: Grammar) -> list[Fact]:
    """Read "14h-16h", "2 to 4 pm": one end that is surely an hour makes the other one.

    A bare start needs more than that: in "martes 3 a las 15:00" the 3 is a day, and "ten to nine" is no span.
    """
    if not any(groups.get(name) for name in ("sep", "sign", "part", "min", "pre", "noon")) and not _joined(groups):
        return []
    start, end = _clock(groups, grammar), _clock(groups, grammar, "_end")
    if start is None and end is None:
        return []
    first = start or _clock({**groups, "between": "yes", "sep": None}, grammar)
    last = end or _clock({**groups, "between": "yes"}, grammar, "_end")
    if first is None or last is None:
        return []
    return [Clock(first.hour, first.minute, first.style, first.part, last)]


def _joined(groups: Groups) -> bool:
    """Tell whether a bare number belongs with the hour after it: "2-4 pm", "at 2 - 4", "from 2 to 4", "2 to 4 pm"."""
    if groups["between"] or groups["join"] == "-" or (groups["at"] and "-" in (groups["join"] or "")):
        return True
    return bool(groups["part_end"] and not groups["at"] and not groups["at_end"] and (groups["h"] or "").isdigit())


RULES: Mapping[str, Callable[[Groups, Grammar], list[Fact]]] = {
    "clock": _one_clock,
    "span": _span,
    "iso": _iso,
    "numbers": _numbers,
    "zone": lambda groups, _: [NamedZone(groups["zone"] or "")],
    "skip": lambda _groups, _grammar: [],
    "past": lambda _groups, _grammar: [Past()],
    "part": lambda groups, grammar: [Part(grammar.parts[groups["part"] or ""])],
    "todays_part": lambda groups, grammar: [Offset((0,)), Part(grammar.todays_parts[groups["part"] or ""])],
    "day": lambda groups, grammar: [Offset((grammar.days[groups["day"] or ""],))],
    "doubtful_day": lambda _groups, _grammar: [Offset((2,), doubt=CONFIRM_WORDS)],
    "elapsed": _elapsed,
    "weekday": lambda groups, grammar: [_weekday(groups, grammar, "bare")],
    "this_weekday": lambda groups, grammar: [_weekday(groups, grammar, "this")],
    "coming_weekday": lambda groups, grammar: [_weekday(groups, grammar, "this")],
    "next_weekday": lambda groups, grammar: [_weekday(groups, grammar, "next")],
    "weekday_after_next": lambda groups, grammar: [_weekday(groups, grammar, "after next")],
    "weekday_in_week": lambda groups, grammar: [_weekday(groups, grammar, "weeks", 2 if groups.get("weeks2") else 1)],
    "week": lambda groups, grammar: [Week(1 if groups.get("next") else 0, grammar.week_starts)],
    "nth_weekday": _nth_weekday,
    "date": lambda groups, grammar: [
        Dated(((_day(groups["day"], grammar), grammar.months[groups["month"] or ""]),), _year(groups))
    ],
    "day_of_month": _day_of_month,
    "weekday_and_day": lambda groups, grammar: [_weekday(groups, grammar, "bare"), *_day_of_month(groups, grammar)],
}

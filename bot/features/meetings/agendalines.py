"""The single lines of a pasted agenda: hours, dates, kinds of items, languages, in English, French and Spanish."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from typing import Literal

from babel import Locale

from bot.errors import InvalidInput
from bot.i18n import N_
from bot.times.days import Dated, Weekday, no_such_date
from bot.times.folding import fold, tidy
from bot.times.grammar import grammars
from bot.times.scan import scan
from bot.times.whichday import contradiction

Kind = Literal["plenary", "icebreaker", "breakout", "break"]

_DASH = r"[-\u2010-\u2015\u2212]"
_HOUR = (
    r"(?P<h{n}>[0-9]{{1,2}})\s*(?:(?P<s{n}>[:h.])\s*(?P<m{n}>[0-9]{{2}})|(?P<o{n}>h|heures?|horas?)(?![a-z]))?"
    r"(?:\s*(?P<p{n}>[ap])\.?\s?m\b\.?)?"
)
_TO = rf"(?:{_DASH}|\b(?:to|a|until|hasta|et|y|and)\b)"
_SPAN_TEXT = rf"{_HOUR.format(n=1)}\s*{_TO}\s*{_HOUR.format(n=2)}(?:\s*(?:h|hs|hrs|horas?)\b)?"
_SPAN = re.compile(rf"(?<![0-9:./-]){_SPAN_TEXT}(?![0-9])")
_ROW = re.compile(rf"(?:[-*\u2022\u00b7]\s*)?(?:from |de |entre )?{_SPAN_TEXT}(?![0-9])[\s:.)|]*")
_START = re.compile(rf"(?:[-*\u2022\u00b7]\s*)?{_HOUR.format(n=1)}(?=[\s:)|])[\s:.)|]+")
_KINDS: tuple[tuple[Kind, str, str], ...] = (
    # kind, words that name it in brackets, words that name it in a title
    ("icebreaker", r"ice-?\s?breaker|brise-glaces?|rompehielos", r"ice-?\s?breaker|brise-glaces?|rompehielos"),
    (
        "breakout",
        r"break-?\s?outs?\b|groups?\b|sous-groupes?|groupes?\b|grupos?\b|ateliers?|talleres",
        r"break-?\s?outs?\b|sous-groupes|en (?:petits )?groupes|en grupos|small groups",
    ),
    (
        "break",
        r"break\b|pause|receso|descanso|pausa|lunch|dejeuner|almuerzo|cafe",
        r"(?:coffee|lunch|tea) break|^(?:break|pause|receso|descanso|pausa|lunch|dejeuner|almuerzo)\b|pause[ -]cafe",
    ),
    ("plenary", r"plenary|pleniere|plenari[ao]", r"plenary|pleniere|plenari[ao]"),
)
_PLENARY = re.compile(r"plenary|pleniere|plenari[ao]")
_GROUPS = re.compile(r"break-?\s?out|groupe|grupo|\bgroups?\b|atelier|taller")
_ZONE_WORDS = re.compile(
    r"(?:a )?(?:l')?heure (?:locale )?(?:de la |de l'|de |d'|du |des )?"
    r"|(?:a )?(?:la )?hora (?:local )?(?:de la |del |de )?"
)
_LONGEST_DATE, _LONGEST_NOTE = 200, 500
_MOST_GROUPS = 50


@dataclass(frozen=True)
class Hours:
    """A span of hours (the end is None where only a start is written) and where its text begins and ends."""

    start: time
    end: time | None
    begins: int
    ends: int


def clean(line: str) -> str:
    """Return a line with plain spaces and without invisible signs, otherwise as written."""
    visible = (char for char in unicodedata.normalize("NFC", line) if unicodedata.category(char) != "Cf")
    return "".join(" " if unicodedata.category(char) == "Zs" else char for char in visible).strip()


def folded(line: str) -> str:
    """Return a clean line as it is compared, of the same length."""
    return fold(line.replace("\u2019", "'"))


def find_span(line: str) -> Hours | None:
    """Return the first span of hours in a line; raises InvalidInput if it is no time of day."""
    for match in _SPAN.finditer(folded(line)):
        if _is_time(match, 1) or _is_time(match, 2):
            return _hours(match)
    return None


def read_row(line: str) -> tuple[Hours, str] | None:
    """Return the hours at the head of an agenda line and the text after them; None for other lines."""
    match = _ROW.match(folded(line))
    if match and (_is_time(match, 1) or _is_time(match, 2)):
        return _hours(match), line[match.end() :].strip()
    match = _START.match(folded(line))
    if match and _is_time(match, 1) and match["s1"] != ".":
        return Hours(_time(match["h1"], match["m1"], match["p1"]), None, 0, match.end()), line[match.end() :].strip()
    return None


def _is_time(match: re.Match[str], number: int) -> bool:
    """Tell whether a number is surely an hour: "14:00", "14h", "2 pm", and not the 1 of a list."""
    return any(match[f"{group}{number}"] for group in "sop")


def _hours(match: re.Match[str]) -> Hours:
    end = _time(match["h2"], match["m2"], match["p2"])
    start = _time(match["h1"], match["m1"], match["p1"] or match["p2"])
    if start > end and not match["p1"]:  # "11:30 - 12:15 pm" begins in the morning
        start = _time(match["h1"], match["m1"], None)
    return Hours(start, end, match.start(), match.end())


def _time(hour: str, minute: str | None, part: str | None) -> time:
    number, minutes = int(hour), int(minute or 0)
    if number > 24 or minutes > 59 or (number == 24 and minutes):
        raise InvalidInput(N_("{hour}:{minute:02} is not a time of day."), hour=number, minute=minutes)
    if part and number <= 12:
        number = number % 12 + (12 if part == "p" else 0)
    return time(number % 24, minutes)


def read_date(text: str) -> date | None:
    """Return the date in a text, None if there is none; raises InvalidInput for an impossible or incomplete one."""
    plain = tidy(text)[:_LONGEST_DATE]
    for language in grammars():
        seen = scan(plain, language)
        dates = [fact for fact in seen.facts if isinstance(fact, Dated)]
        if not dates:
            continue
        if len(dates) > 1 or any(char.isdigit() for words in seen.left for char in words.raw):
            raise contradiction()
        weekday = next((fact.weekday for fact in seen.facts if isinstance(fact, Weekday)), None)
        return _date(dates[0], weekday)
    return None


def _date(dated: Dated, weekday: int | None) -> date:
    day, month = dated.pairs[0]
    if dated.year is None:
        raise InvalidInput(N_("The date has no year. Add it."))
    found = []
    for day, month in dated.pairs:
        try:
            found.append(date(dated.year, month, day))
        except ValueError:
            continue
    if not found:
        raise no_such_date(day, month, dated.year)
    fitting = [candidate for candidate in found if weekday is None or candidate.weekday() == weekday]
    if not fitting:
        raise InvalidInput(
            N_("{date} falls on another day of the week than the one you wrote. Check the date."),
            date=found[0].isoformat(),
        )
    if len(fitting) > 1:
        raise InvalidInput(N_("The date can be read in two ways. Write the month in letters."))
    return fitting[0]


def read_zone(text: str) -> str | None:
    """Return what a date line says of the zone after its hours: "GMT+1", "Geneva" of "(Geneva time)"."""
    inside = re.search(r"\(([^()]*)\)", text)
    name = (inside[1] if inside else text).strip(" ,;.:()[]")
    ahead = _ZONE_WORDS.match(folded(name))
    name = name[ahead.end() :] if ahead else re.sub(r"\s+(?:local )?time$", "", name, flags=re.IGNORECASE)
    return name.strip() or None


def kind_of(text: str) -> tuple[str, Kind, str | None]:
    """Return an item's title, kind and presenters (one text) out of the text after its hours."""
    for bracket in re.finditer(r"\(([^()]*)\)", text):
        kind = _kind(bracket[1], in_brackets=True)
        if kind:
            title = text[: bracket.start()].strip(" \t:;,-")
            presenters = " ".join(text[bracket.end() :].split()).strip(" :;,-") or None
            named = _kind(title, in_brackets=False)
            return " ".join(title.split()), named if kind == "plenary" and named else kind, presenters
    title, _, presenters_text = text.partition("\t")
    return (
        " ".join(title.split()),
        _kind(title, in_brackets=False) or "plenary",
        " ".join(presenters_text.split()) or None,
    )


def _kind(text: str, *, in_brackets: bool) -> Kind | None:
    plain = folded(text)
    for kind, bracketed, titled in _KINDS:
        if re.search(bracketed if in_brackets else titled, plain):
            return kind
    return None


@lru_cache
def _languages() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return the pattern of every language's name in the languages we read, and the tag of each name."""
    names: dict[str, str] = {}
    for reader in grammars():
        known = Locale.parse(reader).languages
        names.update({folded(clean(name)): tag for tag, name in known.items() if len(tag) == 2})
    longest_first = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    count = r"(?:(?P<before>[0-9]{1,2})\s*(?:groups?|groupes?|grupos?)?\s*(?:in|en)?\s*)?"
    return re.compile(rf"{count}\b(?P<name>{longest_first})\b(?:\s*[(:x\u00d7]\s*(?P<after>[0-9]{{1,2}}))?"), names


def read_languages(line: str) -> tuple[tuple[str, ...], tuple[tuple[str, int], ...]] | None:
    """Return the plenary's languages and the breakout groups by language that a note tells; None for other lines."""
    plenary: dict[str, None] = {}
    groups: dict[str, int] = {}
    pattern, tags = _languages()
    for sentence in re.split(r"[.;]\s", folded(line)[:_LONGEST_NOTE]):
        found = [(tags[match["name"]], match["before"] or match["after"]) for match in pattern.finditer(sentence)]
        if _GROUPS.search(sentence):
            for tag, count in found:
                groups[tag] = groups.get(tag, 0) + min(max(int(count or 1), 1), _MOST_GROUPS)
        elif _PLENARY.search(sentence):
            plenary.update(dict.fromkeys(tag for tag, _ in found))
    return (tuple(plenary), tuple(groups.items())) if plenary or groups else None

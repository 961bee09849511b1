"""An agenda as organizers paste it: a title, a date with hours and zone, a place, sections, a table of items, notes.

What is unclear becomes a problem with its line number, never an exception; only text that is no text is refused.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, time

from bot.errors import InvalidInput
from bot.features.meetings.agendafit import misfits
from bot.features.meetings.agendalines import (
    Hours,
    Kind,
    clean,
    find_span,
    folded,
    kind_of,
    read_date,
    read_languages,
    read_row,
    read_zone,
)
from bot.i18n import N_

LARGEST = 100_000
_HEADER_LINES = 15
_NO_DATE = N_("There is no date. Add a line such as “Date: 19 November 2026, 14h-16h (GMT+1)”.")
_SECTIONS = (
    ("background", re.compile(r"(?:background|context|contexte|antecedentes|contexto)\b[^.]{0,40}")),
    ("objectives", re.compile(r"(?:objectives?|objectifs?|objetivos?|goals|aims)\b[^.]{0,40}")),
    ("agenda", re.compile(r"(?:agenda|ordre du jour|orden del dia|programme?|programa|run of show)\b[^.0-9]{0,30}")),
)
_DATE = re.compile(r"(?:dates?|fecha|jour|dia|when|quand|cuando)(?: (?:and|et|y) (?:time|heure|horaire|hora))?\s*:\s*")
_HOURS = re.compile(r"(?:time|hours|heures?|horaires?|hora|horario)\s*:\s*(?=.*[0-9])")
_PLACE = re.compile(r"(?:place|venue|location|where|link|lieu|ou|lien|lugar|sede|donde|enlace)\s*:\s*")
_POINT = re.compile(r"(?:[0-9]{1,2}[.)]|[-*\u2022\u00b7\u2013])\s+(.*)")
_POINT_END = re.compile(r"\s*(?:;(?:\s*(?:and|et|y))?|[.,])\s*$")


@dataclass(frozen=True)
class AgendaItem:
    """One item of the table; presenters that the text does not separate stay one text."""

    start: time
    end: time
    title: str
    kind: Kind
    presenters: str | None


@dataclass(frozen=True)
class Problem:
    """Something in line ``line`` (from 1) that the organizer should look at: a message id and its params."""

    line: int
    msgid: str
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Agenda:
    """What an agenda says, in its own words; ``zone_text`` is not yet a zone."""

    title: str
    date: date | None
    start: time | None
    end: time | None
    zone_text: str | None
    place: str | None
    background: str | None
    objectives: tuple[str, ...]
    items: tuple[AgendaItem, ...]
    plenary_languages: tuple[str, ...]
    breakout_groups: tuple[tuple[str, int], ...]
    problems: tuple[Problem, ...]


@dataclass
class _Row:
    line: int
    hours: Hours
    text: str


@dataclass
class _Draft:
    """The agenda while it is read, line by line."""

    section: str = "header"
    seen: int = 0
    title: str = ""
    title_line: int = 1
    date: date | None = None
    date_line: int = 0
    hours: Hours | None = None
    zone_text: str | None = None
    place: str | None = None
    background: list[str] = field(default_factory=list)
    objectives: list[str] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)
    in_row: bool = False
    plenary: tuple[str, ...] = ()
    groups: tuple[tuple[str, int], ...] = ()
    problems: list[Problem] = field(default_factory=list)

    def note(self, line: int, error: InvalidInput) -> None:
        self.problems.append(Problem(line, error.msgid, error.params))


def read_agenda(text: str) -> Agenda:
    """Return what a pasted agenda says. Raises InvalidInput for text that is empty, too large or not text at all."""
    _refuse_unreadable(text)
    draft = _Draft()
    blank_before = True
    for number, raw in enumerate(text.splitlines(), start=1):
        line = clean(raw)
        if line:
            _read_line(draft, number, line, blank_before=blank_before)
        blank_before = not line
    items = _items(draft)
    _look_for_gaps(draft, items)
    return Agenda(
        title=draft.title,
        date=draft.date,
        start=draft.hours.start if draft.hours else None,
        end=draft.hours.end if draft.hours else None,
        zone_text=draft.zone_text,
        place=draft.place,
        background="\n".join(draft.background) or None,
        objectives=_points(draft.objectives),
        items=tuple(item for _, item in items),
        plenary_languages=draft.plenary,
        breakout_groups=draft.groups,
        problems=tuple(sorted(draft.problems, key=lambda problem: problem.line)),
    )


def _refuse_unreadable(text: str) -> None:
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        raise InvalidInput(
            N_("That is too large for an agenda. Paste at most {most} kB of text."), most=LARGEST // 1000
        )
    if any(unicodedata.category(char) in {"Cc", "Cs"} and not char.isspace() for char in text):
        raise InvalidInput(N_("That is not plain text. Copy the agenda out of its document and paste it here."))
    if not clean(text):
        raise InvalidInput(N_("That is empty. Paste the agenda as text: a title, a line with the date, and the items."))


def _read_line(draft: _Draft, number: int, line: str, *, blank_before: bool) -> None:
    if blank_before:
        draft.in_row = False
    if _is_heading(draft, line) or _read_label(draft, number, line):
        return
    try:
        row = read_row(line) if draft.section in {"header", "agenda"} else None
    except InvalidInput as error:
        draft.note(number, error)
        return
    if row and not (draft.section == "header" and _names_date(row[1])):
        draft.rows.append(_Row(number, *row))
        draft.section, draft.in_row = "agenda", True
    elif (draft.rows or line.startswith("*")) and (languages := read_languages(line)):
        draft.plenary, draft.groups = languages[0] or draft.plenary, languages[1] or draft.groups
        draft.in_row = False
    elif draft.in_row and not line.startswith("*"):
        draft.rows[-1].text += f" {line}"
    elif draft.section == "header":
        _read_header(draft, number, line)
    elif draft.section != "agenda":
        (draft.background if draft.section == "background" else draft.objectives).append(line)


def _names_date(text: str) -> bool:
    """Tell whether hours are those of the meeting: "14h-16h, 19 November 2026"."""
    try:
        return read_date(text) is not None
    except InvalidInput:
        return False


def _is_heading(draft: _Draft, line: str) -> bool:
    plain = folded(line).strip(" :#*")
    for name, pattern in _SECTIONS:
        if (draft.seen or draft.date_line) and pattern.fullmatch(plain):
            draft.section = name
            return True
    return False


def _read_label(draft: _Draft, number: int, line: str) -> bool:
    """Read a line that says what it is: "Date: ...", "Lieu : ..."."""
    if draft.section == "agenda":
        return False
    plain = folded(line)
    label = _DATE.match(plain)
    if label:
        _read_when(draft, number, line[label.end() :], labelled=True)
        return True
    label = _HOURS.match(plain)
    if label:
        hours = _read_hours(draft, number, line[label.end() :])
        draft.zone_text = (read_zone(line[label.end() + hours.ends :]) if hours else None) or draft.zone_text
        return True
    label = _PLACE.match(plain)
    if label and draft.seen:
        draft.place = line[label.end() :] or None
        return True
    return False


def _read_header(draft: _Draft, number: int, line: str) -> None:
    """Read a line above the first heading: the title, then a date that is not labelled, then the place."""
    draft.seen += 1
    if draft.seen == 1:
        draft.title, draft.title_line = line, number
        return
    if draft.seen <= _HEADER_LINES and not draft.date_line and _read_when(draft, number, line, labelled=False):
        return
    if draft.place is None and draft.date_line == number - 1:
        draft.place = line


def _read_when(draft: _Draft, number: int, text: str, *, labelled: bool) -> bool:
    """Read a date line, its date before or after its hours; tells whether it was one."""
    hours = _read_hours(draft, number, text)
    before, after = (text[: hours.begins], text[hours.ends :]) if hours else (text, "")
    date_first = any(char.isalnum() for char in before)
    try:
        draft.date = read_date(before if date_first else after)
        if draft.date is None and not labelled:
            return False
        if draft.date is None:
            raise InvalidInput(_NO_DATE)
    except InvalidInput as error:
        if not (labelled or (hours and date_first)):
            return False
        draft.note(number, error)
    draft.zone_text = read_zone(after if date_first else "".join(re.findall(r"\([^()]*\)", after))) or draft.zone_text
    draft.date_line = number
    return True


def _read_hours(draft: _Draft, number: int, text: str) -> Hours | None:
    try:
        hours = find_span(text)
    except InvalidInput as error:
        draft.note(number, error)
        return None
    draft.hours = hours or draft.hours
    return hours


def _points(lines: list[str]) -> tuple[str, ...]:
    """Return the listed points, without their numbers; or every line if there is no list."""
    points = [match[1] for line in lines if (match := _POINT.fullmatch(line))]
    return tuple(_POINT_END.sub("", point) for point in points or lines)


def _items(draft: _Draft) -> list[tuple[int, AgendaItem]]:
    """Return the items with their line numbers; an item without an end lasts until the next one begins."""
    found = []
    following: list[time | None] = [row.hours.start for row in draft.rows[1:]]
    following.append(draft.hours.end if draft.hours else None)
    for row, next_start in zip(draft.rows, following, strict=False):  # no rows: nothing follows
        end = row.hours.end or next_start
        title, kind, presenters = kind_of(row.text)
        if not title:
            draft.problems.append(Problem(row.line, N_("This item has no title. Write one after its hours.")))
        if end is None:
            draft.problems.append(
                Problem(row.line, N_("It is not clear when this item ends. Write both of its hours."))
            )
            continue
        found.append((row.line, AgendaItem(row.hours.start, end, title, kind, presenters)))
    return found


def _look_for_gaps(draft: _Draft, items: list[tuple[int, AgendaItem]]) -> None:
    """Note what is missing and where items do not fit one after another."""
    if not draft.title:
        draft.problems.append(Problem(1, N_("There is no title. Write it in the first line.")))
    if draft.date is None and not draft.date_line:
        draft.problems.append(Problem(draft.title_line, _NO_DATE))
    if not items:
        draft.problems.append(
            Problem(
                draft.title_line,
                N_("There are no items. Write each one in a line of its own, such as “14:00 – 14:05 Welcome”."),
            )
        )
    spans = [(line, item.start, item.end) for line, item in items]
    draft.problems.extend(Problem(*misfit) for misfit in misfits(spans, draft.hours))

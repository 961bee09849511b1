"""Tables and JSON lines that people make with spreadsheets, read row by row, and written so that nothing runs in them.

A file of any length is given up at a limit, never held whole. What is wrong with a row becomes a ``Note`` with its
line. The sentences are for operators and stay English.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Generic, TypeVar

from bot.errors import InvalidInput
from bot.textfile import lines

Entry = TypeVar("Entry")

MOST_ROWS = 10_000
"""Rows of one file: all of them are saved in one transaction, during which an assistant on SQLite has to wait."""
_FORMULA = re.compile(
    "'*[=+\\-@\t\r\n\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}"
    "\N{FULLWIDTH COMMERCIAL AT}]"
)
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Note:
    """Something to say about a line of a file (from 1)."""

    line: int
    text: str


@dataclass(slots=True)
class Reading(Generic[Entry]):
    """What a file holds: entries, what is wrong (nothing is imported then), and what is worth a look."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[Note] = field(default_factory=list)
    remarks: list[Note] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its line, and its cells by column."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table being read: its columns, those nobody knows, and its rows; a row that cannot be read is a Note."""

    columns: tuple[str, ...]
    unknown: tuple[str, ...]
    rows: Iterator[Row | Note]


def read_table(path: Path, is_known: Callable[[str], bool], required: Sequence[str]) -> Table:
    """Open a CSV file whose first line names its columns; commas, semicolons and tabs may part the cells."""
    source = lines(path)
    above, first = next(((number, line) for number, line in enumerate(source, start=1) if line.strip()), (0, ""))
    if not first:
        msg = "“{file}” is empty."
        raise InvalidInput(msg, file=path)
    delimiter = max(",;\t", key=first.count)
    columns = tuple(name.strip().lower() for name in next(csv.reader([first], delimiter=delimiter), []))
    missing = [name for name in required if name not in columns]
    if missing:
        msg = "The first line must name the columns {wanted}; there is no {missing}."
        raise InvalidInput(
            msg,
            wanted=",".join(required),
            missing=", ".join(f"“{name}”" for name in missing),
        )
    twice = [name for name in columns if name and columns.count(name) > 1]
    if twice:
        msg = "The first line names the column “{name}” twice."
        raise InvalidInput(msg, name=twice[0])
    unknown = tuple(name for name in columns if name and not is_known(name))
    return Table(columns, unknown, _rows(source, columns, delimiter, above))


def _rows(source: Iterator[str], columns: tuple[str, ...], delimiter: str, above: int) -> Iterator[Row | Note]:
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    seen, before = 0, above
    while True:
        line = before + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Note(line, "a quote is opened in this row and not closed as it should be; nothing after it was read")
            return
        before = above + reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        seen = _counted(seen)
        yield _row(line, columns, cells)


def _row(line: int, columns: tuple[str, ...], cells: list[str]) -> Row | Note:
    if len(cells) != len(columns):
        return Note(
            line,
            f"there are {len(cells)} cells where the first line names {len(columns)} columns; "
            "a text with a comma in it needs quotes around it",
        )
    plain = {name: unguarded(cell) for name, cell in zip(columns, cells, strict=True) if name}
    return (
        Note(line, "there is a sign in it that no text has (NUL)") if unstorable(plain.values()) else Row(line, plain)
    )


def read_json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]] | Note]:
    """Yield the object of each line, with the line's number; a line that holds none is a Note."""
    seen = 0
    for number, line in enumerate(lines(path), start=1):
        if not line.strip():
            continue
        seen = _counted(seen)
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            yield Note(number, "this line is not JSON; each line must be one complete object")
            continue
        if not isinstance(found, dict):
            yield Note(number, 'this line is not an object, such as {"title": "…", "url": "https://…"}')
        elif unstorable(_texts(found)):
            yield Note(number, "there is a sign in it that no text has (NUL, or half of a character)")
        else:
            yield number, found


def _texts(found: Any) -> Iterator[str]:
    """Yield every text in a JSON value."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict | list):
        for each in found:
            yield from _texts(each)
        if isinstance(found, dict):
            yield from _texts(list(found.values()))


def _counted(seen: int) -> int:
    if seen == MOST_ROWS:
        msg = (
            "This file has more than {most} rows, more than are imported at once. Split it and import the parts "
            "one after another; nothing was imported."
        )
        raise InvalidInput(
            msg,
            most=f"{MOST_ROWS:,}",
        )
    return seen + 1


def unstorable(texts: Iterable[str]) -> bool:
    """Tell whether a text holds a sign that no database keeps: NUL, or half of a surrogate pair."""
    return any(_UNSTORABLE.search(text) for text in texts)


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: with an apostrophe before it (OWASP, CSV Injection)."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """Undo exactly what ``guarded`` did."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def join_cell(items: Iterable[str]) -> str:
    r"""Return a list as one cell: parted by semicolons; a semicolon or backslash inside an item follows a backslash."""
    return ";".join(re.sub(r"([\\;]|^\s|\s$)", r"\\\1", item) for item in items)


def split_cell(cell: str) -> tuple[str, ...]:
    """Undo ``join_cell``; what is empty between two semicolons is left out."""
    parts = re.findall(r"(?:[^;\\]|\\.|\\$)+", cell, re.DOTALL)
    items = (re.sub(r"\\(.)", r"\1", _stripped(part), flags=re.DOTALL) for part in parts)
    return tuple(item for item in items if item)


def _stripped(part: str) -> str:
    """Take white space off both ends, but not what follows a backslash."""
    part = part.lstrip()
    bare = part.rstrip()
    escaped = (len(bare) - len(bare.rstrip("\\"))) % 2 == 1
    return part[: len(bare) + 1] if escaped and len(part) > len(bare) else bare


def write_table(target: IO[str], columns: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write a CSV table; return how many rows it has."""
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
        count += 1
    return count

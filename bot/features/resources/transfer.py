"""The library as a file: CSV with ``title,url,kind,language,tags,description,region``, or JSON lines of these names.

Both may also hold ``source``, ``checked_on`` (YYYY-MM-DD) and texts in further languages: ``texts`` in JSON, columns
such as ``title_fr`` and ``description_fr`` in CSV.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any

from bot.features.resources.addresses import fault, normalised
from bot.features.resources.model import Resource, ResourceText
from bot.features.resources.replies import KINDS
from bot.languagenames import read_language
from bot.tablefile import Note, Reading, Row, join_cell, read_json_lines, read_table, split_cell, write_table

REQUIRED = ("title", "url", "kind", "language", "tags", "description", "region")
OPTIONAL = ("source", "checked_on")
_TEXT_COLUMN = re.compile(r"(title|description)_([a-z]{2,3}(?:-[a-z0-9]{2,8})*)")


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource as a file tells it; None is what the file leaves open."""

    line: int
    url: str
    kind: str
    language: str
    region: str
    tags: tuple[str, ...]
    texts: Mapping[str, ResourceText]
    source: str | None = None
    checked_on: date | None = None


class _Wrong(Exception):  # noqa: N818 - a step in reading one row
    """What is wrong with a row."""


# --- reading ---------------------------------------------------------------------------------------------------------


def read_resources(path: Path) -> Reading[Entry]:
    """Read a file by its ending: ``.jsonl`` (``.ndjson``, ``.json``) or CSV. Raises InvalidInput for the whole file."""
    reading: Reading[Entry] = Reading()
    seen: dict[str, Entry] = {}
    for found in _json(path, reading) if path.suffix.lower() in {".jsonl", ".ndjson", ".json"} else _csv(path, reading):
        if isinstance(found, Note):
            reading.problems.append(found)
            continue
        line, raw = found
        try:
            _take(_entry(line, raw), seen, reading)
        except _Wrong as error:
            reading.problems.append(Note(line, str(error)))
    return reading


def _take(entry: Entry, seen: dict[str, Entry], reading: Reading[Entry]) -> None:
    before = seen.setdefault(normalised(entry.url), entry)
    if before is entry:
        reading.entries.append(entry)
        if entry.kind not in KINDS:
            known = ", ".join(KINDS)
            reading.remarks.append(
                Note(entry.line, f"the kind “{entry.kind}” is shown as it is written; known are {known}")
            )
    elif _facts(before) == _facts(entry):
        reading.remarks.append(Note(entry.line, f"repeats line {before.line} and is taken once"))
    else:
        msg = f"has the address of line {before.line} and says something else; keep one of the two"
        raise _Wrong(msg)


def _facts(entry: Entry) -> tuple[object, ...]:
    texts = dict(entry.texts)
    return (entry.kind, entry.language, entry.region, entry.tags, texts, entry.source, entry.checked_on)


def _csv(path: Path, reading: Reading[Entry]) -> Iterator[tuple[int, dict[str, Any]] | Note]:
    known = {*REQUIRED, *OPTIONAL}
    table = read_table(path, lambda name: name in known or bool(_TEXT_COLUMN.fullmatch(name)), REQUIRED)
    reading.remarks += [Note(1, f"the column “{name}” is not known and is left out") for name in table.unknown]
    for row in table.rows:
        yield row if isinstance(row, Note) else (row.line, _raw(row))


def _raw(row: Row) -> dict[str, Any]:
    """Return a row in the shape of a JSON line."""
    raw: dict[str, Any] = {name: row.cells[name] for name in (*REQUIRED, *OPTIONAL) if name in row.cells}
    raw["tags"] = split_cell(raw["tags"])
    texts: dict[str, dict[str, str]] = {}
    for name, cell in row.cells.items():
        match = _TEXT_COLUMN.fullmatch(name)
        if match and cell:
            texts.setdefault(match[2], {"title": "", "description": ""})[match[1]] = cell
    return {**raw, "texts": texts}


def _json(path: Path, reading: Reading[Entry]) -> Iterator[tuple[int, dict[str, Any]] | Note]:
    known = {*REQUIRED, *OPTIONAL, "texts"}
    left_out: dict[str, int] = {}
    for found in read_json_lines(path):
        if not isinstance(found, Note):
            line, raw = found
            for name in raw.keys() - known:
                left_out.setdefault(name, line)
        yield found
    reading.remarks += [Note(line, f"“{name}” is not known and is left out") for name, line in left_out.items()]


def _entry(line: int, raw: Mapping[str, Any]) -> Entry:
    language = _language(_text(raw, "language").strip())
    texts = {language: _resource_text(raw, f"“{_text(raw, 'url')[:60]}”")}
    further = raw.get("texts") or {}
    if not isinstance(further, Mapping):
        msg = 'texts must be an object such as {"fr": {"title": "…", "description": "…"}}'
        raise _Wrong(msg)
    for tag, text in further.items():
        if not isinstance(text, Mapping):
            msg = f"the text in “{tag}” must have a title and a description"
            raise _Wrong(msg)
        texts.setdefault(_language(tag), _resource_text(text, f"the text in “{tag}”"))
    kind = _text(raw, "kind").strip()
    if not kind:
        msg = f"there is no kind, such as {', '.join(KINDS)}"
        raise _Wrong(msg)
    return Entry(
        line,
        _url(_text(raw, "url").strip()),
        kind,
        language,
        _text(raw, "region"),
        _tags(raw.get("tags", ())),
        texts,
        _text(raw, "source") if "source" in raw else None,
        _date(_text(raw, "checked_on").strip()),
    )


def _text(raw: Mapping[str, Any], name: str) -> str:
    found = raw.get(name, "")
    if not isinstance(found, str):
        msg = f"{name} must be a text"
        raise _Wrong(msg)
    return found


def _resource_text(raw: Mapping[str, Any], what: str) -> ResourceText:
    text = ResourceText(_text(raw, "title"), _text(raw, "description"))
    if not text.title.strip():
        msg = f"{what} has no title"
        raise _Wrong(msg)
    return text


def _tags(found: object) -> tuple[str, ...]:
    if isinstance(found, str):
        return split_cell(found)
    if isinstance(found, list | tuple) and all(isinstance(tag, str) for tag in found):
        return tuple(found)
    msg = "tags must be a list of texts"
    raise _Wrong(msg)


def _language(text: str) -> str:
    tag = read_language(text)
    if tag is None:
        msg = f"“{text}” is not a language; write a tag such as en, fr or pt-BR" if text else "there is no language"
        raise _Wrong(msg)
    return tag


def _url(url: str) -> str:
    wrong = fault(url)
    if wrong == "unsound":
        msg = f"“{url[:80]}” is not an address such as https://library.example/guide" if url else "there is no url"
        raise _Wrong(msg)
    if wrong == "secret":
        msg = "the url holds a name or password before the “@”; take it out"
        raise _Wrong(msg)
    return url


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        msg = f"checked_on is “{text[:40]}”; write it as 2026-11-23"
        raise _Wrong(msg) from None


# --- writing ---------------------------------------------------------------------------------------------------------


def write_json_lines(target: IO[str], resources: Iterable[Resource]) -> int:
    """Write one object for each resource; return how many."""
    count = 0
    for resource in resources:
        target.write(json.dumps(_plain(resource), ensure_ascii=False) + "\n")
        count += 1
    return count


def _plain(resource: Resource) -> dict[str, Any]:
    own = resource.text(resource.language)
    further = {tag: text for tag, text in resource.texts.items() if tag != resource.language}
    plain = {
        "title": own.title,
        "url": resource.url,
        "kind": resource.kind,
        "language": resource.language,
        "tags": list(resource.tags),
        "description": own.description,
        "region": resource.region,
        "source": resource.source,
        "checked_on": resource.checked_on.isoformat(),
    }
    texts = {tag: {"title": text.title, "description": text.description} for tag, text in further.items()}
    return {**plain, "texts": texts} if texts else plain


def write_csv(target: IO[str], resources: Sequence[Resource]) -> int:
    """Write a table that no spreadsheet takes for formulas; return how many rows it has."""
    further = sorted({tag for resource in resources for tag in resource.texts if tag != resource.language})
    columns = [f"{name}_{tag}" for tag in further for name in ("title", "description")]
    return write_table(target, (*REQUIRED, *OPTIONAL, *columns), (_cells(resource, further) for resource in resources))


def _cells(resource: Resource, further: Sequence[str]) -> list[str]:
    plain = _plain(resource)
    texts = plain.get("texts", {})
    cells = [join_cell(plain["tags"]) if name == "tags" else plain[name] for name in (*REQUIRED, *OPTIONAL)]
    return cells + [texts.get(tag, {}).get(name, "") for tag in further for name in ("title", "description")]

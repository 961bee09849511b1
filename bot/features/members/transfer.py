"""Members as a CSV file: ``name,identity,languages,zone,skills_offered,skills_wanted,organizer`` and what is kept else.

``identity`` is a platform account such as ``slack:T012/U034``. Lists are parted by semicolons; languages are tags or
names, zones IANA names or cities. What cannot be told for certain is left open, and said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import IO, Any, TypeVar

from bot.errors import InvalidInput
from bot.features.members.handlers import read_quiet_hours
from bot.features.members.model import Identity, Member
from bot.languagenames import read_language
from bot.messages import UserRef
from bot.tablefile import Note, Reading, Row, join_cell, read_table, split_cell, write_table
from bot.times.choice import certain_zone
from bot.times.zones import find_zones

REQUIRED = ("name", "identity")
COLUMNS = (
    *REQUIRED,
    *("languages", "zone", "skills_offered", "skills_wanted", "organizer", "bio", "quiet_hours", "reminders"),
    *("joined_at", "noticed_at", "welcomed_at"),
)
PLATFORMS = ("slack", "discord", "tryit")
_IDENTITY = re.compile(r"([a-z]+):([^/\s]+)/([^/\s]+)")
_YES = {"yes", "y", "true", "1", "x", "oui", "sí", "si"}
_NO = {"no", "n", "false", "0", "non"}
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Entry:
    """One member as a file tells it: identities, the first used at the head, and facts by the names of Member.

    A fact that the file leaves open, or that is not certain, is not among them.
    """

    line: int
    users: tuple[UserRef, ...]
    facts: Mapping[str, Any]


class _Wrong(Exception):  # noqa: N818 - a step in reading one row
    """What is wrong with a row."""


# --- reading ---------------------------------------------------------------------------------------------------------


def read_members(path: Path) -> Reading[Entry]:
    """Read a CSV file. Raises InvalidInput for the whole file."""
    table = read_table(path, COLUMNS.__contains__, REQUIRED)
    reading: Reading[Entry] = Reading()
    reading.remarks += [Note(1, f"the column “{name}” is not known and is left out") for name in table.unknown]
    seen: dict[UserRef, int] = {}
    for row in table.rows:
        if isinstance(row, Note):
            reading.problems.append(row)
            continue
        try:
            entry = Entry(row.line, _users(row, seen), _facts(row, reading.remarks))
        except _Wrong as error:
            reading.problems.append(Note(row.line, str(error)))
        else:
            reading.entries.append(entry)
    return reading


def _users(row: Row, seen: dict[UserRef, int]) -> tuple[UserRef, ...]:
    users = tuple(_user(text) for text in split_cell(row.cells["identity"]))
    if not users:
        msg = "there is no identity, such as slack:T012/U034"
        raise _Wrong(msg)
    for user in users:
        before = seen.setdefault(user, row.line)
        if before != row.line:
            msg = f"{written(user)} stands in line {before} already"
            raise _Wrong(msg)
    return tuple(dict.fromkeys(users))


def _user(text: str) -> UserRef:
    match = _IDENTITY.fullmatch(text)
    if match is None or match[1] not in PLATFORMS:
        msg = f"“{text[:60]}” is not an identity; write platform:workspace/user, such as slack:T012/U034"
        raise _Wrong(msg)
    return UserRef(match[1], match[2], match[3])


def _facts(row: Row, remarks: list[Note]) -> dict[str, Any]:
    if not row.cells["name"].strip():
        msg = "there is no name"
        raise _Wrong(msg)
    facts: dict[str, Any] = {"name": row.cells["name"]}
    unclear: list[str] = []
    for column, cell in row.cells.items():
        if cell.strip() and column in _READERS:
            facts.update(_READERS[column](cell, unclear))
    remarks += [Note(row.line, text) for text in unclear]
    return facts


def _languages(cell: str, unclear: list[str]) -> dict[str, Any]:
    tags = []
    for text in split_cell(cell):
        tag = read_language(text)
        if tag is None:
            unclear.append(f"the language “{text[:40]}” is not known and is left out")
        else:
            tags.append(tag)
    return {"languages": tuple(dict.fromkeys(tags))} if tags else {}


def _zone(cell: str, unclear: list[str]) -> dict[str, Any]:
    certain = certain_zone(cell)
    if certain is not None:
        return {"zone": certain.zone}
    guesses = [match.zone for match in find_zones(cell)][:4]
    meaning = f"may mean {' or '.join(guesses)}" if guesses else "is not known"
    unclear.append(f"the zone “{cell.strip()[:40]}” {meaning}; it is left open, and the member will be asked")
    return {}


def _flag(name: str) -> Callable[[str, list[str]], dict[str, Any]]:
    def read(cell: str, _unclear: list[str]) -> dict[str, Any]:
        word = cell.strip().lower()
        if word not in _YES | _NO:
            msg = f"{name} is “{cell[:20]}”; write yes or no"
            raise _Wrong(msg)
        return {name: word in _YES}

    return read


def _instant(name: str) -> Callable[[str, list[str]], dict[str, Any]]:
    def read(cell: str, _unclear: list[str]) -> dict[str, Any]:
        try:
            moment = datetime.fromisoformat(cell.strip())
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            msg = f"{name} is “{cell[:40]}”; write it as 2026-11-23T14:00:00+00:00"
            raise _Wrong(msg)
        return {name: moment.astimezone(UTC)}

    return read


def _quiet(cell: str, _unclear: list[str]) -> dict[str, Any]:
    try:
        start, end = read_quiet_hours(cell.strip())
    except InvalidInput as error:
        raise _Wrong(str(error)) from None
    return {"quiet_start": start, "quiet_end": end}


def _skills(name: str) -> Callable[[str, list[str]], dict[str, Any]]:
    return lambda cell, _unclear: {name: split_cell(cell)}


_READERS: Mapping[str, Callable[[str, list[str]], dict[str, Any]]] = {
    "languages": _languages,
    "zone": _zone,
    "skills_offered": _skills("skills_offered"),
    "skills_wanted": _skills("skills_wanted"),
    "organizer": _flag("organizer"),
    "bio": lambda cell, _unclear: {"bio": cell},
    "quiet_hours": _quiet,
    "reminders": _flag("reminders"),
    "joined_at": _instant("joined_at"),
    "noticed_at": _instant("noticed_at"),
    "welcomed_at": _instant("welcomed_at"),
}


# --- writing ---------------------------------------------------------------------------------------------------------


def written(user: UserRef) -> str:
    """Return an identity as the file has it."""
    return f"{user.platform}:{user.workspace}/{user.user}"


def write_csv(target: IO[str], members: Iterable[Member], identities: Sequence[Identity]) -> int:
    """Write a table that no spreadsheet takes for formulas; return how many rows it has."""
    users: dict[str, list[UserRef]] = {}
    for identity in identities:
        users.setdefault(identity.member_id, []).append(identity.user)
    rows = (_cells(member, users[member.id]) for member in members if member.id in users)
    return write_table(target, COLUMNS, rows)


def _cells(member: Member, users: Sequence[UserRef]) -> list[str]:
    return [
        member.name,
        join_cell(written(user) for user in users),
        join_cell(member.languages),
        member.zone or "",
        join_cell(member.skills_offered),
        join_cell(member.skills_wanted),
        _yes(member.organizer),
        member.bio,
        _hours(member.quiet_start, member.quiet_end),
        _yes(member.reminders),
        *(moment.isoformat() if moment else "" for moment in (member.joined_at, member.noticed_at, member.welcomed_at)),
    ]


def _yes(flag: bool) -> str:  # noqa: FBT001 - the one thing this says
    return "yes" if flag else "no"


def _hours(start: time | None, end: time | None) -> str:
    return f"{start:%H:%M}-{end:%H:%M}" if start is not None and end is not None else ""

"""Blocks of text as lines of Discord's markdown, and how lines are fitted into what there is room for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from adapters.discord.markup import BREAK, markdown, one_line, strong
from bot.messages import Block, Fields, Heading, Items, Note, Paragraph, Quote, Rich, Table

_TORN = re.compile(r"(?:<[^<>]*|\\+)$")


def lines_of(block: Block) -> list[str]:
    """Return the lines of a block of text; none for controls and files."""
    lines: list[str] = []
    match block:
        case Heading(text):
            lines = [f"### {one_line((text,)) or BREAK}"]
        case Paragraph(content):
            lines = markdown(content).split("\n")
        case Quote(content):
            lines = [f"> {line}" for line in markdown(content).split("\n")]
        case Note(content):
            lines = [f"-# {line}" for line in markdown(content).split("\n") if line.strip()]
        case Items(items, numbered):
            lines = [
                f"{f'{place}.' if numbered else '-'} {one_line(item)}" for place, item in enumerate(items, start=1)
            ]
        case Fields(pairs):
            lines = [f"{strong(f'{label}:')} {one_line(value)}" for label, value in pairs]
        case Table(headers, rows):
            lines = [" · ".join(strong(header) for header in headers), *(f"- {_row(row)}" for row in rows)]
    return lines


def _row(cells: Iterable[Rich]) -> str:
    return " · ".join(one_line(cell) for cell in cells)


def fit(lines: Iterable[str], room: int) -> tuple[str, bool]:
    """Return the lines as one text of at most ``room`` characters, and whether that was all of them."""
    kept: list[str] = []
    for line in lines:
        needed = len(line) + bool(kept)
        if needed > room:
            if torn := _tear(line, room - bool(kept)):
                kept.append(torn)
            return "\n".join(kept), False
        kept.append(line)
        room -= needed
    return "\n".join(kept), True


def _tear(line: str, room: int) -> str:
    """Return the beginning of a line, torn between words where that can be, never inside a mention or an escape."""
    if room < 2:
        return ""
    begun = line[: room - 1]
    at_word = begun.rsplit(" ", maxsplit=1)[0] if " " in begun[room // 2 :] else begun
    whole = _TORN.sub("", at_word).rstrip()
    return whole + "…" if whole else ""

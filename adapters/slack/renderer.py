"""Neutral messages as Block Kit, within Slack's limits (docs.slack.dev/reference/block-kit/blocks)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from adapters.slack.api import Json
from adapters.slack.controls import actions, menu, plain_text
from adapters.slack.markup import chunks, escape, is_text, pieces, strong, text_pieces, unquoted
from adapters.slack.tables import in_lines, table
from adapters.slack.wording import text_of
from bot.i18n import _, use_locale
from bot.messages import (
    Block,
    Buttons,
    Fields,
    File,
    Heading,
    Items,
    Message,
    Note,
    Paragraph,
    Quote,
    Rich,
    Select,
    Strong,
    Table,
)

Surface = Literal["message", "home"]
MOST_BLOCKS: dict[Surface, int] = {"message": 50, "home": 100}
MOST_TEXT = 2900
"""Characters of a section's text; Slack takes 3000."""
MOST_FIELD = 1900
MOST_ALTOGETHER = 12_500
"""Characters of all blocks of a message, as JSON; at 13,200 Slack answers msg_blocks_too_long (bolt-js issue 2509)."""
MOST_NOTIFICATION = 3000


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as Slack takes it: the text of notifications and screen readers, and the blocks."""

    text: str
    blocks: list[Json]
    files: tuple[File, ...] = ()


def render(message: Message, workspace: str, surface: Surface = "message") -> Rendered:
    """Return a message as Slack takes it."""
    with use_locale(message.language):
        blocks = _fitted(list(_blocks(message, workspace, surface)), MOST_BLOCKS[surface])
        text = next(chunks(map(escape, text_pieces(text_of(message))), MOST_NOTIFICATION), "").strip()
    files = tuple(block for block in message.blocks if isinstance(block, File))
    return Rendered(text or "…", blocks, files)


def _blocks(message: Message, workspace: str, surface: Surface) -> Iterator[Json]:
    tabled = surface != "message"
    for block in message.blocks:
        if isinstance(block, Table):
            shown = None if tabled else table(block, message.language)
            tabled = tabled or shown is not None
            yield from [shown] if shown else _sections(in_lines(block), workspace)
        else:
            yield from _block(block, workspace)


def _block(block: Block, workspace: str) -> Iterator[Json]:
    match block:
        case Heading(text):
            yield from _heading(text)
        case Paragraph(content):
            yield from _sections(content, workspace)
        case Quote(content):
            yield from _quote(content, workspace)
        case Note(content):
            yield from _note(content, workspace)
        case Items(items, numbered):
            yield from _sections(_listed(items, numbered=numbered), workspace)
        case Fields(pairs):
            yield from _fields(pairs, workspace)
        case Buttons():
            yield from actions(block)
        case Select():
            shown = menu(block)
            yield from [shown] if shown else _sections((block.label,), workspace)


def _heading(text: str) -> Iterator[Json]:
    if len(text) > 150:
        yield from _sections((text,), "")
    elif text.strip():
        yield {"type": "header", "text": plain_text(text, 150)}


def _sections(content: Rich, workspace: str) -> Iterator[Json]:
    """Give running text; what is text alone stays as it was written, to the letter."""
    if is_text(content):
        whole = "".join(span for span in content if isinstance(span, str))
        for text in chunks(text_pieces(whole), MOST_TEXT):
            if text.strip():
                yield {"type": "section", "text": plain_text(text, MOST_TEXT)}
        return
    for shown in _mrkdwn(pieces(content, workspace)):
        yield {"type": "section", "text": shown}


def _mrkdwn(parts: Iterable[str], most: int = MOST_TEXT) -> Iterator[Json]:
    for text in chunks(parts, most):
        if text.strip():
            yield {"type": "mrkdwn", "text": unquoted(text.strip()), "verbatim": True}


def _quote(content: Rich, workspace: str) -> Iterator[Json]:
    # Each line will be marked: leave room for the marks.
    parts = (part.replace("\n", "\n> ") for part in pieces(content, workspace))
    for text in chunks(parts, MOST_TEXT - 50):
        lines = unquoted(text.replace("\n> ", "\n").strip()).split("\n")
        if any(lines):
            shown = "\n".join(f"> {line}" for line in lines)
            yield {"type": "section", "text": {"type": "mrkdwn", "text": shown, "verbatim": True}}


def _note(content: Rich, workspace: str) -> Iterator[Json]:
    elements = list(_mrkdwn(pieces(content, workspace), MOST_FIELD))
    for start in range(0, len(elements), 10):
        yield {"type": "context", "elements": elements[start : start + 10]}


def _listed(items: tuple[Rich, ...], *, numbered: bool) -> Rich:
    lines: list[Rich] = []
    for number, item in enumerate(items, 1):
        lines.append((f"{number}. " if numbered else "• ", *item, "\n"))
    return tuple(span for line in lines for span in line)


def _fields(pairs: tuple[tuple[str, Rich], ...], workspace: str) -> Iterator[Json]:
    for start in range(0, len(pairs), 10):
        some = pairs[start : start + 10]
        fields = [_field(label, value, workspace) for label, value in some]
        if all(len(field["text"]) <= MOST_FIELD for field in fields):
            yield {"type": "section", "fields": fields}
        else:
            for label, value in some:
                yield from _sections((Strong(label), ": ", *value), workspace)


def _field(label: str, value: Rich, workspace: str) -> Json:
    name = strong(label)
    shown = unquoted("".join(pieces(value, workspace)).strip()) or "–"
    return {"type": "mrkdwn", "text": f"{name}\n{shown}" if name else shown, "verbatim": True}


def _fitted(blocks: list[Json], most: int) -> list[Json]:
    """Return as many blocks as Slack takes; what can be pressed stays, what is only read gives way, and says so."""
    room = MOST_ALTOGETHER
    places = most - 1
    kept: set[int] = set()
    for control in (True, False):
        for number, block in enumerate(blocks):
            if _is_control(block) is not control:
                continue
            room -= _length(block)
            places -= 1
            if room < 0 or places < 0:
                break
            kept.add(number)
    shown = [block for number, block in enumerate(blocks) if number in kept]
    if len(shown) < len(blocks):
        note = _("This message was too long for Slack and has been shortened.")
        shown.append({"type": "context", "elements": [plain_text(note, 2000)]})
    return shown


def _is_control(block: Json) -> bool:
    return block["type"] == "actions" or "accessory" in block


def _length(block: Json) -> int:
    """Return how much there is to read; menus and rows of buttons do not count."""
    read = {} if block["type"] == "actions" else {name: block[name] for name in block if name != "accessory"}
    return len(json.dumps(read, ensure_ascii=False)) + 1

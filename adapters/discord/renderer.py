"""Neutral messages as Discord's components: text with the controls that belong to it right under it."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import discord

from adapters.discord.limits import MAX_COMPONENTS, MAX_FILES, MAX_ROW, MAX_TEXT, OPTION
from adapters.discord.markup import BREAK, escape, mentioned
from adapters.discord.textblocks import fit, lines_of
from adapters.discord.views import ChooseSelect, PressButton, fitting
from bot.errors import PermanentError
from bot.i18n import _, use_locale
from bot.messages import (
    Block,
    Button,
    Buttons,
    Fields,
    File,
    Items,
    Mention,
    Message,
    Note,
    Paragraph,
    Quote,
    Select,
    Span,
    Table,
)

NOTE_ROOM = 400
"""Characters kept free for the small print that says what is not shown."""
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
Part = list[str] | list[Button] | Select | File


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as discord.py sends it: a view that is never waited on, files, and who may be notified."""

    view: discord.ui.LayoutView
    files: list[discord.File]
    mentions: discord.AllowedMentions


def marker(key: str) -> int:
    """Return the id of a message's first component, by which it is found again: 31 bits of the key's hash."""
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big")
    return (number & 0x7FFFFFFF) | 1 << 20  # never one of the small ids that Discord itself counts up


def render(message: Message, mark: int) -> Rendered:
    """Return the message with its mark. Needs a running loop. Raises PermanentError for one that was not sealed."""
    parts = list(_parts(message))
    if _size(parts) >= MAX_COMPONENTS:
        parts = _compact(parts)
    builder = _Builder()
    for part in parts:
        builder.add(part)
    with use_locale(message.language):
        builder.finish()
    children = builder.view.children
    children[0].id = mark
    builder.view.stop()  # presses are recognised by their ids: discord.py need not remember the view
    return Rendered(builder.view, builder.files, _allowed(message))


def _parts(message: Message) -> Iterator[Part]:
    lines: list[str] = []
    for block in message.blocks:
        if isinstance(block, Buttons | Select | File):
            if lines:
                yield lines
                lines = []
            yield from _controls(block)
        else:
            lines += lines_of(block)
    if lines:
        yield lines


def _controls(block: Buttons | Select | File) -> Iterator[Part]:
    if isinstance(block, Buttons):
        for start in range(0, len(block.buttons), MAX_ROW):
            yield list(block.buttons[start : start + MAX_ROW])
    elif isinstance(block, File) or fitting(block.options):
        yield block


def _compact(parts: list[Part]) -> list[Part]:
    """Return all of the text first and the controls under it, which takes the fewest components."""
    lines: list[str] = []
    buttons: list[Button] = []
    others: list[Part] = []
    for part in parts:
        if isinstance(part, Select | File):
            others.append(part)
            continue
        for item in part:
            if isinstance(item, str):
                lines.append(item)
            else:
                buttons.append(item)
    rows: list[Part] = [buttons[start : start + MAX_ROW] for start in range(0, len(buttons), MAX_ROW)]
    return [*([lines] if lines else []), *rows, *others]


def _size(parts: list[Part]) -> int:
    return sum(_components(part) for part in parts)


def _components(part: Part) -> int:
    if isinstance(part, Select):
        return 2
    if isinstance(part, File) or isinstance(part[0], str):
        return 1
    return 1 + len(part)


class _Builder:
    """Puts parts into a view as long as there is room, and says in small print when there is none left."""

    def __init__(self) -> None:
        self.view = discord.ui.LayoutView(timeout=None)
        self.files: list[discord.File] = []
        self._room = MAX_TEXT - NOTE_ROOM
        self._places = MAX_COMPONENTS - 1
        self._cut = False
        self._dropped = False
        self._over: list[str] = []
        self._controls = 0

    def add(self, part: Part) -> None:
        """Add text, a row of buttons, a select or a file."""
        needed = _components(part)
        if needed > self._places:
            self._dropped = True
            return
        if isinstance(part, Select):
            self._add_select(part)
        elif isinstance(part, File):
            if not self._add_file(part):
                return
        elif not self._add_texts_or_buttons(part):
            return
        self._places -= needed

    def _add_texts_or_buttons(self, part: list[str] | list[Button]) -> bool:
        buttons = [item for item in part if isinstance(item, Button)]
        if buttons:
            self.view.add_item(discord.ui.ActionRow[Any](*(self._button(button) for button in buttons)))
            return True
        text, whole = fit([item for item in part if isinstance(item, str)], self._room)
        self._cut |= not whole
        self._room = self._room - len(text) if whole else 0
        if not text.strip():
            return False
        self.view.add_item(discord.ui.TextDisplay[Any](text))
        return True

    def _button(self, button: Button) -> PressButton:
        _require_id(button.action_id)
        self._controls += 1
        return PressButton.of(button, self._controls)

    def _add_select(self, select: Select) -> None:
        _require_id(select.action_id)
        self._controls += 1
        self.view.add_item(discord.ui.ActionRow[Any](ChooseSelect.of(select, self._controls)))
        if len(select.options) > len(fitting(select.options)):
            self._over.append(select.label)

    def _add_file(self, file: File) -> bool:
        if len(self.files) == MAX_FILES:
            self._dropped = True
            return False
        name = _UNSAFE.sub("_", file.name).strip("._")[-80:] or "file.txt"
        if any(other.filename == name for other in self.files):
            name = f"{len(self.files) + 1}-{name}"
        attached = discord.File(io.BytesIO(file.content.encode("utf-8", "replace")), filename=name)
        self.files.append(attached)
        self.view.add_item(discord.ui.File[Any](attached))
        return True

    def finish(self) -> None:
        """Say what is not shown; a message is never empty."""
        notes = []
        if self._cut:
            notes.append(_("The rest of this text is too long to be shown here."))
        if self._dropped:
            notes.append(_("There are more buttons than fit here. Please ask for less at once."))
        if self._over:
            notes.append(_("Only the first 25 choices are shown. Write to me in plain words if yours is missing."))
        if notes:
            text = fit([f"-# {escape(note)}" for note in notes], NOTE_ROOM)[0]
            self.view.add_item(discord.ui.TextDisplay[Any](text))
        if not self.view.children:
            self.view.add_item(discord.ui.TextDisplay[Any](BREAK))


def _require_id(action_id: str) -> None:
    if not 0 < len(action_id) <= OPTION - 12:
        msg = "every control needs an id: the message was not sealed"
        raise PermanentError(msg)


def _allowed(message: Message) -> discord.AllowedMentions:
    users = {mentioned(span) for block in message.blocks for span in _spans(block) if isinstance(span, Mention)}
    known = [discord.Object(int(user)) for user in sorted(user for user in users if user)]
    return discord.AllowedMentions(everyone=False, roles=False, replied_user=False, users=known[:100] or False)


def _spans(block: Block) -> Iterator[Span]:
    match block:
        case Paragraph(text) | Quote(text) | Note(text):
            yield from text
        case Items(items):
            for item in items:
                yield from item
        case Fields(pairs):
            for _label, value in pairs:
                yield from value
        case Table(_headers, rows):
            for row in rows:
                for cell in row:
                    yield from cell

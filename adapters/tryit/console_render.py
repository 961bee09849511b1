"""Neutral messages as lines of text for a terminal: wrapped to its width there, plain and unwrapped anywhere else."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO, assert_never

from rich import box
from rich.cells import cell_len
from rich.console import Console as RichConsole
from rich.table import Column
from rich.table import Table as RichTable
from rich.text import Text

from adapters.tryit.gateway import PLATFORM
from adapters.tryit.render import has_times, host_of
from adapters.tryit.window import Window, zone_note
from bot.i18n import _, use_locale
from bot.messages import (
    Block,
    Buttons,
    ChannelLink,
    Fields,
    File,
    Heading,
    Items,
    Link,
    LocalTime,
    Mention,
    Message,
    Note,
    Paragraph,
    Quote,
    Rich,
    Select,
    Span,
    Strong,
    Table,
    UserRef,
)
from bot.times.show import format_time

WIDEST = 100
"""Columns of a line in a terminal, however wide it is: longer lines are hard to read."""
UNWRAPPED = 10_000
INDENT = "  "
BAR = "│ "
_STYLES = {"primary": "bold green", "danger": "bold red", "default": "cyan"}


@dataclass(frozen=True, slots=True)
class Control:
    """What a number on the screen does: it presses a button, makes a choice, or keeps a file."""

    label: str
    message: int
    action_id: str = ""
    value: str | None = None
    file: File | None = None


Number = Callable[[Control], int]


class Screen:
    """Prints lines to a terminal in colour and within its width, or to anything else as they are."""

    def __init__(self, out: TextIO) -> None:
        """Print to ``out``; whether it is a terminal, and one with colours, rich finds out."""
        self._out = out
        self._console = RichConsole(file=out, highlight=False, markup=False, emoji=False)

    @property
    def width(self) -> int:
        """How many columns a line may have."""
        return min(self._console.width, WIDEST) if self._console.is_terminal else UNWRAPPED

    def line(self, text: Text | str = "", style: str = "", *, prefix: str = "") -> None:
        """Print a line, wrapped; ``prefix`` begins it, and its continuation is as far to the right."""
        content = text if isinstance(text, Text) else Text(clean(text), style)
        for each in self.hanging(content, prefix):
            self.put(each)

    def put(self, line: Text, end: str = "\n") -> None:
        """Print a line as it is."""
        self._console.print(line, soft_wrap=True, end=end)
        self._out.flush()

    def hanging(self, text: Text, prefix: str) -> list[Text]:
        """Return a text as lines within the width: the first behind ``prefix``, the others as far to the right.

        A bar at the end of the prefix stands before every line.
        """
        room = max(self.width - cell_len(prefix), 20)
        lines = text.wrap(self._console, room, overflow="fold") or [Text()]
        for line in lines:
            line.rstrip()
        following = prefix if prefix.endswith(BAR) else " " * cell_len(prefix)
        return [Text.assemble(following if number else prefix, line) for number, line in enumerate(lines)]

    def table(self, headers: Sequence[Text], rows: Sequence[Sequence[Text]], prefix: str) -> list[Text]:
        """Return a table as lines within the width."""
        table = RichTable(
            *(Column(each) for each in headers), box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1)
        )
        for row in rows:
            table.add_row(*row)
        options = self._console.options.update(width=self.width - len(prefix))
        drawn = self._console.render_lines(table, options, pad=False)
        lines = [Text.assemble(prefix, *((part.text, part.style or "") for part in line)) for line in drawn]
        for line in lines:
            line.rstrip()
        return lines


def clean(text: str) -> str:
    """Return a text without characters that would steer the terminal."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" else c for c in text
    )


@dataclass(frozen=True, slots=True)
class Letter:
    """A message on its way to the screen of one viewer; ``number`` gives each of its controls a number."""

    screen: Screen
    window: Window
    language: str
    message_id: int
    now: datetime
    number: Number

    def lines(self, message: Message) -> Iterator[Text]:
        """Return the message's lines."""
        for position, block in enumerate(message.blocks):
            if position and isinstance(message.blocks[position - 1], Buttons | Select):
                yield Text()
            yield from self._block(block)
        if has_times(message):
            note = zone_note(self.window.zone, self.language, self.now)
            yield from self.screen.hanging(Text(note, "dim"), INDENT)

    def _block(self, block: Block) -> Iterator[Text]:
        hanging = self.screen.hanging
        match block:
            case Heading(text):
                yield from hanging(Text(clean(text), "bold"), INDENT)
            case Paragraph(text):
                yield from hanging(self._rich(text), INDENT)
            case Quote(text):
                quoted = self._rich(text)
                quoted.stylize("italic")
                yield from hanging(quoted, INDENT + BAR)
            case Note(text):
                small = self._rich(text)
                small.stylize("dim")
                yield from hanging(small, INDENT)
            case Items() | Fields() | Table():
                yield from self._list(block)
            case Buttons() | Select() | File():
                yield from self._controls(block)
            case _:
                assert_never(block)

    def _list(self, block: Items | Fields | Table) -> Iterator[Text]:
        match block:
            case Items(items, ordered):
                for position, item in enumerate(items, 1):
                    yield from self.screen.hanging(self._rich(item), f"{INDENT}{f'{position}. ' if ordered else '• '}")
            case Fields(pairs):
                for label, value in pairs:
                    field = Text.assemble((f"{clean(label)}: ", "dim"), self._rich(value))
                    yield from self.screen.hanging(field, INDENT)
            case Table(headers, rows):
                cells = [[self._rich(cell) for cell in row] for row in rows]
                yield from self.screen.table([Text(clean(header)) for header in headers], cells, INDENT)

    def _controls(self, block: Buttons | Select | File) -> Iterator[Text]:
        lead = Text()
        match block:
            case Buttons(buttons):
                texts = [
                    self._control(Control(each.label, self.message_id, each.action_id), _STYLES[each.style])
                    for each in buttons
                ]
            case Select(label, _call, options, action_id):
                lead = Text(f"{clean(label)}: ", "bold")
                texts = [
                    self._control(Control(each.label, self.message_id, action_id, each.value), _STYLES["default"])
                    for each in options
                ]
            case File(name):
                label = _("Save {name}").format(name=name)
                texts = [self._control(Control(label, self.message_id, file=block), _STYLES["default"])]
        yield from beside(self.screen, lead, texts)

    def _control(self, control: Control, style: str) -> Text:
        return numbered(self.number(control), control.label, style)

    def _rich(self, content: Rich) -> Text:
        return Text().join(self._span(span) for span in content)

    def _span(self, span: Span) -> Text:
        match span:
            case str():
                return Text(clean(span))
            case Strong(text):
                return Text(clean(text), "bold")
            case Link(text, url):
                return _link(clean(text), clean(url))
            case LocalTime(instant, style):
                with use_locale(self.language):
                    return Text(format_time(instant, self.window.zone, style))
            case Mention(name, users):
                return Text(f"@{clean(name)}", "bold reverse" if self._is_me(users) else "bold")
            case ChannelLink(name, channels):
                here = any(channel.platform == PLATFORM for channel in channels)
                return Text(f"#{clean(name)}" if here else clean(name), "bold")
            case _:
                assert_never(span)

    def _is_me(self, users: tuple[UserRef, ...]) -> bool:
        return any(user.platform == PLATFORM and user.user == self.window.user.id for user in users)


def numbered(number: int, label: str, style: str) -> Text:
    """Return a choice with the number that makes it: "[3] Confirm"."""
    return Text.assemble((f"[{number}] ", "bold"), (clean(label), style))


def beside(screen: Screen, lead: Text, texts: Sequence[Text]) -> list[Text]:
    """Return choices side by side behind ``lead``, in as many lines as they need."""
    lines = [Text.assemble(INDENT, lead)]
    fresh = True
    for text in texts:
        gap = "" if fresh else "   "
        if not fresh and lines[-1].cell_len + len(gap) + text.cell_len > screen.width:
            lines.append(Text(INDENT))
            gap = ""
        lines[-1] = Text.assemble(lines[-1], gap, text)
        fresh = False
    return lines


def _link(text: str, url: str) -> Text:
    if not host_of(url) or text == url:
        return Text(text)
    return Text.assemble(text, " ", (f"<{url}>", "blue"))

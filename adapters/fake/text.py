"""The words of a message, as somebody would read them on the fake platform."""

from __future__ import annotations

from collections.abc import Callable

from bot.messages import (
    Block,
    Buttons,
    Fields,
    File,
    Heading,
    Items,
    LocalTime,
    Message,
    Note,
    Paragraph,
    Quote,
    Select,
    Table,
    plain,
)

Show = Callable[[LocalTime], str]


def in_utc(time: LocalTime) -> str:
    """Show an instant as nobody's own time."""
    return f"{time.instant:%Y-%m-%d %H:%M} UTC"


def text_of(message: Message, show: Show = in_utc) -> str:
    """Return a message as plain text, one line for each paragraph, row, item or control; ``show`` writes instants."""
    return "\n".join(line for block in message.blocks for line in _lines(block, show))


def _lines(block: Block, show: Show) -> list[str]:
    match block:
        case Heading(text):
            lines = [text]
        case Paragraph(content) | Quote(content) | Note(content):
            lines = [plain(content, show)]
        case Items(items):
            lines = [f"- {plain(item, show)}" for item in items]
        case Fields(pairs):
            lines = [f"{label}: {plain(value, show)}" for label, value in pairs]
        case Table(headers, rows):
            lines = [" | ".join(headers), *(" | ".join(plain(cell, show) for cell in row) for row in rows)]
        case Buttons(buttons):
            lines = [f"[{button.label}]" for button in buttons]
        case Select(label, options=options):
            lines = [f"{label}: {' / '.join(option.label for option in options)}"]
        case File(name):
            lines = [name]
    return lines

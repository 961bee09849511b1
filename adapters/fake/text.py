"""The words of a message, as somebody would read them on the fake platform."""

from __future__ import annotations

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
    Rich,
    Select,
    Table,
    plain,
)


def text_of(message: Message) -> str:
    """Return a message as plain text, one line for each paragraph, row, item or control."""
    return "\n".join(line for block in message.blocks for line in _lines(block))


def _lines(block: Block) -> list[str]:
    match block:
        case Heading(text):
            lines = [text]
        case Paragraph(content) | Quote(content) | Note(content):
            lines = [_plain(content)]
        case Items(items):
            lines = [f"- {_plain(item)}" for item in items]
        case Fields(pairs):
            lines = [f"{label}: {_plain(value)}" for label, value in pairs]
        case Table(headers, rows):
            lines = [" | ".join(headers), *(" | ".join(_plain(cell) for cell in row) for row in rows)]
        case Buttons(buttons):
            lines = [f"[{button.label}]" for button in buttons]
        case Select(label, options=options):
            lines = [f"{label}: {' / '.join(option.label for option in options)}"]
        case File(name):
            lines = [name]
    return lines


def _plain(text: Rich) -> str:
    return plain(text, _in_utc)


def _in_utc(time: LocalTime) -> str:
    return f"{time.instant:%Y-%m-%d %H:%M} UTC"

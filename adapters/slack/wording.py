"""A message as plain text, for notifications and screen readers."""

from __future__ import annotations

from adapters.slack.markup import words
from bot.messages import Block, Buttons, Fields, File, Heading, Items, Message, Note, Paragraph, Quote, Select, Table


def text_of(message: Message) -> str:
    """Return a message's text; its controls only when there is nothing else."""
    lines = [line for block in message.blocks for line in _lines(block, message.language)]
    text = "\n".join(lines).strip()
    return text or "\n".join(label for block in message.blocks for label in _labels(block))


def _lines(block: Block, language: str) -> list[str]:
    match block:
        case Heading(text) | File(text):
            return [text]
        case Paragraph(content) | Quote(content) | Note(content):
            return [words(content, language)]
        case Items(items):
            return [f"• {words(item, language)}" for item in items]
        case Fields(pairs):
            return [f"{label}: {words(value, language)}" for label, value in pairs]
        case Table(headers, rows):
            return [" | ".join(headers), *(" | ".join(words(cell, language) for cell in row) for row in rows)]
    return []


def _labels(block: Block) -> list[str]:
    if isinstance(block, Buttons):
        return [button.label for button in block.buttons]
    return [block.label] if isinstance(block, Select) else []

"""Short ways to write replies in the current locale; every slice's ``replies.py`` is built from these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.i18n import current_locale
from bot.messages import Block, Button, Call, Form, Message, Note, Paragraph, Reply, Span, rich


def message(*blocks: Block | None) -> Message:
    """Return a message of the blocks (those that are not None) in the current locale."""
    return Message(tuple(block for block in blocks if block is not None), current_locale())


def answer(*blocks: Block | None, replaces: bool = False) -> Reply:
    """Return a private reply of the blocks in the current locale."""
    return Reply(message(*blocks), replaces=replaces)


def paragraph(template: str, **values: Span | int) -> Paragraph:
    """Return a paragraph of a translated sentence with its values put in."""
    return Paragraph(rich(template, **values))


def note(template: str, **values: Span | int) -> Note:
    """Return small print of a translated sentence with its values put in."""
    return Note(rich(template, **values))


def button(label: str, command: str, *, primary: bool = False, **args: str) -> Button:
    """Return a button that runs ``command`` with ``args`` (a trailing underscore is cut: ``for_`` is ``for``)."""
    call = Call(command, {name.rstrip("_"): value for name, value in args.items()})
    return Button(label, call, style="primary" if primary else "default")


def shortened(text: str, most: int) -> str:
    """Return at most so many characters of a text; an ellipsis shows that there were more."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def again(form: Form, values: Mapping[str, str], errors: Mapping[str, str]) -> Reply:
    """Return the form once more, as it was filled in, with a sentence at each field that needs another look."""
    fields = tuple(
        replace(field, value=values.get(field.name, field.value), error=errors.get(field.name, ""))
        for field in form.fields
    )
    return Reply(form=replace(form, fields=fields))

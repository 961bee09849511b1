"""What the assistant says, before any platform: messages made of blocks, blocks made of spans.

A message is written in one language for one kind of reader. Renderers (one for each platform) turn it into Block Kit,
Discord components or HTML by what the platform can do. Text is always text: a renderer escapes every ``str``, so that
what a member wrote never becomes a mention, a link or markup.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal


@dataclass(frozen=True, slots=True)
class UserRef:
    """Someone on one platform: platform name, workspace (or server) id, user id."""

    platform: str
    workspace: str
    user: str


@dataclass(frozen=True, slots=True)
class ChannelRef:
    """A channel on one platform: platform name, workspace (or server) id, channel id."""

    platform: str
    workspace: str
    channel: str


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message that was sent: where it is, and its id there."""

    platform: str
    workspace: str
    channel: str
    message: str


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message goes: a channel, or someone's direct line; in a channel it may be shown to one person only."""

    channel: ChannelRef | None = None
    user: UserRef | None = None
    thread: str | None = None

    @property
    def platform(self) -> str:
        """The platform the target is on."""
        return self._ref.platform

    @property
    def workspace(self) -> str:
        """The workspace (or server) the target is in."""
        return self._ref.workspace

    @property
    def _ref(self) -> ChannelRef | UserRef:
        ref = self.channel or self.user
        if ref is None:
            msg = "a target needs a channel or a user"
            raise ValueError(msg)
        return ref


class Visibility(StrEnum):
    """Who sees a reply."""

    PRIVATE = "private"
    CHANNEL = "channel"
    DIRECT = "direct"


# --- spans ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that stand out."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link whose address the reader can see or recognise."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class LocalTime:
    """An instant (aware, UTC), shown by each platform in each reader's own zone."""

    instant: datetime
    style: Literal["full", "date", "time"] = "full"


@dataclass(frozen=True, slots=True)
class Mention:
    """A member; a platform that knows them addresses them, the others print the name."""

    name: str
    users: tuple[UserRef, ...] = ()


@dataclass(frozen=True, slots=True)
class ChannelLink:
    """A room; a platform that has it links its channel, the others print the name."""

    name: str
    channels: tuple[ChannelRef, ...] = ()


Span = str | Strong | Link | LocalTime | Mention | ChannelLink
Rich = tuple[Span, ...]


def rich(template: str, **values: Span | int) -> Rich:
    """Put spans into a translated sentence: ``rich(_("It starts {when}."), when=LocalTime(...))``.

    Raises KeyError if the sentence names a value that is not given.
    """
    spans: list[Span] = []
    for literal, name, _spec, _conversion in string.Formatter().parse(template):
        if literal:
            spans.append(literal)
        if name is not None:
            value = values[name]
            spans.append(str(value) if isinstance(value, int) else value)
    return tuple(spans)


# --- blocks --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that names what follows."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; a line feed breaks the line."""

    text: Rich


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's words, or the line of a resource that matched."""

    text: Rich


@dataclass(frozen=True, slots=True)
class Note:
    """Small print: source, reason, "why do I see this"."""

    text: Rich


@dataclass(frozen=True, slots=True)
class Items:
    """A list, numbered or not."""

    items: tuple[Rich, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Fields:
    """Pairs of a label and a value."""

    pairs: tuple[tuple[str, Rich], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headers; every row is as long as the headers."""

    headers: tuple[str, ...]
    rows: tuple[tuple[Rich, ...], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A command with arguments, as a button or a form will run it; kept on our side, never shown."""

    command: str
    args: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press. ``action_id`` is the opaque id a platform carries; it is filled in by sealing."""

    label: str
    call: Call
    style: Literal["default", "primary", "danger"] = "default"
    action_id: str = ""


@dataclass(frozen=True, slots=True)
class Buttons:
    """A row of buttons."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select: the value that comes back, and its label."""

    value: str
    label: str


CHOSEN = "*"
"""Stands in a select's call for the value that will be chosen."""


@dataclass(frozen=True, slots=True)
class Select:
    """A choice among options; choosing runs ``call`` with the value where its arguments say ``CHOSEN``."""

    label: str
    call: Call
    options: tuple[Option, ...]
    action_id: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A text file to keep: its name and its content, in UTF-8."""

    name: str
    content: str


Block = Heading | Paragraph | Quote | Note | Items | Fields | Table | Buttons | Select | File


@dataclass(frozen=True, slots=True)
class Message:
    """One message in one language (a BCP-47 tag, for screen readers and hyphenation)."""

    blocks: tuple[Block, ...]
    language: str


FieldKind = Literal["text", "long", "select", "multiselect"]
Source = Literal["", "zones", "meetings", "resources", "languages"]
"""What is suggested while somebody types; see ``bot.suggestions``."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One question of a form; ``value`` is what stands in it (comma-separated tags for a multiselect).

    ``suggest`` names what is suggested while somebody types, where the platform can do that.
    """

    name: str
    label: str
    kind: FieldKind = "text"
    required: bool = True
    options: tuple[Option, ...] = ()
    value: str = ""
    hint: str = ""
    error: str = ""
    max_length: int = 3000
    suggest: Source = ""


@dataclass(frozen=True, slots=True)
class Form:
    """Questions asked at once; submitting runs ``call`` with the answers added to its arguments."""

    title: str
    call: Call
    fields: tuple[FormField, ...]
    submit: str
    language: str
    action_id: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler answers: a message, a form, both or neither.

    ``replaces`` asks that the message whose button was pressed be replaced, where the platform can.
    """

    message: Message | None = None
    form: Form | None = None
    visibility: Visibility = Visibility.PRIVATE
    replaces: bool = False


def calls(content: Message | Form) -> tuple[Call, ...]:
    """Return every call that a message's or a form's controls can make."""
    if isinstance(content, Form):
        return (content.call,)
    found: list[Call] = []
    for block in content.blocks:
        if isinstance(block, Buttons):
            found += [button.call for button in block.buttons]
        elif isinstance(block, Select):
            found.append(block.call)
    return tuple(found)


def seal_message(message: Message, action_id: Callable[[Call], str]) -> Message:
    """Return the message with the opaque id of each control filled in."""
    blocks: list[Block] = []
    for block in message.blocks:
        if isinstance(block, Buttons):
            blocks.append(Buttons(tuple(replace(b, action_id=action_id(b.call)) for b in block.buttons)))
        elif isinstance(block, Select):
            blocks.append(replace(block, action_id=action_id(block.call)))
        else:
            blocks.append(block)
    return replace(message, blocks=tuple(blocks))


def plain(content: Rich, show_time: Callable[[LocalTime], str]) -> str:
    """Return spans as plain text, for notifications, logs and tests."""
    parts = []
    for span in content:
        match span:
            case str():
                parts.append(span)
            case Strong(text) | Link(text):
                parts.append(text)
            case LocalTime():
                parts.append(show_time(span))
            case Mention(name) | ChannelLink(name):
                parts.append(name)
    return "".join(parts)

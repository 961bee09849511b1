"""Neutral messages and forms as JSON text, and back, for the sample chat's own file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import TypeVar, get_args

from bot.messages import (
    Block,
    Button,
    Call,
    ChannelRef,
    Form,
    FormField,
    Message,
    Option,
    Span,
    UserRef,
)

_T = TypeVar("_T")

_PARTS = (Message, Form, FormField, Button, Option, Call, UserRef, ChannelRef)
_CLASSES: dict[str, type] = {
    part.__name__: part for part in (*_PARTS, *get_args(Block), *get_args(Span)) if part is not str
}


def dump(content: Message | Form) -> str:
    """Return a message or a form as JSON text."""
    return json.dumps(_pack(content), ensure_ascii=False)


def load_message(text: str) -> Message:
    """Return the message that ``dump`` wrote. Raises ValueError if it is something else."""
    return _load(text, Message)


def load_form(text: str) -> Form:
    """Return the form that ``dump`` wrote. Raises ValueError if it is something else."""
    return _load(text, Form)


def _load(text: str, kind: type[_T]) -> _T:
    found = _unpack(json.loads(text))
    if not isinstance(found, kind):
        msg = f"this is no {kind.__name__}"
        raise ValueError(msg)  # noqa: TRY004 - the text is wrong, not the caller's type
    return found


def _pack(value: object) -> object:
    if is_dataclass(value):
        packed = {field.name: _pack(getattr(value, field.name)) for field in fields(value)}
        return {"is": type(value).__name__, **packed}
    if isinstance(value, datetime):
        return {"is": "instant", "at": value.isoformat()}
    if isinstance(value, Mapping):
        return {"is": "mapping", "items": [[key, _pack(item)] for key, item in value.items()]}
    if isinstance(value, tuple):
        return [_pack(item) for item in value]
    return value


def _unpack(value: object) -> object:
    if isinstance(value, list):
        return tuple(_unpack(item) for item in value)
    if not isinstance(value, dict):
        return value
    kind = value.pop("is")
    if kind == "instant":
        return datetime.fromisoformat(value["at"])
    if kind == "mapping":
        return {key: _unpack(item) for key, item in value["items"]}
    return _CLASSES[kind](**{name: _unpack(item) for name, item in value.items()})

"""Small checks that are put together into the shapes of Block Kit; each yields Slack's own sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Check = Callable[[Any, str], Iterator[str]]
"""Takes a value and its JSON pointer, and yields what is wrong with it."""


def fault(sentence: str, pointer: str) -> str:
    """One line of `response_metadata.messages`, in Slack's form."""
    return f"[ERROR] {sentence} [json-pointer:{pointer}]"


def string(most: int, least: int = 1, pattern: str = "") -> Check:
    """A string of so many characters."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield fault("must be a string", pointer)
        elif len(value) > most:
            yield fault(f"must be less than {most + 1} characters", pointer)
        elif len(value) < least:
            yield fault(f"must be more than {least - 1} characters", pointer)
        elif pattern and not re.fullmatch(pattern, value):
            yield fault(f"does not match required pattern `{pattern}`", pointer)

    return check


def integer(least: int, most: int) -> Check:
    """A whole number in a range."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield fault("must be an integer", pointer)
        elif not least <= value <= most:
            yield fault(f"must be between {least} and {most}", pointer)

    return check


def boolean(value: Any, pointer: str) -> Iterator[str]:
    """A truth value."""
    if not isinstance(value, bool):
        yield fault("must be a boolean", pointer)


def anything(value: Any, pointer: str) -> Iterator[str]:
    """What is not looked into."""
    yield from ()


def one_of(*allowed: str) -> Check:
    """One of these words."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if value not in allowed:
            yield fault(f"must be a valid enum value: {', '.join(allowed)}", pointer)

    return check


def items(each: Check, most: int, least: int = 1) -> Check:
    """A list of so many things of one kind."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield fault("must be an array", pointer)
            return
        if len(value) > most:
            yield fault(f"no more than {most} items allowed", pointer)
        if len(value) < least:
            yield fault(f"no fewer than {least} items required", pointer)
        for index, item in enumerate(value):
            yield from each(item, f"{pointer}/{index}")

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with these fields and no others; `type` is always allowed."""
    known: dict[str, Check] = {"type": anything, **required, **(optional or {})}

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield fault("must provide an object", pointer)
            return
        for name in required:
            if value.get(name) is None:
                yield fault(f"missing required field: {name}", pointer)
        for name, item in value.items():
            if name not in known:
                yield fault(f"invalid additional property: {name}", pointer)
            elif item is not None:
                yield from known[name](item, f"{pointer}/{name}")

    return check


def by_type(kinds: Mapping[str, Check]) -> Check:
    """An object whose `type` says which shape it has."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield fault("must provide an object", pointer)
        elif "type" not in value:
            yield fault("missing required field: type", pointer)
        elif value["type"] not in kinds:
            yield fault(f"unsupported type: {value['type']}", f"{pointer}/type")
        else:
            yield from kinds[value["type"]](value, pointer)

    return check


def exactly_one(*names: str) -> Check:
    """One of these fields and not another of them."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        given = [name for name in names if value.get(name) is not None]
        if len(given) != 1:
            yield fault(f"must define exactly one of: {', '.join(names)}", pointer)

    return check


def all_of(first: Check, *others: Check) -> Check:
    """The first check and, when it finds an object, the others."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        yield from first(value, pointer)
        if isinstance(value, dict):
            for other in others:
                yield from other(value, pointer)

    return check

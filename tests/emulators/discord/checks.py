"""The small questions that every payload is asked, and Discord's words for a no."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.emulators.discord.errors import Path, Problem
from tests.emulators.discord.state import Json

LOCALES = frozenset([
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR",
    "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko",
])  # fmt: skip
# https://discord.com/developers/docs/reference#locales


@dataclass
class Checks:
    """What was found wrong so far. Lengths count Unicode code points."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, path: Path, code: str, message: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(path, code, message))

    def required(self, holder: Json, key: str, path: Path) -> bool:
        """Whether a field is there; noted when it is not."""
        if holder.get(key) is None:
            self.add((*path, key), "BASE_TYPE_REQUIRED", "This field is required")
            return False
        return True

    def text(
        self, holder: Json, key: str, path: Path, longest: int, shortest: int = 0, *, needed: bool = False
    ) -> None:
        """A string whose length lies within limits; one that must be there is never empty."""
        value = holder.get(key)
        if value is None:
            if needed:
                self.required(holder, key, path)
            return
        if not isinstance(value, str):
            self.add((*path, key), "STRING_TYPE_CONVERT", f"Could not interpret {value!r} as string.")
        elif needed and not value.strip():
            self.required({}, key, path)
        elif not shortest <= len(value) <= longest:
            self._length(path, key, shortest, longest)

    def _length(self, path: Path, key: str, shortest: int, longest: int) -> None:
        if shortest:
            self.add((*path, key), "BASE_TYPE_BAD_LENGTH", f"Must be between {shortest} and {longest} in length.")
        else:
            self.add((*path, key), "BASE_TYPE_MAX_LENGTH", f"Must be {longest} or fewer in length.")

    def array(self, holder: Json, key: str, path: Path, longest: int, shortest: int = 0) -> list[Any]:
        """A list whose length lies within limits; its items, or none when it is no list."""
        value = holder.get(key)
        if value is None:
            if shortest:
                self.required(holder, key, path)
            return []
        if not isinstance(value, list):
            self.add((*path, key), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        if not shortest <= len(value) <= longest:
            self._length(path, key, shortest, longest)
        return value

    def objects(self, holder: Json, key: str, path: Path, longest: int, shortest: int = 0) -> list[tuple[Path, Json]]:
        """The objects of such a list, each with its place; what is no object is noted and left out."""
        found = []
        for index, item in enumerate(self.array(holder, key, path, longest, shortest)):
            if isinstance(item, dict):
                found.append(((*path, key, index), item))
            else:
                self.no_object((*path, key, index))
        return found

    def inner(self, holder: Json, key: str, path: Path) -> Json:
        """An object within; an empty one when it is missing, or noted as none."""
        value = holder.get(key)
        if isinstance(value, dict):
            return value
        if value is not None:
            self.no_object((*path, key))
        return {}

    def no_object(self, path: Path) -> None:
        """Note that an object was expected."""
        self.add(path, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")

    def number(self, holder: Json, key: str, path: Path, lowest: int, highest: int) -> None:
        """A whole number within limits."""
        value = holder.get(key)
        if value is None:
            return
        if not isinstance(value, int) or isinstance(value, bool):
            self.add((*path, key), "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
        elif value < lowest:
            self.add((*path, key), "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {lowest}.")
        elif value > highest:
            self.add((*path, key), "NUMBER_TYPE_MAX", f"int value should be less than or equal to {highest}.")

    def boolean(self, holder: Json, key: str, path: Path) -> None:
        """True or false."""
        if holder.get(key) is not None and not isinstance(holder[key], bool):
            self.add((*path, key), "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")

    def choice(self, value: Any, path: Path, allowed: Collection[Any]) -> bool:
        """One of a few values."""
        if value in allowed and not isinstance(value, bool):
            return True
        listed = ", ".join(str(item) for item in sorted(allowed))
        self.add(path, "BASE_TYPE_CHOICES", f"Value must be one of ({listed}).")
        return False

    def kind(self, item: Any, path: Path, allowed: Sequence[int]) -> bool:
        """A component of one of these types."""
        if isinstance(item, dict) and item.get("type") in allowed:
            return True
        listed = ", ".join(str(kind) for kind in allowed)
        self.add((*path, "type"), "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({listed}).')
        return False

    def snowflake(self, holder: Json, key: str, path: Path, *, needed: bool = False) -> None:
        """An id, as a string of digits or a number."""
        value = holder.get(key)
        if value is None:
            if needed:
                self.required(holder, key, path)
        elif isinstance(value, bool) or not str(value).isdecimal():
            self.add((*path, key), "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')

"""Column types that keep time honest, and turn the models' tuples and enums into columns and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from bot.features.resources.model import ResourceText
from bot.messages import ChannelRef, MessageRef, Target, UserRef

Json = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in, aware UTC out, on every database. A naive datetime is refused with ValueError."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC, without its zone where the database knows none."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"an instant needs its zone; {value.isoformat()} has none"
            raise ValueError(msg)
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant, aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class LocalDateTime(TypeDecorator[datetime]):
    """A naive wall time, as ISO text (its zone stands in a column beside it). An aware one is refused."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the wall time as ISO 8601 text, to the second or finer."""
        if value is None:
            return None
        if value.tzinfo is not None:
            msg = f"a wall time carries no zone; {value.isoformat()} has one"
            raise ValueError(msg)
        return value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the naive wall time."""
        return None if value is None else datetime.fromisoformat(value)


class EnumText(TypeDecorator[StrEnum]):
    """A member of a StrEnum, as its value."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, enum: type[StrEnum]) -> None:
        self.enum = enum
        super().__init__()

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the value's text; a value the enum does not have raises ValueError."""
        return None if value is None else self.enum(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002
        """Return the member of the enum."""
        return None if value is None else self.enum(value)


class JsonValue(TypeDecorator[Any]):
    """A value of the models kept as JSON; subclasses say how it is written and read."""

    impl = Json
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Return what JSON can hold."""
        return None if value is None else self.write(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Return the models' value."""
        return None if value is None else self.read(value)

    def write(self, value: Any) -> Any:
        """Turn the models' value into JSON."""
        return dict(value)

    def read(self, value: Any) -> Any:
        """Turn JSON into the models' value."""
        return value


class Tags(JsonValue):
    """A tuple of texts."""

    cache_ok = True

    def write(self, value: tuple[str, ...]) -> list[str]:
        """Return a list."""
        return list(value)

    def read(self, value: list[str]) -> tuple[str, ...]:
        """Return a tuple."""
        return tuple(value)


class Counts(JsonValue):
    """Pairs of a text and a number, in order."""

    cache_ok = True

    def write(self, value: tuple[tuple[str, int], ...]) -> list[list[str | int]]:
        """Return a list of two-element lists."""
        return [[name, count] for name, count in value]

    def read(self, value: list[list[Any]]) -> tuple[tuple[str, int], ...]:
        """Return a tuple of pairs."""
        return tuple((name, count) for name, count in value)


class Texts(JsonValue):
    """Titles and descriptions by language."""

    cache_ok = True

    def write(self, value: Mapping[str, ResourceText]) -> dict[str, dict[str, str]]:
        """Return an object for each language."""
        return {tag: {"title": text.title, "description": text.description} for tag, text in value.items()}

    def read(self, value: dict[str, dict[str, str]]) -> dict[str, ResourceText]:
        """Return the texts."""
        return {tag: ResourceText(**text) for tag, text in value.items()}


class MessageRefJson(JsonValue):
    """Where a message is."""

    cache_ok = True

    def write(self, value: MessageRef) -> dict[str, str]:
        """Return its four parts by name."""
        return {
            "platform": value.platform,
            "workspace": value.workspace,
            "channel": value.channel,
            "message": value.message,
        }

    def read(self, value: dict[str, str]) -> MessageRef:
        """Return the reference."""
        return MessageRef(**value)


class TargetJson(JsonValue):
    """Where a message goes."""

    cache_ok = True

    def write(self, value: Target) -> dict[str, Any]:
        """Return channel, user and thread, each a list of parts, a text or null."""
        channel, user = value.channel, value.user
        return {
            "channel": channel and [channel.platform, channel.workspace, channel.channel],
            "user": user and [user.platform, user.workspace, user.user],
            "thread": value.thread,
        }

    def read(self, value: dict[str, Any]) -> Target:
        """Return the target."""
        return Target(
            channel=ChannelRef(*value["channel"]) if value["channel"] else None,
            user=UserRef(*value["user"]) if value["user"] else None,
            thread=value["thread"],
        )

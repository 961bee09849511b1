"""How a Web API method is declared, and how its arguments are read whether they came as a form or as JSON."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tests.emulators.slack.state import Channel, Json, SlackError, Workspace

TokenKind = Literal["bot", "app"]

PER_KIND = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


class Arguments:
    """The arguments of one call, and the scopes its token has."""

    def __init__(self, given: Mapping[str, Any], scopes: Iterable[str] = ()) -> None:
        self.given = given
        self.scopes = frozenset(scopes)

    def text(self, name: str, default: str = "") -> str:
        """A string argument."""
        value = self.given.get(name)
        return default if value is None else str(value)

    def flag(self, name: str) -> bool:
        """A truth value: true, "true", 1 or "1"."""
        return str(self.given.get(name, "")).lower() in {"true", "1"}

    def number(self, name: str, default: int) -> int:
        """A whole number.

        Raises:
            SlackError: `invalid_arguments` for anything else.
        """
        value = self.given.get(name)
        try:
            return default if value in (None, "") else int(str(value))
        except ValueError:
            raise SlackError("invalid_arguments", [f"[ERROR] must be an integer [json-pointer:/{name}]"]) from None

    def value(self, name: str, error: str) -> Any:
        """A structure, as JSON or as a string that holds JSON; None when it is absent.

        Raises:
            SlackError: `error` when the string holds no JSON.
        """
        value = self.given.get(name)
        if isinstance(value, str):
            if not value:
                return None
            try:
                return json.loads(value)
            except ValueError:
                raise SlackError(error) from None
        return value

    def need(self, *scopes: str) -> None:
        """Ask for one of these scopes.

        Raises:
            SlackError: `missing_scope`, naming the first.
        """
        if not self.scopes.intersection(scopes):
            raise SlackError("missing_scope", needed=scopes[0], provided=",".join(sorted(self.scopes)))

    def need_for(self, channel: Channel, what: str, *instead: str) -> None:
        """Ask for the scope `what` of this channel's kind, such as im:history."""
        self.need(f"{PER_KIND[channel.kind]}:{what}", *instead)


Handler = Callable[[Workspace, Arguments], Json]


@dataclass(frozen=True)
class Method:
    """One method of the Web API."""

    name: str
    run: Handler
    scopes: tuple[str, ...]
    required: tuple[str, ...]
    token: TokenKind


METHODS: dict[str, Method] = {}


def method(
    name: str, *scopes: str, required: tuple[str, ...] = (), token: TokenKind = "bot"
) -> Callable[[Handler], Handler]:
    """Declare a method, with the scopes of which it needs one and the arguments it cannot do without."""

    def declare(run: Handler) -> Handler:
        METHODS[name] = Method(name, run, scopes, required, token)
        return run

    return declare


def call(found: Method, world: Workspace, arguments: Arguments) -> Json:
    """Run a method.

    Raises:
        SlackError: what Slack answers instead.
    """
    if found.scopes:
        arguments.need(*found.scopes)
    missing = [name for name in found.required if arguments.given.get(name) in (None, "", [], {})]
    if missing:
        raise SlackError("invalid_arguments", [f"[ERROR] missing required field: {name}" for name in missing])
    return {"ok": True, **found.run(world, arguments)}


def page(things: list[Any], arguments: Arguments, *, default: int = 100, most: int = 1000) -> tuple[list[Any], Json]:
    """One page of a list, and the metadata with the cursor of the next.

    Raises:
        SlackError: `invalid_cursor` or `invalid_limit`.
    """
    limit = arguments.number("limit", default)
    if not 1 <= limit <= most:
        raise SlackError("invalid_limit")
    start = _position(arguments.text("cursor"))
    rest = start + limit < len(things)
    cursor = base64.b64encode(f"next:{start + limit}".encode()).decode() if rest else ""
    return things[start : start + limit], {"next_cursor": cursor}


def _position(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
        if word != "next":
            raise SlackError("invalid_cursor")
        return int(number)
    except ValueError:
        raise SlackError("invalid_cursor") from None

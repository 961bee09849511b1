"""What the console plays on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.tryit.clock_control import ClockControl
from adapters.tryit.inbound import Dispatch
from adapters.tryit.platform import ChatPlatform
from adapters.tryit.suggestions import Suggestion


@dataclass(frozen=True, slots=True)
class Stage:
    """The chat, its assistant and its clock; ``settle`` carries out what is due; files are kept in ``downloads``."""

    platform: ChatPlatform
    dispatch: Dispatch
    clock: ClockControl
    settle: Callable[[], Awaitable[None]]
    suggestions: Sequence[Suggestion] = ()
    downloads: Path = Path()


@dataclass(frozen=True, slots=True)
class Seat:
    """Who sits before the console at first (a user id), and its language if it is not theirs."""

    viewer: str | None = None
    language: str | None = None

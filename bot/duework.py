"""Due work: whatever must happen, now or later, as a row written in the same transaction as its cause.

A *delivery* is due work that sends or edits a message; a *task* runs inside one transaction. Each kind registers how to
look again at the world when its moment comes (was the meeting cancelled? does the member still want it?) and to write
the message then, so that what is sent is true when it is sent.

States::

    pending -> claimed -> sending -> done
                  |          |-> uncertain -> done | pending
                  |          `-> pending (refused for now, tried again later)
                  `-> pending (its owner died before sending)
    ends: done, skipped(reason), failed(reason)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.messages import ChannelRef, Message, MessageRef, Target, UserRef

if TYPE_CHECKING:
    from bot.platforms import Plan
    from bot.ports import UnitOfWork
    from bot.services import Services

Payload = Mapping[str, Any]


class State(StrEnum):
    """Where a piece of due work stands."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


OPEN_STATES = (State.PENDING, State.CLAIMED, State.SENDING, State.UNCERTAIN)


class Reason(StrEnum):
    """Why a piece of due work ended otherwise than done, or is being tried again."""

    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    OPTED_OUT = "opted_out"
    TOO_LATE = "too_late"
    GONE = "gone"
    REFUSED = "refused"
    EXHAUSTED = "exhausted"
    LEASE_LOST = "lease_lost"
    UNKNOWN_OUTCOME = "unknown_outcome"
    ERROR = "error"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Origin:
    """What is being done when work is planned: ``cause`` is the id of the event that set it off, for the logs.

    ``since`` is set while work is carried out that may have been carried out before, in a life of the database that a
    restored backup knows nothing of: what it plans to be due at ``until`` or earlier may have been sent since then.
    """

    cause: str = ""
    since: datetime | None = None
    until: datetime | None = None


_NO_ORIGIN = Origin()
_origin: ContextVar[Origin] = ContextVar("origin", default=_NO_ORIGIN)


@contextmanager
def originating(origin: Origin) -> Iterator[None]:
    """Mark what is planned inside as coming from ``origin``."""
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)


@dataclass(frozen=True, slots=True)
class NewWork:
    """What is planned.

    ``key`` is unique for ever: planning the same key again changes ``due``, ``useful_until``, ``payload`` and
    ``version`` only while the work is pending. ``subject`` names what it is about (``occurrence:<id>``), so that all
    that was told about it can be found; ``member_id`` the member it is for, if it is for one. ``due`` and
    ``useful_until`` are aware UTC instants of the ``Clock`` port. ``cause`` and ``first_try`` (when it may have been
    sent first, if it may have been) follow from where it is planned; see Origin.
    """

    kind: str
    key: str
    due: datetime
    payload: Payload = field(default_factory=dict)
    target: Target | None = None
    member_id: str | None = None
    subject: str = ""
    useful_until: datetime | None = None
    version: int = 1
    cause: str = field(default_factory=lambda: _origin.get().cause)
    first_try: datetime | None = field(init=False)

    def __post_init__(self) -> None:
        origin = _origin.get()
        again = origin.until is not None and self.due <= origin.until
        object.__setattr__(self, "first_try", origin.since if again else None)


@dataclass(frozen=True, slots=True)
class DueWork:
    """A row of due work as it stands.

    ``maybe_sent`` is sticky: once true, only a platform's clear refusal or a look that proves absence clears it.
    ``attempt`` counts the tries so far, not the times it was given back at once.
    ``idempotency_key`` goes with every try to the gateway; at most 25 characters, the same for ever.
    """

    id: int
    kind: str
    key: str
    due: datetime
    payload: Payload
    target: Target | None
    member_id: str | None
    subject: str
    useful_until: datetime | None
    version: int
    state: State
    idempotency_key: str
    attempt: int = 0
    maybe_sent: bool = False
    first_try: datetime | None = None
    owner: str | None = None
    reason: str | None = None
    sent: MessageRef | None = None
    finished_at: datetime | None = None
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is still to be done: how many rows stand in each open state, and since when the first one has been due."""

    open: Mapping[State, int]
    due_since: datetime | None


@dataclass(frozen=True, slots=True)
class Send:
    """Send this message to the work's target."""

    message: Message


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace this message, sent earlier."""

    ref: MessageRef
    message: Message


@dataclass(frozen=True, slots=True)
class Skip:
    """Do nothing, and keep the reason."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Admit:
    """Let someone into a channel; doing it twice is doing it once."""

    channel: ChannelRef
    user: UserRef


@dataclass(frozen=True, slots=True)
class Arrange:
    """Bring something on a platform into a state; doing it twice is doing it once."""

    platform: str
    workspace: str
    plan: Plan


Prepared = Send | Edit | Admit | Arrange | Skip


@dataclass(frozen=True, slots=True)
class WorkContext:
    """What a kind may use when its moment comes: an open unit of work, the clock's now, the services."""

    uow: UnitOfWork
    now: datetime
    services: Services


@dataclass(frozen=True, slots=True)
class DeliveryKind:
    """A kind that acts on a platform: ``prepare`` looks again and writes the message, or says what to arrange.

    ``arranged`` keeps the id of what was arranged, in the same transaction as the mark "done".
    """

    name: str
    prepare: Callable[[WorkContext, DueWork], Awaitable[Prepared]]
    arranged: Callable[[WorkContext, DueWork, str], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True)
class TaskKind:
    """A kind that works in the database alone: ``run`` and the mark "done" are one transaction."""

    name: str
    run: Callable[[WorkContext, DueWork], Awaitable[Skip | None]]


class WorkKinds:
    """The registry of kinds, by name."""

    def __init__(self, *kinds: DeliveryKind | TaskKind) -> None:
        self._kinds: dict[str, DeliveryKind | TaskKind] = {}
        for kind in kinds:
            if kind.name in self._kinds:
                msg = f"due work kind {kind.name!r} is registered twice"
                raise ValueError(msg)
            self._kinds[kind.name] = kind

    def __getitem__(self, name: str) -> DeliveryKind | TaskKind:
        """Return the kind; raises KeyError for a name that nobody registered."""
        return self._kinds[name]

    def names(self) -> tuple[str, ...]:
        """Return every registered name."""
        return tuple(self._kinds)

"""What every inbound event passes through, in order; each step may answer, refuse or go on.

``logged`` (one canonical line for each event) > ``explained`` (errors become sentences) > ``transacted`` (one unit of
work) > ``sealed`` (buttons get their ids) > ``once`` (no event twice) > ``known`` (who is it) > ``spoken`` (in which
language) > ``measured`` (not too fast) > ``noticed`` (the privacy notice at first contact) > the dispatcher's own
reading and running.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.commands import Context
from bot.duework import Origin, originating
from bot.errors import UserError
from bot.features.members.handlers import meet, recognised
from bot.features.members.model import Member
from bot.features.privacy.replies import first_notice
from bot.i18n import N_, _, nearest, use_locale
from bot.inbound import Inbound, Said
from bot.messages import Message, Paragraph, Reply, Visibility
from bot.metrics import Metrics
from bot.ports import UnitOfWork, UnitOfWorkFactory
from bot.services import Community, Sealer, Services, new_id

log = structlog.get_logger("connections.inbound")

MAX_EVENTS = 30
WINDOW_SECONDS = 60.0
"""A member may do this much within this time; more is a stuck key or a loop, and is answered once."""


@dataclass(slots=True)
class Turn:
    """One event on its way through: what is known of it so far."""

    inbound: Inbound
    locale: str
    now: datetime
    outcome: str = "ignored"
    command: str = ""
    uow: UnitOfWork | None = None
    member: Member | None = None

    def context(self, services: Services) -> Context:
        """Return what a handler works with; only inside a transaction, once the member is known."""
        assert self.uow is not None  # noqa: S101 - an error of ours, not a member's
        assert self.member is not None  # noqa: S101
        return Context(self.uow, services, self.inbound, self.member, self.now)


Proceed = Callable[[Turn], Awaitable[Reply | None]]
Middleware = Callable[[Turn, Proceed], Awaitable[Reply | None]]


def chain(steps: tuple[Middleware, ...], last: Proceed) -> Proceed:
    """Return one function that runs the steps in order, then ``last``."""
    proceed = last
    for step in reversed(steps):
        proceed = _link(step, proceed)
    return proceed


def _link(step: Middleware, proceed: Proceed) -> Proceed:
    async def linked(turn: Turn) -> Reply | None:
        return await step(turn, proceed)

    return linked


def sentence(text: str, locale: str) -> Reply:
    """Return a private reply of one sentence."""
    return Reply(Message((Paragraph((text,)),), locale))


def logged(metrics: Metrics) -> Middleware:
    """Write one line for the event: what it was, what came of it, how long it took; never what was said."""

    async def step(turn: Turn, proceed: Proceed) -> Reply | None:
        started = time.monotonic()
        inbound = turn.inbound
        told = structlog.contextvars.bound_contextvars(inbound=inbound.id, platform=inbound.user.platform)
        with told, originating(Origin(inbound.id)):
            try:
                return await proceed(turn)
            finally:
                seconds = time.monotonic() - started
                kind = type(inbound.event).__name__.lower()
                metrics.handled(kind, turn.command, turn.outcome, seconds)
                log.info(
                    "handled",
                    kind=kind,
                    command=turn.command,
                    member=turn.member.id if turn.member else None,
                    locale=turn.locale,
                    outcome=turn.outcome,
                    ms=round(seconds * 1000, 1),
                )

    return step


async def explained(turn: Turn, proceed: Proceed) -> Reply | None:
    """Turn errors into sentences in the reader's language: theirs say what to do, ours give a reference."""
    try:
        return await proceed(turn)
    except UserError as error:
        turn.outcome = f"refused:{type(error).__name__}"
        with use_locale(turn.locale):
            return sentence(_(error.msgid).format(**error.params), turn.locale)
    except Exception:
        reference = new_id()
        turn.outcome = "error"
        log.exception("unexpected error", reference=reference)
        with use_locale(turn.locale):
            text = _(
                "Something went wrong on our side, and nothing was changed. Please try again; if it happens again, "
                "tell an organizer this reference: {reference}"
            )
            return sentence(text.format(reference=reference), turn.locale)


def transacted(uow_factory: UnitOfWorkFactory) -> Middleware:
    """Do everything that follows in one unit of work: all of it or nothing."""

    async def step(turn: Turn, proceed: Proceed) -> Reply | None:
        async with uow_factory() as uow:
            turn.uow = uow
            reply = await proceed(turn)
            await uow.commit()
            return reply

    return step


def sealed(sealer: Sealer) -> Middleware:
    """Keep what the answer's controls stand for, in the same transaction as what they are about."""

    async def step(turn: Turn, proceed: Proceed) -> Reply | None:
        assert turn.uow is not None  # noqa: S101
        reply = await proceed(turn)
        if reply is None or reply.message is None:
            return reply
        return replace(reply, message=await sealer.seal(turn.uow, reply.message))

    return step


async def once(turn: Turn, proceed: Proceed) -> Reply | None:
    """Drop an event that the platform tells again."""
    assert turn.uow is not None  # noqa: S101
    if not await turn.uow.seen.first_time(turn.inbound.id, turn.now):
        turn.outcome = "duplicate"
        return None
    return await proceed(turn)


def known(community: Community) -> Middleware:
    """Find who it is, or meet them; someone who only writes in a channel is not recorded."""

    async def step(turn: Turn, proceed: Proceed) -> Reply | None:
        assert turn.uow is not None  # noqa: S101
        inbound = turn.inbound
        member = await turn.uow.members.by_user(inbound.user)
        if member is None:
            if isinstance(inbound.event, Said) and not inbound.event.addressed:
                return None
            member = await meet(turn.uow, inbound, turn.now)
        turn.member = await recognised(turn.uow, member, inbound, community)
        return await proceed(turn)

    return step


def spoken(community: Community) -> Middleware:
    """Answer in the member's own language: their choice, else the platform's hint, else the community's."""

    async def step(turn: Turn, proceed: Proceed) -> Reply | None:
        assert turn.member is not None  # noqa: S101
        hint = turn.inbound.profile.locale
        wanted = (*turn.member.languages, *((hint,) if hint else ()), community.default_language)
        turn.locale = nearest(wanted, community.languages)
        with use_locale(turn.locale):
            return await proceed(turn)

    return step


class Measured:
    """Lets each person do ``MAX_EVENTS`` things in ``WINDOW_SECONDS``; tells them once, then stays silent."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._recent: dict[str, deque[float]] = {}

    async def __call__(self, turn: Turn, proceed: Proceed) -> Reply | None:
        """Count the event and go on, or refuse."""
        assert turn.member is not None  # noqa: S101
        now = self._monotonic()
        recent = self._recent.setdefault(turn.member.id, deque(maxlen=MAX_EVENTS + 2))
        while recent and recent[0] <= now - WINDOW_SECONDS:
            recent.popleft()
        recent.append(now)
        if len(recent) <= MAX_EVENTS:
            return await proceed(turn)
        turn.outcome = "too fast"
        if len(recent) > MAX_EVENTS + 1:
            return None
        raise UserError(N_("That was a lot at once. Please wait a minute, then go on; nothing you wrote is lost."))


async def noticed(turn: Turn, proceed: Proceed) -> Reply | None:
    """Put the privacy notice under the first answer a member gets."""
    reply = await proceed(turn)
    member = turn.member
    assert turn.uow is not None  # noqa: S101
    private = reply is not None and reply.visibility is not Visibility.CHANNEL
    if reply is None or reply.message is None or not private or member is None or member.noticed_at is not None:
        return reply
    member = await turn.uow.members.get(member.id)
    if member is None or member.noticed_at is not None:
        return reply
    await turn.uow.members.save(replace(member, noticed_at=turn.now))
    message = replace(reply.message, blocks=(*reply.message.blocks, first_notice()))
    return replace(reply, message=message)

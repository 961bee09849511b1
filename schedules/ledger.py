"""Writes down how due work ended, or when it is tried again; every failure is visible."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

import structlog

from bot.duework import DueWork, Origin, Reason, WorkContext, originating
from bot.errors import DeliveryError
from bot.messages import MessageRef
from bot.ports import UnitOfWork, UnitOfWorkFactory
from bot.services import Services
from schedules.failpoints import hit
from schedules.group import Group
from schedules.pace import RunnerTimes

log = structlog.get_logger()

MOST_SAID = 200
"""Characters of a platform's own words that are passed on."""

OnFailed = Callable[[WorkContext, DueWork, str], Awaitable[None]]
OnArranged = Callable[[WorkContext, DueWork, str], Awaitable[None]]


class Ledger:
    """The outcomes of the rows that ``owner`` holds, each written in a transaction of its own, or shared when many end.

    ``on_failed`` is called in the transaction of every ``failed`` mark, so that telling the organizers is itself a
    row; what the platform said stands behind the reason, after a colon. Should it raise, the mark is made without it,
    and the log says so.
    """

    def __init__(
        self,
        uow_factory: UnitOfWorkFactory,
        services: Services,
        owner: str,
        times: RunnerTimes,
        on_failed: OnFailed | None = None,
    ) -> None:
        self.uow_factory = uow_factory
        self.services = services
        self.owner = owner
        self.times = times
        self._on_failed = on_failed
        self._mark = Group(self._mark_all)

    @contextmanager
    def working_on(self, work: DueWork) -> Iterator[None]:
        """Mark what is planned and logged inside as coming from this row."""
        since = work.first_try if work.maybe_sent else None
        origin = Origin(work.cause, since, self.services.clock.now() if since else None)
        with originating(origin), structlog.contextvars.bound_contextvars(cause=work.cause):
            yield

    def context(self, uow: UnitOfWork) -> WorkContext:
        """Return what a kind may use, at this moment."""
        return WorkContext(uow, self.services.clock.now(), self.services)

    def too_late(self, work: DueWork) -> bool:
        """Tell whether the work is of no use any more, by the community's clock."""
        return self._useless_after(work, 0.0)

    async def done(self, work: DueWork, ref: MessageRef | None, arranged: OnArranged | None = None) -> None:
        """Keep that it is done, and where the message is; ``arranged`` is called in the same transaction."""
        held = await (self._mark_arranged(work, ref, arranged) if arranged and ref else self._mark((work, ref)))
        hit("after_mark")
        if held:
            self.counted_done(work)
        else:
            await self._done_elsewhere(work, ref)

    async def _mark_arranged(self, work: DueWork, ref: MessageRef, arranged: OnArranged) -> bool:
        async with self.uow_factory() as uow:
            held = await uow.work.done(work.id, self.owner, ref, self.services.clock.now())
            if held:
                await arranged(self.context(uow), work, ref.message)
            await uow.commit()
        return held

    async def _mark_all(self, done: Sequence[tuple[DueWork, MessageRef | None]]) -> list[bool]:
        refs = {work.id: ref for work, ref in done}
        async with self.uow_factory() as uow:
            held = await uow.work.done_many(refs, self.owner, self.services.clock.now())
            await uow.commit()
        return [work.id in held for work, _ in done]

    def counted_done(self, work: DueWork) -> None:
        """Tell the log and the figures that it is done, and how late."""
        late = (self.services.clock.now() - work.due).total_seconds()
        self.services.metrics.worked(work.kind, "done", max(late, 0.0))
        log.info("work done", kind=work.kind, key=work.key)

    async def _done_elsewhere(self, work: DueWork, ref: MessageRef | None) -> None:
        async with self.uow_factory() as uow:
            row = await uow.work.get(work.id)
        kept = row.sent if row else None
        if kept and kept != ref:
            log.error("message sent twice", key=work.key, kept=kept.message, second=ref.message if ref else None)
        else:
            log.warning("lease lost before the mark", key=work.key)

    async def skipped(self, work: DueWork, reason: str) -> None:
        """Keep that nothing had to be done, and why."""
        async with self.uow_factory() as uow:
            await self.skip_in(uow, work, reason)
            await uow.commit()
        self.counted_skipped(work, reason)

    async def skip_in(self, uow: UnitOfWork, work: DueWork, reason: str) -> bool:
        """Keep in an open transaction that nothing had to be done, and why; False if the row is no longer ours."""
        return await uow.work.end(work.id, self.owner, failed=False, reason=reason, at=self.services.clock.now())

    def counted_skipped(self, work: DueWork, reason: str) -> None:
        """Tell the log and the figures that nothing had to be done."""
        self.services.metrics.worked(work.kind, "skipped")
        log.info("work skipped", kind=work.kind, key=work.key, reason=reason)

    async def failed(self, work: DueWork, reason: str, detail: object) -> None:
        """Keep that it cannot be done, and why; tell the log, and whoever ``on_failed`` tells."""
        try:
            await self._end_failed(work, reason, self._on_failed, _told(reason, detail))
        except Exception:
            log.exception("nobody was told of failed work", kind=work.kind, key=work.key)
            await self._end_failed(work, reason, None)
        self.services.metrics.worked(work.kind, "failed")
        log.error("work failed", kind=work.kind, key=work.key, reason=reason, detail=str(detail))

    async def _end_failed(self, work: DueWork, reason: str, on_failed: OnFailed | None, told: str = "") -> None:
        async with self.uow_factory() as uow:
            at = self.services.clock.now()
            held = await uow.work.end(work.id, self.owner, failed=True, reason=reason, at=at)
            if held and on_failed:
                await on_failed(self.context(uow), work, told)
            await uow.commit()

    async def uncertain(self, work: DueWork, detail: object) -> None:
        """Keep that nobody knows whether it was sent: it will be looked for before anything is sent again."""
        async with self.uow_factory() as uow:
            await uow.work.uncertain(work.id, self.owner, Reason.UNKNOWN_OUTCOME)
            await uow.commit()
        self.services.metrics.worked(work.kind, "uncertain")
        log.warning("outcome unknown", kind=work.kind, key=work.key, detail=repr(detail))

    async def again(self, work: DueWork, after: float, reason: str, *, certainly_not_sent: bool) -> None:
        """Make it pending again, ``after`` seconds from now."""
        async with self.uow_factory() as uow:
            await uow.work.retry(
                work.id, self.owner, after_seconds=after, reason=reason, clear_maybe_sent=certainly_not_sent
            )
            await uow.commit()

    async def give_back(self, work: DueWork) -> None:
        """Let go of a row that nothing was done with."""
        await self.again(work, 0.0, Reason.LEASE_LOST, certainly_not_sent=not work.maybe_sent)

    async def refused_for_now(self, work: DueWork, detail: object, retry_after: float | None = None) -> None:
        """Try later what was certainly not done, or give up: after a day of tries, or when it would be too late."""
        wait = self.times.wait(work, retry_after)
        if work.attempt + 1 >= self.times.send_attempts or self._useless_after(work, wait):
            await self.failed(work, Reason.EXHAUSTED, detail)
            return
        self.services.metrics.worked(work.kind, "refused")
        log.warning("refused for now", kind=work.kind, key=work.key, detail=str(detail))
        await self.again(work, wait, Reason.REFUSED, certainly_not_sent=True)

    def _useless_after(self, work: DueWork, wait: float) -> bool:
        then = self.services.clock.now() + timedelta(seconds=wait)
        return work.useful_until is not None and then > work.useful_until

    async def broke(self, work: DueWork, error: Exception) -> None:
        """Try later what our own code, or the database, could not do; give up after a few tries."""
        self.services.metrics.worked(work.kind, "broke")
        log.error("work broke", kind=work.kind, key=work.key, exc_info=error)
        if work.attempt + 1 >= self.times.error_attempts:
            await self.failed(work, Reason.ERROR, error)
            return
        wait = self.times.wait(work)
        await self.again(work, wait, Reason.ERROR, certainly_not_sent=not work.maybe_sent)


def _told(reason: str, detail: object) -> str:
    return f"{reason}: {str(detail)[:MOST_SAID]}" if isinstance(detail, DeliveryError) else reason

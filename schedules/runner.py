"""Carries out due work: claims what is due, settles what is uncertain, and gives every row to the way of its kind."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence

import structlog

from bot.duework import DeliveryKind, DueWork, Reason, TaskKind, WorkKinds
from bot.errors import BotError
from bot.ports import UnitOfWorkFactory
from bot.services import Services
from schedules.failpoints import hit
from schedules.ledger import Ledger, OnFailed
from schedules.pace import RunnerTimes
from schedules.reconciler import Reconciler
from schedules.sender import Sender
from schedules.tasks import run_task

log = structlog.get_logger()


class Runner:
    """One owner of leases. Several may run on one PostgreSQL; each row is carried out by one of them.

    ``monotonic`` measures how long ago a claim was made.
    """

    def __init__(
        self,
        uow_factory: UnitOfWorkFactory,
        kinds: WorkKinds,
        services: Services,
        *,
        times: RunnerTimes | None = None,
        on_failed: OnFailed | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.owner = secrets.token_hex(8)
        self._uow_factory = uow_factory
        self._kinds = kinds
        self._services = services
        self._times = times or RunnerTimes()
        self._monotonic = monotonic
        self._ledger = Ledger(uow_factory, services, self.owner, self._times, on_failed)
        self._lanes = asyncio.Semaphore(self._times.lanes)
        self._sender = Sender(self._ledger, self._lanes)
        self._reconciler = Reconciler(self._ledger)
        self._turn = asyncio.Lock()
        self._poked = asyncio.Event()
        self._stopping = False

    def poke(self) -> None:
        """Wake ``run`` at once: something has just fallen due."""
        self._poked.set()

    def stop(self) -> None:
        """Claim nothing more, finish what is being sent, give the rest back; then ``run`` ends."""
        self._stopping = True
        self.poke()

    async def run(self) -> None:
        """Work at every poke, until ``stop``. Whatever goes wrong is logged, and the next poke tries again."""
        while not self._stopping:
            await self._poked.wait()
            self._poked.clear()
            try:
                await self.run_until_idle()
            except BotError as error:  # the database is away, or its disk full: known, and said plainly
                log.error("sweep failed", reason=str(error))  # noqa: TRY400
            except Exception:
                log.exception("sweep failed")

    async def run_until_idle(self) -> None:
        """Sweep until nothing is due."""
        while await self.sweep():
            pass

    async def sweep(self) -> int:
        """Settle and carry out one batch; return how many rows were worked on.

        Rows for one place go one after the other in the order of their due times, the places side by side.
        """
        async with self._turn:
            if self._stopping:
                return 0
            start = self._monotonic()
            rows = await self._take()
            lanes: defaultdict[Hashable, list[DueWork]] = defaultdict(list)
            for work in sorted(rows, key=lambda row: (row.due, row.id)):
                lanes[work.target or work.id].append(work)
            async with asyncio.TaskGroup() as group:
                for lane in lanes.values():
                    group.create_task(self._carry_out(lane, lambda: self._may_start(start)))
            return len(rows)

    async def _take(self) -> tuple[DueWork, ...]:
        """Take what is uncertain for long enough, and claim what is due."""
        hit("before_claim")
        times = self._times
        async with self._uow_factory() as uow:
            uncertain = await uow.work.recover(
                self.owner,
                uncertain_after_seconds=times.look_after,
                lease_seconds=times.lease,
                limit=times.batch,
            )
            due = await uow.work.claim(self._services.clock.now(), self.owner, times.batch, times.lease)
            await uow.commit()
        hit("after_claim")
        return (*uncertain, *due)

    def _may_start(self, claimed: float) -> bool:
        return not self._stopping and self._monotonic() - claimed < self._times.start_within

    async def _carry_out(self, lane: Sequence[DueWork], may_start: Callable[[], bool]) -> None:
        for work in lane:
            try:
                with self._ledger.working_on(work):
                    await self._carry_out_one(work, may_start)
            except Exception:
                # The row stays as it is until its lease runs out; what may have been sent is then looked for.
                log.exception("work left to its lease", kind=work.kind, key=work.key)

    def _kind_of(self, work: DueWork) -> DeliveryKind | TaskKind | None:
        try:
            return self._kinds[work.kind]
        except KeyError:
            return None

    async def _carry_out_one(self, work: DueWork, may_start: Callable[[], bool]) -> None:
        kind = self._kind_of(work)
        if isinstance(kind, DeliveryKind) and not work.maybe_sent and may_start():
            await self._sender.carry_out(work, kind, may_start)
            return
        async with self._lanes:
            if not may_start():
                await self._ledger.give_back(work)
            elif isinstance(kind, TaskKind):
                await run_task(self._ledger, work, kind)
            elif work.maybe_sent:
                await self._reconciler.settle(work, kind)
            else:
                await self._ledger.failed(work, Reason.ERROR, f"no kind {work.kind!r} is registered")

"""The way of one delivery: look again, fence, send, write down what came of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.duework import DeliveryKind, DueWork, Reason, Skip
from bot.errors import PermanentError, RetryableError
from bot.messages import MessageRef
from bot.platforms import ChatGateway
from bot.ports import UnitOfWork
from schedules.failpoints import hit
from schedules.group import Group
from schedules.ledger import Ledger
from schedules.steps import Repeatable, Request, ask_platform, gateway_for, look_again

TURN = 0.02
"""Seconds after which a transaction that prepares many makes room for others: on SQLite they all wait for it."""

Asked = tuple[DueWork, DeliveryKind]
Outcome = tuple[ChatGateway, Request] | Skip | Reason
"""What to ask of which platform, fenced; that there is nothing to do; or why nothing can be done now."""


class BrokeError(Exception):
    """A kind raised, and spoilt the transaction that its row shared with others."""

    def __init__(self, work_id: int, error: Exception) -> None:
        self.work_id = work_id
        self.error = error
        super().__init__(str(error))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a platform answered: where the message is, if there is one."""

    ref: MessageRef | None


class Sender:
    """Carries out deliveries that were certainly not sent before; ``lanes`` bounds how many are sent at a time.

    What falls due together is prepared and fenced together: the fence is kept on the disk before the first is sent.
    """

    def __init__(self, ledger: Ledger, lanes: asyncio.Semaphore) -> None:
        self._ledger = ledger
        self._lanes = lanes
        self._prepared = Group(self._prepare)

    async def carry_out(self, work: DueWork, kind: DeliveryKind, may_start: Callable[[], bool]) -> None:
        """Prepare and fence in one transaction; only then, if there is still time, ask the platform."""
        ledger = self._ledger
        try:
            outcome = await self._prepared((work, kind))
        except Exception as error:  # noqa: BLE001 - whatever a kind raises, the others go on
            await ledger.broke(work, error)
            return
        if isinstance(outcome, tuple):
            gateway, request = outcome
            hit("after_fence")
            async with self._lanes:
                answer = await self._send(work, gateway, request, may_start)
            if answer:
                await ledger.done(work, answer.ref, kind.arranged)
        elif isinstance(outcome, Skip):
            ledger.counted_skipped(work, outcome.reason)
        elif outcome is Reason.GONE:
            await ledger.failed(work, Reason.GONE, "its place is on no configured platform")
        else:
            await ledger.give_back(work)

    async def _prepare(self, asked: Sequence[Asked]) -> list[Outcome | Exception]:
        """Prepare and fence all in one transaction; anew without a row whose kind raises, and in turns."""
        left = {work.id: (work, kind) for work, kind in asked}
        outcomes: dict[int, Outcome | Exception] = {}
        while left:
            try:
                outcomes.update(await self._prepare_together(left.values()))
            except BrokeError as broke:
                outcomes[broke.work_id] = broke.error
            left = {work_id: one for work_id, one in left.items() if work_id not in outcomes}
        return [outcomes[work.id] for work, _ in asked]

    async def _prepare_together(self, asked: Iterable[Asked]) -> dict[int, Outcome]:
        """Prepare and fence as many as one turn is long enough for."""
        ledger = self._ledger
        outcomes: dict[int, Outcome] = {}
        async with ledger.uow_factory() as uow:
            until = time.monotonic() + TURN
            for work, kind in asked:
                outcomes[work.id] = await self._look(uow, work, kind)
                if time.monotonic() > until:
                    break
            ready = [work_id for work_id, outcome in outcomes.items() if isinstance(outcome, tuple)]
            fenced = await uow.work.fence_many(ready, ledger.owner, ledger.times.margin)
            await uow.commit()
        return outcomes | {work_id: Reason.LEASE_LOST for work_id in ready if work_id not in fenced}

    async def _look(self, uow: UnitOfWork, work: DueWork, kind: DeliveryKind) -> Outcome:
        ledger = self._ledger
        with ledger.working_on(work):
            try:
                prepared = await look_again(ledger, uow, work, kind)
            except Exception as error:
                raise BrokeError(work.id, error) from error
            if isinstance(prepared, Skip):
                await ledger.skip_in(uow, work, prepared.reason)
                return prepared
        gateway = gateway_for(ledger, work, prepared)
        return (gateway, prepared) if gateway else Reason.GONE

    async def _send(
        self, work: DueWork, gateway: ChatGateway, request: Request, may_start: Callable[[], bool]
    ) -> Answer | None:
        """Ask the platform; None if it did not answer well, which is then written down."""
        ledger = self._ledger
        if not may_start():
            await ledger.give_back(work)
            return None
        try:
            ref = await ask_platform(ledger, gateway, work, request)
        except RetryableError as error:
            await ledger.refused_for_now(work, error, error.retry_after)
        except PermanentError as error:
            await ledger.failed(work, Reason.REFUSED, error)
        except Exception as error:  # noqa: BLE001 - anything else may have happened after the platform acted
            if isinstance(request, Repeatable):
                await ledger.refused_for_now(work, error)
            else:
                await ledger.uncertain(work, error)
        else:
            hit("after_reply")
            return Answer(ref)
        return None

"""The way of one delivery: look again, fence, send, write down what came of it."""

from __future__ import annotations

from collections.abc import Callable

from bot.duework import DeliveryKind, DueWork, Reason, Skip
from bot.errors import PermanentError, RetryableError
from bot.platforms import ChatGateway
from schedules.failpoints import hit
from schedules.ledger import Ledger
from schedules.steps import Repeatable, Request, ask_platform, gateway_for, look_again

Ready = tuple[ChatGateway, Request]


class Sender:
    """Carries out deliveries that were certainly not sent before."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def carry_out(self, work: DueWork, kind: DeliveryKind, may_start: Callable[[], bool]) -> None:
        """Prepare and fence in one transaction; only then, if there is still time, ask the platform."""
        try:
            ready = await self._prepare(work, kind)
        except Exception as error:  # noqa: BLE001 - whatever a kind raises, the others go on
            await self._ledger.broke(work, error)
            return
        if ready is None:
            return
        hit("after_fence")
        if may_start():
            await self._send(work, kind, *ready)
        else:
            await self._ledger.give_back(work)

    async def _prepare(self, work: DueWork, kind: DeliveryKind) -> Ready | None:
        ledger = self._ledger
        async with ledger.uow_factory() as uow:
            prepared = await look_again(ledger, uow, work, kind)
            if isinstance(prepared, Skip):
                await ledger.skip_in(uow, work, prepared.reason)
                await uow.commit()
                return None
            gateway = gateway_for(ledger, work, prepared)
            if gateway and await uow.work.fence(work.id, ledger.owner, ledger.times.margin):
                await uow.commit()
                return gateway, prepared
        if gateway is None:
            await ledger.failed(work, Reason.GONE, "its place is on no configured platform")
        else:
            await ledger.give_back(work)
        return None

    async def _send(self, work: DueWork, kind: DeliveryKind, gateway: ChatGateway, request: Request) -> None:
        ledger = self._ledger
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
            await ledger.done(work, ref, kind.arranged)

"""What becomes of work that may have been sent: look for it before anything is sent again."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from bot.duework import DeliveryKind, DueWork, Prepared, Reason, Send, Skip
from bot.errors import PermanentError
from bot.messages import MessageRef
from bot.platforms import ChatGateway
from schedules.clock import utc_now
from schedules.ledger import Ledger
from schedules.steps import Repeatable, ask_platform, gateway_for, look_again, target_of

log = structlog.get_logger()


class Reconciler:
    """Settles rows whose ``maybe_sent`` is true."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def settle(self, work: DueWork, kind: DeliveryKind | None) -> None:
        """Send again where the platform refuses doubles by itself, else look for the message and go by what is found.

        ``kind`` is None when nobody registered the row's kind any more: then there is only the look.
        """
        prepared = await self._prepare(work, kind) if kind else None
        gateway = gateway_for(self._ledger, work, prepared)
        if gateway and isinstance(prepared, Send) and self._refuses_doubles(gateway, work):
            await self._send_again(work, gateway, prepared)
        else:
            await self._look(work, gateway, prepared)

    async def _prepare(self, work: DueWork, kind: DeliveryKind) -> Prepared | None:
        try:
            async with self._ledger.uow_factory() as uow:
                prepared = await look_again(self._ledger, uow, work, kind)
                await uow.commit()
                return prepared
        except Exception:
            log.exception("work broke", kind=work.kind, key=work.key)
            return None

    def _refuses_doubles(self, gateway: ChatGateway, work: DueWork) -> bool:
        if not gateway.capabilities.idempotent_sends or work.first_try is None:
            return False
        age = utc_now() - work.first_try
        return timedelta(0) <= age < timedelta(seconds=self._ledger.times.nonce_window)

    async def _send_again(self, work: DueWork, gateway: ChatGateway, message: Send) -> None:
        try:
            ref = await ask_platform(self._ledger, gateway, work, message)
        except Exception as error:  # noqa: BLE001 - the first try is as uncertain as before
            await self._still_unknown(work, error)
        else:
            await self._ledger.done(work, ref)

    async def _look(self, work: DueWork, gateway: ChatGateway | None, prepared: Prepared | None) -> None:
        try:
            found = await self._find(work, gateway)
        except Exception as error:  # noqa: BLE001 - a look that failed proves nothing
            await self._blind(work, prepared, error)
            return
        if found:
            await self._ledger.done(work, found)
        elif isinstance(prepared, Skip):
            await self._ledger.skipped(work, prepared.reason)
        else:
            await self._ledger.refused_for_now(work, "proven absent", retry_after=0.0)

    async def _find(self, work: DueWork, gateway: ChatGateway | None) -> MessageRef | None:
        target = target_of(work)
        if gateway is None:
            msg = f"the platform {target.platform} is not configured"
            raise PermanentError(msg)
        async with asyncio.timeout(self._ledger.times.send_timeout):
            return await gateway.find_sent(target, work.idempotency_key)

    async def _blind(self, work: DueWork, prepared: Prepared | None, error: Exception) -> None:
        if isinstance(prepared, Repeatable):
            await self._ledger.refused_for_now(work, error)
        elif isinstance(error, PermanentError):
            await self._ledger.failed(work, Reason.UNKNOWN_OUTCOME, error)
        else:
            await self._still_unknown(work, error)

    async def _still_unknown(self, work: DueWork, error: Exception) -> None:
        ledger = self._ledger
        if work.attempt + 1 >= ledger.times.look_attempts:
            await ledger.failed(work, Reason.UNKNOWN_OUTCOME, error)
            return
        log.warning("outcome still unknown", kind=work.kind, key=work.key, detail=repr(error))
        await ledger.again(work, ledger.times.wait(work), Reason.UNKNOWN_OUTCOME, certainly_not_sent=False)

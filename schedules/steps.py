"""The steps that a first try and a look-up share: look again at the world, find the gateway, ask the platform."""

from __future__ import annotations

import asyncio

from bot.duework import Admit, Arrange, DeliveryKind, DueWork, Edit, Prepared, Reason, Send, Skip
from bot.errors import PermanentError
from bot.messages import MessageRef, Target
from bot.platforms import ChatGateway
from bot.ports import UnitOfWork
from schedules.ledger import Ledger

Repeatable = Edit | Admit | Arrange
"""What may be asked for twice: it comes to the same."""

Request = Send | Repeatable


async def look_again(ledger: Ledger, uow: UnitOfWork, work: DueWork, kind: DeliveryKind) -> Prepared:
    """Ask the kind what to do now; its message comes with its controls sealed. What is too late is skipped."""
    if ledger.too_late(work):
        return Skip(Reason.TOO_LATE)
    async with asyncio.timeout(ledger.times.work_timeout):
        prepared = await kind.prepare(ledger.context(uow), work)
    sealer = ledger.services.sealer
    if isinstance(prepared, Send):
        return Send(await sealer.seal(uow, prepared.message))
    if isinstance(prepared, Edit):
        return Edit(prepared.ref, await sealer.seal(uow, prepared.message))
    return prepared


def gateway_for(ledger: Ledger, work: DueWork, prepared: Prepared | None) -> ChatGateway | None:
    """Return the gateway of the platform where it happens; None if there is no such place."""
    match prepared:
        case Edit(ref):
            platform: str | None = ref.platform
        case Admit(channel):
            platform = channel.platform
        case Arrange(named):
            platform = named
        case _:
            platform = work.target.platform if work.target else None
    return ledger.services.gateways.get(platform or "")


async def ask_platform(ledger: Ledger, gateway: ChatGateway, work: DueWork, request: Request) -> MessageRef | None:
    """Do it within ``send_timeout``, a message with the row's own key; return where the message is, or what was made.

    Raises what the gateway raises, or TimeoutError.
    """
    async with asyncio.timeout(ledger.times.send_timeout):
        if isinstance(request, Edit):
            await gateway.edit(request.ref, request.message)
            return request.ref
        if isinstance(request, Admit):
            await gateway.add_to_channel(request.channel, request.user)
            return None
        if isinstance(request, Arrange):
            made = await gateway.arrange(request.workspace, request.plan)
            return MessageRef(request.platform, request.workspace, "", made)
        return await gateway.send(target_of(work), request.message, key=work.idempotency_key)


def target_of(work: DueWork) -> Target:
    """Return where a message goes. Raises PermanentError if the row does not say."""
    if work.target is None:
        msg = "the row names no place"
        raise PermanentError(msg)
    return work.target

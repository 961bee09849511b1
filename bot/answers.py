"""The way of an answer back to whoever asked: as a form, a message, or on the page of their own."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import structlog

from bot.errors import DeliveryError, PermanentError, RetryableError, UncertainError, UserError
from bot.i18n import _, current_locale, use_locale
from bot.inbound import Opened, Pressed, Said
from bot.messages import (
    Button,
    Buttons,
    Call,
    Form,
    Mention,
    Message,
    Paragraph,
    Reply,
    Target,
    UserRef,
    Visibility,
    rich,
)
from bot.middleware import Turn
from bot.platforms import ChatGateway
from bot.ports import UnitOfWorkFactory
from bot.services import Services

log = structlog.get_logger("connections.answers")


class Answers:
    """Sends replies where they belong: what is private stays private, by whatever way the platform has for it."""

    def __init__(self, uow_factory: UnitOfWorkFactory, services: Services) -> None:
        self._uow_factory = uow_factory
        self._services = services

    async def __call__(self, turn: Turn, reply: Reply) -> None:
        """Send a reply; what cannot be sent is logged."""
        gateway = self._services.gateways[turn.inbound.user.platform]
        try:
            with use_locale(turn.locale):
                if reply.form is not None:
                    reply = await self._open(turn, gateway, reply, reply.form)
                if reply.message is not None:
                    await self._deliver(turn, gateway, reply, reply.message)
        except (DeliveryError, UserError):
            log.exception("reply not sent", inbound=turn.inbound.id)

    # --- forms -----------------------------------------------------------------------------------------------------

    async def _open(self, turn: Turn, gateway: ChatGateway, reply: Reply, form: Form) -> Reply:
        """Open the form; where that cannot be (any more), a button that asks for it anew takes its place."""
        trigger = turn.inbound.trigger
        if trigger is not None and gateway.capabilities.forms:
            async with self._uow_factory() as uow:
                shown = await self._services.sealer.seal_form(uow, form)
                await uow.commit()
            try:
                await gateway.open_form(trigger, shown)
            except PermanentError as error:
                log.info("form not opened", inbound=turn.inbound.id, reason=str(error))
            else:
                return reply
        return replace(reply, message=await self._invitation(form))

    async def _invitation(self, form: Form) -> Message:
        text = Paragraph((_("A short form will ask you for what is needed."),))
        button = Button(form.title, Call(form.call.command, {**form.call.args, **_prefilled(form)}), style="primary")
        message = Message((text, Buttons((button,))), current_locale())
        async with self._uow_factory() as uow:
            message = await self._services.sealer.seal(uow, message)
            await uow.commit()
        return message

    # --- messages --------------------------------------------------------------------------------------------------

    async def _deliver(self, turn: Turn, gateway: ChatGateway, reply: Reply, message: Message) -> None:
        inbound = turn.inbound
        if isinstance(inbound.event, Opened):
            await gateway.show_home(inbound.user, message)
        elif not (reply.replaces and await _replaced(turn, gateway, message)):
            await self._send(turn, gateway, reply, message)

    async def _send(self, turn: Turn, gateway: ChatGateway, reply: Reply, message: Message) -> None:
        inbound = turn.inbound
        target, only_for = _place(turn, gateway, reply)
        key = "r" + hashlib.sha256(inbound.id.encode()).hexdigest()[:24]
        try:
            await _twice(gateway, target, message, key, only_for, inbound.trigger)
        except PermanentError as error:
            if inbound.direct or target.user is None:
                raise
            log.info("direct message refused", inbound=inbound.id, reason=str(error))
            await gateway.send(_thread_of(turn), _cannot_write(turn), key)


def _place(turn: Turn, gateway: ChatGateway, reply: Reply) -> tuple[Target, UserRef | None]:
    """Return where a reply goes, and for whom alone it is shown there."""
    inbound, can = turn.inbound, gateway.capabilities
    direct = Target(user=inbound.user, thread=inbound.thread if inbound.direct else None)
    if inbound.direct or reply.visibility is Visibility.DIRECT:
        return direct, None
    if reply.visibility is Visibility.CHANNEL:
        return _thread_of(turn), None
    if can.private_replies or (can.private_answers and inbound.trigger is not None):
        return Target(channel=inbound.channel, thread=inbound.thread), inbound.user
    return direct, None


def _thread_of(turn: Turn) -> Target:
    """Return the thread that an answer in a channel belongs in: the one it was asked in, or one under the question."""
    inbound = turn.inbound
    asked = inbound.event.message.message if isinstance(inbound.event, Said) else None
    return Target(channel=inbound.channel, thread=inbound.thread or asked)


async def _twice(
    gateway: ChatGateway, target: Target, message: Message, key: str, only_for: UserRef | None, trigger: str | None
) -> None:
    """Send; what was not done, or cannot be found where it should be, is tried once more."""
    try:
        await gateway.send(target, message, key, only_for=only_for, trigger=trigger)
    except RetryableError:
        await gateway.send(target, message, key, only_for=only_for, trigger=trigger)
    except UncertainError:
        # What only one person sees cannot be looked for; an answer twice is better than none.
        if only_for is not None or await gateway.find_sent(target, key) is None:
            await gateway.send(target, message, key, only_for=only_for, trigger=trigger)


async def _replaced(turn: Turn, gateway: ChatGateway, message: Message) -> bool:
    """Replace the message whose button was pressed; False where there is none to replace."""
    event = turn.inbound.event
    if not isinstance(event, Pressed) or event.message is None or not gateway.capabilities.edits:
        return False
    try:
        await gateway.edit(event.message, message, trigger=turn.inbound.trigger)
    except PermanentError as error:
        log.info("message not replaced", inbound=turn.inbound.id, reason=str(error))
        return False
    return True


def _cannot_write(turn: Turn) -> Message:
    """Say in the channel that the direct line is closed, without a word of what the answer was."""
    text = _("{name}, I cannot write to you directly. Please allow direct messages from this server, then ask again.")
    name = turn.member.name if turn.member else turn.inbound.profile.name
    return Message((Paragraph(rich(text, name=Mention(name, (turn.inbound.user,)))),), turn.locale)


def _prefilled(form: Form) -> dict[str, str]:
    return {field.name: field.value for field in form.fields if field.value}

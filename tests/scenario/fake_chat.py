"""The scripts' chat on the fake gateway: no wire, no page, everything at once."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from adapters.fake.gateway import FakeGateway
from adapters.fake.text import text_of
from adapters.tryit import community
from adapters.tryit.gateway import channel_ref, user_ref
from bot.i18n import in_every_language, use_locale
from bot.inbound import Inbound, Joined, Opened, Pressed, Profile, Ran, Said, Submitted
from bot.messages import (
    Buttons,
    Call,
    ChannelRef,
    Form,
    LocalTime,
    Message,
    MessageRef,
)
from bot.sampletime import SampleTime
from bot.times.show import format_time
from tests.scenario.scripts import DIRECT

PRESSED_ON = MessageRef("tryit", "sample", "?", "?")


class FakeChat:
    """Plays people on a ``FakeGateway`` that stands in for the sample chat."""

    def __init__(self, gateway: FakeGateway, dispatcher, runner, time: SampleTime, uow_factory, services) -> None:
        self.gateway = gateway
        self.uow_factory = uow_factory
        self.services = services
        self._dispatch = dispatcher
        self._runner = runner
        self._time = time
        self._ids = itertools.count(1)
        self._people = {person.user: person for person in community.people()}

    async def join(self, who):
        await self._happen(who, Joined(), DIRECT)

    async def say(self, who, text, where=DIRECT, *, again=False, settle=True, addressed=False):
        message = MessageRef("tryit", "sample", where, f"said-{next(self._ids)}")
        await self._happen(
            who, Said(text, message, addressed=addressed or where == DIRECT), where, again=again, settle=settle
        )

    async def press(self, who, label, where=DIRECT, *, settle=True):
        button, ref = self._button(who, label, where)
        await self._happen(who, Pressed(button.action_id, ref), where, settle=settle)

    async def open_home(self, who, *, settle=True):
        """Open the page of one's own; returns what it shows."""
        await self._happen(who, Opened(), DIRECT, settle=settle)
        return self._text(who, self.gateway.homes[user_ref(who)])

    async def press_home(self, who, label):
        """Press a button on the page of one's own."""
        blocks = self.gateway.homes[user_ref(who)].blocks
        buttons = {b.label: b for block in blocks if isinstance(block, Buttons) for b in block.buttons}
        await self._happen(who, Pressed(buttons[label].action_id, None), DIRECT)

    async def press_id(self, who, action_id):
        """Press what was never shown, as somebody who makes up requests would."""
        await self._happen(who, Pressed(action_id, PRESSED_ON), DIRECT)

    async def run(self, who, command, text="", *, args=None, where=DIRECT):
        """Run a slash command."""
        await self._happen(who, Ran(command, text, args or {}), where)

    async def submit_id(self, who, action_id, values):
        """Submit a form as it stands in somebody's browser, whatever it shows."""
        await self._happen(who, Submitted(action_id, values), DIRECT)

    def action_id(self, who, label, where=DIRECT):
        """Return the opaque id of a button that somebody sees."""
        return self._button(who, label, where)[0].action_id

    def _button(self, who, label, where):
        buttons = [
            (button, sent.ref)
            for sent in self._visible(who, where)
            for block in sent.message.blocks
            if isinstance(block, Buttons)
            for button in block.buttons
        ]
        exact = [pair for pair in buttons if pair[0].label == label]
        fitting = exact or [pair for pair in buttons if pair[0].label.startswith(label)]
        assert fitting, f"{who} sees no button {label!r} in {where}, but {[b.label for b, _ref in buttons][-8:]}"
        return fitting[-1]

    async def fill(self, who, values, submit, *, settle=True):
        form: Form = self.gateway.forms[-1].form
        assert form.submit == submit
        labels = {field.label: field for field in form.fields}
        answers = {field.name: field.value for field in form.fields}
        for label, value in values.items():
            field = labels[label]
            answers[field.name] = next((o.value for o in field.options if o.label == value), value)
        await self._happen(who, Submitted(form.action_id, answers), DIRECT, settle=settle)

    async def wait_for(self, who, text, where=DIRECT):
        shown = [self._text(who, sent.message) for sent in self._visible(who, where)]
        fitting = [message for message in shown if text in message]
        assert fitting, f"{who} does not see {text!r} in {where}; last: {shown[-3:]}"
        return fitting[-1]

    async def shown(self, who, where=DIRECT):
        return "\n".join(self._text(who, sent.message) for sent in self._visible(who, where))

    async def forward(self, hours):
        await self._time.forward(hours)

    async def to_next_reminder(self):
        assert await self._time.to_next_reminder()

    async def to_meeting(self):
        assert await self._time.to_meeting()

    async def skip(self, *, minutes):
        """Let time pass, in minutes."""
        await self._time.to(self._time.now() + timedelta(minutes=minutes))

    async def settle(self):
        """Carry out what is due, after the clock was set by hand."""
        await self._runner.run_until_idle()

    def user(self, who):
        """Return somebody's account."""
        return user_ref(who)

    def say_in(self, language, msgid, *, context=None):
        """Return a text as it stands in a language."""
        return in_every_language(msgid, context)[language]

    def call_id(self, command, args):
        """Return the opaque id of a call."""
        return self.services.sealer.action_id(Call(command, args))

    async def know(self, command, args):
        """Let the store know a call, as if a message with it had been sent."""
        async with self.uow_factory() as uow:
            await uow.actions.save({self.call_id(command, args): Call(command, args)})
            await uow.commit()

    # --- how it is done ----------------------------------------------------------------------------------------------

    def _channel(self, who, where) -> ChannelRef:
        return self.gateway.direct_line(user_ref(who)) if where == DIRECT else channel_ref(where)

    def _visible(self, who, where):
        return [s for s in self.gateway.messages(self._channel(who, where)) if s.only_for in (None, who)]

    async def _happen(self, who, event, where, *, again=False, settle=True):
        person = self._people[who]
        locale = person.data.get("locale") or person.data["languages"][0]
        inbound = Inbound(
            id=f"event-{next(self._ids)}",
            at=datetime.now(UTC),
            user=user_ref(who),
            profile=Profile(person.name, locale, person.data.get("zone")),
            channel=self._channel(who, where),
            direct=where == DIRECT,
            event=event,
            trigger=self.gateway.new_trigger(),
        )
        await self._dispatch(inbound)
        if again:
            await self._dispatch(inbound)
        if settle:
            await self._runner.run_until_idle()

    def _text(self, who, message: Message) -> str:
        zone = self._people[who].data.get("zone") or "UTC"

        def show(span: LocalTime) -> str:
            with use_locale(message.language):
                return format_time(span.instant, zone, span.style)

        return text_of(message, show)

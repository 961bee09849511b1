"""The fake platform's gateway: the same contract as a real one, with everything it did open to the tests."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from adapters.fake.faults import Faults, Method, happen
from adapters.fake.records import Records, Sent
from adapters.fake.text import text_of
from bot.errors import PermanentError, RetryableError
from bot.inbound import Profile
from bot.messages import Buttons, ChannelRef, Form, Message, MessageRef, Select, Target, UserRef
from bot.platforms import (
    Capabilities,
    ChannelPlan,
    EventPlan,
    Plan,
    QuestionPlan,
    ThreadPlan,
    VoicePlan,
    check_key,
    check_sealed,
)

CAPABILITIES = Capabilities(
    forms=True,
    private_replies=True,
    edits=True,
    local_times=True,
    idempotent_sends=False,
    homes=True,
    channels=True,
    threads=True,
    events=True,
    questions=True,
    voices=True,
)


@dataclass(frozen=True, slots=True)
class OpenedForm:
    """A form that somebody was shown, and the trigger it answered."""

    trigger: str
    form: Form


class FakeGateway:
    """A platform in memory, or in a file (``path``) that survives the process.

    ``capabilities`` decide how it behaves: with ``idempotent_sends`` a second send with the same key returns the first
    message (as Discord does with a nonce), without it stores a second one (as Slack does). ``faults`` make it fail;
    ``after_store`` is called between storing a message and answering.
    """

    def __init__(
        self,
        platform: str = "fake",
        *,
        capabilities: Capabilities = CAPABILITIES,
        path: Path | None = None,
        after_store: Callable[[], None] | None = None,
    ) -> None:
        self.faults = Faults()
        self.forms: list[OpenedForm] = []
        self.homes: dict[UserRef, Message] = {}
        self.events: dict[str, EventPlan] = {}
        self.questions: dict[str, QuestionPlan] = {}
        self.voices: dict[str, set[UserRef]] = {}
        self.talking: set[UserRef] = set()
        self._platform = platform
        self._capabilities = capabilities
        self._records = Records(platform, path)
        self._after_store = after_store
        self._triggers: set[str] = set()

    # --- the platform's own side: what people do there, and what a test may look at ------------------------------

    def add_user(self, user: UserRef, profile: Profile) -> None:
        """Let someone exist, or change their profile."""
        self._records.add_user(user, profile)

    def add_channel(self, channel: ChannelRef) -> None:
        """Open a channel."""
        self._records.add_channel(channel)

    def direct_line(self, user: UserRef) -> ChannelRef:
        """Return the channel of someone's direct line."""
        return ChannelRef(user.platform, user.workspace, f"@{user.user}")

    def members(self, channel: ChannelRef) -> frozenset[UserRef]:
        """Return who was let into a channel."""
        return self._records.members(channel)

    def messages(self, channel: ChannelRef | None = None) -> tuple[Sent, ...]:
        """Return the messages as they stand, the oldest first; of one channel, or of all."""
        found = self._records.messages()
        return found if channel is None else tuple(sent for sent in found if sent.ref.channel == channel.channel)

    def remove(self, ref: MessageRef) -> None:
        """Delete a message, as somebody on the platform may."""
        self._records.remove_message(ref)

    def new_trigger(self) -> str:
        """Return a trigger that allows one form to be opened."""
        trigger = secrets.token_hex(8)
        self._triggers.add(trigger)
        return trigger

    def close(self) -> None:
        """Close the file."""
        self._records.close()

    # --- the port ----------------------------------------------------------------------------------------------------

    @property
    def platform(self) -> str:
        """The platform's name, as in references."""
        return self._platform

    @property
    def capabilities(self) -> Capabilities:
        """What the platform can do."""
        return self._capabilities

    @property
    def connected(self) -> bool:
        """Whether the platform is up."""
        return not self.faults.down

    async def send(
        self,
        target: Target,
        message: Message,
        key: str,
        *,
        only_for: UserRef | None = None,
        trigger: str | None = None,
    ) -> MessageRef:
        """Store a message; see the class for what a second one with the same key does."""
        async with self._call("send"):
            channel = self._place(target)
            self._check_message(message)
            self._check_private(only_for, trigger)
            check_key(key)
            ref = self._first_with(channel, key) if self._capabilities.idempotent_sends else None
            if ref is None:
                reader = only_for.user if only_for else None
                ref = self._records.add_message(channel, key, message, reader)
            if self._after_store:
                self._after_store()
        return ref

    async def edit(self, ref: MessageRef, message: Message, *, trigger: str | None = None) -> None:  # noqa: ARG002
        """Replace a message. Raises PermanentError if it is gone, or the platform cannot."""
        async with self._call("edit"):
            if not self._capabilities.edits:
                _refuse("messages cannot be edited here")
            if all(sent.ref != ref for sent in self._records.messages()):
                _refuse("there is no such message")
            self._check_message(message)
            self._records.change_message(ref, message)

    async def find_sent(self, target: Target, key: str) -> MessageRef | None:
        """Look for the message that was sent with this key. None is proof of absence."""
        async with self._call("find_sent"):
            return self._first_with(self._place(target), key)

    async def open_form(self, trigger: str, form: Form) -> None:
        """Show a form. Raises PermanentError when the trigger was used, or never given."""
        async with self._call("open_form"):
            if not self._capabilities.forms:
                _refuse("there are no forms here")
            if trigger not in self._triggers:
                _refuse("the trigger is no longer good")
            self._triggers.remove(trigger)
            self.forms.append(OpenedForm(trigger, form))

    async def show_home(self, user: UserRef, message: Message) -> None:
        """Show somebody their own page."""
        async with self._call("show_home"):
            if not self._capabilities.homes:
                _refuse("nobody has a page of their own here")
            self._known(user)
            self._check_message(message)
            self.homes[user] = message

    async def arrange(self, workspace: str, plan: Plan) -> str:
        """Make it so, once or again."""
        async with self._call("arrange"):
            return self._arranged(workspace, plan)

    def _arranged(self, workspace: str, plan: Plan) -> str:
        can, found = self._capabilities, ""
        match plan:
            case ChannelPlan(name) if can.channels:
                self._records.add_channel(ChannelRef(self._platform, workspace, name))
                found = name
            case ThreadPlan(channel, name, users) if can.threads:
                thread = ChannelRef(self._platform, workspace, f"{self._open(channel).channel}/{name}")
                self._records.add_channel(thread)
                for user in users:
                    self._records.join(thread, user)
                found = thread.channel
            case VoicePlan() if can.voices:
                found = self._voice(plan)
            case QuestionPlan() if can.questions:
                self.questions[workspace] = plan
                found = "asked"
            case EventPlan(key, gone=True) if can.events:
                self.events.pop(key, None)
            case EventPlan(key) if can.events:
                self.events[key] = plan
                found = key
            case _:
                _refuse("that cannot be arranged here")
        return found

    def _voice(self, plan: VoicePlan) -> str:
        if plan.gone:
            if self.voices.get(plan.name):
                msg = "somebody is still in the voice channel"
                raise RetryableError(msg)
            self.voices.pop(plan.name, None)
            return ""
        self.voices.setdefault(plan.name, set()).update(user for user in plan.users if user in self.talking)
        return plan.name

    async def add_to_channel(self, channel: ChannelRef, user: UserRef) -> None:
        """Let someone into a channel; does nothing if they are in it."""
        async with self._call("add_to_channel"):
            self._known(user)
            self._records.join(self._open(channel), user)

    async def fetch_profile(self, user: UserRef) -> Profile:
        """Return what the platform says of someone. Raises PermanentError if it does not know them."""
        async with self._call("fetch_profile"):
            return self._known(user)

    # --- what a platform checks --------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _call(self, method: Method) -> AsyncIterator[None]:
        fault = await self.faults.before(method)
        yield
        if fault:
            await happen(fault)

    def _known(self, user: UserRef) -> Profile:
        profile = self._records.profile(user) if user.platform == self._platform else None
        return profile or _refuse(f"nobody is called {user.user}")

    def _open(self, channel: ChannelRef) -> ChannelRef:
        if channel.platform != self._platform or not self._records.has_channel(channel):
            _refuse(f"there is no channel {channel.channel}")
        return channel

    def _place(self, target: Target) -> ChannelRef:
        if target.channel:
            return self._open(target.channel)
        if target.user:
            self._known(target.user)
            return self.direct_line(target.user)
        return _refuse("a target needs a channel or a user")

    def _check_private(self, only_for: UserRef | None, trigger: str | None) -> None:
        if only_for is None:
            return
        answers = self._capabilities.private_answers and trigger in self._triggers
        if not (self._capabilities.private_replies or answers):
            _refuse("a channel's message is for everybody here")
        self._known(only_for)

    def _check_message(self, message: Message) -> None:
        limits = self._capabilities
        if len(text_of(message)) > limits.max_text:
            _refuse(f"a text has at most {limits.max_text} characters")
        buttons = [button for block in message.blocks if isinstance(block, Buttons) for button in block.buttons]
        if len(buttons) > limits.max_buttons:
            _refuse(f"a message has at most {limits.max_buttons} buttons")
        selects = [block for block in message.blocks if isinstance(block, Select)]
        if any(len(select.options) > limits.max_options for select in selects):
            _refuse(f"a select has at most {limits.max_options} options")
        check_sealed(message)

    def _first_with(self, channel: ChannelRef, key: str) -> MessageRef | None:
        found = (sent.ref for sent in self.messages(channel) if sent.key == key)
        return next(found, None)


def _refuse(reason: str) -> NoReturn:
    raise PermanentError(reason)

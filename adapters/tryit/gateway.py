"""The sample chat as one of the assistant's platforms: everything goes through the port that real platforms use."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from adapters.tryit.platform import ChatPlatform
from adapters.tryit.records import User, direct_line
from bot.errors import PermanentError, RetryableError
from bot.inbound import Profile
from bot.messages import ChannelRef, Form, Message, MessageRef, Target, UserRef
from bot.platforms import Capabilities, ChannelPlan, Plan, check_key, check_sealed

PLATFORM = "tryit"
WORKSPACE = "sample"
CAPABILITIES = Capabilities(
    forms=True,
    private_replies=True,
    edits=True,
    local_times=True,
    idempotent_sends=True,
    form_errors=True,
    channels=True,
)
NOT_HERE = "the sample chat has no such thing"


def user_ref(user_id: str) -> UserRef:
    """Return the reference of somebody on the sample chat."""
    return UserRef(PLATFORM, WORKSPACE, user_id)


def channel_ref(channel_id: str) -> ChannelRef:
    """Return the reference of a channel (or direct line) of the sample chat."""
    return ChannelRef(PLATFORM, WORKSPACE, channel_id)


def message_ref(channel_id: str, message_id: int) -> MessageRef:
    """Return the reference of a message on the sample chat."""
    return MessageRef(PLATFORM, WORKSPACE, channel_id, str(message_id))


def profile(user: User) -> Profile:
    """Return what the sample chat says of somebody; its organizers are its administrators."""
    return Profile(user.name, user.locale, user.zone, admin=user.role == "organizer")


class TryItGateway:
    """Acts on the sample chat (the ChatGateway port)."""

    def __init__(self, platform: ChatPlatform) -> None:
        """Act on ``platform``, which lives in the same process."""
        self._chat = platform

    @property
    def platform(self) -> str:
        """The platform's name, as in references."""
        return PLATFORM

    @property
    def capabilities(self) -> Capabilities:
        """What the sample chat can do."""
        return CAPABILITIES

    @property
    def connected(self) -> bool:
        """Always: it lives in the same process."""
        return True

    async def send(
        self,
        target: Target,
        message: Message,
        key: str,
        *,
        only_for: UserRef | None = None,
        trigger: str | None = None,  # noqa: ARG002 - nothing here needs one
    ) -> MessageRef:
        """Show a message; the same key in the same channel shows nothing new."""
        with _translated_errors():
            channel = self._channel_of(target)
            check_sealed(message)
            check_key(key)
            reader = self._user(only_for).id if only_for else None
            posted = self._chat.post(channel, None, message, key=key, visible_to=reader)
            return message_ref(channel, posted.id)

    async def edit(self, ref: MessageRef, message: Message, *, trigger: str | None = None) -> None:  # noqa: ARG002
        """Replace a message that was sent."""
        with _translated_errors():
            check_sealed(message)
            self._channel_of(Target(channel=ChannelRef(ref.platform, ref.workspace, ref.channel)))
            if not self._chat.edit(ref.message, message):
                msg = f"there is no message {ref.message!r} on the sample chat"
                raise PermanentError(msg)

    async def find_sent(self, target: Target, key: str) -> MessageRef | None:
        """Look for the message that was sent with this key."""
        with _translated_errors():
            channel = self._channel_of(target)
            posted = self._chat.find(channel, key)
            return message_ref(channel, posted.id) if posted else None

    async def open_form(self, trigger: str, form: Form) -> None:
        """Show a form to whoever caused the event that the trigger came with."""
        with _translated_errors():
            if not self._chat.open_form(trigger, form):
                msg = "the trigger is no longer good"
                raise PermanentError(msg)

    async def add_to_channel(self, channel: ChannelRef, user: UserRef) -> None:
        """Let someone into a channel."""
        with _translated_errors():
            self._chat.add_to_channel(self._channel_of(Target(channel=channel)), self._user(user).id)

    async def show_home(self, user: UserRef, message: Message) -> None:  # noqa: ARG002
        """Refuse: nobody has a page of their own here."""
        raise PermanentError(NOT_HERE)

    async def arrange(self, workspace: str, plan: Plan) -> str:  # noqa: ARG002
        """Open a channel; the sample chat has neither threads nor a calendar."""
        if not isinstance(plan, ChannelPlan):
            raise PermanentError(NOT_HERE)
        with _translated_errors():
            self._chat.open_channel(plan.name)
        return plan.name

    async def fetch_profile(self, user: UserRef) -> Profile:
        """Return what the sample chat says of someone."""
        with _translated_errors():
            return profile(self._user(user))

    def _user(self, ref: UserRef) -> User:
        here = (ref.platform, ref.workspace) == (PLATFORM, WORKSPACE)
        user = self._chat.user(ref.user) if here else None
        if user is None:
            msg = f"nobody on the sample chat is {ref.user!r}"
            raise PermanentError(msg)
        return user

    def _channel_of(self, target: Target) -> str:
        channel = direct_line(self._user(target.user).id) if target.user else ""
        if target.channel:
            channel = target.channel.channel
        if (target.platform, target.workspace) != (PLATFORM, WORKSPACE) or not self._chat.has_channel(channel):
            msg = f"the sample chat has no channel {channel!r}"
            raise PermanentError(msg)
        return channel


@contextmanager
def _translated_errors() -> Iterator[None]:
    # SQLite rolls a failed statement back, so nothing was done and it may be tried again.
    try:
        yield
    except sqlite3.Error as error:
        msg = f"the sample chat's file could not be used: {error}"
        raise RetryableError(msg) from error

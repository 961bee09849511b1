"""What the core needs of a chat platform, and what a platform's adapter needs of the core."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from bot.errors import PermanentError
from bot.inbound import Inbound, Profile
from bot.messages import Button, Buttons, ChannelRef, Form, Message, MessageRef, Option, Select, Target, UserRef

if TYPE_CHECKING:
    from bot.commands import CommandSpec


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can do; renderers and the dispatcher decide by these, never by its name.

    ``private_replies``: a message in a channel for one person alone, at any time; ``private_answers``: the same, but
    only in answer to an event that came with a trigger. ``idempotent_sends``: the platform itself refuses a second
    message with the same key. ``homes``: a page of each member's own; ``suggestions``: choices while somebody types;
    ``menus``: commands in the menu of a message; ``shortcuts``: commands offered from everywhere; ``form_errors``: an
    open form can say what is wrong beside each field. ``channels``, ``threads``, ``events``, ``questions``,
    ``voices``: the assistant can make channels, threads, entries of the platform's calendar, a question for newcomers,
    voice channels.
    """

    forms: bool
    private_replies: bool
    edits: bool
    local_times: bool
    idempotent_sends: bool
    private_answers: bool = False
    homes: bool = False
    suggestions: bool = False
    menus: bool = False
    shortcuts: bool = False
    form_errors: bool = False
    channels: bool = False
    threads: bool = False
    events: bool = False
    questions: bool = False
    voices: bool = False
    max_buttons: int = 25
    max_options: int = 100
    max_text: int = 3000


# --- what can be arranged on a platform ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChannelPlan:
    """A channel to be there: its name and topic; ``role`` names a role that gives sight of it, where there are such.

    Arranged twice it is one channel: the name tells. Arranging returns the channel's id.
    """

    name: str
    topic: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class ThreadPlan:
    """A thread in a channel, with these members in it. Arranging returns the thread's id, a channel's."""

    channel: ChannelRef
    name: str
    users: tuple[UserRef, ...] = ()


@dataclass(frozen=True, slots=True)
class EventPlan:
    """An entry of the platform's calendar; ``known`` is its id there once it was arranged, ``gone`` takes it away.

    Start and end are aware UTC instants. Arranging returns the entry's id, and the empty string for one that is gone.
    """

    key: str
    name: str
    description: str
    starts: datetime
    ends: datetime
    place: str
    known: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class QuestionPlan:
    """A question for newcomers, where the platform asks them any; each answer opens channels.

    Arranging returns a text that is not empty where the question stands now.
    """

    title: str
    choices: tuple[tuple[str, tuple[ChannelRef, ...]], ...]


@dataclass(frozen=True, slots=True)
class VoicePlan:
    """A voice channel; who of ``users`` is in another one is moved there, the others are left where they are.

    Arranged twice it is one channel: the name tells. ``gone`` takes it away, and is to be tried again while somebody is
    in it. Arranging returns the channel's id, and the empty string for one that is gone.
    """

    name: str
    users: tuple[UserRef, ...] = ()
    gone: bool = False


Plan = ChannelPlan | ThreadPlan | EventPlan | QuestionPlan | VoicePlan


class ChatGateway(Protocol):
    """Acts on one platform. Every method raises RetryableError, PermanentError or UncertainError, nothing else.

    ``trigger`` is what an event came with (see Inbound): while it is good, it allows a form, a private answer in a
    channel, or the replacement of a message that only one person sees.
    """

    @property
    def platform(self) -> str:
        """The platform's name, as in references."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What the platform can do."""
        ...

    @property
    def connected(self) -> bool:
        """Whether the platform can be reached, as far as is known without asking it."""
        ...

    async def send(
        self,
        target: Target,
        message: Message,
        key: str,
        *,
        only_for: UserRef | None = None,
        trigger: str | None = None,
    ) -> MessageRef:
        """Send with an idempotency key (at most 25 characters); ``only_for`` shows it in a channel to one person."""
        ...

    async def edit(self, ref: MessageRef, message: Message, *, trigger: str | None = None) -> None:
        """Replace a message that was sent. Raises PermanentError if it is gone."""
        ...

    async def find_sent(self, target: Target, key: str) -> MessageRef | None:
        """Look for the message that was sent with this key. None is proof of absence."""
        ...

    async def open_form(self, trigger: str, form: Form) -> None:
        """Open a form in answer to an event. Raises PermanentError when the trigger is no longer good."""
        ...

    async def show_home(self, user: UserRef, message: Message) -> None:
        """Show somebody their own page. Raises PermanentError where there are no such pages."""
        ...

    async def add_to_channel(self, channel: ChannelRef, user: UserRef) -> None:
        """Let someone into a channel; does nothing if they are in it."""
        ...

    async def arrange(self, workspace: str, plan: Plan) -> str:
        """Make it so, once or again; return the id of what is there now. Raises PermanentError where it cannot be."""
        ...

    async def fetch_profile(self, user: UserRef) -> Profile:
        """Return what the platform says of someone. Raises PermanentError if it does not know them."""
        ...


MAX_KEY = 25
"""Characters of an idempotency key: Discord takes no longer nonce."""


def check_key(key: str) -> None:
    """Raise PermanentError for an idempotency key that no platform takes."""
    if not 0 < len(key) <= MAX_KEY:
        msg = f"a key has 1 to {MAX_KEY} characters"
        raise PermanentError(msg)


def check_sealed(message: Message) -> None:
    """Raise PermanentError for a message with a control that has no id: nobody could tell what pressing it means."""
    controls: list[Button | Select] = []
    for block in message.blocks:
        if isinstance(block, Buttons):
            controls += block.buttons
        elif isinstance(block, Select):
            controls.append(block)
    if not all(control.action_id for control in controls):
        msg = "every control needs an id: the message was not sealed"
        raise PermanentError(msg)


# --- a platform's connection ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody has typed so far where choices are offered: ``source`` names what is chosen from."""

    source: str
    text: str
    user: UserRef
    locale: str | None = None


Dispatch = Callable[[Inbound], Awaitable[None]]
Suggest = Callable[[Typed], Awaitable[tuple[Option, ...]]]


@dataclass(frozen=True, slots=True)
class Core:
    """What an adapter needs of the core.

    ``dispatch`` takes in every event and never raises; ``suggest`` gives at most 25 choices, the best first; the
    ``specs`` are what slash commands, menus and manifests are made from; ``languages`` the community's, the default
    first.
    """

    dispatch: Dispatch
    suggest: Suggest
    specs: tuple[CommandSpec, ...]
    languages: tuple[str, ...]


class Connection(Protocol):
    """A platform that can be connected; see ``bot.supervision`` for who keeps it so."""

    @property
    def gateway(self) -> ChatGateway:
        """How the core acts on the platform; there from the beginning, working once it is connected."""
        ...

    async def run(self, core: Core) -> None:
        """Connect, take in events and stay until cancelled.

        Raises ConfigError when the platform refuses what the settings say (a revoked token, a missing intent), with
        the one step that mends it, and any other exception when the connection is lost for good and should be made
        anew. Cancelling it lets what was taken in be finished, and closes everything.
        """
        ...

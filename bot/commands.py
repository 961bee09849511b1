"""What can be asked: one declaration for each command.

Slash commands, help, plain words in every language, forms for what is missing, buttons and (later) the platforms'
manifests all follow from a ``CommandSpec``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.errors import InvalidInput
from bot.features.members.model import Member
from bot.i18n import N_, _, current_locale
from bot.inbound import Inbound
from bot.messages import Call, Form, FormField, Option, Reply, Source
from bot.ports import UnitOfWork
from bot.services import Services

Args = Mapping[str, str]
PHRASES = "phrases"
"""The gettext context of phrases: alternatives in plain words, separated by ``|``; ``{name}`` stands for a parameter.
Translators write what people say in their language, as many alternatives as they like."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a handler works with: an open unit of work, who asks, what happened, now, and the services."""

    uow: UnitOfWork
    services: Services
    inbound: Inbound
    member: Member
    now: datetime


Handler = Callable[[Context, Args], Awaitable[Reply]]


class Permission(StrEnum):
    """Who may run a command."""

    MEMBER = "member"
    ORGANIZER = "organizer"


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter: its name, its label (a message id), whether it must be there, and what it may be."""

    name: str
    label: str
    required: bool = True
    long: bool = False
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    """Pairs of value and label (a message id)."""
    max_length: int = 3000
    suggest: Source = ""
    """What is suggested while somebody types."""
    shape: str = ""
    """In plain words, only what fits this regular expression (over folded text) is taken for it; empty: anything."""


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """The declaration of one command.

    ``name`` is its stable id (``resources.ask``); ``words`` how it is typed after the slash command, None for what only
    buttons and forms run; ``title``, ``summary`` and ``confirm`` are message ids; ``phrases`` one message id in the
    context ``phrases``; ``changes`` tells whether it changes anything.

    ``public`` lets the answer to a mention in a channel be seen there, in the channel's language. ``on_message`` offers
    the command in the menu of every message, with the arguments ``text``, ``link`` and ``author`` filled in from it;
    ``shortcut`` offers it from everywhere on the platform.
    """

    name: str
    handler: Handler
    title: str
    summary: str = ""
    words: str | None = None
    params: tuple[Param, ...] = ()
    phrases: str = ""
    permission: Permission = Permission.MEMBER
    changes: bool = False
    confirm: str = ""
    public: bool = False
    on_message: bool = False
    shortcut: bool = False

    def missing(self, args: Args) -> bool:
        """Whether a required parameter has no value."""
        return any(param.required and not args.get(param.name, "").strip() for param in self.params)

    def check(self, args: Args) -> Args:
        """Return the arguments when every value fits its parameter. Raises InvalidInput for the first that does not."""
        for param in self.params:
            value = args.get(param.name, "")
            if len(value) > param.max_length:
                raise InvalidInput(
                    N_("That text is too long ({length} characters; at most {limit}). Please shorten it."),
                    length=len(value),
                    limit=param.max_length,
                )
            if value and param.choices and value not in {choice for choice, _label in param.choices}:
                raise InvalidInput(N_("“{value}” is not one of the choices. Please choose again."), value=value[:40])
        return args

    def form(self, args: Args) -> Form:
        """Return the form that asks for the parameters, with what is known already filled in."""
        names = {param.name for param in self.params}
        fields = tuple(_field(param, args.get(param.name, "")) for param in self.params)
        kept = {name: value for name, value in args.items() if name not in names}
        return Form(_(self.title), Call(self.name, kept), fields, _("Send"), current_locale())


def _field(param: Param, value: str) -> FormField:
    return FormField(
        param.name,
        _(param.label),
        kind="select" if param.choices else "long" if param.long else "text",
        required=param.required,
        options=tuple(Option(choice, _(label)) for choice, label in param.choices),
        value=value,
        hint=_(param.hint) if param.hint else "",
        max_length=param.max_length,
        suggest=param.suggest,
    )


class Registry:
    """Every command, by name."""

    def __init__(self, *specs: CommandSpec) -> None:
        self._specs: dict[str, CommandSpec] = {}
        words: set[str] = set()
        for spec in specs:
            if spec.name in self._specs or (spec.words and spec.words in words):
                msg = f"command {spec.name!r} is declared twice"
                raise ValueError(msg)
            self._specs[spec.name] = spec
            if spec.words:
                words.add(spec.words)

    def __iter__(self) -> Iterator[CommandSpec]:
        """Go through the commands in the order they were declared."""
        return iter(self._specs.values())

    def get(self, name: str) -> CommandSpec | None:
        """Return the command of that name."""
        return self._specs.get(name)

    def by_words(self, words: str) -> CommandSpec | None:
        """Return the command typed with those words."""
        return next((spec for spec in self if spec.words == words), None)

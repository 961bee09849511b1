"""The way of one message: an inbound event, through the middleware, to a handler, and back as a reply."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.answers import Answers
from bot.commands import Args, CommandSpec, Context, Permission, Registry
from bot.errors import InvalidInput, NotFound, NotPermitted
from bot.features.help.replies import did_you_mean, not_understood
from bot.i18n import N_, _, current_locale, nearest, use_locale
from bot.inbound import Inbound, Joined, Opened, Pressed, Ran, Said, Submitted
from bot.messages import (
    CHOSEN,
    Button,
    Buttons,
    Call,
    Message,
    Paragraph,
    Reply,
    Visibility,
)
from bot.middleware import Measured, Turn, chain, explained, known, logged, noticed, once, sealed, spoken, transacted
from bot.ports import UnitOfWorkFactory
from bot.services import Services
from bot.understanding import Understanding

MAX_TEXT = 20_000
"""Characters of one message; the longest agenda anybody pastes is far shorter."""
CONFIRMED = "confirmed"
HOME = "members.home"
"""The command that writes the page of somebody's own."""

Listener = Callable[[Context], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Listeners:
    """What happens without a command: someone joins; someone writes in a room.

    ``untyped`` names the command for a text that is no phrase (a pasted agenda, a question for the library), or None.
    """

    joined: Listener
    overheard: Listener
    untyped: Callable[[str], tuple[str, Args] | None]


class Dispatcher:
    """Hands each inbound event to the command it means and sends the answer."""

    def __init__(
        self,
        registry: Registry,
        listeners: Listeners,
        uow_factory: UnitOfWorkFactory,
        services: Services,
        *,
        planned: Callable[[], None] = lambda: None,
    ) -> None:
        self._registry = registry
        self._listeners = listeners
        self._uow_factory = uow_factory
        self._services = services
        self._planned = planned
        self._understanding = Understanding(registry)
        self._answer = Answers(uow_factory, services)
        community = services.community
        self._handle = chain(
            (
                logged(services.metrics),
                explained,
                transacted(uow_factory),
                sealed(services.sealer),
                once,
                known(community),
                spoken(community),
                Measured(),
                noticed,
            ),
            self._run,
        )

    async def __call__(self, inbound: Inbound) -> None:
        """Handle one event. Whatever goes wrong ends in a sentence to the member or in the log, never in silence."""
        turn = Turn(inbound, self._services.community.default_language, self._services.clock.now())
        reply = await self._handle(turn)
        if turn.uow is not None and turn.uow.work.planned:
            self._planned()
        if reply is not None:
            await self._answer(turn, reply)

    # --- reading ---------------------------------------------------------------------------------------------------

    async def _run(self, turn: Turn) -> Reply | None:
        context = turn.context(self._services)
        match turn.inbound.event:
            case Joined():
                turn.outcome = "joined"
                await self._listeners.joined(context)
                return None
            case Said(text, addressed=False):
                turn.outcome = "overheard"
                if len(text) <= MAX_TEXT:
                    await self._listeners.overheard(context)
                return None
            case event:
                return await self._asked(turn, context, event)

    async def _asked(self, turn: Turn, context: Context, event: Said | Ran | Pressed | Submitted | Opened) -> Reply:
        match event:
            case Opened():
                return await self._call(turn, context, Call(HOME), {})
            case Said(text):
                return await self._read(turn, context, text)
            case Ran(words, text, args):
                return await self._ran(turn, context, words, text, args)
            case Pressed(action_id, value=value):
                call = await self._recall(context, action_id)
                return await self._call(turn, context, call, _chosen(call, value))
            case Submitted(action_id, values):
                call = await self._recall(context, action_id)
                # What was sealed into the form wins: a made-up field cannot take its place.
                return await self._call(turn, context, call, {**values, **call.args}, submitted=True)

    async def _read(self, turn: Turn, context: Context, text: str) -> Reply:
        if len(text) > MAX_TEXT:
            raise InvalidInput(
                N_("That text is too long ({length} characters; at most {limit}). Please shorten it."),
                length=len(text),
                limit=MAX_TEXT,
            )
        if understood := self._understanding.read(text):
            return await self._command(turn, context, understood.spec, understood.args)
        if near := self._understanding.near(text):
            turn.outcome = "did you mean"
            return did_you_mean(near)
        if untyped := self._listeners.untyped(text):
            return await self._call(turn, context, Call(*untyped), untyped[1])
        turn.outcome = "not understood"
        return not_understood()

    async def _ran(self, turn: Turn, context: Context, words: str, text: str, args: Args) -> Reply:
        spec = self._registry.by_words(words)
        if spec is None:
            return await self._read(turn, context, f"{words} {text}".strip())
        if text and spec.params:
            args = {spec.params[0].name: text, **args}
        return await self._command(turn, context, spec, args)

    async def _recall(self, context: Context, action_id: str) -> Call:
        call = await context.uow.actions.get(action_id)
        if call is None:
            raise NotFound(N_("This button is no longer in use. Please ask again to get a fresh one."))
        return call

    # --- running ---------------------------------------------------------------------------------------------------

    async def _call(self, turn: Turn, context: Context, call: Call, args: Args, *, submitted: bool = False) -> Reply:
        spec = self._registry.get(call.command)
        if spec is None:
            raise NotFound(N_("This button is no longer in use. Please ask again to get a fresh one."))
        return await self._command(turn, context, spec, args, submitted=submitted)

    async def _command(
        self, turn: Turn, context: Context, spec: CommandSpec, args: Args, *, submitted: bool = False
    ) -> Reply:
        turn.command = spec.name
        turn.outcome = "done"
        if spec.permission is Permission.ORGANIZER and not context.member.organizer:
            raise NotPermitted(N_("Only organizers can do this. If you should be one, please ask an organizer."))
        owner = args.get("for")
        if owner is not None and owner != context.member.id:
            raise NotPermitted(N_("This button belongs to somebody else. Please ask for your own."))
        args = spec.check(args)
        if spec.missing(args):
            if submitted:
                raise InvalidInput(
                    N_("Something is still missing. Please open the form again and fill in every field.")
                )
            turn.outcome = "asked"
            return Reply(form=spec.form(args))
        if spec.confirm and args.get(CONFIRMED) != "yes":
            turn.outcome = "asked"
            return _confirmation(spec, args)
        if spec.public and context.inbound.in_public:
            return await _in_public(turn, context, spec, args)
        return await spec.handler(context, args)


async def _in_public(turn: Turn, context: Context, spec: CommandSpec, args: Args) -> Reply:
    """Answer for everybody in the channel, in its own language."""
    room = await context.uow.rooms.by_channel(context.inbound.channel)
    if room is not None:
        turn.locale = nearest((room.language,), context.services.community.languages)
    with use_locale(turn.locale):
        reply = await spec.handler(context, args)
    return replace(reply, visibility=Visibility.CHANNEL)


def _chosen(call: Call, value: str | None) -> Args:
    if value is None:
        return call.args
    return {name: value if kept == CHOSEN else kept for name, kept in call.args.items()}


def _confirmation(spec: CommandSpec, args: Args) -> Reply:
    yes = Button(_(spec.title), Call(spec.name, {**args, CONFIRMED: "yes"}), style="danger")
    no = Button(_("No, leave it"), Call("help.leave"))
    return Reply(Message((Paragraph((_(spec.confirm),)), Buttons((yes, no))), current_locale()))

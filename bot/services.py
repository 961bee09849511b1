"""What handlers may use besides their unit of work, put together once by bootstrap."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.messages import Call, Form, Message, calls, seal_message
from bot.metrics import Metrics, NoMetrics
from bot.platforms import ChatGateway
from bot.ports import BreakoutSolver, Clock, LanguageDetector, UnitOfWork


@dataclass(frozen=True, slots=True)
class Community:
    """The community's own choices: its languages (the default first) and the identities of its organizers."""

    languages: tuple[str, ...] = ("en", "fr", "es")
    organizers: frozenset[str] = frozenset()
    sample: bool = False

    @property
    def default_language(self) -> str:
        """The language spoken where nothing else decides."""
        return self.languages[0]


class Sealer:
    """Turns a control's command and arguments into a short opaque id, the same one each time.

    The id is an HMAC (RFC 2104) of the call under the installation's secret: it says nothing, cannot be made up, and
    the row it stands for can be written again and again without growing the table.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def action_id(self, call: Call) -> str:
        """Return the opaque id of a call: 24 characters, letters and digits."""
        body = json.dumps([call.command, sorted(call.args.items())], ensure_ascii=False).encode()
        digest = hmac.digest(self._secret, body, "sha256")
        return base64.b32encode(digest[:15]).decode().lower()

    async def seal(self, uow: UnitOfWork, message: Message) -> Message:
        """Return the message with its controls' ids, and remember what they stand for."""
        await self._remember(uow, message)
        return seal_message(message, self.action_id)

    async def seal_form(self, uow: UnitOfWork, form: Form) -> Form:
        """Return the form with its id, and remember what it stands for."""
        await self._remember(uow, form)
        return replace(form, action_id=self.action_id(form.call))

    async def _remember(self, uow: UnitOfWork, content: Message | Form) -> None:
        made = {self.action_id(call): call for call in calls(content)}
        if made:
            await uow.actions.save(made)


@dataclass(frozen=True, slots=True)
class Services:
    """The outside world, for handlers and kinds of due work."""

    clock: Clock
    detector: LanguageDetector
    solver: BreakoutSolver
    sealer: Sealer
    community: Community
    gateways: Mapping[str, ChatGateway] = field(default_factory=dict)
    metrics: Metrics = field(default_factory=NoMetrics)


def new_id() -> str:
    """Return a new identifier for a record: 12 characters nobody can guess."""
    return secrets.token_urlsafe(9)

"""Interactions that wait for their answer: each is answered, or at least acknowledged, within Discord's three seconds.

https://discord.com/developers/docs/interactions/receiving-and-responding
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable
from typing import Any

import discord
import structlog

from adapters.discord.errors import TooLate, answering
from adapters.discord.renderer import Rendered
from bot.errors import DeliveryError, PermanentError

log = structlog.get_logger("connections.discord")

PATIENCE = 1.5
"""Seconds after which an interaction is deferred; Discord gives up after three."""
FORM_TIME = 2.8
KEPT = 10_000
ALREADY_ANSWERED = 40060


class Answering:
    """One interaction and what was said to it so far."""

    def __init__(self, interaction: discord.Interaction[Any]) -> None:
        """Answer ``interaction``, which has just arrived."""
        self.interaction = interaction
        self.direct = interaction.guild_id is None
        self._born = time.monotonic()
        self._lock = asyncio.Lock()
        self._thinking = False
        self._stored = False

    @property
    def _answered(self) -> bool:
        return self._stored or self.interaction.response.is_done()

    async def during(self, work: Awaitable[None]) -> None:
        """Do the work that answers; defer when it takes long, and leave nothing waiting when it gave no answer."""
        done = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._hold_unless(done))
                try:
                    await work
                finally:
                    done.set()
        finally:
            await self._finish()

    async def say(self, rendered: Rendered) -> int:
        """Answer, for the person alone unless it is a direct message; return the message's id."""
        async with self._lock:
            with answering():
                return await self._say(rendered)

    async def _say(self, rendered: Rendered) -> int:
        response, private = self.interaction.response, not self.direct
        view, files, mentions = rendered.view, rendered.files, rendered.mentions
        if not self._answered:
            try:
                sent = await response.send_message(view=view, files=files, ephemeral=private, allowed_mentions=mentions)
                return sent.message_id or self.interaction.id
            except discord.HTTPException as error:
                if error.code != ALREADY_ANSWERED:
                    raise
                # Nobody else answers: an earlier try of the library's was stored, only its receipt was lost.
                self._stored = True
                return (await self.interaction.original_response()).id
        if self._thinking:
            shown = await self.interaction.edit_original_response(
                view=view, attachments=files, allowed_mentions=mentions
            )
            self._thinking = False
            return shown.id
        more = await self.interaction.followup.send(
            view=view, files=files, ephemeral=private, allowed_mentions=mentions, wait=True
        )
        return more.id

    async def replace(self, message_id: int, rendered: Rendered) -> bool:
        """Replace the message whose button was pressed; False when this interaction cannot do it (any more)."""
        pressed = self.interaction.message
        if pressed is None or pressed.id != message_id:
            return False
        async with self._lock:
            with answering():
                return await self._replace(rendered)

    async def _replace(self, rendered: Rendered) -> bool:
        response = self.interaction.response
        view, files, mentions = rendered.view, rendered.files, rendered.mentions
        if not self._answered:
            await response.edit_message(view=view, attachments=files, allowed_mentions=mentions)
            return True
        if response.type is discord.InteractionResponseType.deferred_message_update:
            await self.interaction.edit_original_response(view=view, attachments=files, allowed_mentions=mentions)
            return True
        return False

    async def open(self, modal: discord.ui.Modal) -> None:
        """Open a form. Raises PermanentError where Discord would not: too late, answered, or from another form."""
        async with self._lock:
            late = time.monotonic() - self._born > FORM_TIME
            if late or self._answered:
                msg = "this interaction can no longer open a form"
                raise PermanentError(msg)
            if self.interaction.type is discord.InteractionType.modal_submit:
                msg = "a form cannot follow a form"
                raise PermanentError(msg)
            with answering():
                await self.interaction.response.send_modal(modal)

    async def _hold_unless(self, done: asyncio.Event) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await done.wait()
        except TimeoutError:
            async with self._lock:
                if not self._answered:
                    await self._quietly(self._defer())

    async def _finish(self) -> None:
        """Let nothing go on "thinking" that has nothing to say."""
        async with self._lock:
            if not self._answered:
                await self._quietly(self._defer())
            if self._thinking:
                await self._quietly(self.interaction.delete_original_response())
                self._thinking = False

    async def _defer(self) -> None:
        # Who pressed something sees it change; who ran a command needs to see that it was heard.
        self._thinking = self.interaction.message is None
        try:
            await self.interaction.response.defer(ephemeral=not self.direct, thinking=self._thinking)
        except BaseException:
            self._thinking = False
            raise

    async def _quietly(self, step: Awaitable[Any]) -> None:
        try:
            with answering():
                await step
        except TooLate as error:
            log.warning("interaction too old", interaction=self.interaction.id, reason=str(error))
        except DeliveryError as error:
            log.warning("interaction not acknowledged", interaction=self.interaction.id, reason=str(error))


class Triggers:
    """The interactions under way, by the opaque key that the core hands back."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, Answering] = OrderedDict()

    def add(self, interaction: discord.Interaction[Any]) -> tuple[str, Answering]:
        """Keep an interaction; return its key."""
        key = str(interaction.id)
        self._waiting[key] = Answering(interaction)
        if len(self._waiting) > KEPT:
            self._waiting.popitem(last=False)
        return key, self._waiting[key]

    def get(self, key: str | None) -> Answering | None:
        """Return the interaction of a key, as long as it is under way."""
        return self._waiting.get(key) if key is not None else None

    def drop(self, key: str) -> None:
        """Forget an interaction that has ended."""
        self._waiting.pop(key, None)

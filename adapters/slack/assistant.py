"""The assistant's pane: suggested prompts when it opens, a status while an answer is prepared (docs.slack.dev/ai)."""

from __future__ import annotations

from typing import Any

import structlog

from adapters.slack.api import Json, SlackApi
from adapters.slack.errors import SlackRefusalError
from adapters.slack.inbound import Happening
from adapters.slack.markup import shorten
from adapters.slack.people import Kept, People
from bot.commands import PHRASES, CommandSpec, Permission
from bot.errors import DeliveryError
from bot.i18n import _, in_every_language, nearest, use_locale
from bot.inbound import Said
from bot.platforms import Core

log = structlog.get_logger("connections.slack")

MOST_PROMPTS = 4


class AssistantPane:
    """Greets whoever opens the pane, and shows there that something is being done.

    The feature may be missing (it needs a paid plan and a scope); then nothing is shown, and all else works.
    """

    def __init__(self, api: SlackApi, people: People, core: Core) -> None:
        self._api = api
        self._people = people
        self._core = core
        self._threads: Kept[bool] = Kept()

    async def greet(self, thread: Json) -> None:
        """Suggest what to ask, in the language of whoever opened the pane."""
        channel, ts, user = thread["channel_id"], thread["thread_ts"], thread["user_id"]
        self._threads.put(f"{channel}:{ts}", value=True)
        self._people.note_line(user, channel)
        profile = await self._people.guess(user)
        language = nearest((profile.locale or "", *self._core.languages[:1]), self._core.languages)
        await self._show(
            "assistant.threads.setSuggestedPrompts",
            channel_id=channel,
            thread_ts=ts,
            prompts=prompts(self._core.specs, language),
        )

    async def busy(self, told: Happening) -> None:
        """Show that an answer is being prepared, if it was asked for in the pane; Slack takes it away at the answer."""
        thread = told.thread
        if not (isinstance(told.event, Said) and thread and self._threads.get(f"{told.channel}:{thread}")):
            return
        profile = await self._people.guess(told.user)
        with use_locale(nearest((profile.locale or "",), self._core.languages)):
            status = _("is looking that up …")
        await self._show("assistant.threads.setStatus", channel_id=told.channel, thread_ts=thread, status=status)

    async def _show(self, method: str, **arguments: Any) -> None:
        try:
            await self._api.call(method, **arguments)
        except SlackRefusalError as refusal:
            log.info("assistant pane not used", reason=str(refusal))
        except DeliveryError as error:
            log.warning("assistant pane not reached", reason=str(error))


def prompts(specs: tuple[CommandSpec, ...], language: str) -> list[Json]:
    """Return the first commands that anybody may say without parameters, as Slack suggests them."""
    offered = []
    for spec in specs:
        if spec.words and spec.phrases and spec.permission is Permission.MEMBER and not spec.changes:
            phrases = in_every_language(spec.phrases, PHRASES)[language].split("|")
            said = next((phrase for phrase in phrases if "{" not in phrase), None)
            if said:
                with use_locale(language):
                    offered.append({"title": shorten(_(spec.title), 60), "message": said})
    return offered[:MOST_PROMPTS]

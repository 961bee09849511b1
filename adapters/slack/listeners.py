"""What Bolt calls: everything is acknowledged at once, then worked on (docs.slack.dev/tools/bolt-python)."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api import Json, SlackApi
from adapters.slack.assistant import AssistantPane
from adapters.slack.forms import suggestions
from adapters.slack.inbound import Reader
from adapters.slack.intake import Intake
from adapters.slack.settings import SlackSettings

ANY = re.compile(".*", re.DOTALL)
GONE = frozenset({"app_uninstalled", "tokens_revoked"})
Ack = Callable[..., Awaitable[Any]]


def make_app(settings: SlackSettings, client: AsyncWebClient, who: AuthorizeResult) -> AsyncApp:
    """Return Bolt's app for one workspace, which knows itself already."""

    async def authorize() -> AuthorizeResult:
        return who

    # Listeners acknowledge first and hand over: there is nothing to poll for.
    return AsyncApp(
        name="connections",
        client=client,
        signing_secret=settings.signing_secret,
        authorize=authorize,
        process_before_response=True,
    )


class Listeners:
    """Acknowledges, reads, and hands over."""

    def __init__(self, api: SlackApi, reader: Reader, intake: Intake, pane: AssistantPane) -> None:
        self._api = api
        self._reader = reader
        self._intake = intake
        self._pane = pane

    def register(self, app: AsyncApp) -> None:
        """Let an app call these."""
        app.event(ANY)(self.event)
        app.command(ANY)(self.command)
        app.block_action(ANY)(self.action)
        app.shortcut(ANY)(self.shortcut)
        app.view_submission(ANY)(self.submission)
        app.view_closed(ANY)(self.closed)
        app.options(ANY)(self.options)

    async def event(self, body: Json, ack: Ack) -> None:
        """Take in an event."""
        await ack()
        event = body["event"]
        if event["type"] == "assistant_thread_started":
            self._intake.start(self._pane.greet(event["assistant_thread"]))
        elif event["type"] in GONE:
            self._api.refuse(event["type"])
        elif told := self._reader.event(body):
            self._intake.take(told, first=self._pane.busy(told))

    async def command(self, body: Json, ack: Ack) -> None:
        """Take in a slash command."""
        await ack()
        self._intake.take(self._reader.command(body))

    async def action(self, body: Json, ack: Ack) -> None:
        """Take in a press or a choice."""
        await ack()
        self._intake.take(self._reader.action(body))

    async def shortcut(self, body: Json, ack: Ack) -> None:
        """Take in a shortcut."""
        await ack()
        self._intake.take(self._reader.shortcut(body))

    async def submission(self, body: Json, ack: Ack) -> None:
        """Take in a form, and tell Slack what it shall show now."""
        shown = await self._intake.submit(self._reader.submission(body), body["view"])
        await ack(**(shown or {}))

    async def closed(self, ack: Ack) -> None:
        """Take note of a form that was closed."""
        await ack()

    async def options(self, body: Json, ack: Ack) -> None:
        """Answer somebody who types."""
        typed = str(body.get("value", ""))
        found = await self._intake.suggest(body["action_id"], typed, body["user"]["id"])
        await ack(options=suggestions(found, typed))

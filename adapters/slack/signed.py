"""Signed requests: Slack tells what happens at an address of our own.

Source: docs.slack.dev/apis/events-api/using-http-request-urls.
"""

from __future__ import annotations

from types import TracebackType
from typing import Self

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.slack.api import SlackApi
from adapters.slack.errors import bot_token_error
from adapters.slack.settings import PATH


class Address:
    """Where Slack's requests arrive; there before the connection is, and after."""

    def __init__(self) -> None:
        self.handler: AsyncSlackRequestHandler | None = None

    @property
    def routes(self) -> list[BaseRoute]:
        """The one route for everything that Slack sends."""
        return [Route(PATH, self._requested, methods=["POST"])]

    async def _requested(self, request: Request) -> Response:
        if self.handler is None:
            return PlainTextResponse("Not connected to Slack. Try again later.", 503, {"Retry-After": "5"})
        return await self.handler.handle(request)


class Signed:
    """Answers requests that carry Slack's signature; Bolt checks it."""

    def __init__(self, app: AsyncApp, api: SlackApi, address: Address) -> None:
        self._api = api
        self._address = address
        self._handler = AsyncSlackRequestHandler(app)

    async def __aenter__(self) -> Self:
        self._address.handler = self._handler
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.rest()

    def up(self) -> bool:
        """Tell whether requests are answered."""
        return self._address.handler is self._handler

    async def watch(self) -> None:
        """Wait until Slack takes the token no more, and raise then."""
        await self._api.refusal.wait()
        raise bot_token_error(self._api.refused)

    def rest(self) -> None:
        """Answer nothing any more; Slack tells events again."""
        self._address.handler = None

    async def heard(self) -> None:
        """Nothing to wait for: the web server finishes its requests."""

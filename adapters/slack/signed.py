"""Signed requests: Slack tells what happens at an address of our own.

Source: docs.slack.dev/apis/events-api/using-http-request-urls.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Self

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.slack.api import SlackApi
from adapters.slack.errors import bot_token_error
from adapters.slack.settings import PATH

MOST_BYTES = 1_000_000
"""Slack's largest requests, submitted forms, stay far below."""


class Address:
    """Where Slack's requests arrive; there before the connection is, and after."""

    def __init__(self, signing_secret: str) -> None:
        self.handler: AsyncSlackRequestHandler | None = None
        self._secret = signing_secret

    @property
    def routes(self) -> list[BaseRoute]:
        """The one route for everything that Slack sends."""
        return [Route(PATH, self._requested, methods=["POST"])]

    async def _requested(self, request: Request) -> Response:
        length = request.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            return PlainTextResponse("This is not for Slack's requests: too long, or of unknown length.", 413)
        # Bolt reads a body before it looks at the signature, and stumbles over what is no JSON: look first.
        if not is_signed(self._secret, await request.body(), request.headers):
            return PlainTextResponse("The signature is missing or wrong. Check SLACK_SIGNING_SECRET.", 401)
        if self.handler is None:
            return PlainTextResponse("Not connected to Slack. Try again later.", 503, {"Retry-After": "5"})
        return await self.handler.handle(request)


def is_signed(secret: str, body: bytes, headers: Mapping[str, str]) -> bool:
    """Tell whether a request carries Slack's signature, no older than five minutes."""
    try:
        return bool(secret) and SignatureVerifier(secret).is_valid_request(body, headers)
    except (TypeError, ValueError):  # a time that is no number, a signature that is no text
        return False


class Signed:
    """Answers requests that carry Slack's signature."""

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

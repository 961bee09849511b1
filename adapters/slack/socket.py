"""Socket Mode: the websocket through which Slack tells what happens .

Source: docs.slack.dev/apis/events-api/using-socket-mode.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any, Self

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api import SlackApi
from adapters.slack.errors import SlackRefusalError, app_token_error, bot_token_error, translated
from adapters.slack.settings import SlackSettings

CHECK_SECONDS = 0.5
CONNECT_SECONDS = 15.0
GIVE_UP_SECONDS = 60.0
HEAR_SECONDS = 5.0


class Socket:
    """Keeps the websocket open. The SDK comes back by itself; this looks more often, and knows when to give up."""

    def __init__(self, app: AsyncApp, web: AsyncWebClient, settings: SlackSettings, api: SlackApi) -> None:
        self._api = api
        self._handler = AsyncSocketModeHandler(
            app, settings.app_token or "none", web_client=web, ping_interval=settings.ping_seconds
        )
        self._client = self._handler.client
        self._client.proxy = settings.proxy or None
        self._client.socket_mode_request_listeners = [self._hear]  # type: ignore[list-item]
        self._hearing: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> Self:
        try:
            await self._connect()
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    def up(self) -> bool:
        """Tell whether the websocket is open."""
        session = self._client.current_session
        return not self._client.stale and session is not None and not session.closed

    async def watch(self) -> None:
        """Bring the websocket back when it is lost. Raises when it stays away, or Slack takes a token no more."""
        last_up = time.monotonic()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CHECK_SECONDS):
                    await self._api.refusal.wait()
                raise bot_token_error(self._api.refused)
            if self.up():
                last_up = time.monotonic()
            elif time.monotonic() - last_up > GIVE_UP_SECONDS:
                msg = "Slack's websocket stayed away"
                raise ConnectionError(msg)
            else:
                with contextlib.suppress(ConnectionError):
                    await self._reconnect()

    def rest(self) -> None:
        """Take nothing in any more; what is not acknowledged, Slack tells again."""
        self._client.socket_mode_request_listeners = []

    async def heard(self) -> None:
        """Wait until what was taken in is acknowledged."""
        if self._hearing:
            await asyncio.wait(set(self._hearing), timeout=HEAR_SECONDS)

    async def _hear(self, client: SocketModeClient, request: SocketModeRequest) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101
        self._hearing.add(task)
        try:
            await self._handler.handle(client, request)
        finally:
            self._hearing.discard(task)

    async def _connect(self) -> None:
        async with self._bounded():
            self._client.wss_uri = await self._client.issue_new_wss_url()
            await self._client.connect()  # type: ignore[no-untyped-call]

    async def _reconnect(self) -> None:
        async with self._bounded():
            await self._client.connect_to_new_endpoint()

    @contextlib.asynccontextmanager
    async def _bounded(self) -> AsyncIterator[None]:
        """Raise ConfigError when Slack refuses the app's token, ConnectionError when it takes too long."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                yield
        except SlackApiError as error:
            meant = translated("apps.connections.open", error)
            if isinstance(meant, SlackRefusalError):
                raise app_token_error(meant.code) from error
            raise ConnectionError(str(meant)) from error
        except (TimeoutError, OSError) as error:
            msg = f"Slack's websocket does not open: {error!r}"
            raise ConnectionError(msg) from error

    async def _close(self) -> None:
        client = self._client
        tasks = [client.message_processor, client.current_session_monitor, client.message_receiver]
        with contextlib.suppress(OSError):
            await client.close()  # type: ignore[no-untyped-call]
        await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)

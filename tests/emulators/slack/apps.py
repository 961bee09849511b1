"""Bare slack-bolt apps, connected to an emulated Slack: what the emulator's own tests drive."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.emulators.slack.server import SlackServer


@asynccontextmanager
async def hall(**options: Any) -> AsyncIterator[SlackServer]:
    """A workspace with two people in one channel, and no waiting between retries."""
    async with SlackServer(**{"retry_delays": (0.0, 0.0, 0.0), **options}) as slack:
        slack.add_user("U0AMA", "ama", tz="Africa/Accra", locale="fr-FR")
        slack.add_user("U0LEO", "leo", tz="America/Bogota", locale="es-ES")
        slack.add_channel("C0HALL", "hall", members=("U0AMA", "U0LEO"))
        yield slack


def client(slack: SlackServer, token: str = "") -> AsyncWebClient:
    """The real client, without its hidden retries."""
    return AsyncWebClient(token or slack.bot_token, base_url=slack.api_url, retry_handlers=[])


def bolt(slack: SlackServer) -> AsyncApp:
    """The real framework, with nothing in it yet."""
    return AsyncApp(client=client(slack), signing_secret=slack.signing_secret)


@asynccontextmanager
async def connected(slack: SlackServer, app: AsyncApp, ping_interval: float = 0.2) -> AsyncIterator[None]:
    """The app, connected through Socket Mode until the block ends."""
    handler = AsyncSocketModeHandler(app, slack.app_token, web_client=app.client, ping_interval=ping_interval)
    await handler.connect_async()
    try:
        await slack.connected()
        yield
    finally:
        await handler.close_async()


@asynccontextmanager
async def served(slack: SlackServer, app: AsyncApp) -> AsyncIterator[None]:
    """The app, at a Request URL until the block ends."""
    runner = web.AppRunner(app.web_app("/slack/events"), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    slack.use_http(f"http://{host}:{port}/slack/events")
    try:
        yield
    finally:
        await runner.cleanup()

"""A bare slack-bolt bot in Socket Mode: it acknowledges, and says what it was told; nothing else."""

from __future__ import annotations

import asyncio
import os
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncSay
from slack_sdk.web.async_client import AsyncWebClient

app = AsyncApp(client=AsyncWebClient(os.environ["SLACK_BOT_TOKEN"], os.environ["SLACK_API_URL"]))


@app.event("message")
async def message(event: dict[str, Any], say: AsyncSay) -> None:
    """Echo a direct message."""
    await say(event["text"])


@app.command("/connections")
async def command(ack: AsyncAck, command: dict[str, Any], say: AsyncSay) -> None:
    """Echo a slash command."""
    await ack()
    await say(command["text"])


async def main() -> None:
    """Say that we are here, and run until stopped."""
    print("ready", flush=True)
    await AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start_async()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    asyncio.run(main())

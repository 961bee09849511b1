"""Running a real discord.py client against the emulator for as long as a block lasts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

import discord
from tests.emulators.discord.server import DiscordServer

Bot = TypeVar("Bot", bound=discord.Client)


@asynccontextmanager
async def running(server: DiscordServer, client: Bot) -> AsyncIterator[Bot]:
    """Start a client, wait until it is ready, and close it at the end.

    Raises:
        discord.LoginFailure: and whatever else ended the client before it was ready.
    """
    with server.pointed():
        task = asyncio.create_task(client.start(server.token))
        task.add_done_callback(lambda _: server.world.touched())
        try:
            await server.until(lambda: server.gateway.connected or task.done())
            ready = asyncio.create_task(client.wait_until_ready())
            await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
            ready.cancel()
            if task.done():
                task.result()
            yield client
        finally:
            await client.close()
            await asyncio.gather(task, return_exceptions=True)

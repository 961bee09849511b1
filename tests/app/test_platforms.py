"""The assistant as an operator starts it, on Slack and Discord at once: side by side, alone, and when one fails."""

from __future__ import annotations

import asyncio
import os
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx2
import pytest

from tests.app.operator import ASSISTANT
from tests.emulators.discord.server import DiscordServer
from tests.emulators.slack import SlackServer
from tests.scenario.discord_chat import words_of

PATIENCE = 30
CODE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")


@dataclass
class Running:
    """A started assistant: its address, and its process."""

    address: str
    process: asyncio.subprocess.Process

    async def ready(self) -> tuple[int, dict[str, object]]:
        async with httpx2.AsyncClient() as client:
            answer = await client.get(f"{self.address}/readyz")
        return answer.status_code, answer.json()

    async def becomes(self, **parts: str) -> None:
        """Wait until these parts stand so."""
        async with asyncio.timeout(PATIENCE):
            while True:
                _status, found = await self.ready()
                if parts.items() <= found.items():
                    return
                await asyncio.sleep(0.05)


@asynccontextmanager
async def assistant(folder, **settings):
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder / "data"), "WEB_PORT": "0", **settings}
    with (folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            ASSISTANT, "run", env=environment, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=log
        )
    try:
        async with asyncio.timeout(PATIENCE):
            line = (await process.stdout.readline()).decode()
        yield Running(line.split()[3].rstrip("/"), process)
    finally:
        process.terminate()
        async with asyncio.timeout(PATIENCE):
            assert await process.wait() == 0


def on_slack(server: SlackServer) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": server.bot_token,
        "SLACK_APP_TOKEN": server.app_token,
        "SLACK_API_URL": server.api_url,
    }


def on_discord(server: DiscordServer) -> dict[str, str]:
    return {
        "DISCORD_TOKEN": server.token,
        "DISCORD_API_URL": server.api_url,
        "DISCORD_GATEWAY_URL": server.gateway_url,
    }


@pytest.fixture
async def slack():
    async with SlackServer() as server:
        server.add_user("U0AMA", "Ama", tz="Africa/Accra", locale="en-GB", admin=True)
        yield server


@pytest.fixture
async def discord():
    async with DiscordServer() as server:
        yield server


def on_slack_said(server: SlackServer, user: str) -> str:
    return "\n".join(str(message.blocks) for message in server.said_to(user))


def on_discord_said(server: DiscordServer, user) -> str:
    return "\n".join(words_of(message, "UTC", "en") for message in server.seen(user, server.dm(user)))


async def on_discord_until(server: DiscordServer, user, words: str) -> str:
    await server.until(lambda: words in on_discord_said(server, user), PATIENCE)
    return on_discord_said(server, user)


async def test_one_person_on_both_platforms_is_one_member(tmp_path, slack, discord):
    ben = discord.add_user("Ben")
    async with assistant(tmp_path, **on_slack(slack), **on_discord(discord)) as running:
        await running.becomes(slack="ok", discord="ok")
        slack.say("U0AMA", slack.dm("U0AMA"), "link")
        code = (await slack.until(lambda: CODE.search(on_slack_said(slack, "U0AMA")), PATIENCE))[0]
        discord.say(ben, discord.dm(ben), f"link {code.lower()}")
        await on_discord_until(discord, ben, "Ama")
        last = discord.seen(ben, discord.dm(ben))[-1]
        discord.press(ben, last, "Yes, both are me")
        await on_discord_until(discord, ben, "Your accounts on Slack and Discord are one member now.")
        slack.say("U0AMA", slack.dm("U0AMA"), "unlink")
        await slack.until(lambda: "Unlink Discord" in on_slack_said(slack, "U0AMA"), PATIENCE)


async def test_either_alone(tmp_path, slack):
    async with assistant(tmp_path, **on_slack(slack)) as running:
        await running.becomes(slack="ok")
        assert "discord" not in (await running.ready())[1]
        slack.say("U0AMA", slack.dm("U0AMA"), "help")
        await slack.until(lambda: "library" in on_slack_said(slack, "U0AMA"), PATIENCE)


async def test_a_refused_token_leaves_the_other_platform_at_work(tmp_path, slack, discord):
    settings = {**on_slack(slack), **on_discord(discord), "DISCORD_TOKEN": "wrong"}
    async with assistant(tmp_path, **settings) as running:
        await running.becomes(slack="ok", discord="not connected")
        slack.say("U0AMA", slack.dm("U0AMA"), "help")
        await slack.until(lambda: "library" in on_slack_said(slack, "U0AMA"), PATIENCE)
        assert (await running.ready())[0] == 503
    log = (tmp_path / "log").read_text()
    assert "Discord does not accept DISCORD_TOKEN" in log
    assert "Traceback" not in log


async def test_a_platform_that_was_away_comes_back(tmp_path, slack, discord):
    async with assistant(tmp_path, **on_slack(slack), **on_discord(discord)) as running:
        await running.becomes(slack="ok", discord="ok")
        slack.sockets.drop()
        discord.gateway.drop()
        await slack.connected()
        await running.becomes(slack="ok", discord="ok")
        slack.say("U0AMA", slack.dm("U0AMA"), "help")
        await slack.until(lambda: "library" in on_slack_said(slack, "U0AMA"), PATIENCE)

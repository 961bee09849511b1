"""Emulated Slack and Discord under a steady load, and when each event was acknowledged and answered.

All times are monotonic seconds of this process: events are put on the socket here, and what the bot calls arrives here.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self

from benchmarks.library import Asked
from bot.messages import UserRef
from tests.emulators.discord.server import DiscordServer
from tests.emulators.slack import SlackServer
from tests.emulators.slack.delivery import Answer, Envelope, Transport

DIRECT, COMMAND = "a direct message", "a slash command"
SAY = 4
"""A first answer to an interaction that says something; any other only acknowledges."""
STILL_WORKED_ON, TAKEN = 0, {200, 204}
"""What the emulated Discord notes as the status of a call."""
LOOK_SECONDS = 0.05


@dataclass(slots=True)
class Happened:
    """One event: when it was put on the socket, acknowledged, and answered (None: not yet, or never)."""

    what: str
    put: float
    acked: float | None = None
    answered: float | None = None


class Traffic(Protocol):
    """A platform with people on it, who ask, and a bot, which answers."""

    platform: str
    happened: list[Happened]

    @property
    def settings(self) -> dict[str, str]:
        """The bot's settings."""

    def account(self, person: int) -> UserRef:
        """Return somebody's account."""

    def ask(self, person: int, question: str) -> None:
        """Let somebody ask the library, or for help when the question is empty."""

    def look(self) -> None:
        """Look through what the bot has called since."""

    async def connected(self) -> None:
        """Wait until the bot is there."""


class Timed:
    """Notes when Socket Mode takes an event, and when the bot acknowledges it."""

    def __init__(self, transport: Transport, note: Callable[[str, str], Happened]) -> None:
        self._transport = transport
        self._note = note

    async def send(self, envelope: Envelope, payload: dict[str, Any], attempt: int = 0, reason: str = "") -> Answer:
        """Send, and look at the clock before and after; what the bot itself wrote is of no interest."""
        event = payload.get("event", {})
        if event.get("bot_id"):
            return await self._transport.send(envelope, payload, attempt, reason)
        kind = COMMAND if envelope == "slash_commands" else DIRECT
        happened = self._note(kind, event.get("channel") or payload["channel_id"])
        answer = await self._transport.send(envelope, payload, attempt, reason)
        if answer.ok:
            happened.acked = time.monotonic()
        return answer


class SlackTraffic:
    """People of an emulated Slack: every other one writes to the bot, the others use its slash command there."""

    platform = "slack"

    def __init__(self, people: int) -> None:
        self.happened: list[Happened] = []
        self._server = SlackServer(retry_delays=())
        self._people = people
        self._waiting: defaultdict[str, deque[Happened]] = defaultdict(deque)
        self._looked = 0
        self._tasks: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> Self:
        await self._server.__aenter__()
        self._server.courier.transport = Timed(self._server.courier.transport, self._note)
        for number in range(self._people):
            self._server.add_user(self.account(number).user, f"Member {number}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.gather(*self._tasks)
        await self._server.__aexit__(kind, error, trace)

    @property
    def settings(self) -> dict[str, str]:
        """The bot's settings."""
        server = self._server
        return {
            "SLACK_BOT_TOKEN": server.bot_token,
            "SLACK_APP_TOKEN": server.app_token,
            "SLACK_API_URL": server.api_url,
        }

    async def connected(self) -> None:
        """Wait until the bot is there."""
        await self._server.connected()

    def account(self, person: int) -> UserRef:
        """Return somebody's account."""
        return UserRef(self.platform, self._server.team, f"U{person:07}")

    def ask(self, person: int, question: str) -> None:
        """Let somebody ask the library, or for help, in the direct message with the bot."""
        user = self.account(person).user
        line = self._server.dm(user)
        if person % 2:
            text = f"ask {question}" if question else "help"
            task = asyncio.create_task(self._server.slash(user, line, "/connections", text))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        else:
            self._server.say(user, line, question or "help")

    def _note(self, what: str, channel: str) -> Happened:
        happened = Happened(what, time.monotonic())
        self.happened.append(happened)
        self._waiting[channel].append(happened)
        return happened

    def look(self) -> None:
        """Take each message as the answer to what waits longest in its channel; nobody shares theirs."""
        calls = self._server.calls
        for call in calls[self._looked :]:
            if call.method == "chat.postMessage" and (waiting := self._waiting[call.arguments["channel"]]):
                waiting.popleft().answered = call.at
        self._looked = len(calls)


class DiscordTraffic:
    """People of an emulated Discord, who use the bot's slash command in a channel."""

    platform = "discord"

    def __init__(self, people: int) -> None:
        self.happened: list[Happened] = []
        self._server = DiscordServer()
        self._count = people
        self._by_path: dict[str, Happened] = {}
        self._looked = 0

    async def __aenter__(self) -> Self:
        await self._server.__aenter__()
        self._people = [self._server.add_user(f"Member {number}") for number in range(self._count)]
        self._channel = self._server.add_channel("plenary")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._server.__aexit__(kind, error, trace)

    @property
    def settings(self) -> dict[str, str]:
        """The bot's settings."""
        server = self._server
        return {
            "DISCORD_TOKEN": server.token,
            "DISCORD_API_URL": server.api_url,
            "DISCORD_GATEWAY_URL": server.gateway_url,
        }

    async def connected(self) -> None:
        """Wait until the bot is there, and has told of its commands."""
        await self._server.until(lambda: self._server.gateway.connected and self._server.commands)

    def account(self, person: int) -> UserRef:
        """Return somebody's account."""
        return UserRef(self.platform, self._server.guild.id, self._people[person].id)

    def ask(self, person: int, question: str) -> None:
        """Let somebody ask the library, or for help."""
        command, options = ("connections ask", {"query": question}) if question else ("connections help", {})
        happened = Happened(COMMAND, time.monotonic())
        self.happened.append(happened)
        interaction = self._server.slash(self._people[person], self._channel, command, options)
        self._by_path[interaction.id] = self._by_path[interaction.token] = happened

    def look(self) -> None:
        """Take each call for the interaction whose id or token it names.

        Source: discord.com/developers/docs/interactions/receiving-and-responding.
        """
        for call in self._server.calls[self._looked :]:
            if call.status == STILL_WORKED_ON:
                return
            self._looked += 1
            _, way, *rest = call.path.split("/")
            if call.status not in TAKEN or way not in {"interactions", "webhooks"}:
                continue
            happened = self._by_path[rest[0] if way == "interactions" else rest[1]]
            happened.acked = happened.acked or call.at
            if way == "webhooks" or call.json["type"] == SAY:
                happened.answered = happened.answered or call.at


async def put_steadily(traffic: Traffic, asked: Sequence[Asked], rate: float) -> list[float]:
    """Let people ask, ``rate`` a second whatever becomes of it; return by how many seconds each came too late."""
    started, late = time.monotonic(), []
    for number, one in enumerate(asked):
        due = started + number / rate
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        late.append(time.monotonic() - due)
        traffic.ask(one.member, one.text)
    return late


async def answered(traffic: Traffic, since: int, seconds: float) -> None:
    """Wait until all that happened since was answered, ``seconds`` at most."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        await asyncio.sleep(LOOK_SECONDS)
        traffic.look()
        if all(one.acked and one.answered for one in traffic.happened[since:]):
            return

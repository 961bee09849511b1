"""Ours on Slack and Discord and a bare bot on each, every one a process of its own, taking turns under the same load.

The emulated platforms and the load are in this process.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import assistant, library
from benchmarks.measure import TICK
from benchmarks.side import RIVALS, Side
from benchmarks.traffic import DiscordTraffic, Happened, SlackTraffic, Traffic, answered, put_steadily

BARE = {"slack": "slack-bolt", "discord": "discord.py"}
WARMING = 25.0
"""Events a second on each platform while everybody is met."""


@dataclass(frozen=True, slots=True)
class Load:
    """So many events a second on each platform, for so many seconds, so many times."""

    rate: float
    seconds: float
    rounds: int


@dataclass(frozen=True, slots=True)
class Round:
    """What happened on one platform in one round.

    ``late`` is by how many seconds each event was put late; ``cpu`` and ``load_cpu`` are the processor seconds of the
    bot and of the load with its platforms; ``patience`` is for how many seconds an answer was waited for at the end.
    """

    happened: list[Happened]
    late: list[float]
    seconds: float
    cpu: float
    load_cpu: float
    patience: float

    def ms(self, what: str, moment: Callable[[Happened], float | None]) -> list[float]:
        """Return the milliseconds until a moment of each event of one kind; what never came counts as the patience."""
        moments = [(one.put, moment(one)) for one in self.happened if one.what == what]
        return [1000 * (self.patience if then is None else then - put) for put, then in moments]

    @property
    def unanswered(self) -> int:
        """How many events were never acknowledged or never answered."""
        return sum(one.acked is None or one.answered is None for one in self.happened)


Rounds = dict[str, list[Round]]
"""Rounds by platform."""


def _nothing_yet() -> Rounds:
    return {platform: [] for platform in BARE}


@dataclass(frozen=True, slots=True)
class Found:
    """Rounds of ours and of the bare bots, turn about; and of ours on both platforms at once."""

    ours: Rounds = field(default_factory=_nothing_yet)
    bare: Rounds = field(default_factory=_nothing_yet)
    both: Rounds = field(default_factory=_nothing_yet)


@dataclass(frozen=True, slots=True)
class Bot:
    """A running bot, and the platforms it is on."""

    side: Side
    traffic: dict[str, Traffic]

    async def under(self, asked: Sequence[library.Asked], rate: float, patience: float, *platforms: str) -> Rounds:
        """Put the same on these platforms at once, ``rate`` a second on each, and wait for the answers."""
        traffic = [self.traffic[platform] for platform in platforms]
        before = [len(one.happened) for one in traffic]
        cpu, load_cpu, started = self.side.processor_seconds(), time.process_time(), time.monotonic()
        late = await asyncio.gather(*(put_steadily(one, asked, rate) for one in traffic))
        waiting = zip(traffic, before, strict=True)
        await asyncio.gather(*(answered(one, since, patience) for one, since in waiting))
        spent = (
            time.monotonic() - started,
            max(TICK, self.side.processor_seconds() - cpu),
            time.process_time() - load_cpu,
            patience,
        )
        put = zip(traffic, before, late, strict=True)
        return {one.platform: [Round(one.happened[since:], times, *spent)] for one, since, times in put}


@dataclass(frozen=True, slots=True)
class Bots:
    """Ours, and for each platform the bare one; ``patience`` is in seconds."""

    ours: Bot
    bare: dict[str, Bot]
    patience: float

    async def warm_up(self, people: int) -> None:
        """Let everybody ask for help once, so that each bot has met them and opened its connections."""
        asked = [library.Asked(number, "") for number in range(people)]
        bots = (self.ours, *self.bare.values())
        await asyncio.gather(*(bot.under(asked, WARMING, self.patience, *bot.traffic) for bot in bots))

    async def take_turns(self, asked: Sequence[library.Asked], load: Load) -> Found:
        """Let ours and the bare bots take turns on each platform, then ours on both at once."""
        found = Found()
        for number in range(load.rounds):
            for platform in BARE:
                turns = [(self.ours, found.ours), (self.bare[platform], found.bare)]
                for bot, kept in turns if number % 2 else reversed(turns):
                    kept[platform] += (await bot.under(asked, load.rate, self.patience, platform))[platform]
            both = await self.ours.under(asked, load.rate, self.patience, *BARE)
            for platform, rounds in both.items():
                found.both[platform] += rounds
        return found


@asynccontextmanager
async def running(folder: Path, command: Sequence[str | Path], *traffic: Traffic) -> AsyncIterator[Bot]:
    """Start a bot, and wait until it is on all its platforms."""
    settings = [f"{name}={value}" for one in traffic for name, value in one.settings.items()]
    side = await asyncio.to_thread(Side, ("env", *settings, *command), folder)
    try:
        for one in traffic:
            await one.connected()
        yield Bot(side, {one.platform: one for one in traffic})
    finally:
        await asyncio.to_thread(side.stop)


@asynccontextmanager
async def running_bots(folder: Path, people: int, resources: int, patience: float) -> AsyncIterator[Bots]:
    """Start all three bots: ours with people who have been members for long, on both platforms."""
    async with AsyncExitStack() as stack:
        slack, bare_slack = [await stack.enter_async_context(SlackTraffic(people)) for _ in range(2)]
        discord, bare_discord = [await stack.enter_async_context(DiscordTraffic(people)) for _ in range(2)]
        data, *places = _folders(folder)
        await assistant.fill(data, people, resources, lambda one: (slack.account(one), discord.account(one)))
        run = ("env", f"DATA_DIR={data}", "WEB_PORT=0", sys.executable, "-m", "bot", "run")
        ours = await stack.enter_async_context(running(places[0], run, slack, discord))
        bolt = await stack.enter_async_context(running(places[1], _script("bolt_echo.py"), bare_slack))
        echo = await stack.enter_async_context(running(places[2], _script("discord_echo.py"), bare_discord))
        yield Bots(ours, {"slack": bolt, "discord": echo}, patience)


def _script(name: str) -> tuple[str | Path, ...]:
    return sys.executable, RIVALS / name


def _folders(within: Path) -> list[Path]:
    """Make one for our data, and one for each bot's log."""
    made = [within / name for name in ("data", "ours", *BARE)]
    for folder in made:
        folder.mkdir()
    return made

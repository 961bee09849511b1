"""The scripts' chat on Slack: the real adapter and the real client, against the emulated workspace."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette

from adapters.slack.connection import SlackConnection
from adapters.slack.manifest import manifest
from adapters.slack.settings import PATH, SlackSettings
from adapters.tryit import community
from bot.catalogue import registry
from bot.features.rooms.model import Purpose
from bot.messages import ChannelRef, Option, UserRef
from bot.platforms import Core, Dispatch, Suggest, Typed
from tests.emulators.slack import SlackServer
from tests.emulators.slack.app import App
from tests.emulators.slack.limits import elements_of
from tests.sample import Assistant, sample_assistant
from tests.scenario.scripts import DIRECT

LOCALES = {"en": "en-US", "fr": "fr-FR", "es": "es-ES"}
_DATE = re.compile(r"<!date\^[^|>]*\|([^>]*)>")
_LINK = re.compile(r"<([^@#!|>][^|>]*)(?:\|([^>]*))?>")


class SlackChat:
    """Plays people in an emulated workspace."""

    def __init__(self, slack: SlackServer, connection: SlackConnection, it: Assistant) -> None:
        self.slack = slack
        self.connection = connection
        self.it = it

    async def join(self, who):
        self.slack.team_join(user_id(who))
        await self.settle()

    async def say(self, who, text, where=DIRECT, *, settle=True):
        self.slack.say(user_id(who), self._where(who, where), html.escape(text, quote=False))
        if settle:
            await self.settle()

    async def press(self, who, label, where=DIRECT):
        message, element = self._button(who, label, where)
        outcome = await self.slack.press(user_id(who), message, element["action_id"])
        assert outcome.ok, outcome
        await self.settle()

    async def fill(self, who, values, submit):
        view = self.slack.modal(user_id(who))
        assert view, f"{who} has no form open; {self.slack.failures}"
        assert view.body["submit"]["text"] == submit
        labels = {block["label"]["text"]: block for block in view.blocks if block["type"] == "input"}
        answers = {}
        for label, value in values.items():
            block = labels[label]
            element = block["element"]
            offered = [*element.get("options", [])]
            chosen = next((o["value"] for o in offered if o["text"]["text"] == value), value)
            if element["type"] == "external_select":
                await self.slack.suggest(user_id(who), element["action_id"], block["block_id"], value)
            answers[block["block_id"]] = {element["action_id"]: chosen}
        outcome = await self.slack.submit(user_id(who), answers)
        assert not outcome.error, outcome
        await self.settle()

    async def wait_for(self, who, text, where=DIRECT):
        shown = [readable(message) for message in self._visible(who, where)]
        fitting = [message for message in shown if text in message]
        assert fitting, f"{who} does not see {text!r} in {where}; last: {shown[-3:]}; {self.slack.failures}"
        return fitting[-1]

    async def shown(self, who, where=DIRECT):
        return "\n".join(readable(message) for message in self._visible(who, where))

    async def forward(self, hours):
        await self.it.time.forward(hours)

    async def to_next_reminder(self):
        assert await self.it.time.to_next_reminder()

    async def to_meeting(self):
        assert await self.it.time.to_meeting()

    async def settle(self):
        """Wait until everything that happened has been answered, and what is due is done."""
        await self.slack.settled()
        await self.connection.settled()
        await self.it.runner.run_until_idle()

    def _where(self, who, where):
        return self.slack.dm(user_id(who)).id if where == DIRECT else channel_id(where)

    def _visible(self, who, where):
        """What somebody sees there; what only they see in a channel is found from their direct line, too."""
        said = list(self.slack.said_to(user_id(who), self._where(who, where)))
        if where == DIRECT:
            for room in community.ROOMS:
                said += [m for m in self.slack.said_to(user_id(who), channel_id(room[0])) if m.only_for]
        return sorted(said, key=lambda message: message.ts)

    def _button(self, who, label, where):
        buttons = [
            (message, element)
            for message in self._visible(who, where)
            for block in message.blocks
            for element in elements_of(block)
            if element["type"] == "button"
        ]
        exact = [pair for pair in buttons if pair[1]["text"]["text"] == label]
        fitting = exact or [pair for pair in buttons if pair[1]["text"]["text"].startswith(label)]
        assert fitting, f"{who} sees no button {label!r} in {where}: {[e['text']['text'] for _m, e in buttons][-8:]}"
        return fitting[-1]


def user_id(sample: str) -> str:
    """Somebody of the sample, as Slack would call them."""
    return f"U0{sample.upper()}"


def channel_id(sample: str) -> str:
    """A room of the sample, as Slack would call it."""
    return f"C0{sample.upper().replace('-', '')}"


NAMES = {
    **{channel_id(room): name for room, name, *_rest in community.ROOMS},
    **{user_id(person.user): person.name for person in community.people()},
}
_NAMED = re.compile(r"<[@#]([A-Z0-9]+)>")


def readable(message) -> str:
    """What somebody reads: the words of all blocks; times in UTC, addresses beside their links."""
    return "\n".join(_words(block) for block in message.blocks) or message.text


def _words(block) -> str:
    texts = [block.get("text"), *block.get("fields", [])]
    if block["type"] == "context":
        texts += block["elements"]
    shown = [_shown(text) for text in texts if text]
    shown += [" | ".join(cell["text"] for cell in row) for row in block.get("rows", [])]
    shown += [f"[{e['text']['text']}]" for e in elements_of(block) if e["type"] == "button"]
    return "\n".join(shown)


def _shown(text) -> str:
    if text["type"] == "plain_text":
        return text["text"]
    dated = _DATE.sub(r"\1", text["text"])
    named = _NAMED.sub(lambda m: NAMES[m[1]], dated)
    linked = _LINK.sub(lambda m: f"{m[2]} ({m[1]})" if m[2] and m[2] != m[1] else m[1], named)
    return html.unescape(linked).replace("*", "")


def furnish(slack: SlackServer) -> None:
    """Give the workspace the sample's people and rooms."""
    for person in community.people():
        locale = person.data.get("locale") or person.data["languages"][0]
        zone = person.data.get("zone") or "Etc/UTC"
        name = person.name
        slack.add_user(user_id(person.user), name, tz=zone, locale=LOCALES.get(locale[:2], locale))
    for room, _name, purpose, language in community.ROOMS:
        slack.add_channel(channel_id(room), room)
        for person in community.people():
            speaks = purpose is not Purpose.LANGUAGE or language in person.data.get("languages", ())
            if not person.newcomer and speaks:
                slack.join(user_id(person.user), channel_id(room))


async def suggest_nothing(typed: Typed) -> tuple[Option, ...]:
    """Suggest nothing."""
    return ()


def core_of(dispatch: Dispatch, suggest: Suggest = suggest_nothing) -> Core:
    """A core that does with events what a test says."""
    return Core(dispatch, suggest, tuple(registry()), ("en", "fr", "es"))


async def until(condition: Callable[[], object], seconds: float = 10) -> None:
    """Wait until something is so. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.01)


def settings_for(slack: SlackServer, mode: str = "socket") -> SlackSettings:
    """What the adapter must be told to meet the emulated workspace."""
    return SlackSettings(slack.bot_token, slack.app_token, slack.signing_secret, slack.api_url, mode, ping_seconds=1.0)


class _Server(uvicorn.Server):
    """A server inside the test's own loop, which leaves the process's signals alone."""

    def __init__(self, app: Starlette) -> None:
        super().__init__(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", lifespan="off"))
        self.ready = asyncio.Event()

    async def startup(self, sockets=None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @property
    def address(self) -> str:
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        return f"http://{host}:{port}"


@asynccontextmanager
async def served(slack: SlackServer, connection: SlackConnection) -> AsyncIterator[None]:
    """Serve the adapter's routes, and let the workspace send its requests there."""
    server = _Server(Starlette(routes=connection.routes))
    serving = asyncio.create_task(server._serve())
    await server.ready.wait()
    slack.use_http(server.address + PATH)
    try:
        yield
    finally:
        server.should_exit = server.force_exit = True
        await serving


@asynccontextmanager
async def running(connection: SlackConnection, core: Core) -> AsyncIterator[asyncio.Task[None]]:
    """Keep the connection until the block ends."""
    task = asyncio.create_task(connection.run(core))
    try:
        await until(lambda: connection.gateway.connected or task.done())
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def connected(slack: SlackServer, core: Core, mode: str = "socket") -> AsyncIterator[SlackConnection]:
    """A connection to the workspace, in either mode."""
    connection = SlackConnection(settings_for(slack, mode))
    if mode == "http":
        async with served(slack, connection), running(connection, core):
            yield connection
    else:
        async with running(connection, core):
            yield connection


@asynccontextmanager
async def slack_chat(database_url: str, mode: str = "socket") -> AsyncIterator[SlackChat]:
    """The sample community in an emulated workspace, with the whole assistant connected to it."""
    # Nothing is granted but what the manifest asks for.
    granted = App.from_manifest(manifest(registry()))
    async with SlackServer(granted, retry_delays=(0.0,)) as slack:
        furnish(slack)
        connection = SlackConnection(settings_for(slack, mode))
        team = slack.team
        async with sample_assistant(
            database_url,
            {"slack": connection.gateway},
            user=lambda sample: UserRef("slack", team, user_id(sample)),
            channel=lambda sample: ChannelRef("slack", team, channel_id(sample)),
        ) as it:
            chat = SlackChat(slack, connection, it)
            if mode == "http":
                async with served(slack, connection), running(connection, it.core):
                    yield chat
            else:
                async with running(connection, it.core):
                    yield chat

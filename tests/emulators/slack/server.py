"""The emulated Slack as a test uses it: one object to start, connect to, act through and look at."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.emulators.slack.app import App
from tests.emulators.slack.delivery import Answer, Courier, Delivery
from tests.emulators.slack.faults import Call, Faults, RateLimits
from tests.emulators.slack.people import Running, Talking
from tests.emulators.slack.signed import SignedRequests
from tests.emulators.slack.sockets import SocketMode, address
from tests.emulators.slack.state import (
    AssistantThread,
    Channel,
    Clock,
    Failure,
    Message,
    User,
    View,
    Workspace,
)
from tests.emulators.slack.touch import Touching
from tests.emulators.slack.web import Tokens, WebSide


class SlackServer(Talking, Touching, Running):
    """Slack on 127.0.0.1, in the event loop of the test, for the real slack_sdk and slack-bolt.

    Use it as `async with SlackServer() as slack`, point the client at `slack.api_url`, and act as the people do.
    Payloads follow Slack's documentation; what Slack refuses is refused.

    Not emulated: OAuth installation, Enterprise Grid, Slack Connect, user tokens, workflows and functions, canvases,
    lists, calls, search, scheduled messages, message streaming, unfurling, legacy attachment buttons and dialogs,
    remote files, multipart uploads, `parse` and `link_names`, apps.manifest.*, and Slack's own limits over minutes
    (a test sets those it wants with `rates.hold`). The insides of rich text and of table cells are not checked.

    Args:
        app: what the app was granted; everything when it is left out.
        ack_seconds: how long Slack waits for an answer to anything it sends.
        retry_delays: seconds before each further telling of an event.
        ping_seconds: how often Slack pings a websocket.
    """

    def __init__(
        self,
        app: App | None = None,
        *,
        ack_seconds: float = 3.0,
        retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0),
        ping_seconds: float = 10.0,
    ) -> None:
        self.app = app or App()
        self.clock = Clock()
        self.team = "T0CONNECT"
        self.bot_token = f"xoxb-1-2-{secrets.token_hex(8)}"
        self.app_token = f"xapp-1-A0CONNECT-1-{secrets.token_hex(8)}"
        self.signing_secret = secrets.token_hex(16)
        bot = User("U0BOT", "connections", bot=True)
        self.world = Workspace(self.team, "emulated", "A0CONNECT", bot, "B0BOT", self.clock, users={bot.id: bot})
        self._changed = asyncio.Event()
        self.sockets = SocketMode(self.world.app_id, ack_seconds, ping_seconds, self._changed.set)
        self.tokens = Tokens(self.bot_token, self.app_token)
        self.web = WebSide(self.world, self.app, self.tokens, self.sockets)
        self.courier = Courier(self.sockets, retry_delays, self._changed.set)
        self.signed: SignedRequests | None = None
        self._ack_seconds = ack_seconds
        self._suggested = {}
        self._touched = {}
        self._runner: web.AppRunner | None = None

    # --- starting and stopping --------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        self._runner = web.AppRunner(self.web.routes(), access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.world.base_url = f"http://{host}:{port}"
        self.world.socket_address = lambda: address(self.world.base_url, self.sockets.ticket())
        self.world.emit = self.emit
        self.world.touched = self._changed.set
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.courier.stop()
        await self.sockets.close()
        if self.signed:
            await self.signed.close()
        if self._runner:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """The Web API's base address, ending in /api/."""
        return f"{self.world.base_url}/api/"

    @property
    def bot_user(self) -> User:
        """The bot as a user."""
        return self.world.bot

    def use_http(self, url: str) -> SignedRequests:
        """Send everything as signed requests to this URL, instead of through websockets."""
        self.signed = SignedRequests(url, self.signing_secret, self._ack_seconds)
        self.courier.transport = self.signed
        return self.signed

    # --- faults and records -----------------------------------------------------------------------------------------

    @property
    def faults(self) -> Faults:
        """What shall go wrong next."""
        return self.web.faults

    @property
    def rates(self) -> RateLimits:
        """The rate limits that hold all the time; none until asked for."""
        return self.web.rates

    @property
    def calls(self) -> list[Call]:
        """Every call that came in, in order."""
        return self.web.calls

    def calls_of(self, method: str) -> list[Call]:
        """The calls of one method; "response_url" and "upload" count as methods."""
        return [call for call in self.calls if call.method == method]

    @property
    def deliveries(self) -> list[Delivery]:
        """Every event that was sent, in order."""
        return self.courier.deliveries

    @property
    def failures(self) -> list[Failure]:
        """What Slack showed to people as gone wrong."""
        return self.world.failures

    def expire_triggers(self) -> None:
        """Let every trigger_id that is out be too old."""
        for trigger in self.world.triggers.values():
            trigger.until = float("-inf")

    def revoke(self, token: str) -> None:
        """Let a token be good no more."""
        self.tokens.revoked.add(token)

    async def until(self, condition: Callable[[], Any], seconds: float = 10) -> Any:
        """Wait until something is so, and return what the condition gave; asked again whenever anything changes.

        Raises:
            TimeoutError: when it is not so in time.
        """
        async with asyncio.timeout(seconds):
            while not (found := condition()):
                self._changed.clear()
                await self._changed.wait()
        return found

    async def connected(self, count: int = 1, seconds: float = 10) -> None:
        """Wait until so many websockets of the app are open.

        Raises:
            TimeoutError: when they are not in time.
        """
        await self.until(lambda: len(self.sockets.connections) >= count, seconds)

    async def tell_again(self, delivery: Delivery) -> Answer:
        """Tell an event once more though it was taken, as Slack does when the acknowledgement was lost on its way."""
        return await self.courier.transport.send("events_api", delivery.payload, 1, "timeout")

    async def settled(self) -> None:
        """Wait until every event was taken or given up."""
        await self.courier.settled()

    # --- what people see --------------------------------------------------------------------------------------------

    def dm(self, user: User | str) -> Channel:
        """The direct message between someone and the bot."""
        return self.world.dm(self._user(user).id)

    def seen(self, user: User | str, channel: Channel | str, thread: Message | str | None = None) -> list[Message]:
        """What someone sees in a channel, in order, ephemeral messages for them too; or in one of its threads."""
        who, where = self._user(user), self._channel(channel)
        if where.private and who.id not in where.members:
            return []
        root = thread.ts if isinstance(thread, Message) else thread
        shown = [message for message in where.messages if message.only_for in {None, who.id}]
        return [message for message in shown if root in {None, message.ts, message.thread_ts}]

    def said_to(self, user: User | str, channel: Channel | str | None = None) -> list[Message]:
        """What the bot said that someone sees, in a channel or in their direct message."""
        where = self.dm(user) if channel is None else channel
        return [message for message in self.seen(user, where) if message.user == self.world.bot.id]

    def modal(self, user: User | str) -> View | None:
        """The modal that someone has on top."""
        stack = self.world.modals.get(self._user(user).id, [])
        return stack[-1] if stack else None

    def home(self, user: User | str) -> View | None:
        """What someone's Home tab shows."""
        return self.world.homes.get(self._user(user).id)

    def assistant(self, user: User | str) -> AssistantThread | None:
        """The assistant's pane that someone opened last: prompts, title and status."""
        who = self._user(user)
        threads = [thread for thread in self.world.assistant_threads.values() if thread.user == who.id]
        return threads[-1] if threads else None

    def failures_of(self, user: User | str) -> list[Failure]:
        """What Slack showed to one person as gone wrong."""
        return [failure for failure in self.failures if failure.user == self._user(user).id]

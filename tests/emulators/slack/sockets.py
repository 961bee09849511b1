"""Socket Mode, from Slack's side: hello, envelopes, acknowledgements, disconnect, pings.

Source: docs.slack.dev/apis/events-api/using-socket-mode.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from aiohttp import WSMsgType, web

from tests.emulators.slack.delivery import Answer, Envelope
from tests.emulators.slack.state import Json

MOST_CONNECTIONS = 10
HOST = "applink-emulated"
Reason = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]


def takes_payload(envelope: Envelope, payload: Json) -> bool:
    """Whether the acknowledgement may say more than yes."""
    return envelope == "slash_commands" or payload.get("type") in {"view_submission", "block_suggestion"}


@dataclass
class Pending:
    """An envelope that waits for its acknowledgement."""

    socket: web.WebSocketResponse
    answer: asyncio.Future[Answer]
    takes_payload: bool


class SocketMode:
    """All open websockets of the app, and the envelopes that wait for their acknowledgements."""

    def __init__(self, app_id: str, ack_seconds: float, ping_seconds: float, touched: Callable[[], None]) -> None:
        self.app_id = app_id
        self.ack_seconds = ack_seconds
        self.ping_seconds = ping_seconds
        self.connections: list[web.WebSocketResponse] = []
        self.opened = 0
        self.withhold_pings = False
        self.acks: list[Json] = []
        self.late_acks: list[Json] = []
        self.strange: list[str] = []  # what the app said that Slack would not understand
        self._tickets: set[str] = set()
        self._waiting: dict[str, Pending] = {}
        self._turn = itertools.count()
        self._touched = touched

    def ticket(self) -> str:
        """What lets a websocket open once."""
        ticket = str(uuid.uuid4())
        self._tickets.add(ticket)
        return ticket

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one websocket until it closes."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        if len(self.connections) >= MOST_CONNECTIONS:
            await self._say(socket, {"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self.connections.append(socket)
        self.opened += 1
        pings = asyncio.ensure_future(self._ping(socket))
        try:
            await self._say(socket, self._hello())
            self._touched()
            await self._listen(socket)
        finally:
            pings.cancel()
            self._lose(socket)
        return socket

    def _hello(self) -> Json:
        debug = {"host": HOST, "build_number": 1, "approximate_connection_time": 18060}
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": debug,
            "connection_info": {"app_id": self.app_id},
        }

    async def _say(self, socket: web.WebSocketResponse, said: Json) -> None:
        await socket.send_str(json.dumps(said))

    async def _ping(self, socket: web.WebSocketResponse) -> None:
        while not socket.closed:
            await asyncio.sleep(self.ping_seconds)
            if not self.withhold_pings:
                with contextlib.suppress(ConnectionError):
                    await socket.ping(f"Ping from {HOST}".encode())

    async def _listen(self, socket: web.WebSocketResponse) -> None:
        async for said in socket:
            if said.type == WSMsgType.PING and not self.withhold_pings:
                await socket.pong(said.data)
            elif said.type == WSMsgType.TEXT:
                self._hear(said.data)

    def _hear(self, text: str) -> None:
        try:
            ack: Any = json.loads(text)
        except ValueError:
            ack = None
        if not isinstance(ack, dict) or not isinstance(ack.get("envelope_id"), str):
            self.strange.append(text)
            return
        self.acks.append(ack)
        self._touched()
        pending = self._waiting.get(ack["envelope_id"])
        if pending is None or pending.answer.done():
            self.late_acks.append(ack)
            return
        if ack.get("payload") and not pending.takes_payload:
            self.strange.append(text)
        pending.answer.set_result(Answer(payload=ack.get("payload")))

    def _lose(self, socket: web.WebSocketResponse) -> None:
        if socket in self.connections:
            self.connections.remove(socket)
        for pending in self._waiting.values():
            if pending.socket is socket and not pending.answer.done():
                pending.answer.set_result(Answer("timeout"))
        self._touched()

    async def send(self, envelope: Envelope, payload: Json, attempt: int = 0, reason: str = "") -> Answer:
        """Send an envelope over one of the websockets, each in turn, and wait for its acknowledgement."""
        open_now = [socket for socket in self.connections if not socket.closed]
        if not open_now:
            return Answer("no_connection")
        socket = open_now[next(self._turn) % len(open_now)]
        envelope_id = str(uuid.uuid4())
        said: Json = {
            "envelope_id": envelope_id,
            "payload": payload,
            "type": envelope,
            "accepts_response_payload": takes_payload(envelope, payload),
        }
        if envelope == "events_api":
            said |= {"retry_attempt": attempt, "retry_reason": reason}
        waiting: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = Pending(socket, waiting, said["accepts_response_payload"])
        try:
            async with asyncio.timeout(self.ack_seconds):
                await self._say(socket, said)
                return await waiting
        except (TimeoutError, ConnectionError):
            return Answer("timeout")
        finally:
            del self._waiting[envelope_id]

    async def disconnect(self, reason: Reason = "refresh_requested", *, close: bool = False) -> None:
        """Tell every websocket to come back, and use it no more unless this was only a warning.

        The app closes it; with `close` we do so at once, as Slack does when the app takes too long.
        """
        for socket in list(self.connections):
            await self._say(socket, {"type": "disconnect", "reason": reason, "debug_info": {"host": HOST}})
            if reason != "warning":
                self.connections.remove(socket)
            if close:
                await socket.close()

    async def close(self, code: int = 1000) -> None:
        """Close every websocket with this code."""
        for socket in list(self.connections):
            await socket.close(code=code)

    def drop(self) -> None:
        """Cut every websocket without a word."""
        for socket in list(self.connections):
            self._lose(socket)
            transport = socket._req.transport if socket._req else None
            if transport:
                transport.abort()


def address(base: str, ticket: str) -> str:
    """The address of a websocket, as apps.connections.open gives it."""
    return f"{base.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={secrets.token_hex(8)}"

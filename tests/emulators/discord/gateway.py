"""The gateway: the websocket through which Discord tells a bot what happens.

https://discord.com/developers/docs/events/gateway and /topics/opcodes-and-status-codes
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections import deque
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from aiohttp import WSMsgType, web

from tests.emulators.discord import payloads
from tests.emulators.discord.compression import Compressor, compressor
from tests.emulators.discord.guild_payloads import called, guild_create
from tests.emulators.discord.state import Json
from tests.emulators.discord.world import GUILD_MEMBERS, GUILD_PRESENCES, GUILDS, MESSAGE_CONTENT, Event, World

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE_STATE, RESUME, RECONNECT = 0, 1, 2, 3, 4, 6, 7
REQUEST_MEMBERS, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 8, 9, 10, 11
PRIVILEGED = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT
KNOWN_INTENTS = (1 << 17) - 1 | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25
PRIVATE_FIELDS: Json = {"content": "", "embeds": [], "attachments": [], "components": []}
COMMANDS_A_MINUTE = 120
UNKNOWN_OPCODE, DECODE_ERROR, NOT_AUTHENTICATED, WRONG_TOKEN, TWICE, BAD_SEQUENCE, TOO_FAST, BAD_SHARD, BAD_VERSION = (
    4001, 4002, 4003, 4004, 4005, 4007, 4008, 4010, 4012,
)  # fmt: skip
BAD_INTENTS, FORBIDDEN_INTENTS = 4013, 4014


@dataclass(frozen=True)
class Command:
    """Something the bot said on the gateway; `at` is monotonic seconds."""

    op: int
    data: Any
    at: float


@dataclass(eq=False)
class Session:
    """What one identify began: its intents, and every event since, for a resume."""

    id: str
    intents: int
    log: list[Json] = field(default_factory=list)
    line: Line | None = None

    def tell(self, event: Event) -> None:
        """Number an event that the intents ask for, keep it, and send it when a socket is open."""
        if event.intent and not event.intent & self.intents:
            return
        data = event.data(self.intents) if callable(event.data) else event.data
        if event.private and not self.intents & MESSAGE_CONTENT:
            data = data | PRIVATE_FIELDS
        packet = {"op": DISPATCH, "t": event.name, "s": len(self.log) + 1, "d": data}
        self.log.append(packet)
        if self.line:
            self.line.put(packet)


class Line:
    """One open websocket: what is put is sent in order."""

    def __init__(self, socket: web.WebSocketResponse, squeeze: Compressor | None) -> None:
        self.socket = socket
        self.session: Session | None = None
        self.closing = False
        self.commands: deque[float] = deque()
        self._squeeze = squeeze
        self._queue: asyncio.Queue[Json | int] = asyncio.Queue()

    def put(self, packet: Json) -> None:
        """Send a packet after those before it."""
        self._queue.put_nowait(packet)

    def close(self, code: int) -> None:
        """Close with a code, after everything that was put."""
        self.closing = True
        self._queue.put_nowait(code)

    async def send(self) -> None:
        """Send what is put, until the socket closes."""
        while not isinstance(item := await self._queue.get(), int):
            text = json.dumps(item, separators=(",", ":"))
            try:
                if self._squeeze:
                    await self.socket.send_bytes(self._squeeze(text.encode()))
                else:
                    await self.socket.send_str(text)
            except (ConnectionError, RuntimeError):
                return  # the other side has gone; its session keeps what it missed
        await self.socket.close(code=item)

    def hurried(self, now: float) -> bool:
        """Whether more than 120 commands came within a minute."""
        self.commands.append(now)
        while self.commands[0] < now - 60:
            self.commands.popleft()
        return len(self.commands) > COMMANDS_A_MINUTE


class Gateway:
    """All sessions and sockets of the bot.

    Attributes:
        allowed_intents: the privileged intents that are switched on in the developer portal.
        withhold_acks: answer no heartbeat while it is true.
        heartbeat_ms: how often the client shall send a heartbeat, in milliseconds.
        commands: everything that was received.
        refuse_next: close codes with which the next identifies are refused.
    """

    def __init__(self, world: World, allowed_intents: int, heartbeat_ms: int) -> None:
        self.world = world
        self.allowed_intents = allowed_intents
        self.heartbeat_ms = heartbeat_ms
        self.withhold_acks = False
        self.commands: list[Command] = []
        self.sessions: dict[str, Session] = {}
        self.lines: list[Line] = []
        self.refuse_next: deque[int] = deque()
        self.connections = 0

    # --- what tests do to it ----------------------------------------------------------------------------------------

    @property
    def connected(self) -> bool:
        """Whether a bot is identified on an open socket."""
        return any(line.session for line in self.lines)

    @property
    def session(self) -> Session | None:
        """The session that began last."""
        return list(self.sessions.values())[-1] if self.sessions else None

    def emit(self, event: Event) -> None:
        """Tell every session."""
        for session in self.sessions.values():
            session.tell(event)

    def close(self, code: int) -> None:
        """Close every socket with a code; from 4004 on, and for 4007 and 4009, the session is lost too."""
        for line in list(self.lines):
            if code in {4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014} and line.session:
                self.sessions.pop(line.session.id, None)
            line.close(code)

    def drop(self) -> None:
        """Cut every socket without a close frame."""
        for line in list(self.lines):
            if line.socket._req and line.socket._req.transport:
                line.socket._req.transport.abort()

    def ask_reconnect(self) -> None:
        """Send op 7 to every socket."""
        for line in self.lines:
            line.put({"op": RECONNECT, "d": None})

    def invalidate(self, *, resumable: bool) -> None:
        """Send op 9 to every socket."""
        for line in self.lines:
            if line.session and not resumable:
                self.sessions.pop(line.session.id, None)
            line.put({"op": INVALID_SESSION, "d": resumable})

    def ask_heartbeat(self) -> None:
        """Ask every client for a heartbeat at once."""
        for line in self.lines:
            line.put({"op": HEARTBEAT, "d": None})

    # --- the socket -------------------------------------------------------------------------------------------------

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one websocket from hello to close."""
        socket = web.WebSocketResponse(max_msg_size=4096 * 4, timeout=2)
        await socket.prepare(request)
        line = Line(socket, compressor(request.query.get("compress")))
        sender = asyncio.create_task(line.send())
        self.lines.append(line)
        self.connections += 1
        try:
            if request.query.get("v") != "10" or request.query.get("encoding", "json") != "json":
                line.close(BAD_VERSION)
            line.put({"op": HELLO, "d": {"heartbeat_interval": self.heartbeat_ms, "_trace": ["emulator"]}})
            async for message in socket:
                self._receive(line, message.type, message.data)
        finally:
            self._hang_up(line, socket.close_code)
            if not line.closing:
                sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)
        return socket

    def _hang_up(self, line: Line, code: int | None) -> None:
        self.lines.remove(line)
        if line.session and line.session.line is line:
            line.session.line = None
            if code in {1000, 1001} and not line.closing:  # the client said good-bye: nothing is left to resume
                self.sessions.pop(line.session.id, None)
        self.world.touched()

    def _receive(self, line: Line, kind: WSMsgType, text: Any) -> None:
        try:
            packet: Any = json.loads(text) if kind is WSMsgType.TEXT else None
            op, data = packet["op"], packet.get("d")
        except (TypeError, KeyError, ValueError, AttributeError):
            line.close(DECODE_ERROR)
            return
        now = time.monotonic()
        self.commands.append(Command(op, data, now))
        if line.hurried(now):
            line.close(TOO_FAST)
        elif op not in {HEARTBEAT, IDENTIFY, PRESENCE, VOICE_STATE, RESUME, REQUEST_MEMBERS}:
            line.close(UNKNOWN_OPCODE)
        elif op == HEARTBEAT:
            if not self.withhold_acks:
                line.put({"op": HEARTBEAT_ACK})
        elif op in {IDENTIFY, RESUME}:
            self._begin(line, op, data)
        elif line.session is None:
            line.close(NOT_AUTHENTICATED)
        elif not isinstance(data, dict):
            line.close(DECODE_ERROR)
        elif op == REQUEST_MEMBERS:
            self._chunks(line.session, data)
        self.world.touched()

    def _begin(self, line: Line, op: int, data: Any) -> None:
        if line.session:
            line.close(TWICE)
        elif self.refuse_next:
            line.close(self.refuse_next.popleft())
        elif not isinstance(data, dict) or not isinstance(data.get("token"), str):
            line.close(DECODE_ERROR)
        elif data["token"] != self.world.token:
            line.close(WRONG_TOKEN)
        elif op == RESUME:
            self._resume(line, data)
        else:
            self._identify(line, data)

    def _identify(self, line: Line, data: Json) -> None:
        intents, shard = data.get("intents"), data.get("shard", [0, 1])
        if not isinstance(data.get("properties"), dict):
            line.close(DECODE_ERROR)
        elif not isinstance(intents, int) or intents & ~KNOWN_INTENTS:
            line.close(BAD_INTENTS)
        elif intents & PRIVILEGED & ~self.allowed_intents:
            line.close(FORBIDDEN_INTENTS)
        elif not (isinstance(shard, list) and len(shard) == 2 and 0 <= shard[0] < shard[1]):
            line.close(BAD_SHARD)
        else:
            session = Session(secrets.token_hex(16), intents)
            self.sessions[session.id] = session
            session.line, line.session = line, session
            self._ready(session, shard)

    def _ready(self, session: Session, shard: list[int]) -> None:
        world = self.world
        known = [{"id": world.guild.id, "unavailable": True}] if world.in_guild else []
        user = payloads.user_json(world.bot) | {"verified": True, "mfa_enabled": False, "flags": 0, "email": None}
        data: Json = {
            "v": 10, "user": user, "guilds": known, "session_id": session.id, "shard": shard, "private_channels": [],
            "resume_gateway_url": f"{world.base_url.replace('http', 'ws', 1)}/gateway", "relationships": [],
            "presences": [], "application": {"id": world.application_id, "flags": 0}, "_trace": ["emulator"],
        }  # fmt: skip
        session.tell(Event("READY", data))
        if world.in_guild:
            session.tell(Event("GUILD_CREATE", partial(guild_create, world), GUILDS))

    def _resume(self, line: Line, data: Json) -> None:
        session, seq = self.sessions.get(str(data.get("session_id"))), data.get("seq")
        if session is None:
            line.put({"op": INVALID_SESSION, "d": False})
        elif not isinstance(seq, int) or not 0 <= seq <= len(session.log):
            self.sessions.pop(session.id)
            line.close(BAD_SEQUENCE)
        else:
            session.line, line.session = line, session
            for packet in session.log[seq:]:
                line.put(packet)
            session.tell(Event("RESUMED", {"_trace": ["emulator"]}))

    def _chunks(self, session: Session, asked: Json) -> None:
        world = self.world
        ids, query = asked.get("user_ids"), asked.get("query")
        if str(asked.get("guild_id")) != world.guild.id or (ids is None and query is None):
            return
        if ids is None and query == "" and not session.intents & GUILD_MEMBERS:
            return  # the whole list is for those with the privileged intent only
        wanted = [str(item) for item in (ids if isinstance(ids, list) else [ids])] if ids is not None else None
        found = [
            payloads.member_json(member, world.users[member.user_id])
            for member in world.guild.members.values()
            if (
                member.user_id in wanted
                if wanted is not None
                else called(world, member.user_id).startswith(query.lower())
            )
        ]
        found = found[: asked.get("limit") or None]
        parts = [found[start : start + 1000] for start in range(0, len(found), 1000)] or [[]]
        for index, part in enumerate(parts):
            chunk: Json = {
                "guild_id": world.guild.id, "members": part, "chunk_index": index, "chunk_count": len(parts),
                "not_found": [item for item in wanted or [] if item not in world.guild.members],
            }  # fmt: skip
            session.tell(Event("GUILD_MEMBERS_CHUNK", chunk | ({"nonce": asked["nonce"]} if "nonce" in asked else {})))

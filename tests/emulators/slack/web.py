"""The HTTP side: /api/, response_urls, uploads and the websocket, with faults and rate limits in front of all."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

from aiohttp import web

from tests.emulators.slack import assistant, chat, conversations, directory, views
from tests.emulators.slack.app import App
from tests.emulators.slack.calls import METHODS, Arguments, Method, call
from tests.emulators.slack.faults import Call, Fault, Faults, RateLimits
from tests.emulators.slack.responses import respond
from tests.emulators.slack.sockets import SocketMode
from tests.emulators.slack.state import Json, SlackError, Workspace

DECLARED = (assistant, chat, conversations, directory, views)
"""The modules whose methods are served; importing them declares the methods."""


class Tokens:
    """Which tokens are good, and what they may do."""

    def __init__(self, bot: str, app: str) -> None:
        self.bot = bot
        self.app = app
        self.revoked: set[str] = set()

    def check(self, token: str, method: Method) -> None:
        """Let a call through, or not.

        Raises:
            SlackError: `not_authed`, `invalid_auth`, `token_revoked` or `not_allowed_token_type`.
        """
        if not token:
            raise SlackError("not_authed")
        if token in self.revoked:
            raise SlackError("token_revoked")
        if token not in {self.bot, self.app}:
            raise SlackError("invalid_auth")
        if (token == self.app) != (method.token == "app"):
            raise SlackError("not_allowed_token_type")


async def read_arguments(request: web.Request) -> Json:
    """What a request says, in its address and as a form or JSON in its body.

    Raises:
        SlackError: `invalid_json` or `json_not_object`.
    """
    given: Json = dict(request.query)
    if request.content_type != "application/json":
        return given | {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    try:
        said = json.loads(await request.text() or "{}")
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(said, dict):
        raise SlackError("json_not_object")
    return given | said


class WebSide:
    """Answers HTTP requests about a workspace."""

    def __init__(self, world: Workspace, app: App, tokens: Tokens, sockets: SocketMode) -> None:
        self.world = world
        self.app = app
        self.tokens = tokens
        self.sockets = sockets
        self.calls: list[Call] = []
        self.faults = Faults()
        self.rates = RateLimits(world.clock.monotonic)

    def routes(self) -> web.Application:
        """The web application."""
        served = web.Application(client_max_size=64 * 1024 * 1024)
        served.router.add_route("*", "/api/{method}", self._api)
        served.router.add_post("/{kind:commands|actions}/{team}/{id}/{key}", self._response_url)
        served.router.add_post("/upload/v1/{file}", self._upload)
        served.router.add_get("/link/", self.sockets.handle)
        return served

    async def _api(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        try:
            given = await read_arguments(request)
        except SlackError as refusal:
            return web.json_response(refusal.answer)
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        token = bearer or str(given.pop("token", ""))
        self.calls.append(Call(name, given, token, self.world.clock.monotonic()))
        try:
            return await self._guarded(
                request, name, str(given.get("channel", "")), lambda: self._run(name, given, token)
            )
        finally:
            self.world.touched()

    def _run(self, name: str, given: Json, token: str) -> web.Response:
        method = METHODS.get(name)
        if method is None:
            return web.json_response({"ok": False, "error": "unknown_method", "req_method": name})
        scopes = {"connections:write"} if method.token == "app" else self.app.scopes
        try:
            self.tokens.check(token, method)
            answer = call(method, self.world, Arguments(given, scopes))
        except SlackError as refusal:
            answer = refusal.answer
        headers = {"X-OAuth-Scopes": ",".join(sorted(scopes)), "X-Accepted-OAuth-Scopes": ",".join(method.scopes)}
        return web.json_response(answer, headers=headers)

    async def _response_url(self, request: web.Request) -> web.StreamResponse:
        given = await read_arguments(request)
        self.calls.append(Call("response_url", given, "", self.world.clock.monotonic()))
        try:
            return await self._guarded(request, "response_url", "", lambda: self._respond(request, given))
        finally:
            self.world.touched()

    def _respond(self, request: web.Request, given: Json) -> web.Response:
        try:
            return web.json_response(respond(self.world, request.match_info["key"], Arguments(given)))
        except SlackError as refusal:
            gone = refusal.answer["error"].endswith("_url")
            return web.json_response(refusal.answer, status=404 if gone else 400)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        content = await request.read()
        if request.content_type == "multipart/form-data":
            return web.Response(status=400, text="multipart is not emulated")
        self.calls.append(Call("upload", {"length": len(content)}, "", self.world.clock.monotonic()))
        file = self.world.files.get(request.match_info["file"])

        def keep() -> web.Response:
            if file is None or len(content) != file["length"]:
                return web.Response(status=400, text="length does not match")
            file["content"] = content
            return web.Response(text=f"OK - {len(content)}")

        return await self._guarded(request, "upload", "", keep)

    async def _guarded(
        self, request: web.Request, name: str, channel: str, run: Callable[[], web.Response]
    ) -> web.StreamResponse:
        """Carry a call out, with the fault that waits for it and the rate limit that holds."""
        fault = self.faults.take(name)
        if fault and not fault.after:
            return self._failed(request, fault)
        wait = self.rates.refusal(name, channel)
        if wait is not None:
            return limited(wait)
        answer = run()
        if fault is None:
            return answer
        if fault.kind == "late":
            await asyncio.sleep(fault.seconds)
            return answer
        return self._failed(request, fault)

    def _failed(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        match fault.kind:
            case "rate_limit":
                return limited(fault.seconds)
            case "status":
                return web.Response(status=fault.status, text="upstream error")
            case "garbage":
                return web.Response(body=b'{"ok": tr', content_type="application/json")
            case "refuse":
                return web.json_response({"ok": False, "error": fault.error})
            case _:
                if request.transport:
                    request.transport.abort()
                return web.Response()


def limited(seconds: float) -> web.Response:
    """The answer to one call too many."""
    headers = {"Retry-After": str(int(seconds))}
    return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)

"""The REST side: who may call, how often, what goes wrong, and the record of it all.

https://discord.com/developers/docs/reference
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import web
from aiohttp.multipart import BodyPartReader

from tests.emulators.discord.errors import TOO_LARGE, UNAUTHORIZED, ApiError
from tests.emulators.discord.faults import Call, Fault, Faults, Headers, RateLimits, limited
from tests.emulators.discord.state import Json
from tests.emulators.discord.world import World

BASE = "/api/v10"
MAJOR = ("channel_id", "guild_id", "webhook_id")
BIGGEST_FILE = 10 * 1024 * 1024


@dataclass(frozen=True)
class File:
    """A file as it came with a request."""

    field: str
    filename: str
    content: bytes


@dataclass(frozen=True)
class Ask:
    """One request, read."""

    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    files: list[File] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.params[name]

    @property
    def form(self) -> Json:
        """The body as an object; an empty one when nothing was sent.

        Raises:
            ApiError: 50035 when it is something else.
        """
        if self.body is not None and not isinstance(self.body, dict):
            error = {"code": "DICT_TYPE_CONVERT", "message": "Only dictionaries may be used in a DictType"}
            raise ApiError((400, 50035, "Invalid Form Body"), {"_errors": [error]})
        return self.body or {}

    def number(self, name: str, usual: int, lowest: int, highest: int) -> int:
        """A whole number of the query.

        Raises:
            ApiError: 50035 when it is none, or out of bounds.
        """
        text = self.query.get(name, str(usual))
        if not text.isdecimal() or not lowest <= int(text) <= highest:
            message = f"int value should be between {lowest} and {highest}."
            errors = {name: {"_errors": [{"code": "NUMBER_TYPE_MAX", "message": message}]}}
            raise ApiError((400, 50035, "Invalid Form Body"), errors)
        return int(text)


Handler = Callable[[World, Ask], Any]


@dataclass
class Routes:
    """A table of routes, filled by decorators: a handler gives JSON, or None for 204."""

    table: list[tuple[str, str, Handler]] = field(default_factory=list)

    def on(self, method: str, path: str) -> Callable[[Handler], Handler]:
        """Register a handler."""

        def keep(handler: Handler) -> Handler:
            self.table.append((method, path, handler))
            return handler

        return keep


class RestSide:
    """Answers REST calls.

    Attributes:
        calls: every call, in order.
        faults: what shall go wrong next.
        rates: the limits that hold.
        tables: the routes, installed when the server starts.
        broken: defects of the emulator itself, or payloads that it has no rule for; raised when it stops.
    """

    def __init__(self, world: World, tables: list[Routes]) -> None:
        self.world = world
        self.calls: list[Call] = []
        self.faults = Faults()
        self.rates = RateLimits()
        self.broken: list[Exception] = []
        self.tables = list(tables)

    def install(self, app: web.Application) -> None:
        """Add the routes, and an answer for every other address below the base."""
        for method, path, handler in (row for table in self.tables for row in table.table):
            app.router.add_route(method, BASE + path, self._serving(f"{method} {path}", handler))
        app.router.add_route("*", BASE + "/{rest:.*}", self._serving("unknown", _unknown))

    def _serving(self, route: str, handler: Handler) -> Callable[[web.Request], Any]:
        async def serve(request: web.Request) -> web.StreamResponse:
            return await self._serve(request, route, handler)

        return serve

    async def _serve(self, request: web.Request, route: str, handler: Handler) -> web.StreamResponse:
        at = time.monotonic()
        try:
            body, files = await read(request)
        except ApiError as refusal:
            return answer(refusal.status, refusal.body(), {})
        call = Call(request.method, request.path.removeprefix(BASE), route, body, dict(request.query), at)
        self.calls.append(call)
        place = len(self.calls) - 1
        self.world.touched()
        ask = Ask(request.match_info, request.query, body, files)
        try:
            response = await self._respond(request, route, handler, ask)
        except Exception as error:
            self.broken.append(error)
            raise
        self.calls[place] = replace(call, status=response.status if isinstance(response, web.Response) else 0)
        self.world.touched()
        return response

    async def _respond(self, request: web.Request, route: str, handler: Handler, ask: Ask) -> web.StreamResponse:
        fault = self.faults.take(route)
        if fault and not fault.after:
            return await _break(request, fault)
        major = ",".join(request.match_info.get(name, "") for name in MAJOR)
        headers, wait, scope = self.rates.pass_through(route, major)
        if wait > 0:
            body, more = limited(wait, scope)
            return answer(429, body, headers | more)
        try:
            self._authorize(request, route)
            found = handler(self.world, ask)
            response = answer(200, found, headers) if found is not None else web.Response(status=204, headers=headers)
        except ApiError as refusal:
            response = answer(refusal.status, refusal.body(), headers)
        if fault and fault.kind == "late":
            await asyncio.sleep(fault.seconds)
            return response
        return await _break(request, fault) if fault else response

    def _authorize(self, request: web.Request, route: str) -> None:
        open_routes = ("POST /interactions/", "unknown", "GET /gateway")
        webhook = "/webhooks/{webhook_id}/{token}" in route
        if webhook or (route.startswith(open_routes) and route != "GET /gateway/bot"):
            return
        if request.headers.get("Authorization") != f"Bot {self.world.token}":
            raise ApiError(UNAUTHORIZED)


def _unknown(world: World, ask: Ask) -> Any:
    raise ApiError((404, 0, "404: Not Found"))


async def _break(request: web.Request, fault: Fault) -> web.StreamResponse:
    if fault.kind == "cut":
        if request.transport:
            request.transport.abort()
        return web.StreamResponse()
    if fault.kind == "half":
        return await _half(request)
    if fault.kind == "rate_limit":
        body, headers = limited(fault.seconds, fault.scope, via=fault.via)
        return answer(429, body, headers)
    if fault.kind == "refuse":
        return answer(fault.status, {"message": fault.message, "code": fault.code}, {})
    return web.Response(status=fault.status, text="upstream error", content_type="text/plain")


async def _half(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"id": "1')
    if request.transport:
        request.transport.close()
    return response


def answer(status: int, body: Any, headers: Headers) -> web.Response:
    """JSON with the exact content type that clients compare with."""
    return web.Response(
        status=status, body=json.dumps(body).encode(), headers=headers | {"Content-Type": "application/json"}
    )


async def read(request: web.Request) -> tuple[Any, list[File]]:
    """The JSON of a request and the files with it.

    Raises:
        ApiError: 50109 for what is no JSON, 40005 for files over 10 MiB.
    """
    if request.content_type == "multipart/form-data":
        return await _read_parts(request)
    text = await request.text()
    if not text:
        return None, []
    if request.content_type != "application/json":
        message = "Expected \"Content-Type\" header to be one of {'application/json'}."
        raise ApiError(
            (400, 50035, "Invalid Form Body"), {"_errors": [{"code": "CONTENT_TYPE_INVALID", "message": message}]}
        )
    return _parse(text), []


async def _read_parts(request: web.Request) -> tuple[Any, list[File]]:
    body: Json = {}
    files = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        if part.name == "payload_json":
            body = _parse(await part.text())
        else:
            files.append(File(part.name or "", part.filename or "unknown", bytes(await part.read())))
    if sum(len(item.content) for item in files) > BIGGEST_FILE:
        raise ApiError(TOO_LARGE)
    return body, files


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise ApiError((400, 50109, "The request body contains invalid JSON.")) from None

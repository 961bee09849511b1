"""``/healthz``, ``/readyz`` and ``/metrics``: for whoever watches over the installation; nothing of any member."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

NAME = "connections"
OK = "ok"
FRESH = {"Cache-Control": "no-store"}


class Watched(Protocol):
    """What knows how things stand."""

    async def parts(self) -> Mapping[str, str]: ...
    async def figures(self) -> bytes: ...


def routes(watched: Watched) -> list[BaseRoute]:
    """Return the three routes."""

    async def alive(_request: Request) -> Response:
        return JSONResponse({"assistant": NAME, "alive": True}, headers=FRESH)

    async def ready(_request: Request) -> Response:
        parts = await watched.parts()
        all_well = all(state == OK for state in parts.values())
        return JSONResponse({"ready": all_well, **parts}, 200 if all_well else 503, headers=FRESH)

    async def metrics(_request: Request) -> Response:
        return Response(await watched.figures(), media_type=CONTENT_TYPE_LATEST, headers=FRESH)

    return [Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", metrics)]

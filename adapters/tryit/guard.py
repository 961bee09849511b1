"""What stands before every route: the page answers only itself, and only on this machine's own address."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.i18n import N_, _, use_locale

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_WRONG_HOST = N_("The sample chat does not answer at this address. Open the address that the start-up printed.")
_FOREIGN = N_("This request came from another page, so it was refused. Use the sample chat's own page.")


class Guard:
    """Refuses foreign hosts (DNS rebinding) and posts from other origins, and sets the security headers.

    There are no cookies, so nothing else could be forged on a visitor's behalf.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str] = LOOPBACK_HOSTS) -> None:
        """Stand before ``app``, which answers under these host names alone."""
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        app = self._refusal(Request(scope)) or self._app
        await app(scope, receive, send_guarded)

    def _refusal(self, request: Request) -> ASGIApp | None:
        with use_locale(request.query_params.get("lang", "")):
            if _host(request.headers) not in self._hosts:
                return PlainTextResponse(_(_WRONG_HOST), 421)
            if request.method not in {"GET", "HEAD"} and not _same_origin(request.headers):
                return PlainTextResponse(_(_FOREIGN), 403)
        return None


def _host(headers: Headers) -> str | None:
    try:
        return urlsplit(f"//{headers.get('host', '')}").hostname
    except ValueError:
        return None


def _same_origin(headers: Headers) -> bool:
    # Fetch Metadata where the browser sends it, else the Origin header, which every browser sends with a post.
    if site := headers.get("sec-fetch-site"):
        return site == "same-origin"
    return headers.get("origin", "") == f"http://{headers.get('host')}"

"""The sample chat's routes: one page, the posts it makes, and a stream that tells it when to look again."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from pathlib import Path
from urllib.parse import parse_qs, quote

from sse_starlette import EventSourceResponse
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from adapters.tryit.clock_control import ClockControl
from adapters.tryit.guard import LOOPBACK_HOSTS, Guard
from adapters.tryit.inbound import Dispatch, Doorway, is_shown_to
from adapters.tryit.page import Pages
from adapters.tryit.platform import ChatPlatform
from adapters.tryit.suggestions import Suggestion
from adapters.tryit.window import Window
from bot.errors import Conflict, InvalidInput, NotFound, UserError
from bot.i18n import N_, _, use_locale
from bot.messages import File

MAX_BODY = 200_000
_DRAINED = 16_000_000  # a browser shows an answer only once its whole body was taken, so long bodies are read away
_FETCHED = "x-requested-with"  # set by the page's script, which wants no redirect

Answers = dict[str, list[str]]
Act = Callable[[Window, Answers], Awaitable[None]]


def routes(
    platform: ChatPlatform,
    dispatch: Dispatch,
    clock: ClockControl,
    *,
    suggestions: Sequence[Suggestion] = (),
    hosts: Collection[str] = LOOPBACK_HOSTS,
) -> list[BaseRoute]:
    """Return the routes of the page at ``/`` and of everything it needs under ``/chat``."""
    site = _Site(platform, dispatch, clock, suggestions)
    guard = [Middleware(Guard, hosts=hosts)]
    acts = {
        "say": site.say,
        "press": site.press,
        "submit": site.submit,
        "close": site.close,
        "join": site.join,
        "clock": site.move_clock,
    }
    return [
        Route("/", site.page, middleware=guard),
        Route("/chat/file", site.file, middleware=guard),
        Route("/chat/events", site.events, middleware=guard),
        *(Route(f"/chat/{name}", site.posting(act), methods=["POST"], middleware=guard) for name, act in acts.items()),
        Mount("/chat/static", StaticFiles(directory=Path(__file__).with_name("static")), middleware=guard),
    ]


class _Site:
    def __init__(
        self, platform: ChatPlatform, dispatch: Dispatch, clock: ClockControl, suggestions: Sequence[Suggestion]
    ) -> None:
        self._chat = platform
        self._doorway = Doorway(platform, dispatch)
        self._clock = clock
        self._pages = Pages(platform, suggestions)

    # --- the page and its stream -------------------------------------------------------------------------------------

    async def page(self, request: Request) -> Response:
        try:
            window = self._window(request)
        except UserError as error:
            return self._refuse(request, self._fallback(request), error)
        with use_locale(window.language):
            draft = self._pages.draft(request.query_params.get("try"))
        return HTMLResponse(self._pages.write(window, draft=draft, post=secrets.token_hex(12)))

    async def events(self, _request: Request) -> Response:
        async def stream() -> AsyncIterator[dict[str, str]]:
            async for _change in self._chat.changes():
                yield {"event": "changed", "data": "look again"}

        return EventSourceResponse(stream())

    async def file(self, request: Request) -> Response:
        window = self._fallback(request)
        query = request.query_params
        posted = self._chat.message(query.get("message", ""))
        blocks = posted.message.blocks if posted and is_shown_to(window.user, posted) else ()
        files = [
            block for at, block in enumerate(blocks, 1) if isinstance(block, File) and str(at) == query.get("block")
        ]
        if not files:
            return self._refuse(request, window, NotFound(N_("This file is gone. Ask for it again.")))
        name = f"attachment; filename*=UTF-8''{quote(files[0].name)}"
        return PlainTextResponse(files[0].content, headers={"Content-Disposition": name})

    # --- what the page posts -----------------------------------------------------------------------------------------

    def posting(self, act: Act) -> Callable[[Request], Awaitable[Response]]:
        """Return the endpoint that reads a post, acts, and leads back to the page; errors become a sentence on it."""

        async def endpoint(request: Request) -> Response:
            window = self._fallback(request)
            try:
                answers = await _read(request)
                window = self._window(request)
                await act(window, answers)
            except UserError as error:
                return self._refuse(request, window, error)
            if _FETCHED in request.headers:
                return Response(status_code=204)
            return RedirectResponse(window.place.url() + "#composer", status_code=303)

        return endpoint

    async def say(self, window: Window, answers: Answers) -> None:
        await self._doorway.say(window.user, window.place.channel_id, _one(answers, "text"), _one(answers, "post"))

    async def press(self, window: Window, answers: Answers) -> None:
        value = answers.get("value", [None])[-1]
        await self._doorway.press(window.user, _one(answers, "message"), _one(answers, "action"), value)

    async def submit(self, window: Window, answers: Answers) -> None:
        await self._doorway.submit(window.user, _one(answers, "serial"), answers)

    async def close(self, window: Window, answers: Answers) -> None:
        self._doorway.close_form(window.user, _one(answers, "serial"))

    async def join(self, window: Window, _answers: Answers) -> None:
        await self._doorway.join(window.user)

    async def move_clock(self, _window: Window, answers: Answers) -> None:
        match _one(answers, "move"):
            case "hour":
                await self._clock.forward(1)
            case "reminder":
                if not await self._clock.to_next_reminder():
                    raise Conflict(N_("No reminder is waiting. Plan a meeting first."))
            case "meeting":
                if not await self._clock.to_meeting():
                    raise Conflict(N_("No meeting is planned. Plan one first."))
            case _:
                raise InvalidInput(N_("The clock moves by an hour, to the next reminder or to the meeting."))
        self._chat.touch()

    # --- windows and refusals ----------------------------------------------------------------------------------------

    def _window(self, request: Request) -> Window:
        query = request.query_params
        window = self._pages.window(query.get("as"), query.get("channel"), query.get("lang"))
        if window is None:
            raise NotFound(N_("There is no such member or channel here. Choose one from the lists."))
        return window

    def _fallback(self, request: Request) -> Window:
        query = request.query_params
        windows = (
            self._pages.window(viewer, channel, query.get("lang"))
            for viewer, channel in ((query.get("as"), query.get("channel")), (query.get("as"), None), (None, None))
        )
        return next(window for window in windows if window)

    def _refuse(self, request: Request, window: Window, error: UserError) -> Response:
        with use_locale(window.language):
            sentence = _(error.msgid).format(**error.params)
        status = {NotFound: 404, Conflict: 409}.get(type(error), 422)
        if _FETCHED in request.headers:
            return PlainTextResponse(sentence, status)
        return HTMLResponse(self._pages.write(window, notice=sentence, post=secrets.token_hex(12)), status)


def _one(answers: Answers, name: str) -> str:
    return answers.get(name, [""])[-1]


async def _read(request: Request) -> Answers:
    body, length = bytearray(), 0
    async for chunk in request.stream():
        length += len(chunk)
        if length <= MAX_BODY:
            body += chunk
        elif length > _DRAINED:
            break
    if length > MAX_BODY:
        raise InvalidInput(N_("That is too much at once: {limit} kB is the most. Send it in parts."), limit=200)
    try:
        return parse_qs(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=500)
    except ValueError:
        raise InvalidInput(N_("This is not text. Paste or type words, not the contents of a file.")) from None

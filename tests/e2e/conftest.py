"""A real browser on the sample chat's page, and what tests may hold on to there.

The page keeps these hooks; tests and drivers use them and nothing else:

- ``/?as=s04&channel=francais&lang=fr`` is one member's window: ``as`` a user id, ``channel`` a channel id or ``direct``
  (the member's own line to the assistant, the default), ``lang`` the page's language (the viewer's own by default).
- Test ids: ``room`` (the heading of the conversation), ``log`` (role log), ``message`` (one each, with ``data-author``
  ``you``, ``other`` or ``assistant`` and ``data-private`` ``true`` or ``false``; its id is ``m`` and its number),
  ``body`` (inside a message: what was said, with ``lang``), ``composer``, ``form`` (the modal dialog, present only
  while a form is open), ``join``, ``notice`` (role alert: what went wrong), ``clock``, ``people``, ``hints``.
- Ids: ``text`` (the message box), ``send``, ``join`` (the button), ``form-submit``, ``form-close``, ``clock-hour``,
  ``clock-reminder``, ``clock-meeting``, ``clock-now``, ``you`` (opens the choice of viewers), ``as-<user id>``,
  ``to-<channel id>`` and ``to-direct``, ``try-ask``, ``try-meet``, ``try-join``, ``try-write``.
- Buttons and selects of a message carry their labels; a select is followed by a button that makes the choice. Fields of
  a form carry their labels, several choices are checkboxes in a group of that name.
- Under 60rem of width the channels, under 80rem the clock's buttons and the hints, stand behind a summary to be opened.
- What somebody sends is on the page, and answered, once its ``message`` is there: wait for that, never for a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from typing import Literal

import pytest
import uvicorn
from playwright.async_api import Browser, Page, async_playwright
from starlette.applications import Starlette

from tests.sample_chat import Stage, set_stage


@dataclass
class Served:
    """A stage whose page is served at an address."""

    stage: Stage
    address: str


class _Server(uvicorn.Server):
    """A server inside the test's own loop, which leaves the process's signals alone."""

    def __init__(self, app: Starlette) -> None:
        super().__init__(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", lifespan="off"))
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @property
    def address(self) -> str:
        """Where it listens."""
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        return f"http://{host}:{port}"


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    """The sample chat with an echoing assistant, at a loopback address."""
    stage = set_stage()
    server = _Server(stage.app)
    serving = asyncio.create_task(server._serve())
    await server.ready.wait()
    yield Served(stage, server.address)
    server.should_exit = server.force_exit = True
    await serving
    stage.platform.close()


@pytest.fixture
async def browser(chromium_path: Path) -> AsyncIterator[Browser]:
    """Chromium."""
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield running
        await running.close()


Open = Callable[..., Awaitable[Page]]


@pytest.fixture
async def open_page(served: Served, browser: Browser) -> AsyncIterator[Open]:
    """A way to open windows; a script error on any of them fails the test."""
    errors: list[str] = []

    async def open_one(
        address: str = "/?as=s03&lang=en",
        *,
        width: int = 1440,
        height: int = 900,
        scheme: Literal["light", "dark"] = "light",
        script: bool = True,
    ) -> Page:
        context = await browser.new_context(
            base_url=served.address,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            java_script_enabled=script,
        )
        page = await context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if "Content Security Policy" in line.text else None)
        await page.goto(address)
        return page

    yield open_one
    assert errors == []

"""The one web server: everything that any adapter serves over HTTP is mounted on it."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.errors import ConfigError


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything is announced. Raises ConfigError when it is taken."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()  # whoever reads that it is ready may come at once
    except OSError as error:
        listening.close()
        msg = (
            f"The address {host}:{port} cannot be used ({error.strerror}). "
            "Choose another port with WEB_PORT, for example: WEB_PORT=8081 make run"
        )
        raise ConfigError(msg) from None
    return listening


async def serve(routes: Sequence[BaseRoute], listening: socket.socket) -> None:
    """Serve until the process is told to stop (SIGINT, SIGTERM), and print the address."""
    host, port = listening.getsockname()[:2]
    config = uvicorn.Config(Starlette(routes=list(routes)), log_config=None, access_log=False, lifespan="off")
    config.timeout_graceful_shutdown = 3
    server = _Server(config)
    print(f"Connections is ready: http://{host}:{port}/  (press Ctrl+C to stop)", flush=True)  # noqa: T201
    await server.serve(sockets=[listening])


class _Server(uvicorn.Server):
    """Stops when it is told to and lets the rest of the program stop in order, instead of raising the signal again."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # The pages' open event streams end unfinished now, which uvicorn would log as errors of ours.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        super().handle_exit(sig, frame)

"""How a command tells an operator that something cannot be done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from bot.errors import BotError


@contextmanager
def explained() -> Iterator[None]:
    """End with one clear sentence and status 2 instead of a traceback."""
    try:
        yield
    except BotError as error:
        typer.echo(f"connections: {error}", err=True)
        raise typer.Exit(2) from None

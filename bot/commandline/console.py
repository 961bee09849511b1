"""``connections console``: the sample community in the terminal."""

from __future__ import annotations

import io
import sys
from typing import Annotated

import typer

from bot.config import Settings, load_settings
from bot.errors import BotError, ConfigError
from bot.logs import configure


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(console)


def console(
    viewer: Annotated[
        str | None, typer.Option("--as", help="Who you are at first: a member's id, such as s04.")
    ] = None,
    lang: Annotated[str | None, typer.Option(help="The console's language, if it is not that member's own.")] = None,
) -> None:
    """Play the sample community in this terminal, or from a pipe. Type /help there; Ctrl+D ends."""
    try:
        _require_streams()
        settings = load_settings()
        configure(_quiet(settings))
        from bot.bootstrap import start_console  # noqa: PLC0415 - only now: the other commands start faster without it

        start_console(settings, viewer, lang)
    except BotError as error:
        typer.echo(f"connections: {error}", err=True)
        raise typer.Exit(2) from None


def _quiet(settings: Settings) -> Settings:
    """Keep the log of every message out of the conversation, unless a level was asked for."""
    return settings if "log_level" in settings.model_fields_set else settings.model_copy(update={"log_level": "error"})


def _require_streams() -> None:
    """Make sure that there is something to read from, and that no letter ends the program in a narrow encoding."""
    if sys.stdin is None or sys.stdout is None:
        msg = "There is nothing to read from or to write to. Start the console in a terminal, or pipe lines into it."
        raise ConfigError(msg)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")

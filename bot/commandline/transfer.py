"""``connections import`` and ``connections export``: a community's material in, and out again."""

from __future__ import annotations

import typer

from bot.commandline.exports import export_app
from bot.commandline.imports import import_app


def register(app: typer.Typer) -> None:
    """Add both groups of commands."""
    app.add_typer(import_app, name="import")
    app.add_typer(export_app, name="export")

"""``connections backup`` and ``connections restore``: the whole database in one file, and back."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.commandline.explained import explained
from bot.config import load_settings

KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def register(app: typer.Typer) -> None:
    """Add both commands."""
    app.command()(backup)
    app.command()(restore)


def backup(file: Annotated[Path, typer.Argument(help="The new file to write the backup to.")]) -> None:
    """Back the database up into one file; the assistant may be running."""
    from bot.bootstrap import save_backup  # noqa: PLC0415 - loads everything

    with explained():
        made = asyncio.run(save_backup(load_settings(), file))
        size = file.stat().st_size / 1_000_000
    typer.echo(f"Backed up to {file}: {KINDS[made.kind]}, revision {made.revision}, {size:.1f} MB.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that “connections backup” made.")],
    *,
    replace: Annotated[bool, typer.Option("--replace", help="Put it in the place of what is there now.")] = False,
) -> None:
    """Put a backup back; the assistant must not be running."""
    from bot.bootstrap import put_backup_back  # noqa: PLC0415

    with explained():
        done = asyncio.run(put_backup_back(load_settings(), file, replace=replace))
    typer.echo(f"Restored the backup of {done.manifest.created:%Y-%m-%d %H:%M} UTC, revision {done.manifest.revision}.")
    if done.uncertain:
        typer.echo(
            f"Messages that may have been sent since then: {done.uncertain}. At the next start the assistant looks "
            "for each of them, and sends only what is proven absent and still of use."
        )

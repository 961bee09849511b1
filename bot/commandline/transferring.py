"""How every import and export goes: look, ask, do it all or not at all.

Every import reads the whole file first and shows what it would do; a file with a wrong row changes nothing. What was
shown is what happens: it is worked out again in the transaction that saves it, and must come out the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import typer

from bot.commandline import previews
from bot.config import load_settings
from bot.errors import Conflict, InvalidInput
from bot.ports import UnitOfWork
from bot.tablefile import Note, Reading

PROGRESS_EVERY = 1000


@dataclass(frozen=True, slots=True)
class Job:
    """An import: what it would do (twice the same), printing that (how much is it), and doing it."""

    plan: Callable[[UnitOfWork], Awaitable[Any]]
    show: Callable[[Any], int]
    save: Callable[[UnitOfWork, Any, Callable[[int], None]], Awaitable[object]]


def sound(reading: Reading[Any]) -> None:
    """Refuse a file with anything wrong in it: print every reason by its line, and end with status 2."""
    refuse(reading.problems)


def refuse(problems: Sequence[Note]) -> None:
    """Print what is wrong, if anything, and end with status 2."""
    if problems:
        rows = "1 row" if len(problems) == 1 else f"{len(problems):,} rows"
        previews.noted(f"connections: {rows} cannot be imported:", problems, err=True)
        typer.echo("Nothing was imported. Correct this and import the file again.", err=True)
        raise typer.Exit(2)


def run_import(prepare: Callable[[datetime], Job], *, yes: bool) -> None:
    """Show what an import would do, ask, and do it in one transaction."""
    asyncio.run(_run(prepare, yes=yes))


async def _run(prepare: Callable[[datetime], Job], *, yes: bool) -> None:
    from bot.bootstrap import open_community  # noqa: PLC0415 - loads everything

    settings = load_settings()
    async with open_community(settings) as (uow_factory, clock):
        now = clock.now()
        job = prepare(now)
        async with uow_factory() as uow:
            planned = await job.plan(uow)
        if settings.sample:
            typer.echo("No platform is configured, so this is about the sample community.", err=True)
        count = job.show(planned)
        if not count:
            typer.echo("Nothing to import.")
            return
        if not (yes or confirmed("Import this?")):
            typer.echo("Nothing was imported. (--yes imports without asking.)")
            raise typer.Exit(1)
        async with uow_factory() as uow:
            if await job.plan(uow) != planned:
                msg = "What is there changed since it was shown. Nothing was imported; please look again."
                raise Conflict(msg)
            await job.save(uow, planned, Progress(count))
            await uow.commit()
    typer.echo("Imported.")


class Progress:
    """Says from time to time how much of a long import is saved."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0

    def __call__(self, more: int) -> None:
        """Count ``more``."""
        self._done += more
        if self._done % PROGRESS_EVERY == 0:
            typer.echo(f"  {self._done:,} of {self._total:,}", err=True)


def confirmed(question: str) -> bool:
    """Ask; no answer (the end of the input) is a no."""
    try:
        return typer.confirm(question)
    except typer.Abort:
        typer.echo()
        return False


def may_write(file: Path, *, yes: bool) -> None:
    """Ask before a file that exists is replaced. Ends with status 1 if it may not be."""
    if file.is_dir():
        msg = "“{file}” is a folder. Name a file in it."
        raise InvalidInput(msg, file=file)
    if file.exists() and not yes and not confirmed(f"{file} exists. Replace it?"):
        typer.echo("Nothing was exported. (--yes replaces a file without asking.)")
        raise typer.Exit(1)

"""``connections export``: resources, members and meetings."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Annotated

import typer

from bot.commandline.explained import explained
from bot.commandline.transferring import may_write
from bot.config import load_settings
from bot.errors import InvalidInput
from bot.features.meetings import calendarwriting
from bot.features.members import transfer as members
from bot.features.resources import transfer as resources
from bot.ports import UnitOfWork
from bot.textfile import whole_file

File = Annotated[Path, typer.Argument(help="The file to write.")]
Yes = Annotated[bool, typer.Option("--yes", help="Replace a file that exists without asking; for scripts.")]
Write = Callable[[IO[str], UnitOfWork, datetime], Awaitable[int]]

export_app = typer.Typer(help="Take material out.", no_args_is_help=True)


@export_app.command("resources")
def export_resources(file: File, *, yes: Yes = False) -> None:
    """Export the library: .csv for spreadsheets, .jsonl for programs."""
    _export(file, {".csv": _resources_csv, ".jsonl": _resources_json}, "resources", yes=yes)


@export_app.command("members")
def export_members(file: File, *, yes: Yes = False) -> None:
    """Export the members (.csv). The file holds personal data: keep it no longer than you need it."""
    _export(file, {".csv": _members_csv}, "members", yes=yes)


@export_app.command("meetings")
def export_meetings(file: File, *, yes: Yes = False) -> None:
    """Export the meetings: .ics for calendars, .csv for spreadsheets. Places and links are in the file."""
    _export(file, {".ics": _meetings_ics, ".csv": _meetings_csv}, "meetings", yes=yes)


def _export(file: Path, writers: Mapping[str, Write], what: str, *, yes: bool) -> None:
    with explained():
        write = writers.get(file.suffix.lower())
        if write is None:
            msg = "The file's name says how it is written: let it end in {endings}."
            raise InvalidInput(msg, endings=" or ".join(writers))
        may_write(file, yes=yes)
        count = asyncio.run(_written(file, write))
    typer.echo(f"Exported {count:,} {what} to {file}.")


async def _written(file: Path, write: Write) -> int:
    from bot.bootstrap import open_community  # noqa: PLC0415 - loads everything

    async with open_community(load_settings()) as (uow_factory, clock), uow_factory() as uow:
        with whole_file(file) as target:
            return await write(target, uow, clock.now())


async def _resources_csv(target: IO[str], uow: UnitOfWork, _now: datetime) -> int:
    return resources.write_csv(target, await uow.resources.all())


async def _resources_json(target: IO[str], uow: UnitOfWork, _now: datetime) -> int:
    return resources.write_json_lines(target, await uow.resources.all())


async def _members_csv(target: IO[str], uow: UnitOfWork, _now: datetime) -> int:
    return members.write_csv(target, await uow.members.all(), await uow.members.all_identities())


async def _meetings(uow: UnitOfWork) -> list[calendarwriting.Whole]:
    return [
        calendarwriting.Whole(
            meeting, await uow.meetings.agenda(meeting.id), await uow.meetings.occurrences_of(meeting.id)
        )
        for meeting in await uow.meetings.all()
    ]


async def _meetings_ics(target: IO[str], uow: UnitOfWork, now: datetime) -> int:
    found = await _meetings(uow)
    target.write(calendarwriting.write_calendar(found, now))
    return len(found)


async def _meetings_csv(target: IO[str], uow: UnitOfWork, now: datetime) -> int:
    return calendarwriting.write_csv(target, await _meetings(uow), now)

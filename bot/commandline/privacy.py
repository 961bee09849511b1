"""``connections privacy``: a member's copy of what is kept about them, or its end, by an operator's hand."""

from __future__ import annotations

import asyncio
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.catalogue import erasing_order
from bot.commandline.explained import explained
from bot.config import load_settings
from bot.errors import BotError
from bot.features.members.model import Member
from bot.features.privacy.handlers import Counts, erase_member, export_member
from bot.messages import UserRef
from bot.ports import UnitOfWork

OPERATOR = "operator"
SHOWN = 5
"""How many members of one name are told apart in a refusal."""

privacy_app = typer.Typer(help="Give out or erase what is kept about a member.", no_args_is_help=True)
MemberArgument = Annotated[
    str, typer.Argument(metavar="MEMBER", help="An id, an account (slack:T012/U034, discord:123) or an exact name.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(privacy_app, name="privacy")


@privacy_app.command()
def export(
    member: MemberArgument,
    file: Annotated[Path | None, typer.Argument(help="The new file to write; without it, print.")] = None,
) -> None:
    """Write everything that is kept about a member, as JSON."""
    with explained():
        if file is not None and file.exists():
            msg = f"{file} exists already and is left as it is. Name a new file."
            raise BotError(msg)
        name, data = asyncio.run(_export(member))
        text = json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True)
        if file is None:
            typer.echo(text)
        else:
            _write(file, text + "\n")
    records = sum(len(rows) for rows in data.values())
    where = f" to {file}" if file else ""
    typer.echo(f"Exported {records} records about {name}{where}. It was recorded that an export was made.", err=True)


@privacy_app.command()
def erase(
    member: MemberArgument,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
) -> None:
    """Erase everything that is kept about a member; this cannot be undone."""
    with explained():
        found = asyncio.run(_look_up(member))
        if not yes:
            typer.confirm(f"Erase everything that is kept about {found.name} ({found.id})?", abort=True)
        counts = asyncio.run(_erase(found.id))
    typer.echo(_receipt(found.name, counts))


def _receipt(name: str, counts: Counts) -> str:
    lines = [f"{name} is forgotten. This was erased:"]
    lines += [f"  {records.title}: {count}" for records, count in counts if records.erase == "delete"]
    kept = [f"  {records.title}: {count}" for records, count in counts if records.erase == "detach"]
    lines += ["This stays, without any trace of who it was:", *kept] if kept else []
    lines.append("Backups made before this still hold it. It was recorded that an erasure was made, and not of what.")
    return "\n".join(lines)


async def _look_up(text: str) -> Member:
    from bot.bootstrap import open_storage  # noqa: PLC0415 - loads everything

    async with open_storage(load_settings()) as uow_factory, uow_factory() as uow:
        return await _find(uow, text)


async def _export(text: str) -> tuple[str, dict[str, list[dict[str, Any]]]]:
    from bot.bootstrap import open_storage  # noqa: PLC0415

    async with open_storage(load_settings()) as uow_factory, uow_factory() as uow:
        member = await _find(uow, text)
        data = await export_member(uow, erasing_order(), member.id, datetime.now(UTC), OPERATOR)
        await uow.commit()
    return member.name, data


async def _erase(member_id: str) -> Counts:
    from bot.bootstrap import open_storage  # noqa: PLC0415

    async with open_storage(load_settings()) as uow_factory, uow_factory() as uow:
        counts = await erase_member(uow, erasing_order(), member_id, datetime.now(UTC), OPERATOR)
        await uow.commit()
    return counts


async def _find(uow: UnitOfWork, text: str) -> Member:
    """Return the one member that is meant. Raises BotError when there is none, or more than one."""
    found = await uow.members.get(text) or await _by_account(uow, text)
    if found is not None:
        return found
    named = [member for member in await uow.members.all() if member.name == text]
    if len(named) == 1:
        return named[0]
    if named:
        ids = ", ".join(member.id for member in named[:SHOWN])
        msg = f"{len(named)} members are called “{text}”. Say which one by its id: {ids}."
        raise BotError(msg)
    msg = f"Nobody here is “{text}”. Give an id, an account such as slack:T012/U034, or the exact name."
    raise BotError(msg)


async def _by_account(uow: UnitOfWork, text: str) -> Member | None:
    platform, colon, account = text.partition(":")
    if not colon:
        return None
    workspace, slash, user = account.rpartition("/")
    if slash:
        return await uow.members.by_user(UserRef(platform, workspace, user))
    for member in await uow.members.all():
        for identity in await uow.members.identities(member.id):
            if (identity.user.platform, identity.user.user) == (platform, account):
                return member
    return None


def _write(file: Path, text: str) -> None:
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        msg = f"{file} cannot be written ({error.strerror}). Name another file."
        raise BotError(msg) from error
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)

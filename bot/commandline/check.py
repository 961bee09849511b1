"""``connections check``: what is wrong with the installation, and the one step that mends each thing."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Annotated
from urllib.error import URLError
from urllib.request import urlopen

import typer
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from dotenv import dotenv_values
from pydantic import ValidationError

from bot import checks
from bot.checks import Finding, Level
from bot.config import Settings
from bot.i18n import DOMAIN, LOCALES, SOURCE_LANGUAGE, available_languages
from bot.times.tzdata import tzdata_version

PRIVATE = stat.S_IRWXG | stat.S_IRWXO
WRITABLE = stat.S_IWGRP | stat.S_IWOTH
PATIENCE = 2.0
"""How many seconds the page's address may take to answer."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(check)


def check(*, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Look at settings, files, database, languages, engines and platforms; status 1 when something is to be mended."""
    findings = list(_findings())
    well = all(finding.level is not Level.WRONG for finding in findings)
    if as_json:
        typer.echo(json.dumps({"ok": well, "findings": [asdict(each) for each in findings]}, ensure_ascii=False))
    else:
        for finding in findings:
            step = f"\n       {finding.step}" if finding.step else ""
            typer.echo(f"{finding.level.value:<6} {finding.name}: {finding.text}{step}")
        typer.echo("All is well." if well else "What is marked “wrong” needs mending.")
    raise typer.Exit(0 if well else 1)


def _findings() -> Iterator[Finding]:
    yield from checks.judge_names(dotenv_values(Settings.model_config["env_file"]))  # type: ignore[arg-type]
    try:
        settings = Settings()
    except ValidationError as error:
        yield from _unusable(error)
    else:
        yield from _installation(settings)
    yield from checks.judge_catalogs(_missing())


def _unusable(error: ValidationError) -> Iterator[Finding]:
    for problem in error.errors(include_input=False, include_url=False):
        name = "_".join(str(part) for part in problem["loc"]).upper()
        yield checks.wrong(name, problem["msg"], "Correct it in .env; .env.example explains it.")


def _installation(settings: Settings) -> Iterator[Finding]:
    from bot.bootstrap import known_rooms, look_at_platforms, look_into  # noqa: PLC0415 - loads everything

    yield from checks.judge_settings(settings, available_languages())
    yield from _files(settings)
    database, engines = asyncio.run(look_into(settings))
    yield from checks.judge_database(database, sample=settings.sample)
    yield from _private(database.file)
    yield checks.judge_tzdata(tzdata_version(), database.tzdata)
    yield from checks.judge_engines(engines)
    yield _port(settings)
    if not settings.sample:
        rooms = asyncio.run(known_rooms(settings, database))
        yield from asyncio.run(look_at_platforms(settings, rooms))


def _files(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_dir
    if not folder.exists():
        yield checks.ok(str(folder), "will be made at the first start")
        return
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        yield checks.wrong(str(folder), "it is no folder that can be written to", "Name another one in DATA_DIR.")
        return
    yield checks.judge_mode(folder, folder.stat().st_mode, WRITABLE, f"chmod go-w {folder}")
    yield from _private(folder / "secret_key")


def _private(path: Path | None) -> Iterator[Finding]:
    if path is not None and path.exists():
        yield checks.judge_mode(path, path.stat().st_mode, PRIVATE, f"chmod 600 {path}")


def _missing() -> dict[str, int]:
    """Return for each language how many texts of the template have no translation."""
    template = _read(LOCALES / f"{DOMAIN}.pot")
    found = {}
    for language in available_languages():
        if language != SOURCE_LANGUAGE:
            catalog = _read(LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po")
            wanted = (catalog.get(message.id, message.context) for message in template if message.id)
            found[language] = sum(not _translated(message) for message in wanted)
    return found


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def _translated(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


def _port(settings: Settings) -> Finding:
    host, port = settings.web_host, settings.web_port
    address = f"{host}:{port}" if port else f"{host}, any free port"
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = error.strerror or str(error)
            return checks.judge_port(address, error=reason, ours=_is_ours(host, port))
    return checks.judge_port(address, error=None, ours=False)


def _is_ours(host: str, port: int) -> bool:
    """Tell whether it is the assistant that answers there."""
    name = f"[{host}]" if ":" in host else host
    try:
        with urlopen(f"http://{name}:{port}/healthz", timeout=PATIENCE) as answer:
            return bool(json.load(answer).get("assistant") == "connections")
    except (URLError, OSError, ValueError, AttributeError):
        return False

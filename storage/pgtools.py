"""PostgreSQL's own programs, which know best how to copy a database of theirs."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

from sqlalchemy.engine import URL

from bot.errors import ConfigError

INSTALLED = Path("/usr/lib/postgresql")


def find_tool(name: str) -> Path:
    """Return a program, from PATH or from where Debian keeps them. Raises ConfigError when there is none."""
    found = shutil.which(name)
    if found:
        return Path(found)
    folders = sorted(INSTALLED.glob("*/bin"), key=_version, reverse=True)
    programs = (folder / name for folder in folders)
    program = next((each for each in programs if os.access(each, os.X_OK)), None)
    if program is None:
        msg = (
            f"PostgreSQL's own program {name} is needed for this, and it was not found. Install your system's package "
            "(postgresql-client on Debian and Ubuntu), or put its folder on PATH."
        )
        raise ConfigError(msg)
    return program


def _version(folder: Path) -> int:
    number = re.match(r"\d+", folder.parent.name)
    return int(number[0]) if number else 0


async def run_tool(url: URL, name: str, *arguments: str | Path) -> None:
    """Run a program on a database; the password stays out of the command line.

    Raises ConfigError with the program's own words when it fails.
    """
    process = await asyncio.create_subprocess_exec(
        find_tool(name), *arguments, env=_environment(url), stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE
    )
    _nothing, errors = await process.communicate()
    if process.returncode:
        said = [line for line in errors.decode(errors="replace").splitlines() if line.strip()]
        telling = [line for line in said if re.search(r"error|detail|fatal", line, re.IGNORECASE)] or said
        msg = f"{name} could not do it, and nothing was changed: {'; '.join(telling[:2])}"
        raise ConfigError(msg)


def _environment(url: URL) -> dict[str, str]:
    """Return the address as PostgreSQL's programs take it.

    See https://www.postgresql.org/docs/current/libpq-envars.html.
    """
    told = {
        "PGHOST": url.host or url.query.get("host"),
        "PGPORT": url.port or url.query.get("port"),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGSSLMODE": url.query.get("ssl") or url.query.get("sslmode"),
    }
    return {**os.environ, **{name: str(value) for name, value in told.items() if value}}

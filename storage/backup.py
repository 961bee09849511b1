"""Backing a database up while the assistant runs, and putting a backup back while it does not."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import URL

from bot.errors import ConfigError
from storage import backuppostgres, backupsqlite
from storage.backupfile import Manifest, extract, read_manifest, write_backup
from storage.engine import database_file, database_url
from storage.lock import InUse, exclusive_lock
from storage.upgrade import revisions

KINDS = {"sqlite": "an SQLite file", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and how many messages will be looked for before anything is sent."""

    manifest: Manifest
    uncertain: int


async def back_up(database: str, target: Path) -> Manifest:
    """Write a consistent copy of the database to a new file. Raises ConfigError saying what is in the way."""
    url = database_url(database)
    with _workplace(target.parent) as folder:
        _check_new(target)
        copy, created = folder / "copy", datetime.now(UTC)
        revision = await (_copy_file(url, copy) if _kind(url) == "sqlite" else backuppostgres.dump(url, copy))
        return write_backup(target, copy, revision=revision, created=created, kind=_kind(url))


async def restore(database: str, source: Path, *, replace: bool) -> Restored:
    """Put a backup in the place of the database, in one step; ``replace`` allows that it holds something.

    Raises ConfigError, with nothing changed, for a backup that does not fit, and for a database in use.
    """
    url = database_url(database)
    manifest = read_manifest(source)
    _check_fits(manifest, url)
    if _kind(url) == "postgresql":
        with tempfile.TemporaryDirectory() as name:
            payload = _extracted(source, manifest, Path(name))
            return Restored(manifest, await backuppostgres.put_back(url, payload, manifest.created, replace=replace))
    path = _file(url)
    try:
        with exclusive_lock(path.parent), _workplace(path.parent) as folder:
            payload = _extracted(source, manifest, folder)
            return Restored(manifest, await backupsqlite.put_back(path, payload, manifest.created, replace=replace))
    except InUse as error:
        msg = f"The assistant is running (process {error.holder}). Stop it, then restore; nothing was changed."
        raise ConfigError(msg) from None


def _check_new(target: Path) -> None:
    if target.exists():
        msg = f"{target} exists already and is left as it is. Name a new file for the backup."
        raise ConfigError(msg)


def _kind(url: URL) -> str:
    return url.get_backend_name()


def _file(url: URL) -> Path:
    path = database_file(url)
    if path is None:
        msg = "A database in memory cannot be backed up or restored; name a file or PostgreSQL in DATABASE_URL."
        raise ConfigError(msg)
    return path


async def _copy_file(url: URL, to: Path) -> str:
    return backupsqlite.copy(_file(url), to)


def _extracted(source: Path, manifest: Manifest, folder: Path) -> Path:
    payload = folder / "payload"
    extract(source, manifest, payload)
    return payload


def _check_fits(manifest: Manifest, url: URL) -> None:
    if manifest.kind != _kind(url):
        made, here = KINDS.get(manifest.kind, manifest.kind), KINDS[_kind(url)]
        msg = f"This backup was made of {made}, and the settings name {here}. Name {made} in DATABASE_URL."
        raise ConfigError(msg)
    if manifest.revision not in revisions():
        msg = (
            f"This backup is newer than this version of the assistant (revision {manifest.revision}; this version "
            f"knows {revisions()[-1]}). Install the version that made it, then restore."
        )
        raise ConfigError(msg)


@contextmanager
def _workplace(folder: Path) -> Iterator[Path]:
    """Give a folder of our own beside the file to be made, so that it can be moved there in one step."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".backup-") as name:
            yield Path(name)
        _settle(folder)
    except OSError as error:
        msg = f"The folder {folder} cannot be written to ({error.strerror}), so nothing was changed."
        raise ConfigError(msg) from error


def _settle(folder: Path) -> None:
    """See to it that the new name in the folder survives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

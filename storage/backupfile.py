"""A backup in one file: a zip archive of a small manifest and the database's own copy."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
import zlib
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from bot.errors import ConfigError

FORMAT = "connections backup 1"
MANIFEST = "manifest.json"
PAYLOAD = "database"
LARGEST_MANIFEST = 10_000
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself: the schema's revision, when it was made (UTC), the kind of database, a checksum."""

    revision: str
    created: datetime
    kind: str
    sha256: str
    size: int


def write_backup(target: Path, payload: Path, *, revision: str, created: datetime, kind: str) -> Manifest:
    """Put a database's copy into ``target``, whole or not at all, readable by its owner alone."""
    manifest = Manifest(revision, created, kind, _digest(payload), payload.stat().st_size)
    told = {"format": FORMAT, **asdict(manifest), "created": created.isoformat()}
    part = payload.with_name("backup.zip")
    part.touch(mode=0o600)
    with part.open("r+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(MANIFEST, json.dumps(told, indent=2))
            archive.write(payload, PAYLOAD)
        file.flush()
        os.fsync(file.fileno())
    part.rename(target)
    return manifest


def read_manifest(source: Path) -> Manifest:
    """Return what a backup says of itself. Raises ConfigError for a file that is none, or is cut off."""
    try:
        with zipfile.ZipFile(source) as archive:
            with archive.open(MANIFEST) as file:
                told = json.loads(file.read(LARGEST_MANIFEST))
            if told.pop("format") != FORMAT or PAYLOAD not in archive.namelist():
                raise KeyError(FORMAT)
            return Manifest(**{**told, "created": datetime.fromisoformat(told["created"])})
    except (OSError, zipfile.BadZipFile, EOFError) as error:
        raise _unreadable(source, error) from error
    except (KeyError, TypeError, ValueError, AttributeError, NotImplementedError, RuntimeError) as error:
        raise _foreign(source) from error


def extract(source: Path, manifest: Manifest, to: Path) -> None:
    """Write the database's copy to ``to``. Raises ConfigError when it is not the one that was backed up."""
    to.touch(mode=0o600)
    try:
        with zipfile.ZipFile(source) as archive, archive.open(PAYLOAD) as inside, to.open("wb") as outside:
            shutil.copyfileobj(inside, outside, CHUNK)
    except (zipfile.BadZipFile, EOFError, ValueError, zlib.error) as error:
        raise _damaged(source) from error
    if to.stat().st_size != manifest.size or _digest(to) != manifest.sha256:
        raise _damaged(source)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unreadable(source: Path, error: Exception) -> ConfigError:
    if isinstance(error, OSError):
        return ConfigError(f"The backup {source} cannot be read ({error.strerror or error}). Name another file.")
    with source.open("rb") as file:
        return _damaged(source) if _begins_like_a_backup(file) else _foreign(source)


def _begins_like_a_backup(file: BinaryIO) -> bool:
    start = file.read(100)
    return start.startswith(b"PK\x03\x04") and MANIFEST.encode() in start


def _damaged(source: Path) -> ConfigError:
    return ConfigError(f"The backup {source} is damaged or cut off, so nothing was changed. Use another backup.")


def _foreign(source: Path) -> ConfigError:
    return ConfigError(f"{source} is not a backup made by “connections backup”, so nothing was changed.")

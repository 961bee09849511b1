"""Writing settings into ``.env``: every other line stays, a copy of the old file is kept, nobody else may read it."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from dotenv import set_key

import bot

EXAMPLE = Path(bot.__file__).parent.parent / ".env.example"
"""The explained settings, which a first ``.env`` begins with; not there in an installed package."""
PLAIN = re.compile(r"[\w.:/,+=@-]*", re.ASCII)
"""What needs no quotes."""


def write_settings(file: Path, values: Mapping[str, str]) -> Path | None:
    """Set these values in the file, at once or not at all; return the copy of what was there, None if nothing was.

    Raises OSError, with the file as it was.
    """
    target = file.resolve()
    old = target.read_bytes() if target.exists() else None
    copy = None if old is None else _private(target.parent, f"{target.name}.{datetime.now(UTC):%Y%m%dT%H%M%SZ}.", old)
    fresh = _private(target.parent, f"{target.name}.new.", old if old is not None else _example())
    try:
        for name, value in values.items():
            set_key(fresh, name, value, quote_mode="never" if PLAIN.fullmatch(value) else "always")
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    return copy


def _private(folder: Path, prefix: str, content: bytes) -> Path:
    """Return a new file with a name of its own, which only its owner may use."""
    handle, name = tempfile.mkstemp(dir=folder, prefix=prefix)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return Path(name)


def _example() -> bytes:
    return EXAMPLE.read_bytes() if EXAMPLE.exists() else b""

"""One process at a time runs the assistant on an SQLite file; a second one says so and stops."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import ConfigError


class InUse(ConfigError):  # noqa: N818 - reads as the sentence it is
    """Another process runs the assistant here; ``holder`` is its number."""

    def __init__(self, data_dir: Path, holder: str) -> None:
        self.holder = holder
        super().__init__(
            f"The assistant is already running on {data_dir} (process {holder}). Stop that one first, or give this one "
            "its own folder with DATA_DIR, or use PostgreSQL, which several processes can share."
        )


@contextmanager
def exclusive_lock(data_dir: Path) -> Iterator[None]:
    """Hold the data folder's lock file while inside.

    The system gives the lock back when the process ends, however it ends, so that nothing has to be cleaned up after
    a crash. Raises ConfigError when another process holds it, or when the folder cannot be written to.
    """
    path = data_dir / "connections.lock"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        msg = f"The data folder {data_dir} cannot be written to ({error.strerror}); give its owner's account access."
        raise ConfigError(msg) from error
    try:
        _take(file, data_dir)
        yield
    finally:
        os.close(file)


def _take(file: int, data_dir: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(file, 20).decode("ascii", "replace").strip() or "unknown"
        raise InUse(data_dir, holder) from None
    os.truncate(file, 0)
    os.write(file, f"{os.getpid()}\n".encode())

"""Text files as people save them, read line by line, and files written whole or not at all.

What is wrong with a file is an InvalidInput that says how to save it anew. The sentences are for operators and stay
English.
"""

from __future__ import annotations

import codecs
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bot.errors import InvalidInput

LONGEST_LINE = 1_000_000
LARGEST_TEXT = 10_000_000
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_SAVE = "Save it anew as UTF-8 (in a spreadsheet: “CSV UTF-8”; in an editor: Save as, encoding UTF-8) and try again."


def read_text(path: Path) -> str:
    """Return a whole file of at most ``LARGEST_TEXT`` bytes. Raises InvalidInput."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise _unreadable(path, error) from None
    if size > LARGEST_TEXT:
        msg = "“{file}” is larger than {most} MB. Split it."
        raise InvalidInput(msg, file=path, most=LARGEST_TEXT // 1_000_000)
    return "".join(lines(path))


def lines(path: Path) -> Iterator[str]:
    """Yield the lines with their ends. Raises InvalidInput for what is no text in UTF-8, or UTF-16 with its mark."""
    number = 0
    try:
        encoding = _encoding(path)
        with path.open(encoding=encoding, newline="") as text:
            while line := text.readline(LONGEST_LINE):
                number += 1
                if len(line) == LONGEST_LINE:
                    msg = "Line {line} is longer than {most} characters: this is not a table or a text."
                    raise InvalidInput(
                        msg,
                        line=number,
                        most=LONGEST_LINE,
                    )
                yield line
    except OSError as error:
        raise _unreadable(path, error) from None
    except UnicodeDecodeError:
        raise _wrong_encoding(path, encoding, number) from None


def _unreadable(path: Path, error: OSError) -> InvalidInput:
    return InvalidInput("“{file}” cannot be read: {why}.", file=path, why=error.strerror or "unknown reason")


def _encoding(path: Path) -> str:
    with path.open("rb") as raw:
        head = raw.read(4096)
    if not head.startswith(_UTF32):
        for mark, encoding in _MARKS:
            if head.startswith(mark):
                return encoding
    if b"\0" in head:
        msg = "“{file}” is not a text in UTF-8: it is UTF-16 or UTF-32 that does not say so, or no text at all. {save}"
        raise InvalidInput(
            msg,
            file=path,
            save=_SAVE,
        )
    return "utf-8"


def _wrong_encoding(path: Path, encoding: str, read: int) -> InvalidInput:
    """Name the first line that is not in the encoding; for UTF-16, the last one that was."""
    if encoding == "utf-16":
        return InvalidInput(
            "“{file}” is cut off or damaged after line {line}. {save}", file=path, line=read, save=_SAVE
        )
    with path.open("rb") as raw:
        for number, line in enumerate(raw, start=1):
            try:
                line.decode(encoding)
            except UnicodeDecodeError as error:
                around = line[max(error.start - 20, 0) : error.start + 20].decode("cp1252", "replace").strip()
                return InvalidInput(
                    "Line {line} is not UTF-8; it looks like Latin-1 or Windows-1252: “{around}”. {save}",
                    line=number,
                    around=around,
                    save=_SAVE,
                )
    return InvalidInput("“{file}” is not UTF-8. {save}", file=path, save=_SAVE)


@contextmanager
def whole_file(path: Path) -> Iterator[IO[str]]:
    """Write a file (UTF-8, readable by its owner) that appears only when it is complete. Raises InvalidInput."""
    fresh = None
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as target:
            fresh = Path(target.name)
            yield target
            target.flush()
            os.fsync(target.fileno())
        fresh.replace(path)
    except OSError as error:
        msg = "“{file}” could not be written: {why}. Nothing was exported."
        raise InvalidInput(
            msg,
            file=path,
            why=error.strerror or "unknown reason",
        ) from None
    finally:
        if fresh is not None:
            fresh.unlink(missing_ok=True)

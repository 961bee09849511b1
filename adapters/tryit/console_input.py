"""What is typed, pasted or piped into the console: lines from a file descriptor, and entries made of them."""

from __future__ import annotations

import asyncio
import os
import re
import select
from collections.abc import Awaitable, Callable

from rich.text import Text

from adapters.tryit.console_render import Screen, clean
from bot.errors import InvalidInput
from bot.i18n import N_, _

Lines = Callable[[], Awaitable[str | None]]
"""Gives the next line, without its end; several at once when they were pasted; None once there are no more."""

QUOTES = '"""'
CANCEL = "/cancel"
LONGEST = 200_000
"""Bytes without a line end that count as a line: no text is so long."""
PASTE_PAUSE = 0.05
"""Seconds. What comes sooner after a line in a terminal was pasted with it."""
_KEYS = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|O.)|\x1b")  # arrows and the like, which a plain terminal writes out


class InputEnded(Exception):  # noqa: N818 - reads as the sentence it is
    """There will be no more lines."""


class DescriptorLines:
    """Reads lines from a terminal, a pipe or a file, without a thread that would outlive the program."""

    def __init__(self, descriptor: int) -> None:
        """Read from ``descriptor``, which stays open."""
        self._descriptor = descriptor
        self._terminal = os.isatty(descriptor)
        self._buffer = b""
        self._exhausted = self._stopped = False
        self._ready = asyncio.Event()

    async def __call__(self) -> str | None:
        """Return the next line or the lines that were pasted, None at the end."""
        line = await self._line()
        if line is None or not self._terminal:
            return line
        lines = [line]
        while self._more_at_once():
            following = await self._line()
            if following is None:
                break
            lines.append(following)
        return _KEYS.sub("", "\n".join(lines))

    def stop(self) -> None:
        """End now, as at the end of the input."""
        self._stopped = True
        self._ready.set()

    async def _line(self) -> str | None:
        while b"\n" not in self._buffer and len(self._buffer) < LONGEST and not (self._exhausted or self._stopped):
            self._buffer += await self._chunk()
        if self._stopped or not self._buffer:
            return None
        line, _end, self._buffer = self._buffer.partition(b"\n")
        return line.decode("utf-8", "surrogateescape").removesuffix("\r")

    async def _chunk(self) -> bytes:
        loop = asyncio.get_running_loop()
        try:
            loop.add_reader(self._descriptor, self._ready.set)
        except PermissionError:  # a file, which is always ready
            self._ready.set()
        try:
            await self._ready.wait()
        finally:
            self._ready.clear()
            loop.remove_reader(self._descriptor)
        chunk = b"" if self._stopped else os.read(self._descriptor, 65_536)
        self._exhausted = not chunk
        return chunk

    def _more_at_once(self) -> bool:
        if self._exhausted or self._stopped:
            return False
        return b"\n" in self._buffer or bool(select.select([self._descriptor], [], [], PASTE_PAUSE)[0])


class Reader:
    """Asks for entries: a line, pasted lines, or lines between triple quotes."""

    def __init__(self, lines: Lines, screen: Screen, *, echo: bool) -> None:
        """Read from ``lines``. ``echo`` writes down what was read, where no terminal has done so already."""
        self._lines = lines
        self._screen = screen
        self._echo = echo
        self._prompt: str | None = None

    @property
    def waiting(self) -> bool:
        """Whether somebody may be looking at an empty prompt."""
        return self._prompt is not None

    def prompt_again(self) -> None:
        """Write the prompt once more, after something came in between."""
        if self._prompt is not None and not self._echo:
            self._write(self._prompt)

    async def read(self, prompt: str) -> str:
        """Return the next entry. Raises InputEnded, and InvalidInput for what is no text."""
        entry = await self._next(prompt)
        if entry.startswith(QUOTES):
            entry = await self._quoted(entry.removeprefix(QUOTES))
        elif "\n" in entry:
            entry = await self.confirm(entry)
        try:
            entry.encode()
        except UnicodeEncodeError:
            raise InvalidInput(N_("This is not text. Paste or type words, not the contents of a file.")) from None
        return entry

    async def confirm(self, text: str) -> str:
        """Return several lines once they are confirmed; nothing if they are not.

        The last line of a pasted text, if it has no end, arrives only now: before whatever confirms or drops it.
        """
        self._screen.line()
        self._screen.line(_("Several lines. Enter sends them, {cancel} drops them.").format(cancel=CANCEL), "dim")
        rest = await self._next("… ")
        if rest.rstrip().endswith(CANCEL):
            self._screen.line(_("Dropped: nothing was sent."), "dim")
            return ""
        return f"{text}\n{rest}".rstrip("\n")

    async def _quoted(self, first: str) -> str:
        lines = [first] if first else []
        try:
            while not (lines and lines[-1].endswith(QUOTES)):
                lines += (await self._next("… ")).split("\n")
        except InputEnded:
            unclosed = _("The text was not closed with {quotes}: nothing was sent.")
            self._screen.line(unclosed.format(quotes=QUOTES), "red")
            raise
        lines[-1] = lines[-1].removesuffix(QUOTES)
        return "\n".join(lines).strip("\n")

    async def _next(self, prompt: str) -> str:
        if not self._echo:
            self._write(prompt)
        self._prompt = prompt
        line = await self._lines()
        self._prompt = None
        if line is None:
            raise InputEnded
        if self._echo:
            for number, each in enumerate(line.split("\n")):
                self._write(f"{prompt if number == 0 else '… '}{each}".rstrip(), end="\n")
        return line

    def _write(self, text: str, end: str = "") -> None:
        self._screen.put(Text(clean(text), "bold"), end)


def as_number(word: str) -> int | None:
    """Return the number that a word is, if it is one of up to six digits."""
    return int(word) if word.isdecimal() and len(word) <= 6 else None

"""The scripts' chat in the terminal: everything by typing, everything seen by reading what the console wrote."""

from __future__ import annotations

import asyncio
import io
import re

from adapters.tryit.console import Console
from adapters.tryit.stage import Seat, Stage
from tests.scenario.scripts import DIRECT

CONTROL = re.compile(r"\[(\d+)\] (.+?)(?=   \[\d+\] |$)", re.MULTILINE)
QUESTION = re.compile(r"^\d+/\d+ (.+?)(?: \(\w+\))?$", re.MULTILINE)
HEAD = re.compile(r"^(?=\S[^\n]* · \d?\d:\d\d)", re.MULTILINE)


class Keyboard:
    """Somebody's hands: the console asks for a line, and gets what is typed next."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self._typed: asyncio.Queue[str | None] = asyncio.Queue()

    async def __call__(self) -> str | None:
        self.asked.set()
        line = await self._typed.get()
        self.asked.clear()
        return line

    def type(self, line: str | None) -> None:
        self.asked.clear()
        self._typed.put_nowait(line)


class Paper(io.StringIO):
    """What the console writes on."""

    def __init__(self) -> None:
        super().__init__()
        self.grew = asyncio.Event()

    def write(self, text: str) -> int:
        self.grew.set()
        return super().write(text)


class ConsoleChat:
    """Plays each person in one console, going from one to the next as somebody would who tries things out."""

    def __init__(self, stage: Stage, seat: Seat | None = None) -> None:
        self.keyboard = Keyboard()
        self.out = Paper()
        console = Console(stage, self.keyboard, self.out, seat or Seat(), echo=True)
        self._playing = asyncio.create_task(console.run())

    async def type(self, line: str | None) -> str:
        """Type a line (None ends the input); return what was written until the next one was asked for."""
        await self._idle()
        written = len(self.out.getvalue())
        self.keyboard.type(line)
        await self._idle()
        return self.out.getvalue()[written:]

    async def _idle(self) -> None:
        asked = asyncio.create_task(self.keyboard.asked.wait())
        await asyncio.wait({asked, self._playing}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        if self._playing.done():
            await self._playing

    async def end(self) -> str:
        """End the input; return everything that was ever written."""
        if not self.finished:
            await self.type(None)
        await self._playing
        return self.out.getvalue()

    @property
    def finished(self) -> bool:
        """Whether the console has ended."""
        return self._playing.done()

    async def written(self, text: str) -> None:
        """Wait until something was written that nobody typed for."""
        async with asyncio.timeout(10):
            while text not in self.out.getvalue():
                self.out.grew.clear()
                await self.out.grew.wait()

    # --- what people do ----------------------------------------------------------------------------------------------

    async def join(self, who):
        await self._be(who)
        await self.type("/join")

    async def say(self, who, text, where=DIRECT):
        await self._be(who, where)
        lines = text.split("\n")
        for line in lines if len(lines) == 1 else ['"""', *lines, '"""']:
            await self.type(line)

    async def press(self, who, label, where=DIRECT):
        buttons = CONTROL.findall(await self._read(who, where))
        fitting = [n for n, text in buttons if text == label] or [n for n, text in buttons if text.startswith(label)]
        assert fitting, f"{who} sees no button {label!r} in {where}, but {buttons[-8:]}"
        self._last = await self.type(fitting[-1])

    async def fill(self, who, values, submit):
        asked = self._last
        assert submit in asked
        waiting = dict(values)
        while question := QUESTION.findall(asked):
            asked = await self.type(waiting.pop(question[-1], ""))
            assert "\n  ! " not in asked
        assert not waiting

    async def wait_for(self, who, text, where=DIRECT):
        messages = [message for message in HEAD.split(await self._read(who, where)) if text in message]
        assert messages, f"{who} does not see {text!r} in {where}: {self.out.getvalue()[-3000:]}"
        return messages[-1]

    async def shown(self, who, where=DIRECT):
        return await self._read(who, where)

    async def forward(self, hours):
        await self.type(f"/hour {hours}")

    async def to_next_reminder(self):
        assert "! " not in await self.type("/reminder")

    async def to_meeting(self):
        assert "! " not in await self.type("/meeting")

    # --- how it is done ----------------------------------------------------------------------------------------------

    async def _be(self, who, where=DIRECT):
        await self.type(f"/as {who}")
        await self.type(f"/to {'direct' if where == DIRECT else where}")

    async def _read(self, who, where):
        await self._be(who, where)
        return await self.type("/all")

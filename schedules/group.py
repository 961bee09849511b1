"""What several tasks ask for at the same time, done for all of them at once: one transaction instead of many."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Given = TypeVar("Given")


class Group(Generic[Asked, Given]):
    """Collects what is asked for while the last lot is being done, then does all of it.

    ``do`` returns an answer, or the error to raise, for each that was asked, in order; what it raises itself is raised
    for each of them.
    """

    def __init__(self, do: Callable[[Sequence[Asked]], Awaitable[Sequence[Given | Exception]]]) -> None:
        self._do = do
        self._waiting: list[tuple[Asked, asyncio.Future[Given]]] = []
        self._working: asyncio.Task[None] | None = None

    async def __call__(self, asked: Asked) -> Given:
        """Ask for one; waits until the lot it is in is done."""
        answer: asyncio.Future[Given] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, answer))
        if self._working is None:
            self._working = asyncio.create_task(self._work())
        return await answer

    async def _work(self) -> None:
        try:
            while self._waiting:
                await self._all_here()
                lot, self._waiting = self._waiting, []
                _hand_out([answer for _, answer in lot], await self._done([asked for asked, _ in lot]))
        finally:
            self._working = None

    async def _all_here(self) -> None:
        """Let those join who are about to ask: as long as somebody does at each turn of the event loop."""
        came = 0
        while came < len(self._waiting):
            came = len(self._waiting)
            await asyncio.sleep(0)

    async def _done(self, lot: Sequence[Asked]) -> Sequence[Given | Exception]:
        try:
            return await self._do(lot)
        except Exception as error:  # noqa: BLE001 - it is raised where it was asked for
            return [error] * len(lot)


def _hand_out(answers: Sequence[asyncio.Future[Given]], given: Sequence[Given | Exception]) -> None:
    for answer, one in zip(answers, given, strict=True):
        if answer.done():  # whoever asked was cancelled meanwhile
            continue
        if isinstance(one, Exception):
            answer.set_exception(one)
        else:
            answer.set_result(one)

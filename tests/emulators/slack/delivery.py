"""Telling the app: events again and again until it says yes, interactions once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from tests.emulators.slack.state import Json

Envelope = Literal["events_api", "slash_commands", "interactive"]


@dataclass(frozen=True)
class Answer:
    """What came back: an empty `error` is a yes, and `payload` what it said."""

    error: str = ""
    payload: Json | None = None
    final: bool = False  # the app asked not to be told again

    @property
    def ok(self) -> bool:
        return not self.error


class Transport(Protocol):
    """One way to the app: Socket Mode or signed requests."""

    async def send(self, envelope: Envelope, payload: Json, attempt: int = 0, reason: str = "") -> Answer:
        """Send once and wait for the answer, at most as long as Slack waits."""


@dataclass
class Delivery:
    """An event on its way: how often it was sent, and whether the app took it."""

    kind: str
    payload: Json
    attempts: int = 0
    taken: bool = False
    reasons: list[str] = field(default_factory=list)

    @property
    def event_id(self) -> str:
        return str(self.payload["event_id"])

    @property
    def event(self) -> Json:
        return dict(self.payload["event"])


class Courier:
    """Carries everything to the app over one transport, and retries events as Slack does.

    Source: docs.slack.dev/apis/events-api: three retries, at once, after 1 minute and after 5.
    """

    def __init__(self, transport: Transport, retry_delays: tuple[float, ...], touched: Callable[[], None]) -> None:
        self.transport = transport
        self.retry_delays = retry_delays
        self.touched = touched
        self.deliveries: list[Delivery] = []
        self._tasks: set[asyncio.Task[Any]] = set()

    def event(self, kind: str, payload: Json) -> Delivery:
        """Send an event in the background, until it is taken or given up."""
        delivery = Delivery(kind, payload)
        self.deliveries.append(delivery)
        self.spawn(self.deliver(delivery))
        return delivery

    async def deliver(self, delivery: Delivery) -> None:
        """Send an event until it is taken or given up."""
        reason = ""
        for attempt, delay in enumerate((0.0, *self.retry_delays)):
            if delay:
                await asyncio.sleep(delay)
            delivery.attempts += 1
            answer = await self.transport.send("events_api", delivery.payload, attempt, reason)
            delivery.taken = answer.ok
            self.touched()
            if answer.ok:
                return
            reason = answer.error
            delivery.reasons.append(reason)
            if answer.final:
                return

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run something in the background until the server stops."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait until every event was taken or given up."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def stop(self) -> None:
        """Give up what is still on its way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

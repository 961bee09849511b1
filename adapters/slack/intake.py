"""What was taken in and is being worked on: acknowledged at once, carried out in tasks that are seen to their end."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

import structlog

from adapters.slack.api import Json, SlackApi
from adapters.slack.inbound import Happening, menu_args
from adapters.slack.people import People
from adapters.slack.settings import PLATFORM
from adapters.slack.triggers import Submission, Triggers
from bot.errors import DeliveryError, RetryableError
from bot.inbound import Inbound, Opened, Ran
from bot.messages import ChannelRef, Option, UserRef
from bot.platforms import Core, Typed

log = structlog.get_logger("connections.slack")

FORM_SECONDS = 2.0
"""How long a submitted form waits for its answer; Slack waits 3 s."""
SUGGEST_SECONDS = 2.0
FINISH_SECONDS = 20.0
PATIENCE = (1.0, 3.0, 9.0)
"""Seconds between tries to find out where something happened, while Slack does not answer."""


class Intake:
    """Hands what happened to the core."""

    def __init__(self, api: SlackApi, people: People, triggers: Triggers, core: Core, team: str) -> None:
        self._api = api
        self._people = people
        self._triggers = triggers
        self._core = core
        self._team = team
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, told: Happening, first: Coroutine[Any, Any, None] | None = None) -> asyncio.Task[None]:
        """Work on something from now on, after ``first`` was done."""
        return self.start(self._tell(told, first))

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Do something in the background, and remember that it is being done."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def idle(self) -> None:
        """Wait until nothing is being worked on, however long that takes."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def finish(self) -> None:
        """Wait for what is being worked on; what takes too long is given up."""
        try:
            async with asyncio.timeout(FINISH_SECONDS):
                await self.idle()
        except TimeoutError:
            late = set(self._tasks)
            log.warning("events given up at the end", count=len(late))
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def submit(self, told: Happening, view: Json) -> Json | None:
        """Work on a submitted form; return what the form shall show, or None for it to close."""
        submission = told.trigger.submission = Submission(view)
        task = self.take(told)
        either: set[asyncio.Future[Any]] = {task, submission.answer}
        await asyncio.wait(either, timeout=FORM_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if submission.answer.done():
            return submission.answer.result()
        # From here on the view is closed, and a form has to be asked for anew.
        submission.answer.cancel()
        return None

    async def suggest(self, source: str, typed: str, user: str) -> tuple[Option, ...]:
        """Return what the core suggests; nothing when it takes too long."""
        try:
            async with asyncio.timeout(SUGGEST_SECONDS):
                profile = await self._people.guess(user)
                asked = Typed(source, typed, UserRef(PLATFORM, self._team, user), profile.locale)
                return await self._core.suggest(asked)
        except TimeoutError:
            return ()

    # --- telling the core --------------------------------------------------------------------------------------------

    async def _tell(self, told: Happening, first: Coroutine[Any, Any, None] | None = None) -> None:
        if first is not None:
            await first
        inbound = await self._read(told)
        if inbound is None:
            return
        await self._core.dispatch(inbound)
        if told.home and not isinstance(inbound.event, Opened):
            await self._core.dispatch(replace(inbound, id=f"{inbound.id}:home", event=Opened(), trigger=None))

    async def _read(self, told: Happening) -> Inbound | None:
        """Return the event; Slack has its acknowledgement already, and will not tell it again."""
        for patience in PATIENCE:
            try:
                return await self._inbound(told)
            except RetryableError as error:
                reason = error
                await asyncio.sleep(error.retry_after or patience)
            except DeliveryError as error:
                log.warning("event not understood", event_id=told.id, reason=str(error))
                return None
        log.error("event given up", event_id=told.id, reason=str(reason))
        return None

    async def _inbound(self, told: Happening) -> Inbound:
        await self._locate(told)
        profile = await self._people.guess(told.user, told.name)
        if told.message is not None and isinstance(told.event, Ran):
            told.event = replace(told.event, args=await self._from_menu(told.channel, told.message))
        key = told.trigger.place["asked"] = self._triggers.keep(told.trigger)
        return Inbound(
            id=told.id,
            at=told.at,
            user=UserRef(PLATFORM, self._team, told.user),
            profile=profile,
            channel=ChannelRef(PLATFORM, self._team, told.channel),
            direct=bool(told.direct),
            event=told.event,
            trigger=key,
            thread=told.thread,
        )

    async def _locate(self, told: Happening) -> None:
        """Find the direct line, where it is needed, and note the place for forms that are opened from here."""
        if told.direct and told.channel:
            self._people.note_line(told.user, told.channel)
        elif not told.channel:
            told.channel, told.direct = await self._people.line(told.user), True
        elif told.direct is None:
            told.direct = told.channel.startswith("D") and told.channel == await self._people.line(told.user)
        trigger = told.trigger
        earlier = self._triggers.get(trigger.place.get("asked"))
        if earlier and not trigger.response_url:
            trigger.response_url = earlier.response_url
        trigger.place |= {"channel": told.channel, "direct": told.direct, "thread": told.thread, "home": told.home}

    async def _from_menu(self, channel: str, message: Json) -> dict[str, str]:
        author = str(message.get("user", ""))
        name = (await self._people.guess(author)).name if author else str(message.get("username", ""))
        try:
            answer = await self._api.call("chat.getPermalink", channel=channel, message_ts=message["ts"])
        except DeliveryError:
            answer = {}
        return dict(menu_args(message, name, str(answer.get("permalink", ""))))

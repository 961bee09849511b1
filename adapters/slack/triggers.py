"""What an event allows in answer to it, kept for as long as Slack does: forms, private answers, replacements."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from adapters.slack.api import Json

MOST_KEPT = 5000
TRIGGER_SECONDS = 2.9
"""Slack lets a trigger_id open one view within 3 s (docs.slack.dev/interactivity/handling-user-interaction)."""
RESPONSE_SECONDS = 1800.0
"""A response_url is good for 30 minutes (the same page)."""


@dataclass(slots=True)
class Submission:
    """A submitted view that waits for its answer: the view as it was, and what Slack shall be told."""

    view: Json
    answer: asyncio.Future[Json] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


@dataclass(slots=True)
class Trigger:
    """What one event allows. ``place`` travels in a form's private_metadata, so that its answers belong there too.

    ``ephemeral`` is the ts of the message that only one person sees, if a control of such a message was used.
    """

    place: Json
    trigger_id: str = ""
    response_url: str = ""
    ephemeral: str = ""
    submission: Submission | None = None
    made: float = field(default_factory=time.monotonic)

    def takes_view(self) -> bool:
        """Whether a view can still be opened."""
        return bool(self.trigger_id) and time.monotonic() - self.made < TRIGGER_SECONDS

    def takes_response(self) -> bool:
        """Whether a response can still be sent."""
        return bool(self.response_url) and time.monotonic() - self.made < RESPONSE_SECONDS


class Triggers:
    """The triggers of late, by opaque keys; the oldest go when there are too many."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Trigger] = OrderedDict()

    def keep(self, trigger: Trigger) -> str:
        """Keep a trigger, and return its key."""
        key = secrets.token_urlsafe(12)
        self._kept[key] = trigger
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return key

    def get(self, key: str | None) -> Trigger | None:
        """Return the trigger kept under a key."""
        return self._kept.get(key) if key else None

"""Who is who in the workspace, kept for a while: profiles, and the channels of direct lines."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Generic, TypeVar

from adapters.slack.api import Json, SlackApi
from adapters.slack.errors import SlackRefusalError
from bot.errors import DeliveryError
from bot.inbound import Profile

MOST_KEPT = 10_000
FRESH_SECONDS = 900.0

T = TypeVar("T")


class Kept(Generic[T]):
    """Values of late by key, at most so many."""

    def __init__(self) -> None:
        self._values: OrderedDict[str, tuple[T, float]] = OrderedDict()

    def put(self, key: str, value: T) -> None:
        """Keep a value."""
        self._values[key] = (value, time.monotonic())
        self._values.move_to_end(key)
        if len(self._values) > MOST_KEPT:
            self._values.popitem(last=False)

    def get(self, key: str, within: float = float("inf")) -> T | None:
        """Return the value, if it is not older than ``within`` seconds."""
        value, kept = self._values.get(key, (None, 0.0))
        return value if time.monotonic() - kept <= within else None

    def drop(self, key: str) -> None:
        """Forget a value."""
        self._values.pop(key, None)


class People:
    """Asks Slack about people, and remembers for a quarter of an hour."""

    def __init__(self, api: SlackApi) -> None:
        self._api = api
        self._profiles: Kept[Profile] = Kept()
        self._lines: Kept[str] = Kept()

    async def profile(self, user: str) -> Profile:
        """Return what Slack says of someone. Raises a DeliveryError."""
        found = self._profiles.get(user, FRESH_SECONDS)
        if found is None:
            answer = await self._api.call("users.info", user=user, include_locale=True)
            found = read_profile(answer["user"])
            self._profiles.put(user, found)
        return found

    async def guess(self, user: str, name: str = "") -> Profile:
        """Return what is known of someone, or at least a name, whatever Slack answers."""
        try:
            return await self.profile(user)
        except DeliveryError:
            return self._profiles.get(user) or Profile(name or user)

    def learn(self, user: Json) -> None:
        """Take in what Slack tells of its own accord; it leaves the locale out, which is asked for next time."""
        self._profiles.drop(str(user.get("id", "")))

    async def line(self, user: str) -> str:
        """Return the channel of someone's direct line, opened if need be. Raises a DeliveryError."""
        found = self._lines.get(user)
        if found is None:
            if not user.isalnum():
                msg = "conversations.open"
                raise SlackRefusalError(msg, "user_not_found")
            answer = await self._api.call("conversations.open", users=user)
            found = str(answer["channel"]["id"])
            self._lines.put(user, found)
        return found

    def note_line(self, user: str, channel: str) -> None:
        """Note the channel of someone's direct line, as an event told it."""
        self._lines.put(user, channel)


def read_profile(user: Json) -> Profile:
    """Return a user object as the core knows people."""
    profile = user.get("profile", {})
    name = profile.get("display_name") or profile.get("real_name") or user.get("real_name") or user.get("name", "")
    admin = bool(user.get("is_admin") or user.get("is_owner"))
    return Profile(str(name), user.get("locale") or None, user.get("tz") or None, admin=admin)

"""What setting up asks Slack for: who is meant by a name."""

from __future__ import annotations

import asyncio

from adapters.slack.api import Json, SlackApi
from adapters.slack.settings import PLATFORM, SlackSettings
from bot.errors import RetryableError

PATIENCE = 15.0
"""Seconds after which Slack is taken to be out of reach."""
PAGE = 200
MOST_PAGES = 25
"""How many pages of people are looked through for a name."""


async def find_people(settings: SlackSettings, words: str) -> tuple[tuple[str, str], ...]:
    """Return whom an id, a name or an e-mail address means: identity and name of each. Raises a DeliveryError.

    Addresses are known only to an app with users:read.email, which the assistant does not ask for.
    """
    api, wanted = SlackApi(settings), words.strip().removeprefix("@").casefold()
    try:
        async with asyncio.timeout(PATIENCE), api.opened():
            team = str((await api.call("auth.test"))["team_id"])
            people = await _everybody(api)
    except TimeoutError as error:
        msg = f"no answer within {PATIENCE:.0f} seconds"
        raise RetryableError(msg) from error
    return tuple((f"{PLATFORM}:{team}/{each['id']}", _label(each)) for each in people if wanted in _names(each))


async def _everybody(api: SlackApi) -> list[Json]:
    found: list[Json] = []
    cursor = ""
    for _page in range(MOST_PAGES):
        page = await api.call("users.list", limit=PAGE, cursor=cursor or None)
        found += [each for each in page["members"] if not each.get("deleted") and not each.get("is_bot")]
        cursor = str(page.get("response_metadata", {}).get("next_cursor") or "")
        if not cursor:
            break
    return found


def _names(user: Json) -> set[str]:
    profile = user.get("profile", {})
    known = (user.get("id"), user.get("name"), user.get("real_name"), profile.get("real_name"))
    shown = (profile.get("display_name"), profile.get("email"))
    return {str(name).casefold() for name in (*known, *shown) if name}


def _label(user: Json) -> str:
    return str(user.get("profile", {}).get("real_name") or user.get("real_name") or user.get("name") or user["id"])

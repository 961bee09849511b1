"""The question "which languages?" among those that a server asks newcomers, where it asks any.

https://discord.com/developers/docs/resources/guild#guild-onboarding-object
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import discord

from adapters.discord.limits import shorten

TITLE = 100
OPTION_TITLE = 50
_DROP_DOWN = 1


@dataclass(frozen=True, slots=True)
class OnboardingChoice:
    """One answer: its title, and the ids of the roles or channels it gives."""

    title: str
    roles: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


async def wire_onboarding(guild: discord.Guild, title: str, choices: Iterable[OnboardingChoice]) -> bool:
    """Add or renew our question, and leave the server's own as they are; False where the server asks none.

    The library's own call would give every question a new id, so the payload is handed back as Discord gave it.
    """
    http = guild._state.http  # noqa: SLF001 - there is no public way from a server to its raw onboarding
    data: dict[str, Any] = dict(await http.get_guild_onboarding(guild.id))
    if not data.get("enabled"):
        return False
    prompts: list[Any] = [_kept(prompt) for prompt in data["prompts"]]
    ours = _question(shorten(title, TITLE), tuple(choices))
    place = next((at for at, prompt in enumerate(prompts) if _is_ours(prompt, ours)), None)
    if place is None:
        prompts.append(ours | {"id": len(prompts)})
    else:
        prompts[place] = ours | {"id": prompts[place]["id"]}
    await http.edit_guild_onboarding(guild.id, prompts=prompts, reason=None)
    return True


def _question(title: str, choices: tuple[OnboardingChoice, ...]) -> dict[str, Any]:
    return {
        "type": _DROP_DOWN if len(choices) > 12 else 0,
        "title": title,
        "single_select": False,
        "required": False,
        "in_onboarding": True,
        "options": [
            {
                "title": shorten(choice.title, OPTION_TITLE),
                "description": None,
                "role_ids": list(choice.roles),
                "channel_ids": list(choice.channels),
            }
            for choice in choices
        ],
    }


def _is_ours(prompt: dict[str, Any], ours: dict[str, Any]) -> bool:
    return prompt["title"] == ours["title"] or bool(_gives(prompt) & _gives(ours))


def _gives(prompt: dict[str, Any]) -> set[str]:
    return {given for option in prompt["options"] for given in (*option["role_ids"], *option["channel_ids"])}


def _kept(prompt: dict[str, Any]) -> dict[str, Any]:
    """Return a question as it is written back: an emoji is read as an object, but written by its parts."""
    options = []
    for option in prompt["options"]:
        emoji = option.get("emoji") or {}
        parts = {f"emoji_{key}": emoji[key] for key in ("id", "name", "animated") if emoji.get(key)}
        options.append({key: value for key, value in option.items() if key != "emoji"} | parts)
    return prompt | {"options": options}

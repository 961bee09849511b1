"""Telling Discord of the commands, only when they changed: it takes very few such calls."""

from __future__ import annotations

from typing import Any

import discord
import structlog
from discord import app_commands

PARTS = frozenset({"options", "choices", "autocomplete"})
"""What would be there on Discord if we had said it once; everything else that we do not say is Discord's own."""

TRANSLATED = ("name_localizations", "description_localizations")

log = structlog.get_logger("connections.discord")


async def sync(tree: app_commands.CommandTree[Any]) -> bool:
    """Register the tree's commands if Discord knows others; tell whether that was needed."""
    client, translator = tree.client, tree.translator
    if translator is None or client.application_id is None:
        msg = "commands are synced after logging in, with a translator"
        raise RuntimeError(msg)
    every = [*tree.get_commands(), *tree.get_commands(type=discord.AppCommandType.message)]
    commands = {id(command): command for command in every}.values()
    ours = [await command.get_translated_payload(tree, translator) for command in commands]
    route = discord.http.Route("GET", "/applications/{application_id}/commands", application_id=client.application_id)
    theirs = await client.http.request(route, params={"with_localizations": "true"})
    if alike(_by_name(ours), _by_name(theirs)):
        return False
    await tree.sync()
    log.info("commands registered", count=len(ours))
    return True


def _by_name(commands: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(commands, key=lambda command: (command.get("type", 1), command["name"]))


def alike(ours: Any, theirs: Any) -> bool:
    """Whether everything we say stands on Discord too, and nothing that we no longer say; it adds fields of its own."""
    if isinstance(ours, dict):
        there = theirs if isinstance(theirs, dict) else {}
        if any((ours.get(key) or {}) != (there.get(key) or {}) for key in TRANSLATED):
            return False
        return all(alike(value, there.get(key)) for key, value in ours.items()) and all(
            key in ours or key not in PARTS or not value for key, value in there.items()
        )
    if isinstance(ours, list):
        found = theirs or []
        return len(ours) == len(found) and all(alike(own, other) for own, other in zip(ours, found, strict=True))
    return ours == theirs or (not ours and not theirs)

"""Whom a message notifies.

https://discord.com/developers/docs/resources/message#allowed-mentions-object
"""

from __future__ import annotations

import re

from tests.emulators.discord.permissions import Permission
from tests.emulators.discord.state import Json, Message
from tests.emulators.discord.world import World

USER_MENTION = re.compile(r"<@!?(\d+)>")
ROLE_MENTION = re.compile(r"<@&(\d+)>")
EVERYONE = re.compile(r"@(everyone|here)\b")


def mark_mentions(world: World, message: Message, allowed: Json | None, *, by: int) -> None:
    """Work out whom a message notifies, from its text and from what its sender allowed.

    Args:
        world: the world.
        message: the message, which is changed.
        allowed: the `allowed_mentions` of its payload; None allows all.
        by: the permissions of its author there.
    """
    every_role = bool(by & Permission.MENTION_EVERYONE)
    roles = world.guild.roles
    named = _allowed(USER_MENTION.findall(message.text), allowed, "users")
    message.mentions = [user_id for user_id in named if user_id in world.users]
    message.mention_roles = [
        role_id
        for role_id in _allowed(ROLE_MENTION.findall(message.text), allowed, "roles")
        if role_id in roles and (roles[role_id].mentionable or every_role)
    ]
    loud = allowed is None or "everyone" in (allowed.get("parse") or [])
    message.mention_everyone = every_role and loud and bool(EVERYONE.search(message.text))
    _mark_replied(world, message, allowed)


def _allowed(found: list[str], allowed: Json | None, kind: str) -> list[str]:
    if allowed is None or kind in (allowed.get("parse") or []):
        return list(dict.fromkeys(found))
    listed = {str(item) for item in allowed.get(kind) or []}
    return [item for item in dict.fromkeys(found) if item in listed]


def _mark_replied(world: World, message: Message, allowed: Json | None) -> None:
    replied = (message.reference or {}).get("message_id")
    channel = world.channel_of(message)
    answered = channel.find(replied) if channel and replied else None
    if answered and (allowed is None or allowed.get("replied_user")) and answered.author.id not in message.mentions:
        message.mentions.append(answered.author.id)

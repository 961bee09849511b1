"""What the assistant needs to be allowed on Discord, what for, and the link that asks for exactly that."""

from __future__ import annotations

from collections.abc import Mapping

import discord

PORTAL = "https://discord.com/developers/applications"
SCOPES = ("bot", "applications.commands")

NEEDED: Mapping[str, str] = {
    "view_channel": "see the rooms",
    "send_messages": "answer and announce",
    "send_messages_in_threads": "answer in threads",
    "attach_files": "give calendar files and exports",
    "read_message_history": "look whether a message was sent, before sending it again",
}
"""Without these the assistant cannot do its work (https://discord.com/developers/docs/topics/permissions)."""
WELCOME: Mapping[str, str] = {
    "manage_channels": "open rooms for languages on request",
    "manage_roles": "give the role that lets someone see a language's room",
    "create_public_threads": "open a thread for a breakout group",
    "create_private_threads": "open a thread for the members of a breakout group alone",
    "move_members": "take those who ask for it into the voice channel of their breakout group",
    "connect": "make such a channel that people can be moved into",
    "create_events": "enter meetings among the server's events",
    "manage_events": "move and remove those entries",
}
"""Without one of these, only what it is for is off."""
EXTRA: Mapping[str, str] = {
    "manage_guild": "ask newcomers for their languages, among the questions of the server's onboarding",
}
"""Mighty, and wanted only by servers that ask newcomers questions; the link does not ask for it."""
LABELS: Mapping[str, str] = {"view_channel": "View Channels", "manage_guild": "Manage Server"}


def label(permission: str) -> str:
    """Return a permission's name as Discord shows it."""
    return LABELS.get(permission) or permission.replace("_", " ").title().replace(" In ", " in ")


def invitation(application_id: int) -> str:
    """Return the link that brings the assistant into a server, with the permissions above and no others."""
    wanted = discord.Permissions(**dict.fromkeys((*NEEDED, *WELCOME), True))
    return discord.utils.oauth_url(application_id, permissions=wanted, scopes=SCOPES)

"""Connecting Discord, step by step."""

from __future__ import annotations

import typer

from bot.commandline import asking
from bot.commandline.walk import Walk

PORTAL = "https://discord.com/developers/applications"
MAKE = f"""
1. Open {PORTAL}, press “New Application”, give it a name, agree, press “Create”.
   (It is there already? Choose it.)
2. Choose “Bot” on the left. Under “Privileged Gateway Intents” switch on “Server Members Intent”: newcomers are
   welcomed and led to their rooms.
"""
CONTENT = "   Switch on “Message Content Intent”, too.\n"
COPY = """3. Press “Save Changes”, then “Reset Token” further up, and copy the token. What you type here is not shown.
"""


def walk_discord(walk: Walk) -> None:
    """Ask for what Discord needs. Raises typer.Abort."""
    typer.echo("\n--- Discord ---")
    question = "Shall it read what is written in channels, to propose rooms by language? It works without"
    content = asking.yes(question, default=walk.value("DISCORD_MESSAGE_CONTENT") == "True")
    walk.set("DISCORD_MESSAGE_CONTENT", str(content).lower())
    typer.echo(MAKE + (CONTENT if content else "") + COPY)
    hint = "It has three parts with dots between them, and no spaces."
    walk.token("DISCORD_TOKEN", "Bot token", r"[\w-]+\.[\w-]+\.[\w-]+", hint)

"""A bare discord.py bot: two slash commands that answer with what they were told; nothing else."""

from __future__ import annotations

import os
from typing import Any

import discord
import yarl
from discord import app_commands

discord.http.Route.BASE = os.environ["DISCORD_API_URL"]
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["DISCORD_GATEWAY_URL"])

group = app_commands.Group(name="connections", description="Echoes")


@group.command(name="help", description="Echoes a word")
async def help_(interaction: discord.Interaction[Any]) -> None:
    """Answer with a word."""
    await interaction.response.send_message("help", ephemeral=True)


@group.command(description="Echoes a question")
async def ask(interaction: discord.Interaction[Any], query: str) -> None:
    """Answer with the question."""
    await interaction.response.send_message(query, ephemeral=True)


class Echo(discord.Client):
    """Registers the commands and waits."""

    async def setup_hook(self) -> None:
        """Tell Discord of the commands."""
        tree = app_commands.CommandTree(self)
        tree.add_command(group)
        await tree.sync()


if __name__ == "__main__":
    print("ready", flush=True)
    Echo(intents=discord.Intents(guilds=True)).run(os.environ["DISCORD_TOKEN"])

"""The three conversations on Discord, in three languages: the real adapter, on an emulated server."""

from __future__ import annotations

import pytest

from tests.scenario.discord_chat import discord_chat
from tests.scenario.scripts import CASTS, SCRIPTS


@pytest.mark.parametrize("language", CASTS)
@pytest.mark.parametrize("script", SCRIPTS)
async def test_conversation(sqlite_url, script, language):
    async with discord_chat(sqlite_url) as chat:
        await SCRIPTS[script](chat, CASTS[language])

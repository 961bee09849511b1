"""The three conversations on Discord, in three languages: the real adapter, on an emulated server."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy.engine import make_url

from tests.scenario.discord_chat import discord_chat, words_of
from tests.scenario.scripts import CASTS, SCRIPTS


@pytest.mark.parametrize("language", CASTS)
@pytest.mark.parametrize("script", SCRIPTS)
async def test_conversation(sqlite_url, script, language):
    async with discord_chat(sqlite_url) as chat:
        await SCRIPTS[script](chat, CASTS[language])


async def test_a_command_is_acknowledged_in_time_while_the_database_is_held(sqlite_url):
    async with discord_chat(sqlite_url) as chat:
        other = sqlite3.connect(make_url(sqlite_url).database, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        asker = chat.users[CASTS["en"].asker]
        asked = chat.server.slash(asker, chat.channels["plenary"], "connections ask", {"query": "apprenticeship"})
        await chat.server.until(lambda: asked.answer is not None)
        assert asked.reply.thinking
        other.execute("ROLLBACK")
        other.close()
        await chat.server.answered(asked)
        assert asked.reply.only_for == asker.id
        assert "1. " in words_of(asked.reply, "UTC", "en")
        assert not chat.server.failures

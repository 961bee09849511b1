"""The three conversations on Slack, in three languages, through Socket Mode and through signed requests."""

from __future__ import annotations

import pytest

from tests.scenario.scripts import CASTS, SCRIPTS
from tests.scenario.slack_chat import slack_chat


@pytest.mark.parametrize("mode", ["socket", "http"])
@pytest.mark.parametrize("language", CASTS)
@pytest.mark.parametrize("script", SCRIPTS)
async def test_conversation(sqlite_url, script, language, mode):
    async with slack_chat(sqlite_url, mode) as chat:
        await SCRIPTS[script](chat, CASTS[language])

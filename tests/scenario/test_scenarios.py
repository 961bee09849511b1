"""The three conversations on the fake gateway, in three languages, on both databases."""

from __future__ import annotations

import pytest

from tests.scenario.scripts import CASTS, SCRIPTS


@pytest.mark.parametrize("language", CASTS)
@pytest.mark.parametrize("script", SCRIPTS)
async def test_conversation(fake_chat, script, language):
    await SCRIPTS[script](fake_chat, CASTS[language])

"""The sample community on the fake gateway, on either database."""

from __future__ import annotations

import pytest

from tests.sample import sample_chat


@pytest.fixture
async def fake_chat(database_url):
    async with sample_chat(database_url) as chat:
        yield chat

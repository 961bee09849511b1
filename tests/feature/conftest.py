"""The whole assistant with its sample community, on the fake gateway and SQLite."""

from __future__ import annotations

import pytest

from tests.sample import sample_chat


@pytest.fixture
async def chat(sqlite_url):
    async with sample_chat(sqlite_url) as opened:
        yield opened

"""The sample chat on its stage, and a browser's stand-in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.sample_chat import ORIGIN, Stage, set_stage


@pytest.fixture
def stage() -> Stage:
    return set_stage()


@pytest.fixture
def client(stage: Stage) -> Iterator[TestClient]:
    with TestClient(stage.app, base_url=ORIGIN, headers={"Origin": ORIGIN}, follow_redirects=False) as client:
        yield client

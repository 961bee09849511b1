"""The ``connections`` command, as it is typed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.bootstrap import build
from bot.config import Settings

CONNECTIONS = Path(sys.executable).with_name("connections")


def connections(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command on a data folder."""
    return subprocess.run(
        [CONNECTIONS, *arguments],
        env={"DATA_DIR": str(folder), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
async def running(tmp_path):
    """The folder of an assistant that is running."""
    folder = tmp_path / "data"
    async with build(Settings(data_dir=folder)):
        yield folder


async def test_search_prints_json_beside_a_running_assistant(running):
    found = connections("search", "validation des acquis", "--lang", "fr", "--limit", "3", "--json", folder=running)
    assert found.returncode == 0, found.stderr
    results = json.loads(found.stdout)["results"]
    assert len(results) == 3
    assert set(results[0]) == {"id", "score", "title", "language", "url", "snippet"}
    assert results[0]["language"] == "fr"
    assert [r["score"] for r in results] == sorted((r["score"] for r in results), reverse=True)


async def test_search_prints_text_for_people(running):
    found = connections("search", "apprenticeship", folder=running)
    assert "[en]" in found.stdout
    assert "http" in found.stdout
    nothing = connections("search", "zzyzx", folder=running)
    assert nothing.stdout == "Nothing found.\n"


def test_search_in_a_fresh_folder_finds_nothing_and_says_so(tmp_path):
    found = connections("search", "anything", "--json", folder=tmp_path / "fresh")
    assert json.loads(found.stdout) == {"results": []}


def test_a_wrong_setting_is_one_sentence_and_status_2(tmp_path):
    refused = connections("run", folder=tmp_path, WEB_PORT="eighty")
    assert refused.returncode == 2
    assert refused.stderr.startswith("connections: The setting WEB_PORT is not usable")
    assert "Traceback" not in refused.stderr


def test_a_file_that_is_no_database_is_one_sentence(tmp_path):
    (tmp_path / "sample.db").write_text("this is not a database" * 100)
    refused = connections("run", folder=tmp_path)
    assert refused.returncode == 2
    assert "cannot be opened" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_database_server_that_is_down_is_one_sentence(tmp_path):
    refused = connections("run", folder=tmp_path, DATABASE_URL="postgresql+asyncpg://u:secret-word@127.0.0.1:9/x")
    assert refused.returncode == 2
    assert "secret-word" not in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_module_is_the_command(tmp_path):
    shown = subprocess.run([sys.executable, "-m", "bot", "--help"], capture_output=True, text=True, check=True)
    assert "search" in shown.stdout
    assert "time" in shown.stdout

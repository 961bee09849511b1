"""The three conversations in the terminal, on the assistant as an operator starts it; and once through pipes."""

from __future__ import annotations

import asyncio
import sys

import pytest

from bot.bootstrap import build
from bot.config import Settings
from tests.scenario.console_chat import ConsoleChat
from tests.scenario.scripts import CASTS, SCRIPTS

CONNECTIONS = "import typer; from bot.commandline.console import register; app = typer.Typer(); register(app); app()"


@pytest.mark.parametrize("language", CASTS)
@pytest.mark.parametrize("script", SCRIPTS)
async def test_conversation(tmp_path, script, language):
    async with build(Settings(data_dir=tmp_path / "data")) as app:
        assert app.stage is not None
        chat = ConsoleChat(app.stage)
        await SCRIPTS[script](chat, CASTS[language])
        await chat.end()


async def typed(folder, *lines: str, options=()):
    """Run the command with these lines on its input; return its status and what it wrote."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        CONNECTIONS,
        *options,
        env={"DATA_DIR": str(folder), "PYTHONPATH": ":".join(sys.path)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, error = await process.communicate("\n".join(lines).encode())
    return process.returncode, out.decode(), error.decode()


async def test_through_pipes_and_again_where_it_was_left(tmp_path):
    status, out, error = await typed(tmp_path / "data", "prochaine réunion ?", "1", options=("--as", CASTS["fr"].asker))
    assert (status, error) == (0, "")
    assert "[1] " in out
    assert "\x1b" not in out
    status, out, error = await typed(tmp_path / "data", "/reminder", options=("--as", CASTS["fr"].asker))
    assert (status, error) == (0, "")
    assert "prochaine réunion ?" in out
    assert "Rappel" in out


async def test_a_member_whom_nobody_knows_is_a_sentence(tmp_path):
    status, _out, error = await typed(tmp_path / "data", options=("--as", "nobody"))
    assert status == 2
    assert error == "connections: There is no such member or channel here. Choose one from the lists.\n"


async def test_two_processes_at_once_are_a_sentence(tmp_path):
    async with build(Settings(data_dir=tmp_path / "data")):
        status, _out, error = await typed(tmp_path / "data", "help")
    assert status == 2
    assert "already running" in error


async def test_with_a_platform_there_is_no_sample_to_play(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("DISCORD_TOKEN=token\n")
    status, _out, error = await typed(tmp_path / "data")
    assert status == 2
    assert "The console plays the sample community, and a platform is configured." in error

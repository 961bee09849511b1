"""The three conversations, as a newcomer would have them: ``connections run`` and a real browser, nothing else."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from scripts.test_needs import ROOT
from tests.e2e.browser_chat import BrowserChat
from tests.scenario.scripts import CASTS, SCRIPTS

PICTURES = ROOT / "build" / "screenshots"


async def start(folder: Path) -> tuple[asyncio.subprocess.Process, str]:
    """Run the assistant on any free port; return its process and address once it is ready."""
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("connections"),
        "run",
        env={"WEB_PORT": "0", "DATA_DIR": str(folder), "LOG_LEVEL": "warning"},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    assert "ready" in line
    return process, next(word for word in line.split() if word.startswith("http"))


@pytest.fixture
async def address(tmp_path):
    process, address = await start(tmp_path / "data")
    yield address
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 20) == 0


@pytest.mark.parametrize("language", CASTS)
@pytest.mark.parametrize("script", SCRIPTS)
async def test_conversation(browser, address, script, language):
    chat = BrowserChat(browser, address, PICTURES)
    cast = CASTS[language]
    await SCRIPTS[script](chat, cast)
    who = {"ask": cast.asker, "meet": cast.organizer, "find my language": cast.newcomer}[script]
    await chat.picture(who, f"{script.replace(' ', '-')}-{language}")


async def test_pulling_the_plug_loses_nothing(browser, tmp_path):
    """The conversation and its buttons are there after a kill, and a second process on the same data says so."""
    process, address = await start(tmp_path / "data")
    before = BrowserChat(browser, address, PICTURES)
    await before.say("s10", "next meeting")
    await before.wait_for("s10", "1st Meeting")
    second = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("connections"),
        "run",
        env={"WEB_PORT": "0", "DATA_DIR": str(tmp_path / "data")},
        stderr=asyncio.subprocess.PIPE,
    )
    _out, told = await second.communicate()
    assert second.returncode == 2
    assert b"already running" in told
    process.kill()
    await process.wait()
    process, address = await start(tmp_path / "data")
    after = BrowserChat(browser, address, PICTURES)
    await after.press("s10", "I am going")
    await after.wait_for("s10", "You are going. I will remind you in your own time.")
    process.terminate()
    assert await process.wait() == 0

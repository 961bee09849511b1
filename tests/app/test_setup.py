"""``connections setup`` from a pipe: each answer is tried at once, and .env is written at the end or not at all."""

from __future__ import annotations

import asyncio
import os
import pty
import select
import signal
import subprocess
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dotenv import dotenv_values

from adapters.slack.manifest import SCOPES, manifest
from bot.catalogue import registry
from tests.app.operator import ASSISTANT, connections
from tests.emulators.discord.server import DiscordServer
from tests.emulators.slack.app import App
from tests.emulators.slack.server import SlackServer

OLD = """# my own words
DATA_DIR=elsewhere
SLACK_BOT_TOKEN=xoxb-old   # the old one
UNKNOWN_THING="kept as it is"
"""
NOWHERE = {"SLACK_API_URL": "http://127.0.0.1:9/api/", "DISCORD_API_URL": "http://127.0.0.1:9/api/v10"}


async def answered(folder: Path, *answers: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Walk through setup with these answers, one a line, beside the emulators."""
    typed = "".join(f"{answer}\n" for answer in answers)
    given = {"DATA_DIR": str(folder / "data"), "WEB_PORT": "0", **environment}
    return await asyncio.to_thread(connections, "setup", typed=typed, folder=folder, **given)


@contextmanager
def killed(process: subprocess.Popen) -> Iterator[None]:
    """Let a process that was started end with the block, whatever happens in it."""
    try:
        yield
    finally:
        process.kill()


def interrupt(process: subprocess.Popen) -> None:
    """Press Ctrl+C, once more if need be: Python overlooks one that comes just before it waits for a line."""
    for _press in range(30):
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=1)
            return


async def test_slack_from_nothing_to_a_checked_installation(tmp_path):
    async with SlackServer(App.from_manifest(manifest(registry()))) as slack:
        slack.add_user("U0AMA", "ama", real_name="Ama Sample")
        ran = await answered(
            tmp_path,
            *("slack", "socket", "slack-manifest.json"),
            *("token", "xoxb-wrong", slack.bot_token, slack.app_token),
            *("en,xx", "fr,en"),
            *("nobody like this", "ama sample", "", "y"),
            SLACK_API_URL=slack.api_url,
        )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "It begins with xoxb-" in ran.stdout
    assert "Slack refuses the bot token (invalid_auth)" in ran.stdout
    assert "Nobody is called “nobody like this”" in ran.stdout
    assert ran.stdout.endswith("All is well.\n")
    assert slack.bot_token not in ran.stdout
    written = dotenv_values(tmp_path / ".env")
    assert written["SLACK_BOT_TOKEN"] == slack.bot_token
    assert written["SLACK_APP_TOKEN"] == slack.app_token
    assert written["ORGANIZERS"] == f"slack:{slack.team}/U0AMA"
    assert written["COMMUNITY_LANGUAGES"] == "fr,en"
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    told = (tmp_path / "slack-manifest.json").read_text()
    assert "slash_commands" in told
    assert slack.bot_token not in told


async def test_discord_is_looked_at_again_until_it_is_mended(tmp_path):
    async with DiscordServer(intents=0) as discord:
        ada, adam = discord.add_user("ada"), discord.add_user("adam")
        ran = await answered(
            tmp_path,
            *("discord", "n", discord.token, "", "skip"),
            *("", "ad", "2", ada.id, "", "y"),
            DISCORD_API_URL=discord.api_url,
        )
    assert ran.returncode == 1, ran.stdout + ran.stderr  # the intent is still off, and the check says so
    assert ran.stdout.count("Server Members Intent is off") == 3
    written = dotenv_values(tmp_path / ".env")
    assert written["DISCORD_TOKEN"] == discord.token
    assert written["DISCORD_MESSAGE_CONTENT"] == "false"
    assert written["ORGANIZERS"] == f"discord:{adam.id},discord:{ada.id}"


async def test_every_other_line_stays_and_the_old_file_is_kept(tmp_path):
    env = tmp_path / ".env"
    env.write_text(OLD)
    env.chmod(0o644)
    async with SlackServer(App.from_manifest(manifest(registry()))) as slack, DiscordServer(intents=2) as discord:
        ran = await answered(
            tmp_path,
            *("both", "http", "bot.example.org", "https://bot.example.org", "-", slack.bot_token, "short", "0f" * 16),
            *("n", discord.token, "", "", "", "y"),
            SLACK_API_URL=slack.api_url,
            DISCORD_API_URL=discord.api_url,
        )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert '"request_url": "https://bot.example.org/slack/events"' in ran.stdout
    lines = env.read_text().splitlines()
    assert {"# my own words", "DATA_DIR=elsewhere", 'UNKNOWN_THING="kept as it is"'} <= set(lines)
    assert f"SLACK_BOT_TOKEN={slack.bot_token}" in lines
    written = dotenv_values(env)
    assert (written["SLACK_MODE"], written["SLACK_SIGNING_SECRET"]) == ("http", "0f" * 16)
    assert env.stat().st_mode & 0o777 == 0o600
    (copy,) = tmp_path.glob(".env.*")
    assert copy.read_text() == OLD
    assert copy.stat().st_mode & 0o777 == 0o600
    assert str(copy) in ran.stdout


async def test_a_token_that_lacks_a_scope_says_which(tmp_path):
    async with SlackServer(App(scopes=set(SCOPES) - {"im:write"})) as slack:
        answers = ("slack", "socket", "-", slack.bot_token, "skip", slack.app_token, "", "", "n")
        ran = await answered(tmp_path, *answers, SLACK_API_URL=slack.api_url)
    assert "missing: im:write" in ran.stdout
    assert "Nothing was changed" in ran.stdout
    assert not (tmp_path / ".env").exists()


async def test_without_a_network_it_goes_on_and_says_so(tmp_path):
    answers = ("slack", "socket", "-", "xoxb-1", "xapp-1", "", "ama", "y")
    ran = await answered(tmp_path, *answers, **NOWHERE)
    assert ran.stdout.count("not reached") == 3  # each token, and the check at the end
    assert "Nobody could be looked up" in ran.stdout
    assert dotenv_values(tmp_path / ".env")["SLACK_APP_TOKEN"] == "xapp-1"


async def test_an_input_that_ends_leaves_everything_as_it_was(tmp_path):
    (tmp_path / ".env").write_text(OLD)
    ran = await answered(tmp_path, "slack", "socket", "-", "xoxb-1", **NOWHERE)
    assert ran.returncode == 1
    assert ran.stdout.endswith("Stopped. Nothing was changed.\n")
    assert [each.name for each in tmp_path.iterdir()] == [".env"]
    assert (tmp_path / ".env").read_text() == OLD


def test_ctrl_c_leaves_everything_as_it_was(tmp_path):
    (tmp_path / ".env").write_text(OLD)
    process = subprocess.Popen(
        [ASSISTANT, "setup"],
        env={"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1"},
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process, killed(process):
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("discord\n")
        process.stdin.flush()
        said = ""
        while "It works without" not in said:  # it waits for the next answer
            letter = process.stdout.read(1)
            assert letter, said
            said += letter
        interrupt(process)
        said += process.stdout.read()
    assert process.returncode == 1, said
    assert "Traceback" not in said
    assert said.endswith("Stopped. Nothing was changed.\n")
    assert (tmp_path / ".env").read_text() == OLD


def test_a_terminal_does_not_show_what_is_secret(tmp_path):
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [ASSISTANT, "setup"],
        env={"PATH": os.environ["PATH"], "TERM": "dumb", **NOWHERE},
        cwd=tmp_path,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    said = ""

    def until(words: str) -> None:
        nonlocal said
        while words not in said:
            assert select.select([ours], [], [], 30)[0], said
            said += os.read(ours, 1000).decode(errors="replace")

    with process, killed(process):
        until("Which platforms?")
        os.write(ours, b"discord\n")
        until("It works without")
        os.write(ours, b"n\n")
        until("Bot token:")
        while termios.tcgetattr(ours)[3] & termios.ECHO and process.poll() is None:
            time.sleep(0.01)  # what was typed before the terminal is told to hide it, it forgets
        os.write(ours, b"se.cr.et\n")
        until("not reached")
        until("Which languages")
        interrupt(process)
        until("Nothing was changed.")
    os.close(ours)
    assert "se.cr.et" not in said
    assert not (tmp_path / ".env").exists()


async def test_a_folder_that_cannot_be_written_to_is_told_in_a_sentence(tmp_path):
    (tmp_path / ".env").mkdir()
    ran = await answered(tmp_path, "discord", "n", "a.b.c", "", "", "y", **NOWHERE)
    assert (ran.returncode, "Traceback" in ran.stderr) == (2, False), ran.stderr
    assert ran.stderr.startswith("connections: ")


async def test_settings_of_the_environment_that_win_are_named(tmp_path):
    answers = ("discord", "n", "a.b.c", "", "", "y")
    ran = await answered(tmp_path, *answers, **NOWHERE, DISCORD_TOKEN="d.e.f")
    assert "DISCORD_TOKEN is also set in the environment" in ran.stdout


def test_the_manifest_is_printed_for_both_modes():
    ran = connections("manifest", "slack")
    assert (ran.returncode, '"socket_mode_enabled": true' in ran.stdout) == (0, True)
    ran = connections("manifest", "slack", "--http", "https://bot.example.org/")
    assert '"url": "https://bot.example.org/slack/events"' in ran.stdout
    ran = connections("manifest", "slack", "--http", "bot.example.org")
    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)

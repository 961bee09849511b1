"""Finding, or bringing, what the tests need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scripts.test_needs import POSTGRES_PROGRAMS, ROOT, bring, find_chromium, find_postgres
from tests.postgres import running_server


def program(folder, name, script):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_a_browser_that_starts_is_found(tmp_path):
    browser = program(tmp_path, "google-chrome", "echo Google Chrome 150")
    assert find_chromium(path=str(tmp_path)) == browser


def test_a_browser_that_only_tells_how_to_get_one_is_not_taken(tmp_path):
    program(tmp_path, "chromium-browser", "echo Chromium is to be had as a snap; exit 1")
    browser = program(tmp_path, "google-chrome-stable", "echo Google Chrome 150")
    assert find_chromium(path=str(tmp_path)) == browser


def test_without_a_browser_none_is_found(tmp_path):
    assert find_chromium(path=str(tmp_path)) is None


@pytest.mark.parametrize(("version", "taken"), [("9.6.24", False), ("13.9", False), ("14.1", True), ("18.3", True)])
def test_postgres_is_taken_from_version_14_on(tmp_path, version, taken):
    for name in POSTGRES_PROGRAMS:
        program(tmp_path, name, f"echo 'postgres (PostgreSQL) {version}'")
    assert (find_postgres(path=str(tmp_path)) == tmp_path) is taken


def test_what_is_there_is_not_installed_again(tmp_path):
    marker = tmp_path / "installed"
    assert bring(lambda: Path("/there"), [["touch", str(marker)]], "advice") == Path("/there")
    assert not marker.exists()


def test_commands_run_until_one_helps(tmp_path):
    wanted, unwanted = tmp_path / "wanted", tmp_path / "unwanted"
    commands = [["false"], ["touch", str(wanted)], ["touch", str(unwanted)]]
    assert bring(lambda: wanted if wanted.exists() else None, commands, "advice") == wanted
    assert not unwanted.exists()


def test_when_nothing_helps_a_sentence_says_what_to_do():
    with pytest.raises(SystemExit, match="Install your system's package"):
        bring(lambda: None, [["false"]], "Install your system's package.")


def test_the_command_names_what_it_found(postgres_server, chromium_path):
    command = [sys.executable, "-m", "scripts.test_needs"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert str(find_postgres()) in said
    assert str(chromium_path) in said


def test_a_server_runs_from_a_closed_folder(tmp_path, postgres_server):
    site = postgres_server.programs.parents[2]
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "site").symlink_to(site)
    with running_server(closed / "site" / postgres_server.programs.relative_to(site)) as server:
        assert server.port != postgres_server.port

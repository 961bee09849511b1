"""One process at a time on a data folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import ConfigError
from storage.lock import exclusive_lock

HOLD = """
import pathlib, sys
from storage.lock import exclusive_lock
with exclusive_lock(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until its input ends."""
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        if process.stdin:
            process.stdin.close()


def test_a_second_process_says_who_holds_it_and_what_to_do(holder, tmp_path):
    with pytest.raises(ConfigError) as refused, exclusive_lock(tmp_path):
        pass
    assert f"already running on {tmp_path} (process {holder.pid})" in str(refused.value)
    assert "Stop that one first" in str(refused.value)


def test_the_refused_one_leaves_the_holder_its_lock(holder, tmp_path):
    for _ in range(2):
        with pytest.raises(ConfigError, match=f"process {holder.pid}"), exclusive_lock(tmp_path):
            pass


def test_a_killed_process_gives_it_back(holder, tmp_path):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with exclusive_lock(tmp_path):
        assert (tmp_path / "connections.lock").read_text() == f"{os.getpid()}\n"


def test_it_is_given_back_at_the_end(tmp_path):
    for _ in range(2):
        with exclusive_lock(tmp_path / "data"):
            pass


def test_it_is_given_back_after_an_error(tmp_path):
    with pytest.raises(KeyError), exclusive_lock(tmp_path):
        raise KeyError
    with exclusive_lock(tmp_path):
        pass


def test_a_folder_that_cannot_be_written_to_is_said_so(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigError, match="cannot be written to"), exclusive_lock(tmp_path / "file"):
        pass

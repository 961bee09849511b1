"""A failpoint ends the process where, and when, the environment says."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter

import pytest

from bot.errors import ConfigError
from schedules import failpoints


class Ended(BaseException):
    """The process would have ended here."""


@pytest.fixture
def armed(monkeypatch):
    def end(status: int) -> None:
        assert status == 137
        raise Ended

    def arm(value: str) -> None:
        monkeypatch.setenv(failpoints.VARIABLE, value)

    monkeypatch.setattr(os, "_exit", end)
    monkeypatch.setattr(failpoints, "_hits", Counter())
    return arm


def test_without_the_variable_nothing_happens():
    for point in failpoints.POINTS:
        failpoints.hit(point)


@pytest.mark.parametrize("point", failpoints.POINTS)
def test_the_process_ends_at_its_point_and_at_no_other(armed, point):
    armed(point)
    for other in set(failpoints.POINTS) - {point}:
        failpoints.hit(other)
    with pytest.raises(Ended):
        failpoints.hit(point)


def test_the_process_ends_at_the_nth_time(armed):
    armed("after_fence:3")
    failpoints.hit("after_fence")
    failpoints.hit("after_fence")
    with pytest.raises(Ended):
        failpoints.hit("after_fence")


@pytest.mark.parametrize("value", ["after_fense", "after_fence:x", ":2", "after_fence:-1"])
def test_a_name_that_is_none_is_said_at_once(armed, value):
    armed(value)
    with pytest.raises(ConfigError, match="before_claim"):
        failpoints.hit("before_claim")


def test_a_real_process_ends_without_any_clean_up():
    script = "import atexit, schedules.failpoints as f; atexit.register(print, 'cleaned'); f.hit('mid_send')"
    environment = {failpoints.VARIABLE: "mid_send", "PATH": ""}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (137, b"")

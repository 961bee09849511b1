"""Wherever the process dies, every message is sent once: nothing lost, nothing doubled."""

from __future__ import annotations

import pytest

from schedules.failpoints import POINTS
from tests.fault.harness import CLEAN, Trial, Verdict

WHERE = {"before_claim": "before_claim:2", "after_claim": "after_claim"}


@pytest.mark.parametrize("idempotent", [True, False], ids=["idempotent", "plain"])
@pytest.mark.parametrize("point", POINTS)
def test_dead_at_a_point_and_started_again(point, idempotent, database_url, tmp_path):
    trial = Trial(tmp_path / "platform.db", database_url, messages=5, tasks=2, idempotent=idempotent)
    trial.dies_at(WHERE.get(point, f"{point}:3"))
    ended = trial.ends()
    assert trial.verdict() == CLEAN
    trial.check_report(ended)


@pytest.mark.parametrize("point", ["after_fence", "mid_send", "after_reply"])
def test_dead_again_and_again_at_the_same_point(point, sqlite_url, tmp_path):
    trial = Trial(tmp_path / "platform.db", sqlite_url, messages=3)
    for _ in range(3):
        trial.dies_at(point)
    ended = trial.ends()
    assert trial.verdict() == CLEAN
    trial.check_report(ended)


def test_the_harness_sees_what_a_sender_that_deletes_first_loses(tmp_path):
    trial = Trial(tmp_path / "platform.db", sender="delete-first")
    trial.dies_at("after_fence:3")
    trial.ends()
    assert trial.verdict() == Verdict(lost=frozenset({"message-2"}), doubled=frozenset())


def test_the_harness_sees_what_a_sender_that_marks_afterwards_doubles(tmp_path):
    trial = Trial(tmp_path / "platform.db", sender="send-then-mark")
    trial.dies_at("after_reply:3")
    trial.ends()
    assert trial.verdict() == Verdict(lost=frozenset(), doubled=frozenset({"message-2"}))

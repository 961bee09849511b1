from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner, Result

from bot.commandline.time import time_app


def run(*arguments: str) -> Result:
    return CliRunner().invoke(time_app, ["parse", *arguments])


def test_programs_get_every_candidate_and_the_reason() -> None:
    result = run(
        "jeudi prochain à 14h (heure de Lima)",
        "--lang",
        "fr",
        "--zone",
        "Africa/Dakar",
        "--now",
        "2026-11-24T10:00:00",
        "--json",
    )
    assert result.exit_code == 0
    assert json.loads(result.output) == {
        "utc": ["2026-11-26T19:00:00Z", "2026-12-03T19:00:00Z"],
        "ambiguous": True,
        "reason": "That can mean more than one day. Choose one.",
    }


def test_a_certain_moment_has_no_reason() -> None:
    result = run("tomorrow at 3pm", "--now", "2026-11-24T10:00:00+01:00", "--json")
    assert json.loads(result.output) == {"utc": ["2026-11-25T15:00:00Z"], "ambiguous": False, "reason": None}


def test_now_is_local_to_the_zone() -> None:
    result = run("in 2 hours", "--zone", "Asia/Kathmandu", "--now", "2026-11-24T10:00", "--json")
    assert json.loads(result.output)["utc"] == ["2026-11-24T06:15:00Z"]


def test_without_now_the_machines_clock_is_read() -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    (shown,) = json.loads(run("in 2 hours", "--json").output)["utc"]
    waited = datetime.fromisoformat(shown) - before
    assert 7200 <= waited.total_seconds() < 7260


def test_a_refusal_is_an_answer() -> None:
    result = run("30 February at 10:00", "--now", "2026-11-24T10:00", "--json")
    assert result.exit_code == 0
    assert json.loads(result.output) == {
        "utc": [],
        "ambiguous": False,
        "reason": "The year ahead has no date 30/2 (day/month).",
    }


def test_people_get_sentences() -> None:
    result = run("2027-10-31 02:30 (Geneva time)", "--now", "2026-11-24T10:00")
    assert result.output.splitlines() == [
        "The clocks go back then, so that hour comes twice. Choose one.",
        "2027-10-31T00:30:00Z  Sun 31 Oct 2027 02:30, Geneva time (UTC+2) (before the clocks go back)",
        "2027-10-31T01:30:00Z  Sun 31 Oct 2027 02:30, Geneva time (UTC+1) (after the clocks have gone back)",
    ]
    assert run("noon", "--now", "2026-11-24T10:00").output == "2026-11-24T12:00:00Z  Tue 24 Nov 2026 12:00, UTC\n"


@pytest.mark.parametrize(
    "wrong",
    [
        ["--zone", "Mars/Olympus"],
        ["--lang", "xx"],
        ["--now", "noonish"],
        ["--now", "0001-01-01T00:00"],
        ["--now", "0001-01-01T00:00+14:00"],
    ],
)
def test_a_wrong_option_is_named(wrong: list[str]) -> None:
    result = run("noon", *wrong)
    assert result.exit_code == 2
    assert wrong[0] in result.output

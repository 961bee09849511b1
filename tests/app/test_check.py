"""``connections check``: every thing that is wrong is named, with the one step that mends it; status for scripts."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from bot import checks
from bot.bootstrap import build
from bot.checks import DatabaseFacts, EngineFacts, Level
from bot.config import Settings
from storage.engine import open_engine
from storage.upgrade import revisions
from tests.app.operator import connections, path_with, running

NOWHERE = {"SLACK_API_URL": "http://127.0.0.1:9/api/", "DISCORD_API_URL": "http://127.0.0.1:9/api/v10"}
"""Addresses where no platform answers, so that no test asks a real one."""
FACTS = DatabaseFacts("data/connections.db", exists=True, known=("0001", "0002"), revision="0002", community="real")


def checked(folder: Path, **environment: str) -> tuple[int, dict[str, dict[str, str]]]:
    """Run the check; return its status and the findings by name."""
    ran = connections("check", "--json", DATA_DIR=folder, **{"WEB_PORT": "0", **NOWHERE, **environment})
    assert ran.returncode in (0, 1), ran.stderr
    told = json.loads(ran.stdout)
    assert told["ok"] is (ran.returncode == 0)
    return ran.returncode, {finding["name"]: finding for finding in told["findings"]}


def wrongs(findings: dict[str, dict[str, str]]) -> set[str]:
    assert all(each["step"] for each in findings.values() if each["level"] != "ok")
    return {name for name, finding in findings.items() if finding["level"] == "wrong"}


def test_before_the_first_start_all_is_well_and_nothing_is_made(tmp_path):
    ran = connections("check", DATA_DIR=tmp_path / "data", WEB_PORT="0")
    assert ran.returncode == 0, ran.stdout
    assert ran.stdout.endswith("All is well.\n")
    assert "will be made at the first start" in ran.stdout
    assert list(tmp_path.iterdir()) == []


async def test_a_running_assistant_is_well_on_both_databases(database_url, tmp_path, request):
    settings = Settings(data_dir=tmp_path / "data", database_url=SecretStr(database_url))
    extra = {}
    if database_url.startswith("postgresql"):
        extra["PATH"] = path_with(request.getfixturevalue("postgres_server"))
    async with build(settings):
        status, findings = checked(tmp_path / "data", DATABASE_URL=database_url, **extra)
    assert (status, wrongs(findings)) == (0, set())
    assert findings["revision"]["text"] == revisions()[-1]
    assert "answers" in findings["database"]["text"]


def test_its_own_port_is_no_fault_and_somebody_elses_is(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        _status, findings = checked(tmp_path / "data", WEB_PORT=str(taken.getsockname()[1]))
        assert wrongs(findings) == {"port"}
        assert "WEB_PORT" in findings["port"]["step"]
    with running(tmp_path / "data", tmp_path / "log") as address:
        status, findings = checked(tmp_path / "data", WEB_PORT=address.rpartition(":")[2])
    assert "which is running" in findings["port"]["text"]
    assert status == 0, findings


def test_every_wrong_setting_is_named_at_once(tmp_path):
    status, findings = checked(tmp_path, WEB_PORT="eighty", LOG_LEVEL="loud")
    assert status == 1
    assert wrongs(findings) == {"WEB_PORT", "LOG_LEVEL"}
    status, findings = checked(
        tmp_path,
        COMMUNITY_LANGUAGES="en,tlh",
        ORGANIZERS="somebody",
        SECRET_KEY="short",
        WEB_HOST="192.0.2.1",
        SLACK_BOT_TOKEN="xapp-1",
    )
    assert status == 1
    assert wrongs(findings) == {
        "COMMUNITY_LANGUAGES",
        "ORGANIZERS",
        "SECRET_KEY",
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "port",  # that address is no machine's
    }
    assert findings["WEB_HOST"]["level"] == "note"
    assert "short" not in json.dumps(findings["SECRET_KEY"]["text"].replace("too short", ""))


def test_a_misspelt_setting_in_the_file_is_noticed(tmp_path):
    (tmp_path / ".env").write_text("WEB_PROT=9000\nSOMETHING_ELSE=1\n")
    ran = connections("check", "--json", DATA_DIR=tmp_path / "data", folder=tmp_path)
    findings = {each["name"]: each for each in json.loads(ran.stdout)["findings"]}
    assert findings["WEB_PROT"]["step"] == "Write WEB_PORT in .env."
    assert "SOMETHING_ELSE" not in findings


async def test_permissions_are_looked_at(tmp_path):
    async with build(Settings(data_dir=tmp_path)):
        pass
    assert checked(tmp_path)[0] == 0
    tmp_path.chmod(0o777)
    (tmp_path / "secret_key").chmod(0o644)
    (tmp_path / "sample.db").chmod(0o640)
    status, findings = checked(tmp_path)
    assert status == 1
    assert wrongs(findings) == {str(tmp_path), str(tmp_path / "secret_key"), str(tmp_path / "sample.db")}
    assert findings[str(tmp_path / "secret_key")]["step"] == f"chmod 600 {tmp_path / 'secret_key'}"
    (tmp_path / "file").touch()
    assert str(tmp_path / "file") in wrongs(checked(tmp_path / "file")[1])


async def test_a_database_of_another_revision_or_community_or_none_is_told(database_url, tmp_path):
    async with build(Settings(data_dir=tmp_path, database_url=SecretStr(database_url))):
        pass
    await revise(database_url, "9999")
    _status, findings = checked(tmp_path, DATABASE_URL=database_url)
    assert wrongs(findings) == {"revision"}
    await revise(database_url, "0002")
    status, findings = checked(tmp_path, DATABASE_URL=database_url, DISCORD_TOKEN="token")
    assert (status, wrongs(findings)) == (1, {"community"})
    assert findings["revision"]["step"] == "Make a backup first: connections backup FILE"


async def revise(url: str, revision: str) -> None:
    engine = open_engine(url)
    async with engine.begin() as connection:
        await connection.execute(sa.text(f"UPDATE alembic_version SET version_num = '{revision}'"))
    await engine.dispose()


@pytest.mark.parametrize("url", ["postgresql://u:secret-word@127.0.0.1:9/x", "mysql://u:secret-word@host/x"])
def test_a_database_that_does_not_answer_is_told_without_its_password(tmp_path, url):
    ran = connections("check", DATA_DIR=tmp_path, DATABASE_URL=url, WEB_PORT="0")
    assert ran.returncode == 1
    assert "wrong  database: " in ran.stdout
    assert "secret-word" not in ran.stdout + ran.stderr


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "sample.db").write_bytes(b"no database at all " * 100)
    (tmp_path / "sample.db").chmod(0o600)
    assert wrongs(checked(tmp_path)[1]) == {"database"}
    assert (tmp_path / "sample.db").read_bytes() == b"no database at all " * 100


# --- judged from facts that are hard to bring about -------------------------------------------------------------------


def test_what_engines_lack_is_told_by_its_weight():
    found = {each.name: each.level for each in checks.judge_engines(EngineFacts(detector=False, solver_error="none"))}
    assert found == {"language detection": Level.NOTE, "breakout solver": Level.WRONG}
    found = {each.name: each.level for each in checks.judge_engines(EngineFacts(detector=True, solver_error=None))}
    assert set(found.values()) == {Level.OK}


def test_an_incomplete_language_and_other_time_zone_rules_are_told():
    levels = {each.name: each.level for each in checks.judge_catalogs({"fr": 0, "es": 2})}
    assert levels == {"language fr": Level.OK, "language es": Level.WRONG}
    assert checks.judge_tzdata("2026f", {"2026f"}).level is Level.OK
    assert checks.judge_tzdata("2026f", set()).level is Level.OK
    older = checks.judge_tzdata("2026f", {"2026f", "2025b"})
    assert (older.level, "2025b" in older.text) == (Level.NOTE, True)


def test_missing_backup_programs_are_worth_a_note():
    told = list(checks.judge_database(replace(FACTS, backup_tools=False), sample=False))
    assert [each.name for each in told if each.level is not Level.OK] == ["backup"]
    assert all(each.level is Level.OK for each in checks.judge_database(FACTS, sample=False))

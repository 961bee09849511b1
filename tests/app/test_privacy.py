"""An operator gives out or erases what is kept about a member, by the commands."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta

import pytest

from bot.bootstrap import open_storage
from bot.config import Settings
from bot.features.members.model import Identity, Member
from bot.messages import UserRef
from tests.app.operator import connections, done, refused
from tests.sample import sample_chat

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
async def environment(database_url, tmp_path):
    """The settings of a community in which two members have one name."""
    settings = Settings(data_dir=tmp_path, database_url=database_url)
    async with open_storage(settings) as uow_factory, uow_factory() as uow:
        for number, name in enumerate(("Ama Mensah", "Ana Cruz", "Ana Cruz")):
            user = UserRef("slack", "T1", f"U{number}")
            await uow.members.add(Member(f"m{number}", name, NOW), Identity(user, f"m{number}"))
        await uow.commit()
    return {"DATA_DIR": tmp_path, "DATABASE_URL": database_url}


async def notes(environment):
    settings = Settings(data_dir=environment["DATA_DIR"], database_url=environment["DATABASE_URL"])
    async with open_storage(settings) as uow_factory, uow_factory() as uow:
        return [(action, by) for at, action, by in await uow.personal.notes() if recent(at)]


def recent(at: datetime) -> bool:
    return abs(datetime.now(UTC) - at) < timedelta(minutes=5)


@pytest.mark.parametrize("who", ["m0", "slack:T1/U0", "slack:U0", "Ama Mensah"])
async def test_a_member_is_found_by_id_account_or_name_and_exported(environment, who):
    data = json.loads(done("privacy", "export", who, **environment))
    assert [row["name"] for row in data["member"]] == ["Ama Mensah"]
    assert await notes(environment) == [("export", "operator")]


async def test_an_export_to_a_file_is_its_owners_alone_and_overwrites_nothing(environment, tmp_path):
    file = tmp_path / "ama.json"
    ran = connections("privacy", "export", "m0", file, **environment)
    assert "records about Ama Mensah" in ran.stderr
    assert "Ama Mensah" in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "exists already" in refused("privacy", "export", "m1", file, **environment)


async def test_who_is_erased_is_gone_and_the_record_does_not_name_them(environment):
    receipt = done("privacy", "erase", "slack:T1/U0", "--yes", **environment)
    assert receipt.startswith("Ama Mensah is forgotten.")
    assert "Nobody here is" in refused("privacy", "erase", "m0", "--yes", **environment)
    assert await notes(environment) == [("erase", "operator")]
    assert json.loads(done("privacy", "export", "m1", **environment))["member"]


async def test_one_name_of_two_members_is_not_guessed(environment):
    sentence = refused("privacy", "erase", "Ana Cruz", "--yes", **environment)
    assert sentence == "2 members are called “Ana Cruz”. Say which one by its id: m1, m2."
    assert "Nobody here is" in refused("privacy", "export", "slack:T2/U0", **environment)
    assert await notes(environment) == []


async def test_without_yes_it_asks_and_no_is_no(environment):
    ran = connections("privacy", "erase", "m0", typed="n\n", **environment)
    assert "Erase everything that is kept about Ama Mensah (m0)?" in ran.stdout
    assert ran.returncode == 1
    assert "forgotten" in connections("privacy", "erase", "m0", typed="y\n", **environment).stdout


async def test_what_members_do_themselves_is_recorded_too(database_url):
    async with sample_chat(database_url) as chat:
        await chat.say("s01", "export my data")
        await chat.say("s01", "forget me")
        await chat.press("s01", chat.say_in("es", "Forget me"))
        async with chat.uow_factory() as uow:
            assert [(action, by) for _at, action, by in await uow.personal.notes()] == [
                ("export", "member"),
                ("erase", "member"),
            ]

"""Backup and restore by their commands: whole, refused where they do not fit, and nothing is sent twice after."""

from __future__ import annotations

import json
import os
import shutil
import stat
import zipfile
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from adapters.engines.fake import GreedySolver, WordListDetector
from adapters.fake.gateway import CAPABILITIES, FakeGateway
from adapters.fake.text import text_of
from bot.bootstrap import build
from bot.catalogue import work_kinds
from bot.config import Settings
from bot.duework import DeliveryKind, NewWork, Send, TaskKind, WorkKinds
from bot.errors import ConfigError
from bot.features.deliveries.handlers import report_failure
from bot.messages import ChannelRef, Message, Paragraph, Target
from bot.sampletime import SampleTime
from bot.services import Community, Sealer, Services
from schedules.clock import FakeClock, SampleClock
from schedules.pace import RunnerTimes
from schedules.runner import Runner
from storage import pgtools
from storage.engine import open_engine
from storage.unit_of_work import unit_of_work_factory
from storage.upgrade import revisions, upgrade
from tests.app.operator import done, path_with, refused
from tests.migrating import migrate
from tests.sample import sample_chat

AT_ONCE = RunnerTimes(send_timeout=0.2, look_after=0.2, backoff_first=0.0)
ROOM = Target(channel=ChannelRef("fake", "W", "plenary"))
START = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
HOUR = timedelta(hours=1)
SENDING = pytest.mark.parametrize("idempotent", [False, True], ids=["looked-for", "refused-by-the-platform"])


@pytest.fixture
def environment(database_url, request, tmp_path):
    """The settings of an installation on each kind of database, with the programs of the tests' own server."""
    path = os.environ["PATH"]
    if database_url.startswith("postgresql"):
        path = path_with(request.getfixturevalue("postgres_server"))
    return {"DATABASE_URL": database_url, "DATA_DIR": tmp_path, "PATH": path}


@asynccontextmanager
async def opened(url: str):
    engine = open_engine(url)
    await upgrade(engine)
    yield unit_of_work_factory(engine)
    await engine.dispose()


async def keep(url: str, **settings: str) -> None:
    async with opened(url) as uow_factory, uow_factory() as uow:
        for number in range(3):
            await uow.work.plan(NewWork("say", f"message-{number}", START, target=ROOM, subject="all"))
        for name, value in settings.items():
            await uow.settings.set(name, value)
        await uow.commit()


async def kept(url: str, name: str) -> str | None:
    async with opened(url) as uow_factory, uow_factory() as uow:
        return await uow.settings.get(name)


# --- whole, and back -------------------------------------------------------------------------------------------------


async def test_what_was_backed_up_comes_back_beside_nothing_or_instead_of_what_is_there(
    environment, database_url, tmp_path
):
    await keep(database_url, word="before")
    said = done("backup", tmp_path / "b.backup", **environment)
    assert f"revision {revisions()[-1]}" in said
    await keep(database_url, word="after", more="x")
    assert "Add --replace" in refused("restore", tmp_path / "b.backup", **environment)
    assert await kept(database_url, "word") == "after"
    said = done("restore", tmp_path / "b.backup", "--replace", **environment)
    assert "Messages that may have been sent since then: 3" in said
    assert await kept(database_url, "word") == "before"
    assert await kept(database_url, "more") is None
    done("backup", tmp_path / "again.backup", **environment)


async def test_a_database_that_was_only_looked_at_is_restored_into_without_more_words(
    environment, database_url, tmp_path
):
    await keep(database_url, word="before")
    done("backup", tmp_path / "b.backup", **environment)
    empty = await an_empty_one(database_url, tmp_path)
    async with opened(empty):
        pass
    done("restore", tmp_path / "b.backup", **{**environment, "DATABASE_URL": empty})
    assert await kept(empty, "word") == "before"


async def an_empty_one(url: str, tmp_path: Path) -> str:
    if url.startswith("sqlite"):
        return f"sqlite+aiosqlite:///{tmp_path / 'new' / 'other.db'}"
    engine = open_engine(url)
    name = f"empty_{START:%H%M%S}"
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        await connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE template0"))
    await engine.dispose()
    return f"{url.rpartition('/')[0]}/{name}"


async def test_a_backup_is_its_owners_alone_and_says_what_it_is(environment, database_url, tmp_path):
    await keep(database_url)
    file = tmp_path / "new folder" / "b.backup"
    done("backup", file, **environment)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["revision"] == revisions()[-1]
    assert manifest["kind"] == database_url.partition("+")[0]
    assert datetime.now(UTC) - datetime.fromisoformat(manifest["created"]) < timedelta(minutes=5)
    assert "exists already" in refused("backup", file, **environment)


async def test_a_backup_beside_a_running_assistant_is_of_one_moment(environment, database_url, tmp_path):
    """Two facts that are always changed together are found together, whatever is written meanwhile."""
    import asyncio

    async def write(uow_factory, stop: asyncio.Event) -> int:
        count = 0
        while not stop.is_set():
            count += 1
            async with uow_factory() as uow:
                await uow.settings.set("one", str(count))
                await uow.settings.set("two", str(count))
                await uow.commit()
        return count

    async with opened(database_url) as uow_factory:
        stop = asyncio.Event()
        writing = asyncio.create_task(write(uow_factory, stop))
        await asyncio.to_thread(done, "backup", tmp_path / "b.backup", **environment)
        stop.set()
        assert await writing > 1
    done("restore", tmp_path / "b.backup", "--replace", **environment)
    one, two = await kept(database_url, "one"), await kept(database_url, "two")
    assert one == two
    assert one


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.fixture
async def made(environment, database_url, tmp_path):
    """A backup, of a database that still holds something."""
    await keep(database_url, word="kept")
    file = tmp_path / "b.backup"
    done("backup", file, **environment)
    return file


async def test_a_file_cut_in_half_is_refused(made, environment, database_url):
    whole = made.read_bytes()
    for length in (len(whole) // 2, len(whole) - 10, 200):
        made.write_bytes(whole[:length])
        assert "is damaged or cut off" in refused("restore", made, "--replace", **environment)
    assert await kept(database_url, "word") == "kept"


async def test_a_changed_byte_is_noticed(made, environment, database_url):
    content = bytearray(made.read_bytes())
    content[len(content) // 2] ^= 1
    made.write_bytes(content)
    assert "is damaged or cut off" in refused("restore", made, "--replace", **environment)
    assert await kept(database_url, "word") == "kept"


async def test_a_newer_revision_is_refused(made, environment, database_url):
    rewrite(made, revision="9999")
    sentence = refused("restore", made, "--replace", **environment)
    assert sentence.startswith("This backup is newer than this version of the assistant (revision 9999;")
    assert await kept(database_url, "word") == "kept"


async def test_the_other_kind_of_database_is_refused(made, environment, database_url):
    rewrite(made, kind="postgresql" if database_url.startswith("sqlite") else "sqlite")
    assert refused("restore", made, "--replace", **environment).startswith("This backup was made of")


def rewrite(file: Path, **changes: str) -> None:
    with zipfile.ZipFile(file) as archive:
        manifest, payload = json.loads(archive.read("manifest.json")), archive.read("database")
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("manifest.json", json.dumps({**manifest, **changes}))
        archive.writestr("database", payload)


@pytest.mark.parametrize("content", [b"", b"a letter to a friend", b"PK\x03\x04 nothing more", None])
def test_a_foreign_file_is_refused(tmp_path, content):
    file = tmp_path / "foreign"
    if content is None:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("manifest.json", '["something", "else"]')
    else:
        file.write_bytes(content)
    assert "is not a backup made by" in refused("restore", file, DATA_DIR=tmp_path / "data")


def test_a_file_that_is_not_there_is_said_so(tmp_path):
    assert "cannot be read" in refused("restore", tmp_path / "none", DATA_DIR=tmp_path / "data")
    assert "There is no database" in refused("backup", tmp_path / "b", DATA_DIR=tmp_path / "data")
    (tmp_path / "file").touch()
    assert "cannot be written to" in refused("backup", tmp_path / "file" / "b", DATA_DIR=tmp_path / "data")


def test_a_file_that_is_no_database_is_not_backed_up(tmp_path):
    for content in (b"", b"no database at all " * 100):
        (tmp_path / "sample.db").write_bytes(content)
        assert "sample.db" in refused("backup", tmp_path / "b", DATA_DIR=tmp_path)
    assert not (tmp_path / "b").exists()


async def test_over_a_running_assistant_nothing_is_restored(environment, database_url, tmp_path):
    settings = Settings(data_dir=tmp_path, database_url=SecretStr(database_url))
    async with build(settings) as app:
        done("backup", tmp_path / "b.backup", **environment)
        async with app.uow_factory() as uow:
            await uow.settings.set("word", "running")
            await uow.commit()
        sentence = refused("restore", tmp_path / "b.backup", "--replace", **environment)
        assert "Stop it, then restore" in sentence or "Stop that, then restore" in sentence
        async with app.uow_factory() as uow:
            assert await uow.settings.get("word") == "running"
    done("restore", tmp_path / "b.backup", "--replace", **environment)
    async with build(settings) as app, app.uow_factory() as uow:
        assert await uow.settings.get("word") is None
        assert len(await uow.members.all()) == 14


def test_without_postgresqls_own_programs_the_sentence_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(pgtools, "INSTALLED", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match=r"own program pg_dump is needed .*postgresql-client on Debian"):
        pgtools.find_tool("pg_dump")
    for version in ("9.6", "14", "15"):
        program = tmp_path / version / "bin" / "pg_dump"
        program.parent.mkdir(parents=True)
        program.touch(mode=0o755)
    assert pgtools.find_tool("pg_dump").parts[-3] == "15"


def test_a_server_that_is_away_is_one_sentence_without_the_password(tmp_path):
    url = "postgresql://somebody:secret-word@127.0.0.1:9/community"
    sentence = refused("backup", tmp_path / "b", DATABASE_URL=url, DATA_DIR=tmp_path)
    assert "cannot be used" in sentence
    assert "secret-word" not in sentence


async def test_a_failed_restore_leaves_postgresql_as_it_was(postgres_url, postgres_server, tmp_path):
    environment = {"DATABASE_URL": postgres_url, "DATA_DIR": tmp_path, "PATH": path_with(postgres_server)}
    await keep(postgres_url, word="kept")
    engine = open_engine(postgres_url)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("CREATE TABLE theirs (id text REFERENCES setting (name))")
        await connection.exec_driver_sql("CREATE TABLE due_work_copy AS SELECT * FROM due_work")
    await engine.dispose()
    done("backup", tmp_path / "b.backup", **environment)
    broken = tmp_path / "broken"
    broken.mkdir()
    nonsense = "#!/bin/sh\nfor a; do case $a in --file=*) echo nonsense > ${a#--file=};; esac; done\n"
    (broken / "pg_restore").write_text(nonsense)
    (broken / "pg_restore").chmod(0o755)
    sentence = refused(
        "restore", tmp_path / "b.backup", "--replace", **{**environment, "PATH": f"{broken}:{environment['PATH']}"}
    )
    assert "psql could not do it, and nothing was changed" in sentence
    assert await kept(postgres_url, "word") == "kept"
    done("restore", tmp_path / "b.backup", "--replace", **environment)
    async with engine.connect() as connection:
        assert await connection.scalar(sa.text("SELECT count(*) FROM due_work_copy")) == 3
    await engine.dispose()


# --- an old backup doubles nothing -----------------------------------------------------------------------------------


async def say(_context, work) -> Send:
    return Send(Message((Paragraph((work.key,)),), "en"))


async def pass_on(context, work) -> None:
    """A task that plans a message for at once, as a placement in groups does."""
    await context.uow.work.plan(NewWork("say", f"after {work.key}", context.now, target=ROOM, subject="all"))


@asynccontextmanager
async def life(url: str, gateway: FakeGateway, now: datetime):
    """An assistant on the database from now on; gives its runner and its store."""
    async with opened(url) as uow_factory:
        services = Services(
            FakeClock(now),
            WordListDetector(("en",)),
            GreedySolver(),
            Sealer("secret"),
            Community(),
            {"fake": gateway},
        )
        kinds = WorkKinds(DeliveryKind("say", say), TaskKind("pass on", pass_on))
        yield Runner(uow_factory, kinds, services, times=AT_ONCE), uow_factory


@SENDING
async def test_after_a_restore_nothing_is_doubled_and_what_was_not_sent_is_sent_if_still_of_use(
    environment, database_url, tmp_path, idempotent
):
    gateway = FakeGateway(capabilities=replace(CAPABILITIES, idempotent_sends=idempotent))
    gateway.add_channel(ROOM.channel)
    later = START + 3 * HOUR
    async with life(database_url, gateway, START) as (runner, uow_factory):
        async with uow_factory() as uow:
            await uow.work.plan(NewWork("say", "before the backup", START, target=ROOM, subject="all"))
            await uow.work.plan(NewWork("say", "sent since", START + HOUR, target=ROOM, subject="all"))
            await uow.work.plan(NewWork("pass on", "task", START + HOUR, subject="all"))
            await uow.work.plan(NewWork("say", "not sent, of use", later, target=ROOM, subject="all"))
            await uow.work.plan(
                NewWork("say", "not sent, too late", later, target=ROOM, subject="all", useful_until=later)
            )
            await uow.work.plan(NewWork("say", "far ahead", START + 90 * 24 * HOUR, target=ROOM, subject="all"))
            await uow.commit()
        await runner.run_until_idle()
        done("backup", tmp_path / "b.backup", **environment)
    async with life(database_url, gateway, START + 2 * HOUR) as (runner, _uow_factory):
        await runner.run_until_idle()
    sent = ["after task", "before the backup", "sent since"]
    assert sorted(texts(gateway)) == sent

    said = done("restore", tmp_path / "b.backup", "--replace", **environment)
    assert "may have been sent since then: 3" in said
    async with life(database_url, gateway, later + HOUR) as (runner, uow_factory):
        await runner.run_until_idle()
        async with uow_factory() as uow:
            ended = {work.key: (work.state, work.reason) for work in await uow.work.about("all", ["say", "pass on"])}
    assert sorted(texts(gateway)) == sorted([*sent, "not sent, of use"])
    assert ended == {
        "before the backup": ("done", None),
        "sent since": ("done", None),
        "task": ("done", None),
        "after task": ("done", None),
        "not sent, of use": ("done", None),
        "not sent, too late": ("skipped", "too_late"),
        "far ahead": ("pending", None),
    }


def texts(gateway: FakeGateway) -> list[str]:
    return [text_of(sent.message) for sent in gateway.messages()]


@SENDING
async def test_the_reminders_of_a_real_meeting_come_once_over_a_restore(
    environment, database_url, tmp_path, idempotent
):
    capabilities = replace(CAPABILITIES, idempotent_sends=idempotent)
    async with sample_chat(database_url, capabilities) as chat:
        done("backup", tmp_path / "b.backup", **environment)
        await chat.to_meeting()
        sent = chat.gateway.messages()
        assert len(sent) > 10
    done("restore", tmp_path / "b.backup", "--replace", **environment)
    async with opened(database_url) as uow_factory:
        clock = await SampleClock.load(uow_factory, START)
        services = replace(chat.services, clock=clock)
        runner = Runner(uow_factory, work_kinds(), services, times=AT_ONCE, on_failed=report_failure)
        await SampleTime(clock, uow_factory, runner.run_until_idle).to_meeting()
        assert clock.now().isoformat() > "2020-11-17T15"
    assert chat.gateway.messages() == sent


async def test_without_the_look_they_would_have_come_twice(sqlite_url, tmp_path):
    """What the test above tests is there to be seen: a copy of the file put back by hand doubles."""
    gateway = FakeGateway()
    gateway.add_channel(ROOM.channel)
    path = tmp_path / "connections.db"
    await keep(sqlite_url)
    shutil.copy(path, tmp_path / "copy")
    async with life(sqlite_url, gateway, START) as (runner, _uow_factory):
        await runner.run_until_idle()
    shutil.copy(tmp_path / "copy", path)
    async with life(sqlite_url, gateway, START) as (runner, _uow_factory):
        await runner.run_until_idle()
    assert len(texts(gateway)) == 6


async def test_a_backup_of_an_earlier_revision_is_restored_and_brought_up_to_date(sqlite_url, tmp_path):
    environment = {"DATABASE_URL": sqlite_url, "DATA_DIR": tmp_path}
    await keep(sqlite_url, word="old")
    engine = open_engine(sqlite_url)
    await migrate(engine, "downgrade", "0002")
    await engine.dispose()
    assert "revision 0002" in done("backup", tmp_path / "b.backup", **environment)
    assert "sent since then: 3" in done("restore", tmp_path / "b.backup", "--replace", **environment)
    assert await kept(sqlite_url, "word") == "old"
    assert revisions()[-1] in done("backup", tmp_path / "newer.backup", **environment)

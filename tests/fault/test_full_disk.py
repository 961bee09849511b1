"""A disk that is full: nothing is sent without its record, members and operators are told, and all goes on after."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from adapters.fake.gateway import FakeGateway
from bot.duework import OPEN_STATES, DeliveryKind, NewWork, Send, State, WorkKinds
from bot.errors import Conflict
from bot.messages import ChannelRef, Message, Paragraph, Target
from bot.services import Community, Sealer, Services
from schedules.clock import FakeClock
from schedules.runner import Runner
from storage.engine import open_engine
from storage.errors import FULL
from storage.unit_of_work import unit_of_work_factory
from storage.upgrade import upgrade
from tests.fault.worker import TIMES

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
ROOM = ChannelRef("fake", "w", "room")
KEYS = [f"say {number}" for number in range(120)]


async def say(context, work):
    return Send(Message((Paragraph((work.key,)),), "en"))


@pytest.fixture
async def engine(sqlite_url):
    engine = open_engine(sqlite_url)
    await upgrade(engine)
    yield engine
    await engine.dispose()


async def limit_pages(engine, extra):
    """Leave room for so many pages more; None for as many as there may be."""
    async with engine.connect() as connection:
        pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
        await connection.exec_driver_sql(f"PRAGMA max_page_count = {2**31 if extra is None else pages + extra}")


async def unfinished(uow_factory):
    """Whether anything is still to be sent or looked for."""
    async with uow_factory() as uow:
        return any(row.state in OPEN_STATES for row in await uow.work.about("all", ("say",)))


async def fill_up(uow_factory):
    """Write until there is no room left, down to the smallest row."""
    for size in (2000, 100, 1):
        with pytest.raises(Conflict, match="the disk is full"):
            for number in range(100_000):
                async with uow_factory() as uow:
                    await uow.settings.set(f"{size} {number}", "x" * size)
                    await uow.commit()


@pytest.mark.parametrize("room_left", [0, 2, 5])
async def test_nothing_is_sent_without_its_record_and_all_goes_on_when_there_is_room(engine, room_left):
    uow_factory = unit_of_work_factory(engine)
    gateway = FakeGateway()
    gateway.add_channel(ROOM)
    services = Services(FakeClock(NOW), None, None, Sealer("s"), Community(), {"fake": gateway})
    runner = Runner(uow_factory, WorkKinds(DeliveryKind("say", say)), services, times=TIMES)
    async with uow_factory() as uow:
        for key in KEYS:
            await uow.work.plan(
                NewWork("say", key, NOW - timedelta(minutes=1), {}, Target(channel=ROOM), subject="all")
            )
        await uow.commit()
    await limit_pages(engine, 0)
    await fill_up(uow_factory)
    await limit_pages(engine, room_left)

    with capture_logs() as logs:
        working = asyncio.create_task(runner.run())
        runner.poke()
        while not any(line["log_level"] == "error" for line in logs) and await unfinished(uow_factory):  # noqa: ASYNC110
            await asyncio.sleep(0)
        runner.stop()
        await working
    async with uow_factory() as uow:
        rows = await uow.work.about("all", ("say",))
    recorded = {row.key for row in rows if row.maybe_sent or row.state is State.DONE}
    assert {sent.message.blocks[0].text[0] for sent in gateway.messages()} <= recorded
    assert any("disk is full" in str(line) for line in logs)

    await limit_pages(engine, None)
    again = Runner(unit_of_work_factory(engine), WorkKinds(DeliveryKind("say", say)), services, times=TIMES)
    while await unfinished(uow_factory):
        await again.run_until_idle()
    told = [str(sent.message.blocks[0].text[0]) for sent in gateway.messages()]
    assert sorted(told) == sorted(KEYS)


async def test_a_member_is_told_in_plain_words(engine):
    uow_factory = unit_of_work_factory(engine)
    await limit_pages(engine, 0)
    await fill_up(uow_factory)
    with pytest.raises(Conflict) as told:
        async with uow_factory() as uow:
            await uow.settings.set("one more", "x" * 100_000)
            await uow.commit()
    assert told.value.msgid == FULL
    async with engine.connect() as connection:
        assert (await connection.execute(sa.text("PRAGMA integrity_check"))).scalar_one() == "ok"

"""Whatever is done to meetings, and whatever goes wrong meanwhile: a platform's calendar ends up equal to our dates."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from adapters.fake.gateway import CAPABILITIES, FakeGateway
from bot.catalogue import work_kinds
from bot.duework import State
from bot.errors import RetryableError
from bot.features.calendars.planning import plan_calendar, plan_events
from bot.features.deliveries.model import EVENT
from bot.features.meetings.model import Meeting, OccurrenceState, PlaceAudience
from bot.features.meetings.scheduling import create, extend
from bot.features.rooms.model import Purpose, Room
from bot.i18n import _
from bot.messages import ChannelRef
from bot.services import Community, Sealer, Services
from schedules.pace import RunnerTimes
from schedules.runner import Runner
from storage.engine import open_engine
from storage.tables import metadata
from storage.unit_of_work import unit_of_work_factory

START = datetime(2026, 11, 24, 9, tzinfo=UTC)
LINK = "https://meet.example/secret"
NO_WAIT = RunnerTimes(send_timeout=0.2, look_after=0.2, backoff_first=0.0)
PLACES = {"with": ("with", "W"), "also": ("also", "A"), "without": ("without", "N")}
"""Two platforms with a calendar, and one without."""


@dataclass
class Clock:
    moment: datetime = START

    def now(self):
        return self.moment


class World:
    """Meetings, rooms and calendars; every step is one transaction, after which due work may be carried out."""

    def __init__(self, factory):
        self.factory = factory
        self.clock = Clock()
        no_calendar = replace(CAPABILITIES, events=False)
        can = {"with": CAPABILITIES, "also": CAPABILITIES, "without": no_calendar}
        self.gateways = {name: FakeGateway(name, capabilities=can[name]) for name in PLACES}
        for name, place in PLACES.items():
            self.gateways[name].add_channel(ChannelRef(*place, "room"))
        services = Services(self.clock, None, None, Sealer("test"), Community(), self.gateways)
        self.runner, self.another = (Runner(factory, work_kinds(), services, times=NO_WAIT) for _each in range(2))
        self.made = 0

    async def settle(self):
        await self.runner.run_until_idle()

    async def meet(self, days, weekly, public):
        self.made += 1
        starts = (self.clock.now() + timedelta(days=days)).replace(tzinfo=None)
        audience = PlaceAudience.MEMBERS if public else PlaceAudience.GOING
        rule = "FREQ=WEEKLY" if weekly else None
        meeting = Meeting(f"m{self.made}", f"Meeting {self.made}", starts, "UTC", 60, None, rule, LINK, audience)
        async with self.factory() as uow:
            await create(uow, meeting, [], self.clock.now())
            await uow.commit()

    async def change(self, which, **how):
        """Change one of the dates ahead, as moving and cancelling do."""
        async with self.factory() as uow:
            coming = await uow.meetings.occurrences(ends_after=self.clock.now(), limit=100)
            if coming:
                old = coming[which % len(coming)]
                moved = {name: getattr(old, name) + by for name, by in how.items() if isinstance(by, timedelta)}
                new = replace(old, **{**how, **moved}, version=old.version + 1)
                await uow.meetings.save_occurrence(new)
                await plan_events(uow, new, self.clock.now())
                await uow.commit()

    async def move(self, which, hours):
        await self.change(which, starts_utc=timedelta(hours=hours), ends_utc=timedelta(hours=hours))

    async def cancel(self, which):
        await self.change(which, state=OccurrenceState.CANCELLED)

    async def rooms(self, name, there):
        """Give a workspace its room, or take it away."""
        place = PLACES[name]
        async with self.factory() as uow:
            channels = (ChannelRef(*place, "room"),) if there else ()
            await uow.rooms.save(Room(f"room-{name}", name, Purpose.LANGUAGE, "en", channels))
            self.made += 1
            await plan_calendar(uow, place, self.clock.now(), f"room {self.made}")
            await uow.commit()

    async def extend(self):
        async with self.factory() as uow:
            for meeting in await uow.meetings.all():
                await extend(uow, meeting, self.clock.now())
            await uow.commit()

    async def trouble(self, name, lost):
        faults = self.gateways[name].faults
        if lost:
            faults.lose_answers(on="arrange")
        else:
            faults.fail_next(RetryableError("busy"), on="arrange")

    async def expected(self, name):
        async with self.factory() as uow:
            rooms = await uow.rooms.all()
            coming = await uow.meetings.occurrences(ends_after=self.clock.now(), limit=1000)
            meetings = {meeting.id: meeting for meeting in await uow.meetings.all()}
        if name == "without" or not any(channel.platform == name for room in rooms for channel in room.channels):
            return {}
        found = {}
        for each in coming:
            meeting = meetings[each.meeting_id]
            public = meeting.place_audience is PlaceAudience.MEMBERS
            where = LINK if public else _("shown to those who are going")
            found[each.id] = (meeting.title, each.starts_utc, each.ends_utc, where)
        return found

    def shown(self, name):
        events = self.gateways[name].events
        assert all(LINK not in event.description for event in events.values())
        return {key: (event.name, event.starts, event.ends, event.place) for key, event in events.items()}


names = st.sampled_from(tuple(PLACES))
which = st.integers(0, 20)
steps = st.one_of(
    st.tuples(st.just("meet"), st.integers(1, 20), st.booleans(), st.booleans()),
    st.tuples(st.just("move"), which, st.integers(1, 60)),
    st.tuples(st.just("cancel"), which),
    st.tuples(st.just("rooms"), names, st.booleans()),
    st.tuples(st.just("extend")),
    st.tuples(st.just("trouble"), st.sampled_from(("with", "also")), st.booleans()),
    st.tuples(st.just("settle")),
)


@given(st.lists(steps, max_size=12))
def test_the_calendars_end_up_equal_to_the_dates(done):
    asyncio.run(_play(done))


async def _play(done):
    engine = open_engine("sqlite://")
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    world = World(unit_of_work_factory(engine))
    await world.rooms("with", there=True)
    for step, *how in done:
        await getattr(world, step)(*how)
    await world.settle()
    for name in PLACES:
        assert world.shown(name) == await world.expected(name), name
    await _nothing_failed(world)
    await engine.dispose()


async def _nothing_failed(world):
    async with world.factory() as uow:
        count, failed = await uow.work.failed_since(START - timedelta(days=1), 5)
    assert (count, failed) == (0, ())


async def test_an_answer_that_comes_late_is_put_right(monkeypatch):
    """The old time arrives at the platform after the new one, from another process: the event is put right."""
    engine = open_engine("sqlite://")
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    world = World(unit_of_work_factory(engine))
    await world.rooms("with", there=True)
    gateway = world.gateways["with"]
    arrange = gateway.arrange
    asked = []

    async def slow(workspace, plan):
        asked.append(plan)
        if len(asked) == 1:
            await world.move(0, 5)
            await world.another.run_until_idle()
        return await arrange(workspace, plan)

    monkeypatch.setattr(gateway, "arrange", slow)
    await world.meet(3, weekly=False, public=True)
    await world.settle()
    assert world.shown("with") == await world.expected("with")
    assert [plan.starts.hour for plan in asked] == [9, 14, 14]
    assert asked[-1].known == "m2-20261127T0900"
    async with world.factory() as uow:
        rows = await uow.work.about("occurrence:m2-20261127T0900", (EVENT,))
    assert {row.state for row in rows} == {State.DONE}
    await engine.dispose()


async def test_a_date_that_is_moved_again_and_again_is_brought_into_the_calendar_once(monkeypatch):
    engine = open_engine("sqlite://")
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    world = World(unit_of_work_factory(engine))
    await world.rooms("with", there=True)
    gateway = world.gateways["with"]
    arrange = gateway.arrange
    asked = []

    async def counted(workspace, plan):
        asked.append(plan.starts.hour)
        return await arrange(workspace, plan)

    monkeypatch.setattr(gateway, "arrange", counted)
    await world.meet(3, weekly=False, public=True)
    for _time in range(3):
        await world.move(0, 1)
    await world.settle()
    assert asked == [12]
    await engine.dispose()


async def test_a_date_that_has_begun_is_left_alone():
    engine = open_engine("sqlite://")
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    world = World(unit_of_work_factory(engine))
    await world.meet(1, weekly=False, public=True)
    world.clock.moment = START + timedelta(days=1, minutes=30)
    await world.rooms("with", there=True)
    await world.settle()
    assert world.shown("with") == {}
    await engine.dispose()

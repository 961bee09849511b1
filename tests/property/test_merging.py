"""For any two histories: after they are one, nothing of either is lost but by the rules that members are told."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue import erasing_order
from bot.duework import NewWork, State
from bot.features.breakouts.model import Breakout, Placement
from bot.features.meetings.model import AgendaItem, Answer, Draft, ItemKind, Meeting, Occurrence, Rsvp
from bot.features.members.joining import combined, which_stays
from bot.features.members.model import Identity, Member
from bot.features.questions.model import Question
from bot.features.resources.model import Feedback
from bot.features.rooms.model import Purpose, Room, Route, RouteState
from bot.messages import Call, Target, UserRef
from storage.engine import open_engine
from storage.tables import due_work, feedback, metadata, question, resource, route, written_language
from storage.tables import meeting as meeting_table
from storage.unit_of_work import unit_of_work_factory

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
START = datetime(2026, 11, 24, 15)  # noqa: DTZ001 - a wall time, its zone beside it
DAYS, THINGS, LANGUAGES, GROUPS = 3, 2, ("fr", "es", "sw"), 2
MINUTES = st.integers(0, 3)
STATES = st.sampled_from((State.PENDING, State.DONE, State.SKIPPED))


@dataclass(frozen=True)
class History:
    """What one member did, by what it is about; instants are minutes from a moment."""

    answers: dict[int, tuple[Answer, int]]
    opinions: dict[int, tuple[bool, int]]
    routes: dict[str, tuple[RouteState, int]]
    written: dict[str, int]
    seats: dict[int, int]
    work: dict[int, State]
    accounts: int
    questions: int
    answered: int
    drafts: int
    meetings: int
    buttons: int
    tries: int
    code: bool


few = st.integers(0, 2)
histories = st.builds(
    History,
    answers=st.dictionaries(st.integers(0, DAYS - 1), st.tuples(st.sampled_from(Answer), MINUTES)),
    opinions=st.dictionaries(st.integers(0, THINGS - 1), st.tuples(st.booleans(), MINUTES)),
    routes=st.dictionaries(st.sampled_from(LANGUAGES), st.tuples(st.sampled_from(RouteState), MINUTES)),
    written=st.dictionaries(st.sampled_from(LANGUAGES), st.integers(1, 4)),
    seats=st.dictionaries(st.integers(0, DAYS - 1), st.integers(0, GROUPS - 1)),
    work=st.dictionaries(st.integers(0, 3), STATES),
    accounts=st.integers(1, 3),
    questions=few,
    answered=few,
    drafts=few,
    meetings=few,
    buttons=few,
    tries=few,
    code=st.booleans(),
)


def at(minutes):
    return NOW + timedelta(minutes=minutes)


async def write_shared(uow):
    """A third member, and what everybody's records are about."""
    await uow.members.add(Member("third", "Third", NOW), Identity(UserRef("slack", "T", "third"), "third"))
    for tag in LANGUAGES:
        await uow.rooms.save(Room(tag, tag, Purpose.LANGUAGE, tag, ()))
    await uow.meetings.save(Meeting("m", "Plenary", START, "UTC", 60, "third"))
    await uow.meetings.save_agenda("m", [AgendaItem("i", "m", 0, 0, 30, "Groups", ItemKind.BREAKOUT)])
    for day in range(DAYS):
        local = START + timedelta(days=day)
        await uow.meetings.save_occurrence(Occurrence(f"o{day}", "m", local, at(day), at(day), "2026.6"))
        await uow.breakouts.save_groups(
            [Breakout(f"o{day}-{group}", f"o{day}", "i", group, "fr", "fr") for group in range(GROUPS)]
        )


async def write(uow, who, history):
    await uow.members.add(Member(who, who.title(), NOW), Identity(UserRef("slack", "T", f"{who}-0"), who))
    for number in range(1, history.accounts):
        await uow.members.save_identity(Identity(UserRef("discord", "G", f"{who}-{number}"), who))
    await write_what_is_once(uow, who, history)
    await write_the_rest(uow, who, history)


async def write_what_is_once(uow, who, history):
    for day, (answer, minutes) in history.answers.items():
        await uow.meetings.save_rsvp(Rsvp(f"o{day}", who, answer, at(minutes)))
    for thing, (helpful, minutes) in history.opinions.items():
        await uow.resources.save_feedback(Feedback(f"r{thing}", who, helpful, at(minutes)))
    for tag, (state, minutes) in history.routes.items():
        await uow.rooms.save_route(Route(f"{who}-{tag}", who, tag, tag, state, at(minutes)))
    for tag, times in history.written.items():
        for _time in range(times):
            await uow.rooms.count_written(who, tag)
    for day, group in history.seats.items():
        seats = await uow.breakouts.placements(f"o{day}")
        await uow.breakouts.replace_placements(f"o{day}", [*seats, Placement(f"o{day}-{group}", who, "", 0)])
    if history.code:
        await uow.members.save_code(who, f"digest of {who}", at(10), NOW)


async def write_the_rest(uow, who, history):
    for number in range(history.questions):
        await uow.questions.save(Question(f"{who}-q{number}", who, "Where?", "fr", NOW))
    for number in range(history.answered):
        answered = {"answer": "There.", "answered_by": who, "answered_at": NOW}
        await uow.questions.save(Question(f"{who}-a{number}", "third", "Where?", "fr", NOW, **answered))
    for number in range(history.drafts):
        await uow.meetings.save_draft(Draft(f"{who}-{number}", who, "09:00 Welcome", {}, NOW))
    for number in range(history.meetings):
        await uow.meetings.save(Meeting(f"{who}-{number}", "Mine", START, "UTC", 60, who))
    await uow.actions.save(
        {f"{who}-{n}": Call("questions.pass", {"for": who, "n": str(n)}) for n in range(history.buttons)}
    )
    for number in history.work:
        target = Target(user=UserRef("slack", "T", f"{who}-0"))
        await uow.work.plan(NewWork("remind", f"remind:{number}:member:{who}", NOW, {}, target, who, "all"))
    for _time in range(history.tries):
        await uow.members.add_failed_try(who, NOW)


async def merged(ama, ben):
    """Write both histories and make them one; return the database, and the unit of work's factory."""
    engine = open_engine("sqlite://")
    factory = unit_of_work_factory(engine)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
        for thing in range(THINGS):
            row = {"id": f"r{thing}", "kind": "guide", "language": "fr", "checked_on": date(2026, 11, 1)}
            empty = dict.fromkeys(("url", "source", "region"), "")
            await connection.execute(sa.insert(resource).values(**row, **empty, tags=(), texts={}))
    async with factory() as uow:
        await write_shared(uow)
        await write(uow, "ama", ama)
        await write(uow, "ben", ben)
        await uow.commit()
    async with engine.begin() as connection:
        for who, history in (("ama", ama), ("ben", ben)):
            for number, state in history.work.items():
                mine = due_work.c.key == f"remind:{number}:member:{who}"
                await connection.execute(sa.update(due_work).where(mine).values(state=state))
    async with factory() as uow:
        await uow.members.merge(await uow.members.get("ama"), "ben", NOW)
        await uow.commit()
    return engine, factory


async def rows(engine, table, *columns):
    async with engine.connect() as connection:
        found = await connection.execute(sa.select(*(table.c[name] for name in columns)))
        return sorted(tuple(row) for row in found)


def newer(ama, ben):
    """Return what is left of two sets of things that have an instant as their last part."""
    return {key: max((h[key] for h in (ama, ben) if key in h), key=lambda value: value[-1]) for key in ama | ben}


def decided(ama, ben):
    def weight(value):
        return (value[0] is not RouteState.PROPOSED, value[1])

    return {key: max((h[key] for h in (ama, ben) if key in h), key=weight) for key in ama | ben}


def work_left(ama, ben):
    """Return the states of all work: of two pieces that are the same, at most one is still to be done."""
    left = []
    for key in ama | ben:
        states = [each[key] for each in (ama, ben) if key in each]
        if State.PENDING in states and len(states) == 2 and State.SKIPPED not in states:
            states[states.index(State.PENDING)] = State.SKIPPED
        left += states
    return sorted(left)


@given(histories, histories)
def test_nothing_of_either_history_is_lost_but_by_the_rules(ama, ben):
    asyncio.run(_nothing_is_lost(ama, ben))


async def _nothing_is_lost(ama, ben):
    engine, factory = await merged(ama, ben)
    try:
        await check_what_both_had(engine, factory, ama, ben)
        await check_what_is_simply_there(engine, factory, ama, ben)
        await check_export_and_erasure(engine, factory)
    finally:
        await engine.dispose()


async def check_what_both_had(engine, factory, ama, ben):
    async with factory() as uow:
        for day in range(DAYS):
            found = {each.member_id: (each.answer, each.at) for each in await uow.meetings.rsvps(f"o{day}")}
            best = newer(ama.answers, ben.answers).get(day)
            assert found == ({"ama": (best[0], at(best[1]))} if best else {})
            seats = [(seat.member_id, seat.breakout_id) for seat in await uow.breakouts.placements(f"o{day}")]
            group = (ben.seats | ama.seats).get(day)
            assert seats == ([] if group is None else [("ama", f"o{day}-{group}")])
    opinions = [(f"r{thing}", "ama", each) for thing, (each, _at) in sorted(newer(ama.opinions, ben.opinions).items())]
    assert await rows(engine, feedback, "resource_id", "member_id", "helpful") == opinions
    routes = sorted((tag, "ama", state) for tag, (state, _at) in decided(ama.routes, ben.routes).items())
    assert await rows(engine, route, "language", "member_id", "state") == routes
    written = sorted(
        ("ama", tag, ama.written.get(tag, 0) + ben.written.get(tag, 0)) for tag in ama.written | ben.written
    )
    assert await rows(engine, written_language, "member_id", "language", "count") == written
    async with factory() as uow:
        work = await uow.work.about("all", ["remind"])
    assert sorted(each.state for each in work) == work_left(ama.work, ben.work)
    assert {each.member_id for each in work} <= {"ama"}


async def check_what_is_simply_there(engine, factory, ama, ben):
    asked = await rows(engine, question, "id", "member_id", "answered_by")
    expected: list[tuple[str, str, str | None]] = []
    expected += [(f"{who}-q{n}", "ama", None) for who, h in (("ama", ama), ("ben", ben)) for n in range(h.questions)]
    expected += [(f"{who}-a{n}", "third", "ama") for who, h in (("ama", ama), ("ben", ben)) for n in range(h.answered)]
    assert asked == sorted(expected)
    made = await rows(engine, meeting_table, "id", "created_by")
    assert [row for row in made if row[0] != "m"] == sorted(
        (f"{who}-{n}", "ama") for who, h in (("ama", ama), ("ben", ben)) for n in range(h.meetings)
    )
    async with factory() as uow:
        counts = {each.record: len(await uow.personal.export(each.record, "ama")) for each in erasing_order()}
        assert counts["draft"] == ama.drafts + ben.drafts
        assert counts["action"] == ama.buttons + ben.buttons
        assert counts["identity"] == ama.accounts + ben.accounts
        assert counts["link_try"] == ama.tries + ben.tries
        assert counts["link_code"] == 0
        for who, history in (("ama", ama), ("ben", ben)):
            for number in range(history.buttons):
                assert (await uow.actions.get(f"{who}-{number}")).args == {"for": "ama", "n": str(number)}


async def check_export_and_erasure(engine, factory):
    async with factory() as uow:
        for record in erasing_order():
            assert await uow.personal.export(record.record, "ben") == []
            await uow.personal.erase(record, "ama")
        await uow.commit()
    async with factory() as uow:
        for record in erasing_order():
            assert await uow.personal.export(record.record, "ama") == []
        assert [member.id for member in await uow.members.all()] == ["third"]


# --- the profile -----------------------------------------------------------------------------------------------------

moments = st.none() | MINUTES.map(at)
tags = st.lists(st.sampled_from(LANGUAGES), unique=True, max_size=2).map(tuple)
profiles = st.builds(
    Member,
    id=st.uuids().map(str),
    name=st.sampled_from(("Ama", "Ben")),
    joined_at=MINUTES.map(at),
    languages=tags,
    zone=st.none() | st.just("Africa/Dakar"),
    skills_offered=tags,
    skills_wanted=tags,
    bio=st.sampled_from(("", "Hello")),
    organizer=st.booleans(),
    reminders=st.booleans(),
    noticed_at=moments,
    welcomed_at=moments,
    preferred=st.sampled_from(("", "slack", "discord")),
)


@given(profiles, profiles)
def test_the_profile_that_stays_stays_as_it_is_where_it_was_confirmed(asked, entered):
    kept, gone = which_stays(asked, entered)
    one = combined(kept, gone)
    assert {kept.id, gone.id} == {asked.id, entered.id}
    assert (one.id, one.name) == (kept.id, kept.name)
    own = ("languages", "zone", "quiet_start", "quiet_end", "reminders")
    if kept.welcomed_at is not None:
        assert [getattr(one, name) for name in own] == [getattr(kept, name) for name in own]
    else:
        assert gone.welcomed_at is None
        assert one.languages == (kept.languages or gone.languages)
        assert one.reminders == (kept.reminders and gone.reminders)


@given(profiles, profiles)
def test_what_either_offered_was_or_did_first_is_there_whoever_stays(first, second):
    one = combined(first, second)
    assert set(one.skills_offered) == {*first.skills_offered, *second.skills_offered}
    assert set(one.skills_wanted) == {*first.skills_wanted, *second.skills_wanted}
    assert one.organizer == (first.organizer or second.organizer)
    assert one.joined_at == min(first.joined_at, second.joined_at)
    for name in ("noticed_at", "welcomed_at"):
        both = [value for value in (getattr(first, name), getattr(second, name)) if value]
        assert getattr(one, name) == (min(both) if both else None)

"""Due work on every database: planned once, held by one owner, never forgotten that it may have been sent."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.duework import DueWork, NewWork, Origin, Reason, State, originating
from bot.features.members.model import Identity, Member
from bot.messages import ChannelRef, MessageRef, Target, UserRef
from bot.ports import UnitOfWorkFactory
from storage.engine import open_engine
from storage.repositories.due_work import idempotency_key
from storage.tables import due_work, due_work_event
from storage.unit_of_work import unit_of_work_factory
from tests.contract.lease_clock import FakeLeaseClock

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
TARGET = Target(channel=ChannelRef("slack", "T1", "C1"), thread="7.1")
SENT = MessageRef("slack", "T1", "C1", "99.1")
CHANGING = ("done", "end", "retry", "uncertain")


def work(key: str = "k", **changes) -> NewWork:
    values = {"kind": "reminder", "key": key, "due": NOW, "target": TARGET, "subject": "occurrence:o1", **changes}
    return NewWork(**values)


async def plan(factory: UnitOfWorkFactory, *planned: NewWork) -> None:
    async with factory() as uow:
        for each in planned:
            await uow.work.plan(each)
        await uow.commit()


async def do(factory: UnitOfWorkFactory, name: str, *args, **named):
    async with factory() as uow:
        result = await getattr(uow.work, name)(*args, **named)
        await uow.commit()
    return result


async def claim(factory: UnitOfWorkFactory, owner: str = "me", lease: float = 60.0) -> tuple[DueWork, ...]:
    return await do(factory, "claim", NOW, owner, 50, lease)


async def claimed(factory: UnitOfWorkFactory, owner: str = "me", **changes) -> int:
    """Plan one piece of work and claim it; return its id."""
    await plan(factory, work(**changes))
    (row,) = await claim(factory, owner)
    return row.id


async def fenced(factory: UnitOfWorkFactory, owner: str = "me") -> int:
    work_id = await claimed(factory, owner)
    assert await do(factory, "fence", work_id, owner, 30)
    return work_id


async def recover(factory: UnitOfWorkFactory, owner: str = "me", after: float = 15.0) -> tuple[DueWork, ...]:
    return await do(factory, "recover", owner, uncertain_after_seconds=after, lease_seconds=60, limit=50)


async def row(factory: UnitOfWorkFactory, work_id: int) -> DueWork:
    async with factory() as uow:
        found = await uow.work.get(work_id)
    assert found
    return found


async def change(factory: UnitOfWorkFactory, name: str, work_id: int, owner: str) -> bool:
    """Call one of the four ways out of a row's being held."""
    arguments = {
        "done": {"ref": SENT, "at": NOW},
        "end": {"failed": True, "reason": Reason.REFUSED, "at": NOW},
        "retry": {"after_seconds": 30.0, "reason": Reason.REFUSED, "clear_maybe_sent": True},
        "uncertain": {"reason": Reason.UNKNOWN_OUTCOME},
    }
    return await do(factory, name, work_id, owner, **arguments[name])


async def test_what_is_planned_is_kept_whole(timed_factory):
    useful = NOW + timedelta(hours=1)
    target = Target(user=UserRef("discord", "", "42"))
    payload = {"lead": "PT1H", "n": [1, None, {"é": "ü"}]}
    await plan(timed_factory, work("a", payload=payload, target=target, useful_until=useful, version=3))
    async with timed_factory() as uow:
        (found,) = await uow.work.about("occurrence:o1", ["reminder"])
    assert found == DueWork(
        id=found.id,
        kind="reminder",
        key="a",
        due=NOW,
        payload=payload,
        target=target,
        member_id=None,
        subject="occurrence:o1",
        useful_until=useful,
        version=3,
        state=State.PENDING,
        idempotency_key=idempotency_key("a"),
    )


def test_the_idempotency_key_is_short_and_the_same_for_ever():
    assert idempotency_key("rule:meeting:2026-11-24T15:00:member") == "i5xmqntyglix3rul2opqzf5n"
    assert len(idempotency_key("é" * 10_000)) == 24


async def test_planning_again_changes_what_is_pending_and_nothing_else(timed_factory):
    later, useful = NOW + timedelta(hours=2), NOW + timedelta(hours=3)
    await plan(timed_factory, work(payload={"old": 1}))
    other = {"kind": "other", "subject": "elsewhere", "target": None}
    await plan(timed_factory, work(payload={"new": 2}, due=later, useful_until=useful, version=2, **other))
    async with timed_factory() as uow:
        (found,) = await uow.work.about("occurrence:o1", ["reminder"])
        assert await uow.work.next_due() == later
    assert (found.payload, found.due, found.useful_until, found.version) == ({"new": 2}, later, useful, 2)
    assert found.target == TARGET


@pytest.mark.parametrize("ending", ["done", "end", "uncertain"])
async def test_planning_again_leaves_what_is_not_pending(timed_factory, ending):
    work_id = await fenced(timed_factory)
    assert await change(timed_factory, ending, work_id, "me")
    before = await row(timed_factory, work_id)
    await plan(timed_factory, work(due=NOW + timedelta(days=1), payload={"new": 1}, version=9))
    assert await row(timed_factory, work_id) == before


async def test_planning_again_leaves_what_is_held(timed_factory):
    work_id = await claimed(timed_factory)
    before = await row(timed_factory, work_id)
    await plan(timed_factory, work(version=9))
    assert await row(timed_factory, work_id) == before


async def test_what_may_have_been_sent_is_neither_planned_anew_nor_withdrawn(timed_factory):
    work_id = await fenced(timed_factory)
    unknown = {"after_seconds": 0.0, "reason": Reason.ERROR, "clear_maybe_sent": False}
    assert await do(timed_factory, "retry", work_id, "me", **unknown)
    before = await row(timed_factory, work_id)
    assert (before.state, before.maybe_sent) == (State.PENDING, True)
    await plan(timed_factory, work(version=9))
    assert await do(timed_factory, "withdraw", "occurrence:o1", ["reminder"], Reason.CANCELLED) == 0
    assert await row(timed_factory, work_id) == before


async def test_a_naive_due_time_is_refused(timed_factory):
    async with timed_factory() as uow:
        with pytest.raises(Exception, match="an instant needs its zone"):
            await uow.work.plan(work(due=datetime(2026, 11, 24, 9)))  # noqa: DTZ001 - the point


async def test_an_instant_of_another_zone_comes_back_in_utc(timed_factory):
    kathmandu = datetime.fromisoformat("2026-11-24T14:45:00+05:45")
    await plan(timed_factory, work(due=kathmandu))
    async with timed_factory() as uow:
        due = await uow.work.next_due()
    assert due == NOW
    assert due.tzinfo is UTC


async def test_claim_takes_what_is_due_and_the_soonest_useless_first(timed_factory):
    def useful(minutes: int) -> datetime:
        return NOW + timedelta(minutes=minutes)

    await plan(
        timed_factory,
        work("never", due=NOW - timedelta(days=1)),
        work("last", useful_until=useful(30)),
        work("later due", useful_until=useful(10), due=NOW),
        work("first", useful_until=useful(10), due=NOW - timedelta(minutes=1)),
        work("not due", useful_until=useful(1), due=NOW + timedelta(seconds=1)),
    )
    taken = await do(timed_factory, "claim", NOW, "me", 3, 60)
    assert [each.key for each in taken] == ["first", "later due", "last"]
    assert {(each.state, each.owner) for each in taken} == {(State.CLAIMED, "me")}
    assert [each.key for each in await claim(timed_factory)] == ["never"]
    assert await claim(timed_factory) == ()


async def test_claims_at_the_same_time_share_nothing(uow_factory):
    await plan(uow_factory, *(work(f"k{n}") for n in range(60)))

    async def take(owner: str) -> list[int]:
        taken: list[int] = []
        while rows := await do(uow_factory, "claim", NOW, owner, 7, 60):
            taken += [each.id for each in rows]
        return taken

    shares = await asyncio.gather(*(take(f"owner {n}") for n in range(4)))
    everything = [work_id for share in shares for work_id in share]
    assert len(everything) == len(set(everything)) == 60


async def test_a_claim_passes_by_rows_that_an_open_claim_holds(postgres_engine):
    """On PostgreSQL nobody waits for another's open transaction."""
    factory = unit_of_work_factory(postgres_engine)
    await plan(factory, work("a"), work("b"))
    async with asyncio.timeout(30), factory() as first, factory() as second:
        (one,) = await first.work.claim(NOW, "one", 1, 60)
        (two,) = await second.work.claim(NOW, "two", 5, 60)
        assert await second.work.recover("two", uncertain_after_seconds=0, lease_seconds=60, limit=5) == ()
    assert {one.key, two.key} == {"a", "b"}


async def test_planning_the_same_key_at_the_same_time_makes_one_row(uow_factory):
    await asyncio.gather(*(plan(uow_factory, work("same", version=n)) for n in range(8)))
    async with uow_factory() as uow:
        assert len(await uow.work.about("occurrence:o1", ["reminder"])) == 1


async def test_fence_marks_before_anything_is_sent(timed_factory, lease_clock):
    work_id = await claimed(timed_factory)
    lease_clock.move(5)
    assert await do(timed_factory, "fence", work_id, "me", 30)
    after = await row(timed_factory, work_id)
    assert (after.state, after.maybe_sent, after.attempt) == (State.SENDING, True, 1)
    assert after.first_try == lease_clock.now
    assert not await do(timed_factory, "fence", work_id, "me", 30)


@pytest.mark.parametrize(("waited", "held"), [(29.9, True), (30, False), (61, False)])
async def test_fence_needs_the_lease_to_hold_for_the_margin(timed_factory, lease_clock, waited, held):
    work_id = await claimed(timed_factory)
    lease_clock.move(waited)
    assert await do(timed_factory, "fence", work_id, "me", 30) is held
    assert (await row(timed_factory, work_id)).maybe_sent is held


async def test_fence_is_refused_on_the_database_s_own_clock_too(uow_factory):
    await plan(uow_factory, work())
    (short,) = await claim(uow_factory, lease=29)
    assert not await do(uow_factory, "fence", short.id, "me", 30)
    assert await do(uow_factory, "fence", short.id, "me", 1)


@pytest.mark.parametrize("name", ["fence", *CHANGING])
async def test_nobody_else_can_touch_what_is_held(timed_factory, name):
    work_id = await claimed(timed_factory)
    before = await row(timed_factory, work_id)
    if name == "fence":
        assert not await do(timed_factory, "fence", work_id, "you", 30)
    else:
        assert not await change(timed_factory, name, work_id, "you")
    assert await row(timed_factory, work_id) == before


async def test_done_keeps_where_the_message_is(timed_factory):
    work_id = await fenced(timed_factory)
    assert await change(timed_factory, "done", work_id, "me")
    after = await row(timed_factory, work_id)
    assert (after.state, after.sent, after.finished_at, after.owner) == (State.DONE, SENT, NOW, None)


@pytest.mark.parametrize(("failed", "state"), [(True, State.FAILED), (False, State.SKIPPED)])
async def test_an_end_keeps_its_reason(timed_factory, failed, state):
    work_id = await claimed(timed_factory)
    assert await do(timed_factory, "end", work_id, "me", failed=failed, reason=Reason.GONE, at=NOW)
    after = await row(timed_factory, work_id)
    assert (after.state, after.reason, after.finished_at, after.owner) == (state, "gone", NOW, None)


@pytest.mark.parametrize("first", ["done", "end"])
@pytest.mark.parametrize("second", CHANGING)
async def test_what_has_ended_stays(timed_factory, first, second):
    work_id = await fenced(timed_factory)
    assert await change(timed_factory, first, work_id, "me")
    before = await row(timed_factory, work_id)
    assert not await change(timed_factory, second, work_id, "me")
    assert await claim(timed_factory) == ()
    assert await row(timed_factory, work_id) == before


async def test_a_retry_waits_on_the_store_s_clock(timed_factory, lease_clock):
    work_id = await fenced(timed_factory)
    assert await change(timed_factory, "retry", work_id, "me")
    assert await claim(timed_factory) == ()
    async with timed_factory() as uow:
        assert await uow.work.next_due() is None
    lease_clock.move(30)
    async with timed_factory() as uow:
        assert await uow.work.next_due() == NOW
    (again,) = await claim(timed_factory, "you")
    assert (again.id, again.maybe_sent, again.first_try, again.attempt) == (work_id, False, None, 1)


async def test_tries_are_counted_once_and_giving_back_is_none(timed_factory):
    again = {"reason": Reason.ERROR, "clear_maybe_sent": True}
    work_id = await claimed(timed_factory)
    await do(timed_factory, "retry", work_id, "me", after_seconds=0.0, **again)
    assert (await row(timed_factory, work_id)).attempt == 0
    await claim(timed_factory)
    await do(timed_factory, "retry", work_id, "me", after_seconds=0.001, **again)
    assert (await row(timed_factory, work_id)).attempt == 1


async def test_a_claim_whose_lease_ran_out_is_pending_again(timed_factory, lease_clock):
    work_id = await claimed(timed_factory, "dead")
    lease_clock.move(59)
    assert await recover(timed_factory) == ()
    assert (await row(timed_factory, work_id)).state is State.CLAIMED
    lease_clock.move(1)
    assert await recover(timed_factory) == ()
    after = await row(timed_factory, work_id)
    assert (after.state, after.owner, after.reason) == (State.PENDING, None, Reason.LEASE_LOST)
    assert not await do(timed_factory, "fence", work_id, "dead", 0)


async def test_a_sending_whose_lease_ran_out_is_looked_for_by_one(timed_factory, lease_clock):
    work_id = await fenced(timed_factory, "dead")
    lease_clock.move(61)
    (found,) = await recover(timed_factory, "me")
    assert (found.id, found.state, found.owner, found.maybe_sent) == (work_id, State.UNCERTAIN, "me", True)
    assert await recover(timed_factory, "you") == ()
    assert not await change(timed_factory, "done", work_id, "dead")
    assert await change(timed_factory, "done", work_id, "me")


async def test_replicas_that_recover_at_the_same_time_share_nothing(uow_factory):
    await plan(uow_factory, *(work(f"k{n}") for n in range(20)))
    for each in await claim(uow_factory):
        await do(uow_factory, "fence", each.id, "me", 1)
        await do(uow_factory, "uncertain", each.id, "me", Reason.UNKNOWN_OUTCOME)
    shares = await asyncio.gather(*(recover(uow_factory, f"owner {n}", after=0.0) for n in range(4)))
    everything = [each.id for share in shares for each in share]
    assert len(everything) == len(set(everything)) == 20


async def test_uncertain_work_is_looked_for_only_after_a_while(timed_factory, lease_clock):
    work_id = await fenced(timed_factory)
    assert await change(timed_factory, "uncertain", work_id, "me")
    lease_clock.move(14.9)
    assert await recover(timed_factory) == ()
    lease_clock.move(0.1)
    (found,) = await recover(timed_factory)
    assert (found.id, found.reason) == (work_id, Reason.UNKNOWN_OUTCOME)


async def test_a_look_that_failed_is_repeated_after_its_lease(timed_factory, lease_clock):
    work_id = await fenced(timed_factory)
    await change(timed_factory, "uncertain", work_id, "me")
    lease_clock.move(15)
    await recover(timed_factory)
    assert await change(timed_factory, "uncertain", work_id, "me")
    assert await recover(timed_factory) == ()
    lease_clock.move(60)
    assert [each.id for each in await recover(timed_factory)] == [work_id]


async def test_only_what_may_have_been_sent_can_be_uncertain(timed_factory):
    work_id = await claimed(timed_factory)
    assert not await change(timed_factory, "uncertain", work_id, "me")


async def test_maybe_sent_outlives_every_change_of_hands(timed_factory, lease_clock):
    work_id = await fenced(timed_factory, "first")
    lease_clock.move(61)
    await recover(timed_factory, "second")
    unknown = {"after_seconds": 1.0, "reason": Reason.UNKNOWN_OUTCOME, "clear_maybe_sent": False}
    assert await do(timed_factory, "retry", work_id, "second", **unknown)
    lease_clock.move(1)
    (third,) = await claim(timed_factory, "third")
    assert (third.maybe_sent, third.first_try is not None) == (True, True)
    lease_clock.move(61)
    await recover(timed_factory)
    (fourth,) = await claim(timed_factory, "fourth")
    assert fourth.maybe_sent
    assert await change(timed_factory, "retry", work_id, "fourth")
    assert not (await row(timed_factory, work_id)).maybe_sent


async def test_the_first_try_stays_the_first_as_long_as_it_may_have_succeeded(timed_factory, lease_clock):
    work_id = await fenced(timed_factory)
    first = lease_clock.now
    unknown = {"after_seconds": 0.0, "reason": Reason.UNKNOWN_OUTCOME, "clear_maybe_sent": False}
    assert await do(timed_factory, "retry", work_id, "me", **unknown)
    lease_clock.move(20)
    await claim(timed_factory)
    assert await do(timed_factory, "fence", work_id, "me", 30)
    assert (await row(timed_factory, work_id)).first_try == first


async def test_leases_of_an_earlier_run_are_dead_at_once(engine: AsyncEngine):
    before, after = FakeLeaseClock("before"), FakeLeaseClock("after")
    old, new = unit_of_work_factory(engine, before), unit_of_work_factory(engine, after)
    await plan(old, work("claimed"), work("fenced"))
    first, second = await claim(old)
    await do(old, "fence", second.id, "me", 30)
    (found,) = await recover(new, "me", after=0.0)
    assert found.id == second.id
    assert (await row(new, first.id)).state is State.PENDING
    assert not await change(old, "done", second.id, "me")


async def test_a_new_process_on_sqlite_is_a_new_run_and_replicas_on_postgresql_are_one(engine: AsyncEngine):
    first, second = unit_of_work_factory(engine), unit_of_work_factory(engine)
    work_id = await claimed(first, "replica 1")
    await recover(second, "replica 2")
    expected = State.CLAIMED if engine.dialect.name == "postgresql" else State.PENDING
    assert (await row(first, work_id)).state is expected


async def test_withdraw_skips_the_pending_work_of_these_kinds(timed_factory):
    await plan(timed_factory, work("a"), work("b", kind="other"), work("c", subject="occurrence:o2"), work("d"))
    (taken, *_) = await do(timed_factory, "claim", NOW, "me", 1, 60)
    assert await do(timed_factory, "withdraw", "occurrence:o1", ["reminder"], Reason.CANCELLED) == 1
    async with timed_factory() as uow:
        found = {each.key: each.state for each in await uow.work.about("occurrence:o1", ["reminder", "other"])}
    assert found == {"a": State.CLAIMED, "b": State.PENDING, "d": State.SKIPPED}
    assert taken.key == "a"


async def test_about_is_ordered_by_age_and_knows_every_state(timed_factory):
    await plan(timed_factory, work("a", due=NOW + timedelta(days=1)), work("b"), work("c", kind="other"))
    work_id = (await claim(timed_factory))[0].id
    await change(timed_factory, "done", work_id, "me")
    async with timed_factory() as uow:
        assert [each.key for each in await uow.work.about("occurrence:o1", ["reminder"])] == ["a", "b"]
        assert await uow.work.about("occurrence:o1", []) == ()


async def test_what_still_waits_for_a_member_is_found_the_earliest_first(uow_factory):
    async with uow_factory() as uow:
        for member_id in ("ama", "ben"):
            account = Identity(UserRef("slack", "T1", member_id), member_id)
            await uow.members.add(Member(member_id, member_id.title(), NOW), account)
        await uow.commit()
    done = await claimed(uow_factory, key="done", member_id="ama")
    await do(uow_factory, "fence", done, "me", 30)
    await do(uow_factory, "done", done, "me", SENT, NOW)
    later, others = work("later", member_id="ama", due=NOW + timedelta(hours=2)), work("others", member_id="ben")
    soon, another_kind = (
        work("soon", member_id="ama", due=NOW + timedelta(hours=1)),
        work("x", kind="y", member_id="ama"),
    )
    await plan(uow_factory, later, others, soon, another_kind)
    async with uow_factory() as uow:
        assert [each.key for each in await uow.work.waiting("ama", ["reminder"])] == ["soon", "later"]
        assert await uow.work.waiting("nobody", ["reminder"]) == ()
        assert await uow.work.get(10_000) is None


async def test_every_change_of_state_is_logged(timed_factory, engine, lease_clock):
    work_id = await fenced(timed_factory, "first")
    lease_clock.move(61)
    await recover(timed_factory, "second")
    await change(timed_factory, "done", work_id, "second")
    event = due_work_event.c
    async with engine.connect() as connection:
        rows = (await connection.execute(sa.select(event.state, event.owner, event.reason).order_by(event.id))).all()
    assert [tuple(each) for each in rows] == [
        (State.CLAIMED, "first", None),
        (State.SENDING, "first", None),
        (State.UNCERTAIN, None, "lease_lost"),
        (State.DONE, "second", None),
    ]


async def test_a_rolled_back_change_leaves_no_event(timed_factory, engine):
    await plan(timed_factory, work())
    async with timed_factory() as uow:
        await uow.work.claim(NOW, "me", 5, 60)
    async with engine.connect() as connection:
        assert await connection.scalar(sa.select(sa.func.count()).select_from(due_work_event)) == 0
        assert await connection.scalar(sa.select(due_work.c.state)) is State.PENDING


async def test_what_set_it_off_is_kept_and_the_latest_wins(uow_factory):
    with originating(Origin("event-1")):
        await plan(uow_factory, work("one"), work("two"))
    await plan(uow_factory, work("one"))
    with originating(Origin("event-2")):
        await plan(uow_factory, work("two"))
    found = await do(uow_factory, "about", "occurrence:o1", ["reminder"])
    assert [each.cause for each in found] == ["event-1", "event-2"]


async def test_what_may_have_been_sent_before_it_was_planned_is_looked_for_first(uow_factory):
    """As when a task runs again in a restored database: only what is due already can have been sent."""
    since = datetime.now(UTC) - timedelta(hours=1)
    with originating(Origin("event-1", since, until=NOW)):
        await plan(uow_factory, work("due"), work("ahead", due=NOW + timedelta(seconds=1)), work("task", target=None))
    rows = {each.key: each for each in await do(uow_factory, "about", "occurrence:o1", ["reminder"])}
    assert {key: (each.state, each.maybe_sent) for key, each in rows.items()} == {
        "due": (State.UNCERTAIN, True),
        "ahead": (State.PENDING, False),
        "task": (State.PENDING, True),
    }
    assert rows["due"].first_try == rows["task"].first_try == since
    assert [each.key for each in await recover(uow_factory)] == ["due"]
    assert [each.key for each in await claim(uow_factory)] == ["task"]


async def test_the_backlog_is_what_is_open_and_since_when_the_first_is_due(uow_factory):
    async with uow_factory() as uow:
        assert (await uow.work.backlog(NOW)).due_since is None
    await plan(uow_factory, work("ahead", due=NOW + timedelta(hours=1)))
    assert (await do(uow_factory, "backlog", NOW)).due_since is None
    await plan(uow_factory, work("one", due=NOW - timedelta(minutes=5)), work("two"))
    await claim(uow_factory)
    found = await do(uow_factory, "backlog", NOW)
    assert found.due_since == NOW - timedelta(minutes=5)
    assert found.open == {State.PENDING: 1, State.CLAIMED: 2, State.SENDING: 0, State.UNCERTAIN: 0}


async def test_what_failed_lately_is_counted_and_the_latest_shown(uow_factory):
    names = ("long-ago", "first", "second", "third", "skipped")
    await plan(uow_factory, *(work(name, target=None) for name in names))
    ids = {each.key: each.id for each in await claim(uow_factory)}
    for hours, name in enumerate(names):
        failed, at = name != "skipped", NOW + timedelta(hours=hours)
        assert await do(uow_factory, "end", ids[name], "me", failed=failed, reason=Reason.REFUSED, at=at)
    count, latest = await do(uow_factory, "failed_since", NOW, 2)
    assert (count, [each.key for each in latest]) == (3, ["third", "second"])
    assert latest[0].reason == Reason.REFUSED
    assert await do(uow_factory, "failed_since", NOW + timedelta(hours=9), 2) == (0, ())


async def test_a_sweep_of_sqlite_never_reads_what_is_not_due(file_ready: str):
    """However many reminders lie ahead, a sweep every two seconds must not walk through them."""
    engine = open_engine(file_ready)
    before = unit_of_work_factory(engine)
    await plan(before, work("lost"))
    await claim(before)
    said: list[str] = []
    sa.event.listen(engine.sync_engine, "before_cursor_execute", lambda _c, _cursor, text, *_rest: said.append(text))
    factory = unit_of_work_factory(engine)
    await do(factory, "recover", "me", uncertain_after_seconds=15, lease_seconds=60, limit=50)
    await claim(factory)
    sweeps = [text for text in said if text.startswith(("WITH", "SELECT"))]
    async with engine.connect() as connection:
        plans = [
            (await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", ("pending",) * text.count("?"))).all()
            for text in sweeps
        ]
    await engine.dispose()
    steps = [step.detail for plan in plans[:4] for step in plan if "due_work" in step.detail]
    assert len(sweeps) == 5
    assert "SCAN due_work" not in steps


async def test_many_are_planned_fenced_and_done_at_once_each_by_its_own_right(uow_factory):
    planned = [work("a"), work("b"), work("c"), work("a", version=2)]
    async with uow_factory() as uow:
        await uow.work.plan_many([])
        assert not uow.work.planned
        await uow.work.plan_many(planned)
        assert uow.work.planned
        await uow.commit()
    one, two = await claim(uow_factory), await do(uow_factory, "fence_many", [], "me", 30)
    a, b, c = (row.id for row in sorted(one, key=lambda row: row.key))
    assert [row.version for row in sorted(one, key=lambda row: row.key)] == [2, 1, 1]
    assert two == frozenset()
    assert await do(uow_factory, "fence_many", [a, b], "somebody else", 30) == frozenset()
    assert await do(uow_factory, "fence_many", [a, b], "me", 30) == {a, b}
    assert await do(uow_factory, "fence_many", [a, b, c], "me", 30) == {c}
    await do(uow_factory, "end", b, "me", failed=True, reason="gone", at=NOW)
    assert await do(uow_factory, "done_many", {a: SENT, b: SENT, c: None}, "me", NOW) == {a, c}
    rows = [await row(uow_factory, work_id) for work_id in (a, b, c)]
    assert [each.sent for each in rows] == [SENT, None, None]
    assert [each.state for each in rows] == [State.DONE, State.FAILED, State.DONE]

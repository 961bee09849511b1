"""Due work under any order of events: owners come and go, leases run out, and nothing is ever sent twice unlooked.

Each rule calls the repository as the runner does; the model beside it remembers only who was promised what.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.duework import DueWork, NewWork, Reason, State
from bot.ports import UnitOfWork
from storage.engine import open_engine
from storage.tables import due_work, due_work_event
from storage.unit_of_work import unit_of_work_factory
from storage.upgrade import upgrade
from tests.contract.lease_clock import FakeLeaseClock

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LEASE, MARGIN, LOOK_AFTER = 60.0, 30.0, 15.0
ENDS = {State.DONE, State.SKIPPED, State.FAILED}
HELD = {State.CLAIMED, State.SENDING}

keys = st.sampled_from(["a", "b", "c"])
owners = st.sampled_from(["one", "two"])
picks = st.integers(0, 5)


class DueWorkMachine(RuleBasedStateMachine):
    """Three keys, two owners, one clock."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.clock = FakeLeaseClock("run 0")
        self.engine = open_engine("sqlite://")
        self.factory = unit_of_work_factory(self.engine, self.clock)
        self.loop.run_until_complete(upgrade(self.engine))
        self.leases: dict[int, tuple[str, datetime]] = {}
        """Who holds a row, and until when nobody else can."""
        self.maybe_sent: set[int] = set()
        self.ended: dict[int, DueWork] = {}
        self.runs = 0

    def teardown(self) -> None:
        self.loop.run_until_complete(self.engine.dispose())
        self.loop.close()

    def do(self, act: Callable[[UnitOfWork], Awaitable[Any]]) -> Any:
        async def transact() -> Any:
            async with self.factory() as uow:
                result = await act(uow)
                await uow.commit()
            return result

        return self.loop.run_until_complete(transact())

    def rows(self) -> list[DueWork]:
        return list(self.do(lambda uow: uow.work.about("s", ["k"])))

    def held_by(self, owner: str) -> list[int]:
        """The rows that were given to an owner and not taken back, whether or not the lease still holds."""
        return sorted(work_id for work_id, (holder, _) in self.leases.items() if holder == owner)

    def pick(self, owner: str, number: int) -> int | None:
        held = self.held_by(owner)
        return held[number % len(held)] if held else None

    @initialize()
    def plan_one(self) -> None:
        self.plan("a", 1)

    @rule(key=keys, version=st.integers(1, 3))
    def plan(self, key: str, version: int) -> None:
        before = {row.key: row for row in self.rows()}
        self.do(lambda uow: uow.work.plan(NewWork("k", key, NOW, subject="s", version=version)))
        after = {row.key: row for row in self.rows()}
        old = before.get(key)
        if old and (old.state is not State.PENDING or old.maybe_sent):
            assert after[key] == old
        else:
            assert after[key].version == version

    @rule(seconds=st.sampled_from([1.0, LOOK_AFTER, MARGIN + 1, LEASE + 1]))
    def time_passes(self, seconds: float) -> None:
        self.clock.move(seconds)

    @rule()
    def restart(self) -> None:
        """Another process takes over the database: what was held is held by nobody alive."""
        self.runs += 1
        self.clock.run = f"run {self.runs}"
        self.leases.clear()

    @rule(owner=owners, limit=st.integers(1, 3))
    def claim(self, owner: str, limit: int) -> None:
        taken = self.do(lambda uow: uow.work.claim(NOW, owner, limit, LEASE))
        assert len(taken) <= limit
        self.take(owner, taken, LEASE)

    @rule(owner=owners)
    def recover(self, owner: str) -> None:
        taken = self.do(
            lambda uow: uow.work.recover(owner, uncertain_after_seconds=LOOK_AFTER, lease_seconds=LEASE, limit=5)
        )
        lost = {row.id for row in self.rows() if row.owner is None}
        for work_id in lost & set(self.leases):
            assert self.leases.pop(work_id)[1] <= self.clock.now, "taken back while the lease held"
        for row in taken:
            assert row.maybe_sent
            assert row.first_try is not None
            assert row.first_try <= self.clock.now - timedelta(seconds=LOOK_AFTER)
        self.take(owner, taken, LEASE)

    def take(self, owner: str, taken: tuple[DueWork, ...], seconds: float) -> None:
        for row in taken:
            holder = self.leases.get(row.id)
            assert holder is None or holder[1] <= self.clock.now, "held by two owners"
            assert row.maybe_sent == (row.id in self.maybe_sent)
            assert row.id not in self.ended
            self.leases[row.id] = (owner, self.clock.now + timedelta(seconds=seconds))

    @precondition(lambda self: self.leases)
    @rule(owner=owners, number=picks)
    def fence(self, owner: str, number: int) -> None:
        work_id = self.pick(owner, number)
        if work_id is None:
            return
        state = self.do(lambda uow: uow.work.get(work_id)).state
        in_time = self.leases[work_id][1] > self.clock.now + timedelta(seconds=MARGIN)
        fenced = self.do(lambda uow: uow.work.fence(work_id, owner, MARGIN))
        assert fenced == (state is State.CLAIMED and in_time)
        if fenced:
            self.maybe_sent.add(work_id)

    @precondition(lambda self: self.leases)
    @rule(owner=owners, number=picks, clear=st.booleans(), after=st.sampled_from([0.0, 5.0]))
    def retry(self, owner: str, number: int, clear: bool, after: float) -> None:
        work_id = self.pick(owner, number)
        if work_id is None:
            return
        again = {"after_seconds": after, "reason": Reason.ERROR, "clear_maybe_sent": clear}
        assert self.do(lambda uow: uow.work.retry(work_id, owner, **again))
        del self.leases[work_id]
        if clear:
            self.maybe_sent.discard(work_id)

    @precondition(lambda self: self.leases)
    @rule(owner=owners, number=picks)
    def uncertain(self, owner: str, number: int) -> None:
        work_id = self.pick(owner, number)
        if work_id is None:
            return
        marked = self.do(lambda uow: uow.work.uncertain(work_id, owner, Reason.UNKNOWN_OUTCOME))
        assert marked == (work_id in self.maybe_sent)
        if self.do(lambda uow: uow.work.get(work_id)).owner is None:
            del self.leases[work_id]

    @precondition(lambda self: self.leases)
    @rule(owner=owners, number=picks, how=st.sampled_from(["done", "failed", "skipped"]))
    def finish(self, owner: str, number: int, how: str) -> None:
        work_id = self.pick(owner, number)
        if work_id is None:
            return
        if how == "done":
            assert self.do(lambda uow: uow.work.done(work_id, owner, None, NOW))
        else:
            end = {"failed": how == "failed", "reason": Reason.GONE, "at": NOW}
            assert self.do(lambda uow: uow.work.end(work_id, owner, **end))
        del self.leases[work_id]
        self.ended[work_id] = self.do(lambda uow: uow.work.get(work_id))

    @rule(owner=owners, number=picks)
    def a_stranger_is_refused(self, owner: str, number: int) -> None:
        strangers = [row.id for row in self.rows() if row.id not in self.held_by(owner)]
        if not strangers:
            return
        work_id = strangers[number % len(strangers)]
        before = self.rows()
        assert not self.do(lambda uow: uow.work.done(work_id, owner, None, NOW))
        assert not self.do(lambda uow: uow.work.fence(work_id, owner, 0))
        assert self.rows() == before

    @rule()
    def withdraw(self) -> None:
        before = {row.id: row for row in self.rows()}
        self.do(lambda uow: uow.work.withdraw("s", ["k"], Reason.CANCELLED))
        for row in self.rows():
            unsent = before[row.id].state is State.PENDING and not before[row.id].maybe_sent
            assert row.state is (State.SKIPPED if unsent else before[row.id].state)
            if unsent:
                self.ended[row.id] = row

    @invariant()
    def the_memory_of_a_send_is_kept(self) -> None:
        for row in self.rows():
            assert row.maybe_sent == (row.id in self.maybe_sent), row
            assert (row.first_try is not None) == row.maybe_sent, row

    @invariant()
    def ends_are_for_ever(self) -> None:
        rows = {row.id: row for row in self.rows()}
        assert {work_id: rows[work_id] for work_id in self.ended} == self.ended
        assert {row.id for row in rows.values() if row.state in ENDS} == set(self.ended)

    @invariant()
    def keys_are_unique_and_held_rows_have_an_owner(self) -> None:
        rows = self.rows()
        assert len({row.key for row in rows}) == len({row.idempotency_key for row in rows}) == len(rows)
        for row in rows:
            assert (row.owner is not None) == (row.state in HELD) or row.state is State.UNCERTAIN
            if row.id in self.leases:
                assert row.owner == self.leases[row.id][0]

    @invariant()
    def the_log_ends_where_the_row_stands(self) -> None:
        last = sa.select(sa.func.max(due_work_event.c.id)).group_by(due_work_event.c.work_id)
        query = sa.select(due_work.c.state, due_work_event.c.state).join(due_work_event)

        async def states() -> list[tuple[State, State]]:
            async with self.engine.connect() as connection:
                found = await connection.execute(query.where(due_work_event.c.id.in_(last)))
                return [(row[0], row[1]) for row in found]

        assert all(now is logged for now, logged in self.loop.run_until_complete(states()))


DueWorkMachine.TestCase.settings = settings(stateful_step_count=30)
TestDueWork = DueWorkMachine.TestCase

"""What goes wrong on our own side: kinds that break or hang, leases that run out, a store that is away, a stop."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from adapters.fake.gateway import FakeGateway
from bot.duework import DeliveryKind, NewWork, Reason, Skip, TaskKind
from bot.messages import ChannelRef, Target
from bot.ports import UnitOfWork, UnitOfWorkFactory
from schedules import sender
from schedules.runner import Runner
from tests.unit.schedules.conftest import ROOM, START, greet


class Store:
    """Opens units of work until it is switched off."""

    def __init__(self, uow_factory: UnitOfWorkFactory) -> None:
        self._uow_factory = uow_factory
        self.on = True
        self.missed = asyncio.Event()

    def switch_off(self) -> None:
        self.on = False

    def __call__(self) -> UnitOfWork:
        if not self.on:
            self.missed.set()
            msg = "the database is away"
            raise OSError(msg)
        return self._uow_factory()


def events(logs) -> list[str]:
    return [line["event"] for line in logs]


# --- tasks -----------------------------------------------------------------------------------------------------------


async def plan_another(context, work):
    await context.uow.work.plan(NewWork("notice", f"after {work.key}", context.now, subject="test"))


async def test_a_task_and_its_mark_are_one_transaction(world):
    await world.plan(kind="count", target=None)
    await world.runner(TaskKind("count", plan_another)).sweep()
    assert await world.ends() == ("done", None)
    assert await world.keys() == ["one", "after one"]


async def test_a_task_may_skip(world):
    async def skip(_context, _work):
        return Skip(Reason.SUPERSEDED)

    await world.plan(kind="count", target=None)
    await world.runner(TaskKind("count", skip)).sweep()
    assert await world.ends() == ("skipped", "superseded")


async def test_a_task_that_is_too_late_is_not_run(world):
    await world.plan(kind="count", target=None, useful_until=START - timedelta(seconds=1))
    await world.runner(TaskKind("count", plan_another)).sweep()
    assert await world.ends() == ("skipped", "too_late")
    assert await world.keys() == ["one"]


async def test_a_task_that_breaks_leaves_nothing_behind_and_is_tried_a_bounded_number_of_times(world, logs):
    world.times = replace(world.times, error_attempts=3)

    async def breaks(context, work):
        await plan_another(context, work)
        raise RuntimeError

    await world.plan(kind="count", target=None)
    await world.plan("known")
    runner = world.runner(TaskKind("count", breaks), DeliveryKind("greet", greet))
    await runner.sweep()
    assert await world.ends() == ("pending", "error")
    assert await world.ends("known") == ("done", None)
    for _ in range(2):
        await world.pass_time(60)
        await runner.sweep()
    assert await world.ends() == ("failed", "error")
    assert await world.keys() == ["one", "known"]
    assert events(logs).count("work broke") == 3


async def test_a_task_that_hangs_is_given_up(world):
    world.times = replace(world.times, work_timeout=0.01)

    async def hangs(_context, _work):
        await asyncio.Event().wait()

    await world.plan(kind="count", target=None)
    await world.runner(TaskKind("count", hangs)).sweep()
    assert await world.ends() == ("pending", "error")


async def test_a_task_whose_row_was_taken_over_changes_nothing(world, logs):
    async def slow(context, work):
        await plan_another(context, work)
        world.leases.advance(61)
        await context.uow.work.recover("other", uncertain_after_seconds=15, lease_seconds=60, limit=1)

    await world.plan(kind="count", target=None)
    await world.runner(TaskKind("count", slow)).sweep()
    assert await world.keys() == ["one"]
    assert "lease lost before the mark" in events(logs)


# --- kinds of deliveries that break ----------------------------------------------------------------------------------


async def test_a_delivery_whose_kind_breaks_is_tried_again_and_then_fails(world, logs):
    world.times = replace(world.times, error_attempts=2)

    async def breaks(_context, _work):
        raise RuntimeError

    await world.plan()
    runner = world.runner(DeliveryKind("greet", breaks))
    await runner.sweep()
    assert await world.ends() == ("pending", "error")
    await world.pass_time(60)
    await runner.sweep()
    assert await world.ends() == ("failed", "error")
    assert events(logs).count("work broke") == 2


# --- leases and time -------------------------------------------------------------------------------------------------


async def test_nothing_is_sent_when_the_lease_is_nearly_over(world):
    async def slow(context, work):
        world.leases.advance(31)
        return await greet(context, work)

    await world.plan()
    await world.runner(DeliveryKind("greet", slow)).sweep()
    assert world.gateway.messages() == ()
    assert await world.ends() == ("pending", "lease_lost")


async def test_nothing_is_sent_when_too_much_time_has_passed_since_the_claim(world):
    passed = [0.0]

    async def slow(context, work):
        passed.append(20.0)
        return await greet(context, work)

    await world.plan()
    runner = world.runner(DeliveryKind("greet", slow), monotonic=lambda: passed[-1])
    await runner.sweep()
    row = await world.row()
    assert (row.state, row.reason, row.maybe_sent) == ("pending", "lease_lost", False)
    assert world.gateway.messages() == ()


async def test_what_comes_too_late_in_its_lane_is_given_back_untouched(world):
    passed = [0.0]
    world.use(FakeGateway(after_store=lambda: passed.append(passed[-1] + 12)))
    for number in range(3):
        await world.plan(f"{number}")
    runner = world.runner(monotonic=lambda: passed[-1])
    await runner.sweep()
    assert world.texts() == ["hello 0", "hello 1"]
    assert await world.ends("2") == ("pending", "lease_lost")
    await runner.sweep()
    assert world.texts() == ["hello 0", "hello 1", "hello 2"]


class Overtaken(FakeGateway):
    """A platform so slow at its first message that another process does the work meanwhile."""

    def __init__(self, *, before: bool) -> None:
        super().__init__()
        self.others: list[Runner] = []
        self._before = before

    async def send(self, *arguments, **options):
        others, self.others = self.others, []
        if self._before:
            await self._overtake(others)
        ref = await super().send(*arguments, **options)
        if not self._before:
            await self._overtake(others)
        return ref

    async def _overtake(self, others) -> None:
        for other in others:
            await other.sweep()


async def overtaken_by_another(world, *, before: bool):
    """Send one message while another runner, whose clock runs ahead, takes the row over three times."""
    world.use(Overtaken(before=before))
    other = world.runner()

    class Ahead:
        async def sweep(self):
            await world.pass_time(61)
            await other.sweep()

    world.gateway.others = [Ahead()] * 3
    await world.plan()
    await world.runner().sweep()


async def test_a_late_answer_about_what_another_process_found_is_only_noted(world, logs):
    await overtaken_by_another(world, before=False)
    assert len(world.gateway.messages()) == 1
    assert await world.ends() == ("done", None)
    assert "lease lost before the mark" in events(logs)


async def test_a_message_that_went_out_twice_is_not_hidden(world, logs):
    await overtaken_by_another(world, before=True)
    first, second = world.gateway.messages()
    (line,) = [line for line in logs if line["event"] == "message sent twice"]
    assert (line["kept"], line["second"]) == (first.ref.message, second.ref.message)


# --- the store is away -----------------------------------------------------------------------------------------------


async def test_a_mark_that_cannot_be_made_is_made_after_a_look(world, logs):
    store = Store(world.uow_factory)
    world.use(FakeGateway(after_store=store.switch_off))
    await world.plan()
    runner = world.runner(uow_factory=store)
    await runner.sweep()
    assert "work left to its lease" in events(logs)
    assert (await world.row()).state == "sending"
    store.on = True
    await world.pass_time(61)
    await runner.sweep()
    assert await world.ends() == ("done", None)
    assert len(world.gateway.messages()) == 1


async def test_the_loop_outlives_a_store_that_is_away(world, logs):
    store = Store(world.uow_factory)
    done = asyncio.Event()

    async def ring(_context, _work):
        done.set()

    await world.plan(kind="count", target=None)
    runner = world.runner(TaskKind("count", ring), uow_factory=store)
    store.on = False
    loop = asyncio.create_task(runner.run())
    runner.poke()
    await asyncio.wait_for(store.missed.wait(), 10)
    store.on = True
    runner.poke()
    await asyncio.wait_for(done.wait(), 10)
    runner.stop()
    await loop
    assert await world.ends() == ("done", None)
    assert events(logs).count("sweep failed") == 1


# --- stopping --------------------------------------------------------------------------------------------------------


async def test_a_stop_finishes_what_is_being_sent_and_gives_the_rest_back(world):
    await world.plan("first")
    await world.plan("second")

    def stop() -> None:
        runner.stop()

    world.use(FakeGateway(after_store=stop))
    runner = world.runner()
    runner.poke()
    await asyncio.wait_for(runner.run(), 10)
    assert await world.ends("first") == ("done", None)
    assert await world.ends("second") == ("pending", "lease_lost")
    assert await runner.sweep() == 0


async def test_what_may_have_been_sent_is_remembered_when_it_is_given_back(world):
    world.gateway.faults.lose_answers()
    await world.plan()
    await world.runner().sweep()
    await world.pass_time(16)
    times = iter([0.0])
    late = world.runner(monotonic=lambda: next(times, 100.0))
    await late.sweep()
    row = await world.row()
    assert (row.state, row.maybe_sent) == ("pending", True)
    await world.runner().sweep()
    assert len(world.gateway.messages()) == 1
    assert await world.ends() == ("done", None)


class FirstWaitsForSecond(FakeGateway):
    """A platform whose answer in one channel comes after that in another."""

    def __init__(self, first: ChannelRef, second: ChannelRef) -> None:
        super().__init__()
        self.add_channel(second)
        self._first = first
        self._second_came = asyncio.Event()

    async def send(self, target, message, key, *, only_for=None, trigger=None):
        if target.channel == self._first:
            await self._second_came.wait()
        self._second_came.set()
        return await super().send(target, message, key, only_for=only_for)


async def test_a_slow_place_does_not_hold_up_the_others(world):
    other = replace(ROOM, channel="other")
    world.use(FirstWaitsForSecond(ROOM, other))
    await world.plan("slow", due=START - timedelta(minutes=1))
    await world.plan("quick", target=Target(channel=other))
    await asyncio.wait_for(world.runner().sweep(), 10)
    assert world.texts() == ["hello quick", "hello slow"]


# --- what falls due together -----------------------------------------------------------------------------------------


class Counted:
    """Opens units of work, and counts them."""

    def __init__(self, uow_factory: UnitOfWorkFactory) -> None:
        self._uow_factory = uow_factory
        self.opened = 0

    def __call__(self) -> UnitOfWork:
        self.opened += 1
        return self._uow_factory()


def rooms(world, count: int) -> list[Target]:
    channels = [replace(ROOM, channel=f"room {number}") for number in range(count)]
    for channel in channels:
        world.gateway.add_channel(channel)
    return [Target(channel=channel) for channel in channels]


async def test_what_falls_due_together_is_taken_fenced_and_marked_together(world):
    for number, target in enumerate(rooms(world, 20)):
        await world.plan(f"{number:02}", target=target)
    world.times = replace(world.times, lanes=20)
    store = Counted(world.uow_factory)
    await world.runner(uow_factory=store).sweep()
    assert store.opened == 3
    assert world.texts() == [f"hello {number:02}" for number in range(20)]
    assert {row.state.value for row in (await world.rows()).values()} == {"done"}
    assert {row.sent.channel for row in (await world.rows()).values()} == {f"room {number}" for number in range(20)}


async def test_no_message_goes_out_before_the_fence_of_all_is_kept(world):
    seen: list[set[str]] = []

    class Watched(FakeGateway):
        async def send(self, *arguments, **options):
            seen.append({row.state.value for row in (await world.rows()).values()})
            return await super().send(*arguments, **options)

    world.use(Watched())
    for number, target in enumerate(rooms(world, 3)):
        await world.plan(f"{number}", target=target)
    await world.runner().sweep()
    assert seen[0] == {"sending"}


async def test_one_that_breaks_or_skips_does_not_keep_the_others(world, logs):
    async def prepare(context, work):
        if work.key in {"1", "3"}:
            await plan_another(context, work)
            raise RuntimeError(work.key)
        if work.key == "2":
            return Skip(Reason.OPTED_OUT)
        return await greet(context, work)

    for number, target in enumerate(rooms(world, 5)):
        await world.plan(f"{number}", target=target)
    await world.runner(DeliveryKind("greet", prepare)).sweep()
    assert sorted(world.texts()) == ["hello 0", "hello 4"]
    ended = {key: (row.state.value, row.reason) for key, row in (await world.rows()).items()}
    broke, sent = ("pending", "error"), ("done", None)
    assert ended == {"0": sent, "1": broke, "2": ("skipped", "opted_out"), "3": broke, "4": sent}
    assert events(logs).count("work broke") == 2
    assert events(logs).count("work skipped") == 1


async def test_what_is_planned_while_many_are_prepared_comes_from_its_own_row(world):
    async def prepare(context, work):
        await plan_another(context, work)
        return await greet(context, work)

    for number, target in enumerate(rooms(world, 3)):
        await world.plan(f"{number}", target=target, cause=f"event {number}")
    await world.runner(DeliveryKind("greet", prepare)).sweep()
    rows = await world.rows()
    assert [rows[f"after {number}"].cause for number in range(3)] == ["event 0", "event 1", "event 2"]


async def test_marks_that_cannot_be_made_are_each_left_to_a_look(world, logs):
    store = Store(world.uow_factory)
    world.use(FakeGateway(after_store=store.switch_off))
    for number, target in enumerate(rooms(world, 3)):
        await world.plan(f"{number}", target=target)
    runner = world.runner(uow_factory=store)
    await runner.sweep()
    assert events(logs).count("work left to its lease") == 3
    store.on = True
    await world.pass_time(61)
    await runner.sweep()
    assert {row.state.value for row in (await world.rows()).values()} == {"done"}
    assert len(world.gateway.messages()) == 3


async def test_slow_preparations_let_others_at_the_store_between(world, monkeypatch):
    monkeypatch.setattr(sender, "TURN", -1.0)  # each is too slow to share its transaction
    world.times = replace(world.times, lanes=3)
    for number, target in enumerate(rooms(world, 3)):
        await world.plan(f"{number}", target=target)
    store = Counted(world.uow_factory)
    await world.runner(uow_factory=store).sweep()
    assert store.opened == 5
    assert {row.state.value for row in (await world.rows()).values()} == {"done"}

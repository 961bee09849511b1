"""Due work is carried out once, tried again when that is safe, and ends in a state with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.fake.gateway import CAPABILITIES, FakeGateway
from bot.duework import Admit, DeliveryKind, Edit, NewWork, Reason, Send, Skip
from bot.errors import PermanentError, RetryableError, UncertainError
from bot.messages import Button, Buttons, Call, Message, Target
from schedules.pace import RunnerTimes
from tests.unit.schedules.conftest import MEMBER, ROOM, START, says


def delivers(prepared) -> DeliveryKind:
    """A kind that always prepares the same, or raises it."""

    async def prepare(_context, _work):
        if isinstance(prepared, Exception):
            raise prepared
        return prepared

    return DeliveryKind("greet", prepare)


# --- what happens when all is well -----------------------------------------------------------------------------------


async def test_a_delivery_that_is_due_is_sent_with_its_key_and_kept_with_its_reference(world):
    await world.plan()
    assert await world.runner().sweep() == 1
    (sent,) = world.gateway.messages(ROOM)
    row = await world.row()
    assert (row.state, row.sent, row.finished_at) == ("done", sent.ref, START)
    assert sent.key == row.idempotency_key


async def test_what_is_not_due_waits(world):
    await world.plan(due=START + timedelta(seconds=1))
    assert await world.runner().sweep() == 0
    assert world.gateway.messages() == ()


async def test_sweeping_until_idle_carries_out_more_than_one_batch(world):
    world.times = replace(world.times, batch=2)
    for number in range(5):
        await world.plan(f"{number}")
    await world.runner().run_until_idle()
    assert len(world.gateway.messages()) == 5


async def test_messages_to_one_place_keep_the_order_of_their_due_times(world):
    urgent = START + timedelta(minutes=5)
    await world.plan("second", due=START, useful_until=urgent)
    await world.plan("first", due=START - timedelta(minutes=1))
    await world.plan("third", due=START)
    await world.runner().sweep()
    assert world.texts() == ["hello first", "hello second", "hello third"]


async def test_controls_are_sealed_and_what_they_stand_for_is_kept(world):
    call = Call("rsvp", {"answer": "yes"})
    message = Message((Buttons((Button("Yes", call),)),), "en")
    await world.plan()
    await world.runner(delivers(Send(message))).sweep()
    (sent,) = world.gateway.messages()
    action = sent.message.blocks[0].buttons[0].action_id
    async with world.uow_factory() as uow:
        assert await uow.actions.get(action) == call


async def test_an_edit_replaces_the_message(world):
    ref = await world.gateway.send(Target(channel=ROOM), says("before"), "k")
    message = Message((Buttons((Button("Yes", Call("rsvp")),)),), "en")
    await world.plan()
    await world.runner(delivers(Edit(ref, message))).sweep()
    (sent,) = world.gateway.messages()
    assert sent.edits == 1
    assert sent.message.blocks[0].buttons[0].action_id
    assert (await world.row()).sent == ref


async def test_someone_is_let_into_a_channel(world):
    await world.plan(target=None)
    await world.runner(delivers(Admit(ROOM, MEMBER))).sweep()
    assert world.gateway.members(ROOM) == {MEMBER}
    assert await world.ends() == ("done", None)


# --- what need not or cannot be done ---------------------------------------------------------------------------------


async def test_a_kind_may_skip_with_a_reason(world):
    await world.plan()
    await world.runner(delivers(Skip(Reason.CANCELLED))).sweep()
    assert await world.ends() == ("skipped", "cancelled")
    assert world.gateway.messages() == ()


async def test_what_is_no_longer_useful_is_skipped_without_asking_its_kind(world):
    await world.plan(useful_until=START - timedelta(seconds=1))
    await world.runner(delivers(AssertionError("asked"))).sweep()
    assert await world.ends() == ("skipped", "too_late")


async def test_at_its_last_useful_moment_it_is_still_sent(world):
    await world.plan(useful_until=START)
    await world.runner().sweep()
    assert await world.ends() == ("done", None)


async def test_a_kind_that_nobody_registered_fails_and_holds_up_nobody(world, logs):
    await world.plan("unknown", kind="change")
    await world.plan("known")
    await world.runner().sweep()
    assert await world.ends("unknown") == ("failed", "error")
    assert await world.ends("known") == ("done", None)
    (line,) = [line for line in logs if line["event"] == "work failed"]
    assert (line["key"], line["reason"], line["detail"]) == ("unknown", "error", "no kind 'change' is registered")


@pytest.mark.parametrize("target", [None, Target(channel=replace(ROOM, platform="elsewhere"))])
async def test_a_delivery_to_a_platform_that_is_not_there_fails(world, target):
    await world.plan(target=target)
    await world.runner().sweep()
    assert await world.ends() == ("failed", "gone")


async def test_a_delivery_to_somebody_the_platform_does_not_know_fails(world):
    await world.plan(target=Target(user=replace(MEMBER, user="nobody")))
    await world.runner().sweep()
    assert await world.ends() == ("failed", "refused")


# --- refusals --------------------------------------------------------------------------------------------------------


async def test_a_refusal_for_good_fails_and_the_same_transaction_plans_what_tells_the_organizers(world, logs):
    async def tell(context, work, reason):
        await context.uow.work.plan(NewWork("notice", f"failed:{work.key}:{reason}", context.now, subject="test"))

    world.gateway.faults.fail_next(PermanentError("the channel is archived"))
    await world.plan()
    await world.runner(on_failed=tell).sweep()
    assert await world.ends() == ("failed", "refused")
    assert await world.ends("failed:one:refused: the channel is archived") == ("pending", None)
    (line,) = [line for line in logs if line["event"] == "work failed"]
    assert (line["key"], line["reason"], line["detail"]) == ("one", "refused", "the channel is archived")


async def test_a_failure_is_kept_even_if_telling_it_breaks(world, logs):
    async def tell(context, work, reason):
        await context.uow.work.plan(NewWork("notice", "half", context.now, subject="test"))
        raise RuntimeError

    world.gateway.faults.fail_next(PermanentError("no"))
    await world.plan()
    await world.runner(on_failed=tell).sweep()
    assert await world.ends() == ("failed", "refused")
    assert await world.keys() == ["one"]
    assert "nobody was told of failed work" in {line["event"] for line in logs}


async def test_a_refusal_for_now_is_tried_again_when_the_platform_said(world):
    world.gateway.faults.fail_next(RetryableError("slow down", retry_after=30))
    await world.plan()
    runner = world.runner()
    await runner.sweep()
    assert await world.ends() == ("pending", "refused")
    await world.pass_time(29)
    assert await runner.sweep() == 0
    await world.pass_time(10)
    assert await runner.sweep() == 1
    assert world.texts() == ["hello one"]


async def test_without_a_word_from_the_platform_the_waits_double(world):
    world.gateway.faults.down = True
    await world.plan()
    runner = world.runner()
    for base in (2, 4, 8):
        assert await runner.sweep() == 1
        await world.pass_time(base - 0.1)
        assert await runner.sweep() == 0
        await world.pass_time(base * 0.25 + 0.2)


async def test_a_refusal_is_tried_a_bounded_number_of_times(world):
    world.times = replace(world.times, send_attempts=3)
    world.gateway.faults.down = True
    await world.plan()
    runner = world.runner()
    tries = 0
    while (await world.row()).state == "pending":
        tries += await runner.sweep()
        await world.pass_time(3600)
    assert tries == 3
    assert await world.ends() == ("failed", "exhausted")


async def test_a_refusal_is_not_tried_again_when_that_would_be_too_late(world):
    world.gateway.faults.fail_next(RetryableError("slow down", retry_after=120))
    await world.plan(useful_until=START + timedelta(seconds=100))
    await world.runner().sweep()
    assert await world.ends() == ("failed", "exhausted")


# --- outcomes that nobody knows --------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [UncertainError("cut"), ValueError("a bug"), OSError("reset"), TimeoutError()])
async def test_whatever_else_goes_wrong_leaves_the_outcome_open(world, error):
    world.gateway.faults.fail_next(error)
    await world.plan()
    await world.runner().sweep()
    assert await world.ends() == ("uncertain", "unknown_outcome")


async def test_nothing_is_looked_for_before_it_can_have_arrived(world):
    world.gateway.faults.lose_answers()
    await world.plan()
    runner = world.runner()
    await runner.sweep()
    await world.pass_time(world.times.look_after - 1)
    assert await runner.sweep() == 0


async def test_what_was_sent_is_found_and_not_sent_again(world):
    world.gateway.faults.lose_answers()
    await world.plan()
    runner = world.runner()
    await runner.sweep()
    await world.pass_time(16)
    assert await runner.sweep() == 1
    (sent,) = world.gateway.messages()
    assert (await world.row()).sent == sent.ref


async def test_what_is_proven_absent_is_sent_again(world):
    world.gateway.faults.fail_next(UncertainError("cut"))
    await world.plan()
    runner = world.runner()
    await runner.sweep()
    await world.pass_time(16)
    await runner.sweep()
    row = await world.row()
    assert (row.state, row.maybe_sent) == ("pending", False)
    await world.pass_time(3)
    await runner.sweep()
    assert len(world.gateway.messages()) == 1
    assert await world.ends() == ("done", None)


@pytest.mark.parametrize("stored", [True, False])
async def test_a_platform_that_never_answers_is_not_waited_for(world, stored):
    world.times = replace(world.times, send_timeout=0.01)
    world.gateway.faults.never_answer(after=stored)
    await world.plan()
    await world.runner().sweep()
    assert await world.ends() == ("uncertain", "unknown_outcome")
    world.times = RunnerTimes()
    runner = world.runner()
    for _ in range(2):
        await world.pass_time(16)
        await runner.sweep()
    assert len(world.gateway.messages()) == 1
    assert await world.ends() == ("done", None)


async def test_what_was_cancelled_meanwhile_is_skipped_if_it_is_proven_absent(world):
    world.gateway.faults.fail_next(UncertainError("cut"))
    await world.plan()
    await world.runner().sweep()
    await world.pass_time(16)
    await world.runner(delivers(Skip(Reason.CANCELLED))).sweep()
    assert await world.ends() == ("skipped", "cancelled")


async def test_what_was_cancelled_after_it_went_out_counts_as_sent(world):
    world.gateway.faults.lose_answers()
    await world.plan()
    await world.runner().sweep()
    await world.pass_time(16)
    await world.runner(delivers(Skip(Reason.CANCELLED))).sweep()
    assert await world.ends() == ("done", None)


async def test_a_kind_that_breaks_at_the_look_does_not_stop_the_look(world, logs):
    world.gateway.faults.lose_answers()
    await world.plan()
    await world.runner().sweep()
    await world.pass_time(16)
    await world.runner(delivers(RuntimeError("a bug"))).sweep()
    assert await world.ends() == ("done", None)
    assert "work broke" in {line["event"] for line in logs}


async def test_a_kind_that_is_gone_does_not_stop_the_look(world):
    world.gateway.faults.lose_answers()
    await world.plan()
    await world.runner().sweep()
    await world.pass_time(16)
    await world.runner(DeliveryKind("change", delivers(None).prepare)).sweep()
    assert await world.ends() == ("done", None)


@pytest.mark.parametrize("configured", [True, False])
async def test_where_nobody_can_look_the_work_fails_and_says_so(world, configured):
    world.gateway.faults.lose_answers()
    world.gateway.faults.fail_next(PermanentError("missing scope"), on="find_sent")
    await world.plan()
    await world.runner().sweep()
    await world.pass_time(16)
    services = world.services() if configured else world.services(other=world.gateway)
    await world.runner(services=services).sweep()
    assert await world.ends() == ("failed", "unknown_outcome")
    assert len(world.gateway.messages()) == 1


async def test_a_look_that_fails_is_repeated_and_nothing_is_sent_meanwhile(world):
    world.gateway.faults.lose_answers()
    world.gateway.faults.fail_next(RetryableError("slow down"), times=2, on="find_sent")
    await world.plan()
    runner = world.runner()
    await runner.sweep()
    await world.pass_time(16)
    await runner.sweep()
    row = await world.row()
    assert (row.state, row.reason, row.maybe_sent) == ("pending", "unknown_outcome", True)
    for _ in range(2):
        await world.pass_time(60)
        await runner.sweep()
    assert len(world.gateway.messages()) == 1
    assert await world.ends() == ("done", None)


async def test_looks_that_always_fail_end_in_a_failure(world):
    world.times = replace(world.times, look_attempts=4)
    world.gateway.faults.lose_answers()
    world.gateway.faults.fail_next(RetryableError("slow down"), times=9, on="find_sent")
    await world.plan()
    runner = world.runner()
    looks = -1
    while (await world.row()).state in {"pending", "uncertain"}:
        looks += await runner.sweep()
        await world.pass_time(3600)
    assert looks == 4
    assert await world.ends() == ("failed", "unknown_outcome")


# --- platforms that refuse doubles by themselves ---------------------------------------------------------------------


@pytest.fixture
def idempotent(world):
    world.use(FakeGateway(capabilities=replace(CAPABILITIES, idempotent_sends=True)))
    world.gateway.faults.fail_next(PermanentError("no history"), times=99, on="find_sent")
    return world


@pytest.mark.parametrize("stored", [True, False])
async def test_where_the_platform_refuses_doubles_the_same_key_is_sent_again(idempotent, stored):
    world = idempotent
    world.gateway.faults.never_answer(after=stored)
    world.times = replace(world.times, send_timeout=0.01)
    await world.plan()
    await world.runner().sweep()
    world.times = RunnerTimes()
    await world.pass_time(16)
    await world.runner().sweep()
    (sent,) = world.gateway.messages()
    assert (await world.row()).sent == sent.ref


async def test_when_the_platform_has_forgotten_the_key_it_is_looked_for(idempotent):
    world = idempotent
    world.times = replace(world.times, nonce_window=0)
    world.gateway.faults.lose_answers()
    await world.plan()
    runner = world.runner()
    await runner.sweep()
    await world.pass_time(16)
    await runner.sweep()
    assert await world.ends() == ("failed", "unknown_outcome")


async def test_a_second_try_that_fails_leaves_the_outcome_open(idempotent):
    world = idempotent
    world.gateway.faults.lose_answers()
    world.gateway.faults.fail_next(RetryableError("slow down"))
    await world.plan()
    runner = world.runner()
    await runner.sweep()
    await world.pass_time(16)
    await runner.sweep()
    row = await world.row()
    assert (row.state, row.maybe_sent) == ("pending", True)
    await world.pass_time(16)
    await runner.sweep()
    assert len(world.gateway.messages()) == 1
    assert await world.ends() == ("done", None)


# --- edits -----------------------------------------------------------------------------------------------------------


async def test_an_edit_that_may_have_failed_is_simply_made_again(world):
    ref = await world.gateway.send(Target(channel=ROOM), says("before"), "k")
    world.gateway.faults.fail_next(UncertainError("cut"), on="edit")
    await world.plan(target=None)
    runner = world.runner(delivers(Edit(ref, says("after"))))
    await runner.sweep()
    assert await world.ends() == ("pending", "refused")
    await world.pass_time(3)
    await runner.sweep()
    assert world.texts() == ["after"]
    assert await world.ends() == ("done", None)


async def test_an_edit_whose_process_died_is_made_again(world):
    ref = await world.gateway.send(Target(channel=ROOM), says("before"), "k")
    await world.plan(target=None)
    async with world.uow_factory() as uow:
        (row,) = await uow.work.claim(START, "dead", 1, 60)
        assert await uow.work.fence(row.id, "dead", 30)
        await uow.commit()
    runner = world.runner(delivers(Edit(ref, says("after"))))
    for _ in range(2):
        await world.pass_time(61)
        await runner.sweep()
    assert world.texts() == ["after"]
    assert await world.ends() == ("done", None)


async def test_an_uncertain_edit_is_made_again_where_nobody_can_look(world):
    ref = await world.gateway.send(Target(channel=ROOM), says("before"), "k")
    world.gateway.faults.fail_next(RetryableError("slow down"), on="find_sent")
    await world.plan()
    async with world.uow_factory() as uow:
        (row,) = await uow.work.claim(START, "dead", 1, 60)
        assert await uow.work.fence(row.id, "dead", 30)
        await uow.commit()
    runner = world.runner(delivers(Edit(ref, says("after"))))
    for _ in range(2):
        await world.pass_time(61)
        await runner.sweep()
    assert world.texts() == ["after"]
    assert await world.ends() == ("done", None)


# --- times that would break the promise ------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [{"margin": 31.0}, {"start_within": 21.0}, {"lease": 59.0}, {"look_after": 9.0}])
def test_times_that_let_two_processes_send_at_once_are_refused(wrong):
    with pytest.raises(ValueError, match="a margin before its lease"):
        RunnerTimes(**wrong)

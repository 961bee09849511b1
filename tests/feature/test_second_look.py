"""What was planned is looked at again when its moment comes: gone, moved or declined meanwhile, it is not sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.duework import DeliveryKind, DueWork, NewWork, Reason, Skip, State, TaskKind, WorkContext, WorkKinds
from bot.errors import RetryableError
from bot.features.breakouts import handlers as breakouts
from bot.features.deliveries import handlers as deliveries
from bot.features.deliveries.model import REMINDER
from bot.features.meetings.model import OccurrenceState
from bot.features.meetings.scheduling import run_extension
from bot.features.members.handlers import prepare_welcome
from bot.features.questions.handlers import prepare_answered
from bot.features.rooms import handlers as rooms
from bot.features.rooms.model import Route, RouteState
from bot.messages import Target
from tests.scenario.fake_chat import FakeChat

MEMBER = "s10"


class Look:
    """Hands a row of due work to the function that prepares it, in a unit of work that is thrown away."""

    def __init__(self, chat: FakeChat, occurrence, work: DueWork) -> None:
        self._chat = chat
        self.occurrence = occurrence
        self.work = work

    async def at(self, prepare, change=None, **fields):
        async with self._chat.uow_factory() as uow:
            if change is not None:
                await change(uow)
            context = WorkContext(uow, self._chat.services.clock.now(), self._chat.services)
            return await prepare(context, replace(self.work, **fields))

    async def add(self, work: NewWork) -> DueWork:
        """Plan one more row and return it as it stands."""
        async with self._chat.uow_factory() as uow:
            await uow.work.plan(work)
            await uow.commit()
        async with self._chat.uow_factory() as uow:
            return (await uow.work.about(work.subject, (work.kind,)))[-1]


@pytest.fixture
async def look(chat):
    async with chat.uow_factory() as uow:
        occurrence = (await uow.meetings.occurrences(ends_after=chat.services.clock.now(), limit=1))[0]
        rows = await uow.work.about(f"occurrence:{occurrence.id}", (REMINDER,))
    work = next(row for row in rows if row.member_id == MEMBER)
    return Look(chat, occurrence, work)


GONE_MEETING = {"rule": "core-group-2", "occurrence": "gone", "room": "gone"}


async def test_a_reminder_of_a_meeting_that_is_gone_cancelled_or_moved(look):
    async def cancel(uow):
        await uow.meetings.save_occurrence(replace(look.occurrence, state=OccurrenceState.CANCELLED))

    async def move(uow):
        await uow.meetings.save_occurrence(replace(look.occurrence, version=2))

    skipped = Skip(Reason.CANCELLED)
    for prepare in (deliveries.prepare_reminder, deliveries.prepare_announcement):
        assert await look.at(prepare, payload=GONE_MEETING) == skipped
        assert await look.at(prepare, cancel) == skipped
        assert await look.at(prepare, move) == skipped


async def test_a_reminder_to_somebody_who_is_gone_or_of_a_rule_that_is_gone(look):
    assert await look.at(deliveries.prepare_reminder, member_id="gone") == Skip(Reason.GONE)
    payload = {**look.work.payload, "rule": "gone"}
    assert await look.at(deliveries.prepare_reminder, payload=payload) == Skip(Reason.SUPERSEDED)


async def test_news_of_a_change_that_has_changed_again(look):
    assert await look.at(deliveries.prepare_change, version=7) == Skip(Reason.SUPERSEDED)
    assert await look.at(deliveries.prepare_change, payload=GONE_MEETING) == Skip(Reason.SUPERSEDED)


async def test_a_correction_waits_for_the_message_it_corrects_and_never_corrects_what_was_not_sent(look):
    payload = {"occurrence": look.occurrence.id, "work": look.work.id}
    with pytest.raises(RetryableError, match="still on its way"):
        await look.at(deliveries.prepare_edit, payload=payload)

    async def withdraw(uow):
        await uow.work.withdraw(look.work.subject, (REMINDER,), Reason.SUPERSEDED)

    assert await look.at(deliveries.prepare_edit, withdraw, payload=payload) == Skip(Reason.GONE)
    assert await look.at(deliveries.prepare_edit, payload={**payload, "work": 10**9}) == Skip(Reason.SUPERSEDED)
    assert await look.at(deliveries.prepare_edit, payload=payload, version=7) == Skip(Reason.SUPERSEDED)


async def test_a_change_while_a_reminder_is_on_its_way_counts_as_told(chat, look):
    async with chat.uow_factory() as uow:
        await uow.work.claim(look.work.due, "somebody", 1000, 60)
        moved = replace(look.occurrence, version=2)
        await uow.meetings.save_occurrence(moved)
        told = await deliveries.tell_change(uow, moved, chat.services.clock.now())
        edits = await uow.work.about(look.work.subject, ("meeting.edited",))
    assert told == 17
    assert {row.state for row in edits} == {State.PENDING}


async def test_a_welcome_to_somebody_who_is_known_or_gone(look):
    assert await look.at(prepare_welcome) == Skip(Reason.SUPERSEDED)
    assert await look.at(prepare_welcome, member_id=None) == Skip(Reason.SUPERSEDED)


async def test_a_proposal_that_was_decided_or_whose_room_is_gone(look):
    payload = {"room": "francais", "written_in": "english-1"}
    assert await look.at(rooms.prepare_proposal, payload=payload) == Skip(Reason.SUPERSEDED)

    async def decline(uow):
        now = look.work.due
        await uow.rooms.save_route(Route("r", MEMBER, "fr", "francais", RouteState.DECLINED, now))

    assert await look.at(rooms.prepare_proposal, decline, payload=payload) == Skip(Reason.SUPERSEDED)
    assert await look.at(rooms.prepare_proposal, payload={**payload, "room": "gone"}) == Skip(Reason.SUPERSEDED)


async def test_an_admission_without_anybody_to_admit(look):
    channel = look.work.target.user
    assert await look.at(rooms.prepare_admission, target=None) == Skip(Reason.GONE)
    assert await look.at(breakouts.prepare_admission) == Skip(Reason.GONE)
    assert channel.user == MEMBER


async def test_a_placement_at_a_meeting_that_is_cancelled_or_without_its_item(look):
    payload = {"occurrence": look.occurrence.id, "item": "gone"}
    assert await look.at(breakouts.run_placement, payload=payload) == Skip(Reason.GONE)
    assert await look.at(breakouts.run_placement, payload=payload, version=9) == Skip(Reason.CANCELLED)
    assert await look.at(breakouts.run_placement, payload={**payload, "occurrence": "gone"}) == Skip(Reason.CANCELLED)


async def test_a_group_that_was_changed_before_it_was_told(look):
    payload = {"occurrence": look.occurrence.id, "breakout": "another", "item": "x"}
    assert await look.at(breakouts.prepare_telling, payload=payload) == Skip(Reason.SUPERSEDED)


async def test_an_answer_to_a_question_that_is_gone(look):
    assert await look.at(prepare_answered, payload={"question": "gone"}) == Skip(Reason.GONE)


async def test_a_series_whose_meeting_is_gone_is_not_extended(look):
    assert await look.at(run_extension, payload={"meeting": "gone"}) is None


async def test_an_announcement_of_a_new_meeting_says_when(look, chat):
    row = await look.add(
        NewWork(
            "meeting.announced",
            "x",
            look.work.due,
            {"occurrence": look.occurrence.id, "room": "francais"},
            Target(channel=None, user=chat.user(MEMBER)),
            subject="s",
        )
    )
    sent = await look.at(deliveries.prepare_announcement, **{f: getattr(row, f) for f in ("payload", "member_id")})
    assert sent.message.language == "fr"


async def prepare(context, work): ...


def test_a_kind_of_work_is_registered_once():
    with pytest.raises(ValueError, match=r"x\.y"):
        WorkKinds(DeliveryKind("x.y", prepare), TaskKind("x.y", prepare))
    assert WorkKinds(DeliveryKind("x.y", prepare)).names() == ("x.y",)

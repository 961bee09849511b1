"""What is kept about a member can be read and erased, wherever it is."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.duework import NewWork, Reason
from bot.features.breakouts.model import Breakout, Placement
from bot.features.meetings.model import AgendaItem, Answer, Draft, ItemKind, Meeting, Occurrence, Rsvp
from bot.features.members.model import Identity, Member
from bot.features.questions.model import Question
from bot.features.resources.model import Feedback, Proposal, ProposalState, Resource, ResourceText
from bot.features.rooms.model import Purpose, Room, Route, RouteState
from bot.messages import Call, MessageRef, Target, UserRef
from bot.ports import PersonalRecords, UnitOfWork, UnitOfWorkFactory
from storage.tables import due_work, member, metadata

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
START = datetime(2026, 11, 24, 15)  # noqa: DTZ001 - a wall time, its zone beside it
RECORDS = {
    "action",
    "identity",
    "route",
    "written_language",
    "meeting",
    "rsvp",
    "draft",
    "placement",
    "feedback",
    "question",
    "proposal",
    "due_work",
    "link_code",
    "link_try",
    "member",
}
IN_ORDER = sorted(RECORDS, key=lambda name: name == "member")


def user(member_id: str) -> UserRef:
    return UserRef("slack", "T1", f"U-{member_id}")


async def add_member(uow: UnitOfWork, member_id: str) -> None:
    person = Member(member_id, member_id.title(), NOW, languages=("fr",), quiet_start=time(22))
    await uow.members.add(person, Identity(user(member_id), member_id))


async def add_shared(uow: UnitOfWork) -> None:
    """What belongs to nobody, or to ama and ben together."""
    await uow.rooms.save(Room("r", "Français", Purpose.LANGUAGE, "fr", ()))
    await uow.meetings.save(Meeting("m", "Plenary", START, "UTC", 60, "ama"))
    await uow.meetings.save_agenda("m", [AgendaItem("i", "m", 0, 0, 30, "Groups", ItemKind.BREAKOUT)])
    await uow.meetings.save_occurrence(Occurrence("o", "m", START, NOW, NOW, "2026.6"))
    await uow.breakouts.save_groups([Breakout("g", "o", "i", 0, "fr", "r")])
    texts = {"fr": ResourceText("Guide", "")}
    await uow.resources.save(Resource("res", "https://x.example", "guide", "fr", "", "", (), NOW.date(), texts))
    answered = {"answer": "There.", "answered_by": "ama", "answered_at": NOW}
    await uow.questions.save(Question("ben-asked", "ben", "Where?", "fr", NOW, **answered))
    await uow.questions.save(Question("ama-asked", "ama", "When?", "fr", NOW))
    named = ("https://x.example/new", "Guide", "fr", ("tvet",), "About it.", NOW)
    await uow.proposals.save(Proposal("ben-proposed", "ben", *named, ProposalState.ADDED, "ama", NOW))
    await uow.proposals.save(Proposal("ama-proposed", "ama", *named))


async def add_records_of(uow: UnitOfWork, member_id: str) -> None:
    await uow.rooms.save_route(Route(f"route-{member_id}", member_id, "fr", "r", RouteState.ACCEPTED, NOW))
    await uow.rooms.count_written(member_id, "fr")
    await uow.meetings.save_rsvp(Rsvp("o", member_id, Answer.GOING, NOW))
    await uow.meetings.save_draft(Draft(f"draft-{member_id}", member_id, "09:00 Welcome", {}, NOW))
    await uow.breakouts.replace_placements(
        "o", [*await uow.breakouts.placements("o"), Placement("g", member_id, "", 0)]
    )
    await uow.actions.save({f"button-{member_id}": Call("questions.pass", {"for": member_id})})
    await uow.resources.save_feedback(Feedback("res", member_id, helpful=True, at=NOW))
    await uow.members.save_code(member_id, f"digest-{member_id}", NOW + timedelta(minutes=10), NOW)
    await uow.members.add_failed_try(member_id, NOW)
    for number in range(4):
        target = Target(user=user(member_id))
        named = {"subject": f"member:{member_id}", "payload": {"name": member_id.title()}, "member_id": member_id}
        await uow.work.plan(NewWork("greet", f"greet:{member_id}:{number}", NOW, target=target, **named))


@pytest.fixture
async def full(uow_factory: UnitOfWorkFactory) -> UnitOfWorkFactory:
    """A database in which ama and ben have something of everything, one piece of work of each in four states."""
    async with uow_factory() as uow:
        for member_id in ("ama", "ben"):
            await add_member(uow, member_id)
        await add_shared(uow)
        for member_id in ("ama", "ben"):
            await add_records_of(uow, member_id)
        await uow.work.claim(NOW, "me", 100, 60)
        for member_id in ("ama", "ben"):
            done, ended, sending, pending = await uow.work.about(f"member:{member_id}", ["greet"])
            await uow.work.done(done.id, "me", MessageRef("slack", "T1", f"D-{member_id}", "1"), NOW)
            await uow.work.end(ended.id, "me", failed=False, reason=Reason.OPTED_OUT, at=NOW)
            await uow.work.fence(sending.id, "me", 0)
            await uow.work.retry(pending.id, "me", after_seconds=0, reason=Reason.ERROR, clear_maybe_sent=True)
        await uow.commit()
    return uow_factory


async def everything(engine: AsyncEngine) -> dict[str, list[dict]]:
    async with engine.connect() as connection:
        tables = metadata.sorted_tables
        return {
            table.name: [dict(row) for row in (await connection.execute(sa.select(table))).mappings()]
            for table in tables
        }


async def erase(factory: UnitOfWorkFactory, *records: str, how: str = "delete", member_id: str = "ama") -> list[int]:
    async with factory() as uow:
        touched = [await uow.personal.erase(PersonalRecords(each, each, how), member_id) for each in records]
        await uow.commit()
    return touched


async def test_every_table_with_a_member_is_a_record(uow_factory):
    async with uow_factory() as uow:
        assert await uow.personal.records() == RECORDS


def test_every_column_that_refers_to_a_member_is_marked():
    for table in metadata.tables.values():
        for column in table.columns:
            refers = any(key.column.table.name == "member" for key in column.foreign_keys)
            named = column.name in {"member_id", "created_by", "answered_by", "settled_by"}
            assert bool(column.info.get("member")) == (refers or named or column is member.c.id), column


@pytest.mark.parametrize("record", sorted(RECORDS))
async def test_an_export_is_json_about_this_member_only(full, record):
    async with full() as uow:
        rows = await uow.personal.export(record, "ama")
    text = json.dumps(rows, ensure_ascii=False)
    assert rows
    assert "ama" in text
    assert not any(value == "ben" for row in rows for value in row.values())
    async with full() as uow:
        assert await uow.personal.export(record, "nobody") == []


async def test_an_export_shows_times_and_places_in_full(full):
    async with full() as uow:
        (profile,) = await uow.personal.export("member", "ama")
        work = await uow.personal.export("due_work", "ama")
    assert profile["joined_at"] == "2026-11-24T09:00:00+00:00"
    assert profile["quiet_start"] == "22:00:00"
    assert profile["languages"] == ["fr"]
    assert work[0]["target"]["user"] == {"platform": "slack", "workspace": "T1", "user": "U-ama"}
    assert work[0]["sent"]["channel"] == "D-ama"


async def test_erasing_everything_leaves_no_trace_of_the_member_and_all_of_the_other(full, engine):
    before = await everything(engine)
    await erase(full, *IN_ORDER)
    after = await everything(engine)
    assert "ama" not in repr(after).lower()
    for name, rows in after.items():
        others = [row for row in before[name] if "ama" not in repr(row).lower() and name != "due_work_event"]
        assert all(row in rows for row in others), name
    assert [row["answered_by"] for row in after["question"]] == [None]
    assert [row["settled_by"] for row in after["proposal"]] == [None]
    assert [row["created_by"] for row in after["meeting"]] == [None]


async def test_the_member_s_own_record_cannot_go_before_what_is_theirs(full, engine):
    before = await everything(engine)
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await erase(full, "member")
    assert await everything(engine) == before


async def test_erasing_counts_what_it_touched_and_then_finds_nothing(full):
    names = IN_ORDER
    touched = dict(zip(names, await erase(full, *names), strict=True))
    assert touched == dict.fromkeys(names, 1) | {"due_work": 4, "question": 2, "proposal": 2}
    assert await erase(full, *names) == [0] * len(names)


async def test_planned_work_is_deleted_and_done_work_says_nothing_any_more(full, engine):
    await erase(full, "due_work")
    rows = [row for row in (await everything(engine))["due_work"] if row["member_id"] != "ben"]
    assert [row["state"] for row in rows] == ["done", "skipped"]
    for row in rows:
        assert row["key"] == f"erased:{row['idempotency_key']}"
        assert (row["target"], row["payload"], row["sent"], row["subject"]) == (None, {}, None, "")


async def test_what_was_done_for_a_forgotten_member_is_not_done_again(full, engine):
    await erase(full, "due_work")
    async with full() as uow:
        await uow.work.plan(NewWork("greet", "greet:ama:0", NOW + timedelta(days=1)))
        await uow.commit()
    async with engine.connect() as connection:
        found = sa.select(sa.func.count()).where(due_work.c.key == "greet:ama:0")
        assert await connection.scalar(found) == 0


async def test_a_question_may_stay_without_its_asker(full):
    assert await erase(full, "question", how="detach") == [2]
    async with full() as uow:
        question = await uow.questions.get("ama-asked")
        assert question
        assert (question.member_id, question.text) == ("", "When?")


async def test_what_means_nothing_without_its_member_cannot_be_kept(full):
    with pytest.raises(ValueError, match="rsvp cannot be kept without its member"):
        await erase(full, "rsvp", how="detach")

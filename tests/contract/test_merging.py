"""Two members become one in the store: nothing of either is forgotten, and what both have is told apart by its rule."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.duework import NewWork, Reason, State
from bot.errors import Conflict
from bot.features.breakouts.model import Placement
from bot.features.meetings.model import Answer, Occurrence, Rsvp
from bot.features.members.model import Identity, Member
from bot.features.resources.model import Feedback
from bot.features.rooms.model import Route, RouteState
from bot.messages import Call, Target, UserRef
from storage.repositories.merging import CLASHES, once_each
from storage.tables import due_work_event, metadata
from tests.contract.test_personal_store import NOW, START, add_member, add_records_of, add_shared, everything, user

LATER = NOW + timedelta(hours=1)
DISCORD = UserRef("discord", "G1", "D-ben")


@pytest.fixture
async def both(uow_factory):
    """Ama and ben, each with something of everything, and of some things the same."""
    async with uow_factory() as uow:
        for member_id in ("ama", "ben"):
            await add_member(uow, member_id)
        await add_shared(uow)
        for member_id in ("ama", "ben"):
            await add_records_of(uow, member_id)
        await uow.commit()
    return uow_factory


async def merge(factory, kept="ama", gone="ben"):
    async with factory() as uow:
        member = await uow.members.get(kept, lock=True)
        await uow.members.get(gone, lock=True)
        await uow.members.merge(member, gone, LATER)
        await uow.commit()


def marked():
    return [(t, c) for t in metadata.sorted_tables for c in t.columns if c.info.get("member")]


async def test_the_other_member_is_in_every_column_there_is_before(both, engine):
    """What the next test looks at is complete: a new column with a member in it must come into this fixture."""
    async with engine.connect() as connection:
        for table, column in marked():
            found = sa.select(sa.func.count()).where(column.in_(("ama", "ben"))).select_from(table)
            assert await connection.scalar(found), f"nothing of ama or ben in {column}"


@pytest.mark.parametrize(("kept", "gone"), [("ama", "ben"), ("ben", "ama")])
async def test_nothing_refers_to_the_one_who_is_gone(both, engine, kept, gone):
    await merge(both, kept, gone)
    async with engine.connect() as connection:
        for table, column in marked():
            found = sa.select(sa.func.count()).where(column == gone).select_from(table)
            assert not await connection.scalar(found), column
    after = await everything(engine)
    assert all(row["args"]["for"] == kept for row in after["action"])
    assert f"'{gone}'" not in repr([row["payload"] for row in after["due_work"]])


def test_whatever_a_member_has_once_has_a_rule_for_two():
    assert {table.name for table in metadata.tables.values() if once_each(table)} == {table.name for table in CLASHES}


async def test_accounts_that_come_are_used_after_those_that_are_there(both):
    async with both() as uow:
        await uow.members.save_identity(Identity(DISCORD, "ben"))
        await uow.commit()
    await merge(both)
    async with both() as uow:
        assert [each.user for each in await uow.members.identities("ama")] == [user("ama"), user("ben"), DISCORD]
        exported = await uow.personal.export("identity", "ama")
        assert [row["linked_at"] for row in exported if row["user_id"] != "U-ama"] == [LATER.isoformat()] * 2
        assert await uow.members.get("ben") is None
        assert (await uow.members.by_user(DISCORD)).id == "ama"


@pytest.mark.parametrize(("ben_at", "answer"), [(LATER, Answer.NO), (NOW - timedelta(1), Answer.GOING)])
async def test_the_newer_answer_counts(both, ben_at, answer):
    async with both() as uow:
        await uow.meetings.save_rsvp(Rsvp("o", "ben", Answer.NO, ben_at))
        await uow.commit()
    await merge(both)
    async with both() as uow:
        assert [(each.member_id, each.answer) for each in await uow.meetings.rsvps("o")] == [("ama", answer)]


async def test_the_newer_opinion_counts_and_one_of_ben_alone_comes_along(both, engine):
    async with both() as uow:
        await uow.resources.save_feedback(Feedback("res", "ben", helpful=False, at=LATER))
        await uow.commit()
    await merge(both)
    found = (await everything(engine))["feedback"]
    assert [(row["member_id"], row["helpful"]) for row in found] == [("ama", False)]


@pytest.mark.parametrize(
    ("ama", "ben", "stays"),
    [
        ((RouteState.PROPOSED, NOW), (RouteState.DECLINED, NOW), "ben"),
        ((RouteState.ACCEPTED, NOW), (RouteState.PROPOSED, LATER), "ama"),
        ((RouteState.ACCEPTED, NOW), (RouteState.DECLINED, LATER), "ben"),
        ((RouteState.PROPOSED, LATER), (RouteState.PROPOSED, NOW), "ama"),
        ((RouteState.DECLINED, NOW), (RouteState.ACCEPTED, NOW), "ama"),
    ],
)
async def test_a_decided_proposal_stays_then_the_later_one(both, ama, ben, stays):
    async with both() as uow:
        await uow.rooms.save_route(Route("route-ama", "ama", "fr", "r", *ama))
        await uow.rooms.save_route(Route("route-ben", "ben", "fr", "r", *ben))
        await uow.commit()
    await merge(both)
    async with both() as uow:
        assert (await uow.rooms.route("ama", "fr")).id == f"route-{stays}"


async def test_counts_are_added_up(both):
    async with both() as uow:
        await uow.rooms.count_written("ben", "fr")
        await uow.rooms.count_written("ben", "es")
        await uow.commit()
    await merge(both)
    async with both() as uow:
        assert await uow.rooms.count_written("ama", "fr") == 1 + 2 + 1
        assert await uow.rooms.count_written("ama", "es") == 1 + 1


async def test_the_kept_seat_stays_and_a_single_one_comes_along(both):
    async with both() as uow:
        (group,) = await uow.breakouts.groups("o")
        elsewhere = replace(group, id="g2", position=1)
        later = START + timedelta(days=7)
        await uow.meetings.save_occurrence(Occurrence("o2", "m", later, LATER, LATER, "2026.6"))
        other_day = replace(group, id="g3", occurrence_id="o2")
        await uow.breakouts.save_groups([elsewhere, other_day])
        await uow.breakouts.replace_placements("o", [Placement("g", "ama", "", 0), Placement("g2", "ben", "", 0)])
        await uow.breakouts.replace_placements("o2", [Placement("g3", "ben", "", 0)])
        await uow.commit()
    await merge(both)
    async with both() as uow:
        seats = [*await uow.breakouts.placements("o"), *await uow.breakouts.placements("o2")]
    assert seats == [Placement("g", "ama", "", 0), Placement("g3", "ama", "", 0)]


async def test_the_codes_of_both_are_void_and_the_tries_of_both_count(both):
    await merge(both)
    async with both() as uow:
        assert await uow.members.asked_for("digest-ama", NOW) is None
        assert await uow.members.asked_for("digest-ben", NOW) is None
        assert await uow.members.failed_tries("ama", NOW - timedelta(hours=1)) == (2, 2)


async def test_a_button_made_for_the_other_works_for_the_one_who_stays(both):
    await merge(both)
    async with both() as uow:
        assert await uow.actions.get("button-ben") == Call("questions.pass", {"for": "ama"})


async def test_a_member_who_is_gone_meanwhile_is_not_merged(both):
    await merge(both)
    with pytest.raises(Conflict):
        async with both() as uow:
            await uow.members.merge(Member("ben", "Ben", NOW), "ama", LATER)


# --- due work --------------------------------------------------------------------------------------------------------


async def plan(factory, member_id, kind="remind", number=0, **more):
    async with factory() as uow:
        target = Target(user=user(member_id))
        named = {"target": target, "member_id": member_id, "subject": "o"}
        await uow.work.plan(NewWork(kind, f"{kind}:{number}:member:{member_id}", NOW, **named, **more))
        await uow.commit()


async def advance(factory, member_id, to):
    """Bring the member's work into a state, as its owner would."""
    async with factory() as uow:
        (work,) = [w for w in await uow.work.about("o", ["remind"]) if w.member_id == member_id]
        mine = [w for w in await uow.work.claim(NOW, member_id, 100, 60) if w.id == work.id]
        assert mine
        for other in await uow.work.about("o", ["remind"]):
            if other.id != work.id and other.state is State.CLAIMED:
                await uow.work.retry(other.id, member_id, after_seconds=0, reason=Reason.ERROR, clear_maybe_sent=True)
        if to in (State.SENDING, State.UNCERTAIN, State.DONE):
            assert await uow.work.fence(work.id, member_id, 0)
        if to is State.UNCERTAIN:
            await uow.work.uncertain(work.id, member_id, "unknown")
        if to is State.DONE:
            await uow.work.done(work.id, member_id, None, NOW)
        if to is State.SKIPPED:
            await uow.work.end(work.id, member_id, failed=False, reason=Reason.OPTED_OUT, at=NOW)
        await uow.commit()


@pytest.fixture
async def pair(uow_factory):
    """Ama and ben and nothing else."""
    async with uow_factory() as uow:
        for member_id in ("ama", "ben"):
            await add_member(uow, member_id)
        await uow.commit()
    return uow_factory


UNDER_WAY = (State.SENDING, State.UNCERTAIN, State.DONE)


@pytest.mark.parametrize(
    ("ama", "ben", "expected"),
    [
        (State.PENDING, State.PENDING, {State.PENDING, State.SKIPPED}),
        (State.PENDING, State.CLAIMED, {State.PENDING, State.SKIPPED}),
        (State.CLAIMED, State.PENDING, {State.CLAIMED, State.SKIPPED}),
        (State.CLAIMED, State.DONE, {State.SKIPPED, State.DONE}),
        *((State.PENDING, state, {State.SKIPPED, state}) for state in UNDER_WAY),
        *((state, State.PENDING, {State.SKIPPED, state}) for state in UNDER_WAY),
        (State.PENDING, State.SKIPPED, {State.PENDING, State.SKIPPED}),
        (State.SKIPPED, State.PENDING, {State.PENDING, State.SKIPPED}),
    ],
)
async def test_what_both_are_to_be_told_is_told_once(pair, ama, ben, expected):
    for member_id, state in (("ama", ama), ("ben", ben)):
        await plan(pair, member_id)
        if state is not State.PENDING:
            await advance(pair, member_id, state)
    await merge(pair)
    async with pair() as uow:
        found = await uow.work.about("o", ["remind"])
    assert {work.state for work in found} == expected
    assert {work.member_id for work in found} == {"ama"}


@pytest.mark.parametrize("state", [State.PENDING, State.CLAIMED])
async def test_what_only_the_other_was_to_be_told_is_told_and_planning_it_again_changes_nothing(pair, state, engine):
    await plan(pair, "ben")
    if state is State.CLAIMED:
        await advance(pair, "ben", state)
    await merge(pair)
    await plan(pair, "ama")
    async with pair() as uow:
        (work,) = await uow.work.about("o", ["remind"])
        assert (work.state, work.member_id, work.owner) == (State.PENDING, "ama", None)
        assert not await uow.work.fence(work.id, "ben", 0)


@pytest.mark.parametrize("state", [State.SENDING, State.UNCERTAIN])
async def test_what_is_on_its_way_keeps_the_key_it_is_looked_for_by_and_its_place(pair, state):
    await plan(pair, "ben")
    await advance(pair, "ben", state)
    async with pair() as uow:
        (before,) = await uow.work.about("o", ["remind"])
    await merge(pair)
    async with pair() as uow:
        await uow.members.readdress("ama", user("ama"), ["remind"])
        (after,) = await uow.work.about("o", ["remind"])
    assert after == replace(before, member_id="ama")


async def test_what_is_superseded_is_in_the_log(pair, engine):
    for member_id in ("ama", "ben"):
        await plan(pair, member_id)
    await merge(pair)
    query = sa.select(due_work_event.c.state, due_work_event.c.reason)
    async with engine.connect() as connection:
        assert (await connection.execute(query)).all() == [(State.SKIPPED, Reason.SUPERSEDED)]


async def test_unsent_work_of_some_kinds_goes_to_another_account(pair):
    await plan(pair, "ama", "remind")
    await plan(pair, "ama", "admit")
    async with pair() as uow:
        await uow.members.readdress("ama", DISCORD, ["remind"])
        found = await uow.work.about("o", ["remind", "admit"])
    assert {work.kind: work.target.user for work in found} == {"remind": DISCORD, "admit": user("ama")}


async def test_another_s_work_that_names_the_member_names_the_one_who_stays(pair):
    await plan(pair, "ama", payload={"whom": "ben", "note": "ben-ben"})
    await merge(pair)
    async with pair() as uow:
        (work,) = await uow.work.about("o", ["remind"])
    assert work.payload == {"whom": "ama", "note": "ben-ben"}


# --- codes -----------------------------------------------------------------------------------------------------------


async def test_a_code_is_good_until_it_expires_and_once(pair):
    async with pair() as uow:
        await uow.members.save_code("ama", "digest", LATER, NOW)
        assert await uow.members.asked_for("digest", NOW) == "ama"
        assert await uow.members.asked_for("digest", LATER) is None
        assert await uow.members.asked_for("other", NOW) is None
        assert not await uow.members.use_code("digest", LATER)
        assert await uow.members.use_code("digest", NOW)
        assert not await uow.members.use_code("digest", NOW)


async def test_a_new_code_voids_the_earlier_one_and_expired_ones_are_forgotten(pair, engine):
    async with pair() as uow:
        await uow.members.save_code("ama", "first", LATER, NOW)
        await uow.members.save_code("ama", "second", LATER, NOW)
        assert await uow.members.asked_for("first", NOW) is None
        await uow.members.save_code("ben", "third", LATER + timedelta(1), LATER)
        await uow.commit()
    assert [row["digest"] for row in (await everything(engine))["link_code"]] == ["third"]


async def test_a_code_is_used_by_one_of_two_at_the_same_moment(pair):
    async with pair() as uow:
        await uow.members.save_code("ama", "digest", LATER, NOW)
        await uow.commit()

    async def use():
        async with pair() as uow:
            used = await uow.members.use_code("digest", NOW)
            await uow.commit()
        return used

    assert sorted(await asyncio.gather(use(), use(), use())) == [False, False, True]


async def test_tries_made_at_the_same_moment_are_all_counted(pair):
    async def attempt():
        async with pair() as uow:
            own, everybody = await uow.members.failed_tries("ama", NOW - timedelta(hours=1))
            await uow.members.add_failed_try("ama", NOW)
            await uow.commit()
        return own, everybody

    assert sorted(await asyncio.gather(*(attempt() for _ in range(4)))) == [(0, 0), (1, 1), (2, 2), (3, 3)]


async def test_tries_are_forgotten_when_they_count_no_more(pair, engine):
    async with pair() as uow:
        await uow.members.add_failed_try("ama", NOW)
        await uow.members.add_failed_try("ben", LATER)
        assert await uow.members.failed_tries("ama", NOW) == (0, 1)
        await uow.commit()
    assert len((await everything(engine))["link_try"]) == 1


async def test_an_account_becomes_a_member_of_its_own(pair):
    await merge(pair)
    async with pair() as uow:
        await uow.members.separate(user("ben"), Member("cy", "Ben", LATER))
        assert [each.user for each in await uow.members.identities("ama")] == [user("ama")]
        assert (await uow.members.by_user(user("ben"))).id == "cy"
        assert await uow.members.account("cy") == user("ben")

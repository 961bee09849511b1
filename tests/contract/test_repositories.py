"""Every repository on every database: what is saved comes back, and only that."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.errors import Conflict
from bot.features.breakouts.model import Breakout, Placement
from bot.features.deliveries.model import Audience, ReminderRule
from bot.features.meetings.model import (
    AgendaItem,
    Answer,
    Draft,
    ItemKind,
    Meeting,
    Occurrence,
    OccurrenceState,
    PlaceAudience,
    Rsvp,
)
from bot.features.members.model import Identity, Member
from bot.features.questions.model import Question
from bot.features.resources.model import Feedback, Proposal, ProposalState, Resource, ResourceText
from bot.features.rooms.model import Purpose, Room, Route, RouteState
from bot.messages import Call, ChannelRef, UserRef

NOW = datetime(2026, 11, 24, 9, 0, 0, 123456, tzinfo=UTC)
START = datetime(2026, 11, 24, 15)  # noqa: DTZ001 - a wall time, its zone beside it

AMA = Member(
    id="ama",
    name="Ama’s “Ëwé” 👩🏾‍🏫",
    joined_at=NOW,
    languages=("pt-BR", "fr"),
    zone="Africa/Lome",
    quiet_start=time(22, 30),
    quiet_end=time(6),
    skills_offered=("TVET",),
    skills_wanted=(),
    bio="'; DROP TABLE member; --",
    organizer=True,
    reminders=False,
    noticed_at=NOW,
    welcomed_at=NOW + timedelta(hours=1),
)
BEN = Member(id="ben", name="Ben", joined_at=NOW - timedelta(days=1))
MEETING = Meeting("m1", "Plenary", START, "Europe/Zurich", 90, "ama", rrule="FREQ=MONTHLY", place="https://x.example")
ITEM = AgendaItem(
    "i1",
    "m1",
    1,
    30,
    20,
    "Groups",
    ItemKind.BREAKOUT,
    presenters="A and B",
    languages=("en", "fr"),
    groups=(("en", 2), ("fr", 1)),
)
OCCURRENCE = Occurrence("o1", "m1", START, NOW, NOW + timedelta(minutes=90), "2026.6")
RESOURCE = Resource(
    id="r1",
    url="https://library.example/1",
    kind="guide",
    language="fr",
    source="A body",
    region="world",
    tags=("rpl", "été"),
    checked_on=date(2026, 11, 1),
    texts={"fr": ResourceText("Guide", "Reconnaître les acquis"), "en": ResourceText("Guide", "Recognising learning")},
)
QUESTION = Question("q1", "ben", "Where?", "fr", NOW)
PROPOSAL = Proposal("p1", "ben", "https://library.example/2", "Guide", "fr", ("été",), "About it.", NOW)


def room(room_id: str, *channels: str) -> Room:
    refs = tuple(ChannelRef("slack", "T1", channel) for channel in channels)
    return Room(room_id, room_id.title(), Purpose.LANGUAGE, "fr", refs)


def identity(member_id: str, user: str, platform: str = "slack") -> Identity:
    return Identity(UserRef(platform, "T1", user), member_id, locale="fr-CA", zone_hint="America/Toronto")


@pytest.fixture
async def uow(uow_factory):
    """A unit of work with two members and their first identities."""
    async with uow_factory() as uow:
        await uow.members.add(AMA, identity("ama", "U1"))
        await uow.members.add(BEN, identity("ben", "U2"))
        yield uow


@pytest.fixture
async def meeting(uow):
    """A meeting with its agenda and one occurrence."""
    await uow.meetings.save(MEETING)
    await uow.meetings.save_agenda("m1", [ITEM])
    await uow.meetings.save_occurrence(OCCURRENCE)
    return MEETING


async def test_members_come_back_whole(uow):
    assert await uow.members.get("ama") == AMA
    assert await uow.members.get("ben") == BEN
    assert await uow.members.get("nobody") is None
    assert await uow.members.all() == (BEN, AMA)


async def test_a_member_changes(uow):
    changed = replace(AMA, name="Ama K.", zone=None, languages=(), quiet_start=None)
    await uow.members.save(changed)
    assert await uow.members.get("ama") == changed


async def test_a_change_does_not_bring_back_a_member_who_is_gone(uow):
    with pytest.raises(Conflict, match="changed this at the same moment"):
        await uow.members.save(replace(BEN, id="cy"))
    assert await uow.members.get("cy") is None


async def test_members_are_known_by_their_users(uow):
    assert await uow.members.by_user(UserRef("slack", "T1", "U1")) == AMA
    assert await uow.members.by_user(UserRef("slack", "T2", "U1")) is None
    assert await uow.members.by_user(UserRef("discord", "T1", "U1")) is None


async def test_an_identity_is_joined_to_another_member(uow):
    moved = identity("ben", "U1")
    await uow.members.save_identity(moved)
    assert await uow.members.by_user(moved.user) == BEN
    assert await uow.members.identities("ama") == ()
    assert set(await uow.members.identities("ben")) == {moved, identity("ben", "U2")}


async def test_members_are_written_to_where_they_came_first(uow):
    await uow.members.save_identity(identity("ama", "A", "discord"))
    await uow.members.save_identity(identity("ama", "U1"))
    await uow.members.add(replace(BEN, id="cy", name="Cy"), identity("cy", "U3"))
    await uow.members.save_identity(identity("ben", "U3"))
    users = [each.user for each in await uow.members.identities("ama")]
    assert users == [UserRef("slack", "T1", "U1"), UserRef("discord", "T1", "A")]
    assert await uow.members.reachable() == ((BEN, UserRef("slack", "T1", "U2")), (AMA, UserRef("slack", "T1", "U1")))


async def test_members_are_written_to_on_the_platform_they_prefer(uow):
    await uow.members.save_identity(identity("ama", "A", "discord"))
    await uow.members.save_identity(identity("ama", "B", "discord"))
    await uow.members.save(replace(AMA, preferred="discord"))
    await uow.members.save(replace(BEN, preferred="discord"))
    discord, slack = UserRef("discord", "T1", "A"), UserRef("slack", "T1", "U2")
    assert [user for _member, user in await uow.members.reachable()] == [slack, discord]
    assert await uow.members.account("ama") == discord
    assert await uow.members.account("ben") == slack
    assert await uow.members.account("nobody") is None


async def test_rooms_come_back_with_their_channels_in_order(uow):
    first, second = room("b-room", "C9", "C1"), room("a-room")
    await uow.rooms.save(first)
    await uow.rooms.save(second)
    assert await uow.rooms.all() == (second, first)
    assert await uow.rooms.get("b-room") == first
    assert await uow.rooms.get("none") is None


async def test_a_room_is_found_by_its_channel_and_changes(uow):
    await uow.rooms.save(room("r", "C1", "C2"))
    changed = replace(room("r", "C3"), name="New", purpose=Purpose.PLENARY)
    await uow.rooms.save(changed)
    assert await uow.rooms.by_channel(ChannelRef("slack", "T1", "C3")) == changed
    assert await uow.rooms.by_channel(ChannelRef("slack", "T1", "C1")) is None


async def test_a_route_is_one_for_each_language(uow):
    await uow.rooms.save(room("r"))
    route = Route("route", "ama", "fr", "r", RouteState.PROPOSED, NOW)
    await uow.rooms.save_route(route)
    assert await uow.rooms.route("ama", "fr") == route
    assert await uow.rooms.route("ama", "es") is None
    assert await uow.rooms.route("ben", "fr") is None
    declined = replace(route, state=RouteState.DECLINED)
    await uow.rooms.save_route(declined)
    assert await uow.rooms.route("ama", "fr") == declined


async def test_written_languages_are_counted_by_member_and_language(uow):
    counts = [
        await uow.rooms.count_written(*key) for key in (("ama", "fr"), ("ama", "fr"), ("ama", "es"), ("ben", "fr"))
    ]
    assert counts == [1, 2, 1, 1]


async def test_meetings_come_back_whole(uow, meeting):
    later = Meeting("m0", "Later", START + timedelta(days=1, microseconds=5), "UTC+01:00", 5, None)
    await uow.meetings.save(later)
    assert await uow.meetings.get("m1") == meeting
    assert await uow.meetings.all() == (meeting, later)
    assert await uow.meetings.get("none") is None
    changed = replace(meeting, version=2, place_audience=PlaceAudience.MEMBERS, created_by=None)
    await uow.meetings.save(changed)
    assert await uow.meetings.get("m1") == changed


async def test_an_agenda_is_replaced_and_keeps_the_groups_of_what_stays(uow, meeting):
    await uow.rooms.save(room("r"))
    group = Breakout("g1", "o1", "i1", 0, "fr", "r")
    await uow.meetings.save_agenda("m1", [ITEM, replace(ITEM, id="i2", position=2)])
    await uow.breakouts.save_groups([group, replace(group, id="g2", item_id="i2")])
    moved = replace(ITEM, position=3, groups=())
    opening = AgendaItem("i0", "m1", 0, 0, 30, "Opening", ItemKind.PLENARY)
    await uow.meetings.save_agenda("m1", [moved, opening])
    assert await uow.meetings.agenda("m1") == (opening, moved)
    assert await uow.breakouts.groups("o1") == (group,)
    await uow.meetings.save_agenda("m1", [])
    assert await uow.meetings.agenda("m1") == ()


async def test_occurrences_are_found_by_id_time_and_meeting(uow, meeting):
    day = timedelta(days=1)

    def on(number: int, **changes) -> Occurrence:
        times = {"nominal_local": START + number * day, "starts_utc": NOW + number * day}
        return replace(OCCURRENCE, id=f"o{number}", ends_utc=times["starts_utc"] + day / 24, **times | changes)

    past, cancelled, first, second = on(-1), on(2, state=OccurrenceState.CANCELLED), on(3), on(4, version=7)
    for each in (second, cancelled, first, past):
        await uow.meetings.save_occurrence(each)
    assert await uow.meetings.occurrence("o4") == second
    assert await uow.meetings.occurrence("none") is None
    assert await uow.meetings.occurrences(ends_after=NOW + 2 * day, limit=9) == (first, second)
    assert await uow.meetings.occurrences(ends_after=first.ends_utc, limit=9) == (second,)
    assert await uow.meetings.occurrences(ends_after=past.starts_utc, limit=1) == (past,)
    assert await uow.meetings.occurrences_of("m1") == (past, OCCURRENCE, cancelled, first, second)


async def test_answers_are_one_for_each_member(uow, meeting):
    ben, ama = Rsvp("o1", "ben", Answer.MAYBE, NOW), Rsvp("o1", "ama", Answer.GOING, NOW - timedelta(hours=1))
    for each in (ben, ama):
        await uow.meetings.save_rsvp(each)
    assert await uow.meetings.rsvp("o1", "ama") == ama
    assert await uow.meetings.rsvp("o2", "ama") is None
    assert await uow.meetings.rsvps("o1") == (ama, ben)
    changed = replace(ama, answer=Answer.NO, at=NOW + timedelta(hours=1))
    await uow.meetings.save_rsvp(changed)
    assert await uow.meetings.rsvps("o1") == (ben, changed)


async def test_rules_belong_to_their_meeting(uow, meeting):
    rule = ReminderRule("rule", "m1", Audience.DIRECT, "P1D", -60)
    await uow.meetings.save_rule(rule)
    assert await uow.meetings.rules("m1") == (rule,)
    assert await uow.meetings.rules("m2") == ()
    changed = replace(rule, lead="PT10M", useful_minutes=5)
    await uow.meetings.save_rule(changed)
    assert await uow.meetings.rules("m1") == (changed,)


async def test_drafts_come_and_go(uow):
    draft = Draft("d1", "ama", "\n\n09:00\tWelcome – café*\n", {"zone": "Europe/Zurich"}, NOW)
    await uow.meetings.save_draft(draft)
    assert await uow.meetings.draft("d1") == draft
    changed = replace(draft, choices={})
    await uow.meetings.save_draft(changed)
    assert await uow.meetings.draft("d1") == changed
    later = replace(draft, id="d2", at=NOW + timedelta(hours=1))
    await uow.meetings.save_draft(later)
    assert await uow.meetings.drafts("ama") == (later, changed)
    assert await uow.meetings.drafts("ben") == ()
    assert await uow.meetings.delete_draft("d1")
    assert not await uow.meetings.delete_draft("d1")
    assert await uow.meetings.draft("d1") is None


async def test_groups_and_seats(uow, meeting):
    await uow.rooms.save(room("r"))
    await uow.meetings.save_occurrence(replace(OCCURRENCE, id="o2", nominal_local=START + timedelta(days=1)))
    first, second = Breakout("g1", "o1", "i1", 1, "fr", "r"), Breakout("g2", "o1", "i1", 0, "en", "r")
    elsewhere = Breakout("g3", "o2", "i1", 0, "en", "r")
    await uow.breakouts.save_groups([first, second, elsewhere])
    await uow.breakouts.save_groups([])
    assert await uow.breakouts.groups("o1") == await uow.breakouts.groups("o1", "i1") == (second, first)
    assert await uow.breakouts.groups("o1", "other") == ()
    ama, ben = Placement("g1", "ama", "preferred", 0), Placement("g2", "ben", "second", 1)
    there = Placement("g3", "ama", "preferred", 0)
    await uow.breakouts.replace_placements("o2", [there])
    await uow.breakouts.replace_placements("o1", [ben, ama])
    assert await uow.breakouts.placements("o1") == (ama, ben)
    await uow.breakouts.replace_placements("o1", [replace(ben, breakout_id="g1")])
    assert await uow.breakouts.placements("o1") == (replace(ben, breakout_id="g1"),)
    assert await uow.breakouts.placements("o2") == (there,)


async def test_everybodys_identities_come_in_the_order_they_were_first_used(uow):
    await uow.members.save_identity(identity("ama", "A0", "discord"))
    await uow.members.save_identity(identity("ama", "U9"))
    assert await uow.members.all_identities() == (
        identity("ama", "U1"),
        identity("ama", "A0", "discord"),
        identity("ama", "U9"),
        identity("ben", "U2"),
    )


async def test_the_whole_library_comes_by_address(uow):
    assert await uow.resources.all() == ()
    other = replace(RESOURCE, id="r0", url="https://library.example/2")
    await uow.resources.save(other)
    await uow.resources.save(RESOURCE)
    assert await uow.resources.all() == (RESOURCE, other)


async def test_resources_come_back_whole(uow):
    assert await uow.resources.count() == 0
    await uow.resources.save(RESOURCE)
    assert await uow.resources.get("r1") == RESOURCE
    assert await uow.resources.get("none") is None
    changed = replace(RESOURCE, tags=(), texts={"fr": ResourceText("Autre", "chose")})
    await uow.resources.save(changed)
    assert await uow.resources.get("r1") == changed
    assert await uow.resources.count() == 1


async def test_feedback_is_one_for_each_member(uow):
    await uow.resources.save(RESOURCE)
    await uow.resources.save_feedback(Feedback("r1", "ama", helpful=True, at=NOW))
    await uow.resources.save_feedback(Feedback("r1", "ama", helpful=False, at=NOW))
    rows = await uow.personal.export("feedback", "ama")
    assert rows == [{"resource_id": "r1", "member_id": "ama", "helpful": False, "at": NOW.isoformat()}]


async def test_questions_wait_for_an_answer(uow):
    newer = replace(QUESTION, id="q0", asked_at=NOW + timedelta(seconds=1))
    await uow.questions.save(newer)
    await uow.questions.save(QUESTION)
    assert await uow.questions.unanswered() == (QUESTION, newer)
    answered = replace(QUESTION, answer="There.", answered_by="ama", answered_at=NOW)
    await uow.questions.save(answered)
    assert await uow.questions.get("q1") == answered
    assert await uow.questions.get("none") is None
    assert await uow.questions.unanswered() == (newer,)


async def test_a_question_outlives_its_asker(uow):
    orphan = replace(QUESTION, member_id="")
    await uow.questions.save(orphan)
    assert await uow.questions.get("q1") == orphan


async def test_proposals_wait_for_a_decision(uow):
    newer = replace(PROPOSAL, id="p0", proposed_at=NOW + timedelta(seconds=1))
    await uow.proposals.save(newer)
    await uow.proposals.save(PROPOSAL)
    assert await uow.proposals.open() == (PROPOSAL, newer)
    declined = replace(PROPOSAL, state=ProposalState.DECLINED, settled_by="ama", settled_at=NOW)
    await uow.proposals.save(declined)
    assert await uow.proposals.get("p1", lock=True) == declined
    assert await uow.proposals.get("none") is None
    assert await uow.proposals.open() == (newer,)


async def test_a_proposal_outlives_its_member(uow):
    orphan = replace(PROPOSAL, member_id="")
    await uow.proposals.save(orphan)
    assert await uow.proposals.get("p1") == orphan


async def test_resources_are_found_by_their_host_however_it_is_written(uow):
    shouted = replace(RESOURCE, id="r2", url="HTTPS://LIBRARY.example:443/100%25_here")
    elsewhere = replace(RESOURCE, id="r3", url="https://other.example/")
    foreign = replace(RESOURCE, id="r4", url="https://BIBLIOTHÈQUE.example/")
    for each in (shouted, elsewhere, foreign):
        await uow.resources.save(each)
    assert await uow.resources.at_host("library.example") == (shouted,)
    assert foreign in await uow.resources.at_host("bibliothèque.example")
    assert await uow.resources.at_host("%") == (shouted,)
    assert await uow.resources.at_host("nowhere.example") == ()


async def test_actions_are_found_by_their_ids(uow):
    calls = {"a" * 24: Call("meeting rsvp", {"occurrence": "o1", "answer": "going"}), "b": Call("help")}
    await uow.actions.save(calls)
    await uow.actions.save({})
    await uow.actions.save({"b": Call("help")})
    assert {id_: await uow.actions.get(id_) for id_ in calls} == calls
    assert await uow.actions.get("none") is None


async def test_settings_are_replaced(uow):
    assert await uow.settings.get("clock_offset") is None
    await uow.settings.set("clock_offset", "1")
    await uow.settings.set("clock_offset", "2")
    assert await uow.settings.get("clock_offset") == "2"


async def test_an_event_is_new_once(uow):
    assert await uow.seen.first_time("e1", NOW)
    assert not await uow.seen.first_time("e1", NOW)
    assert await uow.seen.first_time("e2", NOW)
    await uow.seen.forget_before(NOW)
    assert not await uow.seen.first_time("e1", NOW)
    await uow.seen.forget_before(NOW + timedelta(seconds=1))
    assert await uow.seen.first_time("e1", NOW)


async def test_a_naive_instant_is_refused(uow):
    with pytest.raises(Exception, match="an instant needs its zone"):
        await uow.members.save(replace(BEN, joined_at=START))


async def test_a_wall_time_with_a_zone_is_refused(uow):
    with pytest.raises(Exception, match="a wall time carries no zone"):
        await uow.meetings.save(replace(MEETING, starts_local=NOW))


async def test_a_draft_is_deleted_by_one_of_two_who_confirm_it_at_once(uow_factory):
    async with uow_factory() as uow:
        await uow.members.add(AMA, identity("ama", "U1"))
        await uow.meetings.save_draft(Draft("d1", "ama", "text", {}, NOW))
        await uow.commit()

    async def confirm():
        async with uow_factory() as uow:
            gone = await uow.meetings.delete_draft("d1")
            await uow.commit()
            return gone

    assert sorted(await asyncio.gather(confirm(), confirm())) == [False, True]


async def test_a_locked_occurrence_waits_for_whoever_holds_it(uow_factory):
    async with uow_factory() as uow:
        await uow.members.add(AMA, identity("ama", "U1"))
        await uow.meetings.save(MEETING)
        await uow.meetings.save_occurrence(Occurrence("o1", "m1", START, NOW, NOW + timedelta(hours=1), "x"))
        await uow.commit()

    async def change():
        async with uow_factory() as uow:
            found = await uow.meetings.occurrence("o1", lock=True)
            await uow.meetings.save_occurrence(replace(found, version=found.version + 1))
            await uow.commit()

    await asyncio.gather(*(change() for _n in range(5)))
    async with uow_factory() as uow:
        assert (await uow.meetings.occurrence("o1")).version == 6

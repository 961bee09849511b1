"""One person on two platforms: linked by a code, told once, written to where they like, and two again if they wish."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
import structlog

from adapters.tryit import community
from bot.catalogue import listeners, registry, work_kinds
from bot.dispatch import Dispatcher
from bot.duework import DeliveryKind, State
from bot.features.breakouts import handlers as breakouts
from bot.features.deliveries.model import ANNOUNCED, EDITED, REMINDER
from bot.features.meetings.model import Answer, Rsvp
from bot.features.members import handlers as members
from bot.features.members.codes import ALPHABET, TRIES_OF_ALL, new_code, shown, typed
from bot.features.members.linking import FOLLOWING
from bot.features.rooms import handlers as rooms
from bot.inbound import Submitted
from bot.messages import ChannelRef, File
from storage.engine import open_engine
from storage.tables import metadata
from tests.feature.two_platforms import DISCORD, SLACK, on_discord, on_slack, two_platforms

AMA, AMA_TOO = on_slack("s10"), on_discord("ama")
BEN = on_slack("s11")
CY = on_discord("cy")
ORGANIZER = on_slack(
    next(p.user for p in community.people() if p.role == "organizer" and p.data["languages"][0] == "en")
)
REFUSED = "This code cannot be used."


@pytest.fixture
async def here(sqlite_url):
    async with two_platforms(sqlite_url) as opened:
        yield opened


async def accounts(here, user):
    async with here.uow_factory() as uow:
        member = await uow.members.by_user(user)
        return [each.user for each in await uow.members.identities(member.id)]


async def everything(url) -> str:
    """Return every value in the database, as text."""
    engine = open_engine(url)
    async with engine.connect() as connection:
        found = [repr((await connection.execute(sa.select(table))).all()) for table in metadata.sorted_tables]
    await engine.dispose()
    return "\n".join(found)


# --- the whole way ---------------------------------------------------------------------------------------------------


async def test_a_code_from_one_platform_entered_on_the_other_makes_one_member(here):
    code = await here.code(AMA)
    assert "within 10 minutes" in here.last(AMA)
    preview = await here.say(AMA_TOO, f"link {code}")
    name = (await here.member(AMA)).name
    assert f"You are also {name} on Slackish." in preview
    assert f"The profile of {name} on Slackish stays" in preview
    linked = await here.press(AMA_TOO, "Yes, both are me")
    assert "Your accounts on Slackish and Discordish are one member now." in linked
    assert "[Slackish]\n[Discordish]" in linked
    assert await accounts(here, AMA_TOO) == [AMA, AMA_TOO]
    assert await here.member(AMA) == await here.member(AMA_TOO)


@pytest.mark.parametrize(
    "written",
    ["link {code}", "LINK {lower}", "link {bare}", "link {spaced}", "my code is {lower}", "link code {code}."],
)
async def test_a_code_is_read_as_people_type_it(here, written):
    code = await here.code(AMA)
    ways = {"code": code, "lower": code.lower(), "bare": code.replace("-", ""), "spaced": code.replace("-", " ")}
    assert "Are both of these you?" in await here.say(AMA_TOO, written.format(**ways))


@pytest.mark.parametrize("change", [str, str.lower, lambda code: code.replace("-", ""), lambda code: f" {code} "])
async def test_a_code_is_read_after_the_command(here, change):
    assert "Are both of these you?" in await here.run(AMA_TOO, "link", change(await here.code(AMA)))


async def test_a_sentence_that_begins_with_link_is_no_code(here):
    for text in ("link to the survey about skills", "link meeting", "link to the agenda 2026"):
        assert REFUSED not in await here.say(AMA_TOO, text)


def test_codes_have_a_digit_and_no_letters_that_look_alike():
    for _time in range(200):
        code = new_code()
        assert len(code) == 8
        assert set(code) <= set(ALPHABET)
        assert any(character.isdigit() for character in code)
        assert typed(shown(code).lower()) == code
    assert not set(ALPHABET) & set("0OQ1IL2Z5S8BUV") - {"Q"}


# --- somebody who tries codes ----------------------------------------------------------------------------------------


async def used(here):
    code = await here.code(AMA)
    await here.say(CY, f"link {code}")
    await here.press(CY, "Yes, both are me")
    return code


async def expired(here):
    code = await here.code(AMA)
    await here.pass_time(minutes=10)
    return code


async def voided(here):
    code = await here.code(AMA)
    await here.code(AMA)
    return code


async def own(here):
    return await here.code(AMA_TOO)


async def wrong(here):
    await here.code(AMA)
    return "3333-3333"


async def malformed(here):
    return "¡%'; drop table 🤷"


async def long(here):
    return "K7MF3QXD" * 300


@pytest.mark.parametrize("spoil", [used, expired, voided, own, wrong, malformed, long])
async def test_whatever_is_wrong_with_a_code_the_same_is_said_and_counted(here, spoil):
    answer = await here.run(AMA_TOO, "link", "4444-4444")
    assert answer.startswith(REFUSED)
    answer = await here.run(AMA_TOO, "link", "4444-4444")  # without the first answer's privacy notice
    code = await spoil(here)
    assert await here.run(AMA_TOO, "link", code) == answer
    async with here.uow_factory() as uow:
        me = await uow.members.by_user(AMA_TOO)
        assert await uow.members.failed_tries(me.id, here.time.now() - timedelta(hours=1)) == (3, 3)


async def fail(here, user, times):
    for _time in range(times):
        await here.run(user, "link", "3333-3333")


async def test_after_five_failed_tries_a_right_code_is_refused_too_for_an_hour(here):
    await fail(here, AMA_TOO, 4)
    assert "Are both of these you?" in await here.run(AMA_TOO, "link", await here.code(AMA))
    await fail(here, AMA_TOO, 1)
    assert "Too many codes were tried." in await here.run(AMA_TOO, "link", await here.code(AMA))
    assert "Are both of these you?" in await here.run(CY, "link", await here.code(AMA))
    await here.pass_time(hours=1)
    assert "Are both of these you?" in await here.run(AMA_TOO, "link", await here.code(AMA))


async def test_a_restart_forgets_no_tries(here):
    await fail(here, AMA_TOO, 5)
    here.dispatch = Dispatcher(registry(), listeners(), here.uow_factory, here.services)
    assert "Too many codes were tried." in await here.run(AMA_TOO, "link", await here.code(AMA))


async def test_being_forgotten_does_not_give_everybody_more_tries(here):
    await fail(here, AMA_TOO, 5)
    await here.say(AMA_TOO, "forget me")
    await here.press(AMA_TOO, "Forget me")
    await fail(here, AMA_TOO, 1)
    async with here.uow_factory() as uow:
        me = await uow.members.by_user(AMA_TOO)
        assert await uow.members.failed_tries(me.id, here.time.now() - timedelta(hours=1)) == (1, 6)


async def test_when_too_many_fail_everybody_waits(here):
    async with here.uow_factory() as uow:
        for _time in range(TRIES_OF_ALL):
            await uow.members.add_failed_try("s12", here.time.now())
        await uow.commit()
    assert "Too many codes were tried." in await here.run(CY, "link", await here.code(AMA))


async def test_a_code_is_nowhere_in_clear(here, sqlite_url):
    with structlog.testing.capture_logs() as logs:
        code = await here.code(AMA)
        await here.run(AMA_TOO, "link", code)
        await here.say(AMA_TOO, f"link {code}")
    kept = await everything(sqlite_url) + repr(logs)
    assert "link" in kept
    assert code not in kept
    assert code.replace("-", "") not in kept


# --- the confirmation ------------------------------------------------------------------------------------------------


async def test_a_confirmation_is_good_as_long_as_its_code_and_once(here):
    await here.say(AMA_TOO, f"link {await here.code(AMA)}")
    late = here.pressing(AMA_TOO, "Yes, both are me")
    await here.pass_time(minutes=10)
    assert REFUSED in await here.happen(AMA_TOO, late)
    await here.say(AMA_TOO, f"link {await here.code(AMA)}")
    voided = here.pressing(AMA_TOO, "Yes, both are me")
    code = await here.code(AMA)
    assert REFUSED in await here.happen(AMA_TOO, voided)
    assert await accounts(here, AMA) == [AMA]
    await here.say(AMA_TOO, f"link {code}")
    once = here.pressing(AMA_TOO, "Yes, both are me")
    assert "one member now" in await here.happen(AMA_TOO, once)
    await here.happen(AMA_TOO, once)
    assert await accounts(here, AMA) == [AMA, AMA_TOO]


async def test_a_confirmation_is_for_the_one_who_entered_the_code(here):
    await here.say(AMA_TOO, f"link {await here.code(AMA)}")
    assert "belongs to somebody else" in await here.happen(CY, here.pressing(AMA_TOO, "Yes, both are me"))
    assert await accounts(here, AMA) == [AMA]


async def test_saying_no_leaves_everything_and_the_code_good(here):
    code = await here.code(AMA)
    await here.say(AMA_TOO, f"link {code}")
    assert "Nothing was changed." in await here.press(AMA_TOO, "No, leave it")
    assert "Are both of these you?" in await here.say(AMA_TOO, f"link {code}")


async def test_confirmations_at_the_same_moment_link_once(database_url):
    async with two_platforms(database_url) as here:
        code = await here.code(AMA)
        await here.say(AMA_TOO, f"link {code}")
        await here.say(CY, f"link {code}")
        pressed = [here.inbound(user, here.pressing(user, "Yes, both are me")) for user in (AMA_TOO, CY, AMA_TOO)]
        await asyncio.gather(*(here.dispatch(each) for each in pressed))
        linked = await accounts(here, AMA)
        assert linked in ([AMA, AMA_TOO], [AMA, CY])
        said = here.shown(AMA_TOO) + here.shown(CY)
        assert sum("one member now" in text for text in said) == 1
        async with here.uow_factory() as uow:
            everybody = await uow.members.all()
            assert {identity.member_id for identity in await uow.members.all_identities()} == {m.id for m in everybody}


async def test_two_who_confirm_each_other_at_the_same_moment_are_one(database_url):
    async with two_platforms(database_url) as here:
        first, second = await here.code(AMA), await here.code(AMA_TOO)
        await here.say(AMA_TOO, f"link {first}")
        await here.say(AMA, f"link {second}")
        pressed = [here.inbound(user, here.pressing(user, "Yes, both are me")) for user in (AMA, AMA_TOO)]
        await asyncio.gather(*(here.dispatch(each) for each in pressed))
        assert set(await accounts(here, AMA)) == {AMA, AMA_TOO}


# --- whose profile ---------------------------------------------------------------------------------------------------


async def confirm_profile(here, user, **profile):
    async with here.uow_factory() as uow:
        member = await uow.members.by_user(user)
        await uow.members.save(replace(member, welcomed_at=here.time.now(), zone="Africa/Dakar", **profile))
        await uow.commit()


@pytest.mark.parametrize(("asks", "enters"), [(AMA, AMA_TOO), (AMA_TOO, AMA)])
async def test_the_confirmed_profile_stays_whoever_asked(here, asks, enters):
    await here.say(AMA_TOO, "next meeting")
    before = await here.member(AMA)
    await here.say(enters, f"link {await here.code(asks)}")
    assert f"The profile of {before.name} on Slackish stays" in here.last(enters)
    await here.press(enters, "Yes, both are me")
    after = await here.member(AMA_TOO)
    assert (after.id, after.languages, after.zone) == (before.id, before.languages, before.zone)


@pytest.mark.parametrize(("asks", "enters"), [(AMA, AMA_TOO), (AMA_TOO, AMA)])
async def test_of_two_confirmed_profiles_the_one_that_asked_stays(here, asks, enters):
    await here.say(AMA_TOO, "next meeting")
    await confirm_profile(here, AMA_TOO, languages=("sw",))
    before = await here.member(asks)
    await here.say(enters, f"link {await here.code(asks)}")
    assert f"You are also {before.name} on {asks.platform.title()}." in here.last(enters)
    assert f"The profile of {before.name} on {asks.platform.title()} stays" in here.last(enters)
    await here.press(enters, "Yes, both are me")
    after = await here.member(enters)
    assert (after.id, after.languages, after.zone) == (before.id, before.languages, before.zone)


async def test_a_profile_confirmed_after_the_preview_does_not_change_what_it_said(here):
    await here.say(AMA_TOO, f"link {await here.code(CY)}")
    asked = await here.member(CY)
    await confirm_profile(here, AMA_TOO, languages=("sw",))
    await here.press(AMA_TOO, "Yes, both are me")
    assert (await here.member(CY)).id == asked.id


# --- organizers ------------------------------------------------------------------------------------------------------


async def test_an_organizer_on_one_platform_is_one_on_the_other(here):
    await here.link(ORGANIZER, AMA_TOO)
    for user in (AMA_TOO, ORGANIZER, AMA_TOO):
        assert "question" in await here.say(user, "open questions")
        assert (await here.member(user)).organizer


async def test_an_admin_of_one_platform_is_an_organizer_until_they_are_none(here):
    here.admins.add(AMA_TOO)
    await here.link(AMA, AMA_TOO)
    assert "question" in await here.say(AMA, "open questions")
    here.admins.clear()
    assert "Only organizers" in await here.say(AMA_TOO, "open questions")
    await here.say(AMA_TOO, "next meeting")
    assert "Only organizers" in await here.say(AMA, "open questions")


async def test_an_organizer_s_account_takes_the_right_with_it(here):
    await here.link(ORGANIZER, AMA_TOO)
    await here.say(AMA_TOO, "unlink")
    await here.press(AMA_TOO, "Unlink Slackish")
    await here.press(AMA_TOO, "Unlink it")
    assert "Only organizers" in await here.say(AMA_TOO, "open questions")
    assert "question" in await here.say(ORGANIZER, "open questions")


# --- told once, where they like --------------------------------------------------------------------------------------


async def meeting(here):
    async with here.uow_factory() as uow:
        return (await uow.meetings.occurrences(ends_after=here.time.now(), limit=1))[0]


async def reminders(here, user, state=State.PENDING):
    """Return the accounts that a member's reminders in a state go to."""
    member, occurrence = await here.member(user), await meeting(here)
    async with here.uow_factory() as uow:
        found = await uow.work.about(f"occurrence:{occurrence.id}", [REMINDER])
    return [work.target.user for work in found if work.member_id == member.id and work.state is state]


async def know_both(here):
    """Let both accounts have reminders of their own."""
    await here.say(AMA_TOO, "next meeting")
    await confirm_profile(here, AMA_TOO, languages=("en",))
    await here.say(AMA_TOO, "my profile")
    form = here.gateways[DISCORD].forms[-1].form
    await here.happen(AMA_TOO, Submitted(form.action_id, {"first": "en", "zone": "Dakar"}))
    assert len(await reminders(here, AMA_TOO)) == 2


async def test_after_linking_there_is_one_reminder_of_each(here):
    await know_both(here)
    await here.link(AMA, AMA_TOO)
    assert await reminders(here, AMA) == [AMA, AMA]
    before = [len(here.messages(user)) for user in (AMA, AMA_TOO)]
    await here.time.to_meeting()
    after = [len(here.messages(user)) for user in (AMA, AMA_TOO)]
    assert [now - then for now, then in zip(after, before, strict=True)] == [2, 0]


async def test_what_was_told_on_one_account_is_not_told_again_on_the_other(here):
    await know_both(here)
    occurrence = await meeting(here)
    await here.time.to(occurrence.starts_utc - timedelta(minutes=59))
    assert len(await reminders(here, AMA, State.DONE)) == 2
    await here.link(AMA, AMA_TOO)
    await here.time.to_meeting()
    assert await reminders(here, AMA) == []


async def test_pending_and_later_messages_follow_a_changed_preference(here):
    await here.link(AMA, AMA_TOO)
    assert await reminders(here, AMA) == [AMA, AMA]
    assert "I will write to you on Discordish" in await here.press(AMA_TOO, "Discordish")
    assert await reminders(here, AMA) == [AMA_TOO, AMA_TOO]
    assert "I will write to you on Slackish" in await here.say(AMA_TOO, "Write to me on SLACKISH")
    assert await reminders(here, AMA) == [AMA, AMA]
    async with here.uow_factory() as uow:
        assert (await uow.members.by_user(AMA)).preferred == SLACK


async def test_asking_where_i_am_written_to_offers_my_platforms(here):
    assert "I know you on Slackish only" in await here.say(AMA, "where do you write to me?")
    assert "I do not know you on Discordish" in await here.say(AMA, "write to me on Discordish")
    await here.link(AMA, AMA_TOO)
    assert "[Slackish]\n[Discordish]" in await here.run(AMA, "write to me")


async def test_an_answer_goes_where_the_asker_likes_it(here):
    await here.link(AMA, AMA_TOO)
    await here.press(AMA_TOO, "Discordish")
    await here.say(AMA, "ask the organizers")
    form = here.gateways[SLACK].forms[-1].form
    await here.happen(AMA, Submitted(form.action_id, {"text": "xylophone zzyzx"}))
    await here.press(ORGANIZER, "Answer")
    form = here.gateways[SLACK].forms[-1].form
    await here.happen(ORGANIZER, Submitted(form.action_id, {"answer": "Somewhere."}))
    assert "Somewhere." in here.last(AMA_TOO)
    assert not any("Somewhere." in text for text in here.shown(AMA))


async def test_a_change_is_told_once_where_the_member_likes_it_and_corrected_everywhere(here):
    await know_both(here)
    occurrence = await meeting(here)
    await here.time.to(occurrence.starts_utc - timedelta(minutes=59))
    await here.link(AMA, AMA_TOO)
    await here.press(AMA_TOO, "Discordish")
    await here.say(ORGANIZER, "next meeting")
    await here.press(ORGANIZER, "Cancel the meeting")
    await here.press(ORGANIZER, "Cancel the meeting")
    told = [sum(text.startswith("Cancelled:") for text in here.shown(user)) for user in (AMA, AMA_TOO)]
    assert told == [0, 1]
    corrected = [sum("this meeting was cancelled" in text for text in here.shown(user)) for user in (AMA, AMA_TOO)]
    assert corrected[0] >= 1
    assert corrected[1] >= 1


def test_every_kind_of_message_follows_its_member_or_stays_for_a_reason():
    staying = {members.WELCOME, rooms.ADMIT, rooms.PROPOSE, breakouts.ADMIT, ANNOUNCED, EDITED}
    kinds = work_kinds()
    deliveries = {name for name in kinds.names() if isinstance(kinds[name], DeliveryKind)}
    assert deliveries >= set(FOLLOWING) | staying
    assert not set(FOLLOWING) & staying


# --- one answer, one seat, every door --------------------------------------------------------------------------------


async def going(here, *users):
    occurrence = await meeting(here)
    async with here.uow_factory() as uow:
        for user in users:
            member = await uow.members.by_user(user)
            await uow.meetings.save_rsvp(Rsvp(occurrence.id, member.id, Answer.GOING, here.time.now()))
        await uow.commit()
    return occurrence


def rooms_of(here, user):
    place = "W" if user.platform == SLACK else "G"
    gateway = here.gateways[user.platform]
    return {room for room, *_rest in community.ROOMS if user in gateway.members(ChannelRef(user.platform, place, room))}


async def seats(here, occurrence):
    async with here.uow_factory() as uow:
        return {p.member_id: p.breakout_id for p in await uow.breakouts.placements(occurrence.id)}


async def test_a_linked_member_has_one_seat_and_both_accounts_are_let_in(here):
    await know_both(here)
    occurrence = await going(here, AMA, AMA_TOO)
    await here.link(AMA, AMA_TOO)
    await here.time.to(occurrence.ends_utc - timedelta(minutes=1))
    assert (await here.member(AMA)).id in await seats(here, occurrence)
    assert rooms_of(here, AMA)
    assert rooms_of(here, AMA) == rooms_of(here, AMA_TOO)
    told = [sum(text.startswith("Your breakout group") for text in here.shown(user)) for user in (AMA, AMA_TOO)]
    assert told == [1, 0]


async def test_who_links_while_seated_is_let_in_with_the_other_account_and_keeps_one_seat(here):
    await know_both(here)
    occurrence = await going(here, AMA, AMA_TOO)
    async with here.uow_factory() as uow:
        placing = await uow.work.about(f"occurrence:{occurrence.id}", ["breakouts.place"])
    await here.time.to(placing[0].due)
    gone, seated = await here.member(AMA_TOO), await seats(here, occurrence)
    assert {gone.id, (await here.member(AMA)).id} <= set(seated)
    before = rooms_of(here, AMA)
    await here.link(AMA, AMA_TOO)
    assert await seats(here, occurrence) == {who: group for who, group in seated.items() if who != gone.id}
    assert before <= rooms_of(here, AMA_TOO)


# --- unlinking -------------------------------------------------------------------------------------------------------


async def test_the_only_account_cannot_be_unlinked(here):
    assert "there is nothing to unlink" in await here.say(AMA, "unlink")


async def test_an_unlinked_account_starts_empty_and_everything_stays(here):
    await know_both(here)
    occurrence = await going(here, AMA_TOO)
    await here.link(AMA, AMA_TOO)
    await here.press(AMA_TOO, "Discordish")
    before = await here.member(AMA)
    assert "[Unlink Discordish]" in await here.run(AMA, "unlink")
    asked = await here.press(AMA, "Unlink Discordish")
    assert "Shall I unlink Discordish? Everything stays with you here" in asked
    assert await accounts(here, AMA) == [AMA, AMA_TOO]
    assert "Discordish is unlinked." in await here.press(AMA, "Unlink it")
    assert await accounts(here, AMA) == [AMA]
    alone = await here.member(AMA_TOO)
    assert (alone.languages, alone.zone, alone.welcomed_at, alone.organizer) == ((), None, None, False)
    assert await here.member(AMA) == replace(before, preferred="")
    assert await reminders(here, AMA) == [AMA, AMA]
    assert await reminders(here, AMA_TOO) == []
    async with here.uow_factory() as uow:
        assert (await uow.meetings.rsvp(occurrence.id, before.id)).answer is Answer.GOING
        assert await uow.meetings.rsvp(occurrence.id, alone.id) is None
    assert "About your privacy:" in await here.say(AMA_TOO, "next meeting")


async def test_accounts_that_were_two_once_can_be_linked_again(here):
    await here.link(AMA, AMA_TOO)
    await here.say(AMA, "unlink")
    await here.press(AMA, "Unlink Discordish")
    pressed = here.pressing(AMA, "Unlink it")
    await here.happen(AMA, pressed)
    assert "not linked any more" in await here.happen(AMA, pressed)
    assert "one member now" in await here.link(AMA_TOO, AMA)
    assert set(await accounts(here, AMA)) == {AMA, AMA_TOO}


async def test_the_account_in_use_is_not_unlinked(here):
    await here.link(AMA, AMA_TOO)
    await here.say(AMA, "unlink")
    await here.press(AMA, "Unlink Discordish")
    assert "You are using that account now." in await here.happen(AMA_TOO, here.pressing(AMA, "Unlink it"))
    assert await accounts(here, AMA) == [AMA, AMA_TOO]


async def test_nobody_unlinks_somebody_else_s_account(here):
    await here.link(AMA, AMA_TOO)
    await here.say(AMA, "unlink")
    assert "belongs to somebody else" in await here.happen(BEN, here.pressing(AMA, "Unlink Discordish"))


async def test_two_accounts_on_one_platform_are_told_apart(here):
    await here.link(AMA, BEN)
    assert "[Unlink Slackish (W, s11)]" in await here.say(AMA, "unlink")


# --- privacy ---------------------------------------------------------------------------------------------------------


async def test_one_export_holds_both_accounts_and_what_linked_them(here):
    await here.say(AMA_TOO, "next meeting")
    await fail(here, AMA_TOO, 1)
    await here.link(AMA, AMA_TOO)
    await here.code(AMA)
    await here.say(AMA_TOO, "export my data")
    sent = here.messages(AMA_TOO)[-1]
    data = json.loads(next(block for block in sent.message.blocks if isinstance(block, File)).content)
    assert [(row["platform"], row["linked_at"] is not None) for row in data["identity"]] == [
        (DISCORD, True),
        (SLACK, False),
    ]
    assert len(data["link_code"]) == 1
    assert len(data["link_try"]) == 1


async def test_one_erasure_forgets_both(here, sqlite_url):
    await know_both(here)
    await here.link(AMA, AMA_TOO)
    await here.code(AMA)
    me = await here.member(AMA)
    await here.say(AMA_TOO, "forget me")
    await here.press(AMA_TOO, "Forget me")
    assert await here.member(AMA) is None
    assert await here.member(AMA_TOO) is None
    assert me.name not in await everything(sqlite_url)


async def test_what_one_asked_to_be_reminded_of_comes_where_one_prefers_to_be_written_to(here):
    await here.say(AMA, "remind me in three hours to water the plants")
    await here.link(AMA, AMA_TOO)
    await here.say(AMA, "write to me on discordish")
    await here.pass_time(hours=3)
    assert "water the plants" in here.last(AMA_TOO)
    assert "water the plants" not in here.last(AMA)

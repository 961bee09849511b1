"""Welcoming newcomers, learning what they speak and where they are, and leading them to their rooms and groups."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from adapters.tryit.gateway import channel_ref
from bot.features.members.handlers import read_quiet_hours
from bot.features.rooms.model import RouteState
from bot.i18n import _, use_locale

NEWCOMER = "s17"
FRENCH_TEXTS = (
    "Bonjour à toutes et à tous, je voudrais partager notre nouveau guide.",
    "Quelqu’un a-t-il déjà travaillé avec de petites entreprises sur ce sujet ?",
    "Merci beaucoup pour vos réponses, je vous écris très bientôt.",
)


async def test_a_newcomer_is_greeted_in_every_language_at_once(chat):
    await chat.join(NEWCOMER)
    shown = await chat.shown(NEWCOMER)
    for language in ("en", "fr", "es"):
        with use_locale(language):
            assert _("Set my languages and time zone") in shown
            assert _("About your privacy:") in shown
    assert "English\n" in shown
    assert "Français\n" in shown
    assert "Español\n" in shown


async def test_joining_twice_greets_once(chat):
    await chat.join(NEWCOMER)
    await chat.join(NEWCOMER)
    assert (await chat.shown(NEWCOMER)).count("English\n") == 1


async def test_the_form_guesses_and_the_member_confirms(chat):
    await chat.join(NEWCOMER)
    await chat.press(NEWCOMER, "Set my languages and time zone")
    fields = {field.name: field for field in chat.gateway.forms[-1].form.fields}
    assert fields["first"].value == "en"
    await chat.fill(NEWCOMER, {"Your city or time zone": "kathmandou", "Other languages you speak": "fr,sw"}, "Save")
    saved = await chat.wait_for(NEWCOMER, "Thank you, that is saved")
    assert "Languages: English, French, and Swahili" in saved
    await chat.press(NEWCOMER, "Take me there")
    assert chat.user(NEWCOMER) in chat.gateway.members(channel_ref("english-1"))


async def test_a_name_of_two_places_is_asked_about(chat):
    await chat.say("s10", "my profile")
    await chat.fill("s10", {"Your city or time zone": "IST"}, "Save")
    asked = await chat.wait_for("s10", "Which of these do you mean?")
    assert asked.count("[") >= 2
    label = asked.rpartition("[")[2].partition("]")[0]
    await chat.press("s10", label)
    await chat.wait_for("s10", "Thank you, that is saved")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (None, None)),
        ("22:00-07:00", (time(22), time(7))),
        ("22h à 7h30", (time(22), time(7, 30))),
        ("21.15 – 6", (time(21, 15), time(6))),
    ],
)
def test_quiet_hours_are_read_in_the_ways_people_write_them(text, expected):
    assert read_quiet_hours(text) == expected


@pytest.mark.parametrize("text", ["25:00-07:00", "22:00", "22:00-22:00", "never"])
def test_other_quiet_hours_are_refused(text):
    with pytest.raises(Exception, match="I could not read the quiet hours"):
        read_quiet_hours(text)


async def test_the_second_message_in_another_language_makes_one_private_proposal(chat):
    for text in FRENCH_TEXTS:
        await chat.say("s09", text, "english-1")
    assert await chat.shown("s09", "english-1") == ""
    with use_locale("fr"):
        assert (await chat.shown("s09")).count(_("Only you see this, and I ask only once.")) == 1
        await chat.press("s09", _("Take me there"))
    assert chat.user("s09") in chat.gateway.members(channel_ref("francais"))
    async with chat.uow_factory() as uow:
        route = await uow.rooms.route("s09", "fr")
    assert route.state is RouteState.ACCEPTED


async def test_a_refusal_is_remembered(chat):
    for text in FRENCH_TEXTS[:2]:
        await chat.say("s09", text, "english-1")
    with use_locale("fr"):
        await chat.press("s09", _("No, thank you"))
        for text in FRENCH_TEXTS:
            await chat.say("s09", text, "english-2")
        assert _("Only you see this, and I ask only once.") not in await chat.shown("s09")


async def test_a_stranger_who_only_writes_in_a_room_is_not_recorded(chat):
    await chat.say(NEWCOMER, FRENCH_TEXTS[0], "english-1")
    async with chat.uow_factory() as uow:
        assert await uow.members.by_user(chat.user(NEWCOMER)) is None


async def test_rooms_are_listed_and_entered(chat):
    await chat.say("s10", "which rooms are there?")
    await chat.press("s10", "Enter Español")
    await chat.wait_for("s10", "The room Español is open to you. Welcome!")
    assert chat.user("s10") in chat.gateway.members(channel_ref("espanol"))


async def test_everybody_going_gets_a_balanced_group_in_their_language_and_keeps_it(chat):
    async with chat.uow_factory() as uow:
        occurrence = (await uow.meetings.occurrences(ends_after=chat.services.clock.now(), limit=1))[0]
    await chat.to_meeting()
    await chat.forward(0)
    async with chat.uow_factory() as uow:
        before = await uow.breakouts.placements(occurrence.id)
        groups = {group.id: group for group in await uow.breakouts.groups(occurrence.id)}
        members = {member.id: member for member in await uow.members.all()}
    assert not before
    await chat.forward(1)
    async with chat.uow_factory() as uow:
        before = {p.member_id: p for p in await uow.breakouts.placements(occurrence.id)}
        groups = {group.id: group for group in await uow.breakouts.groups(occurrence.id)}
    assert sorted(group.language for group in groups.values()) == ["en", "en", "es", "fr"]
    for member_id, placement in before.items():
        assert groups[placement.breakout_id].language == members[member_id].languages[0]
    english = [p.breakout_id for p in before.values() if groups[p.breakout_id].language == "en"]
    sizes = sorted(english.count(group) for group in set(english))
    assert sizes[-1] - sizes[0] <= 1


async def test_who_decides_late_is_placed_without_moving_anybody(chat):
    async with chat.uow_factory() as uow:
        occurrence = (await uow.meetings.occurrences(ends_after=chat.services.clock.now(), limit=1))[0]
    await chat.to_meeting()
    await chat.skip(minutes=20)
    async with chat.uow_factory() as uow:
        before = {p.member_id: p.breakout_id for p in await uow.breakouts.placements(occurrence.id)}
        late = next(m for m in await uow.members.all() if m.id not in before)
    await chat.say(
        late.id, {"en": "next meeting", "fr": "prochaine réunion", "es": "próxima reunión"}[late.languages[0]]
    )
    await chat.press(late.id, chat.say_in(late.languages[0], "I am going"))
    async with chat.uow_factory() as uow:
        after = {p.member_id: p.breakout_id for p in await uow.breakouts.placements(occurrence.id)}
    assert {member: after[member] for member in before} == before
    assert late.id in after
    await chat.wait_for(late.id, chat.say_in(late.languages[0], "Your breakout group"))


async def test_my_group_says_when_there_will_be_one(chat):
    await chat.say("s10", "my group")
    await chat.wait_for("s10", "The groups are formed half an hour before they start; I will tell you yours.")


async def test_a_group_without_a_language_of_mine_says_so(chat):
    async with chat.uow_factory() as uow:
        member = await uow.members.get("s10")
        await uow.members.save(replace(member, languages=("sw",)))
        await uow.commit()
    await chat.to_meeting()
    await chat.skip(minutes=20)
    await chat.say("s10", "my group")
    shown = await chat.wait_for("s10", "Your room is")
    assert "No group speaks your languages, so you sit where most people can help." in shown


async def test_my_group_asks_who_has_not_answered(chat):
    await chat.say("s13", "my group")
    shown = await chat.shown("s13")
    assert "Groups are for those who are going. Are you?" in shown


async def test_my_group_without_a_meeting_says_so(chat):
    await chat.to_meeting()
    await chat.forward(5)
    for words in ("my group", "agenda"):
        await chat.say("s10", words)
        await chat.wait_for("s10", "No meeting is planned at the moment.")


async def test_somebody_else_s_language_without_a_room_is_left_alone(chat):
    for _turn in range(3):
        await chat.say("s10", "Guten Morgen zusammen, ich möchte gern unseren neuen Leitfaden vorstellen.", "english-1")
    assert await chat.shown("s10") == ""


async def test_a_room_that_is_gone_says_so(chat):
    await chat.know("rooms.enter", {"room": "gone"})
    await chat.press_id("s10", chat.call_id("rooms.enter", {"room": "gone"}))
    await chat.wait_for("s10", "That room is no longer there.")


async def test_a_member_whose_language_has_no_room_is_told_so(chat):
    await chat.say("s10", "my profile")
    await chat.fill("s10", {"The language you like best": "Swahili"}, "Save")
    await chat.wait_for("s10", "There is no room in your languages yet.")


async def test_reminders_can_be_switched_on_again(chat):
    await chat.say("s10", "stop reminders")
    await chat.press("s10", "Remind me again")
    await chat.wait_for("s10", "I will remind you directly before each meeting.")


async def test_languages_are_understood_by_name_and_what_is_none_is_said_so(chat):
    await chat.join(NEWCOMER)
    await chat.press(NEWCOMER, "Set my languages and time zone")
    await chat.fill(NEWCOMER, {"Your city or time zone": "Nairobi", "Other languages you speak": "Elvish"}, "Save")
    field = next(field for field in chat.gateway.forms[-1].form.fields if field.name == "others")
    assert "I do not know the language “Elvish”" in field.error
    assert field.value == "Elvish"
    await chat.fill(NEWCOMER, {"Your city or time zone": "Nairobi", "Other languages you speak": "Swahili, fr"}, "Save")
    async with chat.uow_factory() as uow:
        member = await uow.members.by_user(chat.user(NEWCOMER))
    assert member.languages == ("en", "sw", "fr")

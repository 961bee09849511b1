"""Setting up rooms: a channel becomes one by a word in it, missing ones are opened on request, refusals are told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.fake.gateway import CAPABILITIES
from adapters.tryit.gateway import channel_ref
from bot.errors import PermanentError
from bot.features.rooms.model import Purpose
from tests.sample import sample_chat

GENEVA, DAKAR, MEMBER, LIMA = "s08", "s06", "s10", "s02"


async def room_at(chat, channel):
    async with chat.uow_factory() as uow:
        return await uow.rooms.by_channel(channel_ref(channel))


async def mention(chat, who, text, where="lounge"):
    chat.gateway.add_channel(channel_ref(where))
    await chat.say(who, text, where, addressed=True)


@pytest.mark.parametrize(
    ("said", "language", "name"),
    [
        ("this channel is the room for Portuguese", "pt", "português"),
        ("this is the room for swahili", "sw", "Kiswahili"),
        ("this channel is the French room", "fr", "Français"),
        ("make this the es room", "es", "Español"),
    ],
)
async def test_a_channel_becomes_the_room_of_a_language_by_a_word_in_it(chat, said, language, name):
    async with chat.uow_factory() as uow:  # the sample's own rooms stand on another platform
        for room in await uow.rooms.all():
            await uow.rooms.save(replace(room, channels=()))
        await uow.commit()
    await mention(chat, GENEVA, said)
    await chat.wait_for(GENEVA, f"{name} is a room now: language room.", "lounge")
    room = await room_at(chat, "lounge")
    assert (room.purpose, room.language, room.name) == (Purpose.LANGUAGE, language, name)
    await chat.say(MEMBER, "rooms")
    await chat.wait_for(MEMBER, f"[Enter {name}]")


async def test_a_language_may_have_another_room(chat):
    await mention(chat, GENEVA, "this is the room for French")
    assert (await room_at(chat, "lounge")).name == "français 2"
    assert (await room_at(chat, "francais")).id != (await room_at(chat, "lounge")).id


@pytest.mark.parametrize("said", ["this channel is for announcements", "this channel is for the Announcements"])
async def test_announcements_have_one_channel(chat, said):
    await mention(chat, GENEVA, said)
    await chat.wait_for(GENEVA, "There is a channel for that here already: “announcements”.", "lounge")
    assert await room_at(chat, "lounge") is None


async def test_the_form_asks_what_was_not_said_and_keeps_the_channel(chat):
    await mention(chat, GENEVA, "make this channel a room")
    await chat.fill(GENEVA, {"What this channel is for": "plenary", "The language spoken there": "quechuan?"}, "Save")
    assert "I do not know the language “quechuan?”" in chat.gateway.forms[-1].form.fields[1].error
    await chat.fill(
        GENEVA, {"What this channel is for": "announcements", "The language spoken there": "Français"}, "Save"
    )
    room = await room_at(chat, "lounge")
    assert (room.purpose, room.language, room.name) == (Purpose.ANNOUNCEMENTS, "fr", chat.say_in("fr", "announcements"))


async def test_words_that_are_no_language_open_the_form(chat):
    await mention(chat, GENEVA, "this channel is the room for gibberish")
    assert "I do not know the language “gibberish”" in chat.gateway.forms[-1].form.fields[1].error
    assert await room_at(chat, "lounge") is None


async def test_a_slash_command_in_the_channel_does_the_same(chat):
    chat.gateway.add_channel(channel_ref("lounge"))
    await chat.run(GENEVA, "room", "pt", where="lounge")
    assert (await room_at(chat, "lounge")).language == "pt"


async def test_it_has_to_be_said_in_the_channel(chat):
    for text in ("this is the room for French", "forget this room"):
        await chat.say(GENEVA, text)
        await chat.wait_for(GENEVA, "Please write this to me in the channel itself")


async def test_a_channel_is_one_room(chat):
    await chat.say(GENEVA, "this is the room for French", "espanol", addressed=True)
    await chat.wait_for(GENEVA, "This channel is the room “Español” already.", "espanol")
    assert (await room_at(chat, "espanol")).language == "es"


async def test_members_cannot_make_or_forget_rooms(chat):
    for text in ("this is the room for French", "forget this room", "open rooms"):
        await mention(chat, MEMBER, text, "espanol")
        await chat.wait_for(MEMBER, "Only organizers can do this.", "espanol")
    args = {"platform": "tryit", "workspace": "sample", "channel": "espanol"}
    await chat.know("rooms.unbind", args)
    await chat.press_id(MEMBER, chat.call_id("rooms.unbind", args))
    await chat.wait_for(MEMBER, "Only organizers can do this.")
    assert await room_at(chat, "espanol") is not None


async def test_a_new_room_is_reminded_of_what_was_planned_before_it(chat):
    await mention(chat, GENEVA, "this channel is the room for Portuguese")
    await chat.to_meeting()
    assert "Reminder: 1st Meeting" in await chat.shown(MEMBER, "lounge")


async def test_a_forgotten_room_stays_a_channel_and_is_told_nothing(chat):
    await chat.say(DAKAR, "forget this room", "francais", addressed=True)
    await chat.press(DAKAR, chat.say_in("fr", "No, leave it"), "francais")
    assert await room_at(chat, "francais") is not None
    await chat.say(DAKAR, "forget this room", "francais", addressed=True)
    await chat.press(DAKAR, chat.say_in("fr", "Forget this room"), "francais")
    assert await room_at(chat, "francais") is None
    before = await chat.shown(LIMA, "francais")
    await chat.to_meeting()
    assert await chat.shown(LIMA, "francais") == before
    assert "1st Meeting" in await chat.shown(LIMA, "espanol")
    await chat.say(GENEVA, "forget this room", "francais", addressed=True)
    await chat.wait_for(GENEVA, "This channel is not a room", "francais")


async def test_a_calendar_goes_with_the_last_room_and_comes_with_the_first(chat):
    await chat.settle()
    assert len(chat.gateway.events) == 1
    async with chat.uow_factory() as uow:
        for room in await uow.rooms.all():
            if room.id != "espanol":
                await uow.rooms.save(replace(room, channels=()))
        await uow.commit()
    await chat.say(GENEVA, "forget this room", "espanol", addressed=True)
    await chat.press(GENEVA, "Forget this room", "espanol")
    assert chat.gateway.events == {}
    await mention(chat, GENEVA, "this is the room for French")
    assert len(chat.gateway.events) == 1


# --- opening those that are missing ----------------------------------------------------------------------------------


async def empty(chat):
    """Let the workspace have no room."""
    async with chat.uow_factory() as uow:
        for room in await uow.rooms.all():
            await uow.rooms.save(replace(room, channels=()))
        await uow.commit()


async def test_missing_rooms_are_shown_exactly_then_made_and_are_rooms(chat):
    await empty(chat)
    await chat.say(GENEVA, "open rooms")
    shown = await chat.wait_for(GENEVA, "Rooms that are missing here")
    for line in (
        "- announcements – Meetings and news for everybody.",
        "- English – Here we speak English.",
        "- français – ",
        "Where the platform has roles, a role gives sight of each language’s room: English, Français, and Español",
    ):
        assert line in shown
    assert await room_at(chat, "français") is None
    await chat.press(GENEVA, "Open these rooms")
    for channel, purpose, language in (
        ("announcements", Purpose.ANNOUNCEMENTS, "en"),
        ("English", Purpose.LANGUAGE, "en"),
        ("français", Purpose.LANGUAGE, "fr"),
        ("español", Purpose.LANGUAGE, "es"),
    ):
        room = await room_at(chat, channel)
        assert (room.purpose, room.language) == (purpose, language)
    assert (await room_at(chat, "français")).id == "francais"  # the room that was there, not another one
    await chat.say(GENEVA, "open rooms")
    await chat.wait_for(GENEVA, "Nothing is missing here")


async def test_only_what_is_missing_is_made_and_only_once(chat):
    async with chat.uow_factory() as uow:
        await uow.rooms.save(replace(await uow.rooms.get("espanol"), channels=()))
        await uow.commit()
    await chat.say(GENEVA, "open rooms")
    shown = await chat.wait_for(GENEVA, "Rooms that are missing here")
    assert "español" in shown
    assert "français" not in shown
    button = chat.action_id(GENEVA, "Open these rooms")
    await chat.press(GENEVA, "Open these rooms")
    await chat.press_id(GENEVA, button)
    await chat.wait_for(GENEVA, "Nothing is missing here")
    async with chat.uow_factory() as uow:
        rooms = [room for room in await uow.rooms.all() if room.language == "es"]
    assert [room.channels for room in rooms] == [(channel_ref("español"),)]


async def test_a_refusal_is_told_with_the_platforms_own_words_and_leaves_no_room(chat):
    await chat.settle()
    await empty(chat)
    chat.gateway.faults.fail_next(PermanentError("the app lacks a permission: channels:manage"), times=4, on="arrange")
    await chat.say(GENEVA, "open rooms")
    await chat.press(GENEVA, "Open these rooms")
    told = await chat.wait_for(GENEVA, "Something could not be made")
    assert "What: the channel of a room. Why: the platform refuses it." in told
    assert "The platform says: the app lacks a permission: channels:manage" in told
    assert (await chat.shown(GENEVA)).count("Something could not be made") == 1  # though there were four
    assert await room_at(chat, "English") is None
    chat.gateway.faults.fail_next(PermanentError("still not"), on="arrange")
    await chat.say(GENEVA, "open rooms")
    await chat.press(GENEVA, "Open these rooms")
    await chat.wait_for(GENEVA, "The platform says: still not")
    await chat.say(GENEVA, "open rooms")
    await chat.press(GENEVA, "Open these rooms")
    assert await room_at(chat, "English") is not None


async def test_a_channel_of_that_name_that_is_another_room_stays_that_and_the_organizer_is_told(chat):
    await empty(chat)
    chat.gateway.add_channel(channel_ref("español"))
    async with chat.uow_factory() as uow:
        await uow.rooms.save(replace(await uow.rooms.get("plenary"), channels=(channel_ref("español"),)))
        await uow.commit()
    await chat.say(GENEVA, "open rooms")
    await chat.press(GENEVA, "Open these rooms")
    assert (await room_at(chat, "español")).id == "plenary"
    told = await chat.wait_for(GENEVA, "Something could not be made")
    assert "Why: a channel of that name is another room already." in told


async def test_where_channels_cannot_be_made_a_sentence_says_what_to_do(sqlite_url):
    async with sample_chat(sqlite_url, replace(CAPABILITIES, channels=False)) as chat:
        await chat.say(GENEVA, "open rooms")
        await chat.wait_for(GENEVA, "I cannot make channels on this platform. Please make them yourself")


async def test_a_members_way_leads_only_to_rooms_of_their_own_workspace(chat):
    async with chat.uow_factory() as uow:
        room = await uow.rooms.get("francais")
        await uow.rooms.save(replace(room, channels=(replace(channel_ref("francais"), workspace="elsewhere"),)))
        await uow.commit()
    await chat.say(MEMBER, "rooms")
    assert "Français" not in (await chat.wait_for(MEMBER, "Rooms by language"))
    await chat.say(MEMBER, "my languages")
    answers = {"The language you like best": "Français", "Your city or time zone": "Nairobi"}
    await chat.fill(MEMBER, answers, "Save")
    await chat.wait_for(
        MEMBER, chat.say_in("fr", "There is no room in your languages yet. Organizers can see this and may open one.")
    )
    async with chat.uow_factory() as uow:
        await uow.members.save(replace(await uow.members.get(MEMBER), languages=("en",)))
        await uow.commit()
    for _time in range(3):
        await chat.say(MEMBER, "Bonjour à toutes et à tous, je cherche des partenaires pour un projet.", "english-1")
    assert "Français" not in await chat.shown(MEMBER)


async def test_newcomers_are_asked_for_the_languages_that_have_rooms(chat):
    await mention(chat, GENEVA, "this channel is the room for Portuguese")
    (question,) = chat.gateway.questions.values()
    titles = [title for title, _channels in question.choices]
    assert {"English", "français", "español", "português"} == {
        title.lower() if title != "English" else title for title in titles
    }
    await chat.say(GENEVA, "forget this room", "lounge", addressed=True)
    await chat.press(GENEVA, "Forget this room", "lounge")
    (question,) = chat.gateway.questions.values()
    assert "português" not in [title.lower() for title, _channels in question.choices]


@pytest.mark.parametrize(
    "said",
    ["ce canal est le salon du portugais", "ce canal est le salon de l’italien", "este canal es la sala del portugués"],
)
async def test_a_language_takes_its_article(chat, said):
    await mention(chat, GENEVA, said)
    assert (await room_at(chat, "lounge")).language in {"pt", "it"}

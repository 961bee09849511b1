"""The way in and out: slash commands, forms where there are none, private answers, answers that fail on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapters.fake.gateway import CAPABILITIES
from adapters.tryit import community
from adapters.tryit.gateway import user_ref
from bot.catalogue import listeners, registry
from bot.commands import PHRASES, CommandSpec, Registry
from bot.dispatch import Dispatcher
from bot.errors import PermanentError, RetryableError, UncertainError
from bot.i18n import in_every_language
from bot.inbound import Event, Inbound, Joined, Profile, Said
from bot.messages import Call, MessageRef
from bot.services import Sealer
from bot.understanding import fold
from tests.sample import sample_chat

MEMBER, ORGANIZER = "s10", "s08"
NEWCOMER = next(person.user for person in community.people() if person.newcomer)


async def test_a_slash_command_is_its_words(chat):
    await chat.run(MEMBER, "next")
    await chat.wait_for(MEMBER, "1st Meeting")


async def test_text_after_a_slash_command_is_its_first_parameter(chat):
    await chat.run(MEMBER, "ask", "recognition of prior learning")
    await chat.wait_for(MEMBER, "resources on “recognition of prior learning”")
    await chat.run(MEMBER, "ask", args={"query": "apprenticeship"})
    await chat.wait_for(MEMBER, "resources on “apprenticeship”")


async def test_an_unknown_slash_command_is_read_as_plain_words(chat):
    await chat.run(MEMBER, "my", "group")
    await chat.wait_for(MEMBER, "The groups are formed half an hour before they start; I will tell you yours.")


async def test_a_missing_parameter_opens_a_form(chat):
    await chat.run(MEMBER, "ask")
    await chat.fill(MEMBER, {"What are you looking for?": "green skills"}, "Send")
    await chat.wait_for(MEMBER, "resources on “green skills”")


async def test_a_form_sent_empty_says_what_is_missing(chat):
    await chat.run(MEMBER, "ask")
    await chat.fill(MEMBER, {"What are you looking for?": "  "}, "Send")
    await chat.wait_for(MEMBER, "Something is still missing.")


async def test_a_value_that_is_too_long_or_no_choice_is_refused(chat):
    await chat.run(MEMBER, "ask", "x" * 2001)
    await chat.wait_for(MEMBER, "That text is too long (2001 characters")
    await chat.know("members.reminders", {})
    await chat.submit_id(MEMBER, chat.call_id("members.reminders", {}), {"state": "perhaps"})
    await chat.wait_for(MEMBER, "“perhaps” is not one of the choices.")


async def test_a_made_up_field_cannot_replace_what_was_sealed(chat):
    await chat.say(MEMBER, "next meeting")
    await chat.submit_id(MEMBER, chat.action_id(MEMBER, "Maybe"), {"answer": "going"})
    await chat.wait_for(MEMBER, "Maybe, then.")


async def test_where_there_are_no_forms_a_button_asks_for_one(sqlite_url):
    async with sample_chat(sqlite_url, replace(CAPABILITIES, forms=False)) as chat:
        await chat.say(MEMBER, "my profile")
        await chat.wait_for(MEMBER, "A short form will ask you for what is needed.")


async def test_a_private_answer_in_a_room_is_seen_by_one_person(chat):
    await chat.say(MEMBER, "next meeting", "plenary", addressed=True)
    await chat.wait_for(MEMBER, "1st Meeting", "plenary")
    assert await chat.shown(ORGANIZER, "plenary") == ""


async def test_where_nothing_is_private_in_a_room_the_answer_comes_directly(sqlite_url):
    async with sample_chat(sqlite_url, replace(CAPABILITIES, private_replies=False)) as chat:
        await chat.say(MEMBER, "next meeting", "plenary", addressed=True)
        assert await chat.shown(MEMBER, "plenary") == ""
        await chat.wait_for(MEMBER, "1st Meeting")


async def test_where_nothing_can_be_edited_an_answer_is_a_new_message(sqlite_url):
    async with sample_chat(sqlite_url, replace(CAPABILITIES, edits=False)) as chat:
        await chat.say(MEMBER, "forget me")
        await chat.press(MEMBER, "No, leave it")
        assert "Shall I erase" in await chat.shown(MEMBER)
        await chat.wait_for(MEMBER, "Nothing was changed.")


async def test_an_answer_that_is_refused_for_now_is_tried_again(chat):
    chat.gateway.faults.fail_next(RetryableError("slow down"), times=1, on="send")
    await chat.say(MEMBER, "next meeting", settle=False)
    await chat.wait_for(MEMBER, "1st Meeting")


async def test_an_answer_that_cannot_be_sent_leaves_the_assistant_working(chat):
    chat.gateway.faults.fail_next(PermanentError("closed"), times=1, on="send")
    await chat.say(MEMBER, "next meeting", settle=False)
    assert await chat.shown(MEMBER) == ""
    await chat.say(MEMBER, "next meeting")
    await chat.wait_for(MEMBER, "1st Meeting")


async def test_a_button_of_a_command_that_is_gone_says_so(chat):
    call = Call("long.gone", {})
    async with chat.uow_factory() as uow:
        action_id = Sealer("a secret for tests").action_id(call)
        await uow.actions.save({action_id: call})
        await uow.commit()
    await chat.press_id(MEMBER, action_id)
    await chat.wait_for(MEMBER, "This button is no longer in use. Please ask again to get a fresh one.")


async def test_a_member_cannot_press_an_organizers_button(chat):
    await chat.say(ORGANIZER, "next meeting")
    await chat.press_id(MEMBER, chat.action_id(ORGANIZER, "Move"))
    await chat.wait_for(MEMBER, "Only organizers can do this.")


async def test_help_lists_what_one_may_do(chat):
    await chat.say(MEMBER, "help")
    for_members = await chat.wait_for(MEMBER, "What I can do for you")
    await chat.say(ORGANIZER, "help")
    await chat.press(ORGANIZER, "For organizers")
    for_organizers = await chat.wait_for(ORGANIZER, "What I can do for organizers")
    assert "Schedule a meeting" in for_organizers
    assert "Schedule a meeting" not in for_members
    assert "[For organizers]" not in for_members


@pytest.mark.parametrize("language", ["en", "fr", "es"])
async def test_help_is_short_enough_for_any_platform(chat, language):
    async with chat.uow_factory() as uow:
        await uow.members.save(replace(await uow.members.get(ORGANIZER), languages=(language,)))
        await uow.commit()
    await chat.say(ORGANIZER, "help")
    await chat.press(ORGANIZER, chat.say_in(language, "For organizers"))
    await chat.wait_for(ORGANIZER, chat.say_in(language, "What I can do for organizers"))


async def handler(context, args): ...


def test_a_command_is_declared_once():
    spec = CommandSpec("a.b", handler, "Title", words="same")
    with pytest.raises(ValueError, match=r"a\.b"):
        Registry(spec, spec)
    with pytest.raises(ValueError, match=r"c\.d"):
        Registry(spec, replace(spec, name="c.d"))


def test_the_id_of_a_control_says_nothing_and_is_the_same_each_time():
    call = Call("questions.pass", {"text": "secret words", "for": "m1"})
    first = Sealer("one").action_id(call)
    assert first == Sealer("one").action_id(Call("questions.pass", {"for": "m1", "text": "secret words"}))
    assert first != Sealer("two").action_id(call)
    assert "secret" not in first
    assert len(first) == 24


async def test_thanks_are_answered_and_a_place_said_in_passing_fills_the_form(chat):
    await chat.say(MEMBER, "Thank you very much!")
    await chat.wait_for(MEMBER, "You are welcome.")
    await chat.say(MEMBER, "I have moved to Kathmandu.")
    zone = next(field for field in chat.gateway.forms[-1].form.fields if field.name == "zone")
    assert zone.value == "Kathmandu"


async def test_no_phrase_means_two_commands_in_any_language():
    meanings: dict[str, set[str]] = {}
    for spec in registry():
        for translated in in_every_language(spec.phrases, PHRASES).values() if spec.phrases else ():
            for phrase in translated.split("|"):
                meanings.setdefault(" ".join(fold(phrase).split()), set()).add(spec.name)
    assert {phrase: names for phrase, names in meanings.items() if len(names) > 1} == {}


async def test_the_runner_is_woken_by_what_was_planned_and_by_nothing_else(chat):
    woken: list[str] = []
    dispatch = Dispatcher(
        registry(), listeners(), chat.uow_factory, chat.services, planned=lambda: woken.append("woken")
    )

    async def happen(who: str, event: Event) -> int:
        line = chat.gateway.direct_line(user_ref(who))
        profile = Profile("Somebody", "en")
        await dispatch(Inbound(f"{who}-{event}", datetime.now(UTC), user_ref(who), profile, line, True, event))
        return len(woken)

    message = MessageRef("tryit", "sample", "@x", "1")
    assert await happen(MEMBER, Said("next meeting?", message, addressed=True)) == 0
    assert await happen(MEMBER, Said("something on apprenticeships", message, addressed=True)) == 0
    assert await happen(NEWCOMER, Joined()) == 1


@pytest.mark.parametrize("stored", [True, False])
async def test_an_answer_whose_fate_is_unknown_is_there_once(chat, stored):
    if stored:
        chat.gateway.faults.lose_answers()
    else:
        chat.gateway.faults.fail_next(UncertainError("cut"))
    await chat.say("s03", "help")
    assert len(chat.gateway.messages(chat.gateway.direct_line(chat.user("s03")))) == 1


async def test_a_mention_in_a_channel_is_answered_there_in_the_channels_language(chat):
    who = "s03"
    await chat.say(who, "recognition of prior learning", "francais", addressed=True)
    seen_by_another = await chat.shown("s04", "francais")
    assert chat.say_in("fr", "Helpful") in seen_by_another
    assert chat.say_in("fr", "About your privacy:") not in seen_by_another


async def test_what_is_ones_own_stays_private_in_a_channel(chat):
    await chat.say("s03", "my profile", "francais", addressed=True)
    await chat.say("s03", "next meeting", "francais", addressed=True)
    assert "core-group" not in await chat.shown("s04", "francais")


async def test_opening_ones_own_page_shows_it(chat):
    await chat.open_home("s03")
    assert chat.user("s03") in chat.gateway.homes


async def test_a_public_answer_puts_the_channels_language_first_whoever_asked(chat):
    await chat.say("s02", "recognition of prior learning", "english-1", addressed=True)
    public = await chat.wait_for("s03", "resources on “recognition of prior learning”", "english-1")
    assert f"1. {await best(chat, 'en')}" in public
    await chat.say("s02", "recognition of prior learning")
    private = await chat.wait_for("s02", "“recognition of prior learning”")
    assert f"1. {await best(chat, 'es')}" in private


async def best(chat, language):
    async with chat.uow_factory() as uow:
        found = await uow.search.find("recognition of prior learning", languages=(language,), limit=1)
    return found[0].resource.text(found[0].resource.language).title


async def test_a_public_answer_that_finds_nothing_promises_the_asker_alone_and_its_button_is_theirs(chat):
    await chat.say(MEMBER, "xylophone zzyzx", "english-1", addressed=True)
    await chat.wait_for("s03", "Their answer will come to you alone.", "english-1")
    await chat.press("s11", "Ask the organizers", "english-1")
    await chat.wait_for("s11", "This button belongs to somebody else.", "english-1")
    await chat.press(MEMBER, "Ask the organizers", "english-1")
    await chat.wait_for(MEMBER, "I passed your question to", "english-1")
    assert "I passed your question" not in await chat.shown("s11", "english-1")


async def test_the_privacy_notice_waits_for_a_private_answer(chat):
    who = NEWCOMER
    await chat.say(who, "apprenticeship", "english-1", addressed=True)
    assert "About your privacy:" not in await chat.shown(MEMBER, "english-1")
    await chat.say(who, "help")
    shown = await chat.shown(who)
    assert any(chat.say_in(tag, "About your privacy:") in shown for tag in ("en", "fr", "es"))


@pytest.mark.parametrize(("who", "word"), [("s10", "help"), ("s04", "aide"), ("s02", "ayuda")])
async def test_examples_in_the_help_are_what_somebody_would_write(chat, who, word):
    await chat.say(who, word)
    assert not set("{}|") & set(await chat.shown(who))

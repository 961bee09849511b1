"""Whatever members send, they get a clear sentence in their language, and nothing is lost."""

from __future__ import annotations

import sqlite3

import pytest

from adapters.tryit import community
from bot.i18n import _, in_every_language, use_locale
from storage.errors import BUSY

MEMBER, FRENCH, ORGANIZER = "s05", "s04", "s08"
ANSWERED = {person.user: person for person in community.people()}


def language_of(user: str) -> str:
    return ANSWERED[user].data["languages"][0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "\u200b\u200d\ufeff",
        "🎉🎉🎉",
        "?!?",
        "\x00\x01\x02\xff",
    ],
)
async def test_what_has_no_words_is_not_understood_in_so_many_words(chat, text):
    for who in (MEMBER, FRENCH):
        await chat.say(who, text)
        with use_locale(language_of(who)):
            await chat.wait_for(
                who,
                _("I did not understand that. Ask me a question in a few words, or see what I can do: write “help”."),
            )


@pytest.mark.parametrize(
    "text",
    [
        "مرحبا كيف الحال؟",
        "'; DROP TABLE member; --",
        'NEAR("a" b, 3) OR * AND title:^',
        "<script>alert(1)</script> @everyone <!channel> <@U123>",
        "\u202etxet desrever",
        "日本語の資料はありますか",
    ],
)
async def test_operators_markup_and_other_scripts_are_only_words(chat, text):
    await chat.say(MEMBER, text)
    newest = (await chat.shown(MEMBER)).splitlines()
    assert newest, "silence"
    await chat.say(MEMBER, "next meeting")
    await chat.wait_for(MEMBER, "1st Meeting")


async def test_a_huge_text_is_refused_with_its_limit(chat):
    await chat.say(FRENCH, "mot " * 250_000)
    with use_locale("fr"):
        text = _("That text is too long ({length} characters; at most {limit}). Please shorten it.")
        await chat.wait_for(FRENCH, text.format(length=1_000_000, limit=20_000))


async def test_a_huge_text_in_a_room_is_left_alone(chat):
    await chat.say(FRENCH, "mot " * 250_000, "english-1")
    assert await chat.shown(FRENCH, "english-1") == ""


async def test_a_near_miss_is_offered_not_taken(chat):
    await chat.say(MEMBER, "nxt meting")
    with use_locale(language_of(MEMBER)):
        offered = await chat.wait_for(MEMBER, _("Did you mean one of these?"))
        assert _("Next meeting") in offered
        await chat.press(MEMBER, _("Next meeting"))
    await chat.wait_for(MEMBER, "1st Meeting")


async def test_members_cannot_schedule(chat):
    await chat.say(FRENCH, community.next_agenda_text())
    with use_locale("fr"):
        await chat.wait_for(FRENCH, _("Only organizers can do this. If you should be one, please ask an organizer."))


async def test_an_agenda_without_hours_says_which_line_to_add(chat):
    await chat.say(ORGANIZER, "schedule a meeting")
    await chat.fill(ORGANIZER, {_("Agenda"): "A meeting\n\nsome time soon\n"}, _("Send"))
    shown = await chat.shown(ORGANIZER)
    assert "Date: 19 November 2026, 14h-16h (GMT+1)" in shown or "agenda" in shown


async def test_a_date_that_does_not_exist_is_said_so_and_the_form_keeps_what_was_typed(chat):
    await chat.say(ORGANIZER, community.next_agenda_text())
    await chat.press(ORGANIZER, _("Change date, place or repetition"))
    await chat.fill(
        ORGANIZER, {_("Date"): "31 November 2020", _("Where (join link, room, dial-in)"): "Room 4"}, _("Save")
    )
    form = chat.gateway.forms[-1].form
    fields = {field.name: field for field in form.fields}
    assert fields["date"].error
    assert fields["place"].value == "Room 4"


async def test_an_unknown_zone_is_said_so_at_its_field(chat):
    await chat.say(FRENCH, "profil")
    with use_locale("fr"):
        await chat.fill(FRENCH, {_("Your city or time zone"): "Atlantis-sur-Mer"}, _("Save"))
        error = _("I do not know the place or zone “{zone}”. Please write a city, such as “Nairobi”.")
        fields = {field.name: field for field in chat.gateway.forms[-1].form.fields}
        assert fields["zone"].error == error.format(zone="Atlantis-sur-Mer")


async def test_quiet_hours_that_cannot_be_read_are_said_so_at_their_field(chat):
    await chat.say(MEMBER, "my profile")
    with use_locale(language_of(MEMBER)):
        await chat.fill(MEMBER, {_("Hours in which I should not write to you"): "at night"}, _("Save"))
    fields = {field.name: field for field in chat.gateway.forms[-1].form.fields}
    assert fields["quiet"].error


async def test_a_flood_is_answered_once_and_then_waits(chat):
    for _turn in range(35):
        await chat.say(MEMBER, "next meeting")
    with use_locale(language_of(MEMBER)):
        sentence = _("That was a lot at once. Please wait a minute, then go on; nothing you wrote is lost.")
        assert (await chat.shown(MEMBER)).count(sentence) == 1


async def test_a_button_nobody_made_and_one_of_somebody_else_are_refused(chat):
    await chat.press_id(FRENCH, "made-up")
    with use_locale("fr"):
        await chat.wait_for(FRENCH, _("This button is no longer in use. Please ask again to get a fresh one."))
    await chat.say(MEMBER, "xylophone zzyzx")
    with use_locale(language_of(MEMBER)):
        stolen = chat.action_id(MEMBER, _("Ask the organizers"))
    await chat.press_id(FRENCH, stolen)
    with use_locale("fr"):
        await chat.wait_for(FRENCH, _("This button belongs to somebody else. Please ask for your own."))


async def test_the_same_event_told_twice_is_answered_once(chat):
    await chat.say(MEMBER, "next meeting", again=True)
    assert (await chat.shown(MEMBER)).count("1st Meeting") == 1


async def test_an_error_of_ours_is_a_sentence_with_a_reference(chat):
    class Broken:
        def detect(self, text):
            raise ZeroDivisionError(text)

    object.__setattr__(chat.services, "detector", Broken())
    await chat.say(FRENCH, "Bonjour tout le monde", "english-1")
    with use_locale("fr"):
        start = _(
            "Something went wrong on our side, and nothing was changed. Please try again; if it happens again, "
            "tell an organizer this reference: {reference}"
        ).split("{", maxsplit=1)[0]
        await chat.wait_for(FRENCH, start, "english-1")


async def test_a_locked_database_is_a_sentence_in_the_members_language(chat, tmp_path):
    with sqlite3.connect(tmp_path / "connections.db", isolation_level=None) as other:
        other.execute("PRAGMA busy_timeout = 0")
        other.execute("BEGIN IMMEDIATE")
        await chat.say(FRENCH, "prochaine réunion", settle=False)
        other.execute("ROLLBACK")
    with use_locale("fr"):
        shown = await chat.shown(FRENCH)
        sentences = {in_every_language(BUSY)[language] for language in ("en", "fr", "es")}
        assert any(sentence in shown for sentence in sentences)
    await chat.say(FRENCH, "prochaine réunion")
    await chat.wait_for(FRENCH, "1st Meeting")

"""What is offered while somebody types, in their own language."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from bot.platforms import Typed
from bot.suggestions import MOST, Suggestions
from bot.times.choice import certain_zone
from tests.sample import LANGUAGES


@pytest.fixture
def suggest(chat):
    suggestions = Suggestions(chat.uow_factory, chat.services.clock, LANGUAGES)

    async def ask(source, text, who="s03", locale=None):
        return await suggestions(Typed(source, text, chat.user(who), locale))

    return ask


async def french(chat) -> str:
    async with chat.uow_factory() as uow:
        return next(member.id for member in await uow.members.all() if member.languages[0] == "fr")


@pytest.mark.parametrize(
    ("typed", "zone"), [("Nair", "Africa/Nairobi"), ("kathm", "Asia/Kathmandu"), ("GMT+1", "UTC+01:00")]
)
async def test_a_zone_is_found_by_the_first_letters_of_a_city(suggest, typed, zone):
    assert (await suggest("zones", typed))[0].value == zone


async def test_a_zone_is_named_in_the_readers_language(suggest, chat):
    (geneva, *_others) = await suggest("zones", "Genè", await french(chat))
    assert geneva.value == "Europe/Zurich"
    assert "heure de Genève (UTC+1)" in geneva.label


async def test_somebody_unknown_is_read_by_the_platforms_locale(suggest):
    (lima, *_others) = await suggest("zones", "Lima", "n01", locale="es-419")
    assert lima.label == "Lima – hora de Lima (UTC−5)"


async def test_every_source_offers_at_most_what_a_platform_can_show(suggest):
    for source in ("zones", "meetings", "resources"):
        assert len(await suggest(source, "a")) <= MOST
    assert len(await suggest("zones", "s")) == MOST


async def test_meetings_are_found_by_their_title_and_named_with_their_date(suggest):
    (meeting,) = await suggest("meetings", "core group")
    assert meeting.label.startswith("jueves, 19 de noviembre de 2020")
    assert await suggest("meetings", "no such meeting") == ()


async def test_resources_are_found_by_their_words(suggest):
    found = await suggest("resources", "recognition of prior learning")
    assert found
    assert all(option.value in option.label for option in found)


@pytest.mark.parametrize("typed", ["", "   ", "%", "\x00", "' OR 1=1 --", "x" * 5000])
async def test_whatever_is_typed_does_no_harm(suggest, typed):
    for source in ("zones", "meetings", "resources", "no-such-source"):
        assert isinstance(await suggest(source, typed), tuple)


@pytest.mark.parametrize(("typed", "zone"), [("delhi", "Asia/Kolkata"), ("united st", "America/New_York")])
async def test_a_place_is_found_by_any_of_its_words_and_offered_once(suggest, typed, zone):
    offered = [option.value for option in await suggest("zones", typed)]
    assert len(set(offered)) == len(offered)
    assert zone in offered or len(offered) == MOST


async def test_every_zone_that_is_offered_is_one_that_the_form_takes(suggest):
    for typed in ("united states", "new", "a", "GMT+1", "são", "America/Lima"):
        offered = await suggest("zones", typed)
        assert offered
        assert all(certain_zone(option.value).zone == option.value for option in offered)


async def test_meetings_are_found_by_their_day_too_and_open_their_agenda(chat, suggest):
    (option,) = await suggest("meetings", "novem 1st meet", "n01", locale="en")
    await chat.run("s10", "agenda", args={"occurrence": option.value})
    await chat.wait_for("s10", "Closing remarks")
    await chat.run("s10", "agenda", "1ST meeting")
    assert (await chat.shown("s10")).count("Closing remarks") == 2
    await chat.run("s10", "agenda", "no such meeting")
    await chat.wait_for("s10", "That meeting is no longer there.")


async def test_titles_are_found_by_the_first_letters_of_their_words(chat, suggest):
    begun = await suggest("resources", "apprentic", "s10", locale="en")
    assert any("pprentic" in option.value for option in begun)
    assert await suggest("resources", " ") == ()
    await chat.run("s10", "ask", args={"query": begun[0].value})
    await chat.wait_for("s10", begun[0].value)


async def test_languages_are_found_under_both_names_the_community_s_first(suggest):
    (french,) = [option for option in await suggest("languages", "fran", "n01", locale="es") if option.value == "fr"]
    assert french.label == "francés – français"
    assert (await suggest("languages", "portug", "n01", locale="en"))[0].value == "pt"
    assert [option.value for option in await suggest("languages", "")][:3] == list(LANGUAGES)


@pytest.mark.parametrize("source", ["zones", "meetings", "resources", "languages"])
async def test_nothing_that_is_typed_breaks_it(suggest, source):
    with capture_logs() as logs:
        for typed in ("%", "'; DROP", '"', "*", "😀", "\x00", "ﬁ", "İ", " ", "-" * 300):
            assert len(await suggest(source, typed)) <= MOST
    assert [entry for entry in logs if entry["log_level"] == "error"] == []

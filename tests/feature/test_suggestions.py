"""What is offered while somebody types, in their own language."""

from __future__ import annotations

import pytest

from bot.platforms import Typed
from bot.suggestions import MOST, Suggestions
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

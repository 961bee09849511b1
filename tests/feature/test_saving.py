"""A find goes into the library: at once from an organizer, after an organizer's word from a member."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.features.resources.model import ProposalState
from tests.sample import sample_chat

MEMBER, FRENCH, SPANISH, GENEVA, LIMA = "s10", "s04", "s01", "s08", "s02"
LANGUAGES = {MEMBER: "en", FRENCH: "fr", SPANISH: "es", GENEVA: "en", LIMA: "es"}
ADDRESS = "https://library.example/welding"
LINK = "https://chat.example/message/1"
MESSAGE = {
    MEMBER: f"Have a look at this handbook on zyxwelding for beginners: {ADDRESS}.",
    FRENCH: f"Regardez ce manuel de zyxwelding pour les personnes qui débutent dans le métier : {ADDRESS}",
    SPANISH: f"Miren este manual de zyxwelding para las personas que empiezan en el oficio: {ADDRESS}",
}


@pytest.fixture
async def on_both(database_url):
    """The same assistant, once on each kind of database."""
    async with sample_chat(database_url) as opened:
        yield opened


def said(chat, who, msgid, **values):
    return chat.say_in(LANGUAGES[who], msgid).format(**values)


async def choose(chat, who, text, **more):
    """Choose “Save to the library” in the menu of a message."""
    await chat.run(who, "save", args={"text": text, "link": LINK, "author": "Somebody", **more})


def fields(chat):
    return {field.name: field for field in chat.gateway.forms[-1].form.fields}


async def fill(chat, who, **changes):
    labels = {field.name: field.label for field in chat.gateway.forms[-1].form.fields}
    answers = {labels[name]: value for name, value in ({"title": "Zyxwelding handbook"} | changes).items()}
    await chat.fill(who, answers, said(chat, who, "Save"))


async def propose(chat, who=MEMBER, **changes):
    await choose(chat, who, MESSAGE[who])
    await fill(chat, who, **changes)


async def in_library(chat):
    async with chat.uow_factory() as uow:
        return sum(each.url == ADDRESS for each in await uow.resources.all())


@pytest.mark.parametrize("who", [MEMBER, FRENCH, SPANISH])
async def test_the_form_is_filled_in_from_the_message(chat, who):
    await choose(chat, who, MESSAGE[who])
    shown = fields(chat)
    assert shown["address"].value == ADDRESS
    assert shown["language"].value == LANGUAGES[who]
    assert "zyxwelding" in shown["description"].value
    assert ADDRESS not in shown["description"].value
    assert len(shown) <= 5


async def test_a_message_without_an_address_is_saved_by_its_own_link(chat):
    await choose(chat, MEMBER, "Weld only what is clean, and let it cool slowly.")
    assert fields(chat)["address"].value == LINK


@pytest.mark.parametrize(
    "typed",
    [
        f"save {ADDRESS}",
        f"Save {ADDRESS} to the library",
        f"add {ADDRESS} to the library.",
        "save to the library",
    ],
)
async def test_it_can_be_typed_too(chat, typed):
    await chat.say(MEMBER, typed)
    assert fields(chat)["address"].value == (ADDRESS if ADDRESS in typed else "")


@pytest.mark.parametrize("who", [MEMBER, FRENCH, SPANISH])
async def test_what_a_member_proposes_is_in_the_library_once_an_organizer_agrees(on_both, who):
    chat = on_both
    await propose(chat, who, tags="Welding, #Green skills")
    assert not await in_library(chat)
    shown = await chat.wait_for(GENEVA, "A resource for the library?")
    assert "Zyxwelding handbook" in shown
    assert "welding, green-skills" in shown
    await chat.press(GENEVA, "Add to the library")
    await chat.wait_for(GENEVA, "In the library now, for everybody to find: Zyxwelding handbook")
    await chat.wait_for(who, said(chat, who, "Your resource is in the library"))
    await chat.say(SPANISH, "zyxwelding")
    assert "Zyxwelding handbook" in await chat.wait_for(SPANISH, "library.example")


async def test_the_second_organizer_is_told_that_it_is_settled(on_both):
    chat = on_both
    await propose(chat)
    await chat.press(GENEVA, "Decline")
    await chat.wait_for(GENEVA, "Declined: Zyxwelding handbook")
    await chat.press(LIMA, said(chat, LIMA, "Add to the library"))
    await chat.wait_for(
        LIMA,
        said(chat, LIMA, "Somebody has decided on this already: it was declined. Thank you all the same!"),
    )
    await chat.wait_for(MEMBER, "The organizers did not add it to the library: Zyxwelding handbook")
    assert not await in_library(chat)


async def test_who_comes_second_with_the_same_decision_learns_that_too(chat):
    await propose(chat)
    await chat.press(GENEVA, "Add to the library")
    await chat.press(LIMA, said(chat, LIMA, "Add to the library"))
    await chat.wait_for(
        LIMA, said(chat, LIMA, "Somebody has decided on this already: it is in the library. Thank you all the same!")
    )


@pytest.mark.parametrize("organizer", [GENEVA, LIMA])
async def test_an_organizers_own_find_is_in_the_library_at_once(on_both, organizer):
    chat = on_both
    await choose(chat, organizer, MESSAGE[MEMBER])
    await fill(chat, organizer)
    await chat.wait_for(
        organizer, said(chat, organizer, "In the library now, for everybody to find: {title}", title="")
    )
    await chat.say(MEMBER, "zyxwelding")
    await chat.wait_for(MEMBER, "Zyxwelding handbook")


@pytest.mark.parametrize(
    "same",
    [
        ADDRESS,
        "HTTPS://Library.Example:443/welding",
        "https://library.example/w%65lding",
        "library.example/welding",
    ],
)
async def test_an_address_that_is_there_is_recognised_however_it_is_written(on_both, same):
    chat = on_both
    await choose(chat, GENEVA, ADDRESS)
    await fill(chat, GENEVA)
    await choose(chat, MEMBER, "")
    await fill(chat, MEMBER, address=same, title="Another title")
    await chat.wait_for(MEMBER, "This is in the library already: Zyxwelding handbook")
    assert "A resource for the library?" not in await chat.shown(GENEVA)


async def test_another_page_of_the_same_site_is_another_resource(chat):
    await choose(chat, GENEVA, ADDRESS)
    await fill(chat, GENEVA)
    await choose(chat, GENEVA, f"{ADDRESS}/advanced")
    await fill(chat, GENEVA, title="Advanced zyxwelding")
    await chat.wait_for(GENEVA, "for everybody to find: Advanced zyxwelding")


async def test_what_waits_already_is_not_proposed_again(chat):
    await propose(chat)
    await propose(chat, FRENCH)
    await chat.wait_for(FRENCH, said(chat, FRENCH, "This was proposed already, and waits for the organizers."))
    assert (await chat.shown(GENEVA)).count("A resource for the library?") == 1


async def test_what_came_into_the_library_meanwhile_is_not_there_twice(chat):
    await propose(chat)
    await choose(chat, LIMA, ADDRESS)
    await fill(chat, LIMA)
    await chat.press(GENEVA, "Add to the library")
    await chat.wait_for(GENEVA, "This is in the library already: Zyxwelding handbook")
    assert await in_library(chat) == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("nonsense", "“nonsense” is not a web address."),
        ("", "“–” is not a web address."),
        ("javascript:alert(1)", "is not a web address."),
        ("https://[half", "is not a web address."),
        ("https://library.example:99999/", "is not a web address."),
        ("https://ama:secret@library.example/", "This address holds a name or password before the “@”."),
        ("https://library.example/" + "x" * 2000, "at most 2000"),
    ],
)
async def test_an_address_that_is_none_is_said_so_at_its_field_and_the_rest_is_kept(chat, wrong, sentence):
    await propose(chat, address=wrong, tags="welding")
    shown = fields(chat)
    assert sentence in shown["address"].error
    assert (shown["title"].value, shown["tags"].value) == ("Zyxwelding handbook", "welding")
    assert not any(shown[name].error for name in ("title", "language", "tags", "description"))
    await fill(chat, MEMBER, address=ADDRESS)
    await chat.wait_for(MEMBER, "Thank you. I passed Zyxwelding handbook to")


@pytest.mark.parametrize("who", [MEMBER, FRENCH, SPANISH])
async def test_every_other_field_has_its_own_sentence(chat, who):
    await propose(
        chat, who, title=" \x00 ", language="zz-nowhere", tags=",".join(map(str, range(11))), description="x" * 1501
    )
    shown = fields(chat)
    assert shown["title"].error == said(chat, who, "Please write a title, as it should stand in the library.")
    text = "I do not know the language “{text}”. Please write its name or its code, such as fr."
    assert shown["language"].error == said(chat, who, text, text="zz-nowhere")
    text = "Please write at most {count} tags of at most {length} characters, with commas between them."
    assert shown["tags"].error == said(chat, who, text, count=10, length=40)
    text = "That text is too long ({length} characters; at most {limit}). Please shorten it."
    assert shown["description"].error == said(chat, who, text, length=1501, limit=1500)


async def test_signs_that_are_no_text_do_no_harm(on_both):
    await propose(on_both, title="Zyxwelding\x00 handbook\ud800", description="\x01\x02")
    await on_both.wait_for(MEMBER, "Thank you. I passed Zyxwelding handbook to")


async def test_a_form_is_its_owners_alone(chat):
    await choose(chat, MEMBER, MESSAGE[MEMBER])
    opened = chat.gateway.forms[-1].form
    answers = {field.name: field.value or "Title" for field in opened.fields}
    await chat.submit_id(FRENCH, opened.action_id, answers)
    await chat.wait_for(FRENCH, said(chat, FRENCH, "This button belongs to somebody else. Please ask for your own."))


async def test_whatever_fits_the_form_reaches_the_organizers(chat):
    url = "https://library.example/" + "x" * 1970
    tags = ",".join(f"{number}" * 40 for number in range(10))
    for number in range(5):
        await choose(chat, MEMBER, "")
        longest = {"title": f"{number}" * 200, "description": "y" * 1500, "tags": tags}
        await fill(chat, MEMBER, address=f"{url}{number}", **longest)
    assert "y" * 1500 in await chat.wait_for(GENEVA, "4" * 200)
    await chat.say(GENEVA, "proposed resources")
    assert "2" * 200 in await chat.wait_for(GENEVA, "5 proposed resources are waiting")


async def test_members_do_not_decide(chat):
    await propose(chat)
    await chat.press_id(FRENCH, chat.action_id(GENEVA, "Add to the library"))
    text = "Only organizers can do this. If you should be one, please ask an organizer."
    await chat.wait_for(FRENCH, said(chat, FRENCH, text))
    async with chat.uow_factory() as uow:
        assert [each.state for each in await uow.proposals.open()] == [ProposalState.OPEN]


async def test_organizers_see_what_waits_also_when_none_could_be_reached(chat):
    await chat.say(GENEVA, "proposed resources")
    await chat.wait_for(GENEVA, "No proposed resource is waiting.")
    async with chat.uow_factory() as uow:
        for member in await uow.members.all():
            await uow.members.save(replace(member, organizer=False))
        await uow.commit()
    await propose(chat)
    await chat.wait_for(MEMBER, "No organizer can be reached at the moment; it waits for them.")
    await chat.say(GENEVA, "proposed resources")
    assert "Zyxwelding handbook" in await chat.wait_for(GENEVA, "1 proposed resource is waiting")
    await chat.press(GENEVA, "Add to the library")
    await chat.wait_for(MEMBER, "Your resource is in the library")


async def test_proposals_are_exported_and_erased_with_their_member(on_both):
    chat = on_both
    await propose(chat)
    await chat.say(MEMBER, "export my data")
    assert "Resources you proposed for the library: 1 record" in await chat.wait_for(MEMBER, "Everything I keep about")
    await chat.say(MEMBER, "forget me")
    await chat.press(MEMBER, "Forget me")
    await chat.press(GENEVA, "Add to the library")
    await chat.wait_for(GENEVA, "That proposal is no longer there")
    async with chat.uow_factory() as uow:
        assert await uow.proposals.open() == ()


async def test_an_accepted_resource_stays_when_its_member_is_forgotten(chat):
    await propose(chat)
    await chat.press(GENEVA, "Add to the library")
    await chat.say(MEMBER, "forget me")
    await chat.press(MEMBER, "Forget me")
    await chat.say(FRENCH, "zyxwelding")
    await chat.wait_for(FRENCH, "Zyxwelding handbook")

"""Organizers name others, and take it back; nobody else can."""

from __future__ import annotations

import pytest

from adapters.tryit import community

ORGANIZER = next(p.user for p in community.people() if p.role == "organizer" and p.data["languages"][0] == "en")
MEMBER = next(p for p in community.people() if p.role == "member" and p.data["languages"][0] == "en")
OTHER = next(p.user for p in community.people() if p.role == "organizer" and p.user != ORGANIZER)


async def appoint(chat):
    await chat.say(ORGANIZER, f"appoint {MEMBER.name}")
    await chat.press(ORGANIZER, MEMBER.name)


async def is_organizer(chat) -> bool:
    await chat.say(MEMBER.user, "open questions")
    return "Only organizers can do this" not in (await chat.shown(MEMBER.user)).splitlines()[-1]


async def test_an_organizer_names_another_who_stays_one(chat):
    assert not await is_organizer(chat)
    await appoint(chat)
    await chat.wait_for(ORGANIZER, "is an organizer now")
    assert await is_organizer(chat)
    assert await is_organizer(chat), "the next message must not undo it"


async def test_what_an_organizer_gave_can_be_taken_back(chat):
    await appoint(chat)
    await chat.say(ORGANIZER, "organizers")
    await chat.press(ORGANIZER, "No longer an organizer")
    await chat.wait_for(ORGANIZER, "is no longer an organizer")
    assert not await is_organizer(chat)


async def test_nobody_takes_themselves_off_the_list(chat):
    await appoint(chat)
    await chat.say(MEMBER.user, "organizers")
    await chat.press(MEMBER.user, "No longer an organizer")
    await chat.wait_for(MEMBER.user, "ask another organizer")


async def test_whom_the_settings_name_stays_an_organizer(chat):
    await chat.run(ORGANIZER, "organizers")
    async with chat.uow_factory() as uow:
        other = await uow.members.by_user(chat.user(OTHER))
    await chat.know("members.dismiss", {"member": other.id})
    await chat.press_id(ORGANIZER, chat.call_id("members.dismiss", {"member": other.id}))
    await chat.wait_for(ORGANIZER, "is still an organizer")


@pytest.mark.parametrize("text", ["appoint Nobody Of That Name", "appoint @", "make  an organizer"])
async def test_a_name_that_nobody_has_is_a_clear_sentence(chat, text):
    await chat.say(ORGANIZER, text)
    assert "went wrong" not in await chat.shown(ORGANIZER)


async def test_members_cannot(chat):
    await chat.say(MEMBER.user, f"appoint {MEMBER.name}")
    await chat.wait_for(MEMBER.user, "Only organizers can do this")
    call = {"member": "x"}
    await chat.know("members.confirm_organizer", call)
    await chat.press_id(MEMBER.user, chat.call_id("members.confirm_organizer", call))
    assert not await is_organizer(chat)

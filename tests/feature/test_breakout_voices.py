"""A voice room for a group: opened when somebody asks, who alone is moved there, and gone when it is over and empty."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.fake.gateway import CAPABILITIES
from tests.sample import sample_chat

MEMBER = "s10"
BUTTON = "Take me to the voice room"


@pytest.fixture
async def grouped(chat):
    await going_to_a_group(chat)
    return chat


async def going_to_a_group(chat):
    await chat.say(MEMBER, "next meeting")
    await chat.press(MEMBER, "I am going")
    await chat.to_meeting()
    await chat.skip(minutes=30)
    await chat.wait_for(MEMBER, "Your breakout group")


async def test_who_asks_is_moved_and_nobody_else(grouped):
    everybody = {grouped.user(f"s{number:02}") for number in range(1, 15)}
    grouped.gateway.talking |= everybody
    await grouped.press(MEMBER, BUTTON)
    await grouped.wait_for(MEMBER, "is being opened for your group")
    assert list(grouped.gateway.voices.values()) == [{grouped.user(MEMBER)}]


async def test_who_is_in_no_voice_channel_finds_it_open(grouped):
    await grouped.press(MEMBER, BUTTON)
    assert list(grouped.gateway.voices.values()) == [set()]


async def test_it_is_gone_when_it_is_over_and_nobody_is_in_it(grouped):
    grouped.gateway.talking.add(grouped.user(MEMBER))
    await grouped.press(MEMBER, BUTTON)
    for people in grouped.gateway.voices.values():
        people.clear()
    await grouped.forward(3)
    assert grouped.gateway.voices == {}


async def test_it_stays_as_long_as_somebody_is_in_it(grouped):
    grouped.gateway.talking.add(grouped.user(MEMBER))
    await grouped.press(MEMBER, BUTTON)
    await grouped.forward(3)
    assert list(grouped.gateway.voices.values()) == [{grouped.user(MEMBER)}]


async def test_without_a_group_there_is_no_voice_room(chat):
    async with chat.uow_factory() as uow:
        (first,) = await uow.meetings.occurrences(ends_after=chat.services.clock.now(), limit=1)
        member = await uow.members.by_user(chat.user(MEMBER))
    call = {"occurrence": first.id, "for": member.id}
    await chat.know("breakouts.speak", call)
    await chat.press_id(MEMBER, chat.call_id("breakouts.speak", call))
    await chat.wait_for(MEMBER, "You have no breakout group there.")
    assert chat.gateway.voices == {}


async def test_a_platform_without_voice_offers_none(sqlite_url):
    async with sample_chat(sqlite_url, replace(CAPABILITIES, voices=False)) as chat:
        await going_to_a_group(chat)
        assert BUTTON not in await chat.shown(MEMBER)

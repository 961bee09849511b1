"""A group whose room has no channel where a member is meets in a thread there, and everybody in it is told where."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from adapters.fake.gateway import CAPABILITIES
from bot.errors import PermanentError, RetryableError
from bot.features.breakouts.model import THREAD
from bot.features.meetings.model import Answer, Rsvp
from bot.messages import ChannelLink, ChannelRef, Paragraph
from tests.feature.two_platforms import DISCORD, SLACK, on_discord, two_platforms

NAMES = ("ama", "ben", "cy")
ABOVE = ChannelRef(DISCORD, "G", "english-1")


@asynccontextmanager
async def community(database_url, capabilities=CAPABILITIES):
    """Three who speak English on the second platform, where the second English room has no channel; they are coming."""
    async with two_platforms(database_url, capabilities) as opened:
        for name in NAMES:
            await opened.say(on_discord(name), "help")
        async with opened.uow_factory() as uow:
            room = await uow.rooms.get("english-2")
            await uow.rooms.save(replace(room, channels=tuple(c for c in room.channels if c.platform != DISCORD)))
            first = (await uow.meetings.occurrences(ends_after=opened.services.clock.now(), limit=1))[0]
            for name in NAMES:
                member = await uow.members.by_user(on_discord(name))
                await uow.members.save(replace(member, languages=("en",), zone="Africa/Accra"))
                await uow.meetings.save_rsvp(Rsvp(first.id, member.id, Answer.GOING, opened.services.clock.now()))
            await uow.commit()
        opened.first = first
        yield opened


@pytest.fixture
async def platforms(sqlite_url):
    async with community(sqlite_url) as opened:
        yield opened


async def seats(platforms):
    """Return who of the three sits in the room without a channel there."""
    async with platforms.uow_factory() as uow:
        groups = {group.id: group.room_id for group in await uow.breakouts.groups(platforms.first.id)}
        placed = {p.member_id: groups[p.breakout_id] for p in await uow.breakouts.placements(platforms.first.id)}
        members = {name: await uow.members.by_user(on_discord(name)) for name in NAMES}
    return {name for name, member in members.items() if placed.get(member.id) == "english-2"}


async def form_groups(platforms):
    await platforms.time.to_meeting()
    await platforms.pass_time(minutes=20)
    threaded = await seats(platforms)
    assert threaded
    return threaded


def thread(platforms):
    found = {ref for user in NAMES for ref in _links(platforms, user) if "/" in ref.channel}
    (only,) = found
    return only


def _links(platforms, name):
    for sent in platforms.messages(on_discord(name)):
        for block in sent.message.blocks:
            if isinstance(block, Paragraph):
                yield from (ref for span in block.text if isinstance(span, ChannelLink) for ref in span.channels)


async def test_they_meet_in_a_thread_of_the_languages_room_and_are_told_where(platforms):
    threaded = await form_groups(platforms)
    place = thread(platforms)
    assert place.channel == "english-1/English 2 – Thursday, November 19, 2020"
    gateway = platforms.gateways[DISCORD]
    assert gateway.members(place) == {on_discord(name) for name in threaded}
    for name in NAMES:
        told = [text for text in platforms.shown(on_discord(name)) if "Your breakout group" in text]
        assert len(told) == 1
        assert (place in _links(platforms, name)) == (name in threaded)
        assert on_discord(name) in gateway.members(ABOVE)
    await platforms.say(on_discord(min(threaded)), "my group")
    assert list(_links(platforms, min(threaded))).count(place) == 2


async def test_nobody_on_the_platform_where_the_room_is_gets_a_thread(platforms):
    await form_groups(platforms)
    async with platforms.uow_factory() as uow:
        rows = await uow.work.about(f"occurrence:{platforms.first.id}", (THREAD,))
    assert {row.payload["platform"] for row in rows} == {DISCORD}
    assert not any("/" in sent.ref.channel for sent in platforms.gateways[SLACK].messages())


async def test_who_decides_late_is_let_into_the_same_thread(platforms):
    late = on_discord("ama")
    member = await platforms.member(late)
    async with platforms.uow_factory() as uow:
        await uow.meetings.save_rsvp(Rsvp(platforms.first.id, member.id, Answer.NO, platforms.services.clock.now()))
        await uow.commit()
    await form_groups(platforms)
    before = thread(platforms)
    await platforms.say(late, "next meeting")
    await platforms.press(late, "I am going")
    await platforms.pass_time(minutes=2)
    told = [text for text in platforms.shown(late) if "Your breakout group" in text]
    assert len(told) == 1
    seated = "ama" in await seats(platforms)
    assert (late in platforms.gateways[DISCORD].members(before)) == seated
    assert (before in _links(platforms, "ama")) == seated


async def test_where_a_thread_is_refused_they_are_told_their_room_all_the_same(platforms):
    gateway = platforms.gateways[DISCORD]
    gateway.faults.fail_next(PermanentError("no threads here"), times=20, on="arrange")
    threaded = await form_groups(platforms)
    for name in threaded:
        assert any("Your room is English 2." in text for text in platforms.shown(on_discord(name)))
        assert all("/" not in ref.channel for ref in _links(platforms, name))


async def test_while_a_thread_is_late_nobody_is_told_of_a_place_that_is_not_there(platforms):
    platforms.gateways[DISCORD].faults.fail_next(RetryableError("busy"), on="arrange")
    threaded = await form_groups(platforms)
    first = min(threaded)
    assert not any("Your breakout group" in text for text in platforms.shown(on_discord(first)))
    async with asyncio.timeout(30):
        while not any("Your breakout group" in text for text in platforms.shown(on_discord(first))):
            await platforms.runner.run_until_idle()
            await asyncio.sleep(0.05)
    assert thread(platforms) in _links(platforms, first)


async def test_a_platform_without_threads_is_asked_for_none(sqlite_url):
    async with community(sqlite_url, replace(CAPABILITIES, threads=False)) as platforms:
        threaded = await form_groups(platforms)
        async with platforms.uow_factory() as uow:
            assert await uow.work.about(f"occurrence:{platforms.first.id}", (THREAD,)) == ()
        for name in threaded:
            assert any("Your room is English 2." in text for text in platforms.shown(on_discord(name)))
            assert on_discord(name) not in platforms.gateways[DISCORD].members(ABOVE)

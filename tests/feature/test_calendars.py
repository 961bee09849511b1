"""What organizers do to a meeting shows in the platform's own calendar, and its place only to those who may know it."""

from __future__ import annotations

from dataclasses import replace

from adapters.fake.gateway import CAPABILITIES
from adapters.tryit import community
from bot.errors import PermanentError
from bot.features.meetings.model import PlaceAudience
from tests.sample import sample_chat

GENEVA = "s08"
PLACE = "https://meet.example/skills-core-group"


async def only(chat):
    await chat.settle()
    (event,) = chat.gateway.events.values()
    return event


async def test_a_meeting_that_is_planned_moved_and_cancelled_shows_so(chat):
    event = await only(chat)
    assert event.name.startswith("1st Meeting")
    assert "Closing remarks" in event.description
    assert event.description.endswith("Write “next meeting” to me to say whether you come.")
    await chat.say(GENEVA, "next meeting")
    await chat.press(GENEVA, "Move")
    await chat.fill(GENEVA, {"New date and time": "27 November 2020 at 15:00"}, "Send")
    await chat.press(GENEVA, "Move to ")
    moved = await only(chat)
    assert f"{moved.starts:%Y-%m-%d %H:%M}" == "2020-11-27 14:00"
    assert moved.ends - moved.starts == event.ends - event.starts
    assert moved.known == event.key
    await chat.say(GENEVA, "next meeting")
    await chat.press(GENEVA, "Cancel the meeting")
    await chat.press(GENEVA, "Cancel the meeting")
    assert chat.gateway.events == {}


async def test_a_confirmed_series_shows_each_of_its_dates(chat):
    await chat.say(GENEVA, community.next_agenda_text())
    await chat.press(GENEVA, "Change date, place or repetition")
    await chat.fill(GENEVA, {"Repeats": "every week"}, "Save")
    await chat.press(GENEVA, "Always UTC+01:00")
    before = len(chat.gateway.events)
    await chat.press(GENEVA, "Confirm")
    assert len(chat.gateway.events) == before + 7
    await chat.forward(24 * 15)
    async with chat.uow_factory() as uow:
        coming = await uow.meetings.occurrences(ends_after=chat.services.clock.now(), limit=100)
    assert {occurrence.id for occurrence in coming} <= set(chat.gateway.events)


async def test_the_place_is_shown_only_where_every_member_may_know_it(chat):
    event = await only(chat)
    assert event.place == "shown to those who are going"
    assert PLACE not in event.description
    async with chat.uow_factory() as uow:
        (meeting,) = await uow.meetings.all()
        await uow.meetings.save(replace(meeting, place_audience=PlaceAudience.MEMBERS))
        await uow.commit()
    await chat.say(GENEVA, "next meeting")
    await chat.press(GENEVA, "Move")
    await chat.fill(GENEVA, {"New date and time": "27 November 2020 at 15:00"}, "Send")
    await chat.press(GENEVA, "Move to ")
    assert (await only(chat)).place == PLACE


async def test_a_platform_without_a_calendar_is_left_alone(sqlite_url):
    async with sample_chat(sqlite_url, replace(CAPABILITIES, events=False)) as chat:
        await chat.settle()
        assert chat.gateway.events == {}
        async with chat.uow_factory() as uow:
            count, _latest = await uow.work.failed_since(community.first_moment(), 5)
        assert count == 0


async def test_a_platform_that_refuses_every_date_of_a_series_is_told_of_once(chat):
    await chat.settle()
    chat.gateway.faults.fail_next(PermanentError("the app lacks a permission: Manage Events"), times=7, on="arrange")
    await chat.say(GENEVA, community.next_agenda_text())
    await chat.press(GENEVA, "Change date, place or repetition")
    await chat.fill(GENEVA, {"Repeats": "every week"}, "Save")
    await chat.press(GENEVA, "Always UTC+01:00")
    await chat.press(GENEVA, "Confirm")
    told = await chat.wait_for(GENEVA, "Something could not be made")
    assert "What: an entry of the platform’s calendar." in told
    assert "The platform says: the app lacks a permission: Manage Events" in told
    assert (await chat.shown(GENEVA)).count("Something could not be made") == 1

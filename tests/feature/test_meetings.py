"""Meetings from the pasted agenda to the cancelled evening: who is told what, when, and who sees where."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from adapters.tryit import community
from bot.duework import Reason, State
from bot.features.deliveries.model import EDITED, REMINDER
from bot.i18n import _

GENEVA, NAIROBI, DAKAR_ORGANIZER, MANILA = "s08", "s10", "s06", "s13"
FIRST = "1st Meeting"
PLACE = "https://meet.example/skills-core-group"


async def occurrence(chat):
    async with chat.uow_factory() as uow:
        return (await uow.meetings.occurrences(ends_after=chat.services.clock.now(), limit=1))[0]


async def work(chat, *kinds):
    about = f"occurrence:{(await occurrence(chat)).id}"
    async with chat.uow_factory() as uow:
        return await uow.work.about(about, kinds)


async def test_the_preview_says_what_gmt_plus_one_is_and_shows_three_zones(chat):
    await chat.say(GENEVA, community.next_agenda_text())
    preview = await chat.wait_for(GENEVA, "Draft: 2nd Meeting")
    assert "“GMT+1” is" in preview
    assert "on that date, so I use it." in preview
    header = next(line for line in preview.splitlines() if line.endswith("| Agenda item"))
    assert header.count("|") == 3
    assert "Who will be told, when, in which language:" in preview
    assert "14 members (English 6, French 4, and Spanish 4) directly" in preview
    assert "only those who are going" in preview


async def test_nothing_is_asked_when_nothing_is_doubtful(chat):
    await chat.say(GENEVA, community.next_agenda_text())
    preview = await chat.wait_for(GENEVA, "Draft: 2nd Meeting")
    assert "?" not in preview
    assert "[Confirm]" in preview


async def test_a_series_across_a_clock_change_asks_which_zone_is_meant(chat):
    await chat.say(GENEVA, community.next_agenda_text())
    await chat.press(GENEVA, "Change date, place or repetition")
    await chat.fill(GENEVA, {"Repeats": "every week"}, "Save")
    asked = await chat.wait_for(GENEVA, "The meeting repeats across a clock change.")
    assert "[Confirm]" not in asked
    await chat.press(GENEVA, "Always UTC+01:00")
    confirmed = await chat.wait_for(GENEVA, "[Confirm]")
    assert "every week" in confirmed
    await chat.press(GENEVA, "Confirm")
    async with chat.uow_factory() as uow:
        meeting = next(m for m in await uow.meetings.all() if m.rrule)
        dates = await uow.meetings.occurrences_of(meeting.id)
    assert meeting.zone == "UTC+01:00"
    assert len(dates) == 7


async def test_a_series_goes_on_by_itself(chat):
    await chat.say(GENEVA, community.next_agenda_text())
    await chat.press(GENEVA, "Change date, place or repetition")
    await chat.fill(GENEVA, {"Repeats": "every week"}, "Save")
    await chat.press(GENEVA, "Always UTC+01:00")
    await chat.press(GENEVA, "Confirm")
    await chat.forward(24 * 15)
    async with chat.uow_factory() as uow:
        meeting = next(m for m in await uow.meetings.all() if m.rrule)
        dates = await uow.meetings.occurrences_of(meeting.id)
    assert len(dates) == 8
    assert {date.nominal_local.strftime("%A %H:%M") for date in dates} == {"Thursday 14:00"}


async def test_a_date_in_the_past_is_asked_about(chat):
    await chat.say(GENEVA, community.agenda_text().replace("2020", "2019"))
    asked = await chat.wait_for(GENEVA, "This date is in the past. Which date shall it be?")
    assert "[Confirm]" not in asked
    await chat.press(GENEVA, "Set date, zone and place")
    await chat.fill(GENEVA, {"Date": "10 December 2020"}, "Save")
    assert "[Confirm]" in await chat.wait_for(GENEVA, "December 10, 2020")


async def test_a_zone_nobody_knows_is_asked_about(chat):
    await chat.say(GENEVA, community.next_agenda_text().replace("GMT+1", "Atlantis time"))
    await chat.wait_for(GENEVA, "In which time zone are these hours?")
    await chat.press(GENEVA, "Set date, zone and place")
    await chat.fill(GENEVA, {"City or time zone of these hours": "Kathmandu"}, "Save")
    assert "[Confirm]" in await chat.wait_for(GENEVA, "Draft: 2nd Meeting")


async def test_a_draft_is_confirmed_once_and_a_discarded_one_never(chat):
    await chat.say(GENEVA, community.next_agenda_text())
    await chat.press(GENEVA, "Confirm")
    await chat.press(GENEVA, "Confirm")
    await chat.wait_for(GENEVA, "This draft is closed")
    async with chat.uow_factory() as uow:
        assert len(await uow.meetings.all()) == 2
    await chat.say(GENEVA, community.next_agenda_text())
    await chat.wait_for(GENEVA, "At that hour there is already: 2nd Meeting")
    await chat.press(GENEVA, "Discard")
    async with chat.uow_factory() as uow:
        assert len(await uow.meetings.all()) == 2


async def test_the_place_is_seen_by_those_who_are_going(chat):
    for who, answer, seen in ((NAIROBI, "I cannot come", False), (NAIROBI, "I am going", True)):
        await chat.say(who, "next meeting")
        await chat.press(who, answer)
        newest = (await chat.shown(who)).rpartition("Where: ")[2]
        assert newest.startswith(PLACE) is seen


async def test_reminders_come_in_each_readers_own_hour_and_language(chat):
    await chat.to_next_reminder()
    expected = {GENEVA: "2:00", "s12": "6:45", "s14": "3:00", "s02": "8:00", "s07": "13:00"}
    for who, hour in expected.items():
        assert hour in await chat.wait_for(who, "1st Meeting"), who
    for room in ("announcements", "francais", "espanol"):
        await chat.wait_for(GENEVA, "1st Meeting", room)
    assert await chat.shown(GENEVA, "english-1") == ""


async def test_a_reminder_says_how_long_it_is_now_and_only_the_nearest_comes_late(chat):
    start = (await occurrence(chat)).starts_utc
    await chat.services.clock.move_to(start - timedelta(minutes=40))
    await chat.settle()
    assert (await chat.shown(NAIROBI)).count("Reminder:") == 1
    await chat.wait_for(NAIROBI, "The meeting starts in 40 minutes.")
    ended = {row.reason for row in await work(chat, REMINDER) if row.state is State.SKIPPED}
    assert ended <= {Reason.SUPERSEDED, Reason.TOO_LATE, Reason.OPTED_OUT}


async def test_who_declined_or_wants_no_reminders_gets_none(chat):
    await chat.say(NAIROBI, "next meeting")
    await chat.press(NAIROBI, "I cannot come")
    await chat.say(MANILA, "stop reminders")
    await chat.to_meeting()
    for who in (NAIROBI, MANILA):
        assert "Reminder:" not in await chat.shown(who)


async def test_quiet_hours_hold_a_reminder_until_waking(chat):
    await chat.say("s14", "my profile")
    await chat.fill("s14", {"Hours in which I should not write to you": "22:00-07:00"}, "Save")
    mine = [row for row in await work(chat, REMINDER) if row.member_id == "s14"]
    start = (await occurrence(chat)).starts_utc
    assert start == datetime(2020, 11, 19, 13, tzinfo=UTC)
    # 03:00 in Apia (UTC+14 in November 2020) is quiet: the day-before reminder waits until 07:00, four hours later;
    # the hour-before one would come too late then, so it comes at its own time.
    assert sorted(row.due for row in mine) == [start - timedelta(hours=20), start - timedelta(hours=1)]


async def move(chat, to="27 November 2020 at 15:00"):
    await chat.say(GENEVA, "next meeting")
    await chat.press(GENEVA, "Move")
    await chat.fill(GENEVA, {"New date and time": to}, "Send")
    await chat.press(GENEVA, "Move to ")


async def test_moving_tells_those_who_were_told_and_corrects_what_they_read(chat):
    await chat.to_next_reminder()
    await move(chat)
    await chat.wait_for(NAIROBI, "New time: 1st Meeting")
    await chat.wait_for(NAIROBI, "New time: 1st Meeting", "announcements")
    assert "Reminder:" not in await chat.shown(NAIROBI)
    assert "this meeting was moved" in await chat.shown(NAIROBI)
    rows = await work(chat, REMINDER)
    pending = {row.version for row in rows if row.state is State.PENDING}
    assert pending == {2}
    assert all(row.state is State.DONE for row in await work(chat, EDITED))


async def test_moving_before_anybody_was_told_bothers_nobody(chat):
    await move(chat)
    await chat.wait_for(GENEVA, "Nobody had been told yet")
    assert "New time" not in await chat.shown(NAIROBI)


async def test_a_moved_meeting_is_reminded_of_at_its_new_hour(chat):
    await move(chat)
    await chat.to_meeting()
    await chat.wait_for(NAIROBI, "November 27, 2020, 5:00")
    assert chat.services.clock.now().date().isoformat() == "2020-11-27"


async def test_a_time_in_the_past_or_in_doubt_is_never_taken(chat):
    await chat.say(GENEVA, "next meeting")
    await chat.press(GENEVA, "Move")
    await chat.fill(GENEVA, {"New date and time": "1 March 2019 at 10:00"}, "Send")
    assert "[Move to" not in await chat.shown(GENEVA)
    await chat.say(GENEVA, "next meeting")
    await chat.press(GENEVA, "Move")
    await chat.fill(GENEVA, {"New date and time": "next Friday at 3"}, "Send")
    asked = await chat.wait_for(GENEVA, "Which of these do you mean?")
    assert asked.count("[Move to") >= 2


async def test_an_old_button_cannot_undo_somebody_elses_change(chat):
    await chat.say(DAKAR_ORGANIZER, "prochaine réunion")
    old = chat.action_id(DAKAR_ORGANIZER, chat.say_in("fr", "Cancel the meeting"))
    await move(chat)
    await chat.press_id(DAKAR_ORGANIZER, old)
    yes = chat.action_id(DAKAR_ORGANIZER, chat.say_in("fr", "Cancel the meeting"))
    await chat.press_id(DAKAR_ORGANIZER, yes)
    text = chat.say_in("fr", "Somebody changed this meeting meanwhile, so nothing was done.")
    shown = await chat.wait_for(DAKAR_ORGANIZER, text)
    assert "27 novembre 2020" in shown


async def test_two_organizers_move_at_once_and_the_second_sees_both_times(chat):
    await chat.say(DAKAR_ORGANIZER, "prochaine réunion")
    await chat.press(DAKAR_ORGANIZER, chat.say_in("fr", "Move"))
    label = chat.say_in("fr", "New date and time")
    await chat.fill(DAKAR_ORGANIZER, {label: "30 novembre 2020 à 15h"}, chat.say_in("fr", "Send"))
    await move(chat)
    await chat.press(DAKAR_ORGANIZER, chat.say_in("fr", "Move to {when}").partition("{")[0])
    both = await chat.wait_for(DAKAR_ORGANIZER, chat.say_in("fr", "What you wanted"))
    assert "27 novembre 2020, 14:00" in both
    assert "30 novembre 2020, 15:00" in both
    await chat.press(DAKAR_ORGANIZER, chat.say_in("fr", "Move it all the same"))
    assert (await occurrence(chat)).starts_utc.isoformat() == "2020-11-30T15:00:00+00:00"


async def test_a_form_opened_before_a_change_says_so(chat):
    await chat.say(DAKAR_ORGANIZER, "prochaine réunion")
    await chat.press(DAKAR_ORGANIZER, chat.say_in("fr", "Move"))
    await move(chat)
    form = chat.gateway.forms[0].form
    await chat.submit_id(DAKAR_ORGANIZER, form.action_id, {"when": "30 novembre 2020 à 15h"})
    await chat.wait_for(
        DAKAR_ORGANIZER, chat.say_in("fr", "Somebody changed this meeting meanwhile, so nothing was done.")
    )


async def test_cancelling_stops_every_reminder(chat):
    await chat.to_next_reminder()
    await chat.say(GENEVA, "next meeting")
    await chat.press(GENEVA, "Cancel the meeting")
    await chat.press(GENEVA, "Cancel the meeting")
    await chat.wait_for(NAIROBI, "Cancelled: 1st Meeting")
    await chat.forward(72)
    assert "Reminder:" not in await chat.shown(NAIROBI)
    await chat.say(NAIROBI, "next meeting")
    await chat.wait_for(NAIROBI, _("No meeting is planned at the moment. You will be told here when there is one."))


async def test_the_run_sheet_is_in_the_readers_own_hours(chat):
    await chat.say("s12", "agenda")
    sheet = await chat.wait_for("s12", "Icebreaker")
    assert "6:50\u202fPM–7:00\u202fPM" in sheet
    assert "English (2), French (1), and Spanish (1)" in sheet


async def test_organizers_see_who_is_coming(chat):
    await chat.say(GENEVA, "next meeting")
    await chat.press(GENEVA, "Who is coming?")
    shown = await chat.wait_for(GENEVA, "Languages of those who are going")
    assert "going: 10" in shown

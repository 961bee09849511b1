"""Calendars: what becomes a meeting, what is left out and why, and a round trip."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical

from bot.errors import InvalidInput
from bot.features.meetings.calendar import MOST_EVENTS, read_calendar
from bot.features.meetings.calendarevents import Moved
from bot.features.meetings.calendarwriting import Whole, write_calendar
from bot.features.meetings.importing import plan_calendar
from bot.features.meetings.model import AgendaItem, ItemKind, Meeting, PlaceAudience
from bot.times.recurrence import expand
from bot.times.wall import WallTime

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
CUSTOM = """BEGIN:VTIMEZONE
TZID:Our zone
X-LIC-LOCATION:Europe/Paris
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VTIMEZONE
TZID:Fixed
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:-0330
TZOFFSETTO:-0330
END:STANDARD
END:VTIMEZONE
"""
PARIS = "DTSTART;TZID=Europe/Paris:20261201T140000"


def at(*parts):
    return datetime(*parts)  # noqa: DTZ001 - a wall time


def calendar(*events, head=""):
    bodies = [
        f"BEGIN:VEVENT\n{event if 'UID' in event else f'UID:{number}' + chr(10) + event}\nEND:VEVENT\n"
        for number, event in enumerate(events)
    ]
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{head}{''.join(bodies)}END:VCALENDAR\n"


def event(start=PARIS, *more, title="Plenary"):
    return "\n".join((f"SUMMARY:{title}", start, "DURATION:PT1H", *more))


def only(text, **options):
    reading = read_calendar(text, NOW, **options)
    assert reading.left_out == []
    (planned,) = reading.meetings
    return planned


@pytest.mark.parametrize(
    ("start", "zone"),
    [
        ("DTSTART;TZID=Europe/Paris:20261201T140000", "Europe/Paris"),
        ("DTSTART;TZID=/example.org/20200101_1/Europe/Paris:20261201T140000", "Europe/Paris"),
        ("DTSTART;TZID=W. Europe Standard Time:20261201T140000", "Europe/Berlin"),
        ("DTSTART;TZID=Our zone:20261201T140000", "Europe/Paris"),
        ("DTSTART;TZID=Fixed:20261201T140000", "UTC-03:30"),
        ("DTSTART;TZID=UTC+01:00:20261201T140000", "UTC+01:00"),
        ("DTSTART:20261201T140000Z", "UTC"),
        ("DTSTART:20261201T140000", "America/Lima"),
    ],
)
def test_the_zone_is_found_by_its_name_or_by_what_the_file_says_of_it(start, zone):
    start = start.replace("TZID=UTC+01:00:", 'TZID="UTC+01:00":')
    meeting = only(calendar(event(start), head="X-WR-TIMEZONE:America/Lima\n" + CUSTOM)).meeting
    assert (meeting.starts_local, meeting.zone) == (at(2026, 12, 1, 14), zone)


def test_a_time_without_zone_takes_the_one_that_is_said():
    text = calendar(event("DTSTART:20261201T140000"))
    assert only(text, zone="Africa/Dakar").meeting.zone == "Africa/Dakar"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (event("DTSTART;TZID=Mars/Olympus:20261201T140000"), "time zone that nobody knows, “Mars/Olympus”"),
        (event("DTSTART:20261201T140000"), "names no time zone"),
        (event("DTSTART;VALUE=DATE:20261201"), "lasts all day"),
        (event("DTSTART:soon"), "DTSTART cannot be read"),
        (event("X-NOTHING:1"), "does not say when it begins"),
        (event(PARIS + "\n" + PARIS), "does not say when it begins"),
        (f"SUMMARY:A\n{PARIS}", "does not say when it ends"),
        (f"SUMMARY:A\n{PARIS}\nDURATION:P2D", "lasts longer than a day"),
        (f"SUMMARY:A\n{PARIS}\nDTEND:20261201T120000Z", "does not say when it ends"),
        (f"{PARIS}\nDURATION:PT1H", "has no title"),
        (event(PARIS, "STATUS:CANCELLED"), "is cancelled"),
        (event(PARIS, "RRULE:FREQ=HOURLY"), "daily, weekly, monthly or yearly"),
        (event(PARIS, "RRULE:FREQ=NEVER"), "RRULE cannot be read"),
        (event(PARIS, "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"), "several rules"),
        (event("DTSTART:20200101T100000Z"), "is over"),
        (event("DTSTART:20200101T100000Z", "RRULE:FREQ=DAILY;COUNT=3"), "is over"),
        (event("DTSTART:00010101T100000Z"), "out of reach"),
        (event(PARIS, "EXDATE:whenever"), "EXDATE cannot be read"),
        (event(PARIS, "RECURRENCE-ID:20261201T140000Z"), "a series that is not in the file"),
    ],
)
def test_what_cannot_be_a_meeting_is_left_out_with_its_reason(body, why):
    reading = read_calendar(calendar(event(title="Sound"), body), NOW)
    assert [planned.meeting.title for planned in reading.meetings] == ["Sound"]
    assert [why in said.text for said in reading.left_out] == [True]


def test_a_series_keeps_its_rule_and_the_dates_that_differ():
    series = event(
        PARIS,
        "UID:s",
        "RRULE:FREQ=WEEKLY;BYDAY=TU",
        "EXDATE;TZID=Europe/Paris:20261208T140000",
        "EXDATE;VALUE=DATE:20261215",
        "EXDATE:20261222T130000Z",
        "RDATE;TZID=Europe/Paris:20261209T150000",
    )
    moved = """UID:s
RECURRENCE-ID;TZID=Europe/Paris:20261229T140000
SUMMARY:Plenary
DTSTART:20261230T080000Z
DURATION:PT2H"""
    gone = "UID:s\nRECURRENCE-ID;TZID=Europe/Paris:20270105T140000\nSTATUS:CANCELLED\n" + PARIS
    planned = only(calendar(series, moved, gone))
    assert planned.meeting.rrule == "FREQ=WEEKLY;BYDAY=TU"
    cancelled = (at(2026, 12, 8, 14), at(2026, 12, 15, 14), at(2026, 12, 22, 14), at(2027, 1, 5, 14))
    assert planned.cancelled == cancelled
    assert planned.added == (at(2026, 12, 9, 15),)
    starts = datetime(2026, 12, 30, 8, tzinfo=UTC)
    assert planned.moved == (Moved(at(2026, 12, 29, 14), starts, starts + timedelta(hours=2)),)


def test_an_endless_series_that_began_long_ago_goes_on_from_its_next_date():
    planned = only(calendar(event("DTSTART;TZID=Europe/Paris:19950103T140000", "RRULE:FREQ=WEEKLY;INTERVAL=2")))
    meeting = planned.meeting
    assert meeting.starts_local > at(2026, 11, 23)
    ago = WallTime(at(1995, 1, 3, 14), meeting.zone)
    dates = expand(ago, meeting.rrule, after=NOW, before=NOW + timedelta(days=30), count=None)
    assert meeting.starts_local == dates[0].nominal_local


def test_what_a_meeting_cannot_hold_is_said():
    text = calendar(
        event(PARIS, "ATTENDEE:mailto:x@example.org", "BEGIN:VALARM\nTRIGGER:-PT5M\nACTION:DISPLAY\nEND:VALARM"),
        head="BEGIN:VTODO\nUID:t\nEND:VTODO\n",
    )
    said = " ".join(each.text for each in read_calendar(text, NOW).remarks)
    assert "invitations stay behind" in said
    assert "alarms stay behind" in said
    assert "only events become meetings" in said


@pytest.mark.parametrize("text", ["", "hello", calendar(event())[:120], "BEGIN:VEVENT\nUID:1\nEND:VEVENT\n"])
def test_what_is_no_calendar_is_refused(text):
    with pytest.raises(InvalidInput, match="no calendar file"):
        read_calendar(text, NOW)


def test_too_many_events_are_refused():
    with pytest.raises(InvalidInput, match="more than 2000 events"):
        read_calendar(calendar(*["SUMMARY:A"] * (MOST_EVENTS + 1)), NOW)


ITEM = AgendaItem("", "", 0, 5, 30, "Groups; and, more", ItemKind.BREAKOUT, "A\nB", ("en",), (("fr", 2),))


@pytest.mark.parametrize("zone", ["Europe/Paris", "UTC", "UTC+05:30", "America/Lima"])
def test_meetings_come_back_from_a_calendar(zone):
    meeting = Meeting(
        "m-1",
        "Plenary, “all”; of us\\",
        at(2026, 12, 1, 14),
        zone,
        90,
        None,
        "FREQ=MONTHLY;BYDAY=1TU",
        "https://meet.example/x",
        PlaceAudience.MEMBERS,
        "Two\nlines, and more " * 20 + "end",
    )
    text = write_calendar([Whole(meeting, (ITEM,), ())], NOW)
    planned = only(text)
    assert planned.meeting == meeting
    assert planned.items == (ITEM,)
    assert zone == "UTC" or f"TZID:{zone}" in text
    plan = plan_calendar([planned], [meeting])
    assert (plan.new, plan.same, plan.differing) == ((), 1, ())


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/Santiago", "Australia/Lord_Howe", "Africa/Dakar"])
def test_the_zones_rules_in_the_file_are_those_of_the_zone(zone):
    meeting = Meeting("m", "Plenary", at(2026, 12, 1, 14), zone, 90, None)
    text = write_calendar([Whole(meeting, (), ())], NOW)
    written = tzical(io.StringIO(text)).get(zone)
    for hours in range(0, 2 * 366 * 24, 1):
        moment = NOW + timedelta(hours=hours)
        assert moment.astimezone(written).utcoffset() == moment.astimezone(ZoneInfo(zone)).utcoffset(), moment

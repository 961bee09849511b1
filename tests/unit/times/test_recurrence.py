from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.errors import InvalidInput
from bot.times.recurrence import HORIZON, expand
from bot.times.wall import WallTime

moment = datetime.fromisoformat
START = WallTime(moment("2026-10-15T14:00"), "Europe/Zurich")


def days(rule: str | None, start: WallTime = START, count: int | None = None, **more: list[datetime]) -> list[str]:
    instances = expand(start, rule, **more, after=None, before=None, count=count)
    return [instance.utc.strftime("%m-%d %H:%M") for instance in instances]


def test_a_weekly_meeting_keeps_its_hour_when_the_clocks_change() -> None:
    assert days("FREQ=WEEKLY;COUNT=3") == ["10-15 12:00", "10-22 12:00", "10-29 13:00"]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (None, ["10-15 12:00"]),
        ("RRULE:FREQ=MONTHLY;BYDAY=3TH;COUNT=3", ["10-15 12:00", "11-19 13:00", "12-17 13:00"]),
        ("freq=weekly;interval=2;until=20261029T130000Z", ["10-15 12:00", "10-29 13:00"]),
        ("FREQ=WEEKLY;UNTIL=20261022T140000", ["10-15 12:00", "10-22 12:00"]),
        ("FREQ=WEEKLY;UNTIL=20261022", ["10-15 12:00", "10-22 12:00"]),
        ("FREQ=WEEKLY;UNTIL=20261022T115959Z", ["10-15 12:00"]),
        # The first date belongs to the series even where the rule would not name it.
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=3", ["10-15 12:00", "10-19 12:00", "10-26 13:00"]),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=4", ["10-15 12:00"]),
    ],
)
def test_rules_are_read_as_calendars_read_them(rule: str | None, expected: list[str]) -> None:
    assert days(rule) == expected


def test_single_dates_are_added_and_left_out() -> None:
    assert days(
        "FREQ=WEEKLY;COUNT=3",
        exdates=[moment("2026-10-22T14:00")],
        rdates=[moment("2026-10-20T09:00"), moment("2026-10-15T14:00")],
    ) == ["10-15 12:00", "10-20 07:00", "10-29 13:00"]


def test_a_date_in_a_gap_is_shifted_and_one_in_an_overlap_is_the_first() -> None:
    at_half_past_two = WallTime(moment("2027-03-27T02:30"), "Europe/Zurich")
    shifted = expand(at_half_past_two, "FREQ=DAILY;COUNT=2", after=None, before=None, count=None)[1]
    assert (shifted.nominal_local, shifted.note) == (moment("2027-03-28T02:30"), "gap")
    assert shifted.utc == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    twice = expand(WallTime(moment("2027-10-31T02:30"), "Europe/Zurich"), None, after=None, before=None, count=1)[0]
    assert twice.note == "overlap"


def test_after_and_before_bound_an_endless_rule() -> None:
    inside = expand(
        START,
        "FREQ=WEEKLY",
        after=datetime(2026, 10, 22, 12, tzinfo=UTC),
        before=datetime(2026, 11, 5, 13, tzinfo=UTC),
        count=None,
    )
    assert [instance.nominal_local.day for instance in inside] == [22, 29]


def test_an_endless_rule_without_bounds_ends_at_the_horizon() -> None:
    last = expand(START, "FREQ=DAILY", after=None, before=None, count=None)[-1]
    assert last.nominal_local == START.local + HORIZON
    later = expand(START, "FREQ=YEARLY", after=datetime(2040, 1, 1, tzinfo=UTC), before=None, count=2)
    assert [instance.nominal_local.date() for instance in later] == [date(2040, 10, 15), date(2041, 10, 15)]


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "weekly",
        "FREQ=",
        "FREQ=WEEKLY;FREQ=DAILY",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;INTERVAL=-1",
        "FREQ=WEEKLY;INTERVAL=1000000",
        "FREQ=WEEKLY;INTERVAL=²",
        "FREQ=WEEKLY;COUNT=x",
        "FREQ=WEEKLY;COUNT=3;UNTIL=20270101",
        "FREQ=WEEKLY;UNTIL=tomorrow",
        "FREQ=WEEKLY;UNTIL=20270230",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;BYDAY=",
        "FREQ=WEEKLY;BYSECOND=1",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=MONTHLY;BYMONTHDAY=x",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=HOURLY",
        "FREQ=SECONDLY;COUNT=5",
        "FREQ=WEEKLY;WKST=QQ",
        "FREQ=WEEKLY;" + "BYDAY=TH," * 200,
    ],
)
def test_a_bad_rule_is_refused_with_a_sentence(rule: str) -> None:
    with pytest.raises(InvalidInput, match=r"rule for repeating|daily, weekly, monthly or yearly"):
        days(rule)

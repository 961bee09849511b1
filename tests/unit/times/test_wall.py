from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, time

import pytest

from bot.errors import InvalidInput
from bot.times.doubt import zone_doubt
from bot.times.tzdata import tzdata_version, use_pinned_tzdata
from bot.times.wall import WallTime, both_readings, local, next_waking, resolve, subtract_lead


def utc(year: int, month: int, day: int, *clock: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC).replace(
        **dict(zip(("hour", "minute", "second"), clock, strict=False))
    )


def wall(zone: str, *parts: int) -> WallTime:
    return WallTime(utc(*parts).replace(tzinfo=None), zone)


def test_the_rules_come_from_the_pinned_package_whatever_the_system_has() -> None:
    zoneinfo.reset_tzpath()
    use_pinned_tzdata()
    use_pinned_tzdata()
    assert zoneinfo.TZPATH == ()
    # Older rules let Vancouver fall back in November 2026.
    assert resolve(wall("America/Vancouver", 2026, 12, 1, 9)).utc == utc(2026, 12, 1, 16)
    assert tzdata_version() >= "2026"


@pytest.mark.parametrize(
    ("given", "expected", "note"),
    [
        (wall("Europe/Zurich", 2026, 11, 26, 14), utc(2026, 11, 26, 13), None),
        (wall("Europe/Zurich", 2027, 3, 28, 2, 30), utc(2027, 3, 28, 1, 30), "gap"),
        (wall("Europe/Zurich", 2027, 10, 31, 2, 30), utc(2027, 10, 31, 0, 30), "overlap"),
        (wall("Australia/Lord_Howe", 2026, 10, 4, 2, 15), utc(2026, 10, 3, 15, 45), "gap"),
        (wall("Pacific/Apia", 2011, 12, 30, 9), utc(2011, 12, 30, 19), "gap"),
        (wall("UTC-05:30", 2026, 11, 26, 14), utc(2026, 11, 26, 19, 30), None),
    ],
)
def test_a_gap_shifts_forward_and_an_overlap_takes_the_first(
    given: WallTime, expected: datetime, note: str | None
) -> None:
    assert resolve(given).utc == expected
    assert resolve(given).note == note


def test_only_an_overlap_has_two_readings() -> None:
    assert both_readings(wall("Europe/Zurich", 2027, 10, 31, 2, 30)) == (
        utc(2027, 10, 31, 0, 30),
        utc(2027, 10, 31, 1, 30),
    )
    assert both_readings(wall("Europe/Zurich", 2027, 3, 28, 2, 30)) == (utc(2027, 3, 28, 1, 30),)
    assert both_readings(wall("Europe/Zurich", 2027, 3, 28, 5)) == (utc(2027, 3, 28, 3),)


@pytest.mark.parametrize("year", [1, 1899, 3000, 9999])
def test_years_out_of_reach_are_refused(year: int) -> None:
    with pytest.raises(InvalidInput, match="out of reach"):
        resolve(wall("Europe/Zurich", year, 1, 1))


@pytest.mark.parametrize(
    ("lead", "expected"),
    [
        ("PT24H", utc(2027, 3, 27, 7)),
        ("P1D", utc(2027, 3, 27, 8)),
        ("P1W", utc(2027, 3, 21, 8)),
        ("P1DT1H30M10S", utc(2027, 3, 27, 6, 29, 50)),
        ("PT0S", utc(2027, 3, 28, 7)),
    ],
)
def test_days_of_a_lead_keep_the_wall_clock_and_hours_are_elapsed(lead: str, expected: datetime) -> None:
    assert subtract_lead(wall("Europe/Zurich", 2027, 3, 28, 9), lead) == expected


@pytest.mark.parametrize("lead", ["", "P", "PT", "1D", "P1M", "-P1D", "P1H", "PT1", "P1D ", "P١D"])
def test_what_is_no_lead_is_refused(lead: str) -> None:
    with pytest.raises(InvalidInput, match="not a lead time"):
        subtract_lead(wall("UTC", 2027, 3, 28, 9), lead)


@pytest.mark.parametrize(
    ("instant", "start", "end", "expected"),
    [
        (utc(2026, 11, 26, 12), time(22), time(7), utc(2026, 11, 26, 12)),
        (utc(2026, 11, 26, 22), time(22), time(7), utc(2026, 11, 27, 6)),
        (utc(2026, 11, 27, 2), time(22), time(7), utc(2026, 11, 27, 6)),
        (utc(2026, 11, 26, 12), time(12), time(14), utc(2026, 11, 26, 13)),
        (utc(2026, 11, 26, 13), time(12), time(14), utc(2026, 11, 26, 13)),
        (utc(2026, 11, 26, 12), None, time(14), utc(2026, 11, 26, 12)),
        (utc(2026, 11, 26, 12), time(12), None, utc(2026, 11, 26, 12)),
        (utc(2026, 11, 26, 11), time(12), time(12), utc(2026, 11, 26, 11)),
        # The window ends in the gap: an hour later on the clock, the same instant.
        (utc(2027, 3, 28, 0, 30), time(22), time(2, 30), utc(2027, 3, 28, 1, 30)),
        # 02:15 the second time; the window's end has gone by already.
        (utc(2027, 10, 31, 1, 15), time(22), time(2, 30), utc(2027, 10, 31, 1, 15)),
    ],
)
def test_quiet_hours_hold_until_their_end_on_the_wall_clock(
    instant: datetime, start: time | None, end: time | None, expected: datetime
) -> None:
    assert next_waking(instant, "Europe/Zurich", start, end) == expected


def test_an_instant_is_shown_on_the_clock_of_a_zone() -> None:
    shown = local(utc(2026, 11, 24, 18, 15), "Asia/Kathmandu")
    assert shown.replace(tzinfo=None) == datetime.fromisoformat("2026-11-25")


def test_a_fixed_offset_is_in_doubt_only_where_the_place_means_another_instant() -> None:
    winter, summer = wall("Europe/Zurich", 2026, 11, 26, 14), wall("Europe/Zurich", 2027, 7, 15, 14)
    assert zone_doubt("UTC+01:00", "Europe/Zurich", [winter]) is None
    doubt = zone_doubt("UTC+01:00", "Europe/Zurich", [winter, summer])
    assert doubt is not None
    assert (doubt.fixed, doubt.zone) == ("UTC+01:00", "Europe/Zurich")
    (only,) = doubt.differing
    assert (only.local, only.fixed_utc, only.zone_utc) == (summer.local, utc(2027, 7, 15, 13), utc(2027, 7, 15, 12))

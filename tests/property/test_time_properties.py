"""Time, in every zone there is: gaps shift, overlaps take the first, meetings keep their hour, nothing is ever past."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from bot.times.grammar import grammars
from bot.times.recurrence import expand
from bot.times.wall import WallTime, both_readings, local, next_waking, resolve, subtract_lead
from bot.times.words import LONGEST, MOST_READINGS, parse_when
from bot.times.zones import find_zones, tz

ZONES = sorted(zoneinfo.available_timezones() - {"Factory"})
FIRST, LAST = datetime.fromisoformat("1970-01-01"), datetime.fromisoformat("2099-12-31")

zones = st.sampled_from(ZONES)
moments = st.datetimes(FIRST, LAST).map(lambda moment: moment.replace(microsecond=0))
instants = moments.map(lambda moment: moment.replace(tzinfo=UTC))
hours = st.times().map(lambda hour: hour.replace(second=0, microsecond=0))


@lru_cache
def changes(zone: str) -> tuple[tuple[datetime, timedelta], ...]:
    """Return the instants from 1970 to 2040 at which a zone's offset changes, each with the change."""

    def offset(instant: datetime) -> timedelta:
        return instant.astimezone(tz(zone)).utcoffset() or timedelta()

    days = [datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=4 * count) for count in range(70 * 91)]
    found = []
    for low, high in pairwise(days):
        before = offset(low)
        if before == offset(high):
            continue
        early, late = low, high
        while late - early > timedelta(seconds=1):
            middle = early + (late - early) // 2
            early, late = (middle, late) if offset(middle) == before else (early, middle)
        instant = late.replace(microsecond=0)
        found.append((instant, offset(instant) - before))
    return tuple(found)


@st.composite
def walls(draw: st.DrawFn, kind: str = "any") -> WallTime:
    """Wall times, half of them inside a gap or an overlap."""
    zone = draw(zones)
    kinds = {"gap": lambda change: change > timedelta(), "overlap": lambda change: change < timedelta()}
    fitting = [(at, change) for at, change in changes(zone) if kinds.get(kind, bool)(change)]
    if kind == "any" and (not fitting or draw(st.booleans())):
        return WallTime(draw(moments), zone)
    assume(fitting)
    at, change = draw(st.sampled_from(fitting))
    last_shown = local(at - timedelta(seconds=1), zone).replace(tzinfo=None) + timedelta(seconds=1)
    inside = timedelta(seconds=draw(st.integers(0, int(abs(change).total_seconds()) - 1)))
    return WallTime(min(last_shown, last_shown + change) + inside, zone)


@given(walls())
def test_the_shown_time_of_a_resolved_instant_is_stable(wall: WallTime) -> None:
    resolved = resolve(wall)
    shown = local(resolved.utc, wall.zone).replace(tzinfo=None)
    again = resolve(WallTime(shown, wall.zone))
    assert again.utc == resolved.utc
    if resolved.note != "gap":
        assert shown == wall.local


@given(walls("gap"))
def test_a_gap_shifts_forward_by_its_length(wall: WallTime) -> None:
    resolved = resolve(wall)
    assert resolved.note == "gap"
    rules = tz(wall.zone)
    before = wall.local.replace(tzinfo=rules).utcoffset()
    after = resolved.utc.astimezone(rules).utcoffset()
    assert before is not None
    assert after is not None
    assert local(resolved.utc, wall.zone).replace(tzinfo=None) - wall.local == after - before > timedelta()


@given(walls("overlap"))
def test_an_overlap_takes_the_first_of_two_readings(wall: WallTime) -> None:
    first, second = both_readings(wall)
    assert resolve(wall).note == "overlap"
    assert resolve(wall).utc == first < second
    assert {local(utc, wall.zone).replace(tzinfo=None) for utc in (first, second)} == {wall.local}


@given(walls(), st.integers(0, 400))
def test_hours_of_a_lead_are_elapsed_and_days_keep_the_clock(wall: WallTime, count: int) -> None:
    assert subtract_lead(wall, f"PT{count}H") == resolve(wall).utc - timedelta(hours=count)
    assert subtract_lead(wall, f"P{count}D") == resolve(WallTime(wall.local - timedelta(days=count), wall.zone)).utc


@given(instants, zones, hours, hours)
def test_nobody_is_woken_and_nothing_is_sent_early(instant: datetime, zone: str, start: time, end: time) -> None:
    waking = next_waking(instant, zone, start, end)
    assert instant <= waking <= instant + timedelta(days=2)
    assert next_waking(waking, zone, start, end) == waking


@given(walls(), st.sampled_from(["DAILY", "WEEKLY"]), st.integers(1, 12))
def test_a_series_keeps_its_hour_on_the_wall(wall: WallTime, frequency: str, count: int) -> None:
    series = expand(wall, f"FREQ={frequency};COUNT={count}", after=None, before=None, count=None)
    assert len(series) == count
    step = timedelta(days=1 if frequency == "DAILY" else 7)
    assert {instance.nominal_local for instance in series} == {wall.local + step * place for place in range(count)}
    for instance in series:
        assert instance.utc == resolve(WallTime(instance.nominal_local, wall.zone)).utc


@given(walls(), instants, instants, st.integers(0, 5))
def test_what_lies_between_two_instants_is_a_part_of_all(
    wall: WallTime, one: datetime, other: datetime, most: int
) -> None:
    after, before = sorted((one, other))
    inside = expand(wall, "FREQ=MONTHLY", after=after, before=before, count=most)
    assert len(inside) <= most
    assert all(after <= instance.utc < before for instance in inside)
    assert inside == sorted(inside, key=lambda instance: instance.utc)


def words_of_every_grammar() -> list[str]:
    found = [
        "15:00",
        "3",
        "9h",
        "14h30",
        "-",
        "(",
        ")",
        "2026-12-01",
        "03/04",
        "31",
        "2027",
        ",",
        "Lima",
        "GMT+1",
        "IST",
    ]
    for grammar in grammars().values():
        tables = (grammar.weekdays, grammar.months, grammar.days, grammar.parts, grammar.units, grammar.numbers)
        for table in (*tables, grammar.todays_parts, grammar.noon_and_midnight, grammar.minutes_after):
            found.extend(table)
        found.extend([*grammar.fillers, *grammar.subjects])
    found.extend(
        ["next", "prochain", "que viene", "in", "dans", "at", "à", "a las", "heure de", "time", "hora de", "last"]
    )
    return found


phrases = st.lists(st.sampled_from(words_of_every_grammar()), max_size=7).map(" ".join)
languages = st.sampled_from([*grammars(), "sw"])


@given(st.one_of(phrases, st.text(max_size=LONGEST + 5)), languages, zones, instants)
def test_no_words_give_a_past_moment_or_a_crash(text: str, lang: str, zone: str, now: datetime) -> None:
    when = parse_when(text, lang=lang, zone=zone, now=now)
    found = [candidate.utc for candidate in when.candidates]
    assert all(utc > now for utc in found)
    assert len(found) == len(set(found)) <= MOST_READINGS
    assert when.ambiguous or len(found) <= 1
    if not found or when.ambiguous:
        assert when.reason is not None
        assert when.reason.format(**when.params)
    for candidate in when.candidates:
        assert resolve(candidate.local).utc == candidate.utc or candidate.utc in both_readings(candidate.local)


@given(st.one_of(st.text(), st.sampled_from(ZONES)))
def test_every_zone_is_found_by_its_name_and_no_text_is_too_strange(text: str) -> None:
    found = find_zones(text)
    if text in ZONES:
        assert text in {match.zone for match in found} or found[0].kind in {"fixed", "abbreviation"}
    for match in found:
        assert tz(match.zone)

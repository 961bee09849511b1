"""When, in an organizer's own words: one moment, several to choose from, or a refusal that says what is missing.

Never one confident wrong instant: what can be read in more than one way gives every reading, what is not fully
understood gives none.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import product

from bot.errors import InvalidInput
from bot.i18n import N_
from bot.times.clock import Clock, TimeOption
from bot.times.days import CONFIRM_FAR, CONFIRM_WORDS, CONFIRM_YEAR, LONG_AHEAD, Day, DayOption
from bot.times.facts import Elapsed, Part, Past
from bot.times.folding import tidy
from bot.times.grammar import grammars
from bot.times.scan import Scan, scan
from bot.times.wall import WallTime, both_readings, local, resolve
from bot.times.whichday import day_options, time_options
from bot.times.whichzone import LeftOver, Zones, zones_of
from bot.times.zones import tz

LONGEST = 500
MOST_READINGS = 8
_ECHO = 60
FAR = timedelta(days=3 * 365)
FIRST_TIME = N_("before the clocks go back")
SKIPPED = N_("the hour after the one that the clocks skip")
SECOND_TIME = N_("after the clocks have gone back")
CONFIRM_GAP = N_("The clocks go forward then and skip that hour, so I took the hour after it. Please check it.")
_PAST = N_("That moment has passed. Write a day and an hour still to come.")


@dataclass(frozen=True)
class Candidate:
    """One reading: its instant, the wall time it stands for, and why it differs from the others (message ids)."""

    utc: datetime
    local: WallTime
    explanation: tuple[str, ...] = ()


@dataclass(frozen=True)
class When:
    """What was understood; ``reason`` (a message id with its params) says what to choose, check or write instead."""

    candidates: tuple[Candidate, ...]
    ambiguous: bool = False
    reason: str | None = None
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class _Reading:
    """A candidate on its way: the less ``rank``, the likelier; ``doubt`` asks for a confirmation."""

    candidate: Candidate
    rank: int
    doubt: str


def parse_when(text: str, *, lang: str, zone: str, now: datetime) -> When:
    """Return what ``text`` means to someone who writes ``lang`` and lives in ``zone``; ``now`` is an aware instant.

    Every candidate lies after ``now``. Raises InvalidInput only for an unknown ``zone``; what cannot be understood is
    a When without candidates. A language without a grammar is read by those there are.
    """
    tz(zone)
    plain = " ".join(tidy(text[: LONGEST + 1]).split())
    try:
        _refuse_unreadable(text, plain)
    except InvalidInput as error:
        return _refusal(error)
    left_over = None
    for language in sorted(grammars(), key=lambda tag: tag != lang):
        try:
            return _understand(scan(plain, language), zone, now)
        except InvalidInput as error:
            return _refusal(error)
        except LeftOver as words:
            left_over = left_over or words.words[:_ECHO]
    return _refusal(
        InvalidInput(N_("I did not understand “{words}”. Write the day and the hour alone."), words=left_over)
    )


def _refusal(error: InvalidInput) -> When:
    return When((), reason=error.msgid, params=error.params)


def _refuse_unreadable(text: str, plain: str) -> None:
    if len(text) > LONGEST:
        raise InvalidInput(
            N_("That is too long for a date: {length} characters. Write the day and the hour alone."), length=len(text)
        )
    if any(unicodedata.category(char) in {"Cc", "Cs", "Cn"} and char not in "\t\r\n" for char in text):
        raise InvalidInput(N_("That holds signs that are not text. Write the day and the hour in words."))
    if not any(char.isalnum() for char in plain):
        raise InvalidInput(N_("Write a day and an hour, such as “tomorrow at 3 pm”."))


def _understand(seen: Scan, zone: str, now: datetime) -> When:
    zones = zones_of(seen, zone)
    if any(isinstance(fact, Past) for fact in seen.facts):
        raise InvalidInput(_PAST)
    if any(isinstance(fact, Elapsed) for fact in seen.facts):
        readings = list(_after_a_while(seen, zones, now))
    else:
        readings = list(_on_a_day(seen, zones, zone, now))
    if not readings:
        raise InvalidInput(_PAST)
    return _choice(readings, zones)


def _after_a_while(seen: Scan, zones: Zones, now: datetime) -> Iterator[_Reading]:
    lengths = {fact.length for fact in seen.facts if isinstance(fact, Elapsed)}
    if len(lengths) > 1 or any(isinstance(fact, Clock | Day | Part) for fact in seen.facts):
        raise InvalidInput(N_("Write either how long from now or a day and an hour, not both."))
    for length in lengths - {timedelta()}:
        utc = now + length
        yield _Reading(Candidate(utc, WallTime(local(utc, zones.zones[0]).replace(tzinfo=None), zones.zones[0])), 0, "")


def _on_a_day(seen: Scan, zones: Zones, own_zone: str, now: datetime) -> Iterator[_Reading]:
    days = [fact for fact in seen.facts if isinstance(fact, Day)]
    parts = [fact for fact in seen.facts if isinstance(fact, Part)]
    times = time_options([fact for fact in seen.facts if isinstance(fact, Clock)], parts, grammars()[seen.language])
    for zone_rank, zone in enumerate(zones.zones):
        for (day_rank, day), (time_rank, moment) in product(_ranked(days, zone, own_zone, now), enumerate(times)):
            yield from _ahead(day, moment, zone, now, zone_rank + day_rank + time_rank)


def _ranked(days: list[Day], zone: str, own_zone: str, now: datetime) -> list[tuple[int, DayOption]]:
    """Return the readings of the day with their ranks; "tomorrow" in a zone where it is another day has two."""
    there = day_options(days, local(now, zone).date())
    here = day_options(days, local(now, own_zone).date()) if days else there
    if {option.dates for option in here} == {option.dates for option in there}:
        return list(enumerate(there))
    doubtful = [replace(option, doubt=option.doubt or CONFIRM_WORDS) for option in (*here, *there)]
    return list(enumerate(doubtful))


def _ahead(day: DayOption, moment: TimeOption, zone: str, now: datetime, rank: int) -> Iterator[_Reading]:
    """Yield the instants, after now, of the first of the day's dates that has any."""
    for place, date_ in enumerate(day.dates):
        wall = WallTime(datetime.combine(date_, time()) + timedelta(minutes=moment.minutes), zone)
        instants = [utc for utc in both_readings(wall) if utc > now]
        for fold, utc in enumerate(instants):
            change = (SECOND_TIME if fold else FIRST_TIME) if len(instants) > 1 else ""
            skipped = SKIPPED if resolve(wall).note == "gap" else ""
            notes = tuple(note for note in (day.note, moment.note, change, skipped) if note)
            shown = WallTime(local(utc, zone).replace(tzinfo=None), zone)
            yield _Reading(Candidate(utc, shown, notes), rank + fold, _doubt(day, date_, place, wall, utc - now))
        if instants:
            return


def _doubt(day: DayOption, date_: date, place: int, wall: WallTime, wait: timedelta) -> str:
    if resolve(wall).note == "gap":
        return CONFIRM_GAP
    if day.doubt:
        return day.doubt
    if place:
        return CONFIRM_YEAR if (date_ - day.dates[0]).days > LONG_AHEAD else CONFIRM_WORDS
    return CONFIRM_FAR if wait > FAR else ""


def _choice(readings: list[_Reading], zones: Zones) -> When:
    """Put the readings in order, each instant once, and say what is to be chosen or checked."""
    readings.sort(key=lambda reading: (bool(reading.doubt), reading.rank, reading.candidate.utc))
    unique: dict[datetime, _Reading] = {}
    for reading in readings:
        unique.setdefault(reading.candidate.utc, reading)
    candidates = tuple(reading.candidate for reading in unique.values())
    if len(candidates) > MOST_READINGS:
        raise InvalidInput(
            N_("That can mean {count} different moments. Write the date, the hour in 24 hours, and a city."),
            count=len(candidates),
        )
    if len(candidates) > 1:
        return When(candidates, ambiguous=True, reason=_question(candidates))
    doubt = next(iter(unique.values())).doubt or zones.doubt
    return When(candidates, ambiguous=bool(doubt), reason=doubt or None)


def _question(candidates: tuple[Candidate, ...]) -> str:
    walls = [candidate.local for candidate in candidates]
    if len({wall.zone for wall in walls}) > 1:
        return N_("That can mean the clocks of different places. Choose one.")
    if len({wall.local for wall in walls}) == 1:
        return N_("The clocks go back then, so that hour comes twice. Choose one.")
    if len({wall.local.date() for wall in walls}) > 1:
        return N_("That can mean more than one day. Choose one.")
    return N_("That can mean the morning or the evening. Choose one.")

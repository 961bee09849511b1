"""From a pasted agenda and the choices made since to a meeting: what is known, and what is doubtful."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.errors import InvalidInput
from bot.features.meetings.agenda import Agenda, read_agenda
from bot.features.meetings.agenda import AgendaItem as ReadItem
from bot.features.meetings.model import AgendaItem, Draft, ItemKind, PlaceAudience
from bot.i18n import N_
from bot.times.choice import certain_zone
from bot.times.doubt import zone_doubt
from bot.times.recurrence import expand
from bot.times.wall import WallTime, resolve
from bot.times.zones import same_offset_zone

YEAR_OF_WEEKS = 53
"""Dates of a series that are looked at for clock changes: a year holds both of them."""


class Doubt(StrEnum):
    """What only the organizer can tell."""

    NO_DATE = "no_date"
    PAST = "past"
    NO_ZONE = "no_zone"
    WHICH_ZONE = "which_zone"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A meeting as it would be made. ``starts`` is None as long as date or zone are missing.

    ``zone_text`` is how the agenda wrote the zone, ``same_as`` the place it was taken for;
    ``fixed`` and ``place_zone`` are the two readings when ``WHICH_ZONE`` is among the doubts.
    """

    title: str
    starts: WallTime | None
    minutes: int
    items: tuple[AgendaItem, ...]
    rrule: str | None
    place: str
    place_audience: PlaceAudience
    background: str
    doubts: tuple[Doubt, ...]
    agenda: Agenda
    zone_text: str
    same_as: str | None = None
    fixed: str | None = None
    place_zone: str | None = None


@dataclass(frozen=True, slots=True)
class _Zone:
    zone: str | None
    same_as: str | None = None
    doubt: Doubt | None = None
    fixed: str | None = None
    place_zone: str | None = None


def propose(draft: Draft, zones: Sequence[str], now: datetime) -> Proposal:
    """Return what a draft amounts to. Raises InvalidInput when its text is no agenda.

    ``zones`` are those the community lives in, the organizer's own first: a fixed offset is taken for the first of
    them whose clock shows it on that date.
    """
    agenda = read_agenda(draft.text)
    day = date.fromisoformat(draft.choices["date"]) if draft.choices.get("date") else agenda.date
    begins, minutes = _hours(agenda)
    local = datetime.combine(day, begins) if day else None
    rrule = _rule(draft.choices.get("repeat", ""), day)
    zone = _zone(agenda, draft.choices, zones, local, rrule)
    starts = WallTime(local, zone.zone) if local and zone.zone else None
    doubts = [] if day else [Doubt.NO_DATE]
    if starts and resolve(starts).utc + timedelta(minutes=minutes) <= now:
        doubts.append(Doubt.PAST)
    if zone.doubt:
        doubts.append(zone.doubt)
    return Proposal(
        title=agenda.title,
        starts=starts,
        minutes=minutes,
        items=tuple(_item(agenda, item, index, begins) for index, item in enumerate(agenda.items)),
        rrule=rrule,
        place=draft.choices.get("place", agenda.place or ""),
        place_audience=PlaceAudience(draft.choices.get("audience", PlaceAudience.GOING)),
        background=agenda.background or "",
        doubts=tuple(doubts),
        agenda=agenda,
        zone_text=agenda.zone_text or "",
        same_as=zone.same_as,
        fixed=zone.fixed,
        place_zone=zone.place_zone,
    )


def _hours(agenda: Agenda) -> tuple[time, int]:
    begins = agenda.start or (agenda.items[0].start if agenda.items else None)
    ends = agenda.end or (agenda.items[-1].end if agenda.items else None)
    if begins is None or ends is None:
        raise InvalidInput(
            N_(
                "I found no hours in this text. Please add a line such as “Date: 19 November 2026, 14h-16h (GMT+1)” "
                "and send it again."
            )
        )
    return begins, _minutes(begins, ends)


def _minutes(begins: time, ends: time) -> int:
    minutes = (ends.hour - begins.hour) * 60 + ends.minute - begins.minute
    return minutes if minutes > 0 else minutes + 24 * 60


def _item(agenda: Agenda, item: ReadItem, index: int, begins: time) -> AgendaItem:
    kind = ItemKind(item.kind)
    return AgendaItem(
        id="",
        meeting_id="",
        position=index,
        offset_minutes=_minutes(begins, item.start) % (24 * 60),
        minutes=_minutes(item.start, item.end),
        title=item.title,
        kind=kind,
        presenters=item.presenters or "",
        languages=tuple(agenda.plenary_languages) if kind is not ItemKind.BREAKOUT else (),
        groups=tuple(agenda.breakout_groups) if kind is ItemKind.BREAKOUT else (),
    )


def _rule(repeat: str, day: date | None) -> str | None:
    if not day:
        return None
    weekday = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[day.weekday()]
    nth = (day.day - 1) // 7 + 1
    rules = {
        "weekly": f"FREQ=WEEKLY;BYDAY={weekday}",
        "fortnightly": f"FREQ=WEEKLY;INTERVAL=2;BYDAY={weekday}",
        "monthly": f"FREQ=MONTHLY;BYDAY={nth if nth < 5 else -1}{weekday}",
    }
    return rules.get(repeat)


def _zone(
    agenda: Agenda,
    choices: Mapping[str, str],
    zones: Sequence[str],
    local: datetime | None,
    rrule: str | None,
) -> _Zone:
    """Read the zone: as chosen, as written, and where a fixed offset is written, as a place that fits.

    A fixed offset and a place with that offset on the date give the same instant, so nothing is asked for a single
    meeting; a series that crosses a clock change has two readings, and only the organizer knows which.
    """
    if choices.get("zone"):
        return _Zone(choices["zone"])
    if not agenda.zone_text and zones:
        return _Zone(zones[0], same_as=zones[0])
    written = certain_zone(agenda.zone_text or "")
    if written is None:
        return _Zone(None, doubt=Doubt.NO_ZONE)
    if written.kind != "fixed" or local is None:
        return _Zone(written.zone)
    return _fixed(written.zone, zones, local, rrule)


def _fixed(fixed: str, zones: Sequence[str], local: datetime, rrule: str | None) -> _Zone:
    at = resolve(WallTime(local, fixed)).utc
    place = next((zone for zone in zones if same_offset_zone(fixed, zone, at)), None)
    if place is None:
        return _Zone(fixed)
    if rrule and _parts(WallTime(local, place), fixed, rrule):
        return _Zone(place, None, Doubt.WHICH_ZONE, fixed, place)
    return _Zone(place, same_as=place)


def _parts(start: WallTime, fixed: str, rrule: str) -> bool:
    dates = expand(start, rrule, after=None, before=None, count=YEAR_OF_WEEKS)
    walls = [WallTime(instance.nominal_local, start.zone) for instance in dates]
    return zone_doubt(fixed, start.zone, walls) is not None

"""Hours as they are said, and what they can mean: "at 3" is two times of day, "15h" is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.errors import InvalidInput
from bot.i18n import N_

MORNING = N_("in the morning")
LATER = N_("in the afternoon or evening")
DAY_STARTS = N_("midnight at which that day begins")
DAY_ENDS = N_("midnight at which that day ends")
_DAY = 24 * 60
_MIDNIGHTS = ((0, DAY_STARTS), (24, DAY_ENDS))
_NOON = N_("noon")
_EARLY = N_("early that morning")
_NEXT_EARLY = N_("early the next morning")


@dataclass(frozen=True)
class Clock:
    """An hour as it was written; minutes may count back ("quarter to three" is hour 3, minute -15)."""

    hour: int
    minute: int
    style: str  # "colon", "sign", "bare" or "sure"
    part: str | None = None
    end: Clock | None = None


@dataclass(frozen=True)
class TimeOption:
    """One reading of an hour, in minutes of the wall clock from the day's first midnight; may pass the day's end."""

    minutes: int
    note: str = ""


# For each part of the day: the hours (as said) that go with it, and what to add to them.
_PARTS: Mapping[str, Mapping[int, tuple[int, ...]]] = {
    "am": {12: (0, 24), **{hour: (hour,) for hour in range(12)}},
    "pm": {12: (12,), **{hour: (hour + 12,) for hour in range(1, 12)}, **{hour: (hour,) for hour in range(13, 24)}},
    "morning": {12: (12, 0), **{hour: (hour,) for hour in range(1, 12)}},
    "midday": {11: (11,), 12: (12,), 1: (13,), 2: (14,), 3: (15,)},
    "afternoon": {
        12: (12,),
        **{hour: (hour + 12,) for hour in range(1, 9)},
        **{hour: (hour,) for hour in range(13, 21)},
    },
    "evening": {12: (24,), 24: (24,), 0: (24,), **{hour: (hour + 12,) for hour in range(4, 12)}}
    | {hour: (hour,) for hour in range(16, 24)},
    "night": {12: (24, 0), 24: (24,), 0: (24, 0), **{hour: (hour, hour + 24) for hour in range(1, 6)}}
    | {hour: (hour + 12,) for hour in range(6, 12)}
    | {hour: (hour,) for hour in range(18, 24)},
    "small hours": {12: (0,), **{hour: (hour,) for hour in range(7)}},
}


def readings(clock: Clock, sure_hours: Mapping[str, int]) -> list[TimeOption]:
    """Return what an hour can mean, the likelier first; raises InvalidInput for an hour no clock shows."""
    if clock.end is not None:
        return _span(clock, clock.end, sure_hours)
    if clock.hour > 24 or clock.minute > 59 or (clock.hour == 24 and clock.minute):
        raise InvalidInput(N_("{hour}:{minute:02} is not a time of day."), hour=clock.hour, minute=clock.minute)
    if clock.part:
        hours = _PARTS[clock.part].get(clock.hour)
        if hours is None:
            raise InvalidInput(N_("{hour} o’clock does not go with that part of the day."), hour=clock.hour)
        named = [(hour, _note(hour) if len(hours) > 1 else "") for hour in hours]
    elif clock.style == "midnight":
        named = list(_MIDNIGHTS)
    elif clock.hour == 0 or clock.hour >= sure_hours.get(clock.style, 0):
        named = [(clock.hour, "")]
    elif clock.hour == 12:
        named = [(12, _NOON), *_MIDNIGHTS]
    else:
        named = [(clock.hour, MORNING), (clock.hour + 12, LATER)]
        if clock.hour < 7:
            named.reverse()
    return [TimeOption(hour * 60 + clock.minute, note) for hour, note in named]


def _note(hour: int) -> str:
    return {0: DAY_STARTS, 12: _NOON, 24: DAY_ENDS}.get(hour) or (_EARLY if hour < 12 else _NEXT_EARLY)


def _span(start: Clock, end: Clock, sure_hours: Mapping[str, int]) -> list[TimeOption]:
    """Return the readings of a span's start; the end's "pm" or "evening" is also the start's where that fits."""
    start = replace(start, end=None)
    ends = readings(end, sure_hours)
    if start.part is None and end.part is not None and start.style != "sure":
        try:
            shared = readings(replace(start, part=end.part), sure_hours)
        except InvalidInput:
            shared = []
        fitting = [option for option in shared if option.minutes < ends[-1].minutes]
        starts = fitting or [option for option in readings(start, sure_hours) if option.minutes < ends[-1].minutes]
    else:
        starts = readings(start, sure_hours)
    starts = [option for option in starts if _ends_later(option, ends)]
    if not starts:
        raise InvalidInput(N_("That ends before it begins. Write the earlier hour first."))
    return starts


def _ends_later(start: TimeOption, ends: list[TimeOption]) -> bool:
    """Tell whether an end lies after the start, or after midnight for what begins in the evening."""
    return any(end.minutes > start.minutes or (start.minutes >= 18 * 60 and end.minutes < 6 * 60) for end in ends)

"""Whether the items of an agenda fit one after another into the meeting's hours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import time

from bot.features.meetings.agendalines import Hours
from bot.i18n import N_

_DAY = 24 * 60

Misfit = tuple[int, str, dict[str, object]]


def misfits(spans: Sequence[tuple[int, time, time]], hours: Hours | None) -> Iterator[Misfit]:
    """Yield what does not fit: line number, message id and params; ``spans`` are (line, start, end) as written.

    Times are compared from the meeting's start on, so that a meeting may pass midnight.
    """
    origin = hours.start if hours else spans[0][1] if spans else time()
    length = _after(origin, hours.end) if hours and hours.end else None
    planned: tuple[int, time] | None = None  # until when something is planned: in minutes, and as it is written
    for line, start, end in spans:
        begins, ends = _after(origin, start), _after(origin, end)
        shown: dict[str, object] = {"start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}
        if ends <= begins:
            yield line, N_("This item ends ({end}) before it begins ({start})."), shown
            continue
        if length is not None and ends > length:
            yield line, N_("This item ({start} to {end}) lies outside the meeting’s hours."), shown
            continue
        if planned and begins < planned[0]:
            yield line, N_("This item begins at {start}, before the one above it ends."), shown
        elif planned and begins > planned[0]:
            gap: dict[str, object] = {"start": f"{planned[1]:%H:%M}", "end": shown["start"]}
            yield line, N_("Nothing is planned between {start} and {end}."), gap
        planned = max(planned or (0, end), (ends, end))


def _after(origin: time, moment: time) -> int:
    """Return the minutes from one time of day to another, passing midnight where needed."""
    return (moment.hour * 60 + moment.minute - origin.hour * 60 - origin.minute) % _DAY

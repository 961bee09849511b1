"""Which day and which hour a set of facts means, on a given day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.errors import InvalidInput
from bot.i18n import N_
from bot.times.clock import Clock, TimeOption, readings
from bot.times.days import Day, DayOption, Week, Weekday
from bot.times.facts import Part
from bot.times.grammar import Grammar


def day_options(days: Sequence[Day], today: date) -> list[DayOption]:
    """Return the readings of the day, the likelier first; raises InvalidInput where the words contradict each other."""
    if not days:
        return [DayOption((today, today + timedelta(days=1)))]
    weekdays = list(dict.fromkeys(day for day in days if isinstance(day, Weekday)))
    weeks = [day for day in days if isinstance(day, Week)]
    anchors = [day for day in days if not isinstance(day, Weekday | Week)]
    if len({day.weekday for day in weekdays}) > 1 or (weeks and anchors):
        raise contradiction()
    if weeks:
        if not weekdays:
            raise InvalidInput(N_("Which day of that week? Write the day too, such as “Thursday at 14:00”."))
        return weeks[0].options(today, weekdays[0].weekday)
    if not anchors:
        return weekdays[0].options(today)
    options = anchors[0].options(today)
    for other in anchors[1:]:
        same = {option.dates[0] for option in other.options(today)}
        options = [option for option in options if option.dates[0] in same]
    if not options:
        raise contradiction()
    return _on(weekdays[0].weekday, options) if weekdays else options


def contradiction() -> InvalidInput:
    """Return the refusal of a text that names more than one day."""
    return InvalidInput(N_("That names different days. Write one day and one hour."))


def _on(weekday: int, options: list[DayOption]) -> list[DayOption]:
    """Keep the readings that fall on the day of the week that was said; it also settles which number is the month."""
    fitting = [DayOption(option.dates[:1]) for option in options if option.dates[0].weekday() == weekday]
    if not fitting:
        raise InvalidInput(
            N_("{date} falls on another day of the week than the one you wrote. Check the date."),
            date=options[0].dates[0].isoformat(),
        )
    return fitting


def time_options(clocks: Sequence[Clock], parts: Sequence[Part], grammar: Grammar) -> list[TimeOption]:
    """Return the readings of the hour, the likelier first; raises InvalidInput if there is none, or several."""
    if not clocks:
        raise InvalidInput(N_("At what hour? Write it too, such as “at 14:00” or “at 3 pm”."))
    options = None
    for clock in clocks:
        said: list[str | None] = [part.name for part in parts]
        for name in said or [clock.part]:
            read = readings(replace(clock, part=name), grammar.sure_hours)
            options = read if options is None else _shared(options, read)
        if parts and clock.part:
            options = _shared(options or [], readings(clock, grammar.sure_hours))
    if not options:
        raise InvalidInput(N_("That names different hours. Write one day and one hour."))
    return options


def _shared(options: list[TimeOption], others: list[TimeOption]) -> list[TimeOption]:
    minutes = {option.minutes for option in others}
    return [option for option in options if option.minutes in minutes]

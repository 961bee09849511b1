"""Days as they are said, and the dates they can mean on a given day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from bot.errors import InvalidInput
from bot.i18n import N_

THIS_WEEK = N_("the coming one")
NEXT_WEEK = N_("the one in the week after")
DAY_FIRST = N_("the first number is the day")
MONTH_FIRST = N_("the first number is the month")
SURE = ""
CONFIRM_WORDS = N_("Please check that this is the day you mean.")
CONFIRM_NUMBERS = N_("Please check which number is the day and which the month.")
CONFIRM_YEAR = N_("That date has gone by this year, so I took the next one. Please check it.")
LONG_AHEAD = 270
CONFIRM_FAR = N_("That is years away. Please check it.")


@dataclass(frozen=True)
class DayOption:
    """One reading of a day: dates to take in turn until one lies ahead; ``doubt`` asks for a confirmation."""

    dates: tuple[date, ...]
    note: str = ""
    doubt: str = SURE


@dataclass(frozen=True)
class Offset:
    """So many days, or months, from today; several counts are several readings."""

    days: tuple[int, ...]
    months: int = 0
    doubt: str = SURE

    def options(self, today: date) -> list[DayOption]:
        month = today + relativedelta(months=self.months)
        clipped = CONFIRM_WORDS if self.months and month.day != today.day else self.doubt
        return [DayOption((month + timedelta(days=count),), doubt=clipped) for count in self.days]


@dataclass(frozen=True)
class Weekday:
    """A day of the week: "bare", "this", "coming", "next", "after next", or so many weeks after the coming one."""

    weekday: int
    mode: str = "bare"
    weeks: int = 0
    week_starts: tuple[int, ...] = (0,)
    next_week_first: bool = False

    def options(self, today: date) -> list[DayOption]:
        ahead = (self.weekday - today.weekday()) % 7
        coming = today + timedelta(days=ahead or 7)
        week = timedelta(weeks=1)
        if self.mode == "weeks":
            shift = timedelta(weeks=self.weeks)
            return (
                [DayOption((coming + shift,))] if ahead else [DayOption((today + shift,)), DayOption((coming + shift,))]
            )
        if self.mode == "after next":
            return [DayOption((coming + week,)), DayOption((coming + 2 * week,))]
        if self.mode == "next":
            return self._next(today, coming)
        if ahead:
            passed = self.mode == "this" and self.weekday < today.weekday()
            return [DayOption((coming,), doubt=CONFIRM_WORDS if passed else SURE)]
        return [DayOption((today,), THIS_WEEK), DayOption((coming,), NEXT_WEEK)]

    def _next(self, today: date, coming: date) -> list[DayOption]:
        dates = {coming, *(in_week(today, self.weekday, 1, start) for start in self.week_starts)}
        options = [DayOption((day,), NEXT_WEEK if day != coming else THIS_WEEK) for day in sorted(dates)]
        return options[::-1] if self.next_week_first else options


def in_week(today: date, weekday: int, weeks: int, week_start: int) -> date:
    """Return a weekday's date in the week that lies ``weeks`` after today's, weeks beginning on ``week_start``."""
    first = today - timedelta(days=(today.weekday() - week_start) % 7) + timedelta(weeks=weeks)
    return first + timedelta(days=(weekday - week_start) % 7)


@dataclass(frozen=True)
class Week:
    """This week or the next; only a day of the week makes it a date."""

    weeks: int
    week_starts: tuple[int, ...]

    def options(self, today: date, weekday: int) -> list[DayOption]:
        return [DayOption((day,)) for day in sorted({in_week(today, weekday, self.weeks, s) for s in self.week_starts})]


@dataclass(frozen=True)
class Dated:
    """A day of a month, in one or more readings (day, month); without a year it is the next such date."""

    pairs: tuple[tuple[int, int], ...]
    year: int | None

    def options(self, today: date) -> list[DayOption]:
        found = [dates for day, month in self.pairs if (dates := tuple(_dates(day, month, self.year, today)))]
        if not found:
            day, month = self.pairs[0]
            raise no_such_date(day, month, self.year)
        if len(self.pairs) == 1:
            far = self.year is None and (found[0][0] - today).days > LONG_AHEAD
            return [DayOption(found[0], doubt=CONFIRM_YEAR if far else SURE)]
        ahead = [dates for dates in found if dates[-1] >= today]
        doubt = CONFIRM_NUMBERS if len(ahead) < 2 else SURE
        return [DayOption(dates, note, doubt) for dates, note in zip(found, (DAY_FIRST, MONTH_FIRST), strict=True)]


def no_such_date(day: int, month: int, year: int | None) -> InvalidInput:
    """Return the refusal of a date that no calendar has."""
    if year is None:
        return InvalidInput(N_("The year ahead has no date {day}/{month} (day/month)."), day=day, month=month)
    return InvalidInput(N_("The date {day}/{month}/{year} does not exist."), day=day, month=month, year=year)


def _dates(day: int, month: int, year: int | None, today: date) -> Iterator[date]:
    """Yield a date in its year; or, when no year is given, the next ones, as long as they exist."""
    if year is not None:
        years = [year]
    else:
        first = today.year + ((month, day) < (today.month, today.day))
        years = [first, first + 1]
    for candidate in years:
        try:
            yield date(candidate, month, day)
        except ValueError:
            return


@dataclass(frozen=True)
class DayOfMonth:
    """A day without its month: in this month or a later one, or in the next month if that was said."""

    day: int
    months: int | None

    def options(self, today: date) -> list[DayOption]:
        shift = int(self.day < today.day) if self.months is None else self.months
        month = today.replace(day=1) + relativedelta(months=shift)
        try:
            return [DayOption((month.replace(day=self.day),))]
        except ValueError:
            raise no_such_date(self.day, month.month, month.year) from None


@dataclass(frozen=True)
class NthWeekday:
    """The third Monday, or the last, of a named month (the next such month without a year) or of a month from now."""

    nth: int
    weekday: int
    month: int | None
    year: int | None = None
    months: int = 0

    def options(self, today: date) -> list[DayOption]:
        if self.month is None:
            shifted = today.replace(day=1) + relativedelta(months=self.months)
            return [DayOption((self._find(shifted.year, shifted.month),))]
        if self.year is not None:
            return [DayOption((self._find(self.year, self.month),))]
        year = today.year + (self.month < today.month)
        found = self._find(year, self.month)
        return [DayOption((found if found >= today else self._find(year + 1, self.month),))]

    def _find(self, year: int, month: int) -> date:
        first = date(year, month, 1)
        last = first + relativedelta(day=31)
        if self.nth < 0:
            return last - timedelta(days=(last.weekday() - self.weekday) % 7)
        found = first + timedelta(days=(self.weekday - first.weekday()) % 7 + 7 * (self.nth - 1))
        if found > last:
            raise InvalidInput(N_("The month {month}/{year} has no fifth such day."), month=month, year=year)
        return found


Day = Offset | Weekday | Week | Dated | DayOfMonth | NthWeekday

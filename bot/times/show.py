"""Instants as their readers see them: in their own zone, in their own language."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from babel import Locale, dates

from bot.i18n import current_locale
from bot.times.zones import tz


def format_time(instant: datetime, zone: str, style: Literal["full", "date", "time"] = "full") -> str:
    """Return an instant as its reader's wall clock shows it, in the current locale and the given IANA zone."""
    local = instant.astimezone(tz(zone))
    locale = Locale.parse(current_locale(), sep="-")
    if style == "time":
        return dates.format_time(local, "short", tzinfo=tz(zone), locale=locale)
    day = dates.format_date(local, "full", locale=locale)
    if style == "date":
        return day
    return f"{day}, {dates.format_time(local, 'short', tzinfo=tz(zone), locale=locale)}"

"""The one source of time zone rules: the pinned tzdata package."""

from __future__ import annotations

import zoneinfo

import tzdata


def use_pinned_tzdata() -> None:
    """Make zoneinfo ignore the operating system's rules; calling it again changes nothing."""
    if zoneinfo.TZPATH:
        zoneinfo.reset_tzpath(to=[])
        zoneinfo.ZoneInfo.clear_cache()


def tzdata_version() -> str:
    """Return the release of the rules in use, such as "2026f"."""
    return str(tzdata.IANA_VERSION)

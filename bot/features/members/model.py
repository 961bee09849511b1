"""Members: who they are, what they speak, when they sleep, what they agreed to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from bot.messages import UserRef


@dataclass(frozen=True, slots=True)
class Member:
    """One person, whatever the platform.

    ``languages`` are BCP-47 tags, the preferred first, empty until told; ``zone`` an IANA name, None until confirmed.
    Quiet hours are wall times in that zone; ``reminders`` is false for whoever asked for none.
    ``noticed_at`` is when the privacy notice was shown; ``welcomed_at`` when the language and zone were confirmed.
    ``preferred`` is the platform they want to be written to on; empty for the one they used first. ``organizer`` is
    what settings, a platform or, with ``appointed``, another organizer makes of them.
    """

    id: str
    name: str
    joined_at: datetime
    languages: tuple[str, ...] = ()
    zone: str | None = None
    quiet_start: time | None = None
    quiet_end: time | None = None
    skills_offered: tuple[str, ...] = ()
    skills_wanted: tuple[str, ...] = ()
    bio: str = ""
    organizer: bool = False
    reminders: bool = True
    noticed_at: datetime | None = None
    welcomed_at: datetime | None = None
    preferred: str = ""
    appointed: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """A member on one platform, with what the platform said of them: locale and zone to guess from, admin or not."""

    user: UserRef
    member_id: str
    locale: str | None = None
    zone_hint: str | None = None
    admin: bool = False

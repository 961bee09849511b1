"""What a member asked to be reminded of, and the names under which it waits."""

from __future__ import annotations

from dataclasses import dataclass

PERSONAL = "reminders.personal"
MOST = 50
"""Reminders of one member that may wait at the same time."""
LONGEST = 1000
"""Characters of what somebody is reminded of."""
LONGEST_WHEN = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """What to be reminded of, when (in the member's own words), and the message it is about, if it is about one."""

    text: str
    when: str = ""
    link: str = ""


def subject(reminder_id: str) -> str:
    """Return the name under which all work about a reminder is found: the first time, and each time after that."""
    return f"reminder:{reminder_id}"


def key(reminder_id: str, number: int) -> str:
    """Return the key of the first time a reminder is sent, or of a later one."""
    return f"remind:{reminder_id}:{number}"

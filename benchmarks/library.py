"""A library, a community and questions, made up by rule: the same ones in every run, with nobody and nothing real."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from bot.features.members.model import Identity, Member
from bot.features.resources.model import Resource, ResourceText
from bot.messages import UserRef

LANGUAGES = ("en", "fr", "es")
PLATFORM, WORKSPACE = "bench", "W"
JOINED = datetime(2026, 1, 1, tzinfo=UTC)
ZONES = ("Africa/Dakar", "America/Lima", "Asia/Manila", "Europe/Zurich", "Pacific/Apia")
KINDS = ("guide", "report", "toolkit", "course", "case-study", "policy")
SEED = 20_261_123
TRANSLATED = 3
"""Every third resource is described in all three languages, the others in their own."""
MISSPELT, UNKNOWN = 10, 11
"""Of so many questions one has a word misspelt, and one asks for what nobody has."""


@cache
def texts() -> dict[tuple[str, str], list[str]]:
    """Return the pieces of ``texts.tsv``: by what they are and their language."""
    rows = Path(__file__).with_name("texts.tsv").read_text(encoding="utf-8").splitlines()
    split = (row.split("\t") for row in rows if not row.startswith("#"))
    return {(what, language): pieces.split("|") for what, language, pieces in split}


def made_up_name(number: int) -> str:
    """Return a name that no language has: libraries are full of places and projects that occur once."""
    syllables = ("ta", "ro", "mi", "ke", "lu", "va", "no", "si", "da", "pe", "zu", "bo")
    first, second, third = number % 12, number // 12 % 12, number // 144 % 12
    return (syllables[first] + syllables[second] + syllables[third] + "n").capitalize()


def _text(language: str, subject: int, form: int, number: int) -> ResourceText:
    details = random.Random(SEED + number).sample(texts()["details", language], 3)
    title = f"{texts()['forms', language][form]} {texts()['subjects', language][subject]}: {made_up_name(number)}"
    return ResourceText(title, f"{' '.join(details)} ({made_up_name(number + 700)})")


def resources(count: int) -> Iterator[Resource]:
    """Make the library: each resource in its own language, every third described in all."""
    for number in range(count):
        language = LANGUAGES[number % 3]
        subject, form = number // 3 % 24, number // 72 % 7
        wanted = LANGUAGES if number % TRANSLATED == number // 72 % TRANSLATED else (language,)
        yield Resource(
            id=f"r{number:06}",
            url=f"https://library.example/{number}",
            kind=KINDS[number % len(KINDS)],
            language=language,
            source=f"Institute {made_up_name(number % 40)}",
            region="global",
            tags=(f"subject-{subject}", KINDS[number % len(KINDS)]),
            checked_on=date(2026, 1 + number % 12, 1),
            texts={each: _text(each, subject, form, number) for each in wanted},
        )


def user(number: int) -> UserRef:
    """Return a member's account."""
    return UserRef(PLATFORM, WORKSPACE, f"u{number}")


def language_of(number: int) -> str:
    """Return what a member speaks first."""
    return LANGUAGES[number % 3]


def members(count: int) -> Iterator[tuple[Member, Identity]]:
    """Make the members, all welcomed long ago."""
    for number in range(count):
        name = f"m{number}"
        spoken = (language_of(number), LANGUAGES[(number + 1) % 3])
        zone = ZONES[number % len(ZONES)]
        member = Member(name, f"Member {number}", JOINED, spoken, zone, noticed_at=JOINED, welcomed_at=JOINED)
        yield member, Identity(user(number), name, spoken[0], zone)


@dataclass(frozen=True, slots=True)
class Asked:
    """What one member writes."""

    member: int
    text: str


def questions(count: int, members_: int) -> list[Asked]:
    """Make questions to the library, each by the next member, in that member's language."""
    return [Asked(number % members_, _question(number, language_of(number % members_))) for number in range(count)]


def _question(number: int, language: str) -> str:
    subjects, forms = texts()["subjects", language], texts()["asking", language]
    subject = (
        texts()["nowhere", language][0]
        if number % UNKNOWN == UNKNOWN - 1
        else subjects[number // 3 * 7 % len(subjects)]
    )
    if number % MISSPELT == MISSPELT - 1:
        middle = len(subject) - 4
        subject = subject[:middle] + subject[middle + 1 :]
    return forms[number // 5 % len(forms)].format(subject)


def next_meeting(language: str) -> str:
    """Return how the next meeting is asked for."""
    return texts()["next_meeting", language][0]


def next_meetings(count: int, members_: int) -> list[Asked]:
    """Make as many members ask when the next meeting is."""
    return [Asked(number % members_, next_meeting(language_of(number % members_))) for number in range(count)]

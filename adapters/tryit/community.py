"""The sample community: members, rooms, library and meeting, loaded from the files in ``sample/`` at first start."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from adapters.tryit.gateway import channel_ref, user_ref
from adapters.tryit.platform import ChatPlatform
from adapters.tryit.records import Role
from adapters.tryit.suggestions import Suggestion, conversations
from bot.features.meetings.drafting import propose
from bot.features.meetings.model import Answer, Draft, Meeting, Occurrence, PlaceAudience, Rsvp
from bot.features.meetings.scheduling import create
from bot.features.members.model import Identity, Member
from bot.features.resources.model import Resource, ResourceText
from bot.features.rooms.model import Purpose, Room
from bot.messages import ChannelRef, UserRef
from bot.ports import UnitOfWork
from bot.times.wall import resolve

FILES = Path(__file__).with_name("sample")
MEETING_PLACE = "https://meet.example/skills-core-group"
SECOND_THOUGHTS = 4
"""Every fourth member has not answered the invitation yet."""

ROOMS = (
    ("announcements", "announcements", Purpose.ANNOUNCEMENTS, "en"),
    ("plenary", "plenary", Purpose.PLENARY, "en"),
    ("english-1", "English 1", Purpose.LANGUAGE, "en"),
    ("english-2", "English 2", Purpose.LANGUAGE, "en"),
    ("francais", "Français", Purpose.LANGUAGE, "fr"),
    ("espanol", "Español", Purpose.LANGUAGE, "es"),
)


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """One entry of ``members.json``."""

    user: str
    name: str
    data: Mapping[str, Any]

    @property
    def newcomer(self) -> bool:
        """Whether they have not joined yet."""
        return bool(self.data.get("newcomer"))

    @property
    def role(self) -> Role:
        """Organizer, member or newcomer."""
        return "newcomer" if self.newcomer else cast("Role", self.data["role"])


def people() -> tuple[SamplePerson, ...]:
    """Return everybody in the sample."""
    entries = json.loads((FILES / "members.json").read_text(encoding="utf-8"))
    return tuple(SamplePerson(entry["user"], entry["name"], entry) for entry in entries)


def organizers() -> frozenset[str]:
    """Return the identities of the sample's organizers, as the setting ORGANIZERS would name them."""
    return frozenset(f"tryit:{person.user}" for person in people() if person.role == "organizer")


def agenda_text() -> str:
    """Return the sample's agenda as an organizer would paste it."""
    return (FILES / "agenda.txt").read_text(encoding="utf-8")


def next_agenda_text() -> str:
    """Return the agenda of a meeting a week later, to schedule beside the one that is planned already."""
    return agenda_text().replace("1st Meeting", "2nd Meeting").replace("19 November", "26 November")


def sample_suggestions() -> tuple[Suggestion, ...]:
    """Return what a visitor may try first, with people of the sample."""
    by_role = {person.role: person.user for person in reversed(people())}
    writer = next(p.user for p in people() if not p.newcomer and p.data["languages"][0] == "fr")
    return conversations(
        agenda=next_agenda_text(),
        organizer=next(p.user for p in people() if p.role == "organizer" and p.data["languages"][0] == "en"),
        newcomer=by_role["newcomer"],
        writer=writer,
        room="english-1",
    )


def first_moment() -> datetime:
    """Return where the sample's clock starts: two days before its meeting."""
    proposal = propose(_draft(datetime.min.replace(tzinfo=UTC)), ("Europe/Zurich",), datetime(2020, 1, 1, tzinfo=UTC))
    assert proposal.starts is not None  # noqa: S101 - our own file
    return resolve(proposal.starts).utc - timedelta(days=2)


def furnish(platform: ChatPlatform) -> None:
    """Give the sample chat its channels and accounts."""
    for channel, name, purpose, language in ROOMS:
        platform.add_channel(channel, name, purpose=purpose, language=language)
    for person in people():
        data = person.data
        locale = data.get("locale") or data["languages"][0]
        platform.add_user(person.user, person.name, role=person.role, locale=locale, zone=data.get("zone"))
    everywhere = [channel for channel, _name, purpose, _language in ROOMS if purpose is not Purpose.LANGUAGE]
    for person in people():
        if not person.newcomer:
            for channel in (*everywhere, *_language_channels(person)):
                platform.add_to_channel(channel, person.user)


def _language_channels(person: SamplePerson) -> list[str]:
    spoken = person.data["languages"]
    return [
        channel for channel, _name, purpose, language in ROOMS if purpose is Purpose.LANGUAGE and language in spoken
    ]


async def seed(
    uow: UnitOfWork,
    now: datetime,
    *,
    user: Callable[[str], UserRef] = user_ref,
    channel: Callable[[str], ChannelRef] = channel_ref,
) -> None:
    """Write the sample community's records; ``user`` and ``channel`` tell where its people and rooms are."""
    for room, name, purpose, language in ROOMS:
        await uow.rooms.save(Room(room, name, purpose, language, (channel(room),)))
    for person in people():
        if not person.newcomer:
            await uow.members.add(_member(person, now), Identity(user(person.user), person.user))
    for line in (FILES / "library.jsonl").read_text(encoding="utf-8").splitlines():
        await uow.resources.save(_resource(json.loads(line)))
    await _seed_meeting(uow, now)


def _member(person: SamplePerson, now: datetime) -> Member:
    data = person.data
    return Member(
        id=person.user,
        name=person.name,
        joined_at=now,
        languages=tuple(data["languages"]),
        zone=data["zone"],
        skills_offered=tuple(data["skills_offered"]),
        skills_wanted=tuple(data["skills_wanted"]),
        bio=data["bio"],
        organizer=person.role == "organizer",
        welcomed_at=now,
    )


def _resource(data: Mapping[str, Any]) -> Resource:
    texts = {data["language"]: ResourceText(data["title"], data["description"])}
    for language, text in data.get("texts", {}).items():
        texts[language] = ResourceText(text["title"], text["description"])
    return Resource(
        id=hashlib.sha256(data["url"].encode()).hexdigest()[:12],
        url=data["url"],
        kind=data["kind"],
        language=data["language"],
        source=data["source"],
        region=data["region"],
        tags=tuple(data["tags"]),
        checked_on=date.fromisoformat(data["checked_on"]),
        texts=texts,
    )


def _draft(at: datetime) -> Draft:
    return Draft("sample", "", agenda_text(), {}, at)


async def _seed_meeting(uow: UnitOfWork, now: datetime) -> None:
    host = next(person for person in people() if person.data.get("zone") == "Europe/Zurich")
    proposal = propose(_draft(now), (host.data["zone"],), now)
    assert proposal.starts is not None  # noqa: S101 - our own file
    meeting = Meeting(
        "core-group",
        proposal.title,
        proposal.starts.local,
        proposal.starts.zone,
        proposal.minutes,
        host.user,
        place=MEETING_PLACE,
        place_audience=PlaceAudience.GOING,
        background=proposal.background,
    )
    first = await create(uow, meeting, proposal.items, now)
    assert first is not None  # noqa: S101 - the clock starts before it
    await _seed_answers(uow, first, now)


async def _seed_answers(uow: UnitOfWork, occurrence: Occurrence, now: datetime) -> None:
    joined = [person for person in people() if not person.newcomer]
    for index, person in enumerate(joined):
        if index % SECOND_THOUGHTS:
            await uow.meetings.save_rsvp(Rsvp(occurrence.id, person.user, Answer.GOING, now))

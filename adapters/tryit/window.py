"""One viewer's window on the sample chat, and the words that stand around a conversation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from adapters.tryit.place import DIRECT_LINE, Place
from adapters.tryit.platform import ChatPlatform
from adapters.tryit.records import Channel, User
from adapters.tryit.render import zone_name
from bot.features.rooms.model import Purpose
from bot.i18n import _, available_languages, language_name, nearest, use_locale

ASSISTANT = "Connections"


@dataclass(frozen=True, slots=True)
class Window:
    """One viewer's window: who they are, where it is, in which language it speaks."""

    user: User
    place: Place
    channel: Channel | None
    language: str

    @property
    def zone(self) -> str:
        """The zone of the viewer's device."""
        return self.user.zone or "UTC"

    @property
    def title(self) -> str:
        """The conversation's name, in the current locale."""
        return f"#{self.channel.name}" if self.channel else _("Direct line")

    @property
    def about(self) -> str:
        """What the conversation is for, in the current locale."""
        if self.channel is None:
            return _("Only you and the assistant see this conversation.")
        match self.channel.purpose:
            case Purpose.ANNOUNCEMENTS:
                return _("News from the organizers, for everybody.")
            case Purpose.PLENARY:
                return _("Where the whole community meets.")
            case Purpose.LANGUAGE:
                return _("Language of this room: {language}.").format(language=language_name(self.channel.language))


def open_window(platform: ChatPlatform, viewer: str | None, channel: str | None, language: str | None) -> Window | None:
    """Return the window of a viewer (the first member if none is named), or None if viewer or channel is unknown."""
    users = platform.users()
    wanted = [user for user in users if user.id == viewer] if viewer else sorted(users, key=_first_choice)
    place_channel = channel or DIRECT_LINE
    channels = [each for each in platform.channels() if each.id == place_channel]
    if not wanted or not (channels or place_channel == DIRECT_LINE):
        return None
    user = wanted[0]
    chosen = language if language in available_languages() else None
    spoken = chosen or nearest([user.locale] if user.locale else [])
    return Window(user, Place(user.id, place_channel, chosen), next(iter(channels), None), spoken)


def _first_choice(user: User) -> bool:
    return user.role != "member"


def about_person(user: User, now: datetime) -> str:
    """Return where somebody is and what they speak ("Lima, UTC−5, Spanish")."""
    spoken = language_name(user.locale.partition("-")[0]) if user.locale else ""
    return ", ".join(part for part in (zone_name(user.zone or "UTC", now), spoken) if part)


def by_role(users: Sequence[User]) -> Iterator[tuple[str, list[tuple[int, User]]]]:
    """Return everybody with their position, under headings: organizers, members, newcomers, and who has not joined."""
    titles = {
        "organizer": _("Organizers"),
        "member": _("Members"),
        "newcomer": _("Newcomers"),
        "outside": _("Not joined yet"),
    }
    ordered = sorted(enumerate(users), key=lambda pair: (not pair[1].joined, list(titles).index(pair[1].role)))
    for role, people in groupby(ordered, key=lambda pair: pair[1].role if pair[1].joined else "outside"):
        yield titles[role], list(people)


def zone_note(zone: str, language: str, now: datetime) -> str:
    """Return the small print under a message with times, in the message's language."""
    with use_locale(language):
        return _("Times are in your zone: {zone}.").format(zone=zone_name(zone, now))

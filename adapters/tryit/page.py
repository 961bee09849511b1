"""The page for one viewer, put together from what the chat knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from markupsafe import Markup

from adapters.tryit.place import DIRECT_LINE, Place
from adapters.tryit.platform import ChatPlatform
from adapters.tryit.records import UNKNOWN_LANGUAGE, Posted, User, direct_line
from adapters.tryit.render import Eyes, environment, has_times, zone_name
from adapters.tryit.suggestions import Suggestion
from adapters.tryit.window import ASSISTANT, Window, about_person, by_role, open_window, zone_note
from bot.i18n import available_languages, own_name, use_locale
from bot.messages import Message
from bot.times.zones import tz

_TINTS = 8


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the choice of viewers: "Ana, Lima, Spanish"."""

    user: User
    initials: str
    tint: int
    about: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A message as one viewer sees it; ``new_day`` is set on the first message of a day."""

    id: int
    author: str
    initials: str
    tint: int | None
    own: bool
    private: bool
    edited: bool
    time: Markup
    new_day: Markup | None
    day: date
    language: str | None
    message: Message
    eyes: Eyes
    zone_note: str


@dataclass(frozen=True, slots=True)
class Room:
    """A channel in the list at the left."""

    id: str
    name: str
    language: str | None
    url: str
    current: bool
    direct: bool
    member: bool
    unread: int


class Pages:
    """Writes pages."""

    def __init__(self, platform: ChatPlatform, suggestions: Sequence[Suggestion]) -> None:
        """Show what ``platform`` holds, with suggestions of what to try."""
        self._chat = platform
        self._suggestions = suggestions
        self._template = environment().get_template("page.html")

    def window(self, viewer: str | None, channel: str | None, language: str | None) -> Window | None:
        """Return the window that an address names, or None if its viewer or channel does not exist."""
        return open_window(self._chat, viewer, channel, language)

    def write(self, window: Window, *, notice: str = "", draft: str = "", post: str) -> str:
        """Return the page for a window; what it shows counts as read."""
        with use_locale(window.language):
            unread = self._chat.unread(window.user.id)
            unread.pop(window.place.channel_id, None)
            page = self._template.render(
                self._head(window),
                rooms=list(self._rooms(window, unread)),
                people=self._people(window),
                entries=list(self._entries(window)),
                opened=self._chat.form(window.user.id),
                suggestions=self._suggestions_for(window),
                notice=notice,
                draft=draft,
                post=post,
                elsewhere=sum(unread.values()),
            )
        self._chat.mark_read(window.user.id, window.place.channel_id)
        return page

    def draft(self, name: str | None) -> str:
        """Return the text of a suggestion, or nothing."""
        return next((suggestion.draft() for suggestion in self._suggestions if suggestion.name == name), "")

    def _head(self, window: Window) -> dict[str, object]:
        now, channel = self._chat.now(), window.channel
        return {
            "window": window,
            "place": window.place,
            "eyes": Eyes(window.place, window.zone, window.language),
            "now": now,
            "zone": zone_name(window.zone, now),
            "assistant": ASSISTANT,
            "title": window.title,
            "about": window.about,
            "outside": channel is not None and channel.id not in self._chat.memberships(window.user.id),
            "languages": [
                (tag, own_name(tag), Place(window.user.id, window.place.channel, tag).url(), tag == window.language)
                for tag in available_languages()
            ],
        }

    def _rooms(self, window: Window, unread: dict[str, int]) -> Iterator[Room]:
        mine = self._chat.memberships(window.user.id)
        for channel in self._chat.channels():
            place = window.place.in_channel(channel.id)
            yield Room(
                channel.id,
                channel.name,
                channel.language if channel.language != window.language else None,
                place.url(),
                current=place == window.place,
                direct=False,
                member=channel.id in mine,
                unread=unread.get(channel.id, 0),
            )
        line = direct_line(window.user.id)
        place = window.place.in_channel(line)
        here = place == window.place
        yield Room(
            DIRECT_LINE, ASSISTANT, None, place.url(), here, direct=True, member=True, unread=unread.get(line, 0)
        )

    def _people(self, window: Window) -> list[tuple[str, list[Person]]]:
        return [
            (title, [self._person(user, position, window) for position, user in members])
            for title, members in by_role(self._chat.users())
        ]

    def _person(self, user: User, position: int, window: Window) -> Person:
        about = about_person(user, self._chat.now())
        url = Place(user.id, window.place.channel).url()
        return Person(user, initials(user.name), position % _TINTS, about, url, user.id == window.user.id)

    def _entries(self, window: Window) -> Iterator[Entry]:
        people = {user.id: (position, user) for position, user in enumerate(self._chat.users())}
        last: date | None = None
        for posted in self._chat.conversation(window.place.channel_id, window.user.id):
            entry = _entry(posted, people, window, last, self._chat.now())
            last = entry.day
            yield entry

    def _suggestions_for(self, window: Window) -> list[tuple[Suggestion, str]]:
        return [
            (each, Place(each.viewer or window.user.id, each.channel, window.place.language).url(**{"try": each.name}))
            for each in self._suggestions
        ]


def _entry(
    posted: Posted, people: dict[str, tuple[int, User]], window: Window, last: date | None, now: datetime
) -> Entry:
    tint, name = None, ASSISTANT
    if posted.author is not None:
        position, user = people[posted.author]
        tint, name = position % _TINTS, user.name
    day = posted.at.astimezone(tz(window.zone)).date()
    told = posted.message.language != UNKNOWN_LANGUAGE
    language = posted.message.language if told else window.language
    frame = Eyes(window.place, window.zone, window.language)
    return Entry(
        posted.id,
        name,
        initials(name),
        tint,
        own=posted.author == window.user.id,
        private=posted.visible_to is not None,
        edited=posted.edited,
        time=frame.time(posted.at, "time"),
        new_day=frame.time(posted.at, "date") if day != last else None,
        day=day,
        language=language if language != window.language else None,
        message=posted.message,
        eyes=replace(frame, language=language),
        zone_note=zone_note(window.zone, language, now) if has_times(posted.message) else "",
    )


def initials(name: str) -> str:
    """Return up to two letters that stand for a name."""
    words = [word for word in name.split() if word[0].isalnum()]
    letters = [word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)]
    return "".join(letters).upper()

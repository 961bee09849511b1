"""What is offered while somebody types: time zones by city, meetings, titles of the library, languages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import structlog

from bot.i18n import available_languages, language_name, nearest, use_locale
from bot.languagenames import OTHER_LANGUAGES, name_in_itself
from bot.messages import Option
from bot.platforms import Typed
from bot.ports import Clock, UnitOfWorkFactory
from bot.times.folding import folded_name
from bot.times.show import format_time
from bot.times.zones import find_zones, zone_label, zones_beginning

log = structlog.get_logger("connections.suggestions")

MOST = 25
"""Choices offered at once; Discord shows no more."""
LONGEST = 100
"""Characters of what is typed that are looked at, and of a title that is offered."""
TITLES_READ = 2000
"""In a library larger than this, titles are found by whole words only: reading them all would take too long."""

Find = Callable[[str, str], Awaitable[Sequence[Option]]]


class Suggestions:
    """Offers choices for what somebody has typed so far, in their language; reads only, and never raises."""

    def __init__(self, uow_factory: UnitOfWorkFactory, clock: Clock, languages: Sequence[str]) -> None:
        self._uow_factory = uow_factory
        self._clock = clock
        self._languages = tuple(languages)
        self._sources: dict[str, Find] = {
            "zones": self._zones,
            "meetings": self._meetings,
            "resources": self._resources,
            "languages": self._languages_called,
        }

    async def __call__(self, typed: Typed) -> tuple[Option, ...]:
        """Return at most ``MOST`` choices, the best first; none for a source that nobody knows."""
        source = self._sources.get(typed.source)
        try:
            found = await source(typed.text[:LONGEST], await self._locale(typed)) if source else ()
        except Exception:
            log.exception("nothing suggested", source=typed.source)
            return ()
        return tuple(found[:MOST])

    async def _locale(self, typed: Typed) -> str:
        async with self._uow_factory() as uow:
            member = await uow.members.by_user(typed.user)
        wanted = (*(member.languages if member else ()), *((typed.locale,) if typed.locale else ()))
        return nearest((*wanted, self._languages[0]), self._languages)

    async def _zones(self, text: str, locale: str) -> Sequence[Option]:
        languages = (locale, *(tag for tag in available_languages() if tag != locale))
        matches = {match.zone: match for match in (*zones_beginning(text, languages), *find_zones(text, languages))}
        now = self._clock.now()
        return [
            Option(match.zone, f"{match.label} – {zone_label(match.zone, locale, now)}") for match in matches.values()
        ]

    async def _meetings(self, text: str, locale: str) -> Sequence[Option]:
        async with self._uow_factory() as uow:
            found = await uow.meetings.occurrences(ends_after=self._clock.now(), limit=4 * MOST)
            titles = {meeting.id: meeting for meeting in await uow.meetings.all()}
        options = []
        for occurrence in found:
            meeting = titles[occurrence.meeting_id]
            with use_locale(locale):
                when = format_time(occurrence.starts_utc, meeting.zone)
            option = Option(occurrence.id, f"{when} – {meeting.title[:LONGEST]}")
            if _holds(option.label, text):
                options.append(option)
        return options

    async def _resources(self, text: str, locale: str) -> Sequence[Option]:
        if not text.strip():
            return []
        async with self._uow_factory() as uow:
            hits = await uow.search.find(text, languages=(locale,), limit=MOST)
            small = await uow.resources.count() <= TITLES_READ
            library = await uow.resources.all() if small and len(hits) < MOST else ()
        found = [(hit.resource.text(hit.language).title, hit.resource.language) for hit in hits]
        found += [(resource.text(locale).title, resource.language) for resource in library]
        begun = [pair for index, pair in enumerate(found) if index < len(hits) or _holds(pair[0], text)]
        return [
            Option(title[:LONGEST], f"{title[:LONGEST]} ({language_name(language, locale)})")
            for title, language in dict.fromkeys(begun)
        ]

    async def _languages_called(self, text: str, locale: str) -> Sequence[Option]:
        called = {
            tag: (language_name(tag, locale), name_in_itself(tag)) for tag in (*self._languages, *OTHER_LANGUAGES)
        }
        return [
            Option(tag, name if own is None or own == name else f"{name} – {own}")
            for tag, (name, own) in called.items()
            if _holds(f"{tag} {name} {own or ''}", text)
        ]


def _holds(text: str, typed: str) -> bool:
    """Whether each word that was typed begins a word of the text."""
    words = f" {folded_name(text)}"
    return all(f" {word}" in words for word in folded_name(typed).split())

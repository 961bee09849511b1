"""Neutral messages as HTML for one viewer: everything escaped, every instant on the viewer's own wall clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal, assert_never
from urllib.parse import urlsplit

from babel import Locale, dates
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from adapters.tryit.gateway import PLATFORM
from adapters.tryit.place import Place
from bot.i18n import _, current_locale, ngettext, pgettext, use_locale
from bot.messages import (
    Block,
    ChannelLink,
    ChannelRef,
    Fields,
    Items,
    Link,
    LocalTime,
    Mention,
    Message,
    Note,
    Paragraph,
    Quote,
    Rich,
    Span,
    Strong,
    Table,
    UserRef,
)
from bot.times.show import format_time
from bot.times.zones import tz

_SCHEMES = {"http", "https"}


@dataclass(frozen=True, slots=True)
class Eyes:
    """Whose eyes something is for: where their window is, their device's zone, and the language it is written in."""

    place: Place
    zone: str
    language: str

    def time(self, instant: datetime, style: Literal["full", "date", "time"]) -> Markup:
        """Return an instant as this viewer's clock shows it, and as machines read it."""
        with use_locale(self.language):
            shown = format_time(instant, self.zone, style)
        return Markup('<time datetime="{}">{}</time>').format(instant.isoformat().replace("+00:00", "Z"), shown)

    def rich(self, content: Rich) -> Markup:
        """Return running text as HTML."""
        return Markup().join(self._span(span) for span in content)

    def _span(self, span: Span) -> Markup:
        if isinstance(span, str):
            return Markup.escape(span)
        match span:
            case Strong(text):
                return Markup("<strong>{}</strong>").format(text)
            case Link(text, url):
                return _link(text, url)
            case LocalTime(instant, style):
                return self.time(instant, style)
            case Mention(name, users):
                return self._mention(name, users)
            case ChannelLink(name, channels):
                return self._channel_link(name, channels)
            case _:
                assert_never(span)

    def _mention(self, name: str, users: tuple[UserRef, ...]) -> Markup:
        me = any(user.platform == PLATFORM and user.user == self.place.viewer for user in users)
        return Markup('<bdi class="mention{}">@{}</bdi>').format(" me" if me else "", name)

    def _channel_link(self, name: str, channels: tuple[ChannelRef, ...]) -> Markup:
        here = next((channel.channel for channel in channels if channel.platform == PLATFORM), None)
        if here is None:
            return Markup("<bdi>{}</bdi>").format(name)
        address = self.place.in_channel(here).url()
        return Markup('<a class="channel" href="{}"><bdi>#{}</bdi></a>').format(address, name)


def _link(text: str, url: str) -> Markup:
    host = host_of(url)
    if not host:
        return Markup.escape(text)
    link = Markup('<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>').format(url, text)
    return link if host in text else link + Markup(' <small class="host">{}</small>').format(host)


def host_of(url: str) -> str:
    """Return the host of a web address as people know it, or nothing if it is not one to be followed."""
    try:
        address = urlsplit(url)
    except ValueError:
        return ""
    return (address.hostname or "").removeprefix("www.") if address.scheme in _SCHEMES else ""


def zone_name(zone: str, instant: datetime) -> str:
    """Return a zone as people name it, by its city and its offset at an instant ("Kathmandu, UTC+5:45")."""
    minutes = (instant.astimezone(tz(zone)).utcoffset() or timedelta()) // timedelta(minutes=1)
    if not minutes and zone in {"UTC", "Etc/UTC"}:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    offset = f"UTC{'−' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"
    locale = Locale.parse(current_locale(), sep="-")
    city = dates.get_timezone_location(tz(zone), locale=locale, return_city=True)
    return f"{city}, {offset}"


def has_times(message: Message) -> bool:
    """Tell whether a message shows any instant."""
    return any(isinstance(span, LocalTime) for block in message.blocks for span in _spans(block))


def _spans(block: Block) -> Iterator[Span]:
    match block:
        case Paragraph(text) | Quote(text) | Note(text):
            yield from text
        case Items(items):
            for item in items:
                yield from item
        case Fields(pairs):
            for _label, value in pairs:
                yield from value
        case Table(_headers, rows):
            for row in rows:
                for cell in row:
                    yield from cell


@lru_cache
def environment() -> Environment:
    """Return the templates, which escape what they are given and speak the current locale."""
    env = Environment(
        loader=PackageLoader("adapters.tryit"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_callables(_, ngettext, newstyle=True, pgettext=pgettext)  # type: ignore[attr-defined]
    env.filters["kind"] = lambda block: type(block).__name__
    return env

"""Text in Slack's mrkdwn: what members wrote is text and nothing else.

Source: docs.slack.dev/messaging/formatting-message-text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.i18n import use_locale
from bot.messages import ChannelLink, Link, LocalTime, Mention, Rich, Span, Strong, plain
from bot.times.show import format_time

LONGEST_WORD = 400
"""Characters of one piece of text; five for each when all of them are escaped."""
LOOKALIKES = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})
"""Slack knows no way to escape these."""
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
"""An underscore inside a word (snake_case) never starts italics."""
_WORDS = re.compile(rf"[\s\S]{{1,{LONGEST_WORD}}}(?!\S)[^\S\n]{{0,20}}\n?|\S{{1,{LONGEST_WORD}}}|\s")
"""As many whole words as fit, with the space after them; or a part of one that is longer."""
_QUOTED = re.compile(r"^(\s*)&gt;", re.MULTILINE)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_ADDRESS = re.compile(r"(?:https?://|mailto:)\S+", re.IGNORECASE)
DATES = {"full": "{date_long_pretty} {time}", "date": "{date_long}", "time": "{time}"}


def clean(text: str) -> str:
    """Return text without the characters that Slack does not take."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n"))


def escape(text: str) -> str:
    """Return text as mrkdwn that shows exactly it: no mention, no link, no formatting."""
    shown = _UNDERSCORE.sub("ˍ", clean(text).translate(LOOKALIKES))
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shorten(text: str, most: int) -> str:
    """Return the text, at most so many characters of it."""
    text = clean(text)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def in_utc(time: LocalTime) -> str:
    """Return an instant for whoever sees no local time, in the current locale."""
    return f"{format_time(time.instant, 'UTC', time.style)}{'' if time.style == 'date' else ' UTC'}"


def words(content: Rich, language: str) -> str:
    """Return spans as plain text."""
    with use_locale(language):
        return clean(plain(content, in_utc))


def is_text(content: Rich) -> bool:
    """Tell whether there is nothing but text."""
    return all(isinstance(span, str) for span in content)


def pieces(content: Rich, workspace: str) -> Iterator[str]:
    """Give spans as mrkdwn, in pieces that may stand in different blocks but must not be cut."""
    for span in content:
        yield from _span(span, workspace)


def text_pieces(text: str) -> list[str]:
    """Return text in pieces, nothing escaped."""
    return _WORDS.findall(clean(text))


def _span(span: Span, workspace: str) -> Iterator[str]:
    match span:
        case str():
            yield from map(escape, text_pieces(span))
        case Strong(text):
            yield from _strong(text)
        case Link(text, url):
            yield link(text, url)
        case LocalTime():
            yield date(span)
        case Mention(name, users):
            known = (ref.user for ref in users if (ref.platform, ref.workspace) == ("slack", workspace))
            yield from _reference("@", next(known, ""), name)
        case ChannelLink(name, channels):
            here = (ref.channel for ref in channels if (ref.platform, ref.workspace) == ("slack", workspace))
            yield from _reference("#", next(here, ""), name)


def _strong(text: str) -> Iterator[str]:
    bare = clean(text).strip()
    if "\n" in bare or not 0 < len(bare) <= LONGEST_WORD:
        yield from map(escape, text_pieces(text))
        return
    before, _bare, after = clean(text).partition(bare)
    yield f"{before[:20]}{strong(bare)}{after[:20]}"


def strong(text: str) -> str:
    """Return words in bold, on one line; nothing for nothing."""
    line = " ".join(clean(text).split())
    return f"*{escape(line)}*" if line else ""


def _reference(sign: str, ref: str, name: str) -> Iterator[str]:
    if re.fullmatch(r"[A-Z0-9]+", ref):
        yield f"<{sign}{ref}>"
    else:
        yield from map(escape, text_pieces(name))


def link(text: str, url: str) -> str:
    """Return a link; an address that is none of the web or of mail is only shown."""
    address = clean(url).strip()
    if not _ADDRESS.fullmatch(address) or len(address) > 1000:
        return escape(shorten(f"{text} ({url})" if text != url else url, LONGEST_WORD))
    safe = address.replace("&", "&amp;").replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")
    label = escape(shorten(" ".join(text.split()), LONGEST_WORD // 2)).replace("|", "ǀ")
    return f"<{safe}|{label}>" if label else f"<{safe}>"


def date(time: LocalTime) -> str:
    """Return an instant that each reader sees in their own zone, and in UTC where that cannot be."""
    fallback = escape(in_utc(time)).replace("|", " ")
    return f"<!date^{int(time.instant.timestamp())}^{DATES[time.style]}|{fallback}>"


def chunks(parts: Iterable[str], most: int) -> Iterator[str]:
    """Join pieces into texts of at most so many characters."""
    text = ""
    for part in parts:
        if text and len(text) + len(part) > most:
            yield text
            text = ""
        text += part
    if text:
        yield text


def unquoted(mrkdwn: str) -> str:
    """Return mrkdwn in which no line that somebody wrote begins a quotation."""
    return _QUOTED.sub(r"\1›", mrkdwn)

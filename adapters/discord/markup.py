"""Spans as Discord's markdown: what members wrote is escaped, so that it never becomes a mention, markup or a link."""

from __future__ import annotations

import re
from typing import assert_never
from urllib.parse import quote, urlsplit

from adapters.discord.refs import PLATFORM
from bot.messages import ChannelLink, Link, LocalTime, Mention, Rich, Span, Strong

BREAK = "\u200b"
"""A space of no width: it keeps ``@everyone`` from being read as a mention."""
_URL = re.compile(r"https?://[A-Za-z0-9\-._~/?#@$&'+,;=%:!]+", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Unicode's categories Cc and Cs, without the line feed and the tab."""
_MARKS = re.compile(r"([\\*_~`|<>\[\]()])")
_LINE_START = re.compile(r"^([ \t]*)([#\-+]|\d+(?=\.))", re.MULTILINE)
_AT = re.compile(r"@(?=everyone|here)|(?<=<)@(?=[!&]?\d)", re.IGNORECASE)
_STYLES = {"full": "F", "date": "D", "time": "t"}


def escape(text: str) -> str:
    """Return text that Discord shows as it was written; web addresses stay whole, for Discord links them itself."""
    text = _UNPRINTABLE.sub("", text)
    parts: list[str] = []
    end = 0
    for url in _URL.finditer(text):
        parts += [_MARKS.sub(r"\\\1", text[end : url.start()]), url.group()]
        end = url.end()
    parts.append(_MARKS.sub(r"\\\1", text[end:]))
    return _AT.sub("@" + BREAK, _LINE_START.sub(_at_line_start, "".join(parts)))


def _at_line_start(found: re.Match[str]) -> str:
    blanks, mark = found.groups()
    # A backslash does not escape a digit: the number's full stop would still make a list.
    return f"{blanks}{mark}{BREAK}" if mark.isdecimal() else f"{blanks}\\{mark}"


def strong(text: str) -> str:
    """Return words that stand out; nothing for nothing."""
    inner = escape(text.strip())
    return f"**{inner}**" if inner else ""


def markdown(content: Rich) -> str:
    """Return running text as Discord's markdown."""
    return "".join(_span(span) for span in content)


def one_line(content: Rich) -> str:
    """Return running text on a single line."""
    return " ".join(markdown(content).split("\n"))


def _span(span: Span) -> str:
    if isinstance(span, str):
        return escape(span)
    match span:
        case Strong(text):
            return strong(text)
        case Link(text, url):
            return _link(text, url)
        case LocalTime(instant, style):
            # https://discord.com/developers/docs/reference#message-formatting
            return f"<t:{int(instant.timestamp())}:{_STYLES[style]}>"
        case Mention(name):
            user = mentioned(span)
            return f"<@{user}>" if user else escape(name)
        case ChannelLink(name, channels):
            here = next((ref.channel for ref in channels if ref.platform == PLATFORM and _is_id(ref.channel)), None)
            return f"<#{here}>" if here else escape(name)
        case _:
            assert_never(span)


def mentioned(span: Mention) -> str | None:
    """Return the id of the person that a mention addresses on Discord."""
    return next((ref.user for ref in span.users if ref.platform == PLATFORM and _is_id(ref.user)), None)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 20


def _link(text: str, url: str) -> str:
    host = _host(url)
    if not host:
        return escape(text)
    address = quote(url, safe="%/:=&?~#+!$,;'@-._")
    if "://" in text or not text.strip():  # Discord makes no link of a text that looks like one
        return address
    shown = f"[{escape(text)}](<{address}>)"
    return shown if host in text else f"{shown} \\({escape(host)}\\)"


def _host(url: str) -> str:
    try:
        address = urlsplit(url)
        host = address.hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.") if address.scheme in {"http", "https"} else ""

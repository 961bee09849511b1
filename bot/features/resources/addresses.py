"""Addresses on the web: which ones a library can hold, and which of them are the same."""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

_PORTS = {"http": 80, "https": 443}
_KEPT = re.compile(r"%([0-9A-Fa-f]{2})")
_IN_TEXT = re.compile(r"https?://[^\s<>\"“”«»|]+", re.IGNORECASE)
_AFTER = ".,;:!?…'’*_~"
_NO_SCHEME = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?([/?#].*)?")

Fault = Literal["", "unsound", "secret"]


def normalised(url: str) -> str:
    """Return an address in the form that tells equal ones (RFC 3986, 6.2.2 and 6.2.3). Raises ValueError."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    port = f":{parts.port}" if parts.port not in {None, _PORTS.get(parts.scheme)} else ""
    path = _KEPT.sub(_percent, parts.path) or "/"
    place = f"[{host}]{port}" if ":" in host else f"{host}{port}"
    return urlunsplit(SplitResult(parts.scheme, place, path, _KEPT.sub(_percent, parts.query), parts.fragment))


def _percent(match: re.Match[str]) -> str:
    """Write what needs no escape as it is, and an escape in capitals."""
    sign = unquote(match[0], encoding="latin-1")
    return sign if re.fullmatch(r"[A-Za-z0-9._~-]", sign) else match[0].upper()


def fault(url: str) -> Fault:
    """Return why a library cannot hold an address: it is none, or it gives away a name or password; else nothing."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme in _PORTS and parts.hostname and not re.search(r"[\s\x00-\x20\x7f]", url)
        normalised(url)
    except ValueError:
        sound = False
    if not sound:
        return "unsound"
    return "secret" if "@" in parts.netloc else ""


def first_address(text: str) -> str:
    """Return the first web address in a text, without what ends the sentence around it, or nothing."""
    found = _IN_TEXT.search(text)
    if found is None:
        return ""
    address = found[0].rstrip(_AFTER)
    for opening, closing in ("()", "[]"):
        while address.endswith(closing) and address.count(closing) > address.count(opening):
            address = address[:-1].rstrip(_AFTER)
    return address


def completed(typed: str) -> str:
    """Return what somebody typed as an address, with the beginning that people leave out (``example.org/guide``)."""
    typed = typed.strip().strip("<>")
    return f"https://{typed}" if _NO_SCHEME.fullmatch(typed) else typed


def host_of(url: str) -> str:
    """Return the host of a sound address, in small letters."""
    return (urlsplit(url).hostname or "").rstrip(".")

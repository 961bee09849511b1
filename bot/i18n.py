"""The languages the assistant speaks: gettext catalogs, and one locale for each message.

English is the source language; every other language is one ``.po`` file under ``locales/``, read by Babel at first
use, so translators need no Python and there is no compile step. The locale is a context variable: each message is
written in its own reader's language, whatever else the process is doing.
"""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Literal

from babel import Locale, lists, negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE_LANGUAGE = "en"
LOCALES = Path(__file__).with_name("locales")
DOMAIN = "connections"

_locale: ContextVar[str] = ContextVar("locale", default=SOURCE_LANGUAGE)


@lru_cache
def available_languages() -> tuple[str, ...]:
    """Return the BCP-47 tags the assistant can speak, the source language first."""
    found = sorted(po.parent.parent.name for po in LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
    return (SOURCE_LANGUAGE, *found)


@lru_cache
def _translations(language: str) -> gettext.NullTranslations:
    if language == SOURCE_LANGUAGE:
        return gettext.NullTranslations()
    with (LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as po:
        catalog = read_po(po, locale=language, domain=DOMAIN)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def current_locale() -> str:
    """Return the language of the message being written."""
    return _locale.get()


@contextmanager
def use_locale(language: str) -> Iterator[None]:
    """Write what is inside in ``language`` (or in the nearest language there is)."""
    token = _locale.set(nearest((language,)))
    try:
        yield
    finally:
        _locale.reset(token)


def nearest(wanted: Iterable[str], available: Iterable[str] | None = None) -> str:
    """Return the first of ``wanted`` (BCP-47 tags) that can be spoken, or the source language."""
    choices = tuple(available or available_languages())
    return negotiate_locale([tag.replace("_", "-") for tag in wanted], choices, sep="-") or SOURCE_LANGUAGE


def _(msgid: str) -> str:
    """Translate ``msgid`` into the current locale."""
    return _translations(_locale.get()).gettext(msgid)


def ngettext(one: str, many: str, n: int) -> str:
    """Translate into the plural form of the current locale that fits ``n``."""
    return _translations(_locale.get()).ngettext(one, many, n)


def pgettext(context: str, msgid: str) -> str:
    """Translate ``msgid`` where the same English word means something of its own in ``context``."""
    return _translations(_locale.get()).pgettext(context, msgid)


def N_(msgid: str) -> str:  # noqa: N802 - gettext's own name for "mark only"
    """Mark ``msgid`` for translation later."""
    return msgid


def NP_(context: str, msgid: str) -> str:  # noqa: ARG001, N802
    """Mark ``msgid`` for translation later, in ``context``."""
    return msgid


def in_every_language(msgid: str, context: str | None = None) -> dict[str, str]:
    """Return ``msgid`` in each language the assistant speaks, by tag."""
    texts = {}
    for language in available_languages():
        catalog = _translations(language)
        texts[language] = catalog.pgettext(context, msgid) if context else catalog.gettext(msgid)
    return texts


def language_name(tag: str, locale: str | None = None) -> str:
    """Return a language's name, in the current locale unless another is given (``"fr"`` -> "French", "français")."""
    names = Locale.parse(locale or current_locale(), sep="-").languages
    return names.get(tag.replace("-", "_")) or names.get(tag.split("-", maxsplit=1)[0]) or tag


def own_name(tag: str) -> str:
    """Return a language's name in itself, as it stands at the head of a list ("Français")."""
    name = language_name(tag, tag)
    return name[:1].upper() + name[1:]


def join_list(items: Iterable[str], style: Literal["standard", "or"] = "standard") -> str:
    """Return the items as one phrase in the current locale ("a, b and c")."""
    text = lists.format_list(list(items), style=style, locale=current_locale())
    if current_locale().partition("-")[0] == "es":
        for pattern, sounding in _SPANISH:
            text = pattern.sub(sounding, text)
    return text


# "y" and "o" before the same sound (RAE, Diccionario panhispánico de dudas: "y", "o"); the Unicode tables leave it out.
_SPANISH = (
    (re.compile(r" y (?=h?[ií](?![aeoáéó]))", re.IGNORECASE), " e "),
    (re.compile(r" o (?=h?[oó])", re.IGNORECASE), " u "),
)

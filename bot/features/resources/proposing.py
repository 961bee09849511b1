"""What a member fills in to have something in the library: read, with a sentence for each field that is not right."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import InvalidInput
from bot.features.resources.addresses import completed, fault
from bot.i18n import N_, _
from bot.languagenames import read_language

MAX_TITLE = 200
MAX_URL = 2000
MAX_TAGS = 10
MAX_TAG = 40
MAX_DESCRIPTION = 1500
FIELDS = ("title", "address", "language", "tags", "description")


@dataclass(frozen=True, slots=True)
class Find:
    """Something for the library, as it was filled in."""

    title: str
    url: str
    language: str
    tags: tuple[str, ...]
    description: str


def clean(text: str) -> str:
    """Return a text without control characters and halves of characters, which no database keeps."""
    kept = (char for char in text if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"})
    return "".join(kept).strip()


def read_find(values: Mapping[str, str]) -> tuple[Find | None, dict[str, str]]:
    """Return what was filled in, or None and a sentence, in the current locale, for each field that is not right."""
    errors: dict[str, str] = {}
    read = {}
    for name, reader in (
        ("title", _title),
        ("address", _address),
        ("language", _language),
        ("description", _description),
    ):
        try:
            read[name] = reader(clean(values.get(name, "")))
        except InvalidInput as error:
            errors[name] = _(error.msgid).format(**error.params)
    try:
        tags = read_tags(clean(values.get("tags", "")))
    except InvalidInput as error:
        errors["tags"] = _(error.msgid).format(**error.params)
    if errors:
        return None, errors
    return Find(read["title"], read["address"], read["language"], tags, read["description"]), {}


def _title(text: str) -> str:
    title = " ".join(text.split())
    if not any(char.isalnum() for char in title):
        raise InvalidInput(N_("Please write a title, as it should stand in the library."))
    return _short_enough(title, MAX_TITLE)


def _address(text: str) -> str:
    url = _short_enough(completed(text), MAX_URL)
    wrong = fault(url)
    if wrong == "secret":
        raise InvalidInput(N_("This address holds a name or password before the “@”. Please take it out."))
    if wrong:
        raise InvalidInput(
            N_("“{text}” is not a web address. Please write one such as https://library.example/guide."),
            text=url[:60] or "–",
        )
    return url


def _language(text: str) -> str:
    tag = read_language(text)
    if tag is None:
        raise InvalidInput(
            N_("I do not know the language “{text}”. Please write its name or its code, such as fr."),
            text=text[:40] or "–",
        )
    return tag


def _description(text: str) -> str:
    return _short_enough(text, MAX_DESCRIPTION)


def read_tags(text: str) -> tuple[str, ...]:
    """Return tags as the library writes them: small letters, words joined by hyphens. Raises InvalidInput."""
    written = (re.sub(r"[\s_]+", "-", part.strip(" \t#")) for part in re.split(r"[,;\n]", text))
    tags = tuple(dict.fromkeys(tag.casefold() for tag in written if tag))
    if len(tags) > MAX_TAGS or any(len(tag) > MAX_TAG for tag in tags):
        raise InvalidInput(
            N_("Please write at most {count} tags of at most {length} characters, with commas between them."),
            count=MAX_TAGS,
            length=MAX_TAG,
        )
    return tags


def _short_enough(text: str, limit: int) -> str:
    if len(text) > limit:
        raise InvalidInput(
            N_("That text is too long ({length} characters; at most {limit}). Please shorten it."),
            length=len(text),
            limit=limit,
        )
    return text

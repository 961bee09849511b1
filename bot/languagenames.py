"""Languages as people name them: a tag, or a name in English, French, Spanish or the language itself."""

from __future__ import annotations

from functools import lru_cache

import langcodes
from babel import Locale, UnknownLocaleError

from bot.times.folding import folded_name

READERS = ("en", "fr", "es")
OTHER_LANGUAGES = (
    "ar", "bn", "de", "fa", "fil", "ha", "hi", "ht", "id", "it", "ja", "ko", "mg", "ms", "ne", "nl", "pt", "qu", "ru",
    "rw", "sm", "sw", "ta", "th", "tr", "uk", "ur", "vi", "wo", "zh",
)  # fmt: skip
"""Languages a member can name besides the community's own, so that organizers learn which rooms are missing."""


def read_language(text: str) -> str | None:
    """Return the BCP-47 tag of a language written as a tag ("pt-BR") or as a name ("Portuguese"), or None."""
    wanted = text.strip().replace("_", "-")
    if langcodes.tag_is_valid(wanted) and len(wanted.split("-", maxsplit=1)[0]) <= 3:
        return langcodes.standardize_tag(wanted)
    return _names().get(folded_name(wanted))


@lru_cache
def _names() -> dict[str, str]:
    """Return the tag of each name, folded; a name in a reader's language goes before one in the language itself."""
    names: dict[str, str] = {}
    for tag in Locale.parse("en").languages:
        own = name_in_itself(str(tag))
        if own:
            names.setdefault(folded_name(own), str(tag).replace("_", "-"))
    for reader in READERS:
        for tag, name in Locale.parse(reader).languages.items():
            names[folded_name(name)] = str(tag).replace("_", "-")
    return names


def name_in_itself(tag: str) -> str | None:
    """Return a language's name in the language itself, if the Unicode tables know it."""
    try:
        return Locale.parse(tag).languages.get(tag)
    except (UnknownLocaleError, ValueError):
        return None

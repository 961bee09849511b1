"""The names and descriptions of commands in the languages of Discord's own menus."""

from __future__ import annotations

import re
from collections.abc import Mapping

import discord

from bot.i18n import SOURCE_LANGUAGE

NAME = 32
DESCRIPTION = 100
_NOT_IN_NAMES = re.compile(r"[^\w-]+")


def name_of(text: str) -> str:
    """Return a text as the name of a command or an option, or nothing where it makes none of 32 characters.

    Discord allows letters, digits, hyphens and underscores, in lower case:
    https://discord.com/developers/docs/interactions/application-commands#application-command-object
    """
    name = _NOT_IN_NAMES.sub("-", text.strip().lower().replace("’", "-")).strip("-_")
    return name if 0 < len(name) <= NAME and name == name.lower() else ""


def named(english: str, texts: Mapping[str, str]) -> discord.app_commands.locale_str:
    """Return a name with its translations by language; a language without one sees the English name."""
    found = {tag: text for tag, text in texts.items() if tag != SOURCE_LANGUAGE and text and text != english}
    return discord.app_commands.locale_str(english, translations=found)


class CatalogTranslator(discord.app_commands.Translator):
    """Gives Discord the translations that our catalogs have, for each of its variants of a language."""

    async def translate(
        self,
        string: discord.app_commands.locale_str,
        locale: discord.Locale,
        context: discord.app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return the translation, or None where there is none."""
        del context
        texts: Mapping[str, str] = string.extras.get("translations", {})
        return texts.get(locale.value) or texts.get(locale.value.split("-")[0])

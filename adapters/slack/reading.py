"""What people write on Slack, in plain words (docs.slack.dev/messaging/formatting-message-text)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.commands import CommandSpec
from bot.inbound import Ran

_TOKEN = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


def plain_words(text: str) -> str:
    """Return what somebody wrote as they saw it: names instead of references, addresses, no entities."""
    shown = _TOKEN.sub(_shown, text)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _shown(found: re.Match[str]) -> str:
    sign, target, label = found[1], found[2], found[3] or ""
    if sign in {"@", "#"}:
        return sign + (label.removeprefix(sign) or target)
    if sign == "!":
        return label or "@" + target.partition("^")[0]
    if not label or label == target:
        return target.removeprefix("mailto:")
    return label if label in target else f"{label} ({target})"


def addressed_to(text: str, bot: str) -> tuple[str, bool]:
    """Return the text without the assistant's own mention, and whether it was there."""
    called = re.compile(rf"<@{re.escape(bot)}(?:\|[^>]*)?>[\s,:]*")
    return called.sub("", text), called.search(text) is not None


def read_command(text: str, specs: Iterable[CommandSpec]) -> Ran:
    """Return the command that a text after the slash command begins with, the longest; any other text is plain words.

    Nothing at all asks for help.
    """
    given = plain_words(text)
    if not given:
        return Ran("help")
    folded = " ".join(given.lower().split())
    known = sorted((spec.words for spec in specs if spec.words), key=len, reverse=True)
    for words in known:
        if folded == words or folded.startswith(f"{words} "):
            rest = given.split(maxsplit=len(words.split()))
            return Ran(words, rest[-1] if len(rest) > len(words.split()) else "")
    return Ran("", given)

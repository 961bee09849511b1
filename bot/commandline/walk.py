"""The answers of somebody who sets the assistant up, tried as they come."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Any

import typer
from pydantic import SecretStr

from bot.checks import Finding
from bot.commandline import asking
from bot.config import Settings

TOKENS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "DISCORD_TOKEN")
AGAIN = "Mend it and press Enter to look again, or give another one, or write “skip” to go on"


class Walk:
    """What was answered, by the name of the setting; nothing is written."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def set(self, name: str, value: str) -> None:
        """Keep an answer."""
        self.values[name] = value

    def value(self, name: str) -> str:
        """Return what a setting is, by the answers or else as it was."""
        found = getattr(self._settings(), name.lower())
        if isinstance(found, SecretStr):
            return found.get_secret_value()
        return ",".join(found) if isinstance(found, tuple) else str(found)

    def token(self, name: str, label: str, shape: str, hint: str) -> None:
        """Ask for a token until it works, or until it is to be left at that. Raises typer.Abort."""
        kept = self.value(name)
        question = f"{label} (Enter keeps the one that is set)" if kept else label
        while True:
            given = asking.secret(question)
            if given.lower() == "skip":
                return
            kept = given or kept
            if not re.fullmatch(shape, kept):
                typer.echo(hint)
                continue
            self.set(name, kept)
            if asking.show(self.look(name)):
                return
            question = AGAIN

    def look(self, name: str) -> Sequence[Finding]:
        """Ask the platform about one token alone."""
        from bot.bootstrap import look_at_platforms  # noqa: PLC0415 - loads everything

        others = dict.fromkeys(TOKENS, "") | {name: self.value(name)}
        return asyncio.run(look_at_platforms(self._settings(**others, ORGANIZERS="")))

    def find_people(self, platform: str, words: str) -> Sequence[tuple[str, str]]:
        """Return whom somebody means: identity and name of each. Raises a DeliveryError."""
        from bot.bootstrap import find_people  # noqa: PLC0415

        return asyncio.run(find_people(self._settings(), platform, words))

    def _settings(self, **others: str) -> Settings:
        values: dict[str, Any] = {name.lower(): value for name, value in (self.values | others).items()}
        return Settings(**values)

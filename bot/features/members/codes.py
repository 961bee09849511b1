"""Codes by which two accounts become one member: short, easy to type, hard to guess."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import timedelta

from bot.messages import Call
from bot.services import Sealer

ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
"""Capitals and digits that nobody takes for one another: no 0 O, 1 I L, 2 Z, 5 S, 8 B, U V."""
LENGTH = 8
VALID = timedelta(minutes=10)
TRIES = 5
TRIES_OF_ALL = 50
WINDOW = timedelta(hours=1)
"""So many codes may be tried in vain within this time, by one member and by everybody together.

There are 23^8, about 78 billion codes: who tries fifty an hour while a hundred are open finds one in 1,700 years.
"""
SHAPE = r"(?=[\w\s]*\d)\w{3,5}\s{0,3}\w{3,5}"
"""What may be a code, or a mistyped one, in plain words: always with a digit, so that no words are taken for one."""


def new_code() -> str:
    """Return a code that nobody can foresee, with at least one digit."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if any(character.isdigit() for character in code):
            return code


def shown(code: str) -> str:
    """Return the code in two groups, as it is shown: ``K7MF-3QXD``."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def typed(text: str) -> str:
    """Return what somebody typed as a code is written: capitals and digits alone."""
    return "".join(character for character in unicodedata.normalize("NFKC", text).upper() if character.isalnum())


def digest(sealer: Sealer, code: str) -> str:
    """Return what is kept of a code: an HMAC under the installation's secret, by which it can only be recognised."""
    return sealer.action_id(Call("members.code", {"code": code}))

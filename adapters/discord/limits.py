"""What fits into Discord's messages and forms (https://discord.com/developers/docs/components/reference)."""

from __future__ import annotations

MAX_TEXT = 4000
"""Characters of all the text of one message."""
MAX_COMPONENTS = 40
MAX_ROW = 5
MAX_OPTIONS = 25
MAX_FILES = 10
LABEL = 80
PLACEHOLDER = 150
OPTION = 100
"""Characters of an option's value and of its label."""
FORM_TITLE = FIELD_LABEL = 45
FIELD_HINT = 100
FIELD_TEXT = 4000


def shorten(text: str, length: int) -> str:
    """Return at most ``length`` characters; an ellipsis shows that there were more."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"

"""Buttons and selects of Block Kit, within their limits (docs.slack.dev/reference/block-kit/block-elements)."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.slack.api import Json
from adapters.slack.markup import shorten
from bot.messages import Button, Buttons, Option, Select

MOST_LABEL = 75
MOST_VALUE = 150
MOST_MENU_LABEL = 300
MOST_OPTIONS = 100
MOST_GROUPS = 100
MOST_BUTTONS = 25
_BLANK = "–"


def plain_text(text: str, most: int) -> Json:
    """Return a text that is shown as it is; Slack takes no empty one."""
    return {"type": "plain_text", "text": shorten(text, most).strip() or _BLANK, "emoji": False}


def actions(block: Buttons) -> Iterator[Json]:
    """Give buttons in rows; the same id does not stand in one row twice."""
    row: dict[str, Json] = {}
    for button in block.buttons:
        if button.action_id in row or len(row) == MOST_BUTTONS:
            yield _row(row)
            row = {}
        row[button.action_id] = _button(button)
    if row:
        yield _row(row)


def _row(row: dict[str, Json]) -> Json:
    return {"type": "actions", "elements": list(row.values())}


def _button(button: Button) -> Json:
    style = {} if button.style == "default" else {"style": button.style}
    text = plain_text(button.label, MOST_LABEL)
    return {"type": "button", "text": text, "action_id": button.action_id, **style}


def menu(block: Select) -> Json | None:
    """Return a select beside its label; None when there is nothing to choose from."""
    offered = choices(block.options)
    if not offered:
        return None
    element = {
        "type": "static_select",
        "action_id": block.action_id,
        "placeholder": plain_text(block.label, MOST_VALUE),
        **offered,
    }
    return {"type": "section", "text": plain_text(block.label, MOST_MENU_LABEL), "accessory": element}


def option(choice: Option) -> Json:
    """Return one choice."""
    return {"text": plain_text(choice.label, MOST_LABEL), "value": choice.value}


def carried(options: tuple[Option, ...]) -> list[Json]:
    """Return the choices whose value Slack can carry, each value once."""
    fitting = {choice.value: choice for choice in options if 0 < len(choice.value) <= MOST_VALUE}
    return [option(choice) for choice in fitting.values()][: MOST_OPTIONS * MOST_GROUPS]


def choices(options: tuple[Option, ...]) -> Json:
    """Return choices as Slack takes them: more than a hundred stand in groups, named by their first and last."""
    fitting = carried(options)
    if len(fitting) <= MOST_OPTIONS:
        return {"options": fitting} if fitting else {}
    groups = [fitting[start : start + MOST_OPTIONS] for start in range(0, len(fitting), MOST_OPTIONS)]
    return {"option_groups": [{"label": _span(group), "options": group} for group in groups]}


def _span(group: list[Json]) -> Json:
    first, last = (shorten(group[index]["text"]["text"], 35) for index in (0, -1))
    return plain_text(f"{first} – {last}", MOST_LABEL)

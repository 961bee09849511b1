"""The composition objects and interactive elements of Block Kit, with their documented limits.

Source: docs.slack.dev/reference/block-kit/block-elements and /composition-objects.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.emulators.slack.schema import (
    Check,
    all_of,
    anything,
    boolean,
    by_type,
    exactly_one,
    integer,
    items,
    one_of,
    shape,
    string,
)

IDENTIFIER = string(255)
URL = string(3000, pattern=r"\S+:\S+")
DATE = string(10, pattern=r"\d{4}-\d{2}-\d{2}")
TIME = string(5, pattern=r"\d{2}:\d{2}")


def plain(most: int) -> Check:
    """A text object that may only be plain."""
    return by_type({"plain_text": shape({"text": string(most)}, {"emoji": boolean})})


def rich(most: int) -> Check:
    """A text object of either type."""
    mrkdwn = shape({"text": string(most)}, {"verbatim": boolean})
    return by_type({"plain_text": shape({"text": string(most)}, {"emoji": boolean}), "mrkdwn": mrkdwn})


def _option(text: Check, extra: dict[str, Check] | None = None) -> Check:
    return shape({"text": text, "value": string(150)}, {"description": plain(75), **(extra or {})})


OPTION = _option(plain(75))
TICKED_OPTION = shape({"text": rich(75), "value": string(150)}, {"description": rich(75)})
OVERFLOW_OPTION = _option(plain(75), {"url": URL})
OPTION_GROUP = shape({"label": plain(75), "options": items(OPTION, 100)})
CONFIRM = shape(
    {"title": plain(100), "text": rich(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
DISPATCH = shape({}, {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 2)})

_COMMON: dict[str, Check] = {"action_id": IDENTIFIER, "focus_on_load": boolean}
_CONFIRMED: dict[str, Check] = {**_COMMON, "confirm": CONFIRM}
_MENU: dict[str, Check] = {**_CONFIRMED, "placeholder": plain(150)}
_TYPED: dict[str, Check] = {**_COMMON, "placeholder": plain(150), "dispatch_action_config": DISPATCH}
_FILTER = shape(
    {},
    {
        "include": items(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
_CONVERSATIONS: dict[str, Check] = {"default_to_current_conversation": boolean, "filter": _FILTER}


def _initial_is_offered(value: dict[str, Any], pointer: str) -> Iterator[str]:
    """An initial option must be one of those offered, exactly."""
    offered = list(value.get("options") or [])
    for group in value.get("option_groups") or []:
        offered += group.get("options", []) if isinstance(group, dict) else []
    initial = list(value.get("initial_options") or [])
    if value.get("initial_option") is not None:
        initial.append(value["initial_option"])
    for option in initial:
        if option not in offered:
            yield f"[ERROR] initial option must be one of the options [json-pointer:{pointer}]"


def _static(extra: dict[str, Check]) -> Check:
    offers: dict[str, Check] = {"options": items(OPTION, 100), "option_groups": items(OPTION_GROUP, 100)}
    return all_of(shape({}, {**_MENU, **offers, **extra}), exactly_one("options", "option_groups"), _initial_is_offered)


def _ticked(extra: dict[str, Check]) -> Check:
    return all_of(shape({"options": items(TICKED_OPTION, 10)}, {**_CONFIRMED, **extra}), _initial_is_offered)


def _menu(**extra: Check) -> Check:
    return shape({}, {**_MENU, **extra})


_MOST = {"max_selected_items": integer(1, 1_000_000)}
_LIST = items(string(255), 1000)

BUTTON = shape(
    {"text": plain(75)},
    {
        "action_id": IDENTIFIER,
        "url": URL,
        "value": string(2000, least=0),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
)
IMAGE = all_of(
    shape({"alt_text": string(2000)}, {"image_url": URL, "slack_file": anything}),
    exactly_one("image_url", "slack_file"),
)

SINGLE_SELECTS: dict[str, Check] = {
    "static_select": _static({"initial_option": OPTION}),
    "external_select": _menu(initial_option=OPTION, min_query_length=integer(0, 255)),
    "users_select": _menu(initial_user=string(255)),
    "conversations_select": _menu(initial_conversation=string(255), response_url_enabled=boolean, **_CONVERSATIONS),
    "channels_select": _menu(initial_channel=string(255), response_url_enabled=boolean),
}
MULTI_SELECTS: dict[str, Check] = {
    "multi_static_select": _static({"initial_options": items(OPTION, 100), **_MOST}),
    "multi_external_select": _menu(initial_options=items(OPTION, 100), min_query_length=integer(0, 255), **_MOST),
    "multi_users_select": _menu(initial_users=_LIST, **_MOST),
    "multi_conversations_select": _menu(initial_conversations=_LIST, **_CONVERSATIONS, **_MOST),
    "multi_channels_select": _menu(initial_channels=_LIST, **_MOST),
}
PICKERS: dict[str, Check] = {
    "datepicker": _menu(initial_date=DATE),
    "timepicker": _menu(initial_time=TIME, timezone=string(255)),
    "datetimepicker": shape({}, {**_CONFIRMED, "initial_date_time": integer(1_000_000_000, 9_999_999_999)}),
    "checkboxes": _ticked({"initial_options": items(TICKED_OPTION, 10)}),
    "radio_buttons": _ticked({"initial_option": TICKED_OPTION}),
}
INPUTS: dict[str, Check] = {
    "plain_text_input": shape(
        {},
        {
            **_TYPED,
            "initial_value": string(3000, least=0),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        },
    ),
    "email_text_input": shape({}, {**_TYPED, "initial_value": string(3000, least=0)}),
    "url_text_input": shape({}, {**_TYPED, "initial_value": string(3000, least=0)}),
    "number_input": shape(
        {"is_decimal_allowed": boolean},
        {**_TYPED, "initial_value": string(255), "min_value": string(255), "max_value": string(255)},
    ),
    "rich_text_input": shape({}, {**_TYPED, "initial_value": anything}),
    "file_input": shape({}, {"action_id": IDENTIFIER, "filetypes": _LIST, "max_files": integer(1, 10)}),
}
OVERFLOW = shape({"options": items(OVERFLOW_OPTION, 5)}, {"action_id": IDENTIFIER, "confirm": CONFIRM})

_CHOICES = {**SINGLE_SELECTS, **MULTI_SELECTS, **PICKERS}
IN_ACTIONS: dict[str, Check] = {
    **_CHOICES,
    "button": BUTTON,
    "overflow": OVERFLOW,
    "workflow_button": shape({"text": plain(75), "workflow": anything}, {"action_id": IDENTIFIER, "style": anything}),
}
IN_SECTION: dict[str, Check] = {**IN_ACTIONS, "image": IMAGE}
IN_INPUT: dict[str, Check] = {**_CHOICES, **INPUTS}

_FEEDBACK = shape({"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)})
IN_CONTEXT_ACTIONS: dict[str, Check] = {
    "feedback_buttons": shape({"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, {"action_id": IDENTIFIER}),
    "icon_button": shape(
        {"icon": one_of("trash"), "text": plain(75)},
        {
            "action_id": IDENTIFIER,
            "value": string(2000),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
            "visible_to_user_ids": _LIST,
        },
    ),
}

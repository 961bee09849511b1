"""What stands on a message or view, and what choosing something there becomes in a payload's state."""

from __future__ import annotations

from typing import Any

from tests.emulators.slack.limits import elements_of
from tests.emulators.slack.state import Json, Message, View

Surface = Message | View


class NotShownError(LookupError):
    """A person tried something that is not there to be tried."""


TEXTS = {"plain_text_input", "email_text_input", "url_text_input", "number_input"}
FIELDS = {
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "rich_text_input": "rich_text_value",
    **dict.fromkeys(TEXTS, "value"),
    **dict.fromkeys(["static_select", "external_select", "radio_buttons", "overflow"], "selected_option"),
    **dict.fromkeys(["multi_static_select", "multi_external_select", "checkboxes"], "selected_options"),
}
"""Where each kind of element puts what was chosen."""


def find(surface: Surface, action_id: str, block_id: str | None = None) -> tuple[Json, Json]:
    """The block and element with this action_id.

    Raises:
        NotShownError: when it is not there; says what is.
    """
    shown: list[str] = []
    for block in surface.blocks:
        for element in elements_of(block):
            shown.append(str(element.get("action_id")))
            if element.get("action_id") == action_id and block_id in {None, block["block_id"]}:
                return block, element
    raise NotShownError(f"{action_id!r} is not shown; what is: {', '.join(shown) or 'nothing to press'}")


def offered(element: Json, suggested: list[Json]) -> list[Json]:
    """The options that an element offers, flat; those of an external select are what was suggested last."""
    options = [*(element.get("options") or []), *suggested]
    for group in element.get("option_groups") or []:
        options += group["options"]
    return options


def chosen(element: Json, wanted: Any, suggested: list[Json]) -> Json:
    """The state that an element has once someone chose; options are wanted by their value.

    Raises:
        NotShownError: for an option that is not offered.
    """
    kind = element["type"]
    field = FIELDS[kind]
    if field == "selected_option":
        return {"type": kind, field: None if wanted is None else _option(element, wanted, suggested)}
    if field == "selected_options":
        return {"type": kind, field: [_option(element, each, suggested) for each in wanted or []]}
    return {"type": kind, field: wanted}


def _option(element: Json, wanted: Any, suggested: list[Json]) -> Json:
    for option in offered(element, suggested):
        if option["value"] == wanted:
            return option
    for option in _initial_options(element):
        if option["value"] == wanted:
            return option
    values = [option["value"] for option in offered(element, suggested)]
    raise NotShownError(f"{wanted!r} is not offered; what is: {values}")


def _initial_options(element: Json) -> list[Json]:
    one = element.get("initial_option")
    return [*([one] if one else []), *(element.get("initial_options") or [])]


def initial(element: Json) -> Json:
    """The state of an element that nobody touched."""
    kind = element["type"]
    field = FIELDS[kind]
    values: dict[str, Any] = {
        "selected_option": element.get("initial_option"),
        "selected_options": element.get("initial_options") or [],
        "value": element.get("initial_value"),
        "rich_text_value": element.get("initial_value"),
    }
    if field in values:
        return {"type": kind, field: values[field]}
    plural = field.endswith("s")
    return {"type": kind, field: element.get(field.replace("selected", "initial"), [] if plural else None)}


def state_values(surface: Surface, touched: Json) -> Json:
    """`state.values`: every element that holds something, as chosen or as it was at first."""
    values: Json = {}
    for block in surface.blocks:
        for element in elements_of(block):
            if element["type"] in FIELDS and element["type"] != "overflow":
                block_id, action_id = block["block_id"], element["action_id"]
                state = touched.get(block_id, {}).get(action_id) or initial(element)
                values.setdefault(block_id, {})[action_id] = state
    return values


def complaint(block: Json, state: Json) -> str:
    """What Slack itself says about an input before it lets a modal be submitted; empty when nothing."""
    element, value = block["element"], state.get(FIELDS[block["element"]["type"]])
    if value in (None, "", []):
        return "" if block.get("optional") else "Please complete this required field."
    if element["type"] == "plain_text_input":
        if len(value) < element.get("min_length", 0):
            return f"Must be at least {element['min_length']} characters."
        if len(value) > element.get("max_length", 3000):
            return f"Must be at most {element.get('max_length', 3000)} characters."
    if element["type"] == "email_text_input" and "@" not in value:
        return "Must be an email address."
    if element["type"] == "url_text_input" and "://" not in value:
        return "Must be a URL."
    if element["type"] == "number_input":
        return _number_complaint(element, value)
    return ""


def _number_complaint(element: Json, value: str) -> str:
    try:
        number = float(value)
    except ValueError:
        return "Must be a number."
    if not element["is_decimal_allowed"] and number != int(number):
        return "Must be a whole number."
    if number < float(element.get("min_value", "-inf")) or number > float(element.get("max_value", "inf")):
        return "Must be in range."
    return ""

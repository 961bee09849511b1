"""Forms as modals, and what was filled in (docs.slack.dev/reference/views/modal-views)."""

from __future__ import annotations

import json

from adapters.slack.api import Json
from adapters.slack.controls import MOST_LABEL, MOST_VALUE, carried, choices, option, plain_text
from adapters.slack.markup import shorten
from bot.i18n import _, use_locale
from bot.messages import Form, FormField, Option

MOST_TITLE = 24
MOST_INPUT = 3000
MOST_FIELDS = 50
TYPED = "value"
"""The action_id of what has no suggestions; that of a field with suggestions is their source."""


def modal(form: Form, place: Json) -> Json:
    """Return a form as a view; ``place`` comes back with the answers."""
    with use_locale(form.language):
        close = plain_text(_("Cancel"), MOST_TITLE)
    return {
        "type": "modal",
        "callback_id": form.action_id,
        "private_metadata": json.dumps(place),
        "title": plain_text(form.title, MOST_TITLE),
        "submit": plain_text(form.submit, MOST_TITLE),
        "close": close,
        "blocks": [block for field in form.fields[:MOST_FIELDS] for block in _blocks(field)],
    }


def _blocks(field: FormField) -> list[Json]:
    hint = {"hint": plain_text(field.hint, 2000)} if field.hint else {}
    block = {
        "type": "input",
        "block_id": field.name,
        "label": plain_text(field.label, 2000),
        "optional": not field.required,
        "element": _element(field),
        **hint,
    }
    if not field.error:
        return [block]
    return [block, {"type": "context", "elements": [plain_text(f"⚠ {field.error}", 2000)]}]


def _element(field: FormField) -> Json:
    if field.kind in {"select", "multiselect"} and (offered := choices(field.options)):
        return _menu(field, offered)
    if field.suggest and len(field.value) <= MOST_VALUE:
        return _external(field)
    longest = max(1, min(field.max_length, MOST_INPUT))
    return {
        "type": "plain_text_input",
        "action_id": TYPED,
        "multiline": field.kind == "long",
        "max_length": longest,
        **({"initial_value": shorten(field.value, longest)} if field.value else {}),
    }


def _menu(field: FormField, offered: Json) -> Json:
    options = carried(field.options)
    if field.kind == "select":
        chosen = [each for each in options if each["value"] == field.value]
        first = {"initial_option": chosen[0]} if chosen else {}
        return {"type": "static_select", "action_id": TYPED, **offered, **first}
    ticked = [each for each in options if each["value"] in field.value.split(",")][:100]
    several = {"initial_options": ticked} if ticked else {}
    return {"type": "multi_static_select", "action_id": TYPED, **offered, **several}


def _external(field: FormField) -> Json:
    first = {"initial_option": option(Option(field.value, field.value))} if field.value else {}
    return {"type": "external_select", "action_id": field.suggest, "min_query_length": 0, **first}


def suggestions(found: tuple[Option, ...], typed: str) -> list[Json]:
    """Return what is suggested, and in the end what was typed itself: nobody has to take a suggestion."""
    own = shorten(typed, MOST_VALUE).strip()
    known = any(own in {choice.value, choice.label} for choice in found)
    offered = found if known or not own else (*found[:99], Option(own, shorten(own, MOST_LABEL)))
    return carried(offered)[:100]


def errors(form: Form, view: Json) -> dict[str, str]:
    """Return what is wrong with each field that stands in a view; empty when the form is another one."""
    shown = {block["block_id"] for block in view.get("blocks", []) if block.get("type") == "input"}
    if shown != {field.name for field in form.fields}:
        return {}
    return {field.name: shorten(field.error, 2000) for field in form.fields if field.error}


def answers(view: Json) -> dict[str, str]:
    """Return what was filled in, by the names of the fields."""
    return {
        name: _value(next(iter(elements.values()), {}))
        for name, elements in view.get("state", {}).get("values", {}).items()
    }


def _value(state: Json) -> str:
    if "selected_options" in state:
        return ",".join(each["value"] for each in state["selected_options"])
    if "selected_option" in state:
        return str((state["selected_option"] or {}).get("value", ""))
    return str(state.get("value") or "").strip()

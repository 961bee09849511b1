"""Forms as modals, and what somebody filled in as the core's values."""

from __future__ import annotations

import unicodedata
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any

import discord

from adapters.discord.limits import FIELD_HINT, FIELD_LABEL, FIELD_TEXT, FORM_TITLE, MAX_OPTIONS, OPTION, shorten
from adapters.discord.views import action_of, custom_id, usable
from bot.errors import PermanentError
from bot.i18n import _, use_locale
from bot.messages import Form, FormField

MAX_FIELDS = 5
KEPT = 5000


class Forms:
    """Makes modals, and remembers what they asked: a label that somebody typed is turned back into its value."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, Form] = OrderedDict()
        self._serial = 0

    def modal(self, form: Form) -> discord.ui.Modal:
        """Return the modal of a form. Needs a running loop. Raises PermanentError for one that was not sealed."""
        if not 0 < len(form.action_id) <= OPTION - 12 or not 0 < len(form.fields) <= MAX_FIELDS:
            msg = "a form needs an id and one to five fields"
            raise PermanentError(msg)
        self._serial = self._serial % 99_999 + 1
        control = custom_id(form.action_id, self._serial)
        self._open[control] = form
        if len(self._open) > KEPT:
            self._open.popitem(last=False)
        title = shorten(form.title.strip(), FORM_TITLE) or "…"
        modal = discord.ui.Modal(title=title, timeout=None, custom_id=control)
        with use_locale(form.language):
            for field in form.fields:
                modal.add_item(_label(field))
        modal.stop()  # a submission is recognised by its id: discord.py need not remember the modal
        return modal

    def submitted(self, data: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
        """Return the action id of a submitted form and its values; an id that is not ours gives an empty one."""
        control = str(data.get("custom_id", ""))
        form = self._open.get(control)
        fields = {field.name: field for field in form.fields} if form else {}
        values = {}
        for item in _inputs(data.get("components", ())):
            name = str(item["custom_id"])
            field = fields.get(name)
            if "values" in item:
                values[name] = ",".join(item["values"])
            else:
                typed = str(item.get("value") or "").replace("\r\n", "\n").strip()
                values[name] = read_labels(field, typed) if field and is_typed(field) else typed
        return action_of(control), values


def _inputs(components: Any) -> Iterator[Mapping[str, Any]]:
    for item in components:
        if "component" in item:
            yield from _inputs((item["component"],))
        elif "components" in item:
            yield from _inputs(item["components"])
        elif "custom_id" in item:
            yield item


def is_typed(field: FormField) -> bool:
    """Whether a field's choices are too many, or too long, for one of Discord's menus: then its labels are typed."""
    options = usable(field.options)
    return bool(field.options) and (len(options) > MAX_OPTIONS or len(options) < len(field.options))


def read_labels(field: FormField, typed: str) -> str:
    """Return the values of the labels that somebody typed; what is no label stays as typed, for the core to say so."""
    known = {folded(name): option.value for option in field.options for name in (option.value, option.label)}
    if field.kind == "select":
        return known.get(folded(typed), typed)
    parts = [part.strip() for part in typed.replace("\n", ",").replace(";", ",").split(",")]
    return ",".join(dict.fromkeys(known.get(folded(part), part) for part in parts if part))


def folded(text: str) -> str:
    """Return text without accents and case, by which labels are compared."""
    apart = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


# --- one field -------------------------------------------------------------------------------------------------------


def _label(field: FormField) -> discord.ui.Label[Any]:
    label = " ".join(field.label.split())
    about = [f"⚠ {field.error}"] if field.error else [label if len(label) > FIELD_LABEL else "", field.hint]
    if is_typed(field) and not field.error:
        about.append(_("Several, with commas between them.") if field.kind == "multiselect" else "")
    description = shorten(" ".join(part for part in about if part), FIELD_HINT)
    return discord.ui.Label(
        text=shorten(label, FIELD_LABEL) or "…", description=description or None, component=_input(field)
    )


def _input(field: FormField) -> discord.ui.TextInput[Any] | discord.ui.Select[Any]:
    options = usable(field.options)
    if options and not is_typed(field):
        return _select(field, options)
    text = _typed_value(field) if field.options else field.value
    longest = max(1, min(field.max_length, FIELD_TEXT))
    return discord.ui.TextInput(
        style=discord.TextStyle.long if field.kind == "long" else discord.TextStyle.short,
        custom_id=field.name,
        required=field.required,
        default=shorten(text, longest) or None,
        max_length=longest,
    )


def _select(field: FormField, options: list[tuple[str, str]]) -> discord.ui.Select[Any]:
    many = field.kind == "multiselect"
    chosen = set(field.value.split(",")) if many else {field.value}
    return discord.ui.Select(
        custom_id=field.name,
        required=field.required,
        min_values=1 if field.required else 0,
        max_values=len(options) if many else 1,
        options=[discord.SelectOption(label=label, value=value, default=value in chosen) for value, label in options],
    )


def _typed_value(field: FormField) -> str:
    labels = {option.value: option.label for option in field.options}
    values = field.value.split(",") if field.kind == "multiselect" else [field.value]
    return ", ".join(labels.get(value, value) for value in values if value)

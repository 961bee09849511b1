"""How what a person fills in becomes the data of an interaction, refused where the Discord app would refuse it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tests.emulators.discord import payloads
from tests.emulators.discord.components import CHECKBOX, CHECKBOXES, LABEL, RADIOS, ROW, STRING_SELECT, TEXT, TEXT_INPUT
from tests.emulators.discord.permissions import in_channel
from tests.emulators.discord.state import Channel, Json, Modal, Role, User
from tests.emulators.discord.world import World

STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER = 3, 4, 5, 6, 7, 8, 9, 10
ENTITIES = (USER, CHANNEL, ROLE, MENTIONABLE)


class Refused(Exception):  # noqa: N818 - it is no error of the emulator: the app would not let the person do it
    """The Discord app would not let this person do this."""


# --- commands -------------------------------------------------------------------------------------------------------


def command_data(world: World, command: Json, path: list[str], values: Mapping[str, Any], *, partial: bool) -> Json:
    """The data of a slash command; with `partial`, required options may still be missing, as in autocomplete."""
    data: Json = {"id": command["id"], "name": command["name"], "type": 1}
    options, holder = command.get("options") or [], data
    for step in path:
        found = next((item for item in options if item["name"] == step and item["type"] in {1, 2}), None)
        if found is None:
            raise Refused(f"No subcommand {step!r}, only {[item['name'] for item in options]}")
        inner: Json = {"name": step, "type": found["type"], "options": []}
        holder["options"] = [inner]
        holder, options = inner, found.get("options") or []
    if any(item["type"] in {1, 2} for item in options):
        raise Refused(f"A subcommand is missing: one of {[item['name'] for item in options]}")
    unknown = set(values) - {item["name"] for item in options}
    missing = {item["name"] for item in options if item.get("required")} - set(values)
    if unknown or (missing and not partial):
        raise Refused(f"Options unknown {sorted(unknown)} or missing {sorted(missing)}")
    chosen = [item for item in options if item["name"] in values]
    holder["options"] = [_option(item, values[item["name"]], partial=partial) for item in chosen]
    resolved = resolve(world, [values[item["name"]] for item in chosen])
    return data | ({"resolved": resolved} if resolved else {})


def _option(option: Json, value: Any, *, partial: bool) -> Json:
    found: Json = {"name": option["name"], "type": option["type"]}
    if partial:
        return found | {"value": getattr(value, "id", value)}
    choices = {choice["name"]: choice["value"] for choice in option.get("choices") or []}
    value = choices.get(value, value) if isinstance(value, str) else value
    if choices and value not in choices.values():
        raise Refused(f"{option['name']} must be one of {list(choices)}")
    wanted = {STRING: str, INTEGER: int, BOOLEAN: bool, NUMBER: int | float}.get(option["type"], User | Role | Channel)
    if not isinstance(value, wanted) or (isinstance(value, bool) and option["type"] != BOOLEAN):
        raise Refused(f"{option['name']} cannot be {value!r}")
    if isinstance(value, str) and not (option.get("min_length", 0) <= len(value) <= option.get("max_length", 6000)):
        raise Refused(f"{option['name']} has the wrong length")
    if isinstance(value, int | float) and option["type"] in {INTEGER, NUMBER}:
        low, high = option.get("min_value", -(2**53)), option.get("max_value", 2**53)
        if not low <= value <= high:
            raise Refused(f"{option['name']} must be between {low} and {high}")
    return found | {"value": getattr(value, "id", value)}


def focus(command: Json, data: Json, name: str) -> None:
    """Mark the option that someone is typing in.

    Raises:
        Refused: when it completes nothing.
    """
    spec, holder = command, data
    while (holder.get("options") or [{}])[0].get("type") in {1, 2}:
        holder = holder["options"][0]
        spec = next(item for item in spec["options"] if item["name"] == holder["name"])
    declared = next(item for item in spec["options"] if item["name"] == name)
    if not declared.get("autocomplete"):
        raise Refused(f"{name} completes nothing")
    next(item for item in holder["options"] if item["name"] == name)["focused"] = True


def resolve(world: World, values: Iterable[Any]) -> Json:
    """The people, roles and channels that were chosen, in full."""
    found: Json = {}
    for value in values:
        if isinstance(value, User):
            found.setdefault("users", {})[value.id] = payloads.user_json(value)
            if value.id in world.guild.members:
                found.setdefault("members", {})[value.id] = _partial_member(world, value)
        elif isinstance(value, Role):
            found.setdefault("roles", {})[value.id] = payloads.role_json(value)
        elif isinstance(value, Channel):
            channel = payloads.partial_channel_json(value, world.guild, world.users, world.me)
            found.setdefault("channels", {})[value.id] = channel
    return found


def _partial_member(world: World, user: User) -> Json:
    member = world.guild.members[user.id]
    found = payloads.member_json(member)
    found.pop("deaf")
    found.pop("mute")
    allowed = in_channel(world.guild, member, Channel("0", 0))
    return found | {"permissions": str(int(allowed))}


# --- select menus and forms -----------------------------------------------------------------------------------------


def select_data(world: World, select: Json, values: list[Any]) -> Json:
    """What a select menu sends; options may be named by their label."""
    low, high = select.get("min_values", 1), select.get("max_values", 1)
    if "required" in select and not select["required"] and not values:
        low = 0
    if not low <= len(values) <= high:
        raise Refused(f"{select['custom_id']} takes {low} to {high} values")
    data: Json = {"type": select["type"], "custom_id": select["custom_id"], "id": select["id"]}
    if select["type"] == STRING_SELECT:
        return data | {"values": [_chosen(select, str(value)) for value in values]}
    resolved = resolve(world, values)
    return data | {"values": [value.id for value in values], "resolved": resolved}


def _chosen(holder: Json, value: str) -> str:
    for option in holder["options"]:
        if value in {option["value"], option["label"]}:
            return str(option["value"])
    raise Refused(f"No option {value!r}, only {[option['label'] for option in holder['options']]}")


def modal_data(world: World, modal: Modal, values: Mapping[str, Any]) -> Json:
    """What a form sends, with values by custom_id or label; inputs left out keep what was filled in before."""
    by_label = {label: custom_id for custom_id, label in modal.labels.items()}
    given = {by_label.get(name, name): value for name, value in values.items()}
    unknown = set(given) - set(modal.inputs)
    if unknown:
        raise Refused(f"No input {sorted(unknown)}, only {sorted(modal.inputs)}")
    resolved: Json = {}
    parts = []
    for item in modal.components:
        part: Json = {"type": item["type"], "id": item["id"]}
        if item["type"] == ROW:
            part["components"] = [_input(world, child, given, resolved) for child in item["components"]]
        elif item["type"] == LABEL:
            part["component"] = _input(world, item["component"], given, resolved)
        elif item["type"] != TEXT:
            continue
        parts.append(part)
    return {"custom_id": modal.custom_id, "components": parts} | ({"resolved": resolved} if resolved else {})


def _input(world: World, item: Json, given: Mapping[str, Any], resolved: Json) -> Json:
    value = given.get(item["custom_id"])
    part: Json = {"type": item["type"], "id": item["id"], "custom_id": item["custom_id"]}
    if item["type"] == TEXT_INPUT:
        return part | {"value": _typed(item, value)}
    if item["type"] == CHECKBOX:
        return part | {"value": bool(item.get("default") if value is None else value)}
    defaults = [option["value"] for option in item.get("options", []) if option.get("default")]
    chosen = defaults if value is None else [value] if isinstance(value, str) else list(value)
    if item.get("required", True) and not chosen:
        raise Refused(f"{item['custom_id']} must be filled in")
    if item["type"] == RADIOS:
        return part | {"value": _chosen(item, chosen[0]) if chosen else None}
    if item["type"] == CHECKBOXES:
        return part | {"values": [_chosen(item, one) for one in chosen]}
    data = select_data(world, item if chosen else item | {"min_values": 0}, chosen)
    for kind, found in data.pop("resolved", {}).items():
        resolved.setdefault(kind, {}).update(found)
    return data


def _typed(item: Json, value: Any) -> str:
    text = str(item.get("value") or "" if value is None else value)
    if not text:
        if item.get("required", True):
            raise Refused(f"{item['custom_id']} must be filled in")
        return ""
    low, high = item.get("min_length") or 0, item.get("max_length") or 4000
    if not low <= len(text) <= high:
        raise Refused(f"{item['custom_id']} takes {low} to {high} characters")
    return text

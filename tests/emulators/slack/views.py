"""Web API: views.*, and what a modal's stack does."""

from __future__ import annotations

import json
import secrets
from typing import Any

from tests.emulators.slack.calls import Arguments, method
from tests.emulators.slack.limits import VIEW_BYTES, view_problems
from tests.emulators.slack.payloads import with_block_ids
from tests.emulators.slack.state import Json, SlackError, View, Workspace

MOST_STACKED = 3
"""docs.slack.dev/surfaces/modals: a view stack holds three views."""


def checked(given: Any, kind: str) -> Json:
    """A view as it was sent.

    Raises:
        SlackError: `invalid_arguments` with what is wrong, or `view_too_large`.
    """
    found = view_problems(given)
    if not found and given["type"] != kind:
        found = [f"[ERROR] must be a valid enum value: {kind} [json-pointer:/view/type]"]
    if found:
        raise SlackError("invalid_arguments", found)
    if len(json.dumps(given)) > VIEW_BYTES:
        raise SlackError("view_too_large")
    return dict(given)


def _view(arguments: Arguments, kind: str) -> Json:
    return checked(arguments.value("view", "invalid_arguments"), kind)


def new_view(world: Workspace, user: str, given: Json, *, view_id: str = "", below: View | None = None) -> View:
    """A view as Slack keeps and shows it.

    Raises:
        SlackError: `duplicate_external_id`.
    """
    view_id = view_id or world.new_id("V")
    external = given.get("external_id") or ""
    others = [*(v for stack in world.modals.values() for v in stack), *world.homes.values()]
    if external and any(v.body["external_id"] == external and v.id != view_id for v in others):
        raise SlackError("duplicate_external_id")
    body: Json = {
        "id": view_id,
        "team_id": world.team_id,
        "type": given["type"],
        "blocks": with_block_ids(given["blocks"]),
        "private_metadata": given.get("private_metadata") or "",
        "callback_id": given.get("callback_id") or "",
        "state": {"values": {}},
        "hash": f"{int(world.clock.now())}.{secrets.token_hex(4)}",
        "title": given.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": bool(given.get("clear_on_close")),
        "notify_on_close": bool(given.get("notify_on_close")),
        "close": given.get("close"),
        "submit": given.get("submit"),
        "previous_view_id": below.id if below else None,
        "root_view_id": below.body["root_view_id"] if below else view_id,
        "app_id": world.app_id,
        "external_id": external,
        "app_installed_team_id": world.team_id,
        "bot_id": world.bot_id,
    }
    return View(user, body)


def _spend(world: Workspace, trigger_id: str) -> str:
    """Use a trigger up, and say whose it was."""
    trigger = world.triggers.get(trigger_id)
    if trigger is None:
        raise SlackError("invalid_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    if world.clock.monotonic() > trigger.until:
        raise SlackError("expired_trigger_id")
    trigger.used = True
    return trigger.user


@method("views.open", required=("trigger_id", "view"))
def open_(world: Workspace, arguments: Arguments) -> Json:
    """Open a modal."""
    given = _view(arguments, "modal")
    user = _spend(world, arguments.text("trigger_id"))
    view = new_view(world, user, given)
    world.modals[user] = [view]
    world.touched()
    return {"view": view.body}


@method("views.push", required=("trigger_id", "view"))
def push(world: Workspace, arguments: Arguments) -> Json:
    """Put a modal on top of the open one."""
    given = _view(arguments, "modal")
    user = _spend(world, arguments.text("trigger_id"))
    return {"view": push_view(world, user, given).body}


def push_view(world: Workspace, user: str, given: Json) -> View:
    """Put a modal on top of what someone has open.

    Raises:
        SlackError: `not_found` or `push_limit_reached`.
    """
    stack = world.modals.get(user, [])
    if not stack:
        raise SlackError("not_found")
    if len(stack) >= MOST_STACKED:
        raise SlackError("push_limit_reached")
    view = new_view(world, user, given, below=stack[-1])
    stack.append(view)
    world.touched()
    return view


def replace_view(world: Workspace, old: View, given: Json) -> View:
    """Show something else in an open modal; what was typed stays where block_id and action_id are the same."""
    fresh = new_view(world, old.user, given, view_id=old.id)
    for kept in ("previous_view_id", "root_view_id"):
        fresh.body[kept] = old.body[kept]
    fresh.state = old.state
    stack = world.modals[old.user]
    stack[stack.index(old)] = fresh
    world.touched()
    return fresh


@method("views.update", required=("view",))
def update(world: Workspace, arguments: Arguments) -> Json:
    """Change an open modal."""
    given = _view(arguments, "modal")
    view_id, external = arguments.text("view_id"), arguments.text("external_id")
    if not (view_id or external):
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: view_id"])
    views = [view for stack in world.modals.values() for view in stack]
    old = next((v for v in views if v.id == view_id or (external and v.body["external_id"] == external)), None)
    if old is None:
        raise SlackError("not_found")
    if arguments.text("hash") not in {"", old.body["hash"]}:
        raise SlackError("hash_conflict")
    return {"view": replace_view(world, old, given).body}


@method("views.publish", required=("user_id", "view"))
def publish(world: Workspace, arguments: Arguments) -> Json:
    """Show someone's Home tab."""
    given, user = _view(arguments, "home"), arguments.text("user_id")
    if user not in world.users:
        raise SlackError("user_not_found")
    old = world.homes.get(user)
    if old and arguments.text("hash") not in {"", old.body["hash"]}:
        raise SlackError("hash_conflict")
    world.homes[user] = new_view(world, user, given, view_id=old.id if old else "")
    world.touched()
    return {"view": world.homes[user].body}

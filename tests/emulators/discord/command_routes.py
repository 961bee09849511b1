"""Application commands, global and of the guild.

https://discord.com/developers/docs/interactions/application-commands#endpoints
"""

from __future__ import annotations

from typing import Any

from tests.emulators.discord.command_limits import MOST_COMMANDS
from tests.emulators.discord.errors import TOO_MANY_COMMANDS, UNKNOWN_COMMAND, ApiError, refuse
from tests.emulators.discord.limits import check
from tests.emulators.discord.state import Json
from tests.emulators.discord.web import Ask, Routes
from tests.emulators.discord.world import World

routes = Routes()
GLOBAL = "/applications/{application_id}/commands"
LOCAL = "/applications/{application_id}/guilds/{guild_id}/commands"
KEPT = (
    "name", "name_localizations", "description", "description_localizations", "options", "default_member_permissions",
    "nsfw", "contexts", "integration_types",
)  # fmt: skip


def _scope(world: World, ask: Ask) -> str | None:
    if ask["application_id"] != world.application_id:
        raise ApiError((403, 20012, "You are not authorized to perform this action on this application"))
    return world.find_guild(ask["guild_id"]).id if "guild_id" in ask.params else None


def _stored(world: World, scope: str | None, body: Json, old: Json | None) -> Json:
    found: Json = {"type": 1, "description": "", "nsfw": False, "default_member_permissions": None}
    found |= {key: body[key] for key in KEPT if key in body} | {"type": body.get("type") or 1}
    found |= {
        "id": old["id"] if old else world.ids.next(), "application_id": world.application_id,
        "version": world.ids.next(),
    }  # fmt: skip
    if scope:
        return found | {"guild_id": scope}
    return {"contexts": None, "integration_types": [0], "dm_permission": True} | found


def _same(commands: dict[str, Json], body: Json) -> Json | None:
    key = (body.get("type") or 1, body.get("name"))
    return next((item for item in commands.values() if (item["type"], item["name"]) == key), None)


def _counted(commands: list[Json]) -> None:
    for kind, most in MOST_COMMANDS.items():
        if sum(item["type"] == kind for item in commands) > most:
            raise ApiError(TOO_MANY_COMMANDS)


def listing(world: World, ask: Ask) -> list[Json]:
    return list(world.commands.get(_scope(world, ask), {}).values())


def create(world: World, ask: Ask) -> Json:
    scope = _scope(world, ask)
    body = ask.form
    refuse(check(body, "command"))
    commands = world.commands.setdefault(scope, {})
    fresh = _stored(world, scope, body, _same(commands, body))
    _counted([*(item for item in commands.values() if item["id"] != fresh["id"]), fresh])
    commands[fresh["id"]] = fresh
    return fresh


def overwrite(world: World, ask: Ask) -> list[Json]:
    scope = _scope(world, ask)
    if not isinstance(ask.body, list):
        raise ApiError((400, 50035, "Invalid Form Body"))
    refuse(check({"commands": ask.body}, "commands"))
    old = world.commands.get(scope, {})
    fresh = [_stored(world, scope, body, _same(old, body)) for body in ask.body]
    _counted(fresh)
    world.commands[scope] = {item["id"]: item for item in fresh}
    return fresh


def _find(world: World, ask: Ask) -> tuple[dict[str, Json], Json]:
    commands = world.commands.get(_scope(world, ask), {})
    if ask["command_id"] not in commands:
        raise ApiError(UNKNOWN_COMMAND)
    return commands, commands[ask["command_id"]]


def get(world: World, ask: Ask) -> Json:
    return _find(world, ask)[1]


def change(world: World, ask: Ask) -> Json:
    commands, old = _find(world, ask)
    body: dict[str, Any] = {key: old[key] for key in (*KEPT, "type") if key in old} | ask.form
    refuse(check(body, "command"))
    commands[old["id"]] = _stored(world, old.get("guild_id"), body, old)
    return commands[old["id"]]


def delete(world: World, ask: Ask) -> None:
    commands, old = _find(world, ask)
    commands.pop(old["id"])


for _base in (GLOBAL, LOCAL):
    routes.on("GET", _base)(listing)
    routes.on("POST", _base)(create)
    routes.on("PUT", _base)(overwrite)
    routes.on("GET", _base + "/{command_id}")(get)
    routes.on("PATCH", _base + "/{command_id}")(change)
    routes.on("DELETE", _base + "/{command_id}")(delete)

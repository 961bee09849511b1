"""The guild, its members and roles.

https://discord.com/developers/docs/resources/guild
"""

from __future__ import annotations

from typing import Any

from tests.emulators.discord import payloads
from tests.emulators.discord.errors import (
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    NOT_CONNECTED,
    UNKNOWN_ROLE,
    UNKNOWN_VOICE_STATE,
    ApiError,
    Problem,
    refuse,
)
from tests.emulators.discord.guild_payloads import called, guild_json
from tests.emulators.discord.limits import check
from tests.emulators.discord.permissions import EVERYTHING, Permission, in_guild, top_position
from tests.emulators.discord.state import Json, Member, Role
from tests.emulators.discord.web import Ask, Routes
from tests.emulators.discord.world import World

routes = Routes()
GUILD = "/guilds/{guild_id}"
MEMBER = GUILD + "/members/{user_id}"
MEMBERS_FLAG = 1 << 15
MOST_ROLES = (400, 30005, "Maximum number of guild roles reached (250)")


@routes.on("GET", GUILD)
def get(world: World, ask: Ask) -> Json:
    world.find_guild(ask["guild_id"])
    counts = {"approximate_member_count": len(world.guild.members), "approximate_presence_count": 0}
    return guild_json(world) | (counts if ask.query.get("with_counts") in {"1", "true"} else {})


@routes.on("DELETE", "/users/@me/guilds/{guild_id}")
def leave(world: World, ask: Ask) -> None:
    world.find_guild(ask["guild_id"])
    world.leave_guild()


# --- members --------------------------------------------------------------------------------------------------------


def _json(world: World, member: Member) -> Json:
    return payloads.member_json(member, world.users[member.user_id])


@routes.on("GET", GUILD + "/members")
def listing(world: World, ask: Ask) -> list[Json]:
    guild = world.find_guild(ask["guild_id"])
    if not world.application_flags & MEMBERS_FLAG:
        raise ApiError(MISSING_ACCESS)
    limit, after = ask.number("limit", 1, 1, 1000), int(ask.query.get("after", 0))
    members = sorted(guild.members.values(), key=lambda member: int(member.user_id))
    return [_json(world, member) for member in members if int(member.user_id) > after][:limit]


@routes.on("GET", GUILD + "/members/search")
def search(world: World, ask: Ask) -> list[Json]:
    guild = world.find_guild(ask["guild_id"])
    query = ask.query.get("query")
    if not query:
        refuse([Problem(("query",), "BASE_TYPE_REQUIRED", "This field is required")])
    limit = ask.number("limit", 1, 1, 1000)
    found = [item for item in guild.members.values() if called(world, item.user_id).startswith(str(query).lower())]
    return [_json(world, member) for member in found[:limit]]


@routes.on("GET", MEMBER)
def member(world: World, ask: Ask) -> Json:
    world.find_guild(ask["guild_id"])
    return _json(world, world.find_member(ask["user_id"]))


@routes.on("PATCH", GUILD + "/members/@me")
def change_me(world: World, ask: Ask) -> Json:
    world.find_guild(ask["guild_id"])
    world.need(Permission.CHANGE_NICKNAME)
    world.me.nick = ask.form.get("nick")
    world.tell_member(world.me)
    return _json(world, world.me)


@routes.on("PATCH", MEMBER)
def change(world: World, ask: Ask) -> Json:
    world.find_guild(ask["guild_id"])
    someone = world.find_member(ask["user_id"])
    body = ask.form
    if "nick" in body:
        world.need(Permission.MANAGE_NICKNAMES)
        someone.nick = body["nick"] or None
    if body.get("roles") is not None:
        _set_roles(world, someone, [str(role_id) for role_id in body["roles"]])
    if "channel_id" in body:
        _move(world, someone, body["channel_id"])
    world.tell_member(someone)
    return _json(world, someone)


def _set_roles(world: World, someone: Member, wanted: list[str]) -> None:
    for role_id in set(wanted) ^ set(someone.roles):
        _grantable(world, role_id)
    someone.roles = list(dict.fromkeys(wanted))


def _move(world: World, someone: Member, channel_id: Any) -> None:
    world.need(Permission.MOVE_MEMBERS)
    if someone.voice is None:
        raise ApiError(NOT_CONNECTED)
    if channel_id is not None:
        channel = world.find_channel(str(channel_id), Permission.CONNECT)
        if channel.type not in payloads.VOICE_TYPES:
            refuse([Problem(("channel_id",), "CHANNEL_TYPE_INVALID", "Not a voice channel")])
    someone.voice = str(channel_id) if channel_id is not None else None
    world.tell_voice(someone)


def _grantable(world: World, role_id: str) -> Role:
    world.need(Permission.MANAGE_ROLES)
    role = _role(world, role_id)
    if role.managed or role.id == world.guild.id or role.position >= top_position(world.guild, world.me):
        raise ApiError(MISSING_PERMISSIONS)
    return role


@routes.on("PUT", MEMBER + "/roles/{role_id}")
def give(world: World, ask: Ask) -> None:
    world.find_guild(ask["guild_id"])
    someone, role = world.find_member(ask["user_id"]), _grantable(world, ask["role_id"])
    if role.id not in someone.roles:
        someone.roles.append(role.id)
        world.tell_member(someone)


@routes.on("DELETE", MEMBER + "/roles/{role_id}")
def take(world: World, ask: Ask) -> None:
    world.find_guild(ask["guild_id"])
    someone, role = world.find_member(ask["user_id"]), _grantable(world, ask["role_id"])
    if role.id in someone.roles:
        someone.roles.remove(role.id)
        world.tell_member(someone)


@routes.on("GET", GUILD + "/voice-states/{user_id}")
def voice_state(world: World, ask: Ask) -> Json:
    world.find_guild(ask["guild_id"])
    someone = world.find_member(ask["user_id"])
    if someone.voice is None:
        raise ApiError(UNKNOWN_VOICE_STATE)
    return payloads.voice_state_json(world.guild, someone, world.users[someone.user_id])


# --- roles ----------------------------------------------------------------------------------------------------------


def _role(world: World, role_id: str) -> Role:
    if role_id not in world.guild.roles:
        raise ApiError(UNKNOWN_ROLE)
    return world.guild.roles[role_id]


def _fill(world: World, role: Role, body: Json) -> None:
    refuse(check(body, "role"))
    own = in_guild(world.guild, world.me)
    if body.get("permissions") is not None:
        wanted = int(body["permissions"])
        if own != EVERYTHING and (wanted ^ role.permissions) & ~own:
            raise ApiError(MISSING_PERMISSIONS)
        role.permissions = wanted
    colors = body.get("colors") or {}
    role.color = body.get("color") or colors.get("primary_color") or role.color
    for key in ("name", "hoist", "mentionable"):
        if body.get(key) is not None:
            setattr(role, key, body[key])


@routes.on("GET", GUILD + "/roles")
def roles(world: World, ask: Ask) -> list[Json]:
    return [payloads.role_json(role) for role in world.find_guild(ask["guild_id"]).roles.values()]


@routes.on("GET", GUILD + "/roles/{role_id}")
def one_role(world: World, ask: Ask) -> Json:
    world.find_guild(ask["guild_id"])
    return payloads.role_json(_role(world, ask["role_id"]))


@routes.on("POST", GUILD + "/roles")
def create_role(world: World, ask: Ask) -> Json:
    guild = world.find_guild(ask["guild_id"])
    world.need(Permission.MANAGE_ROLES)
    if len(guild.roles) >= 250:
        raise ApiError(MOST_ROLES)
    role = Role("", "new role", guild.roles[guild.id].permissions)
    _fill(world, role, ask.form)
    return payloads.role_json(world.add_role(role))


@routes.on("PATCH", GUILD + "/roles/{role_id}")
def change_role(world: World, ask: Ask) -> Json:
    world.find_guild(ask["guild_id"])
    world.need(Permission.MANAGE_ROLES)
    role = _role(world, ask["role_id"])
    if role.position >= top_position(world.guild, world.me):
        raise ApiError(MISSING_PERMISSIONS)
    _fill(world, role, ask.form)
    world.tell_guild("GUILD_ROLE_UPDATE", {"role": payloads.role_json(role)})
    return payloads.role_json(role)


@routes.on("DELETE", GUILD + "/roles/{role_id}")
def delete_role(world: World, ask: Ask) -> None:
    world.find_guild(ask["guild_id"])
    world.remove_role(_grantable(world, ask["role_id"]))

"""The bot's own account, its application, its direct messages, and where the gateway is.

https://discord.com/developers/docs/resources/user and /resources/application
"""

from __future__ import annotations

from tests.emulators.discord import payloads
from tests.emulators.discord.errors import CANNOT_DM, UNKNOWN_USER, ApiError, Problem, refuse
from tests.emulators.discord.permissions import in_guild
from tests.emulators.discord.state import Json
from tests.emulators.discord.web import Ask, Routes
from tests.emulators.discord.world import World

routes = Routes()


def _gateway_url(world: World) -> str:
    return world.base_url.replace("http", "ws", 1) + "/gateway"


@routes.on("GET", "/gateway")
def gateway(world: World, ask: Ask) -> Json:
    return {"url": _gateway_url(world)}


@routes.on("GET", "/gateway/bot")
def gateway_bot(world: World, ask: Ask) -> Json:
    limit = {"total": 1000, "remaining": 999, "reset_after": 14400000, "max_concurrency": 1}
    return {"url": _gateway_url(world), "shards": 1, "session_start_limit": limit}


@routes.on("GET", "/users/@me")
def me(world: World, ask: Ask) -> Json:
    more = {"verified": True, "mfa_enabled": False, "locale": "en-US", "flags": 0, "premium_type": 0, "email": None}
    return payloads.user_json(world.bot) | more


@routes.on("GET", "/users/@me/guilds")
def my_guilds(world: World, ask: Ask) -> list[Json]:
    guild = world.guild
    if not world.in_guild:
        return []
    allowed = str(in_guild(guild, world.me))
    about = {"id": guild.id, "name": guild.name, "icon": None, "banner": None, "owner": False}
    return [about | {"permissions": allowed, "features": list(guild.features)}]


@routes.on("GET", "/users/{user_id}")
def user(world: World, ask: Ask) -> Json:
    if ask["user_id"] not in world.users:
        raise ApiError(UNKNOWN_USER)
    return payloads.user_json(world.users[ask["user_id"]])


@routes.on("POST", "/users/@me/channels")
def open_dm(world: World, ask: Ask) -> Json:
    wanted = str(ask.form.get("recipient_id", ""))
    if not wanted.isdecimal():
        refuse([Problem(("recipient_id",), "BASE_TYPE_REQUIRED", "This field is required")])
    if wanted not in world.users:
        raise ApiError(UNKNOWN_USER)
    if world.users[wanted].bot:
        raise ApiError(CANNOT_DM)
    return world.channel_json(world.dm(world.users[wanted]))


@routes.on("GET", "/applications/@me")
@routes.on("GET", "/oauth2/applications/@me")
def application(world: World, ask: Ask) -> Json:
    return {
        "id": world.application_id, "name": world.bot.name, "icon": None, "description": "", "summary": "",
        "rpc_origins": [], "bot_public": True, "bot_require_code_grant": False, "verify_key": "0" * 64, "team": None,
        "owner": payloads.user_json(world.owner), "flags": world.application_flags, "redirect_uris": [],
        "interactions_endpoint_url": None, "approximate_guild_count": int(world.in_guild), "tags": [],
        "bot": payloads.user_json(world.bot), "integration_types_config": {"0": {}}, "install_params": None,
    }  # fmt: skip

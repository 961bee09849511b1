"""Web API: who and what the workspace is (auth, users, bots, team), and the app's own manifest."""

from __future__ import annotations

from tests.emulators.slack.calls import Arguments, method, page
from tests.emulators.slack.payloads import user_json
from tests.emulators.slack.state import Json, SlackError, Workspace


@method("api.test")
def api_test(world: Workspace, arguments: Arguments) -> Json:
    """Say back what was said."""
    return {"args": dict(arguments.given)}


@method("auth.test")
def auth_test(world: Workspace, arguments: Arguments) -> Json:
    """Whose token this is."""
    return {
        "url": f"https://{world.domain}.slack.com/",
        "team": world.domain,
        "user": world.bot.name,
        "team_id": world.team_id,
        "user_id": world.bot.id,
        "bot_id": world.bot_id,
        "is_enterprise_install": False,
    }


@method("users.info", "users:read", required=("user",))
def users_info(world: Workspace, arguments: Arguments) -> Json:
    """One user."""
    user = world.users.get(arguments.text("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": user_json(world, user, include_locale=arguments.flag("include_locale"))}


@method("users.list", "users:read")
def users_list(world: Workspace, arguments: Arguments) -> Json:
    """All users."""
    some, metadata = page(list(world.users.values()), arguments, default=1000)
    locale = arguments.flag("include_locale")
    members = [user_json(world, user, include_locale=locale) for user in some]
    return {"members": members, "cache_ts": int(world.clock.now()), "response_metadata": metadata}


@method("bots.info", "users:read")
def bots_info(world: Workspace, arguments: Arguments) -> Json:
    """The bot."""
    if arguments.text("bot") not in {"", world.bot_id}:
        raise SlackError("bot_not_found")
    known = {"id": world.bot_id, "deleted": False, "name": world.bot.name, "updated": 1_700_000_000}
    return {"bot": known | {"app_id": world.app_id, "user_id": world.bot.id, "icons": {}}}


@method("team.info", "team:read")
def team_info(world: Workspace, arguments: Arguments) -> Json:
    """The workspace."""
    return {"team": {"id": world.team_id, "name": world.domain, "domain": world.domain, "email_domain": "", "icon": {}}}


@method("apps.connections.open", "connections:write", token="app")
def connections_open(world: Workspace, arguments: Arguments) -> Json:
    """Where to open a Socket Mode websocket; the address works once."""
    return {"url": world.socket_address()}

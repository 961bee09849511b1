"""``connections check`` with platforms: what they refuse, lack or miss is named with the click that mends it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from pathlib import Path

import discord
import pytest

from adapters.slack.manifest import SCOPES, manifest
from bot.bootstrap import look_at_platforms, open_storage
from bot.catalogue import registry
from bot.config import Settings
from bot.features.rooms.model import Purpose, Room
from bot.messages import ChannelRef
from tests.app.operator import connections
from tests.emulators.discord.permissions import Permission
from tests.emulators.discord.server import DiscordServer
from tests.emulators.discord.state import Overwrite
from tests.emulators.slack.app import App
from tests.emulators.slack.server import SlackServer

Findings = dict[str, dict[str, str]]
MEMBERS, CONTENT = 1 << 1, 1 << 15


def installed() -> App:
    return App.from_manifest(manifest(registry()))


def on_slack(slack: SlackServer, **others: str) -> dict[str, str]:
    tokens = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token}
    return tokens | {"SLACK_API_URL": slack.api_url} | others


def on_discord(server: DiscordServer, **others: str) -> dict[str, str]:
    return {"DISCORD_TOKEN": server.token, "DISCORD_API_URL": server.api_url} | others


async def checked(folder: Path, **environment: str) -> Findings:
    """Run the command beside the emulators; return what it says of the platforms, by name."""
    given = {"DATA_DIR": str(folder / "data"), "WEB_PORT": "0", **environment}
    ran = await asyncio.to_thread(connections, "check", "--json", **given)
    assert ran.stderr == ""
    told = json.loads(ran.stdout)
    assert told["ok"] is (ran.returncode == 0)
    return by_name(told["findings"])


def by_name(findings: list[dict[str, str]]) -> Findings:
    found = {each["name"]: each for each in findings if each["name"].startswith(("Slack", "Discord"))}
    assert all(each["step"] for each in found.values() if each["level"] != "ok")
    return found


async def seen(settings: dict[str, str], *rooms: Room) -> Findings:
    """Look as the command does, in this process."""
    values = {name.lower(): value for name, value in settings.items()}
    return by_name([asdict(each) for each in await look_at_platforms(Settings(**values), rooms)])


@pytest.fixture(autouse=True)
def _put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put discord.py's address, which it keeps for the whole process, back at the end."""
    monkeypatch.setattr(discord.http.Route, "BASE", discord.http.Route.BASE)


def room(platform: str, place: str) -> Room:
    return Room("fr", "Français", Purpose.LANGUAGE, "fr", (ChannelRef(platform, *place.split("/")),))


def levels(findings: Findings) -> dict[str, str]:
    return {name: each["level"] for name, each in findings.items()}


# --- both ------------------------------------------------------------------------------------------------------------


async def test_two_platforms_made_as_the_pages_say_are_all_well(tmp_path):
    async with SlackServer(installed()) as slack, DiscordServer(intents=MEMBERS) as server:
        who = server.add_user("ama")
        organizers = f"slack:{slack.team}/U0AMA,discord:{who.id}"
        slack.add_user("U0AMA", "ama")
        found = await checked(tmp_path, **on_slack(slack), **on_discord(server), ORGANIZERS=organizers)
    assert set(levels(found).values()) == {"ok"}, found
    assert {"Slack token", "Slack scopes", "Slack Socket Mode", "Discord token", "Discord intents"} <= found.keys()


async def test_the_rooms_of_the_database_are_looked_at(tmp_path):
    async with open_storage(Settings(data_dir=tmp_path / "data", discord_token="a.b.c")) as factory, factory() as uow:
        await uow.settings.set("community", "real")
        await uow.rooms.save(room("slack", "T0OTHER/C0FR"))
        await uow.commit()
    async with SlackServer(installed()) as slack:
        found = await checked(tmp_path, **on_slack(slack))
    assert "T0OTHER" in found["Slack room Français"]["text"]


async def test_without_a_network_they_are_not_reached_and_nothing_is_wrong(tmp_path):
    nowhere = {"SLACK_API_URL": "http://127.0.0.1:9/api/", "DISCORD_API_URL": "http://127.0.0.1:9/api/v10"}
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "DISCORD_TOKEN": "a.b.c"}
    found = await checked(tmp_path, **nowhere, **tokens)
    assert levels(found) == {"Slack": "note", "Discord": "note"}
    assert all("not reached" in each["text"] for each in found.values())
    assert "SLACK_API_URL" in found["Slack"]["step"]
    assert "DISCORD_API_URL" in found["Discord"]["step"]


async def test_what_is_no_answer_of_theirs_is_not_reached_either(tmp_path):
    async with SlackServer() as slack, DiscordServer() as server:
        slack.faults.garbage("auth.test")
        server.faults.refuse("GET /users/@me", status=404, code=0, message="no such page")
        found = await seen(on_slack(slack, SLACK_APP_TOKEN="") | on_discord(server))
    assert levels(found) == {"Slack": "note", "Discord": "note"}


@pytest.mark.parametrize("token", ["with a space", "in\ntwo lines", "“quoted”", "\u2028", "x" * 20_000])
async def test_whatever_a_token_looks_like_it_is_a_finding(token):
    async with SlackServer() as slack, DiscordServer() as server:
        tokens = {"SLACK_BOT_TOKEN": token, "SLACK_APP_TOKEN": token, "DISCORD_TOKEN": token}
        found = await seen(on_slack(slack) | on_discord(server) | tokens)
    assert any(name.startswith("Slack") for name in found)
    assert any(name.startswith("Discord") for name in found)
    assert "ok" not in levels(found).values()
    assert token[:20] not in json.dumps([each["text"] for each in found.values()])


async def test_tokens_that_are_refused_are_told_with_the_page_that_gives_new_ones():
    async with SlackServer() as slack, DiscordServer() as server:
        slack.revoke(slack.bot_token)
        slack.revoke(slack.app_token)
        found = await seen(on_slack(slack) | on_discord(server, DISCORD_TOKEN="a.b.c"))
    assert levels(found) == {"Slack token": "wrong", "Slack Socket Mode": "wrong", "Discord token": "wrong"}
    assert "token_revoked" in found["Slack token"]["step"]
    assert "https://api.slack.com/apps" in found["Slack token"]["step"]
    assert "connections:write" in found["Slack Socket Mode"]["step"]
    assert "Reset Token" in found["Discord token"]["step"]


# --- Slack -----------------------------------------------------------------------------------------------------------


async def test_a_scope_too_few_is_wrong_and_one_too_many_a_note():
    async with SlackServer(App(scopes=set(SCOPES) - {"im:write"})) as slack:
        found = await seen(on_slack(slack))
        assert found["Slack scopes"]["text"] == "missing: im:write"
        assert "“Add an OAuth Scope”: im:write" in found["Slack scopes"]["step"]
        slack.app.scopes |= {"im:write", "files:read"}
        found = await seen(on_slack(slack))
        assert (found["Slack scopes"]["level"], "files:read" in found["Slack scopes"]["text"]) == ("note", True)


async def test_socket_mode_is_tried_only_where_it_is_used():
    async with SlackServer(installed()) as slack:
        over_http = {"SLACK_MODE": "http", "SLACK_SIGNING_SECRET": "0" * 32}
        found = await seen(on_slack(slack, **over_http))
        assert "Slack Socket Mode" not in found
        assert not slack.calls_of("apps.connections.open")


async def test_each_way_a_room_cannot_be_written_in_is_told():
    async with SlackServer(installed()) as slack:
        tell, fr = on_slack(slack), room("slack", f"{slack.team}/C0FR")
        assert "gone" in (await seen(tell, fr))["Slack room Français"]["text"]
        channel = slack.add_channel("C0FR", "francais", members=())
        if slack.bot_user.id in channel.members:
            channel.members.remove(slack.bot_user.id)
        found = (await seen(tell, fr))["Slack room Français"]
        assert (found["level"], "/invite @connections" in found["step"]) == ("note", True)
        channel.members.append(slack.bot_user.id)
        assert (await seen(tell, fr))["Slack room Français"]["level"] == "ok"
        channel.kind = "group"
        assert (await seen(tell, fr))["Slack room Français"]["level"] == "ok"
        channel.members.remove(slack.bot_user.id)
        assert (await seen(tell, fr))["Slack room Français"]["level"] == "wrong"
        channel.kind, channel.archived = "channel", True
        assert "archived" in (await seen(tell, fr))["Slack room Français"]["text"]


async def test_organizers_who_are_not_there_are_told():
    async with SlackServer(installed()) as slack:
        slack.add_user("U0AMA", "ama").deleted = True
        named = f"slack:{slack.team}/U0AMA,slack:{slack.team}/U0NOBODY,slack:T0OTHER/U0AMA"
        found = await seen(on_slack(slack, ORGANIZERS=named))
        assert found["Slack organizer U0NOBODY"]["level"] == "wrong"
        assert found["Slack organizer U0AMA"]["level"] == "wrong"
        assert f"slack:{slack.team}/ID" in found["Slack organizer U0AMA"]["step"]


# --- Discord ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("intents", "content", "level", "named"),
    [
        (0, "false", "wrong", "Server Members Intent"),
        (MEMBERS, "true", "wrong", "Message Content Intent"),
        (MEMBERS | CONTENT, "false", "note", "Message Content Intent"),
        (MEMBERS | CONTENT, "true", "ok", ""),
    ],
)
async def test_intents_are_compared_with_what_is_used(intents, content, level, named):
    async with DiscordServer(intents=intents) as server:
        found = await seen(on_discord(server, DISCORD_MESSAGE_CONTENT=content))
    told = found["Discord intents"]
    assert (told["level"], named in told["step"]) == (level, True)
    assert level == "ok" or f"/applications/{server.application_id}/bot" in told["step"]


async def test_in_no_server_the_link_asks_for_the_least():
    async with DiscordServer() as server:
        server.kick_bot()
        found = (await seen(on_discord(server)))["Discord server"]
    assert found["level"] == "wrong"
    assert f"client_id={server.application_id}&scope=bot+applications.commands&permissions=" in found["step"]
    asked = int(found["step"].rpartition("permissions=")[2])
    assert asked & Permission.SEND_MESSAGES
    assert not asked & (Permission.ADMINISTRATOR | Permission.MENTION_EVERYONE | Permission.MANAGE_GUILD)


async def test_permissions_that_are_needed_wanted_or_too_much_are_told():
    async with DiscordServer(permissions=0) as server:
        everyone = server.guild.roles[server.guild.id]
        server.set_permissions(everyone, Permission.VIEW_CHANNEL)
        about = f"Discord server {server.guild.name}"
        told = await seen(on_discord(server))
        assert told[about]["level"] == "note"  # the last of two: what is off without a permission
        own = server.guild.roles[server.world.me.roles[0]]
        server.set_permissions(own, Permission.ADMINISTRATOR)
        assert "Administrator" in (await seen(on_discord(server)))[about]["text"]


async def test_a_question_for_newcomers_needs_more_and_only_where_newcomers_are_asked():
    async with DiscordServer(permissions=0, features=("COMMUNITY",)) as server:
        about = f"Discord onboarding of {server.guild.name}"
        assert about not in await seen(on_discord(server))
        server.guild.onboarding["enabled"] = True
        found = await seen(on_discord(server))
        assert (found[about]["level"], "Manage Server" in found[about]["text"]) == ("note", True)
        own = server.guild.roles[server.world.me.roles[0]]
        server.set_permissions(own, Permission.MANAGE_GUILD)
        assert about not in await seen(on_discord(server))


async def test_each_way_a_channel_cannot_be_used_is_told():
    async with DiscordServer(intents=MEMBERS) as server:
        role = server.add_role("français")
        channel = server.add_channel("salon", visible_to=[role])
        tell, fr = on_discord(server), room("discord", f"{server.guild.id}/{channel.id}")
        hidden = (await seen(tell, fr))["Discord room Français"]
        assert (hidden["level"], "View Channels" in hidden["step"]) == ("wrong", True)
        own = server.guild.roles[server.world.me.roles[0]]
        shown = Overwrite(own.id, 0, allow=Permission.VIEW_CHANNEL)
        server.set_overwrites(channel, [*channel.overwrites, shown])
        assert (await seen(tell, fr))["Discord room Français"]["level"] == "ok"
        role.position = own.position + 1
        high = (await seen(tell, fr))["Discord room Français"]
        assert (high["level"], f"drag “{own.name}” above français" in high["step"]) == ("wrong", True)
        server.remove_channel(channel)
        assert "gone" in (await seen(tell, fr))["Discord room Français"]["text"]
        assert "not in (7)" in (await seen(tell, room("discord", "7/8")))["Discord room Français"]["text"]


async def test_organizers_of_no_server_are_told():
    async with DiscordServer(intents=MEMBERS) as server:
        found = await seen(on_discord(server, ORGANIZERS="discord:12,discord:someone"))
    assert levels(found)["Discord organizer 12"] == "wrong"
    assert "Copy User ID" in found["Discord organizer someone"]["step"]

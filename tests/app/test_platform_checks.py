"""``connections check`` with platforms: what they refuse, lack or miss is named with the click that mends it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from adapters.slack.manifest import SCOPES, manifest
from bot.bootstrap import open_storage
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


def on_discord(discord: DiscordServer, **others: str) -> dict[str, str]:
    return {"DISCORD_TOKEN": discord.token, "DISCORD_API_URL": discord.api_url} | others


async def checked(folder: Path, **environment: str) -> Findings:
    """Run the check beside the emulators; return what it says of the platforms, by name."""
    given = {"DATA_DIR": str(folder / "data"), "WEB_PORT": "0", **environment}
    ran = await asyncio.to_thread(connections, "check", "--json", **given)
    assert ran.stderr == ""
    told = json.loads(ran.stdout)
    assert told["ok"] is (ran.returncode == 0)
    found = {each["name"]: each for each in told["findings"] if each["name"].startswith(("Slack", "Discord"))}
    assert all(each["step"] for each in found.values() if each["level"] != "ok")
    return found


def levels(findings: Findings) -> dict[str, str]:
    return {name: each["level"] for name, each in findings.items()}


async def keep_room(folder: Path, **environment: str) -> None:
    """Let the community have a room with these channels, as (platform=workspace/channel)."""
    channels = tuple(ChannelRef(name, *place.split("/")) for name, place in environment.items())
    async with open_storage(Settings(data_dir=folder / "data", discord_token="real")) as factory, factory() as uow:
        await uow.settings.set("community", "real")
        await uow.rooms.save(Room("fr", "Français", Purpose.LANGUAGE, "fr", channels))
        await uow.commit()


# --- both ------------------------------------------------------------------------------------------------------------


async def test_two_platforms_made_as_the_pages_say_are_all_well(tmp_path):
    async with SlackServer(installed()) as slack, DiscordServer(intents=MEMBERS) as discord:
        who = discord.add_user("ama")
        organizers = f"slack:{slack.team}/U0AMA,discord:{who.id}"
        slack.add_user("U0AMA", "ama")
        found = await checked(tmp_path, **on_slack(slack), **on_discord(discord), ORGANIZERS=organizers)
    assert set(levels(found).values()) == {"ok"}, found
    assert {"Slack token", "Slack scopes", "Slack Socket Mode", "Discord token", "Discord intents"} <= found.keys()


async def test_without_a_network_they_are_not_reached_and_nothing_is_wrong(tmp_path):
    nowhere = {"SLACK_API_URL": "http://127.0.0.1:9/api/", "DISCORD_API_URL": "http://127.0.0.1:9/api/v10"}
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "DISCORD_TOKEN": "a.b.c"}
    found = await checked(tmp_path, **nowhere, **tokens)
    assert levels(found) == {"Slack": "note", "Discord": "note"}
    assert all("not reached" in each["text"] for each in found.values())
    assert "SLACK_API_URL" in found["Slack"]["step"]
    assert "DISCORD_API_URL" in found["Discord"]["step"]


async def test_what_is_no_answer_of_theirs_is_not_reached_either(tmp_path):
    async with SlackServer() as slack, DiscordServer() as discord:
        slack.faults.garbage("auth.test")
        discord.faults.refuse("GET /users/@me", status=404, code=0, message="no such page")
        found = await checked(tmp_path, **on_slack(slack, SLACK_APP_TOKEN=""), **on_discord(discord))
    assert levels(found) == {"Slack": "note", "Discord": "note"}


async def test_tokens_that_are_refused_are_told_with_the_page_that_gives_new_ones(tmp_path):
    async with SlackServer() as slack, DiscordServer() as discord:
        slack.revoke(slack.bot_token)
        slack.revoke(slack.app_token)
        found = await checked(tmp_path, **on_slack(slack), **on_discord(discord, DISCORD_TOKEN="a.b.c"))
    assert levels(found) == {"Slack token": "wrong", "Slack Socket Mode": "wrong", "Discord token": "wrong"}
    assert "token_revoked" in found["Slack token"]["step"]
    assert "https://api.slack.com/apps" in found["Slack token"]["step"]
    assert "connections:write" in found["Slack Socket Mode"]["step"]
    assert "Reset Token" in found["Discord token"]["step"]


# --- Slack -----------------------------------------------------------------------------------------------------------


async def test_a_scope_too_few_is_wrong_and_one_too_many_a_note(tmp_path):
    async with SlackServer(App(scopes=set(SCOPES) - {"im:write"})) as slack:
        found = await checked(tmp_path, **on_slack(slack))
        assert found["Slack scopes"]["text"] == "missing: im:write"
        assert "“Add an OAuth Scope”: im:write" in found["Slack scopes"]["step"]
        slack.app.scopes |= {"im:write", "files:read"}
        found = await checked(tmp_path, **on_slack(slack))
        assert (found["Slack scopes"]["level"], "files:read" in found["Slack scopes"]["text"]) == ("note", True)


async def test_socket_mode_is_tried_only_where_it_is_used(tmp_path):
    async with SlackServer(installed()) as slack:
        over_http = {"SLACK_MODE": "http", "SLACK_SIGNING_SECRET": "0" * 32}
        found = await checked(tmp_path, **on_slack(slack, **over_http))
        assert "Slack Socket Mode" not in found
        assert not slack.calls_of("apps.connections.open")


async def test_each_way_a_room_cannot_be_written_in_is_told(tmp_path):
    async with SlackServer(installed()) as slack:
        await keep_room(tmp_path, slack=f"{slack.team}/C0FR")
        tell = on_slack(slack)
        assert "gone" in (await checked(tmp_path, **tell))["Slack room Français"]["text"]
        channel = slack.add_channel("C0FR", "francais", members=())
        if slack.bot_user.id in channel.members:
            channel.members.remove(slack.bot_user.id)
        found = (await checked(tmp_path, **tell))["Slack room Français"]
        assert (found["level"], "/invite @connections" in found["step"]) == ("note", True)
        channel.members.append(slack.bot_user.id)
        assert (await checked(tmp_path, **tell))["Slack room Français"]["level"] == "ok"
        channel.kind = "group"
        assert (await checked(tmp_path, **tell))["Slack room Français"]["level"] == "ok"
        channel.members.remove(slack.bot_user.id)
        assert (await checked(tmp_path, **tell))["Slack room Français"]["level"] == "wrong"
        channel.kind, channel.archived = "channel", True
        assert "archived" in (await checked(tmp_path, **tell))["Slack room Français"]["text"]
    await keep_room(tmp_path, slack="T0OTHER/C0FR")
    async with SlackServer(installed()) as slack:
        assert "T0OTHER" in (await checked(tmp_path, **on_slack(slack)))["Slack room Français"]["text"]


async def test_organizers_who_are_not_there_are_told(tmp_path):
    async with SlackServer(installed()) as slack:
        slack.add_user("U0AMA", "ama").deleted = True
        named = f"slack:{slack.team}/U0AMA,slack:{slack.team}/U0NOBODY,slack:T0OTHER/U0AMA"
        found = await checked(tmp_path, **on_slack(slack, ORGANIZERS=named))
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
async def test_intents_are_compared_with_what_is_used(tmp_path, intents, content, level, named):
    async with DiscordServer(intents=intents) as discord:
        found = await checked(tmp_path, **on_discord(discord, DISCORD_MESSAGE_CONTENT=content))
    told = found["Discord intents"]
    assert (told["level"], named in told["step"]) == (level, True)
    assert level == "ok" or f"/applications/{discord.application_id}/bot" in told["step"]


async def test_in_no_server_the_link_asks_for_the_least(tmp_path):
    async with DiscordServer() as discord:
        discord.kick_bot()
        found = (await checked(tmp_path, **on_discord(discord)))["Discord server"]
    assert found["level"] == "wrong"
    assert f"client_id={discord.application_id}&scope=bot+applications.commands&permissions=" in found["step"]
    asked = int(found["step"].rpartition("permissions=")[2])
    assert asked & Permission.SEND_MESSAGES
    assert not asked & (Permission.ADMINISTRATOR | Permission.MENTION_EVERYONE | Permission.MANAGE_GUILD)


async def test_permissions_that_are_needed_wanted_or_too_much_are_told(tmp_path):
    async with DiscordServer(permissions=0) as discord:
        everyone = discord.guild.roles[discord.guild.id]
        discord.set_permissions(everyone, Permission.VIEW_CHANNEL)
        about = f"Discord server {discord.guild.name}"
        told = await checked(tmp_path, **on_discord(discord))
        assert told[about]["level"] == "note"  # the last of two: what is off without a permission
        own = discord.guild.roles[discord.world.me.roles[0]]
        discord.set_permissions(own, Permission.ADMINISTRATOR)
        assert "Administrator" in (await checked(tmp_path, **on_discord(discord)))[about]["text"]


async def test_each_way_a_channel_cannot_be_used_is_told(tmp_path):
    async with DiscordServer(intents=MEMBERS) as discord:
        role = discord.add_role("français")
        channel = discord.add_channel("salon", visible_to=[role])
        await keep_room(tmp_path, discord=f"{discord.guild.id}/{channel.id}")
        hidden = (await checked(tmp_path, **on_discord(discord)))["Discord room Français"]
        assert (hidden["level"], "View Channels" in hidden["step"]) == ("wrong", True)
        own = discord.guild.roles[discord.world.me.roles[0]]
        shown = Overwrite(own.id, 0, allow=Permission.VIEW_CHANNEL)
        discord.set_overwrites(channel, [*channel.overwrites, shown])
        assert (await checked(tmp_path, **on_discord(discord)))["Discord room Français"]["level"] == "ok"
        role.position = own.position + 1
        high = (await checked(tmp_path, **on_discord(discord)))["Discord room Français"]
        assert (high["level"], f"drag “{own.name}” above français" in high["step"]) == ("wrong", True)
        discord.remove_channel(channel)
        assert "gone" in (await checked(tmp_path, **on_discord(discord)))["Discord room Français"]["text"]
        await keep_room(tmp_path, discord="7/8")
        assert "not in (7)" in (await checked(tmp_path, **on_discord(discord)))["Discord room Français"]["text"]


async def test_organizers_of_no_server_are_told(tmp_path):
    async with DiscordServer(intents=MEMBERS) as discord:
        found = await checked(tmp_path, **on_discord(discord, ORGANIZERS="discord:12,discord:someone"))
    assert levels(found)["Discord organizer 12"] == "wrong"
    assert "Copy User ID" in found["Discord organizer someone"]["step"]

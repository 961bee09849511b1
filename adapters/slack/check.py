"""What is wrong between an installation and its Slack workspace, and the click that mends it; it only looks."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.api import Json, SlackApi
from adapters.slack.errors import APPS, SlackRefusalError, app_token_error, bot_token_error, translated
from adapters.slack.manifest import SCOPES
from adapters.slack.settings import PLATFORM, SlackSettings
from bot.checks import Finding, note, of_platform, ok, wrong
from bot.errors import DeliveryError
from bot.features.rooms.model import Room
from bot.messages import ChannelRef

PATIENCE = 10.0
"""Seconds after which Slack is taken to be out of reach."""
JOIN = "channels:join"
SOCKET = "Slack Socket Mode"
GRANT = "Grant the scopes that are missing, then look again."
PERMISSIONS = f"Open {APPS}, choose your app, then “OAuth & Permissions”"


async def look(
    settings: SlackSettings, rooms: Sequence[Room] = (), organizers: Sequence[str] = ()
) -> tuple[Finding, ...]:
    """Ask Slack about the tokens, the manifest's scopes, the rooms' channels and the organizers, within ten seconds.

    ``organizers`` are platform identities, as ORGANIZERS has them.
    """
    found: list[Finding] = []
    api = SlackApi(settings)
    try:
        async with asyncio.timeout(PATIENCE), api.opened() as client:
            looking = _Look(api, client, found)
            if settings.bot_token and await looking.at_token(settings.bot_token):
                await looking.at_rooms(rooms)
                await looking.at_organizers(organizers)
            if settings.app_token and settings.mode == "socket":
                await looking.at_socket(settings.app_token)
    except (DeliveryError, TimeoutError) as error:
        reason = str(error) or f"no answer within {PATIENCE:.0f} seconds"
        step = f"Is there a network, and is SLACK_API_URL ({settings.api_url}) right? Then look again."
        found.append(note("Slack", f"not reached ({reason})", step))
    except ValueError as error:  # aiohttp says so of what cannot be sent
        step = f"Copy both tokens anew, without line breaks; is SLACK_API_URL ({settings.api_url}) right?"
        found.append(wrong("Slack", f"cannot be asked ({error})", step))
    return tuple(found)


class _Look:
    """One look at a workspace: each part adds what it finds."""

    def __init__(self, api: SlackApi, client: AsyncWebClient, found: list[Finding]) -> None:
        self._api = api
        self._client = client
        self._found = found
        self._team = self._name = ""
        self._granted: frozenset[str] | None = None

    async def at_token(self, token: str) -> bool:
        """Look at the bot token and its scopes; tell whether the token is good. Raises a DeliveryError."""
        try:
            response = await self._client.auth_test(token=token)
        except (SlackApiError, aiohttp.ClientError, OSError) as error:
            refusal = _refusal("auth.test", error)
            self._found.append(wrong("Slack token", "refused", str(bot_token_error(refusal.code))))
            return False
        self._team, self._name, self._granted = str(response["team_id"]), str(response["user"]), _scopes_of(response)
        self._found.append(ok("Slack token", f"works: @{self._name} in {response['team']} ({self._team})"))
        self._found.append(judge_scopes(self._granted, SCOPES))
        return True

    async def at_socket(self, app_token: str) -> None:
        """Look whether a connection may be opened; none is. Raises a DeliveryError."""
        try:
            await self._client.apps_connections_open(app_token=app_token)
        except (SlackApiError, aiohttp.ClientError, OSError) as error:
            refusal = _refusal("apps.connections.open", error)
            self._found.append(wrong(SOCKET, "no connection is opened", str(app_token_error(refusal.code))))
        else:
            self._found.append(ok(SOCKET, "a connection can be opened"))

    async def at_rooms(self, rooms: Sequence[Room]) -> None:
        """Look at the channel of each room. Raises a DeliveryError."""
        for room in rooms:
            for channel in room.channels:
                if channel.platform == PLATFORM:
                    self._found.append(await self._room(f"Slack room {room.name}", channel))

    async def _room(self, about: str, channel: ChannelRef) -> Finding:
        if channel.workspace != self._team:
            step = "Use that workspace's token, or write “this channel is the room for …” in a channel here."
            return wrong(about, f"its channel is in another workspace ({channel.workspace})", step)
        invite = f"Open the channel in Slack and write: /invite @{self._name}"
        gone = f"{invite}. If it is gone, write “this channel is the room for …” in another one."
        try:
            shown = (await self._api.call("conversations.info", channel=channel.channel))["channel"]
        except SlackRefusalError as refusal:
            if refusal.code == "missing_scope" and await self._reads(channel.channel):
                return ok(about, f"{channel.channel}, a private channel that the assistant is in")
            return wrong(about, f"{channel.channel} is gone, or private without the assistant in it", gone)
        return self._judged(about, shown, invite)

    async def _reads(self, channel: str) -> bool:
        """Tell whether a channel may be read: the assistant asks for no leave to list private ones."""
        try:
            await self._api.call("conversations.history", channel=channel, limit=1)
        except SlackRefusalError:
            return False
        return True

    def _judged(self, about: str, shown: Json, invite: str) -> Finding:
        name = f"#{shown.get('name')}"
        if shown.get("is_archived"):
            return wrong(about, f"{name} is archived", "Open it in Slack, press its name, “Settings”, “Unarchive”.")
        if shown.get("is_member"):
            return ok(about, name)
        if JOIN in (self._granted or ()) and not shown.get("is_private"):
            return note(about, f"the assistant is not in {name} yet", f"It joins when it writes there. Or: {invite}")
        return wrong(about, f"the assistant is not in {name}", invite)

    async def at_organizers(self, organizers: Sequence[str]) -> None:
        """Look whether those whom ORGANIZERS names are there. Raises a DeliveryError."""
        named = of_platform(organizers, PLATFORM)
        if not named:
            text = "the workspace's owners and admins; ORGANIZERS names nobody else here"
            self._found.append(ok("Slack organizers", text))
        for workspace, user in named:
            self._found.append(await self._organizer(workspace, user))

    async def _organizer(self, workspace: str, user: str) -> Finding:
        about = f"Slack organizer {user}"
        step = f"In Slack open the person's profile, ⋮, “Copy member ID”; write slack:{self._team}/ID in ORGANIZERS."
        if workspace not in ("", self._team):
            return wrong(about, f"{workspace} is not this workspace ({self._team})", step)
        try:
            shown = (await self._api.call("users.info", user=user))["user"]
        except SlackRefusalError as refusal:
            if refusal.code == "missing_scope":
                return note(about, "nobody can be looked up", GRANT)
            return wrong(about, "nobody in the workspace has this id", step)
        return wrong(about, "this account was closed", step) if shown.get("deleted") else ok(about, "is there")


def judge_scopes(granted: Collection[str] | None, needed: Collection[str]) -> Finding:
    """Compare the scopes that were granted (None if Slack did not tell) with those that are needed."""
    if granted is None:
        return note("Slack scopes", "Slack did not tell them", f"Compare them with docs/slack.md. {PERMISSIONS}.")
    missing, idle = sorted(set(needed) - set(granted)), sorted(set(granted) - set(needed))
    if missing:
        step = (
            f"{PERMISSIONS}, “Bot Token Scopes”, “Add an OAuth Scope”: {', '.join(missing)}. "
            "Then press “Reinstall” at the top of that page."
        )
        return wrong("Slack scopes", f"missing: {', '.join(missing)}", step)
    if idle:
        step = f"{PERMISSIONS}, “Bot Token Scopes”: remove them with the bin beside each, then press “Reinstall”."
        return note("Slack scopes", f"all granted; more than is needed: {', '.join(idle)}", step)
    return ok("Slack scopes", "all granted")


def _scopes_of(response: AsyncSlackResponse) -> frozenset[str] | None:
    told = next((value for name, value in response.headers.items() if name.lower() == "x-oauth-scopes"), None)
    return None if told is None else frozenset(each.strip() for each in told.split(",") if each.strip())


def _refusal(method: str, error: Exception) -> SlackRefusalError:
    """Return Slack's word for why not. Raises a DeliveryError if there was no clear answer."""
    meaning = translated(method, error)
    if not isinstance(meaning, SlackRefusalError):
        raise meaning from error
    return meaning

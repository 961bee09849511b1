"""What is wrong between an installation and its Discord servers, and the click that mends it; it only looks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import aiohttp
import discord

from adapters.discord.access import EXTRA, NEEDED, PORTAL, WELCOME, invitation, label
from adapters.discord.addresses import point
from adapters.discord.connection import WRONG_TOKEN
from adapters.discord.refs import PLATFORM
from adapters.discord.settings import DiscordSettings
from bot.checks import Finding, note, of_platform, ok, wrong
from bot.features.rooms.model import Room
from bot.messages import ChannelRef

PATIENCE = 10.0
"""Seconds after which Discord is taken to be out of reach."""
INTENTS = "Discord intents"
COPY_ID = (
    "In Discord: User Settings, Advanced, switch on Developer Mode; then right-click the person, “Copy User ID”, "
    "and write discord:ID in ORGANIZERS."
)


@asynccontextmanager
async def logged_in(settings: DiscordSettings) -> AsyncIterator[discord.Client]:
    """Log in for a few questions, without the gateway. Raises discord.LoginFailure, and whatever the network does."""
    point(settings)
    client = discord.Client(intents=discord.Intents.none(), max_ratelimit_timeout=30.0)
    try:
        await client.login(settings.token)
        yield client
    finally:
        await client.close()


async def look(
    settings: DiscordSettings, rooms: Sequence[Room] = (), organizers: Sequence[str] = ()
) -> tuple[Finding, ...]:
    """Ask Discord about the token, the intents, the servers with their rooms, and the organizers, within ten seconds.

    ``organizers`` are platform identities, as ORGANIZERS has them.
    """
    found: list[Finding] = []
    try:
        async with asyncio.timeout(PATIENCE), logged_in(settings) as client:
            found.append(ok("Discord token", f"works: {client.user}"))
            await _look(client, settings, rooms, organizers, found)
    except discord.LoginFailure:
        found.append(wrong("Discord token", "refused", WRONG_TOKEN))
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:  # a timeout is an OSError
        step = f"Is there a network, and is DISCORD_API_URL ({settings.api_url}) right? Then look again."
        found.append(note("Discord", f"not reached ({_reason(error)})", step))
    except ValueError as error:  # aiohttp says so of what cannot be sent
        step = f"Copy DISCORD_TOKEN anew, without line breaks; is DISCORD_API_URL ({settings.api_url}) right?"
        found.append(wrong("Discord", f"cannot be asked ({error})", step))
    return tuple(found)


def _reason(error: Exception) -> str:
    if isinstance(error, discord.HTTPException):
        return f"answer {error.status}"  # its text is anybody's: a proxy may say the token back
    return str(error) or f"no answer within {PATIENCE:.0f} seconds"


async def _look(
    client: discord.Client,
    settings: DiscordSettings,
    rooms: Sequence[Room],
    organizers: Sequence[str],
    found: list[Finding],
) -> None:
    application = await client.application_info()
    found += judge_intents(application.id, application.flags, content=settings.message_content)
    servers = [await client.fetch_guild(each.id) async for each in client.fetch_guilds(limit=200)]
    if not servers:
        step = f"Open this link, choose your server, and press Authorize: {invitation(application.id)}"
        found.append(wrong("Discord server", "the assistant is in none", step))
        return
    for server in servers:
        await _Server(server, await _me(server, client), application.id, found).look(rooms)
    _strange_rooms(rooms, servers, found)
    named = of_platform(organizers, PLATFORM)
    if not named:
        text = "who may manage the server (Manage Server); ORGANIZERS names nobody else here"
        found.append(ok("Discord organizers", text))
    for workspace, user in named:
        found.append(await _organizer(servers, workspace, user))


def judge_intents(application: int, flags: discord.ApplicationFlags, *, content: bool) -> list[Finding]:
    """Compare the privileged intents of the developer portal with what is needed.

    Flags: https://discord.com/developers/docs/resources/application#application-object-application-flags
    """
    page = f"{PORTAL}/{application}/bot, “Privileged Gateway Intents”"
    found = []
    if not (flags.gateway_guild_members or flags.gateway_guild_members_limited):
        step = f"Open {page}: switch on “Server Members Intent” and save."
        found.append(wrong(INTENTS, "Server Members Intent is off, so newcomers are not noticed", step))
    reads = flags.gateway_message_content or flags.gateway_message_content_limited
    if content and not reads:
        step = f"Open {page}: switch on “Message Content Intent” and save; or set DISCORD_MESSAGE_CONTENT=false."
        found.append(wrong(INTENTS, "Message Content Intent is off, and DISCORD_MESSAGE_CONTENT asks for it", step))
    if reads and not content:
        step = f"Open {page}: switch off “Message Content Intent”; or set DISCORD_MESSAGE_CONTENT=true."
        found.append(note(INTENTS, "Message Content Intent is on, and nothing makes use of it", step))
    return found or [ok(INTENTS, "as needed")]


async def _me(server: discord.Guild, client: discord.Client) -> discord.Member:
    return await server.fetch_member(client.user.id if client.user else 0)


class _Server:
    """One look at a server: each part adds what it finds."""

    def __init__(self, server: discord.Guild, me: discord.Member, application: int, found: list[Finding]) -> None:
        self._server = server
        self._me = me
        self._application = application
        self._found = found

    async def look(self, rooms: Sequence[Room]) -> None:
        """Look at the permissions and the rooms' channels. Raises discord.HTTPException."""
        self._permissions()
        await self._questions()
        here = [(room, channel) for room in rooms for channel in room.channels if self._has(channel)]
        channels = {str(each.id): each for each in await self._server.fetch_channels()} if here else {}
        for room, channel in here:
            self._room(f"Discord room {room.name}", channels.get(channel.channel))

    def _has(self, channel: ChannelRef) -> bool:
        return channel.platform == PLATFORM and channel.workspace == str(self._server.id)

    def _permissions(self) -> None:
        about, allowed = f"Discord server {self._server.name}", self._me.guild_permissions
        missing = [label(name) for name in NEEDED if not getattr(allowed, name)]
        lacking = {label(name): why for name, why in WELCOME.items() if not getattr(allowed, name)}
        again = f"Open {invitation(self._application)} and choose the server once more"
        if missing:
            step = f"{again}; or switch them on in Server Settings, Roles, {self._role()}, Permissions."
            self._found.append(wrong(about, f"permissions are missing: {', '.join(missing)}", step))
        if lacking:
            text = "; ".join(f"{name} (to {why})" for name, why in lacking.items())
            self._found.append(note(about, f"not allowed, so this is off: {text}", f"If you want it: {again}."))
        if allowed.administrator:
            step = f"In Server Settings, Roles, {self._role()}, Permissions: switch off Administrator. Then {again}."
            self._found.append(note(about, "the assistant is Administrator, which it does not need", step))
        if not missing and not lacking and not allowed.administrator:
            self._found.append(ok(about, "all permissions are there"))

    async def _questions(self) -> None:
        """Look whether the question for newcomers can be asked, where the server asks any."""
        lacking = {label(name): why for name, why in EXTRA.items() if not getattr(self._me.guild_permissions, name)}
        if lacking and "COMMUNITY" in self._server.features and (await self._server.onboarding()).enabled:
            text = "; ".join(f"{name} (to {why})" for name, why in lacking.items())
            step = f"If you want it: Server Settings, Roles, {self._role()}, Permissions, switch it on."
            self._found.append(note(f"Discord onboarding of {self._server.name}", f"not allowed: {text}", step))

    def _room(self, about: str, channel: discord.abc.GuildChannel | None) -> None:
        if channel is None:
            step = "Write “this channel is the room for …” in another channel, naming the language."
            self._found.append(wrong(about, "its channel is gone", step))
            return
        allowed = channel.permissions_for(self._me)
        missing = [label(name) for name in ("view_channel", "send_messages") if not getattr(allowed, name)]
        place = f"#{channel.name}, Edit Channel, Permissions"
        if missing:
            step = f"Open {place}: add the role {self._role()} and allow {' and '.join(missing)}."
            self._found.append(wrong(about, f"in #{channel.name} it lacks {' and '.join(missing)}", step))
        high = [role.name for role in _sight_of(channel) if role >= self._me.top_role]
        if high:
            step = f"In Server Settings, Roles: drag {self._role()} above {', '.join(high)}."
            self._found.append(wrong(about, f"the role {', '.join(high)} stands above the assistant's own", step))
        if not missing and not high:
            self._found.append(ok(about, f"#{channel.name}"))

    def _role(self) -> str:
        own = self._server.self_role or next((role for role in self._me.roles if role.managed), self._me.top_role)
        return f"“{own.name}”"


def _sight_of(channel: discord.abc.GuildChannel) -> list[discord.Role]:
    """Return the roles that the assistant would give so that someone sees the channel."""
    return [
        target
        for target, overwrite in channel.overwrites.items()
        if isinstance(target, discord.Role)
        and overwrite.view_channel
        and not target.managed
        and not target.is_default()
    ]


def _strange_rooms(rooms: Sequence[Room], servers: Sequence[discord.Guild], found: list[Finding]) -> None:
    ours = {str(server.id) for server in servers}
    for room in rooms:
        for channel in room.channels:
            if channel.platform == PLATFORM and channel.workspace not in ours:
                step = "Invite it again, or write “this channel is the room for …” in a channel of a server it is in."
                text = f"its channel is in a server that the assistant is not in ({channel.workspace})"
                found.append(wrong(f"Discord room {room.name}", text, step))


async def _organizer(servers: Sequence[discord.Guild], workspace: str, user: str) -> Finding:
    about = f"Discord organizer {user}"
    if not (user.isascii() and user.isdecimal()):
        return wrong(about, "this is no id of Discord's", COPY_ID)
    for server in servers:
        if workspace in ("", str(server.id)):
            try:
                await server.fetch_member(int(user))
            except discord.NotFound:
                continue
            return ok(about, f"is in {server.name}")
    return wrong(about, "nobody in the assistant's servers has this id", COPY_ID)

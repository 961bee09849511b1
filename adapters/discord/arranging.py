"""Channels, roles, threads and events, each made once: what is there already is found again and kept equal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import discord

from adapters.discord.limits import shorten
from adapters.discord.onboarding import OnboardingChoice, wire_onboarding
from adapters.discord.refs import snowflake
from bot.errors import PermanentError, RetryableError
from bot.messages import ChannelRef, UserRef
from bot.platforms import ChannelPlan, EventPlan, Plan, QuestionPlan, ThreadPlan, VoicePlan

NAME = 100
TOPIC = 1024
DESCRIPTION = 1000
LOCATION = 100
Place = discord.abc.GuildChannel | discord.Thread


async def arrange(guild: discord.Guild, plan: Plan) -> str:
    """Make it so; return the id of what is there now."""
    match plan:
        case ChannelPlan():
            return await _channel(guild, plan)
        case ThreadPlan():
            return await _thread(guild, plan)
        case EventPlan():
            return await _event(guild, plan)
        case VoicePlan():
            return await _voice(guild, plan)
        case QuestionPlan(title, choices):
            return (
                "asked"
                if await wire_onboarding(guild, title, [await _choice(guild, *each) for each in choices])
                else ""
            )


# --- who sees a channel ----------------------------------------------------------------------------------------------


async def let_in(place: Place, member: discord.Member) -> None:
    """Let somebody see a channel, by the role that gives sight of it where there is one; does nothing if they do."""
    if isinstance(place, discord.Thread):
        await place.add_user(member)
        return
    if place.permissions_for(member).view_channel:
        return
    role = _sight_of(place)
    if role is not None:
        await member.add_roles(role)
    else:
        await place.set_permissions(member, view_channel=True)


def _sight_of(place: discord.abc.GuildChannel) -> discord.Role | None:
    for target, overwrite in place.overwrites.items():
        if not isinstance(target, discord.Role) or target.is_default() or target.managed:
            continue
        if overwrite.view_channel:
            return target
    return None


async def _channel(guild: discord.Guild, plan: ChannelPlan) -> str:
    name = "-".join(plan.name.lower().split())[:NAME]
    known = next((channel for channel in guild.text_channels if channel.name == name), None)
    role = await _role(guild, plan.role) if plan.role else None
    if known is None:
        made = await guild.create_text_channel(name, topic=plan.topic[:TOPIC], overwrites=_seen_by(guild, role))
        return str(made.id)
    if role is not None and not known.overwrites_for(role).view_channel:
        await known.edit(overwrites={**known.overwrites, **_seen_by(guild, role)})
    return str(known.id)


async def _role(guild: discord.Guild, name: str) -> discord.Role:
    found = next((role for role in guild.roles if role.name == name), None)
    return found or await guild.create_role(name=name[:NAME], permissions=discord.Permissions.none())


def _seen_by(
    guild: discord.Guild, role: discord.Role | None
) -> dict[discord.Role | discord.Member | discord.Object, discord.PermissionOverwrite]:
    if role is None:
        return {}
    return {
        guild.default_role: discord.PermissionOverwrite(view_channel=False),
        guild.me: discord.PermissionOverwrite(view_channel=True),
        role: discord.PermissionOverwrite(view_channel=True),
    }


# --- the question for newcomers --------------------------------------------------------------------------------------


async def _choice(guild: discord.Guild, title: str, channels: Iterable[ChannelRef]) -> OnboardingChoice:
    """Return an answer that gives the roles which give sight of the channels, or the channels that everybody sees."""
    roles, seen = [], []
    for ref in channels:
        place = await _channel_of(guild, ref)
        role = None if isinstance(place, discord.Thread) else _sight_of(place)
        if role is not None:
            roles.append(str(role.id))
        else:
            seen.append(ref.channel)
    return OnboardingChoice(title, tuple(roles), tuple(seen))


# --- threads ---------------------------------------------------------------------------------------------------------


async def _thread(guild: discord.Guild, plan: ThreadPlan) -> str:
    channel = await _channel_of(guild, plan.channel)
    if not isinstance(channel, discord.TextChannel):
        msg = "threads belong into text channels"
        raise PermanentError(msg)
    name = shorten(" ".join(plan.name.split()), NAME)
    thread = next((thread for thread in channel.threads if thread.name == name), None)
    if thread is None:
        kind = discord.ChannelType.private_thread if plan.users else discord.ChannelType.public_thread
        thread = await channel.create_thread(name=name, type=kind)
    for user in plan.users:
        await thread.add_user(discord.Object(snowflake(user.user)))
    return str(thread.id)


async def _channel_of(guild: discord.Guild, ref: ChannelRef) -> Place:
    channel_id = snowflake(ref.channel)
    return guild.get_channel(channel_id) or await guild.fetch_channel(channel_id)


# --- voice channels --------------------------------------------------------------------------------------------------


async def _voice(guild: discord.Guild, plan: VoicePlan) -> str:
    name = shorten(" ".join(plan.name.split()), NAME)
    known = next((channel for channel in guild.voice_channels if channel.name == name), None)
    if plan.gone:
        if known is not None and known.members:
            msg = "somebody is still in the voice channel"
            raise RetryableError(msg)
        if known is not None:
            await known.delete()
        return ""
    voice = known or await guild.create_voice_channel(name)
    for user in plan.users:
        await _move(guild, user, voice)
    return str(voice.id)


async def _move(guild: discord.Guild, user: UserRef, voice: discord.VoiceChannel) -> None:
    """Move somebody who is in a voice channel; who is in none cannot be moved, and joins by themselves."""
    member = guild.get_member(snowflake(user.user)) or await guild.fetch_member(snowflake(user.user))
    try:
        where = await member.fetch_voice()
    except discord.NotFound:
        return
    if where.channel != voice:
        await member.move_to(voice)


# --- events ----------------------------------------------------------------------------------------------------------


async def _event(guild: discord.Guild, plan: EventPlan) -> str:
    known = await _known_event(guild, plan)
    if plan.gone:
        if known is not None:
            await known.delete()
        return ""
    name, description, place = shorten(plan.name, NAME), _described(plan), shorten(plan.place, LOCATION) or "…"
    ends = max(plan.ends, plan.starts + timedelta(minutes=1))
    if known is None:
        known = await guild.create_scheduled_event(
            name=name,
            description=description,
            start_time=plan.starts,
            end_time=ends,
            entity_type=discord.EntityType.external,
            privacy_level=discord.PrivacyLevel.guild_only,
            location=place,
        )
    elif (known.name, known.description, known.start_time, known.end_time, known.location) != (
        name, description, plan.starts, ends, place,
    ):  # fmt: skip
        await known.edit(name=name, description=description, start_time=plan.starts, end_time=ends, location=place)
    return str(known.id)


async def _known_event(guild: discord.Guild, plan: EventPlan) -> discord.ScheduledEvent | None:
    """Return the event: by the id that is known, or else by the mark in its description."""
    for event in await guild.fetch_scheduled_events(with_counts=False):
        if str(event.id) == plan.known or (event.description or "").endswith(_mark(plan)):
            return event
    return None


def _described(plan: EventPlan) -> str:
    mark = _mark(plan)
    return shorten(plan.description, DESCRIPTION - len(mark)) + mark


def _mark(plan: EventPlan) -> str:
    return f"\n\n[{plan.key}]"

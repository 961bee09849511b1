"""The guild as a whole, in JSON.

https://discord.com/developers/docs/resources/guild#guild-object
"""

from __future__ import annotations

from tests.emulators.discord import payloads
from tests.emulators.discord.clock import stamp
from tests.emulators.discord.permissions import THREAD_TYPES
from tests.emulators.discord.state import Json
from tests.emulators.discord.world import GUILD_PRESENCES, World


def called(world: World, user_id: str) -> str:
    """The name someone is found by."""
    return (world.guild.members[user_id].nick or world.users[user_id].name).lower()


def guild_json(world: World) -> Json:
    """The guild as REST shows it."""
    guild = world.guild
    return {
        "id": guild.id, "name": guild.name, "icon": None, "splash": None, "discovery_splash": None, "banner": None,
        "owner_id": guild.owner_id, "region": "us-east", "afk_channel_id": None, "afk_timeout": 300,
        "widget_enabled": False, "widget_channel_id": None, "verification_level": 0, "mfa_level": 0, "nsfw_level": 0,
        "default_message_notifications": 0, "explicit_content_filter": 0, "emojis": [], "stickers": [], "nsfw": False,
        "roles": [payloads.role_json(role) for role in guild.roles.values()], "features": list(guild.features),
        "application_id": None, "system_channel_id": None, "system_channel_flags": 0, "rules_channel_id": None,
        "public_updates_channel_id": None, "safety_alerts_channel_id": None, "vanity_url_code": None,
        "description": None, "premium_tier": 0, "premium_subscription_count": 0, "max_members": 500000,
        "max_presences": None, "max_video_channel_users": 25, "preferred_locale": guild.preferred_locale,
        "premium_progress_bar_enabled": False, "incidents_data": None,
    }  # fmt: skip


def guild_create(world: World, intents: int) -> Json:
    """The guild as the gateway sends it; without presences, of the members only the bot and those in voice."""
    guild, everyone = world.guild, bool(intents & GUILD_PRESENCES)
    shown = [member for member in guild.members.values() if everyone or member.voice or member is world.me]
    states = [payloads.voice_state_json(guild, member, world.users[member.user_id]) for member in shown if member.voice]
    channels = [item for item in guild.channels.values() if item.type not in THREAD_TYPES]
    threads = [item for item in guild.channels.values() if item.type in THREAD_TYPES and not item.archived]
    return guild_json(world) | {
        "joined_at": stamp(world.me.joined_at), "large": len(guild.members) > 250, "unavailable": False,
        "member_count": len(guild.members), "presences": [], "stage_instances": [], "soundboard_sounds": [],
        "members": [payloads.member_json(member, world.users[member.user_id]) for member in shown],
        "voice_states": states, "channels": [world.channel_json(channel) for channel in channels],
        "threads": [world.channel_json(thread) for thread in threads],
        "guild_scheduled_events": [event.fields for event in guild.events.values()],
    }  # fmt: skip

"""What Discord's objects look like in JSON.

https://discord.com/developers/docs/resources/ (message, channel, guild, user) and /topics/permissions
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from tests.emulators.discord.clock import stamp
from tests.emulators.discord.permissions import THREAD_TYPES, in_channel
from tests.emulators.discord.state import (
    EPHEMERAL,
    Channel,
    Guild,
    Interaction,
    Json,
    Member,
    Message,
    Role,
    Upload,
    User,
)

DM = 1
VOICE_TYPES = (2, 13)
TEXT_DETAILS: Json = {"topic": None, "nsfw": False, "rate_limit_per_user": 0}
VOICE_DETAILS: Json = {"bitrate": 64000, "user_limit": 0, "rtc_region": None, "nsfw": False, "rate_limit_per_user": 0}
FORUM_DETAILS: Json = {
    "available_tags": [], "default_reaction_emoji": None, "default_sort_order": None, "default_forum_layout": 0,
}  # fmt: skip


def user_json(user: User) -> Json:
    """A user; the locale is nobody's business here."""
    found: Json = {"id": user.id, "username": user.name, "discriminator": "0", "global_name": user.name, "avatar": None}
    if user.bot:
        found |= {"discriminator": "0001", "global_name": None, "bot": True}
    return found | {"public_flags": 0, "avatar_decoration_data": None}


def member_json(member: Member, user: User | None = None) -> Json:
    """A membership, with the user in it when one is given."""
    found: Json = {
        "roles": list(member.roles), "joined_at": stamp(member.joined_at), "nick": member.nick, "avatar": None,
        "banner": None, "premium_since": None, "deaf": False, "mute": False, "flags": 0, "pending": False,
        "communication_disabled_until": None,
    }  # fmt: skip
    return found | ({"user": user_json(user)} if user else {})


def role_json(role: Role) -> Json:
    """A role."""
    found: Json = {
        "id": role.id, "name": role.name, "color": role.color, "hoist": role.hoist, "position": role.position,
        "colors": {"primary_color": role.color, "secondary_color": None, "tertiary_color": None},
        "permissions": str(int(role.permissions)), "managed": role.managed, "mentionable": role.mentionable,
        "icon": None, "unicode_emoji": None, "flags": 0,
    }  # fmt: skip
    return found | ({"tags": {"bot_id": role.bot_id}} if role.bot_id else {})


def channel_json(channel: Channel, guild: Guild, users: dict[str, User]) -> Json:
    """A channel of any kind."""
    last = channel.messages[-1].id if channel.messages else None
    base: Json = {"id": channel.id, "type": channel.type, "last_message_id": last, "flags": 0}
    if channel.type == DM:
        return base | {"recipients": [user_json(users[channel.recipient_id or ""])]}
    base |= {"name": channel.name, "guild_id": guild.id, "parent_id": channel.parent_id}
    if channel.type in THREAD_TYPES:
        return base | _thread_fields(channel)
    overwrites = [
        {"id": item.id, "type": item.type, "allow": str(int(item.allow)), "deny": str(int(item.deny))}
        for item in channel.overwrites
    ]
    defaults = VOICE_DETAILS if channel.type in VOICE_TYPES else TEXT_DETAILS
    if channel.type in {15, 16}:
        defaults = {**defaults, **FORUM_DETAILS}
    return base | {"position": channel.position, "permission_overwrites": overwrites} | defaults | channel.details


def _thread_fields(channel: Channel) -> Json:
    born = stamp(channel.created) if channel.created else ""
    meta: Json = {
        "archived": channel.archived, "locked": channel.locked, "archive_timestamp": born, "create_timestamp": born,
        "auto_archive_duration": channel.details.get("auto_archive_duration", 1440),
    }  # fmt: skip
    if channel.type == 12:
        meta["invitable"] = channel.details.get("invitable", True)
    return {
        "owner_id": channel.owner_id, "thread_metadata": meta, "message_count": len(channel.messages),
        "member_count": min(50, len(channel.thread_members)), "total_message_sent": len(channel.messages),
        "rate_limit_per_user": channel.details.get("rate_limit_per_user") or 0,
    }  # fmt: skip


def partial_channel_json(channel: Channel, guild: Guild, users: dict[str, User], member: Member | None) -> Json:
    """A channel as it stands in an interaction, with what the person may do there."""
    found = channel_json(channel, guild, users)
    found.pop("permission_overwrites", None)
    return found | ({"permissions": str(int(in_channel(guild, member, channel)))} if member else {})


def thread_member_json(channel: Channel, user_id: str, at: datetime) -> Json:
    """Someone's place in a thread."""
    return {"id": channel.id, "user_id": user_id, "join_timestamp": stamp(at), "flags": 0}


def upload_json(upload: Upload, *, ephemeral: bool) -> Json:
    """An attachment."""
    found: Json = {
        "id": upload.id, "filename": upload.filename, "size": len(upload.content), "url": upload.url,
        "proxy_url": upload.url, "content_type": "application/octet-stream",
    }  # fmt: skip
    found |= {"description": upload.description} if upload.description else {}
    return found | ({"ephemeral": True} if ephemeral else {})


def emoji_json(emoji: str) -> Json:
    """A partial emoji: `name:id` is one of a guild, everything else Unicode."""
    name, _, emoji_id = emoji.partition(":")
    return {"id": emoji_id or None, "name": name}


def message_json(message: Message, guild: Guild, users: dict[str, User], bot_id: str) -> Json:
    """A message as the REST API shows it to the bot."""
    found: Json = {
        "id": message.id, "channel_id": message.channel_id, "type": message.type, "content": message.content,
        "author": user_json(message.author), "timestamp": stamp(message.timestamp), "tts": False,
        "edited_timestamp": stamp(message.edited) if message.edited else None, "flags": message.flags,
        "mention_everyone": message.mention_everyone, "mention_roles": list(message.mention_roles),
        "mentions": [_mention(user_id, guild, users) for user_id in message.mentions if user_id in users],
        "attachments": [upload_json(item, ephemeral=bool(message.flags & EPHEMERAL)) for item in message.uploads],
        "embeds": [{"type": "rich", **embed} for embed in message.embeds], "components": message.components,
        "pinned": message.pinned,
    }  # fmt: skip
    if message.reactions:
        found["reactions"] = [_reaction(emoji, who, bot_id) for emoji, who in message.reactions.items()]
    if message.reference:
        found["message_reference"] = message.reference
    if message.interaction:
        found |= {"webhook_id": bot_id, "application_id": bot_id, "interaction_metadata": metadata(message.interaction)}
    return found


def _mention(user_id: str, guild: Guild, users: dict[str, User]) -> Json:
    member = guild.members.get(user_id)
    return user_json(users[user_id]) | ({"member": member_json(member)} if member else {})


def _reaction(emoji: str, who: list[str], bot_id: str) -> Json:
    return {
        "emoji": emoji_json(emoji), "count": len(who), "me": bot_id in who, "me_burst": False, "burst_colors": [],
        "count_details": {"burst": 0, "normal": len(who)},
    }  # fmt: skip


def metadata(interaction: Interaction) -> Json:
    """Where a reply to an interaction came from."""
    found: Json = {
        "id": interaction.id, "type": interaction.type, "user": user_json(interaction.user),
        "authorizing_integration_owners": {},
    }  # fmt: skip
    if interaction.type == 2:
        found["command_type"] = interaction.data["type"]
    if interaction.message:
        found["interacted_message_id"] = interaction.message.id
    if interaction.source:
        found["triggering_interaction_metadata"] = metadata(interaction.source)
    return found


def attachment_url(base_url: str, channel_id: str, upload_id: str, filename: str) -> str:
    """Where a file can be fetched."""
    return f"{base_url}/attachments/{channel_id}/{upload_id}/{quote(filename)}"


def voice_state_json(guild: Guild, member: Member, user: User) -> Json:
    """Which voice channel someone is in."""
    return {
        "guild_id": guild.id, "channel_id": member.voice, "user_id": user.id, "session_id": f"voice{user.id}",
        "member": member_json(member, user), "deaf": False, "mute": False, "self_deaf": False, "self_mute": False,
        "self_video": False, "suppress": False, "request_to_speak_timestamp": None,
    }  # fmt: skip

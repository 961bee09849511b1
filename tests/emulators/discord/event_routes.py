"""Scheduled events, and the onboarding of newcomers.

https://discord.com/developers/docs/resources/guild-scheduled-event and /resources/guild#guild-onboarding-object
"""

from __future__ import annotations

from typing import Any

from tests.emulators.discord import payloads
from tests.emulators.discord.clock import stamp
from tests.emulators.discord.errors import (
    MISSING_PERMISSIONS,
    TOO_MANY_EVENTS,
    UNKNOWN_EVENT,
    ApiError,
    Problem,
    refuse,
)
from tests.emulators.discord.limits import EXTERNAL_EVENT, check, moment
from tests.emulators.discord.permissions import EVERYTHING, Permission, in_channel, in_guild
from tests.emulators.discord.state import Guild, Json, Member, ScheduledEvent
from tests.emulators.discord.web import Ask, Routes
from tests.emulators.discord.world import GUILD_SCHEDULED_EVENTS, World

routes = Routes()
EVENTS = "/guilds/{guild_id}/scheduled-events"
ONE = EVENTS + "/{event_id}"
SCHEDULED, ACTIVE, COMPLETED, CANCELED = 1, 2, 3, 4
NEXT_STATUS = {SCHEDULED: {SCHEDULED, ACTIVE, CANCELED}, ACTIVE: {ACTIVE, COMPLETED}}
FINISHED = (400, 180000, "Cannot update a finished event")
BELOW_REQUIREMENTS = (403, 350001, "Cannot update onboarding while below requirements")
NOT_ENOUGH_CHANNELS = (403, 350000, "Cannot enable onboarding, requirements are not met")
KEPT = (
    "name", "description", "privacy_level", "scheduled_start_time", "scheduled_end_time", "entity_type", "channel_id",
    "entity_metadata",
)  # fmt: skip


def _json(world: World, event: ScheduledEvent, ask: Ask) -> Json:
    counted = ask.query.get("with_user_count") in {"1", "true"}
    return event.fields | ({"user_count": len(event.interested)} if counted else {})


def _find(world: World, ask: Ask) -> ScheduledEvent:
    events = world.find_guild(ask["guild_id"]).events
    if ask["event_id"] not in events:
        raise ApiError(UNKNOWN_EVENT)
    return events[ask["event_id"]]


def _may(world: World, event: ScheduledEvent | None) -> None:
    allowed = in_guild(world.guild, world.me)
    own = event is None or event.creator_id == world.bot.id
    if not allowed & Permission.MANAGE_EVENTS and not (own and allowed & Permission.CREATE_EVENTS):
        raise ApiError(MISSING_PERMISSIONS)


def _check(world: World, body: Json, *, starts: bool) -> None:
    refuse(check(body, "event"))
    start = moment(body["scheduled_start_time"])
    if starts and start and start <= world.clock.now():
        message = "Cannot schedule event in the past."
        refuse([Problem(("scheduled_start_time",), "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST", message)])
    if body["entity_type"] != EXTERNAL_EVENT:
        channel = world.find_channel(str(body["channel_id"]), Permission.CONNECT)
        if channel.type != {1: 13, 2: 2}[body["entity_type"]]:
            refuse([Problem(("channel_id",), "CHANNEL_TYPE_INVALID", "Invalid channel type")])


def _shaped(body: Json) -> Json:
    found: Json = {key: body.get(key) for key in KEPT} | {"image": None}
    for key in ("scheduled_start_time", "scheduled_end_time"):
        at = moment(found[key]) if found[key] else None
        found[key] = stamp(at) if at else None
    found["channel_id"] = str(found["channel_id"]) if found["channel_id"] else None
    if body["entity_type"] != EXTERNAL_EVENT:
        found["entity_metadata"] = None
    return found


@routes.on("GET", EVENTS)
def listing(world: World, ask: Ask) -> list[Json]:
    return [_json(world, event, ask) for event in world.find_guild(ask["guild_id"]).events.values()]


@routes.on("POST", EVENTS)
def create(world: World, ask: Ask) -> Json:
    guild = world.find_guild(ask["guild_id"])
    _may(world, None)
    body = ask.form
    _check(world, body, starts=True)
    if sum(event.fields["status"] in {SCHEDULED, ACTIVE} for event in guild.events.values()) >= 100:
        raise ApiError(TOO_MANY_EVENTS)
    event_id = world.ids.next()
    fields = _shaped(body) | {
        "id": event_id, "guild_id": guild.id, "creator_id": world.bot.id, "creator": payloads.user_json(world.bot),
        "status": SCHEDULED, "entity_id": None, "recurrence_rule": None,
    }  # fmt: skip
    guild.events[event_id] = ScheduledEvent(event_id, world.bot.id, fields)
    world.tell_guild("GUILD_SCHEDULED_EVENT_CREATE", fields, GUILD_SCHEDULED_EVENTS)
    return fields


@routes.on("GET", ONE)
def get(world: World, ask: Ask) -> Json:
    return _json(world, _find(world, ask), ask)


@routes.on("PATCH", ONE)
def change(world: World, ask: Ask) -> Json:
    event = _find(world, ask)
    _may(world, event)
    body, status = ask.form, event.fields["status"]
    if status not in NEXT_STATUS:
        raise ApiError(FINISHED)
    if body.get("status", status) not in NEXT_STATUS[status]:
        refuse([Problem(("status",), "TRANSITION_INVALID_STATUS", "Invalid status transition")])
    merged = {key: event.fields[key] for key in KEPT} | {key: body[key] for key in KEPT if key in body}
    _check(world, merged, starts="scheduled_start_time" in body)
    event.fields = event.fields | _shaped(merged) | {"status": body.get("status", status)}
    world.tell_guild("GUILD_SCHEDULED_EVENT_UPDATE", event.fields, GUILD_SCHEDULED_EVENTS)
    return event.fields


@routes.on("DELETE", ONE)
def delete(world: World, ask: Ask) -> None:
    event = _find(world, ask)
    _may(world, event)
    world.guild.events.pop(event.id)
    world.tell_guild("GUILD_SCHEDULED_EVENT_DELETE", event.fields, GUILD_SCHEDULED_EVENTS)


@routes.on("GET", ONE + "/users")
def users(world: World, ask: Ask) -> list[Json]:
    event = _find(world, ask)
    people = [world.users[user_id] for user_id in event.interested]
    return [{"guild_scheduled_event_id": event.id, "user": payloads.user_json(user)} for user in people]


# --- onboarding -----------------------------------------------------------------------------------------------------


@routes.on("GET", "/guilds/{guild_id}/onboarding")
def onboarding(world: World, ask: Ask) -> Json:
    return world.find_guild(ask["guild_id"]).onboarding


@routes.on("PUT", "/guilds/{guild_id}/onboarding")
def set_onboarding(world: World, ask: Ask) -> Json:
    guild = world.find_guild(ask["guild_id"])
    world.need(Permission.MANAGE_GUILD, Permission.MANAGE_ROLES)
    if "COMMUNITY" not in guild.features:
        raise ApiError(BELOW_REQUIREMENTS)
    body = ask.form
    refuse([*check(body, "onboarding"), *_strangers(guild, body)])
    fresh = guild.onboarding | {key: body[key] for key in ("default_channel_ids", "enabled", "mode") if key in body}
    if body.get("prompts") is not None:
        fresh["prompts"] = [_prompt(world, prompt) for prompt in body["prompts"]]
    if fresh["enabled"] and not _enough_channels(guild, fresh["default_channel_ids"]):
        raise ApiError(NOT_ENOUGH_CHANNELS)
    guild.onboarding = fresh
    world.touched()
    return fresh


def _strangers(guild: Guild, body: Json) -> list[Problem]:
    found = []
    for index, prompt in enumerate(body.get("prompts") or []):
        for place, option in enumerate(prompt.get("options") or []):
            for key, known in (("role_ids", guild.roles), ("channel_ids", guild.channels)):
                if any(str(item) not in known for item in option.get(key) or []):
                    where = ("prompts", index, "options", place, key)
                    found.append(Problem(where, "GUILD_ONBOARDING_UNKNOWN_ID", "Unknown role or channel"))
    return found


def _prompt(world: World, prompt: Json) -> Json:
    usual: Json = {"type": 0, "single_select": False, "required": False, "in_onboarding": True}
    options = [_prompt_option(world, option) for option in prompt["options"]]
    return usual | prompt | {"id": _real_id(world, prompt.get("id")), "options": options}


def _prompt_option(world: World, option: Json) -> Json:
    emoji = {"id": option.get("emoji_id"), "name": option.get("emoji_name"), "animated": False}
    return {
        "id": _real_id(world, option.get("id")), "title": option["title"], "description": option.get("description"),
        "emoji": option.get("emoji", emoji), "role_ids": [str(item) for item in option.get("role_ids") or []],
        "channel_ids": [str(item) for item in option.get("channel_ids") or []],
    }  # fmt: skip


def _real_id(world: World, given: Any) -> str:
    """New prompts come with an id of the client's own making, which Discord replaces."""
    known = {prompt["id"] for prompt in world.guild.onboarding["prompts"]}
    known |= {option["id"] for prompt in world.guild.onboarding["prompts"] for option in prompt["options"]}
    return str(given) if str(given) in known else world.ids.next()


def _enough_channels(guild: Guild, default_ids: list[Any]) -> bool:
    """At least 7 default channels, 5 of which everyone may write in."""
    channels = [guild.channels[str(item)] for item in default_ids if str(item) in guild.channels]
    nobody = Member("0", next(iter(guild.members.values())).joined_at)
    allowed = [in_channel(guild, nobody, channel) for channel in channels]
    writable = [item for item in allowed if item == EVERYTHING or item & Permission.SEND_MESSAGES]
    return len(channels) >= 7 and len(writable) >= 5

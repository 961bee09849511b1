"""Discord's documented limits, as pure questions about a payload: usable without a server.

https://discord.com/developers/docs/resources/message and the pages named in components.py and command_limits.py.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.emulators.discord.checks import Checks
from tests.emulators.discord.command_limits import check_choices, check_command
from tests.emulators.discord.components import check_message_components, check_modal_components
from tests.emulators.discord.errors import Path, Problem
from tests.emulators.discord.state import COMPONENTS_V2, EPHEMERAL, Json

SUPPRESS_EMBEDS, SILENT = 1 << 2, 1 << 12
SETTABLE_FLAGS = SUPPRESS_EMBEDS | EPHEMERAL | SILENT | COMPONENTS_V2
SENT = ("content", "embeds", "components", "attachments", "sticker_ids", "poll")
VOICE_EVENT, EXTERNAL_EVENT = 2, 3
TEXT_CHANNEL, VOICE_CHANNEL, CATEGORY, FORUM = 0, 2, 4, 15
GUILD_CHANNELS = (TEXT_CHANNEL, VOICE_CHANNEL, CATEGORY, 5, 13, FORUM, 16)
ARCHIVE_MINUTES = (60, 1440, 4320, 10080)


def problems(payload: Json, kind: str) -> list[str]:
    """What Discord would refuse in a payload, in words; empty when it is good.

    Args:
        payload: the JSON that would be sent.
        kind: message, edit, modal, command, commands (`{"commands": [..]}`), choices (of autocomplete), event,
            channel, thread, role or onboarding.
    """
    found = check(payload, kind)
    if kind == "message" and empty(payload):
        found.append(Problem((), "50006", "Cannot send an empty message"))
    return [str(problem) for problem in found]


def check(payload: Json, kind: str) -> list[Problem]:
    """The same with path and code, for the error body; an empty message is a refusal of another kind."""
    checks = Checks()
    CHECKERS[kind](checks, payload)
    return checks.problems


def empty(payload: Json) -> bool:
    """Whether a message says nothing at all."""
    return not str(payload.get("content") or "").strip() and not any(payload.get(key) for key in SENT[1:])


def _message(checks: Checks, payload: Json) -> None:
    checks.text(payload, "content", (), 2000)
    flags = payload.get("flags") or 0
    checks.number(payload, "flags", (), 0, 2**31 - 1)
    v2 = isinstance(flags, int) and bool(flags & COMPONENTS_V2)
    if isinstance(flags, int) and flags & ~SETTABLE_FLAGS:
        checks.add(("flags",), "MESSAGE_FLAGS_INVALID", "These flags cannot be set")
    _nonce(checks, payload)
    _embeds(checks, payload)
    check_message_components(checks, payload, v2=v2)
    checks.objects(payload, "attachments", (), 10)
    _allowed_mentions(checks, payload)
    for key in ("content", "embeds", "sticker_ids", "poll"):
        if v2 and payload.get(key):
            message = f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            checks.add((key,), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message)


def _nonce(checks: Checks, payload: Json) -> None:
    nonce = payload.get("nonce")
    if nonce is not None and (not isinstance(nonce, str | int) or len(str(nonce)) > 25):
        checks.add(("nonce",), "NONCE_TYPE_TOO_LONG", "Nonce must be 25 or fewer in length.")


def _allowed_mentions(checks: Checks, payload: Json) -> None:
    path: Path = ("allowed_mentions",)
    allowed = checks.inner(payload, "allowed_mentions", ())
    parse = checks.array(allowed, "parse", path, 3)
    for index, item in enumerate(parse):
        checks.choice(item, (*path, "parse", index), ("everyone", "roles", "users"))
    for key in ("users", "roles"):
        if checks.array(allowed, key, path, 100) and key in parse:
            message = f'parse:["{key}"] and {key}: [ids...] are mutually exclusive.'
            checks.add(path, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)


def _embeds(checks: Checks, payload: Json) -> None:
    for path, embed in checks.objects(payload, "embeds", (), 10):
        checks.text(embed, "title", path, 256)
        checks.text(embed, "description", path, 4096)
        checks.text(checks.inner(embed, "footer", path), "text", (*path, "footer"), 2048)
        checks.text(checks.inner(embed, "author", path), "name", (*path, "author"), 256)
        checks.number(embed, "color", path, 0, 0xFFFFFF)
        for where, field in checks.objects(embed, "fields", path, 25):
            checks.text(field, "name", where, 256, 1, needed=True)
            checks.text(field, "value", where, 1024, 1, needed=True)
        for key in ("url", "timestamp"):
            _well_formed(checks, embed, key, path)
    if not checks.problems and sum(_embed_size(embed) for embed in payload.get("embeds") or []) > 6000:
        checks.add(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")


def _embed_size(embed: Json) -> int:
    texts = [embed.get("title"), embed.get("description"), (embed.get("footer") or {}).get("text")]
    texts.append((embed.get("author") or {}).get("name"))
    for field in embed.get("fields") or []:
        texts += [field.get("name"), field.get("value")]
    return sum(len(str(text)) for text in texts if text)


def _well_formed(checks: Checks, holder: Json, key: str, path: Path) -> None:
    value = holder.get(key)
    if value is None:
        return
    if key == "url" and not str(value).startswith(("http://", "https://")):
        checks.add((*path, key), "URL_TYPE_INVALID_URL", "Not a well formed URL.")
    if key.endswith(("timestamp", "time")) and moment(value) is None:
        checks.add((*path, key), "DATE_TIME_TYPE_PARSE", f"Could not parse {value}. Should be ISO8601.")


def moment(value: Any) -> datetime | None:
    """An aware datetime from ISO 8601, or None."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _modal(checks: Checks, payload: Json) -> None:
    checks.text(payload, "custom_id", (), 100, 1, needed=True)
    checks.text(payload, "title", (), 45, 1, needed=True)
    check_modal_components(checks, payload)


def _commands(checks: Checks, payload: Json) -> None:
    seen = []
    for path, command in checks.objects(payload, "commands", (), 130):
        check_command(checks, command, path[1:])
        key = (command.get("type") or 1, command.get("name"))
        if key in seen:
            message = "Application command names must be unique"
            checks.add((*path[1:], "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", message)
        seen.append(key)


def _choices(checks: Checks, payload: Json) -> None:
    check_choices(checks, checks.objects(payload, "choices", (), 25), payload.get("option_type", 3))


def _event(checks: Checks, payload: Json) -> None:
    checks.text(payload, "name", (), 100, 1, needed=True)
    checks.text(payload, "description", (), 1000)
    for key in ("privacy_level", "scheduled_start_time", "entity_type"):
        checks.required(payload, key, ())
    if payload.get("privacy_level") is not None:
        checks.choice(payload["privacy_level"], ("privacy_level",), (2,))
    if payload.get("entity_type") is not None:
        checks.choice(payload["entity_type"], ("entity_type",), (1, VOICE_EVENT, EXTERNAL_EVENT))
    for key in ("scheduled_start_time", "scheduled_end_time"):
        _well_formed(checks, payload, key, ())
    if payload.get("entity_type") == EXTERNAL_EVENT:
        checks.required(payload, "scheduled_end_time", ())
        if checks.required(payload, "entity_metadata", ()):
            place = checks.inner(payload, "entity_metadata", ())
            checks.text(place, "location", ("entity_metadata",), 100, 1, needed=True)
        if payload.get("channel_id") is not None:
            message = "channel_id must be null for an external event"
            checks.add(("channel_id",), "GUILD_SCHEDULED_EVENT_CHANNEL", message)
    else:
        checks.snowflake(payload, "channel_id", (), needed=True)
    _order(checks, payload)


def _order(checks: Checks, payload: Json) -> None:
    start, end = moment(payload.get("scheduled_start_time")), moment(payload.get("scheduled_end_time"))
    if start and end and end <= start:
        message = "Event end time cannot be before its start time"
        checks.add(("scheduled_end_time",), "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST", message)


def _channel(checks: Checks, payload: Json) -> None:
    checks.text(payload, "name", (), 100, 1, needed=True)
    kind = payload.get("type", TEXT_CHANNEL)
    checks.choice(kind, ("type",), GUILD_CHANNELS)
    checks.text(payload, "topic", (), 4096 if kind in (FORUM, 16) else 1024)
    checks.number(payload, "user_limit", (), 0, 99)
    checks.number(payload, "bitrate", (), 8000, 384000)
    checks.number(payload, "rate_limit_per_user", (), 0, 21600)
    checks.snowflake(payload, "parent_id", ())
    for path, overwrite in checks.objects(payload, "permission_overwrites", (), 100):
        checks.snowflake(overwrite, "id", path, needed=True)
        checks.choice(overwrite.get("type", 0), (*path, "type"), (0, 1))
        for key in ("allow", "deny"):
            checks.snowflake(overwrite, key, path)


def _thread(checks: Checks, payload: Json) -> None:
    checks.text(payload, "name", (), 100, 1, needed=True)
    if payload.get("auto_archive_duration") is not None:
        checks.choice(payload["auto_archive_duration"], ("auto_archive_duration",), ARCHIVE_MINUTES)
    if payload.get("type") is not None:
        checks.choice(payload["type"], ("type",), (10, 11, 12))
    checks.number(payload, "rate_limit_per_user", (), 0, 21600)


def _role(checks: Checks, payload: Json) -> None:
    checks.text(payload, "name", (), 100)
    checks.number(payload, "color", (), 0, 0xFFFFFF)
    checks.snowflake(payload, "permissions", ())
    for key in ("hoist", "mentionable"):
        checks.boolean(payload, key, ())


def _onboarding(checks: Checks, payload: Json) -> None:
    checks.number(payload, "mode", (), 0, 1)
    checks.boolean(payload, "enabled", ())
    for path, prompt in checks.objects(payload, "prompts", (), 15):
        checks.snowflake(prompt, "id", path, needed=True)
        checks.text(prompt, "title", path, 100, 1, needed=True)
        checks.number(prompt, "type", path, 0, 1)
        for where, option in checks.objects(prompt, "options", path, 50, 1):
            checks.text(option, "title", where, 50, 1, needed=True)
            checks.text(option, "description", where, 100)
            for key in ("channel_ids", "role_ids"):
                checks.array(option, key, where, 500)
            if not option.get("channel_ids") and not option.get("role_ids"):
                message = "An option must add at least one role or channel"
                checks.add(where, "GUILD_ONBOARDING_OPTION_EMPTY", message)


CHECKERS: dict[str, Callable[[Checks, Json], None]] = {
    "message": _message, "edit": _message, "modal": _modal, "command": check_command, "commands": _commands,
    "choices": _choices, "event": _event, "channel": _channel, "thread": _thread, "role": _role,
    "onboarding": _onboarding,
}  # fmt: skip

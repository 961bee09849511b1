"""How a payload becomes a message, whether it comes from a channel's route, a reply or a follow-up."""

from __future__ import annotations

from copy import copy
from typing import Any

from tests.emulators.discord.errors import EMPTY_MESSAGE, ApiError, Problem, refuse
from tests.emulators.discord.limits import SETTABLE_FLAGS, check, empty
from tests.emulators.discord.mentions import mark_mentions
from tests.emulators.discord.payloads import attachment_url
from tests.emulators.discord.permissions import THREAD_TYPES
from tests.emulators.discord.state import (
    COMPONENTS_V2,
    EPHEMERAL,
    LOADING,
    Channel,
    Json,
    Message,
    Upload,
    User,
    every_component,
)
from tests.emulators.discord.web import File
from tests.emulators.discord.world import World

NOT_EMULATED = ("poll", "sticker_ids")


def check_body(body: Any, files: list[File], kind: str = "message") -> Json:
    """A message's payload, found good.

    Raises:
        ApiError: 50035 with what is wrong, 50006 for an empty new message, 501 for what is not emulated.
    """
    if not isinstance(body, dict):
        raise ApiError((400, 50035, "Invalid Form Body"))
    for key in NOT_EMULATED:
        if body.get(key):
            raise ApiError((501, 0, f"{key} is not emulated"))
    refuse([*check(body, kind), *_wrong_files(body, files)])
    if kind == "message" and empty(body) and not files:
        raise ApiError(EMPTY_MESSAGE)
    return body


def _wrong_files(body: Json, files: list[File]) -> list[Problem]:
    names = {f"attachment://{item.filename}" for item in files}
    names |= {f"attachment://{item.get('filename')}" for item in body.get("attachments") or []}
    problems = []
    for item in every_component(body.get("components") or []):
        for holder in (item.get("media"), item.get("file"), *(shown.get("media") for shown in item.get("items") or [])):
            url = str((holder or {}).get("url", ""))
            if url.startswith("attachment://") and url not in names:
                message = f"The referenced attachment was not found: {url}"
                problems.append(
                    Problem(("components",), "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", message)
                )
    return problems


def new_message(world: World, channel: Channel, author: User, body: Json, files: list[File]) -> Message:
    """Make a message of a payload that was found good; it is not yet in its channel."""
    message = Message(world.ids.next(), channel.id, author, timestamp=world.clock.now())
    nonce = body.get("nonce")
    message.nonce = str(nonce) if nonce is not None else None
    message.flags = (body.get("flags") or 0) & SETTABLE_FLAGS
    fill(world, channel, message, body, files)
    return message


def fill(world: World, channel: Channel, message: Message, body: Json, files: list[File]) -> None:
    """Put what a payload says into a message; what it does not name stays.

    Raises:
        ApiError: 50035 when newer components would stand beside content or embeds.
    """
    message.flags = message.flags & ~LOADING | (body.get("flags") or 0) & COMPONENTS_V2
    if "content" in body:
        message.content = (body["content"] or "").strip()
    if "embeds" in body:
        message.embeds = list(body["embeds"] or [])
    if message.flags & COMPONENTS_V2 and (message.content or message.embeds):
        text = "The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
        refuse([Problem(("content",), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", text)])
    if "components" in body:
        message.components = numbered(body["components"] or [])
    _attach(world, channel, message, body, files)
    if {"content", "embeds", "components"} & body.keys():
        mark_mentions(world, message, body.get("allowed_mentions"), by=world.may(message.author, channel))


def _attach(world: World, channel: Channel, message: Message, body: Json, files: list[File]) -> None:
    described = {str(item.get("id")): item for item in body.get("attachments") or []}
    kept = described if "attachments" in body else {item.id: item for item in message.uploads}
    message.uploads = [item for item in message.uploads if item.id in kept]
    for item in files:
        number = item.field.removeprefix("files[").removesuffix("]")
        about = described.get(number, {})
        name = about.get("filename") or item.filename
        upload_id = world.ids.next()
        url = attachment_url(world.base_url, channel.id, upload_id, name)
        message.uploads.append(Upload(upload_id, name, item.content, url, about.get("description")))


def numbered(components: list[Json]) -> list[Json]:
    """Components with an id each, as Discord gives them back."""
    found: list[Json] = [dict(item) for item in components]
    _deepen(found)
    taken = {item["id"] for item in every_component(found) if item.get("id")}
    following = 1
    for item in every_component(found):
        if not item.get("id"):
            while following in taken:
                following += 1
            item["id"] = following
            taken.add(following)
    return found


def _deepen(items: list[Json]) -> None:
    for item in items:
        if "components" in item:
            item["components"] = [dict(child) for child in item["components"]]
            _deepen(item["components"])
        for key in ("accessory", "component"):
            if key in item:
                item[key] = dict(item[key])
                _deepen([item[key]])


def post(world: World, channel: Channel, message: Message) -> Message:
    """Put a message into its channel and tell of it."""
    if message.flags & EPHEMERAL and not message.only_for:
        message.flags &= ~EPHEMERAL  # only replies to interactions can be ephemeral
    channel.messages.append(message)
    if channel.type in THREAD_TYPES:
        channel.archived = False
        joined = dict.fromkeys([*channel.thread_members, message.author.id, *message.mentions])
        channel.thread_members = list(joined)
    world.tell_message("MESSAGE_CREATE", message, nonce=True)
    return message


def edit(world: World, channel: Channel, message: Message, body: Any, files: list[File]) -> Message:
    """Change a message and tell of it; nothing of it changes when the payload is refused.

    Raises:
        ApiError: 50035 with what is wrong, 50006 when nothing would be left of it.
    """
    form = check_body(_with_kept_flag(message, body), files, "edit")
    draft = copy(message)
    fill(world, channel, draft, form, files)
    if not (draft.text or draft.components or draft.uploads):
        raise ApiError(EMPTY_MESSAGE)
    if not message.thinking:
        draft.edited = world.clock.now()
    vars(message).update(vars(draft))
    world.tell_message("MESSAGE_UPDATE", message)
    return message


def _with_kept_flag(message: Message, body: Any) -> Any:
    """A message with the newer components keeps that flag whatever an edit says."""
    if isinstance(body, dict) and message.flags & COMPONENTS_V2:
        return body | {"flags": (body.get("flags") or 0) | COMPONENTS_V2}
    return body

"""Answers to interactions, and the follow-ups through an interaction's token.

https://discord.com/developers/docs/interactions/receiving-and-responding
"""

from __future__ import annotations

from typing import Any

from tests.emulators.discord.errors import (
    ALREADY_ANSWERED,
    TOKEN_EXPIRED,
    UNKNOWN_INTERACTION,
    UNKNOWN_MESSAGE,
    UNKNOWN_WEBHOOK,
    ApiError,
    Problem,
    refuse,
)
from tests.emulators.discord.limits import check
from tests.emulators.discord.message_routes import remove_message
from tests.emulators.discord.posting import check_body, edit, new_message, numbered, post
from tests.emulators.discord.state import EPHEMERAL, LOADING, Interaction, Json, Message, Modal
from tests.emulators.discord.web import Ask, File, Routes
from tests.emulators.discord.world import World

routes = Routes()
ANSWER_SECONDS = 3.0
TOKEN_SECONDS = 15 * 60.0
COMMAND, COMPONENT, AUTOCOMPLETE, SUBMIT = 2, 3, 4, 5
SAY, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
FITTING = {
    COMMAND: {SAY, DEFER, MODAL}, COMPONENT: {SAY, DEFER, DEFER_UPDATE, UPDATE, MODAL}, AUTOCOMPLETE: {CHOICES},
    SUBMIT: {SAY, DEFER, DEFER_UPDATE, UPDATE},
}  # fmt: skip
HOOK = "/webhooks/{webhook_id}/{token}"


@routes.on("POST", "/interactions/{interaction_id}/{token}/callback")
def callback(world: World, ask: Ask) -> Json | None:
    interaction = world.interactions.get(ask["interaction_id"])
    if interaction is None or interaction.token != ask["token"]:
        raise ApiError(UNKNOWN_INTERACTION)
    if interaction.answer is not None:
        raise ApiError(ALREADY_ANSWERED)
    if interaction.expired or world.clock.monotonic() - interaction.born > ANSWER_SECONDS:
        raise ApiError(UNKNOWN_INTERACTION)
    body = ask.form
    kind = body.get("type")
    if kind not in FITTING[interaction.type] or (kind in {DEFER_UPDATE, UPDATE} and interaction.message is None):
        message = f"An interaction of type {interaction.type} cannot be answered with type {kind}"
        refuse([Problem(("type",), "INTERACTION_RESPONSE_TYPE_INVALID", message)])
    _answer(world, interaction, kind, body.get("data") or {}, ask.files)
    interaction.answer = kind
    world.touched()
    return _response(world, interaction) if ask.query.get("with_response") in {"1", "true", "True"} else None


def _answer(world: World, interaction: Interaction, kind: int, data: Json, files: list[File]) -> None:
    if kind == SAY:
        interaction.reply = _reply(world, interaction, check_body(data, files), files)
    elif kind == DEFER:
        _defer(world, interaction, data)
    elif kind == UPDATE and interaction.message:
        interaction.reply = edit(world, interaction.channel, interaction.message, data, files)
    elif kind == DEFER_UPDATE:
        interaction.reply = interaction.message
    elif kind == CHOICES:
        refuse([Problem(("data", *item.path), item.code, item.message) for item in _bad_choices(interaction, data)])
        interaction.choices = list(data["choices"])
    elif kind == MODAL:
        refuse([Problem(("data", *item.path), item.code, item.message) for item in check(data, "modal")])
        shown = Modal(data["custom_id"], data["title"], numbered(data["components"]), interaction)
        interaction.modal = world.modals[interaction.user.id] = shown


def _bad_choices(interaction: Interaction, data: Json) -> list[Problem]:
    if "choices" not in data:
        return [Problem(("choices",), "BASE_TYPE_REQUIRED", "This field is required")]
    return check({"choices": data["choices"], "option_type": focused(interaction.data)["type"]}, "choices")


def focused(data: Json) -> Json:
    """The option that someone is typing in."""
    for option in data.get("options", []):
        if option.get("focused"):
            return dict(option)
        if "options" in option:
            return focused(option)
    return {}


def _defer(world: World, interaction: Interaction, data: Json) -> None:
    message = new_message(world, interaction.channel, world.bot, {"flags": data.get("flags") or 0}, [])
    message.flags |= LOADING
    interaction.reply = _place(world, interaction, message)


def _reply(world: World, interaction: Interaction, body: Json, files: list[File]) -> Message:
    return _place(world, interaction, new_message(world, interaction.channel, world.bot, body, files))


def _place(world: World, interaction: Interaction, message: Message) -> Message:
    message.interaction = interaction
    message.type = 20 if interaction.type == COMMAND else 19 if interaction.message else 0
    if message.type == 19 and interaction.message:
        message.reference = {"type": 0, "message_id": interaction.message.id, "channel_id": interaction.channel.id}
    if message.flags & EPHEMERAL:
        message.only_for = interaction.user.id
    return post(world, interaction.channel, message)


def _response(world: World, interaction: Interaction) -> Json:
    about: Json = {"id": interaction.id, "type": interaction.type}
    resource: Json = {"type": interaction.answer}
    if interaction.reply and interaction.answer in {SAY, DEFER, UPDATE}:
        about["response_message_id"] = interaction.reply.id
        about["response_message_loading"] = interaction.reply.thinking
        about["response_message_ephemeral"] = bool(interaction.reply.flags & EPHEMERAL)
        resource["message"] = world.message_json(interaction.reply)
    return {"interaction": about, "resource": resource}


# --- through the token ----------------------------------------------------------------------------------------------


def find_by_token(world: World, ask: Ask) -> Interaction:
    """The answered interaction of a token.

    Raises:
        ApiError: 10015 for another token or one that was not answered yet, 50027 after 15 minutes.
    """
    found = next((item for item in world.interactions.values() if item.token == ask["token"]), None)
    if found is None or ask["webhook_id"] != world.application_id or found.answer is None:
        raise ApiError(UNKNOWN_WEBHOOK)
    if world.clock.monotonic() - found.born > TOKEN_SECONDS:
        raise ApiError(TOKEN_EXPIRED)
    return found


@routes.on("POST", HOOK)
def follow_up(world: World, ask: Ask) -> Json:
    interaction = find_by_token(world, ask)
    body = check_body(ask.body, ask.files)
    reply = interaction.reply
    if interaction.answer == DEFER and reply and reply.thinking and reply in interaction.channel.messages:
        return world.message_json(edit(world, interaction.channel, reply, body, ask.files))
    message = new_message(world, interaction.channel, world.bot, body, ask.files)
    message.interaction = interaction
    if message.flags & EPHEMERAL:
        message.only_for = interaction.user.id
    interaction.followups.append(post(world, interaction.channel, message))
    return world.message_json(message)


def _find(interaction: Interaction, message_id: str) -> Message:
    mine = [*([interaction.reply] if interaction.reply else []), *interaction.followups]
    chosen: Any = interaction.reply if message_id == "@original" else None
    chosen = chosen or next((item for item in mine if item.id == message_id), None)
    if chosen is None or chosen not in interaction.channel.messages:
        raise ApiError(UNKNOWN_MESSAGE)
    found: Message = chosen
    return found


@routes.on("GET", HOOK + "/messages/{message_id}")
def get(world: World, ask: Ask) -> Json:
    return world.message_json(_find(find_by_token(world, ask), ask["message_id"]))


@routes.on("PATCH", HOOK + "/messages/{message_id}")
def change(world: World, ask: Ask) -> Json:
    interaction = find_by_token(world, ask)
    message = _find(interaction, ask["message_id"])
    return world.message_json(edit(world, interaction.channel, message, ask.body, ask.files))


@routes.on("DELETE", HOOK + "/messages/{message_id}")
def delete(world: World, ask: Ask) -> None:
    interaction = find_by_token(world, ask)
    remove_message(world, interaction.channel, _find(interaction, ask["message_id"]))

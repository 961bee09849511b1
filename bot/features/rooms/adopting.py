"""Making a channel a room, and no room any more: said by an organizer in the channel itself, on each platform."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.commands import Args, Context
from bot.errors import Conflict, InvalidInput, NotFound
from bot.features.calendars.planning import plan_calendar, workspaces
from bot.features.deliveries.planning import plan_for_rooms
from bot.features.rooms import organizerreplies as replies
from bot.features.rooms.model import Purpose, Room
from bot.features.rooms.newcomers import plan_question
from bot.i18n import N_, _, in_every_language, use_locale
from bot.languagenames import name_in_itself, read_language
from bot.messages import ChannelRef, Reply
from bot.ports import UnitOfWork
from bot.replies import again
from bot.services import new_id
from bot.times.folding import folded_name


async def adopt(context: Context, args: Args) -> Reply:
    """Make the channel where this is said a room, if it is said of what; else ask."""
    channel = _here(context)
    await _refuse_taken(context.uow, channel)
    said = args.get("language", "").strip()
    purpose = args.get("purpose") or _purpose(said)
    language = read_language(said)
    if purpose is None and language is None:
        unknown = _unknown_language(said) if said else ""
        form = replies.form(channel, context.member.id, said)
        return again(form, {}, {"language": unknown}) if unknown else Reply(form=form)
    of = language or context.services.community.default_language
    return await _make(context, channel, Purpose(purpose or Purpose.LANGUAGE), of)


async def bind(context: Context, args: Args) -> Reply:
    """Take the answers of the form."""
    channel = _named(args)
    language = read_language(args["language"])
    if language is None:
        form = replies.form(channel, context.member.id, args["language"])
        return again(form, args, {"language": _unknown_language(args["language"])})
    await _refuse_taken(context.uow, channel)
    return await _make(context, channel, Purpose(args["purpose"]), language)


def _here(context: Context) -> ChannelRef:
    if context.inbound.direct:
        raise InvalidInput(N_("Please write this to me in the channel itself, not in our direct messages."))
    return context.inbound.channel


def _named(args: Args) -> ChannelRef:
    return ChannelRef(args.get("platform", ""), args.get("workspace", ""), args.get("channel", ""))


def _purpose(said: str) -> str | None:
    """Return the purpose that somebody named in any of our languages, with an article or without."""
    words = f" {folded_name(said)}"
    for purpose, label in replies.PURPOSES.items():
        names = {folded_name(text) for text in in_every_language(label).values()}
        if purpose is not Purpose.LANGUAGE and any(words.endswith(f" {name}") for name in names):
            return purpose
    return None


def _unknown_language(said: str) -> str:
    unknown = _("I do not know the language “{language}”. Please write its name, such as “French”.")
    return unknown.format(language=said[:60])


async def _refuse_taken(uow: UnitOfWork, channel: ChannelRef) -> None:
    room = await uow.rooms.by_channel(channel)
    if room is not None:
        raise Conflict(
            N_("This channel is the room “{room}” already. To make it another one, write “forget this room” first."),
            room=room.name,
        )


async def _make(context: Context, channel: ChannelRef, purpose: Purpose, language: str) -> Reply:
    room = await add_channel(context.uow, channel, purpose, language, context.now, context.inbound.id)
    return replies.adopted(room, channel)


async def add_channel(
    uow: UnitOfWork, channel: ChannelRef, purpose: Purpose, language: str, now: datetime, because: str
) -> Room:
    """Make a channel a room's, or a new room's; reminders and the platform's calendar follow.

    A language may have several rooms, any other purpose has one in each workspace: raises Conflict for a second one.
    """
    rooms = await uow.rooms.all()
    alike = [room for room in rooms if (room.purpose, room.language) == (purpose, language)]
    room = next((room for room in alike if not _has_channel(room, channel)), None)
    if room is None:
        if alike and purpose is not Purpose.LANGUAGE:
            raise Conflict(
                N_("There is a channel for that here already: “{room}”. Write “forget this room” there first."),
                room=alike[0].name,
            )
        room = Room(new_id(), room_name(purpose, language, len(alike) + 1), purpose, language, ())
    room = replace(room, channels=(*room.channels, channel))
    await uow.rooms.save(room)
    await plan_for_rooms(uow, now)
    place = (channel.platform, channel.workspace)
    await plan_question(uow, place, now, f"{because}:{room.id}")
    if place not in workspaces(rooms):
        await plan_calendar(uow, place, now, because)
    return room


def _has_channel(room: Room, there: ChannelRef) -> bool:
    return any((each.platform, each.workspace) == (there.platform, there.workspace) for each in room.channels)


def room_name(purpose: Purpose, language: str, number: int = 1) -> str:
    """Return how a room is called in its own language: “français”, “français 2”."""
    with use_locale(language):
        name = (name_in_itself(language) or language) if purpose is Purpose.LANGUAGE else _(replies.PURPOSES[purpose])
    return name if number == 1 else f"{name} {number}"


async def forget(context: Context, args: Args) -> Reply:  # noqa: ARG001
    """Ask whether the channel where this is said shall be no room any more."""
    channel = _here(context)
    room = await context.uow.rooms.by_channel(channel)
    if room is None:
        raise NotFound(N_("This channel is not a room, so there is nothing to forget."))
    return replies.really_forget(room, channel)


async def unbind(context: Context, args: Args) -> Reply:
    """Take a channel out of its room; the channel itself, and the room's other channels, stay."""
    channel = _named(args)
    room = await context.uow.rooms.by_channel(channel)
    if room is None:
        raise NotFound(N_("This channel is not a room, so there is nothing to forget."))
    await context.uow.rooms.save(replace(room, channels=tuple(each for each in room.channels if each != channel)))
    place = (channel.platform, channel.workspace)
    await plan_question(context.uow, place, context.now, context.inbound.id)
    if place not in workspaces(await context.uow.rooms.all()):
        await plan_calendar(context.uow, place, context.now, context.inbound.id)
    return replies.forgotten(room, channel)

"""Meeting members, and learning what they speak and where they are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time

from bot.commands import Args, Context
from bot.duework import DueWork, NewWork, Prepared, Reason, Send, Skip, WorkContext
from bot.errors import InvalidInput
from bot.features.deliveries.planning import plan_for_member
from bot.features.members import replies
from bot.features.members.model import Identity, Member
from bot.features.rooms.handlers import channel_on, room_of
from bot.i18n import N_, _, nearest
from bot.inbound import Inbound
from bot.languagenames import read_language
from bot.messages import Reply, Target, UserRef
from bot.ports import UnitOfWork
from bot.replies import again
from bot.services import Community, new_id
from bot.times.choice import certain_zone
from bot.times.zones import find_zones

WELCOME = "members.welcome"


async def meet(uow: UnitOfWork, inbound: Inbound, now: datetime) -> Member:
    """Record someone at first contact, with what the platform says of them as hints."""
    profile = inbound.profile
    member = Member(new_id(), profile.name, now)
    await uow.members.add(member, Identity(inbound.user, member.id, profile.locale, profile.zone))
    return member


def is_organizer(inbound: Inbound, community: Community) -> bool:
    """Whether settings or the platform name this person an organizer."""
    return inbound.profile.admin or _is_named(inbound.user, community)


def _is_named(user: UserRef, community: Community) -> bool:
    names = {f"{user.platform}:{user.workspace}/{user.user}", f"{user.platform}:{user.user}"}
    return bool(names & community.organizers)


def organizes(member: Member, identities: Iterable[Identity], community: Community) -> bool:
    """Whether another organizer, or any of somebody's accounts, makes them an organizer."""
    return member.appointed or any(each.admin or _is_named(each.user, community) for each in identities)


async def recognised(uow: UnitOfWork, member: Member, inbound: Inbound, community: Community) -> Member:
    """Return the member as an organizer or not, by what all their accounts are; this one's rank is kept with it."""
    if (is_organizer(inbound, community) or member.appointed) == member.organizer:
        return member
    identities = {each.user: each for each in await uow.members.identities(member.id)}
    here = identities[inbound.user]
    if here.admin != inbound.profile.admin:
        identities[here.user] = replace(here, admin=inbound.profile.admin)
        await uow.members.save_identity(identities[here.user])
    organizer = organizes(member, identities.values(), community)
    if organizer != member.organizer:
        member = replace(member, organizer=organizer)
        await uow.members.save(member)
    return member


async def joined(context: Context) -> None:
    """Plan the welcome of someone who joined."""
    member = context.member
    if member.welcomed_at is None:
        target = Target(user=context.inbound.user)
        await context.uow.work.plan(
            NewWork(WELCOME, f"welcome:{member.id}", context.now, target=target, member_id=member.id)
        )


async def prepare_welcome(context: WorkContext, work: DueWork) -> Prepared:
    """Greet in every language of the community at once; somebody who told theirs meanwhile needs it no more."""
    member = await context.uow.members.get(work.member_id or "")
    if member is None or member.welcomed_at is not None:
        return Skip(Reason.SUPERSEDED)
    await context.uow.members.save(replace(member, noticed_at=context.now))
    return Send(replies.welcome(member.name, context.services.community.languages))


@dataclass(frozen=True, slots=True)
class _Answers:
    first: str
    others: tuple[str, ...]
    zone: str
    quiet: str


async def profile(context: Context, args: Args) -> Reply:
    """Ask for languages, zone and quiet hours, filled in as far as they are known; or save what was answered."""
    community = context.services.community
    if not args.get("first"):
        known = await _guess(context)
        known = replace(known, zone=args.get("zone") or known.zone)
        return Reply(form=replies.form(known, community.languages, args.get("lang")))
    form = replies.form(await _guess(context), community.languages, args.get("lang"))
    if unknown := _unknown_languages(args):
        return again(form, args, unknown)
    answers = _answers(args)
    try:
        quiet = read_quiet_hours(answers.quiet)
    except InvalidInput as error:
        return again(form, args, {"quiet": _(error.msgid).format(**error.params)})
    found = find_zones(answers.zone)
    if not found:
        nowhere = _("I do not know the place or zone “{zone}”. Please write a city, such as “Nairobi”.")
        return again(form, args, {"zone": nowhere.format(zone=answers.zone[:60])})
    certain = certain_zone(answers.zone)
    if certain is None:
        return replies.which_zone(found[:5], args, context.now)
    return await _save(context, answers, certain.zone, quiet)


def _unknown_languages(args: Args) -> dict[str, str]:
    """Return a sentence for each field that names a language nobody knows: where there is no menu, it is typed."""
    wrong = {}
    for name in ("first", "others"):
        for text in args.get(name, "").split(","):
            if text.strip() and read_language(text) is None:
                sentence = _("I do not know the language “{language}”. Please write its name, such as “French”.")
                wrong[name] = sentence.format(language=text.strip()[:60])
    return wrong


def _answers(args: Args) -> _Answers:
    first, *others = (
        read_language(text) or "" for text in f"{args['first']},{args.get('others', '')}".split(",") if text.strip()
    )
    spoken = tuple(dict.fromkeys(tag for tag in others if tag != first))
    return _Answers(first, spoken, args.get("zone", "").strip(), args.get("quiet", "").strip())


async def _save(context: Context, answers: _Answers, zone: str, quiet: tuple[time | None, time | None]) -> Reply:
    member = replace(
        context.member,
        languages=(answers.first, *answers.others),
        zone=zone,
        quiet_start=quiet[0],
        quiet_end=quiet[1],
        welcomed_at=context.member.welcomed_at or context.now,
    )
    await context.uow.members.save(member)
    await plan_for_member(context.uow, member, context.now)
    rooms = [room for room in await context.uow.rooms.all() if channel_on(room, context.inbound.user)]
    room = next((room for tag in member.languages if (room := room_of(rooms, tag))), None)
    speaks = nearest(member.languages, context.services.community.languages)
    return replies.saved(member, room, context.now, speaks)


async def _guess(context: Context) -> replies.Known:
    member = context.member
    identities = await context.uow.members.identities(member.id)
    locale = next((i.locale for i in identities if i.locale), None) or context.inbound.profile.locale
    zone = next((i.zone_hint for i in identities if i.zone_hint), None) or context.inbound.profile.zone
    languages = member.languages or ((locale.replace("_", "-").split("-")[0],) if locale else ())
    return replies.Known(languages, member.zone or zone or "", member.quiet_start, member.quiet_end)


_HOURS = re.compile(r"(\d{1,2})(?:[:hH.](\d{2})?)?\s*(?:-|–|—|to|à|a)\s*(\d{1,2})(?:[:hH.](\d{2})?)?")


def read_quiet_hours(text: str) -> tuple[time | None, time | None]:
    """Read ``22:00-07:00`` (also ``22h à 7h``); nothing means none. Raises InvalidInput."""
    if not text:
        return None, None
    found = _HOURS.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError
        start = time(int(found[1]), int(found[2] or 0))
        end = time(int(found[3]), int(found[4] or 0))
        if start == end:
            raise ValueError
    except ValueError:
        raise InvalidInput(
            N_("I could not read the quiet hours “{text}”. Please write them like 22:00-07:00."),
            text=text[:40],
        ) from None
    return start, end


async def reminders(context: Context, args: Args) -> Reply:
    """Turn the member's direct reminders on or off; what is planned looks at this when its moment comes."""
    wanted = args["state"] == "on"
    await context.uow.members.save(replace(context.member, reminders=wanted))
    return replies.reminders_set(wanted)


async def stop(context: Context, args: Args) -> Reply:
    """Turn the member's direct reminders off, in one word."""
    return await reminders(context, {**args, "state": "off"})

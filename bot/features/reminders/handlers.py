"""Reminders that members ask for: read, kept as due work, sent at their moment, put off, listed, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from bot.audience import member_language
from bot.commands import Args, Context
from bot.duework import DueWork, NewWork, Payload, Prepared, Reason, Send, Skip, State, WorkContext
from bot.errors import Conflict, NotFound
from bot.features.deliveries.planning import plan_for_member
from bot.features.reminders import replies
from bot.features.reminders.model import LONGEST, MOST, PERSONAL, Wish, key, subject
from bot.features.reminders.reading import read_wish
from bot.features.resources.proposing import clean
from bot.i18n import N_, _, current_locale, use_locale
from bot.messages import Form, Reply, Target
from bot.replies import again, shortened
from bot.services import new_id
from bot.times.choice import certain_zone
from bot.times.wall import WallTime, local, resolve
from bot.times.words import parse_when
from bot.times.zones import find_zones

UNCLEAR = N_("Write a day and an hour, such as “tomorrow at 3 pm”.")
GONE = N_("That reminder is no longer there. Write “my reminders” to see what is waiting.")


async def set_reminder(context: Context, args: Args) -> Reply:
    """Keep a reminder once it is clear of what, when and in which zone; until then ask, with all that is known."""
    wish = _wish(context, args)
    zone = context.member.zone
    form = replies.form(wish, context.member.id, None if zone else await _zone_hint(context))
    if not args.keys() >= {"text", "when"} and not (wish.text and wish.when and zone):
        return Reply(form=form)
    errors = _wrong(wish)
    if zone is None:
        named = args.get("zone", "").strip()
        certain, found = certain_zone(named), find_zones(named)
        if not found:
            unknown = _("I do not know the place or zone “{zone}”. Please write a city, such as “Nairobi”.")
            errors["zone"] = unknown.format(zone=named[:60])
        elif certain is None and not errors:
            return replies.which_zone(found[:5], _kept(context, wish), context.now)
        zone = certain.zone if certain else None
    if errors or zone is None:
        return again(form, args, errors)
    return await _in_zone(context, args, wish, zone, form)


async def _in_zone(context: Context, args: Args, wish: Wish, zone: str, form: Form) -> Reply:
    """Read the moment on the clocks of a zone, which the member's are from now on; ask where it is not clear."""
    if context.member.zone is None:
        member = replace(context.member, zone=zone)
        await context.uow.members.save(member)
        await plan_for_member(context.uow, member, context.now)
    if args.get("utc"):
        chosen = _instant(args["utc"])
        if chosen is None or chosen <= context.now:
            return again(form, args, {"when": _("That moment has passed. Write a day and an hour still to come.")})
        return await _keep(context, wish, chosen, zone)
    found = parse_when(wish.when, lang=current_locale(), zone=zone, now=context.now)
    if not found.candidates:
        return again(form, args, {"when": _(found.reason or UNCLEAR).format(**found.params)})
    if found.ambiguous:
        return replies.which_moment(found, _kept(context, wish), zone)
    return await _keep(context, wish, found.candidates[0].utc, zone)


def _instant(text: str) -> datetime | None:
    try:
        chosen = datetime.fromisoformat(text)
    except ValueError:
        return None
    return chosen.astimezone(UTC) if chosen.tzinfo else None


def _wish(context: Context, args: Args) -> Wish:
    """Return what was filled in, or what a message or a sentence tells."""
    link = args.get("link", "")
    if args.get("request", "").strip():
        zone = context.member.zone or "UTC"
        told = read_wish(clean(args["request"]), language=current_locale(), zone=zone, now=context.now)
        return replace(told, link=link)
    text = clean(args.get("text", ""))
    if not text and args.get("author"):
        text = _("A message from {name}").format(name=clean(args["author"]))
    if "when" not in args:
        text = shortened(text, LONGEST)
    return Wish(text, clean(args.get("when", "")), link)


def _wrong(wish: Wish) -> dict[str, str]:
    """Return a sentence for each field of the form that cannot be taken as it is, but for the zone."""
    errors = {}
    if not any(char.isalnum() for char in wish.text):
        errors["text"] = _("Please write what I shall remind you of.")
    elif len(wish.text) > LONGEST:
        too_long = _("That text is too long ({length} characters; at most {limit}). Please shorten it.")
        errors["text"] = too_long.format(length=len(wish.text), limit=LONGEST)
    if not wish.when:
        errors["when"] = _(UNCLEAR)
    return errors


def _kept(context: Context, wish: Wish) -> dict[str, str]:
    """Return what a button carries that answers the form anew: it is the member's, and erased with them."""
    return {"for": context.member.id, "text": wish.text, "when": wish.when, "link": wish.link}


async def _zone_hint(context: Context) -> str:
    identities = await context.uow.members.identities(context.member.id)
    return next((each.zone_hint for each in identities if each.zone_hint), None) or context.inbound.profile.zone or ""


async def _keep(context: Context, wish: Wish, due: datetime, zone: str) -> Reply:
    """Plan the reminder; the same one is planned once."""
    member = context.member
    waiting = await context.uow.work.waiting(member.id, (PERSONAL,))
    same = next((work for work in waiting if work.due == due and work.payload.get("text") == wish.text), None)
    reminder_id = _id(same) if same else new_id()
    if same is None:
        _refuse_too_many(waiting)
        await _plan(context, reminder_id, key(reminder_id, 1), due, {"text": wish.text, "link": wish.link})
    return replies.is_set(wish.text, wish.link, due, zone, reminder_id, member.id)


def _refuse_too_many(waiting: Sequence[DueWork]) -> None:
    if len(waiting) >= MOST:
        raise Conflict(
            N_("{count} reminders are waiting for you, and I keep no more. Write “my reminders” and delete one."),
            count=MOST,
        )


async def _plan(context: Context, reminder_id: str, key_: str, due: datetime, payload: Payload) -> None:
    """Write it down for the account the member is written to. Quiet hours do not hold it back: this hour was asked."""
    user = await context.uow.members.account(context.member.id) or context.inbound.user
    await context.uow.work.plan(
        NewWork(PERSONAL, key_, due, payload, Target(user=user), context.member.id, subject(reminder_id))
    )


def _id(work: DueWork) -> str:
    return work.subject.partition(":")[2]


async def prepare_personal(context: WorkContext, work: DueWork) -> Prepared:
    """Write the reminder, in the language the member speaks by now."""
    member = await context.uow.members.get(work.member_id or "")
    if member is None or not work.payload.get("text"):
        return Skip(Reason.GONE)
    with use_locale(await member_language(context, member.id)):
        text, link = work.payload["text"], work.payload.get("link", "")
        return Send(replies.reminder(text, link, work.due, _id(work), member.id))


async def _mine(context: Context, args: Args) -> tuple[DueWork, ...]:
    """Return all the work of a reminder of the member's, the oldest first. Raises NotFound."""
    works = await context.uow.work.about(subject(args["reminder"]), (PERSONAL,))
    if not works or any(work.member_id != context.member.id for work in works):
        raise NotFound(GONE)
    return works


async def put_off(context: Context, args: Args) -> Reply:
    """Remind again in an hour, or tomorrow at the same hour on the member's clock; the last wish counts."""
    works = await _mine(context, args)
    told = next((work.payload for work in reversed(works) if work.payload.get("text")), None)
    if told is None:
        raise NotFound(GONE)
    last, zone = works[-1], context.member.zone or "UTC"
    due = context.now + timedelta(hours=1) if args["after"] == "hour" else _tomorrow(works[0].due, zone, context.now)
    reminder_id = args["reminder"]
    key_ = last.key
    if last.state is not State.PENDING:
        _refuse_too_many(await context.uow.work.waiting(context.member.id, (PERSONAL,)))
        key_ = key(reminder_id, len(works) + 1)
    await _plan(context, reminder_id, key_, due, told)
    return replies.is_set(told["text"], told.get("link", ""), due, zone, reminder_id, context.member.id)


def _tomorrow(first: datetime, zone: str, now: datetime) -> datetime:
    """Return tomorrow at the hour of the first reminder, on the clocks of a zone."""
    day = local(now, zone).date() + timedelta(days=1)
    hour: time = local(first, zone).time()
    return resolve(WallTime(datetime.combine(day, hour), zone)).utc


async def done(context: Context, args: Args) -> Reply:
    """Take a reminder for done: what of it still waits is not sent."""
    works = await _mine(context, args)
    await context.uow.work.withdraw(subject(args["reminder"]), (PERSONAL,), Reason.CANCELLED)
    text = next((work.payload["text"] for work in works if work.payload.get("text")), "")
    return replies.done(text)


async def delete(context: Context, args: Args) -> Reply:
    """Delete a reminder that waits, and what it says; show what still waits."""
    waiting = [work for work in await _mine(context, args) if work.state is State.PENDING]
    for work in waiting:
        await _plan(context, args["reminder"], work.key, work.due, {})
    if not await context.uow.work.withdraw(subject(args["reminder"]), (PERSONAL,), Reason.CANCELLED):
        raise Conflict(N_("That reminder waits no more: it was sent or deleted."))
    return await _list(context, 0, deleted=True)


async def pending(context: Context, args: Args) -> Reply:
    """List what waits for the member."""
    start = args.get("start", "0")
    return await _list(context, int(start) if start.isdecimal() else 0)


async def _list(context: Context, start: int, *, deleted: bool = False) -> Reply:
    waiting = await context.uow.work.waiting(context.member.id, (PERSONAL,))
    return replies.pending(waiting, start, context.member.id, deleted=deleted)

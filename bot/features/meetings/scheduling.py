"""From a pasted agenda to a meeting: draft, preview, choices, confirmation, and the dates of a series."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.commands import Args, Context
from bot.duework import DueWork, NewWork, Skip, WorkContext
from bot.errors import Conflict, InvalidInput, NotFound
from bot.features.breakouts.planning import plan_placement
from bot.features.calendars.planning import plan_events
from bot.features.deliveries.handlers import tell_change
from bot.features.deliveries.model import ReminderRule
from bot.features.deliveries.planning import (
    DEFAULT_RULES,
    plan_announcement,
    plan_occurrence,
    plan_reminders,
    recipients,
)
from bot.features.meetings import preview
from bot.features.meetings.drafting import Proposal, propose
from bot.features.meetings.model import AgendaItem, Draft, Meeting, Occurrence
from bot.i18n import N_, _, current_locale
from bot.messages import Reply
from bot.ports import UnitOfWork
from bot.replies import again, answer, note
from bot.services import new_id
from bot.times.choice import certain_zone
from bot.times.recurrence import expand
from bot.times.tzdata import tzdata_version
from bot.times.wall import WallTime, resolve
from bot.times.words import parse_when

EXTEND = "meetings.extend"
HORIZON = timedelta(days=45)
"""How far ahead the dates of a series exist as occurrences; longer than any lead."""
EXTEND_EVERY = timedelta(days=7)
CLOSED = N_("This draft is closed: it was confirmed or discarded. Paste the agenda again to start anew.")
KEPT = ("repeat", "place", "audience")


async def schedule(context: Context, args: Args) -> Reply:
    """Keep a pasted agenda as a draft and show what it would become."""
    draft = Draft(new_id(), context.member.id, args["text"], {}, context.now)
    proposal = propose(draft, await _zones(context), context.now)
    await context.uow.meetings.save_draft(draft)
    return await _preview(context.uow, context, draft, proposal)


async def _zones(context: Context) -> tuple[str, ...]:
    """Return the zones the community lives in: the organizer's own, then the others, the most common first."""
    members = [member for member, _user in await context.uow.members.reachable()]
    common = Counter(member.zone for member in members if member.zone).most_common()
    own = (context.member.zone,) if context.member.zone else ()
    return (*own, *(zone for zone, _count in sorted(common, key=lambda pair: (-pair[1], pair[0])) if zone not in own))


async def _find(context: Context, args: Args) -> Draft:
    draft = await context.uow.meetings.draft(args["draft"])
    if draft is None:
        raise Conflict(CLOSED)
    return draft


async def change(context: Context, args: Args) -> Reply:
    """Ask for date, zone, repetition and place, or take them and show the draft again."""
    draft = await _find(context, args)
    proposal = propose(draft, await _zones(context), context.now)
    if "date" not in args:
        return Reply(form=preview.form(draft.id, proposal))
    form = preview.form(draft.id, proposal)
    found = certain_zone(args.get("zone", ""))
    if found is None:
        unknown = _("I do not know the place or zone “{zone}”. Please write a city, such as “Nairobi”.")
        return again(form, args, {"zone": unknown.format(zone=args.get("zone", "")[:60])})
    zone = found.zone
    when = parse_when(f"{args['date']} 12:00", lang=current_locale(), zone=zone, now=context.now)
    days = {candidate.local.local.date(): candidate.utc for candidate in when.candidates}
    if not days:
        return again(form, args, {"date": _(when.reason or N_("I could not read that date.")).format(**when.params)})
    if len(days) > 1:
        kept = {name: args.get(name, "") for name in ("zone", *KEPT)}
        return preview.which_day(draft.id, kept, tuple(days.values()), zone)
    choices = {**draft.choices, **{name: args.get(name, "") for name in KEPT}, "date": next(iter(days)).isoformat()}
    if any(field.name == "zone" and field.value != args["zone"] for field in form.fields):
        choices["zone"] = zone
    return await _keep(context, replace(draft, choices=choices))


async def show(context: Context, args: Args) -> Reply:
    """Show a draft again, as it stands."""
    draft = await _find(context, args)
    return await _preview(context.uow, context, draft, propose(draft, await _zones(context), context.now))


async def choose(context: Context, args: Args) -> Reply:
    """Take one choice from a button."""
    draft = await _find(context, args)
    return await _keep(context, replace(draft, choices={**draft.choices, args["name"]: args["value"]}))


async def _keep(context: Context, draft: Draft) -> Reply:
    await context.uow.meetings.save_draft(draft)
    return await show(context, {"draft": draft.id})


async def _preview(uow: UnitOfWork, context: Context, draft: Draft, proposal: Proposal) -> Reply:
    to = await recipients(uow)
    members = [member for member, _user in to.members]
    planned: list[NewWork] = []
    same_hour = None
    if proposal.starts and not proposal.doubts:
        same_hour = await _planned_at(uow, resolve(proposal.starts).utc, context.now)
        meeting = _meeting("draft", proposal, proposal.starts, context.member.id)
        first = _occurrence(meeting, proposal.starts)
        planned = plan_occurrence(meeting, first, _rules(meeting.id), to, context.now)
    tellings = preview.waves(planned, to.rooms, members)
    languages = context.services.community.languages
    return preview.preview(draft.id, proposal, tellings, members, languages, same_hour=same_hour)


async def _planned_at(uow: UnitOfWork, starts: datetime, now: datetime) -> str | None:
    """Return the title of the meeting that is planned at an instant already, if there is one."""
    coming = await uow.meetings.occurrences(ends_after=now, limit=100)
    same = next((occurrence for occurrence in coming if occurrence.starts_utc == starts), None)
    meeting = await uow.meetings.get(same.meeting_id) if same else None
    return meeting.title if meeting else None


async def discard(context: Context, args: Args) -> Reply:
    """Throw a draft away."""
    draft = await _find(context, args)
    await context.uow.meetings.delete_draft(draft.id)
    return answer(note(_("The draft is discarded. Nobody was told anything.")), replaces=True)


async def confirm(context: Context, args: Args) -> Reply:
    """Make the meeting: its agenda, its dates, its rules and everything due, in this one transaction."""
    draft = await _find(context, args)
    proposal = propose(draft, await _zones(context), context.now)
    if proposal.starts is None or proposal.doubts:
        raise InvalidInput(N_("Something about this draft is still open. Please answer the questions in it first."))
    meeting = _meeting(new_id(), proposal, proposal.starts, context.member.id)
    if not await context.uow.meetings.delete_draft(draft.id):  # confirmed at the same moment
        raise Conflict(CLOSED)
    first = await create(context.uow, meeting, proposal.items, context.now)
    if first is None:
        raise NotFound(N_("This meeting has no date ahead. Please change its date first."))
    await plan_announcement(context.uow, first, context.now)
    rules = await context.uow.meetings.rules(meeting.id)
    planned = plan_occurrence(meeting, first, rules, await recipients(context.uow), context.now)
    return preview.confirmed(meeting.title, first.starts_utc, len(planned))


def _meeting(meeting_id: str, proposal: Proposal, starts: WallTime, created_by: str | None) -> Meeting:
    return Meeting(
        meeting_id,
        proposal.title,
        starts.local,
        starts.zone,
        proposal.minutes,
        created_by,
        proposal.rrule,
        proposal.place,
        proposal.place_audience,
        proposal.background,
    )


def _rules(meeting_id: str) -> tuple[ReminderRule, ...]:
    return tuple(
        ReminderRule(f"{meeting_id}-{index}", meeting_id, audience, lead, useful)
        for index, (audience, lead, useful) in enumerate(DEFAULT_RULES)
    )


def _occurrence(meeting: Meeting, nominal: WallTime) -> Occurrence:
    starts = resolve(nominal).utc
    return Occurrence(
        f"{meeting.id}-{nominal.local:%Y%m%dT%H%M}",
        meeting.id,
        nominal.local,
        starts,
        starts + timedelta(minutes=meeting.minutes),
        tzdata_version(),
    )


async def create(uow: UnitOfWork, meeting: Meeting, items: Sequence[AgendaItem], now: datetime) -> Occurrence | None:
    """Write a meeting with its agenda, default rules, first dates and their due work; return the first date ahead."""
    await uow.meetings.save(meeting)
    agenda = [replace(item, id=f"{meeting.id}-{item.position}", meeting_id=meeting.id) for item in items]
    await uow.meetings.save_agenda(meeting.id, agenda)
    for rule in _rules(meeting.id):
        await uow.meetings.save_rule(rule)
    return await extend(uow, meeting, now)


async def extend(uow: UnitOfWork, meeting: Meeting, now: datetime) -> Occurrence | None:
    """Write the dates that have come within the horizon, each with its due work; return the first new one.

    A series also plans its own next extension: a row like everything that must happen.
    """
    start = WallTime(meeting.starts_local, meeting.zone)
    known = {occurrence.nominal_local for occurrence in await uow.meetings.occurrences_of(meeting.id)}
    before = max(now, resolve(start).utc) + HORIZON if meeting.rrule else None
    first = None
    for instance in expand(start, meeting.rrule, after=None, before=before, count=None):
        if instance.nominal_local in known or instance.utc + timedelta(minutes=meeting.minutes) <= now:
            continue
        occurrence = _occurrence(meeting, WallTime(instance.nominal_local, meeting.zone))
        await uow.meetings.save_occurrence(occurrence)
        await plan_reminders(uow, meeting, occurrence, now)
        await plan_placement(uow, occurrence, await uow.meetings.agenda(meeting.id), now)
        await plan_events(uow, occurrence, now)
        first = first or occurrence
    if meeting.rrule:
        due = now + EXTEND_EVERY
        await uow.work.plan(NewWork(EXTEND, f"extend:{meeting.id}:{due:%Y%m%d}", due, {"meeting": meeting.id}))
    return first


async def run_extension(context: WorkContext, work: DueWork) -> Skip | None:
    """Write the next dates of a series."""
    meeting = await context.uow.meetings.get(work.payload["meeting"])
    if meeting is not None:
        await extend(context.uow, meeting, context.now)
    return None


async def recompute(uow: UnitOfWork, now: datetime) -> int:
    """Compute the dates ahead anew where the time zone data has changed; return how many meetings it moved.

    A date that an organizer moved by hand stays where it was put. Those who knew a changed time are told.
    """
    changed = 0
    for occurrence in await uow.meetings.occurrences(ends_after=now, limit=10_000):
        meeting = await uow.meetings.get(occurrence.meeting_id)
        if meeting is None or occurrence.tzdata_version == tzdata_version() or occurrence.version > 1:
            continue
        fresh = _occurrence(meeting, WallTime(occurrence.nominal_local, meeting.zone))
        if fresh.starts_utc == occurrence.starts_utc:
            await uow.meetings.save_occurrence(fresh)
            continue
        changed += 1
        moved = replace(fresh, version=occurrence.version + 1)
        await uow.meetings.save_occurrence(moved)
        await tell_change(uow, moved, now)
        await plan_reminders(uow, meeting, moved, now)
        await plan_events(uow, moved, now)
    return changed

"""What members and organizers do with meetings: look, answer, move, cancel."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.commands import Args, Context
from bot.errors import Conflict, InvalidInput, NotFound
from bot.features.breakouts.planning import plan_placement
from bot.features.calendars.planning import plan_events
from bot.features.deliveries.handlers import tell_change
from bot.features.deliveries.planning import plan_reminders
from bot.features.meetings import preview, replies
from bot.features.meetings.model import Answer, Meeting, Occurrence, OccurrenceState, Rsvp
from bot.i18n import N_, current_locale, language_name
from bot.messages import Reply
from bot.times.folding import folded_name
from bot.times.tzdata import tzdata_version
from bot.times.words import parse_when

SHOWN = 3
MAX_CANDIDATES = 5


async def find(context: Context, args: Args, *, lock: bool = False) -> tuple[Meeting, Occurrence]:
    """Return the meeting and occurrence that a call names. Raises NotFound."""
    occurrence = await context.uow.meetings.occurrence(args.get("occurrence", ""), lock=lock)
    meeting = await context.uow.meetings.get(occurrence.meeting_id) if occurrence else None
    if occurrence is None or meeting is None:
        raise NotFound(N_("That meeting is no longer there. Write “next meeting” to see what is planned."))
    return meeting, occurrence


async def find_current(context: Context, args: Args) -> tuple[Meeting, Occurrence]:
    """Return the same, locked, if it still takes place. Raises NotFound or Conflict."""
    meeting, occurrence = await find(context, args, lock=True)
    if occurrence.state is OccurrenceState.CANCELLED:
        raise Conflict(N_("That meeting was cancelled. Write “next meeting” to see what is planned."))
    return meeting, occurrence


def _changed_since(occurrence: Occurrence, args: Args) -> bool:
    """Whether somebody changed the occurrence since the button that was pressed was made."""
    return args.get("version") not in (None, str(occurrence.version))


async def upcoming(context: Context, args: Args) -> Reply:  # noqa: ARG001
    """Show the next meetings, with the member's answer and, if they may see it, the place."""
    found = []
    for occurrence in await context.uow.meetings.occurrences(ends_after=context.now, limit=SHOWN):
        meeting = await context.uow.meetings.get(occurrence.meeting_id)
        if meeting is not None:
            found.append((meeting, occurrence, await context.uow.meetings.rsvp(occurrence.id, context.member.id)))
    return replies.upcoming(found, organizer=context.member.organizer)


async def agenda(context: Context, args: Args) -> Reply:
    """Show the agenda of the meeting that a button, or somebody in words of its title, names; else of the next one."""
    wanted = args.get("occurrence", "").strip()
    if not wanted:
        coming = await context.uow.meetings.occurrences(ends_after=context.now, limit=1)
        if not coming:
            return replies.upcoming((), organizer=context.member.organizer)
        wanted = coming[0].id
    elif await context.uow.meetings.occurrence(wanted) is None:
        wanted = await _called(context, wanted)
    meeting, occurrence = await find(context, {"occurrence": wanted})
    return replies.run_sheet(meeting, occurrence, await context.uow.meetings.agenda(meeting.id))


async def _called(context: Context, title: str) -> str:
    """Return the next occurrence of a meeting whose title holds these words, or the empty text."""
    words = folded_name(title)
    for occurrence in await context.uow.meetings.occurrences(ends_after=context.now, limit=100):
        meeting = await context.uow.meetings.get(occurrence.meeting_id)
        if meeting is not None and words in folded_name(meeting.title):
            return occurrence.id
    return ""


async def rsvp(context: Context, args: Args) -> Reply:
    """Record the member's answer; a seat in the breakout groups follows from it."""
    meeting, occurrence = await find_current(context, {"occurrence": args["occurrence"]})
    if occurrence.ends_utc <= context.now:
        raise Conflict(N_("That meeting is over. Write “next meeting” to see what is planned."))
    given = Rsvp(occurrence.id, context.member.id, Answer(args["answer"]), context.now)
    await context.uow.meetings.save_rsvp(given)
    items = await context.uow.meetings.agenda(meeting.id)
    await plan_placement(
        context.uow, occurrence, items, context.now, because=f"{context.member.id}:{context.inbound.id}"
    )
    everybody = await context.uow.meetings.rsvps(occurrence.id)
    going = sum(answer.answer is Answer.GOING for answer in everybody)
    return replies.answered(meeting, occurrence, given, going)


async def attendance(context: Context, args: Args) -> Reply:
    """Count answers, languages and zones for an organizer."""
    meeting, occurrence = await find(context, args)
    answers = await context.uow.meetings.rsvps(occurrence.id)
    going = [await context.uow.members.get(a.member_id) for a in answers if a.answer is Answer.GOING]
    members = [member for member in going if member is not None]
    return replies.attendance(
        meeting,
        Counter(answer.answer for answer in answers),
        Counter(language_name(member.languages[0]) for member in members if member.languages),
        Counter(member.zone for member in members if member.zone),
    )


async def move(context: Context, args: Args) -> Reply:
    """Read a new time in words and echo it; nothing is moved yet."""
    meeting, occurrence = await find_current(context, args)
    if _changed_since(occurrence, args):
        return replies.changed_meanwhile(meeting, occurrence, None)
    zone = context.member.zone or meeting.zone
    when = parse_when(args["when"], lang=current_locale(), zone=zone, now=context.now)
    if not when.candidates:
        raise InvalidInput(when.reason or N_("I could not read that date."), **when.params)
    candidates = [candidate.utc for candidate in when.candidates[:MAX_CANDIDATES]]
    return preview.which_time(occurrence.id, str(occurrence.version), candidates, meeting.zone, zone)


async def move_to(context: Context, args: Args) -> Reply:
    """Move an occurrence to an instant: new reminders, and word to those who knew the old time."""
    meeting, occurrence = await find_current(context, args)
    starts = datetime.fromisoformat(args["utc"]).astimezone(UTC)
    if _changed_since(occurrence, args):
        return replies.changed_meanwhile(meeting, occurrence, starts)
    if starts <= context.now:
        raise InvalidInput(N_("That time has passed already. Please give a later one."))
    moved = replace(
        occurrence,
        starts_utc=starts,
        ends_utc=starts + timedelta(minutes=meeting.minutes),
        tzdata_version=tzdata_version(),
        version=occurrence.version + 1,
    )
    await context.uow.meetings.save_occurrence(moved)
    told = await tell_change(context.uow, moved, context.now)
    await plan_reminders(context.uow, meeting, moved, context.now)
    items = await context.uow.meetings.agenda(meeting.id)
    await plan_placement(context.uow, moved, items, context.now)
    await plan_events(context.uow, moved, context.now)
    return replies.moved(meeting, starts, told)


async def cancel(context: Context, args: Args) -> Reply:
    """Cancel an occurrence, and tell those who knew of it."""
    meeting, occurrence = await find_current(context, args)
    if _changed_since(occurrence, args):
        return replies.changed_meanwhile(meeting, occurrence, None)
    cancelled = replace(occurrence, state=OccurrenceState.CANCELLED, version=occurrence.version + 1)
    await context.uow.meetings.save_occurrence(cancelled)
    await plan_events(context.uow, cancelled, context.now)
    return replies.cancelled(meeting, await tell_change(context.uow, cancelled, context.now))

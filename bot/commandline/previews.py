"""What an operator reads before and after an import: few lines, the most important first."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from bot.features.meetings.calendarevents import Planned
from bot.features.meetings.drafting import Proposal
from bot.features.meetings.importing import CalendarPlan
from bot.features.members.importing import Plan as MemberPlan
from bot.features.resources.importing import Plan as ResourcePlan
from bot.tablefile import Note
from bot.times.wall import resolve

SHOWN = 20
"""How many lines of one kind are printed; the rest are counted."""
EXAMPLES = 5


def some(lines: Sequence[str], most: int = SHOWN, *, err: bool = False) -> None:
    """Print some lines, and how many more there are."""
    for line in lines[:most]:
        typer.echo(f"  {line}", err=err)
    if len(lines) > most:
        typer.echo(f"  … and {len(lines) - most:,} more", err=err)


def noted(title: str, notes: Sequence[Note], *, err: bool = False) -> None:
    """Print what is to be said about lines of a file, if anything, in their order."""
    if notes:
        typer.echo(title, err=err)
        some([f"line {note.line}: {note.text}" for note in sorted(notes, key=lambda note: note.line)], err=err)


def resources(plan: ResourcePlan) -> None:
    """Print what would happen to the library."""
    typer.echo(f"Resources: {len(plan.new):,} new, {len(plan.changed):,} changed, {plan.same:,} already there.")
    some([f"new: [{each.language}] {each.text(each.language).title}" for each in plan.new], EXAMPLES)
    some([f"changed (line {each.line}): {each.after.url}: {', '.join(each.fields())}" for each in plan.changed])


def members(plan: MemberPlan) -> None:
    """Print what would happen to the members."""
    typer.echo(f"Members: {len(plan.new):,} new, {len(plan.changed):,} changed, {plan.same:,} already there.")
    new = []
    for change in plan.new:
        member = change.after
        spoken = ", ".join(member.languages) or "no language yet"
        organizer = ", organizer" if member.organizer else ""
        new.append(f"new: {member.name} ({spoken}; {member.zone or 'no zone yet'}{organizer})")
    some(new, EXAMPLES)
    some([f"changed (line {each.line}): {each.after.name}: {', '.join(each.fields())}" for each in plan.changed])


def calendar(plan: CalendarPlan) -> None:
    """Print which meetings would be added."""
    typer.echo(f"Meetings: {len(plan.new):,} new, {plan.same + len(plan.differing):,} already there.")
    some([f"new: {_meeting(each)}" for each in plan.new])
    some(
        [
            f"stays as it is: “{each.title}” differs from the one that is here; change that one in the chat, "
            "so that everybody is told"
            for each in plan.differing
        ]
    )


def _meeting(planned: Planned) -> str:
    meeting = planned.meeting
    parts = [f"“{meeting.title}”, {meeting.starts_local:%Y-%m-%d %H:%M} {meeting.zone}, {meeting.minutes} minutes"]
    if meeting.rrule:
        ends = any(part in meeting.rrule.upper() for part in ("COUNT=", "UNTIL="))
        parts.append(f"repeats by {meeting.rrule}" + ("" if ends else " without end (planned 45 days ahead at a time)"))
    counts = ((planned.cancelled, "fall out"), (planned.moved, "moved"), (planned.added, "added"))
    parts += [
        f"dates that {word}: {len(dates)}" if word == "fall out" else f"{word} dates: {len(dates)}"
        for dates, word in counts
        if dates
    ]
    return "; ".join(parts)


def agenda(proposal: Proposal, rooms: int) -> None:
    """Print the meeting that an agenda would become, and what is worth a look in its text."""
    assert proposal.starts is not None  # noqa: S101 - propose_agenda refuses it otherwise
    starts = proposal.starts
    typer.echo(f"Meeting: “{proposal.title}”")
    typer.echo(
        f"  {starts.local:%A %d %B %Y %H:%M} {starts.zone} ({resolve(starts).utc:%Y-%m-%d %H:%M} UTC), "
        f"{proposal.minutes} minutes"
    )
    if proposal.same_as and "/" in proposal.same_as:
        typer.echo(f"  “{proposal.zone_text}” is taken for {proposal.same_as}, whose clock shows it on that day")
    if proposal.rrule:
        typer.echo(f"  repeats by {proposal.rrule}")
    if proposal.place:
        typer.echo(f"  place: {proposal.place}")
    for item in proposal.items:
        groups = "".join(f" {language}×{count}" for language, count in item.groups)
        typer.echo(f"  {item.offset_minutes:>4} min  {item.minutes:>3} min  {item.title} ({item.kind.value}{groups})")
    typer.echo(f"  Announced at once in the rooms (channels: {rooms}); reminders follow the usual rules.")
    problems = proposal.agenda.problems
    noted("Worth a look:", [Note(each.line, each.msgid.format(**each.params)) for each in problems])

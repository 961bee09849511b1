"""``connections import``: resources, members, calendars and agendas."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.commandline import previews
from bot.commandline.explained import explained
from bot.commandline.transferring import Job, refuse, run_import, sound
from bot.errors import InvalidInput
from bot.features.deliveries.planning import room_channels
from bot.features.meetings import importing as meetings
from bot.features.meetings.calendar import CalendarReading, read_calendar
from bot.features.meetings.drafting import Proposal
from bot.features.meetings.markdown import plain_text
from bot.features.meetings.model import PlaceAudience
from bot.features.members import importing as members
from bot.features.members.transfer import read_members
from bot.features.resources import importing as resources
from bot.features.resources.transfer import read_resources
from bot.ports import UnitOfWork
from bot.services import new_id
from bot.textfile import read_text
from bot.times.choice import certain_zone

File = Annotated[Path, typer.Argument(help="The file to read.")]
Yes = Annotated[bool, typer.Option("--yes", help="Import without asking; for scripts.")]
ZoneOption = Annotated[str, typer.Option(help="The time zone, where the file names none: a city, or an IANA name.")]

import_app = typer.Typer(help="Bring material in: look at it first, then confirm.", no_args_is_help=True)


class Repeat(StrEnum):
    """How often a meeting takes place."""

    ONCE = "once"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


@import_app.command("resources")
def import_resources(file: File, *, yes: Yes = False) -> None:
    """Import resources: CSV (title,url,kind,language,tags,description,region), or JSON lines (.jsonl)."""
    with explained():
        reading = read_resources(file)
        sound(reading)

        def prepare(now: datetime) -> Job:
            async def plan(uow: UnitOfWork) -> resources.Plan:
                return resources.plan(reading.entries, await uow.resources.all(), now.date())

            def show(planned: resources.Plan) -> int:
                previews.resources(planned)
                previews.noted("Worth a look:", reading.remarks)
                return len(planned.new) + len(planned.changed)

            return Job(plan, show, resources.carry_out)

        run_import(prepare, yes=yes)


@import_app.command("members")
def import_members(file: File, *, yes: Yes = False) -> None:
    """Import members: CSV (name,identity,languages,zone,skills_offered,skills_wanted,organizer)."""
    with explained():
        reading = read_members(file)
        sound(reading)

        def prepare(now: datetime) -> Job:
            async def plan(uow: UnitOfWork) -> members.Plan:
                return members.plan(reading.entries, await uow.members.all(), await uow.members.all_identities(), now)

            def show(planned: members.Plan) -> int:
                refuse(planned.problems)
                previews.members(planned)
                previews.noted("Unclear:", (*reading.remarks, *planned.remarks))
                return len(planned.changes)

            return Job(plan, show, lambda uow, planned, told: members.carry_out(uow, planned, now, told))

        run_import(prepare, yes=yes)


@import_app.command("calendar")
def import_calendar(file: File, *, zone: ZoneOption = "", yes: Yes = False) -> None:
    """Import the meetings of a calendar (.ics). Nobody is told at once; reminders follow the usual rules."""
    with explained():
        text = read_text(file)
        fallback = _zone(zone)

        def prepare(now: datetime) -> Job:
            reading = read_calendar(text, now, fallback)

            async def plan(uow: UnitOfWork) -> meetings.CalendarPlan:
                return meetings.plan_calendar(reading.meetings, await uow.meetings.all())

            def show(planned: meetings.CalendarPlan) -> int:
                previews.calendar(planned)
                _say(reading)
                return len(planned.new)

            return Job(plan, show, lambda uow, planned, told: meetings.add_meetings(uow, planned.new, now, told))

        run_import(prepare, yes=yes)


def _say(reading: CalendarReading) -> None:
    for title, said in (("Left out:", reading.left_out), ("Worth a look:", reading.remarks)):
        if said:
            typer.echo(title)
            previews.some([f"{each.event}: {each.text}" for each in said])


@import_app.command("agenda")
def import_agenda(
    file: File,
    *,
    day: Annotated[str, typer.Option("--date", help="The day, such as 2026-11-19, instead of the one written.")] = "",
    zone: ZoneOption = "",
    repeat: Annotated[Repeat, typer.Option(help="How often it takes place.")] = Repeat.ONCE,
    place: Annotated[str, typer.Option(help="The place or link, instead of the one written.")] = "",
    place_for: Annotated[PlaceAudience, typer.Option(help="Who may see the place.")] = PlaceAudience.GOING,
    yes: Yes = False,
) -> None:
    """Import a meeting from its agenda: plain text or Markdown, in English, French or Spanish."""
    with explained():
        text = plain_text(read_text(file))
        choices = {"date": _day(day), "zone": _zone(zone) or "", "audience": place_for.value}
        choices["repeat"] = "" if repeat is Repeat.ONCE else repeat.value
        if place:
            choices["place"] = place
        run_import(lambda now: _agenda_job(text, choices, now), yes=yes)


def _agenda_job(text: str, choices: dict[str, str], now: datetime) -> Job:
    async def plan(uow: UnitOfWork) -> tuple[Proposal, bool, int]:
        proposal = await meetings.propose_agenda(uow, text, choices, now)
        rooms = len(room_channels(await uow.rooms.all()))
        return proposal, await meetings.is_here(uow, proposal), rooms

    def show(planned: tuple[Proposal, bool, int]) -> int:
        proposal, here, rooms = planned
        previews.agenda(proposal, rooms)
        if here:
            typer.echo("This meeting is planned already, just so.")
        return 0 if here else 1

    async def save(uow: UnitOfWork, planned: tuple[Proposal, bool, int], _told: object) -> None:
        await meetings.add_agenda(uow, new_id(), planned[0], now)

    return Job(plan, show, save)


def _zone(text: str) -> str | None:
    if not text:
        return None
    found = certain_zone(text)
    if found is None:
        msg = "“{zone}” is not one time zone. Name a large city, or an IANA zone such as Africa/Nairobi."
        raise InvalidInput(msg, zone=text)
    return found.zone


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        msg = "--date is “{text}”; write it as 2026-11-19."
        raise InvalidInput(msg, text=text) from None

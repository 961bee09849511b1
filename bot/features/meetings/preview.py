"""What an organizer sees before a meeting exists: run sheet in three zones, who is told what and when, and doubts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.duework import NewWork
from bot.features.meetings.drafting import Doubt, Proposal
from bot.features.meetings.model import ItemKind, PlaceAudience
from bot.features.meetings.replies import KINDS, describe
from bot.features.members.model import Member
from bot.features.rooms.model import Room
from bot.i18n import N_, _, current_locale, join_list, language_name, nearest, ngettext
from bot.messages import (
    Block,
    Button,
    Buttons,
    Call,
    Fields,
    Form,
    FormField,
    Heading,
    Items,
    LocalTime,
    Option,
    Paragraph,
    Reply,
    Rich,
    Strong,
    Table,
    rich,
)
from bot.replies import answer, button, note, paragraph
from bot.times.show import format_time
from bot.times.wall import resolve
from bot.times.zones import tz, zone_label

REPEATS = {
    "": N_("once"),
    "weekly": N_("every week"),
    "fortnightly": N_("every two weeks"),
    "monthly": N_("every month, on the same weekday"),
}
AUDIENCES = {
    PlaceAudience.GOING: N_("only those who are going"),
    PlaceAudience.MEMBERS: N_("every member"),
}


@dataclass(frozen=True, slots=True)
class Telling:
    """One wave of messages: when, to which rooms, to which members."""

    due: datetime
    rooms: tuple[Room, ...]
    members: tuple[Member, ...]


def waves(planned: Sequence[NewWork], rooms: Sequence[Room], members: Sequence[Member]) -> list[Telling]:
    """Group planned reminders by the instant they are due, rooms and members each."""
    by_room = {room.id: room for room in rooms}
    by_member = {member.id: member for member in members}
    found: dict[datetime, tuple[list[Room], list[Member]]] = {}
    for work in planned:
        to_rooms, to_members = found.setdefault(work.due, ([], []))
        if work.member_id:
            to_members.append(by_member[work.member_id])
        else:
            to_rooms.append(by_room[work.payload["room"]])
    return [Telling(due, tuple(r), tuple(m)) for due, (r, m) in sorted(found.items())]


def sample_zones(home: str, members: Sequence[Member], at: datetime) -> tuple[str, ...]:
    """Return the meeting's own zone and those of the members farthest behind and ahead of it."""
    zones = {member.zone for member in members if member.zone} | {home}
    ordered = sorted(zones, key=lambda zone: (at.astimezone(tz(zone)).utcoffset(), zone))
    return tuple(dict.fromkeys((home, ordered[0], ordered[-1])))


def preview(
    draft_id: str,
    proposal: Proposal,
    tellings: Sequence[Telling],
    members: Sequence[Member],
    languages: Sequence[str],
    *,
    same_hour: str | None = None,
) -> Reply:
    """Show a draft: everything that would happen, and what is asked first."""
    blocks: list[Block] = [Heading(_("Draft: {title}").format(title=proposal.title))]
    blocks += _facts(proposal)
    if proposal.starts:
        at = resolve(proposal.starts).utc
        blocks.append(_run_sheet(proposal, at, sample_zones(proposal.starts.zone, members, at)))
        blocks += _who_is_told(tellings, languages)
    if same_hour:
        blocks.append(
            paragraph(
                _("At that hour there is already: {title}. Confirming makes another meeting beside it."),
                title=same_hour,
            )
        )
    blocks += _problems(proposal)
    for doubt in proposal.doubts:
        blocks += _question(draft_id, doubt, proposal)
    blocks.append(_controls(draft_id, proposal))
    return answer(*blocks)


def _facts(proposal: Proposal) -> list[Block]:
    pairs: list[tuple[str, Rich]] = []
    blocks: list[Block] = []
    if proposal.starts:
        at = resolve(proposal.starts).utc
        label = zone_label(proposal.starts.zone, current_locale(), at)
        shown = f"{format_time(at, proposal.starts.zone)} – {label}"
        pairs.append((_("When"), (shown,)))
        pairs.append((_("In your own time"), (LocalTime(at),)))
        if proposal.same_as and proposal.zone_text:
            same = _("“{zone}” is {label} on that date, so I use it.")
            blocks.append(note(same, zone=proposal.zone_text, label=label))
    length = ngettext("{count} minute", "{count} minutes", proposal.minutes).format(count=proposal.minutes)
    pairs.append((_("Length"), (length,)))
    pairs.append((_("Repeats"), (_(REPEATS[_repeat(proposal)]),)))
    pairs.append((_("Where"), (proposal.place or "–",)))
    pairs.append((_("Who sees the place"), (_(AUDIENCES[proposal.place_audience]),)))
    return [Fields(tuple(pairs)), *blocks]


def _repeat(proposal: Proposal) -> str:
    rule = proposal.rrule or ""
    if "INTERVAL=2" in rule:
        return "fortnightly"
    return "weekly" if "WEEKLY" in rule else "monthly" if "MONTHLY" in rule else ""


def _run_sheet(proposal: Proposal, at: datetime, zones: tuple[str, ...]) -> Table:
    rows: list[tuple[Rich, ...]] = []
    for item in proposal.items:
        start = at + timedelta(minutes=item.offset_minutes)
        end = start + timedelta(minutes=item.minutes)
        hours = tuple((f"{format_time(start, zone, 'time')} – {format_time(end, zone, 'time')}",) for zone in zones)
        kind = describe(item) if item.kind is ItemKind.BREAKOUT else _(KINDS[item.kind])
        rows.append((*hours, (Strong(item.title), f" ({kind})")))
    return Table((*(zone_label(zone, current_locale(), at) for zone in zones), _("Agenda item")), tuple(rows))


def _who_is_told(tellings: Sequence[Telling], languages: Sequence[str]) -> list[Block]:
    lines: list[Rich] = [rich(_("at once, in each room: the announcement"))]
    for telling in tellings:
        when = LocalTime(telling.due)
        if telling.rooms:
            names = join_list([f"{room.name} ({language_name(room.language)})" for room in telling.rooms])
            lines.append(rich(_("{when}: in {rooms}"), when=when, rooms=names))
        if telling.members:
            lines.append(rich(_("{when}: {people} directly"), when=when, people=_people(telling.members, languages)))
    return [paragraph(_("Who will be told, when, in which language:")), Items(tuple(lines))]


def _people(members: Sequence[Member], languages: Sequence[str]) -> str:
    counts = Counter(nearest(member.languages or languages[:1], languages) for member in members)
    spoken = join_list([f"{language_name(tag)} {counts[tag]}" for tag in languages if counts[tag]])
    people = ngettext("{count} member", "{count} members", len(members)).format(count=len(members))
    return f"{people} ({spoken})"


def _problems(proposal: Proposal) -> list[Block]:
    if not proposal.agenda.problems:
        return []
    lines = tuple(
        (_("Line {number}: {problem}").format(number=p.line, problem=_(p.msgid).format(**p.params)),)
        for p in proposal.agenda.problems
    )
    return [paragraph(_("Please look at these lines of the agenda:")), Items(lines)]


def _question(draft_id: str, doubt: Doubt, proposal: Proposal) -> list[Block]:
    change = button(_("Set date, zone and place"), "meetings.draft", primary=True, draft=draft_id)
    match doubt:
        case Doubt.NO_DATE:
            return [paragraph(_("On which day is it? The text names none.")), Buttons((change,))]
        case Doubt.PAST:
            return [paragraph(_("This date is in the past. Which date shall it be?")), Buttons((change,))]
        case Doubt.NO_ZONE:
            text = _("In which time zone are these hours? “{zone}” does not say it clearly.")
            return [paragraph(text, zone=proposal.zone_text or "–"), Buttons((change,))]
        case Doubt.WHICH_ZONE:
            return _which_zone(draft_id, proposal)


def _which_zone(draft_id: str, proposal: Proposal) -> list[Block]:
    assert proposal.starts is not None  # noqa: S101 - a series has a start
    assert proposal.fixed is not None  # noqa: S101
    assert proposal.place_zone is not None  # noqa: S101
    at = resolve(proposal.starts).utc
    place = zone_label(proposal.place_zone, current_locale(), at)
    question = _(
        "The meeting repeats across a clock change. “{zone}” can mean two things: always {fixed}, or {place} with its "
        "summer and winter time. Which one?"
    )
    return [
        paragraph(question, zone=proposal.zone_text, fixed=proposal.fixed, place=place),
        Buttons(
            (
                button(place, "meetings.choose", draft=draft_id, name="zone", value=proposal.place_zone),
                button(
                    _("Always {fixed}").format(fixed=proposal.fixed),
                    "meetings.choose",
                    draft=draft_id,
                    name="zone",
                    value=proposal.fixed,
                ),
            )
        ),
    ]


def _controls(draft_id: str, proposal: Proposal) -> Buttons:
    change = button(_("Change date, place or repetition"), "meetings.draft", draft=draft_id)
    discard = button(_("Discard"), "meetings.discard", draft=draft_id)
    if proposal.doubts or proposal.starts is None:
        return Buttons((change, discard))
    return Buttons((button(_("Confirm"), "meetings.confirm", primary=True, draft=draft_id), change, discard))


def form(draft_id: str, proposal: Proposal) -> Form:
    """Return the form that changes a draft's date, zone, place and repetition."""
    day = proposal.starts.local.date() if proposal.starts else proposal.agenda.date
    zone = proposal.starts.zone if proposal.starts else proposal.zone_text
    fields = (
        FormField(
            "date", _("Date"), value=day.isoformat() if day else "", hint=_("For example: 2026-12-03, or next Thursday")
        ),
        FormField("zone", _("City or time zone of these hours"), value=zone, max_length=60, suggest="zones"),
        FormField(
            "repeat",
            _("Repeats"),
            "select",
            required=False,
            options=tuple(Option(value, _(label)) for value, label in REPEATS.items()),
            value=_repeat(proposal),
        ),
        FormField("place", _("Where (join link, room, dial-in)"), required=False, value=proposal.place, max_length=500),
        FormField(
            "audience",
            _("Who sees the place"),
            "select",
            options=tuple(Option(value, _(label)) for value, label in AUDIENCES.items()),
            value=proposal.place_audience,
        ),
    )
    return Form(
        _("Date, zone and place"), Call("meetings.draft", {"draft": draft_id}), fields, _("Save"), current_locale()
    )


def which_day(draft_id: str, values: dict[str, str], days: Sequence[datetime], zone: str) -> Reply:
    """Ask which of several days was meant; each button answers the form again."""
    buttons = []
    for day in days:
        answers = {**values, "draft": draft_id, "date": f"{day.astimezone(tz(zone)):%Y-%m-%d}"}
        buttons.append(Button(format_time(day, zone, "date"), Call("meetings.draft", answers)))
    return answer(paragraph(_("Which day do you mean?")), Buttons(tuple(buttons)))


def confirmed(title: str, starts: datetime, waves_count: int) -> Reply:
    """Confirm that the meeting is made."""
    planned = ngettext("{count} reminder is planned.", "{count} reminders are planned.", waves_count).format(
        count=waves_count
    )
    return answer(
        Heading(_("Scheduled: {title}").format(title=title)),
        Paragraph((LocalTime(starts),)),
        note(planned),
        Buttons((button(_("Show the meeting"), "meetings.next"),)),
    )


def which_time(occurrence_id: str, version: str, candidates: Sequence[datetime], zone: str, own_zone: str) -> Reply:
    """Echo a new time before anything is moved: in the reader's time, in the meeting's zone and in UTC."""
    lines = tuple(_readings(instant, zone) for instant in candidates)
    buttons = tuple(
        button(
            _("Move to {when}").format(when=format_time(instant, own_zone)),
            "meetings.move_to",
            primary=len(candidates) == 1,
            occurrence=occurrence_id,
            version=version,
            utc=instant.isoformat(),
        )
        for instant in candidates
    )
    question = _("Is this the new time?") if len(candidates) == 1 else _("Which of these do you mean?")
    return answer(paragraph(question), Items(lines), Buttons((*buttons, button(_("No, leave it"), "help.leave"))))


def _readings(instant: datetime, zone: str) -> Rich:
    there = f"{format_time(instant, zone)} – {zone_label(zone, current_locale(), instant)}"
    return (LocalTime(instant), f" · {there} · {instant:%Y-%m-%d %H:%M} UTC")

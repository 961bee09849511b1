"""Bringing members from a file into the community: what would change, and the change itself.

What a member told the assistant (languages, zone, quiet hours, reminders, once they confirmed them) is theirs: a file
does not overwrite it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.features.deliveries.planning import Recipients, plan_occurrence
from bot.features.members.model import Identity, Member
from bot.features.members.transfer import Entry, written
from bot.messages import UserRef
from bot.ports import UnitOfWork
from bot.services import new_id
from bot.tablefile import Note

OWN = frozenset({"languages", "zone", "quiet_start", "quiet_end", "reminders"})
ONCE = frozenset({"joined_at", "noticed_at", "welcomed_at"})
"""What happened once and is not told anew by a file."""
MOST_OCCURRENCES = 1000


@dataclass(frozen=True, slots=True)
class Change:
    """A member who would be added (``before`` is None, and ``after`` has no id yet) or changed."""

    line: int
    before: Member | None
    after: Member
    new_users: tuple[UserRef, ...]

    def fields(self) -> tuple[str, ...]:
        """Return the names of what would change for a member who is there already."""
        names = Member.__dataclass_fields__
        changed = [name for name in names if getattr(self.before, name, None) != getattr(self.after, name)]
        return (*changed, *(("identity",) if self.new_users else ()))


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do; ``same`` are there already, just so."""

    changes: tuple[Change, ...]
    same: int
    problems: tuple[Note, ...]
    remarks: tuple[Note, ...]

    @property
    def new(self) -> tuple[Change, ...]:
        """Who would be added."""
        return tuple(change for change in self.changes if change.before is None)

    @property
    def changed(self) -> tuple[Change, ...]:
        """Who is there and would change."""
        return tuple(change for change in self.changes if change.before is not None)


def plan(entries: Sequence[Entry], members: Sequence[Member], identities: Sequence[Identity], now: datetime) -> Plan:
    """Return what these entries amount to; members are told apart by their identities."""
    by_user = {identity.user: identity.member_id for identity in identities}
    by_id = {member.id: member for member in members}
    changes: list[Change] = []
    problems, remarks, same = [], [], 0
    for entry in entries:
        known = {by_user[user] for user in entry.users if user in by_user}
        if len(known) > 1:
            several = " and ".join(written(user) for user in entry.users if user in by_user)
            problems.append(Note(entry.line, f"{several} belong to different members here"))
            continue
        before = by_id[known.pop()] if known else None
        after, kept = _merged(before, entry.facts, now)
        if kept:
            remarks.append(Note(entry.line, f"{', '.join(kept)} stay as the member chose"))
        new_users = tuple(user for user in entry.users if user not in by_user)
        if after == before and not new_users:
            same += 1
        else:
            changes.append(Change(entry.line, before, after, new_users))
    return Plan(tuple(changes), same, tuple(problems), tuple(remarks))


def _merged(before: Member | None, facts: Mapping[str, object], now: datetime) -> tuple[Member, list[str]]:
    """Return the member as the file tells them, and the names of what stays as they chose it themselves."""
    if "organizer" in facts and facts["organizer"] != (before is not None and before.organizer):
        facts = {**facts, "appointed": facts["organizer"]}
    if before is None:
        return Member(**{"id": "", "joined_at": now, **facts}), []  # type: ignore[arg-type] # read by these names
    facts = {name: value for name, value in facts.items() if name not in ONCE or getattr(before, name) is None}
    if before.welcomed_at is None:
        return replace(before, **facts), []  # type: ignore[arg-type]
    kept = [name for name in facts if name in OWN and facts[name] != getattr(before, name)]
    rest = {name: value for name, value in facts.items() if name not in OWN}
    return replace(before, **rest), kept  # type: ignore[arg-type]


async def carry_out(uow: UnitOfWork, planned: Plan, now: datetime, progress: Callable[[int], None]) -> None:
    """Save who is new and who changed, with the reminders that are theirs. The caller commits."""
    touched = set()
    for change in planned.changes:
        member = change.after
        users = list(change.new_users)
        if change.before is None:
            member = replace(member, id=new_id())
            await uow.members.add(member, Identity(users.pop(0), member.id))
        else:
            await uow.members.save(member)
        for user in users:
            await uow.members.save_identity(Identity(user, member.id))
        touched.add(member.id)
        progress(1)
    await _plan_reminders(uow, touched, now)


async def _plan_reminders(uow: UnitOfWork, touched: set[str], now: datetime) -> None:
    only = Recipients((), tuple(pair for pair in await uow.members.reachable() if pair[0].id in touched))
    for occurrence in await uow.meetings.occurrences(ends_after=now, limit=MOST_OCCURRENCES):
        meeting = await uow.meetings.get(occurrence.meeting_id)
        if meeting is not None:
            rules = await uow.meetings.rules(meeting.id)
            await uow.work.plan_many(plan_occurrence(meeting, occurrence, rules, only, now))

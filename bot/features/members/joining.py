"""What becomes of two profiles that are one person's: pure rules, the same ones that the preview tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.features.members.model import Member


def which_stays(asked: Member, entered: Member) -> tuple[Member, Member]:
    """Return the member whose profile stays, and the other one.

    The profile that was confirmed stays; if both were, or neither, the one from which the code was asked for.
    """
    if entered.welcomed_at is not None and asked.welcomed_at is None:
        return entered, asked
    return asked, entered


def combined(kept: Member, gone: Member) -> Member:
    """Return the one member that two become.

    Name and profile are the kept member's; what they left empty comes from the other one, unless they confirmed it.
    Skills of both are there; who is an organizer on either side is one; what happened once happened at its earliest.
    """
    member = replace(
        kept,
        joined_at=min(kept.joined_at, gone.joined_at),
        skills_offered=_both(kept.skills_offered, gone.skills_offered),
        skills_wanted=_both(kept.skills_wanted, gone.skills_wanted),
        bio=kept.bio or gone.bio,
        organizer=kept.organizer or gone.organizer,
        appointed=kept.appointed or gone.appointed,
        noticed_at=_earliest(kept.noticed_at, gone.noticed_at),
        welcomed_at=_earliest(kept.welcomed_at, gone.welcomed_at),
        preferred=kept.preferred or gone.preferred,
    )
    return member if kept.welcomed_at is not None else _filled(member, gone)


def _filled(member: Member, gone: Member) -> Member:
    """Fill in what nobody confirmed: a hint is better than nothing, and a wish not to be written to is kept."""
    quiet = member if member.quiet_start and member.quiet_end else gone
    return replace(
        member,
        languages=member.languages or gone.languages,
        zone=member.zone or gone.zone,
        quiet_start=quiet.quiet_start,
        quiet_end=quiet.quiet_end,
        reminders=member.reminders and gone.reminders,
    )


def _both(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _earliest(*instants: datetime | None) -> datetime | None:
    return min((instant for instant in instants if instant is not None), default=None)

"""When members are placed in breakout groups: a row for each breakout item, and one for each late answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.duework import NewWork
from bot.features.meetings.model import AgendaItem, Occurrence
from bot.ports import UnitOfWork

PLACE = "breakouts.place"
BEFORE_ITEM = timedelta(minutes=30)
"""Groups are formed this long before their item starts: late enough to know who comes, early enough to be told."""


async def plan_placement(
    uow: UnitOfWork, occurrence: Occurrence, items: Sequence[AgendaItem], now: datetime, *, because: str = ""
) -> None:
    """Plan the placement for each breakout item of an occurrence.

    ``because`` names a late answer: it plans one more placement, at once, if the groups' hour has come already.
    """
    for item in items:
        if not item.groups:
            continue
        starts = occurrence.starts_utc + timedelta(minutes=item.offset_minutes)
        due = starts - BEFORE_ITEM
        if because and due > now:
            continue
        key = f"place:{occurrence.id}:{item.id}:v{occurrence.version}" + (f":{because}" if because else "")
        await uow.work.plan(
            NewWork(
                PLACE,
                key,
                max(due, now),
                {"occurrence": occurrence.id, "item": item.id},
                subject=f"occurrence:{occurrence.id}",
                useful_until=starts + timedelta(minutes=item.minutes),
                version=occurrence.version,
            )
        )

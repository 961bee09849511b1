"""When a platform's own calendar is brought in line with our dates: a row for each date in each workspace."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.duework import NewWork
from bot.features.deliveries.model import EVENT
from bot.features.meetings.model import Occurrence
from bot.features.rooms.model import Room
from bot.ports import UnitOfWork

Workspace = tuple[str, str]
"""A platform's name and the id of a workspace (or server) there."""


def workspaces(rooms: Iterable[Room]) -> tuple[Workspace, ...]:
    """Return the workspaces in which the community has a room, each once."""
    return tuple(dict.fromkeys((channel.platform, channel.workspace) for room in rooms for channel in room.channels))


async def plan_events(uow: UnitOfWork, occurrence: Occurrence, now: datetime) -> None:
    """Plan that the calendars show this date as it is now; planned again for the same version, nothing changes."""
    for place in workspaces(await uow.rooms.all()):
        await uow.work.plan(event(occurrence, place, now))


async def plan_calendar(uow: UnitOfWork, place: Workspace, now: datetime, because: str) -> None:
    """Plan the same for every date ahead in one workspace, which has got its first room or lost its last one."""
    for occurrence in await uow.meetings.occurrences(ends_after=now, limit=1000):
        await uow.work.plan(event(occurrence, place, now, because))


def event(occurrence: Occurrence, place: Workspace, now: datetime, because: str = "") -> NewWork:
    """Return the work for one date in one workspace; ``because`` names why it is done once more."""
    platform, workspace = place
    again = f":{because}" if because else ""
    return NewWork(
        EVENT,
        f"event:{occurrence.id}:{platform}:{workspace}:v{occurrence.version}{again}",
        now,
        {"occurrence": occurrence.id, "platform": platform, "workspace": workspace},
        subject=f"occurrence:{occurrence.id}",
        useful_until=occurrence.ends_utc,
        version=occurrence.version,
    )

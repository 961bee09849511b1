"""Giving out and erasing what is kept about a member, with a record that it was done, and not of what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.ports import PersonalRecords, UnitOfWork

EXPORTED = "export"
ERASED = "erase"

Counts = list[tuple[PersonalRecords, int]]


async def export_member(
    uow: UnitOfWork, records: Sequence[PersonalRecords], member_id: str, at: datetime, by: str
) -> dict[str, list[dict[str, Any]]]:
    """Return everything that is kept about a member, by record; ``by`` tells through which door it was asked for."""
    data = {r.record: await uow.personal.export(r.record, member_id) for r in records}
    await uow.personal.note(at, EXPORTED, by)
    return data


async def erase_member(
    uow: UnitOfWork, records: Sequence[PersonalRecords], member_id: str, at: datetime, by: str
) -> Counts:
    """Erase everything that is kept about a member; return how much of each record there was."""
    counts = [(r, await uow.personal.erase(r, member_id)) for r in records]
    await uow.personal.note(at, ERASED, by)
    return [(r, count) for r, count in counts if count]

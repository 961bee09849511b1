"""What a restored database must not forget: since its backup was made, much may have been sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.duework import OPEN_STATES, Reason, State
from storage.tables import due_work, due_work_event

row = due_work.c
OF_NO_WEIGHT = ("alembic_version", "setting", "seen")
"""Tables that are filled by merely opening a new database: nobody would miss them."""

RESTORED = sa.and_(row.state == State.UNCERTAIN, row.reason == Reason.RESTORED)
"""What is looked for because of a restore."""


def look_before_sending(now: datetime, backed_up: datetime) -> tuple[sa.Update | sa.Insert, ...]:
    """Return the statements that mark all that may have been done between the backup and ``now``.

    A message becomes uncertain: the runner looks for it, and sends it only if it is proven absent and still of use. A
    task works in the database alone, so it runs again; what it plans is looked for as well (see bot.duework.Origin).
    """
    known = sa.or_(row.due <= now, row.state.in_([state for state in OPEN_STATES if state is not State.PENDING]))
    open_then = sa.and_(row.state.in_(OPEN_STATES), known)
    change: dict[str, Any] = {
        "maybe_sent": True,
        "first_try": sa.func.coalesce(row.first_try, sa.literal(min(now, backed_up), row.first_try.type)),
        "retry_at": None,
        "owner": None,
        "lease_run": None,
        "lease_until": None,
        "reason": Reason.RESTORED.value,
    }
    events = sa.select(row.id, sa.literal(now, row.due.type), row.state, row.reason).where(RESTORED)
    return (
        sa.update(due_work).where(open_then, row.target.is_(sa.null())).values(state=State.PENDING, **change),
        sa.update(due_work).where(open_then, row.target.is_not(sa.null())).values(state=State.UNCERTAIN, **change),
        sa.insert(due_work_event).from_select(["work_id", "at", "state", "reason"], events),
    )

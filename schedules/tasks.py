"""The way of one task: its effects and the mark "done" are one transaction."""

from __future__ import annotations

import asyncio

import structlog

from bot.duework import DueWork, Reason, Skip, TaskKind, WorkContext
from schedules.failpoints import hit
from schedules.ledger import Ledger

log = structlog.get_logger()


async def run_task(ledger: Ledger, work: DueWork, kind: TaskKind) -> None:
    """Run it and mark it done, or try it again later."""
    try:
        held = await _run_and_mark(ledger, work, kind)
    except Exception as error:  # noqa: BLE001 - whatever a task raises, the others go on
        await ledger.broke(work, error)
        return
    hit("after_mark")
    if not held:
        log.warning("lease lost before the mark", key=work.key)


async def _run_and_mark(ledger: Ledger, work: DueWork, kind: TaskKind) -> bool:
    """Return False, with nothing changed, if another process has taken the row over."""
    async with ledger.uow_factory() as uow:
        context = ledger.context(uow)
        outcome = Skip(Reason.TOO_LATE) if ledger.too_late(work) else await _run(ledger, context, work, kind)
        if isinstance(outcome, Skip):
            held = await ledger.skip_in(uow, work, outcome.reason)
        else:
            held = await uow.work.done(work.id, ledger.owner, None, context.now)
        if held:
            await uow.commit()
    if held and isinstance(outcome, Skip):
        ledger.counted_skipped(work, outcome.reason)
    elif held:
        ledger.counted_done(work)
    return held


async def _run(ledger: Ledger, context: WorkContext, work: DueWork, kind: TaskKind) -> Skip | None:
    async with asyncio.timeout(ledger.times.work_timeout):
        return await kind.run(context, work)

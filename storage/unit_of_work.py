"""One transaction over all repositories."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot.errors import Conflict
from bot.ports import (
    ActionRepository,
    BreakoutRepository,
    DueWorkRepository,
    MeetingRepository,
    MemberRepository,
    PersonalStore,
    ProposalRepository,
    QuestionRepository,
    ResourceRepository,
    ResourceSearch,
    RoomRepository,
    SeenRepository,
    SettingRepository,
    UnitOfWorkFactory,
)
from storage.clocks import LeaseClock, lease_clock
from storage.errors import BUSY, as_conflict
from storage.personal import SqlPersonalStore
from storage.repositories.breakouts import SqlBreakoutRepository
from storage.repositories.due_work import SqlDueWorkRepository
from storage.repositories.meetings import SqlMeetingRepository
from storage.repositories.members import SqlMemberRepository
from storage.repositories.proposals import SqlProposalRepository
from storage.repositories.questions import SqlQuestionRepository
from storage.repositories.resources import SqlResourceRepository
from storage.repositories.rooms import SqlRoomRepository
from storage.repositories.small import SqlActionRepository, SqlSeenRepository, SqlSettingRepository
from storage.search import SqlResourceSearch


class SqlUnitOfWork:
    """A transaction that begins on entering; leaving it without ``commit`` rolls back.

    Errors of the database that pass by themselves (locked, unreachable) and clashes of two changes leave it as
    Conflict. Opening one inside another is a mistake that ends in the same Conflict on SQLite, after a while.
    """

    def __init__(self, engine: AsyncEngine, clock: LeaseClock) -> None:
        self._session = session = AsyncSession(engine, expire_on_commit=False)
        self.members: MemberRepository = SqlMemberRepository(session, clock)
        self.rooms: RoomRepository = SqlRoomRepository(session)
        self.meetings: MeetingRepository = SqlMeetingRepository(session)
        self.breakouts: BreakoutRepository = SqlBreakoutRepository(session)
        self.resources: ResourceRepository = SqlResourceRepository(session)
        self.search: ResourceSearch = SqlResourceSearch(session)
        self.questions: QuestionRepository = SqlQuestionRepository(session)
        self.proposals: ProposalRepository = SqlProposalRepository(session)
        self.work: DueWorkRepository = SqlDueWorkRepository(session, clock)
        self.actions: ActionRepository = SqlActionRepository(session)
        self.personal: PersonalStore = SqlPersonalStore(session)
        self.settings: SettingRepository = SqlSettingRepository(session)
        self.seen: SeenRepository = SqlSeenRepository(session)

    async def __aenter__(self) -> Self:
        try:
            await self._session.connection()
        except OSError as error:  # the database's host does not answer; PostgreSQL's driver lets it through bare
            await self._close()
            raise Conflict(BUSY) from error
        except BaseException as error:
            await self._close()
            self._explain(error)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._close()
        if error is not None:
            self._explain(error)

    async def commit(self) -> None:
        """Make everything so far permanent, all at once."""
        await self._session.commit()

    async def _close(self) -> None:
        """Give the connection back; shielded, since a task that is cancelled must do so too."""
        try:
            await asyncio.shield(asyncio.ensure_future(self._session.close()))
        except DBAPIError as error:
            if as_conflict(error) is None:  # a connection that is cut is rolled back by its server
                raise

    def _explain(self, error: BaseException) -> None:
        conflict = as_conflict(error)
        if conflict is not None:
            raise conflict from error


def unit_of_work_factory(engine: AsyncEngine, clock: LeaseClock | None = None) -> UnitOfWorkFactory:
    """Return what opens units of work on a database; one factory for each process, since it holds the lease clock."""
    leases = clock or lease_clock(engine.dialect.name)

    def open_unit() -> SqlUnitOfWork:
        return SqlUnitOfWork(engine, leases)

    return open_unit

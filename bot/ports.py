"""Every port: what the core needs from outside, as protocols.

Adapters implement the engines (and the gateway, see ``bot.platforms``), ``storage`` the unit of work and its
repositories, ``schedules`` the clocks. Fakes of the gateway, the clock and the engines ship with the product and pass
the same contract suites.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Protocol, Self

from bot.duework import Backlog, DueWork, NewWork, Reason
from bot.features.breakouts.model import Breakout, Placement
from bot.features.deliveries.model import ReminderRule
from bot.features.meetings.model import AgendaItem, Draft, Meeting, Occurrence, Rsvp
from bot.features.members.model import Identity, Member
from bot.features.questions.model import Question
from bot.features.resources.model import Feedback, Hit, Proposal, Resource
from bot.features.rooms.model import Room, Route
from bot.messages import Call, ChannelRef, MessageRef, UserRef

# --- clock ---------------------------------------------------------------------------------------------------------


class Clock(Protocol):
    """The community's time: what is due and what is shown follow it."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class MovableClock(Clock, Protocol):
    """The sample community's clock, which its visitors move."""

    async def move_to(self, instant: datetime) -> None:
        """Set the clock forward to ``instant`` (aware, UTC); it goes on from there, also after a restart.

        Raises InvalidInput when the instant lies before now: what was sent cannot be unsent.
        """
        ...


# --- engines ---------------------------------------------------------------------------------------------------------


class LanguageDetector(Protocol):
    """Tells the language of what somebody wrote."""

    def detect(self, text: str) -> str | None:
        """Return a BCP-47 tag when it is certain enough to act upon, else None."""
        ...


@dataclass(frozen=True, slots=True)
class Seat:
    """Someone to place: their languages, the preferred first, and the group they already sit in and keep."""

    member_id: str
    languages: tuple[str, ...]
    keeps: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A group to fill: its language."""

    id: str
    language: str


class BreakoutSolver(Protocol):
    """Places members in groups."""

    def place(self, seats: Sequence[Seat], groups: Sequence[Group]) -> dict[str, str]:
        """Return ``{member id: group id}`` for everybody.

        In this order: a group in a language the member speaks (where there is one), nobody left out, the member's
        preferred language, groups of one language as equal in size as can be. The same input gives the same answer.
        """
        ...


# --- storage ---------------------------------------------------------------------------------------------------------


class MemberRepository(Protocol):
    """Members and their identities, and the codes by which two of them become one."""

    async def get(self, member_id: str, *, lock: bool = False) -> Member | None:
        """Return the member, or None; with ``lock``, nobody else changes them before this transaction ends."""
        ...

    async def by_user(self, user: UserRef) -> Member | None: ...
    async def add(self, member: Member, identity: Identity) -> None: ...
    async def save(self, member: Member) -> None:
        """Replace a member. Raises Conflict if they are gone meanwhile (erased, or joined to another one)."""
        ...

    async def save_identity(self, identity: Identity) -> None: ...
    async def identities(self, member_id: str) -> tuple[Identity, ...]: ...
    async def all_identities(self) -> tuple[Identity, ...]:
        """Return everybody's identities, each member's in the order they were first used."""
        ...

    async def all(self) -> tuple[Member, ...]: ...
    async def reachable(self) -> tuple[tuple[Member, UserRef], ...]:
        """Return every member with the platform account they are written to (see ``account``)."""
        ...

    async def account(self, member_id: str) -> UserRef | None:
        """Return where a member is written to: on the platform they prefer, else the account they used first."""
        ...

    async def merge(self, kept: Member, gone_id: str, at: datetime) -> None:
        """Make two members one: ``kept``, as they are to be, with everything that refers to the other one.

        Nothing is lost but: of two answers to one invitation, of two opinions of one resource the older one; of two
        seats at one occurrence the gone member's; of two proposals of one language's room the one that is undecided,
        else the older; counts are added up; of two pieces of due work that are the same the one still to be done.
        """
        ...

    async def separate(self, user: UserRef, member: Member) -> None:
        """Make an account a new member of its own, who has nothing yet."""
        ...

    async def readdress(self, member_id: str, user: UserRef, kinds: Sequence[str]) -> None:
        """Let the member's work of these kinds that is certainly unsent go to this account."""
        ...

    async def save_code(self, member_id: str, digest: str, expires_at: datetime, now: datetime) -> None:
        """Keep a code for linking, in place of the member's earlier one; forget those that have expired."""
        ...

    async def asked_for(self, digest: str, now: datetime) -> str | None:
        """Return the id of the member whose code this is, if it is still good."""
        ...

    async def use_code(self, digest: str, now: datetime) -> bool:
        """Use up a code; False if it is no longer good, also when somebody else uses it at this moment."""
        ...

    async def failed_tries(self, member_id: str, since: datetime) -> tuple[int, int]:
        """Return how many codes the member, and everybody, tried in vain after an instant; older ones are forgotten.

        Until the transaction ends nobody else counts: tries made at the same moment are counted one after the other.
        """
        ...

    async def add_failed_try(self, member_id: str, at: datetime) -> None: ...


class RoomRepository(Protocol):
    """Rooms, routes, and how often a member wrote another language than a room's."""

    async def all(self) -> tuple[Room, ...]: ...
    async def get(self, room_id: str) -> Room | None: ...
    async def by_channel(self, channel: ChannelRef) -> Room | None: ...
    async def save(self, room: Room) -> None: ...
    async def route(self, member_id: str, language: str) -> Route | None: ...
    async def save_route(self, route: Route) -> None: ...
    async def count_written(self, member_id: str, language: str) -> int:
        """Count one more message in ``language`` written in a room of another one; return the new count."""
        ...


class MeetingRepository(Protocol):
    """Meetings, agendas, occurrences, answers, rules, drafts."""

    async def get(self, meeting_id: str) -> Meeting | None: ...
    async def save(self, meeting: Meeting) -> None: ...
    async def all(self) -> tuple[Meeting, ...]: ...
    async def agenda(self, meeting_id: str) -> tuple[AgendaItem, ...]: ...
    async def save_agenda(self, meeting_id: str, items: Sequence[AgendaItem]) -> None: ...
    async def occurrence(self, occurrence_id: str, *, lock: bool = False) -> Occurrence | None:
        """Return the occurrence, or None; with ``lock``, nobody else changes it before this transaction ends."""
        ...

    async def occurrences(self, *, ends_after: datetime, limit: int) -> tuple[Occurrence, ...]:
        """Return the scheduled occurrences that end after an instant, the earliest first."""
        ...

    async def occurrences_of(self, meeting_id: str) -> tuple[Occurrence, ...]: ...
    async def save_occurrence(self, occurrence: Occurrence) -> None: ...
    async def rsvp(self, occurrence_id: str, member_id: str) -> Rsvp | None: ...
    async def rsvps(self, occurrence_id: str) -> tuple[Rsvp, ...]: ...
    async def save_rsvp(self, rsvp: Rsvp) -> None: ...
    async def rules(self, meeting_id: str) -> tuple[ReminderRule, ...]: ...
    async def save_rule(self, rule: ReminderRule) -> None: ...
    async def draft(self, draft_id: str) -> Draft | None: ...
    async def drafts(self, member_id: str) -> tuple[Draft, ...]:
        """Return a member's drafts, the latest first."""
        ...

    async def save_draft(self, draft: Draft) -> None: ...
    async def delete_draft(self, draft_id: str) -> bool:
        """Delete the draft; False if it was gone already."""
        ...


class BreakoutRepository(Protocol):
    """Breakout groups and placements."""

    async def groups(self, occurrence_id: str, item_id: str | None = None) -> tuple[Breakout, ...]: ...
    async def save_groups(self, groups: Sequence[Breakout]) -> None: ...
    async def placements(self, occurrence_id: str) -> tuple[Placement, ...]: ...
    async def replace_placements(self, occurrence_id: str, placements: Sequence[Placement]) -> None: ...


class ResourceRepository(Protocol):
    """The library; saving a resource also indexes it for search, in the same transaction."""

    async def get(self, resource_id: str) -> Resource | None: ...
    async def save(self, resource: Resource) -> None: ...
    async def all(self) -> tuple[Resource, ...]: ...
    async def count(self) -> int: ...
    async def at_host(self, host: str) -> tuple[Resource, ...]:
        """Return every resource at a host (in small letters), and maybe others: their addresses tell."""
        ...

    async def save_feedback(self, feedback: Feedback) -> None: ...


class ResourceSearch(Protocol):
    """Ranked full text over the library."""

    async def find(self, query: str, *, languages: Sequence[str], limit: int) -> tuple[Hit, ...]:
        """Return the best hits, best first; texts in earlier ``languages`` win among equals.

        Stems and stop words are each language's own, accents do not matter, small typos are forgiven. A query of
        nothing but stop words, punctuation or operators finds nothing; nothing in it is ever read as syntax.
        """
        ...


class QuestionRepository(Protocol):
    """Questions passed to the organizers."""

    async def get(self, question_id: str, *, lock: bool = False) -> Question | None:
        """Return the question, or None; with ``lock``, nobody else changes it before this transaction ends."""
        ...

    async def save(self, question: Question) -> None: ...
    async def unanswered(self) -> tuple[Question, ...]: ...


class ProposalRepository(Protocol):
    """Resources that members propose for the library."""

    async def get(self, proposal_id: str, *, lock: bool = False) -> Proposal | None:
        """Return the proposal, or None; with ``lock``, nobody else changes it before this transaction ends."""
        ...

    async def save(self, proposal: Proposal) -> None: ...
    async def open(self) -> tuple[Proposal, ...]:
        """Return the proposals that nobody has decided on, the oldest first."""
        ...


class DueWorkRepository(Protocol):
    """Due work: planned by handlers, carried out by the runner; many at a time in a few statements.

    Leases and deadlines follow the store's own clock, not the community's (which visitors of the sample move).
    """

    @property
    def planned(self) -> bool:
        """Whether anything was planned through it: then somebody must look for work that is due."""
        ...

    async def plan(self, work: NewWork) -> None:
        """Insert, or update while still pending; see NewWork."""
        ...

    async def withdraw(self, subject: str, kinds: Sequence[str], reason: Reason) -> int:
        """Skip the pending work of these kinds about a subject; return how many rows."""
        ...

    async def about(self, subject: str, kinds: Sequence[str]) -> tuple[DueWork, ...]:
        """Return all work of these kinds about a subject, in any state, the oldest first."""
        ...

    async def failed_since(self, since: datetime, limit: int) -> tuple[int, tuple[DueWork, ...]]:
        """Return how much work failed after an instant, and the latest of it."""
        ...

    async def waiting(self, member_id: str, kinds: Sequence[str]) -> tuple[DueWork, ...]:
        """Return a member's work of these kinds that is still to be done, the earliest first."""
        ...

    async def next_due(self) -> datetime | None:
        """Return when the earliest pending work falls due."""
        ...

    async def backlog(self, now: datetime) -> Backlog: ...
    async def get(self, work_id: int) -> DueWork | None: ...
    async def plan_many(self, works: Iterable[NewWork]) -> None: ...
    async def fence_many(self, work_ids: Collection[int], owner: str, margin_seconds: float) -> frozenset[int]: ...
    async def done_many(self, refs: Mapping[int, MessageRef | None], owner: str, at: datetime) -> frozenset[int]: ...

    async def claim(self, now: datetime, owner: str, limit: int, lease_seconds: float) -> tuple[DueWork, ...]:
        """Take pending work that is due, for ``lease_seconds``: what is soonest useless first."""
        ...

    async def fence(self, work_id: int, owner: str, margin_seconds: float) -> bool:
        """Mark a claimed row as sending, and maybe sent, if this owner's lease still holds for the margin."""
        ...

    async def recover(
        self, owner: str, *, uncertain_after_seconds: float, lease_seconds: float, limit: int
    ) -> tuple[DueWork, ...]:
        """Give back what its owner lost.

        Claims whose lease ran out become pending again; sendings become uncertain. Returns the uncertain work whose
        first try lies at least ``uncertain_after_seconds`` back, leased to ``owner`` to be looked for.
        """
        ...

    async def done(self, work_id: int, owner: str, ref: MessageRef | None, at: datetime) -> bool:
        """Mark as done; False if this owner no longer holds the row."""
        ...

    async def retry(
        self, work_id: int, owner: str, *, after_seconds: float, reason: str, clear_maybe_sent: bool
    ) -> bool:
        """Make pending again, not before ``after_seconds`` from now (the store's clock)."""
        ...

    async def uncertain(self, work_id: int, owner: str, reason: str) -> bool:
        """Mark as uncertain: to be looked for before anything is sent again."""
        ...

    async def end(self, work_id: int, owner: str, *, failed: bool, reason: str, at: datetime) -> bool:
        """Mark as failed or skipped, with the reason."""
        ...


class ActionRepository(Protocol):
    """What the opaque ids of buttons and forms stand for."""

    async def save(self, actions: Mapping[str, Call]) -> None:
        """Remember the calls; one with an argument ``for`` (a member id) is that member's and erased with them."""
        ...

    async def get(self, action_id: str) -> Call | None: ...


@dataclass(frozen=True, slots=True)
class PersonalRecords:
    """Records about a member that a slice keeps: the record's name in storage, its title, what erasing does.

    ``erase`` is ``delete``, or ``detach`` for what stays without the person (an answer in the library of answers).
    """

    record: str
    title: str
    erase: str = "delete"


class PersonalStore(Protocol):
    """Reads and erases what is kept about one member."""

    async def records(self) -> frozenset[str]:
        """Return the names of all records with a member in them; each must be claimed by one slice."""
        ...

    async def export(self, record: str, member_id: str) -> list[dict[str, Any]]: ...
    async def erase(self, record: PersonalRecords, member_id: str) -> int: ...
    async def note(self, at: datetime, action: str, by: str) -> None:
        """Keep that an export or erasure was done, and through which door; never whose it was."""
        ...

    async def notes(self) -> tuple[tuple[datetime, str, str], ...]:
        """Return when what was done through which door, the oldest first."""
        ...


class SettingRepository(Protocol):
    """Small facts about the installation (clock offset, tzdata version), by name."""

    async def get(self, name: str) -> str | None: ...
    async def set(self, name: str, value: str) -> None: ...


class SeenRepository(Protocol):
    """The inbound events that were handled."""

    async def first_time(self, inbound_id: str, at: datetime) -> bool:
        """Remember an event; False if it was there."""
        ...

    async def forget_before(self, at: datetime) -> None:
        """Forget the events remembered before an instant: no platform tells one again so late."""
        ...


class UnitOfWork(Protocol):
    """One transaction: everything or nothing. Leaving it without ``commit`` rolls back."""

    members: MemberRepository
    rooms: RoomRepository
    meetings: MeetingRepository
    breakouts: BreakoutRepository
    resources: ResourceRepository
    search: ResourceSearch
    questions: QuestionRepository
    proposals: ProposalRepository
    work: DueWorkRepository
    actions: ActionRepository
    personal: PersonalStore
    settings: SettingRepository
    seen: SeenRepository

    async def __aenter__(self) -> Self: ...
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...
    async def commit(self) -> None: ...


class UnitOfWorkFactory(Protocol):
    """Opens units of work."""

    def __call__(self) -> UnitOfWork: ...

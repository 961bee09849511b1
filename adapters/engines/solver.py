"""Places members in breakout groups with OR-Tools' CP-SAT, one rule after the other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.errors import BotError
from bot.ports import Group, Seat

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar, LinearExprT

SECONDS = 10.0
"""The longest one rule may take. A bound, not a budget: hundreds of seats take a fraction of a second."""

Spoken = tuple[str, ...]


def base(tag: str) -> str:
    """Return a language tag's first subtag: someone who speaks ``pt-BR`` can sit in a group held in ``pt``."""
    return tag.partition("-")[0].casefold()


def spoken(seat: Seat, groups: Sequence[Group]) -> Spoken:
    """Return the seat's languages that have a group, the preferred first."""
    offered = {base(group.language) for group in groups}
    return tuple(dict.fromkeys(tag for tag in map(base, seat.languages) if tag in offered))


class CpSatBreakoutSolver:
    """Places everybody by the port's rules; who speaks no group's language joins the ``fallback`` language's groups.

    Members with the same languages are one variable, so the model stays small however many they are. Each rule's best
    value is proven and kept before the next one is looked at; one worker and a sorted model make the answer the same
    each time, in whatever order members and groups are given.
    """

    def __init__(self, fallback: str = "en") -> None:
        self._fallback = base(fallback)

    def place(self, seats: Sequence[Seat], groups: Sequence[Group]) -> dict[str, str]:
        """Return ``{member id: group id}``; nobody is placed where there is no group.

        Raises BotError when a rule's best value cannot be proven in time.
        """
        if not seats or not groups:
            return {}
        rooms: dict[str, list[str]] = defaultdict(list)
        for group in sorted(groups, key=lambda group: (base(group.language), group.id)):
            rooms[base(group.language)].append(group.id)
        members: dict[Spoken, list[str]] = defaultdict(list)
        for seat in sorted(seats, key=lambda seat: seat.member_id):
            members[spoken(seat, groups)].append(seat.member_id)
        program = _Program(Counter({kind: len(ids) for kind, ids in members.items()}), rooms, self._fallback)
        return _deal(members, rooms, *program.solve())


class _Program:
    """The integer program: how many of each kind sit in each language, and how many sit in each group."""

    def __init__(self, kinds: Mapping[Spoken, int], rooms: Mapping[str, Sequence[str]], fallback: str) -> None:
        from ortools.sat.python import cp_model  # noqa: PLC0415 - takes a second, so only when first needed

        self._solver = cp_model.CpSolver()
        self._solver.parameters.num_workers = 1
        self._solver.parameters.random_seed = 0
        self._solver.parameters.max_time_in_seconds = SECONDS
        self._optimal = cp_model.OPTIMAL
        self._model: CpModel = cp_model.CpModel()
        self._kinds = dict(sorted(kinds.items()))
        self._rooms = rooms
        self._fallback = fallback
        self._total = sum(kinds.values())
        self._seated = {(kind, tag): self._count(f"{'+'.join(kind)} in {tag}") for kind in self._kinds for tag in rooms}
        self._sizes = {room: self._count(room) for ids in rooms.values() for room in ids}
        self._constrain()

    def solve(self) -> tuple[dict[tuple[Spoken, str], int], dict[str, int]]:
        """Return the seats by kind and language, and the groups' sizes."""
        for rule in self._rules():
            self._model.minimize(rule)
            if self._solver.solve(self._model) != self._optimal:
                msg = f"The breakout groups could not be computed within {SECONDS:g} seconds; try fewer groups."
                raise BotError(msg)
            self._model.add(rule == round(self._solver.objective_value))
        value = self._solver.value
        return {key: value(seats) for key, seats in self._seated.items()}, {
            room: value(size) for room, size in self._sizes.items()
        }

    def _count(self, name: str) -> IntVar:
        return self._model.new_int_var(0, self._total, name)

    def _constrain(self) -> None:
        for kind, people in self._kinds.items():
            self._model.add(sum(self._seated[kind, tag] for tag in self._rooms) == people)  # nobody is left out
        for tag, rooms in self._rooms.items():
            here = sum(self._seated[kind, tag] for kind in self._kinds)
            self._model.add(sum(self._sizes[room] for room in rooms) == here)
            for larger, smaller in pairwise(rooms):
                self._model.add(self._sizes[larger] >= self._sizes[smaller])  # equal rooms: the first one fills first

    def _rules(self) -> list[LinearExprT]:
        """Return what is minimised, the weightiest first; the last ones only make the answer the only one."""
        seated = self._seated.items()
        rank = {key: self._rank(*key) for key in self._seated}
        largest = self._count("largest")
        self._model.add_max_equality(largest, list(self._sizes.values()))
        return [
            sum(seats for (kind, tag), seats in seated if kind and tag not in kind),
            sum(rank[key] * seats for key, seats in seated),
            sum(self._sizes[rooms[0]] - self._sizes[rooms[-1]] for rooms in self._rooms.values()),
            largest,
            *(self._sizes[rooms[-1]] for rooms in self._rooms.values()),
        ]

    def _rank(self, kind: Spoken, tag: str) -> int:
        """Return the language's place among theirs; for those who speak none, the fallback's comes first."""
        wanted = kind or (self._fallback,)
        return wanted.index(tag) if tag in wanted else len(wanted)


def _deal(
    members: Mapping[Spoken, Sequence[str]],
    rooms: Mapping[str, Sequence[str]],
    seated: Mapping[tuple[Spoken, str], int],
    sizes: Mapping[str, int],
) -> dict[str, str]:
    """Name who sits where: in turns, so that each group of a language gets people of every kind."""
    waiting = {kind: list(ids) for kind, ids in sorted(members.items())}
    places: dict[str, str] = {}
    for tag, ids in rooms.items():
        chairs = [room for turn in range(max(sizes[room] for room in ids)) for room in ids if turn < sizes[room]]
        people = [waiting[kind].pop(0) for kind in waiting for _ in range(seated[kind, tag])]
        places.update(zip(people, chairs, strict=True))
    return places

"""The breakout solver's rules, on any community."""

from __future__ import annotations

from collections import Counter, defaultdict

from hypothesis import given
from hypothesis import strategies as st

from adapters.engines.fake import GreedySolver
from adapters.engines.solver import CpSatBreakoutSolver
from bot.ports import Group, Seat

TAGS = ("en", "fr", "es", "pt", "ar")
SPOKEN = st.lists(st.sampled_from(TAGS), max_size=3, unique=True).map(tuple)
SEATS = st.lists(SPOKEN, max_size=24).map(lambda all_: [Seat(f"m{n:02}", spoken) for n, spoken in enumerate(all_)])
GROUPS = st.lists(st.sampled_from(TAGS), min_size=1, max_size=6).map(
    lambda tags: [Group(f"g{n}", tag) for n, tag in enumerate(tags)]
)


def rank(seat: Seat, group: Group) -> int:
    return seat.languages.index(group.language) if group.language in seat.languages else len(TAGS)


@given(seats=SEATS, groups=GROUPS)
def test_everybody_sits_in_the_best_language_there_is(seats, groups):
    places = CpSatBreakoutSolver().place(seats, groups)
    by_id = {group.id: group for group in groups}
    assert set(places) == {seat.member_id for seat in seats}
    for seat in seats:
        assert rank(seat, by_id[places[seat.member_id]]) == min(rank(seat, group) for group in groups)


@given(seats=SEATS, groups=GROUPS)
def test_groups_of_one_language_differ_by_at_most_one(seats, groups):
    sizes = Counter(CpSatBreakoutSolver().place(seats, groups).values())
    filled = defaultdict(list)
    for group in groups:
        filled[group.language].append(sizes[group.id])
    assert all(max(of_one) - min(of_one) <= 1 for of_one in filled.values())


@given(seats=SEATS, groups=GROUPS)
def test_who_speaks_none_of_the_languages_joins_the_fallback(seats, groups):
    places = CpSatBreakoutSolver(fallback="fr").place(seats, groups)
    languages = {group.id: group.language for group in groups}
    if "fr" not in languages.values():
        return
    for seat in seats:
        if not set(seat.languages) & set(languages.values()):
            assert languages[places[seat.member_id]] == "fr"


@given(seats=SEATS, groups=GROUPS, data=st.data())
def test_the_order_of_the_input_does_not_matter(seats, groups, data):
    solver = CpSatBreakoutSolver()
    shuffled = solver.place(data.draw(st.permutations(seats)), data.draw(st.permutations(groups)))
    assert shuffled == solver.place(seats, groups)


@given(seats=SEATS, groups=GROUPS)
def test_the_shipped_fake_fills_languages_alike(seats, groups):
    """Without capacities both are right, so each language holds as many under either, where a language decides."""
    languages = {group.id: group.language for group in groups}
    if "en" not in languages.values():
        return
    solved, greedy = (
        Counter(languages[place] for place in solver.place(seats, groups).values())
        for solver in (CpSatBreakoutSolver(), GreedySolver())
    )
    assert solved == greedy

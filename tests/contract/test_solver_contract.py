"""What every breakout solver promises; the shipped fake keeps the same promises as the real one."""

from __future__ import annotations

from collections import Counter

import pytest

from adapters.engines.fake import GreedySolver
from adapters.engines.solver import CpSatBreakoutSolver
from bot.ports import BreakoutSolver, Group, Seat

ROOMS = (Group("e1", "en"), Group("e2", "en"), Group("f1", "fr"), Group("s1", "es"))


@pytest.fixture(params=[CpSatBreakoutSolver, GreedySolver])
def solver(request) -> BreakoutSolver:
    made: BreakoutSolver = request.param()
    return made


def seats(*languages: str) -> list[Seat]:
    return [Seat(f"m{number}", tuple(spoken.split())) for number, spoken in enumerate(languages)]


def test_nobody_to_place(solver):
    assert solver.place([], ROOMS) == {}


def test_no_group_places_nobody(solver):
    assert solver.place(seats("en", "fr"), []) == {}


def test_everybody_sits_in_their_preferred_language(solver):
    assert solver.place(seats("fr en", "es", "es fr"), ROOMS) == {"m0": "f1", "m1": "s1", "m2": "s1"}


def test_the_next_language_serves_when_the_preferred_has_no_group(solver):
    assert solver.place(seats("pt fr", "sw pt es"), ROOMS) == {"m0": "f1", "m1": "s1"}


def test_groups_of_one_language_fill_evenly(solver):
    places = solver.place(seats(*["en"] * 7, "en fr", "fr en", "fr"), ROOMS)
    assert Counter(places.values()) == {"e1": 4, "e2": 4, "f1": 2}


def test_who_speaks_no_groups_language_joins_the_fallback(solver):
    places = solver.place(seats("pt", "sw", ""), ROOMS)
    assert set(places.values()) == {"e1", "e2"}
    assert type(solver)("fr").place(seats("pt"), ROOMS) == {"m0": "f1"}


def test_nobody_is_left_out_when_the_fallback_has_no_group_either(solver):
    places = solver.place(seats("pt", "sw", "ar", "zh"), ROOMS[2:])
    assert Counter(places.values()) == {"f1": 2, "s1": 2}


def test_a_regional_tag_sits_with_its_language(solver):
    assert solver.place(seats("fr-CA", "ES"), ROOMS) == {"m0": "f1", "m1": "s1"}
    assert solver.place(seats("pt"), [Group("p", "pt-BR"), Group("e", "en")]) == {"m0": "p"}


def test_the_order_of_the_input_does_not_matter(solver):
    people = seats("en", "en fr", "fr", "es", "pt", "en", "en es")
    assert solver.place(people[::-1], ROOMS[::-1]) == solver.place(people, ROOMS)


def test_people_with_the_same_languages_are_spread_over_the_groups(solver):
    """Those who speak something besides are not put together in one of two equal groups."""
    places = solver.place(seats("en", "en", "en fr", "en fr"), ROOMS)
    assert Counter(places[f"m{n}"] for n in (0, 1)) == {"e1": 1, "e2": 1}
    assert Counter(places[f"m{n}"] for n in (2, 3)) == {"e1": 1, "e2": 1}


def test_five_hundred_people_and_eight_groups(solver):
    spoken = ["en", "en fr", "fr", "fr en", "es", "es en", "pt es", "sw en", "sw", "ar fr en", "zh"]
    people = seats(*(spoken[number % len(spoken)] for number in range(500)))
    groups = [*ROOMS, Group("e3", "en"), Group("f2", "fr"), Group("s2", "es"), Group("s3", "es")]
    places = solver.place(people, groups)
    assert len(places) == 500
    sizes = Counter(places.values())
    for language in ("en", "fr", "es"):
        filled = [sizes[group.id] for group in groups if group.language == language]
        assert max(filled) - min(filled) <= 1

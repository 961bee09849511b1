"""The benchmarks do what they say, at the smallest sizes; how long anything takes is not looked at."""

from __future__ import annotations

import sys
from contextlib import contextmanager

import pytest

from benchmarks import __main__ as both
from benchmarks import adapters, assistant, core, duework, library
from benchmarks.bots import BARE, Load, Round
from benchmarks.measure import Aim, Compared, Table, percentile
from benchmarks.side import RIVALS, Side
from benchmarks.traffic import COMMAND, Happened

SIZES = core.Sizes(members=6, resources=72, asked=6, rounds=1, at_once=3, starts=1)
FEW = Load(rate=60, seconds=0.1, rounds=1)
PLATFORMS = adapters.Sizes(people=6, resources=72, full=FEW, calm=FEW, questions=FEW)
DUE = duework.Sizes(planned=6, due=4, rounds=1)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """Both sides' folders, filled once."""
    return core.prepare(tmp_path_factory.mktemp("bench") / "made", SIZES)


@contextmanager
def assistant_process(folder):
    with Side.ours("benchmarks.assistant", folder, SIZES.members, folder=folder) as side:
        yield side


def test_the_library_and_the_questions_are_the_same_in_every_run():
    resources = list(library.resources(72))
    assert resources == list(library.resources(72))
    assert library.questions(33, 6) == library.questions(33, 6)
    assert {resource.language for resource in resources} == set(library.LANGUAGES)
    assert len({resource.url for resource in resources}) == 72
    assert {len(resource.texts) for resource in resources} == {1, 3}


async def test_the_whole_core_answers_each_question_once(prepared):
    ours, _rival = prepared
    asked = [(one.member, one.text) for one in library.questions(12, SIZES.members)]
    async with assistant.running(ours, SIZES.members) as running:
        one = await running.round(asked, 1)
        many = await running.round(asked, 4)
        meeting = await running.round([(0, library.next_meeting("en"))], 1)
    assert (one["answers"], len(one["ms"])) == (12, 12)
    assert (many["answers"], len(many["ms"]), many["found"]) == (12, 3, one["found"])
    assert 9 <= one["found"] < 12, "what the library has is found, what it has not is not"
    assert meeting["found"] == 1


def test_both_sides_answer_the_same_and_every_figure_is_compared(prepared):
    ours, _rival = prepared
    with assistant_process(ours) as side:
        ask = core.asking(side)
        found = core.answers(ask, ask, SIZES)
        assert side.memory() > 0
    table = core.answers_table(found, SIZES)
    assert len(table.rows) == 5 * len(core.KINDS)
    assert all("Connections" in row[-1] or "Errbot" in row[-1] for row in table.rows)
    assert [aim.what for aim in core.answers_aims(found)] == ["a question, p99", "a question, beside the rival"]


def test_starts_are_measured_with_nothing_again_and_with_a_community(prepared, tmp_path):
    ours, _rival = prepared
    started = core.starts(tmp_path / "starts", ours, SIZES)
    assert {kind: len(found) for kind, found in started.items()} == {"first": 1, "again": 1, "large": 1}
    table = core.memory_table(started, (100.0, 50.0), [2.0, 1.0], SIZES)
    assert [len(row) for row in table.rows] == [3] * 5
    assert len(core.memory_aims(started)) == 2


async def test_our_assistant_and_the_bare_bots_answer_everybody_on_slack_and_discord(tmp_path):
    bouts = await adapters.take(tmp_path, PLATFORMS)
    assert [bout.what for bout in bouts] == [adapters.HELP, adapters.HELP, adapters.QUESTION]
    for bout in bouts:
        for rounds in (bout.found.ours, bout.found.bare, bout.found.both):
            assert {name: [(len(one.happened), one.unanswered) for one in some] for name, some in rounds.items()} == {
                platform: [(6, 0)] for platform in BARE
            }
        assert len(adapters.beside_table(bout).rows) == len(adapters.KINDS) * len(adapters.FIGURES) + len(BARE)
    assert len(adapters.both_table(bouts).rows) == 3 * len(adapters.KINDS)
    assert len(adapters.aims(bouts[0])) == 2 * len(adapters.KINDS)


def test_what_was_never_answered_is_counted_and_takes_as_long_as_it_was_waited_for():
    happened = [
        Happened(COMMAND, 1.0, 1.25, 1.5),
        Happened(COMMAND, 2.0, 2.25),
        Happened(COMMAND, 3.0),
    ]
    found = Round(happened, [0.0] * 3, seconds=1, cpu=1, load_cpu=1, patience=15)
    assert found.unanswered == 2
    assert found.ms(COMMAND, lambda one: one.acked) == [250, 250, 15_000]
    assert found.ms(COMMAND, lambda one: one.answered) == [500, 15_000, 15_000]


async def test_due_work_is_planned_and_all_that_is_due_arrives(database_url):
    took = await duework.plan_and_send(database_url, DUE)
    assert took.planning > 0
    assert took.sending > 0


@pytest.mark.parametrize("wal", [False, True])
def test_the_rivals_store_runs_all_that_is_due(tmp_path, wal):
    script = RIVALS / "apscheduler_side.py"
    with Side([sys.executable, script], tmp_path) as side:
        fresh = duework.fresh_files(tmp_path, "sqlite")
        bout = duework.Bout("SQLite", duework.ours(fresh), duework.rivals(side, fresh, wal=wal))
        table = duework.table([bout], DUE)
    assert [row[1] for row in table.rows] == ["planning 6 deliveries", "sending 4 that are due"]


def test_a_process_that_fails_ends_the_run_with_the_end_of_its_log(tmp_path):
    with pytest.raises(SystemExit, match="no such thing"):
        Side([sys.executable, "-c", "raise SystemExit('no such thing')"], tmp_path)


def test_figures_are_medians_of_the_rounds_own_ratios():
    less = Compared((1.0, 2.0, 100.0), (2.0, 4.0, 100.0), "less")
    assert (less.ratio, less.cells("ms", "It")) == (2.0, ("2.00 ms", "4.00 ms", "Connections, 2.0 ×"))
    more = Compared((50.0,), (200.0,), "more")
    assert more.cells("a second", "It")[-1] == "It, 4.0 ×"
    assert [percentile(range(1, 101), share) for share in (0.5, 0.99)] == [50, 99]
    assert percentile([7.0], 0.99) == 7.0


def test_the_page_holds_every_table_and_says_which_aims_were_missed():
    aims = both.aims_table([Aim("speed", "under 1 s", "2 s", met=False), Aim("size", "small", "small", met=True)])
    text = both.page(["2 cores"], [aims, Table("Answering", ("what",), [("x",)], ["A remark."])], 120.0)
    assert "| speed | under 1 s | 2 s | **no** |" in text
    assert "| size | small | small | yes |" in text
    assert "- 2 cores" in text
    assert text.endswith("A remark.\n")

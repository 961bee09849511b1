"""Answers through the whole core, beside the same "look up and answer" as a plugin of Errbot, in the same run."""

from __future__ import annotations

import asyncio
import json
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import assistant, library
from benchmarks.measure import Aim, Better, Compared, Table, percentile, rounded
from benchmarks.side import BUILD, Side

RIVAL = "Errbot"
READY = "Connections is ready"
AIM_P99_MS, AIM_START_S, AIM_IDLE_MB = 10.0, 3.0, 150.0
KINDS = {"question": "a question to the library", "meeting": "“next meeting?”"}
ASKING: dict[str, Callable[[int, int], list[library.Asked]]] = {
    "question": library.questions,
    "meeting": library.next_meetings,
}

Round = dict[str, Any]
Ask = Callable[[str, Sequence[library.Asked], int], Round]
"""What asks one side: kind, what is asked, how many at once."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    members: int = 10_000
    resources: int = 1_000
    asked: int = 300
    rounds: int = 7
    at_once: int = 16
    starts: int = 3


@dataclass(frozen=True, slots=True)
class Answers:
    """Both sides' rounds of one kind: one at a time, and several at once."""

    ours: list[tuple[Round, Round]]
    rivals: list[tuple[Round, Round]]

    def compared(self, figure: Callable[[Round, Round], float], better: Better) -> Compared:
        """Compare one figure."""
        ours = tuple(figure(*one) for one in self.ours)
        return Compared(ours, tuple(figure(*one) for one in self.rivals), better)


def prepare(folder: Path, sizes: Sizes) -> tuple[Path, Path]:
    """Write the same library and meeting for both; return our folder and the rival's."""
    ours, rival = folder / "ours", folder / "rival"
    ours.mkdir(parents=True)
    rival.mkdir()
    asyncio.run(assistant.fill(ours, sizes.members, sizes.resources))
    books = [{**asdict(one), "checked_on": str(one.checked_on)} for one in library.resources(sizes.resources)]
    meeting = assistant.meeting(datetime.now(UTC))
    told = {"title": meeting.title, "starts": str(meeting.starts_local), "zone": meeting.zone, "place": meeting.place}
    (rival / "library.json").write_text(json.dumps({"resources": books, "meeting": told}), encoding="utf-8")
    return ours, rival


def answers(ours: Ask, rival: Ask, sizes: Sizes) -> dict[str, Answers]:
    """Let both answer the same, turn about, after one round that does not count."""
    found = {kind: Answers([], []) for kind in KINDS}
    for number in range(sizes.rounds + 1):
        for kind, asking in ASKING.items():
            asked = asking(sizes.asked, sizes.members)
            sides = [(ours, found[kind].ours), (rival, found[kind].rivals)]
            for ask, rounds in sides if number % 2 else reversed(sides):
                one = (ask(kind, asked, 1), ask(kind, asked, sizes.at_once))
                if number:
                    rounds.append(one)
    return found


def asking(side: Side) -> Ask:
    """Return what asks a process."""

    def ask(kind: str, asked: Sequence[library.Asked], at_once: int) -> Round:
        return side.ask(kind=kind, asked=[(one.member, one.text) for one in asked], at_once=at_once)

    return ask


def answers_table(found: dict[str, Answers], sizes: Sizes) -> Table:
    """Show how fast both answer."""
    table = Table("Answering", ("what", "figure", "Connections", RIVAL, "ahead"))
    at_once = f"{sizes.at_once} at once"
    figures: list[tuple[str, str, Better, Callable[[Round, Round], float]]] = [
        ("half are answered within (p50)", "ms", "less", lambda one, _many: percentile(one["ms"], 0.5)),
        ("99 of 100 within (p99)", "ms", "less", lambda one, _many: percentile(one["ms"], 0.99)),
        ("one after the other", "a second", "more", lambda one, _many: one["answers"] / one["seconds"]),
        (at_once, "a second", "more", lambda _one, many: many["answers"] / many["seconds"]),
        ("processor time for each", "ms", "less", lambda one, _many: 1000 * one["cpu"] / one["answers"]),
    ]
    for kind, both in found.items():
        for name, unit, better, figure in figures:
            table.rows.append((KINDS[kind], name, *both.compared(figure, better).cells(unit, RIVAL)))
    table.remarks += _found_remarks(found["question"]) + _behind_remarks(found)
    return table


def _found_remarks(questions: Answers) -> list[str]:
    ours, rival = questions.ours[-1][0], questions.rivals[-1][0]
    told = (
        f"Of {ours['answers']} questions Connections answers {ours['found']} with resources, and says honestly of the "
        f"others that the library has nothing; the plugin lists something for {rival['found']}, since any common word "
        "is enough for it. One question in eleven asks for what the library does not have, one in ten has a word "
        "misspelt."
    )
    return [told]


def _behind_remarks(found: dict[str, Answers]) -> list[str]:
    behind = [kind for kind, both in found.items() if both.compared(_seconds, "less").ratio < 1]
    if not behind:
        return []
    named = " and at ".join(KINDS[kind] for kind in behind)
    why = (
        f"{RIVAL} is ahead at {named}. It reads one file and writes nothing. Connections does in the same time what "
        "the plugin leaves out: it finds the member and their languages among all members, remembers the event so that "
        "it is never answered twice, corrects misspelt words, weighs each text and refuses poor ones, translates the "
        "answer, gives every button an id that survives a restart, and commits all of it to the disk before it answers."
    )
    return [why]


def _seconds(one: Round, _many: Round) -> float:
    return float(one["seconds"])


def answers_aims(found: dict[str, Answers]) -> list[Aim]:
    """Compare with what was wanted."""
    p99 = statistics.median(percentile(one["ms"], 0.99) for one, _many in found["question"].ours)
    ratio = found["question"].compared(_seconds, "less").ratio
    ahead = f"{ratio:.1f} × as fast as {RIVAL}"
    return [
        Aim("a question, p99", f"under {AIM_P99_MS:.0f} ms", f"{rounded(p99)} ms", p99 < AIM_P99_MS),
        Aim("a question, beside the rival", "ahead", ahead, ratio >= 1),
    ]


# --- start and memory ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Start:
    """One start of `connections run`: seconds until it says that it is ready, and MB held then."""

    seconds: float
    megabytes: float


def start(data: Path) -> Start:
    """Start `connections run` on a data folder, and stop it again."""
    run = ("env", f"DATA_DIR={data}", "WEB_PORT=0", sys.executable, "-m", "bot", "run")
    with Side(run, data.parent) as side:
        return Start(side.seconds_to_ready, side.memory())


def starts(folder: Path, filled: Path, sizes: Sizes) -> dict[str, list[Start]]:
    """Start with nothing, again, and with a large community (the sample's own added at an uncounted start)."""
    large = folder / "large"
    large.mkdir(parents=True)
    shutil.copy(filled / assistant.FILE, large / "sample.db")
    start(large)
    found: dict[str, list[Start]] = {"first": [], "again": [], "large": []}
    for number in range(sizes.starts):
        data = folder / f"data-{number}"
        found["first"].append(start(data))
        found["again"].append(start(data))
        found["large"].append(start(large))
    return found


def memory_table(ours: dict[str, list[Start]], loaded: tuple[float, float], rival: list[float], sizes: Sizes) -> Table:
    """Show start-up times and memory."""
    community = f"{sizes.members:,} members, {sizes.resources:,} resources"
    names = {
        "first": "`connections run`, first start (makes the database and the sample community)",
        "again": "`connections run`, second start",
        "large": f"`connections run`, {community}",
    }
    table = Table("Start and memory", ("what", "ready after", "memory, idle"))
    for kind, found in ours.items():
        seconds = statistics.median(one.seconds for one in found)
        megabytes = statistics.median(one.megabytes for one in found)
        table.rows.append((names[kind], f"{rounded(seconds)} s", f"{rounded(megabytes)} MB"))
    first, *again = rival
    table.rows.append((f"{RIVAL}'s test backend, first start (makes its index)", f"{rounded(first)} s", "–"))
    table.rows.append((f"{RIVAL}'s test backend, again", f"{rounded(statistics.median(again))} s", "–"))
    table.remarks.append(
        f"Loaded, after all the questions above ({community}): Connections {rounded(loaded[0])} MB, of which the fake "
        f"platform's own records of its users are a part; {RIVAL} {rounded(loaded[1])} MB."
    )
    return table


def memory_aims(ours: dict[str, list[Start]]) -> list[Aim]:
    """Compare with what was wanted."""
    slowest = max(statistics.median(one.seconds for one in found) for found in ours.values())
    largest = max(statistics.median(one.megabytes for one in found) for found in ours.values())
    return [
        Aim("start, the slowest kind", f"under {AIM_START_S:.0f} s", f"{rounded(slowest)} s", slowest < AIM_START_S),
        Aim("memory, idle", f"under {AIM_IDLE_MB:.0f} MB", f"{rounded(largest)} MB", largest < AIM_IDLE_MB),
    ]


def measure(sizes: Sizes) -> tuple[list[Table], list[Aim]]:
    """Measure everything, with files that are gone afterwards."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD) as made, ExitStack() as stack:
        folder = Path(made)
        ours_in, rival_in = prepare(folder, sizes)
        ours = stack.enter_context(Side.ours("benchmarks.assistant", ours_in, sizes.members, folder=ours_in))
        rival_ready = [_rival_start(rival_in) for _ in range(sizes.starts + 1)]
        rival = stack.enter_context(_rival(rival_in))
        found = answers(asking(ours), asking(rival), sizes)
        loaded = (ours.memory(), rival.memory())
        stack.close()
        started = starts(folder / "starts", ours_in, sizes)
    tables = [answers_table(found, sizes), memory_table(started, loaded, rival_ready, sizes)]
    return tables, answers_aims(found) + memory_aims(started)


def _rival(folder: Path) -> Side:
    return Side.rival("errbot", "errbot_side.py", folder, folder=folder)


def _rival_start(folder: Path) -> float:
    with _rival(folder) as side:
        return side.seconds_to_ready


if __name__ == "__main__":
    for shown in measure(Sizes())[0]:
        print(shown.markdown(), end="\n\n")

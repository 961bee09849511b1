"""From an event on the socket to its acknowledgement and its answer, on Slack and Discord, beside bare bots."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import library
from benchmarks.bots import BARE, Found, Load, Round, Rounds, running_bots
from benchmarks.measure import Aim, Compared, Table, percentile, rounded
from benchmarks.side import BUILD
from benchmarks.traffic import COMMAND, DIRECT, Happened

AIM_ACK_MS, AIM_TIMES = 200.0, 1.5
KINDS = {
    "Slack, a direct message": ("slack", DIRECT),
    "Slack, a slash command": ("slack", COMMAND),
    "Discord, a slash command": ("discord", COMMAND),
}
HELP, QUESTION = "“help”", "a question to the library"
FULL = Load(rate=100, seconds=20, rounds=3)
CALM = Load(rate=25, seconds=10, rounds=1)
QUESTIONS = Load(rate=20, seconds=10, rounds=1)

Moment = Callable[[Happened], float | None]


def _acked(one: Happened) -> float | None:
    return one.acked


def _answered(one: Happened) -> float | None:
    return one.answered


FIGURES: list[tuple[str, Moment, float]] = [
    ("acknowledged, p50", _acked, 0.5),
    ("acknowledged, p99", _acked, 0.99),
    ("answered, p50", _answered, 0.5),
    ("answered, p99", _answered, 0.99),
]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured; ``patience`` is for how many seconds after the last event an answer is waited for."""

    people: int = 600
    resources: int = 1_000
    full: Load = FULL
    calm: Load = CALM
    questions: Load = QUESTIONS
    patience: float = 15


@dataclass(frozen=True, slots=True)
class Bout:
    """What was asked under which load, and what came of it."""

    what: str
    load: Load
    found: Found

    def compared(self, kind: str, moment: Moment, share: float) -> Compared:
        """Compare one percentile of ours with the bare bot's, round by round, in milliseconds."""
        platform, what = KINDS[kind]
        ours, bare = (
            tuple(percentile(one.ms(what, moment), share) for one in rounds[platform])
            for rounds in (self.found.ours, self.found.bare)
        )
        return Compared(ours, bare, "less")


async def take(folder: Path, sizes: Sizes) -> list[Bout]:
    """Measure calls for help, in plenty and a few, and questions to the library."""
    bouts = []
    async with running_bots(folder, sizes.people, sizes.resources, sizes.patience) as bots:
        await bots.warm_up(sizes.people)
        for what, load in ((HELP, sizes.full), (HELP, sizes.calm), (QUESTION, sizes.questions)):
            asked = library.questions(round(load.rate * load.seconds), sizes.people)
            if what == HELP:
                asked = [library.Asked(one.member, "") for one in asked]
            bouts.append(Bout(what, load, await bots.take_turns(asked, load)))
    return bouts


# --- what is shown ---------------------------------------------------------------------------------------------------


def beside_table(bout: Bout) -> Table:
    """Show ours beside the bare bots, a platform at a time."""
    load, found = bout.load, bout.found
    title = f"On Slack and Discord: {bout.what}, {load.rate:g} a second"
    table = Table(title, ("what", "figure", "Connections", "a bare bot", "ahead"))
    for kind, (platform, _what) in KINDS.items():
        for name, moment, share in FIGURES:
            table.rows.append((kind, name, *bout.compared(kind, moment, share).cells("ms", BARE[platform])))
    for platform, bare in BARE.items():
        ours, theirs = (tuple(map(_cpu_ms, rounds[platform])) for rounds in (found.ours, found.bare))
        cells = Compared(ours, theirs, "less").cells("ms", bare)
        table.rows.append((platform.capitalize(), "processor time for each", *cells))
    table.remarks += [_unanswered(found, load), _about_the_load(found)]
    return table


def _cpu_ms(one: Round) -> float:
    return 1000 * one.cpu / len(one.happened)


def _all(rounds: Rounds) -> list[Round]:
    return [one for some in rounds.values() for one in some]


def _lost(rounds: Rounds) -> str:
    lost, put = (sum(count(one) for one in _all(rounds)) for count in (_unanswered_of, _put_of))
    return f"{lost:,} of {put:,}"


def _unanswered_of(one: Round) -> int:
    return one.unanswered


def _put_of(one: Round) -> int:
    return len(one.happened)


def _unanswered(found: Found, load: Load) -> str:
    return (
        f"{load.rounds} × {load.seconds:g} seconds for each bot on each platform, turn about. Never acknowledged or "
        f"never answered: Connections {_lost(found.ours)}, on both at once {_lost(found.both)}; the bare bots "
        f"{_lost(found.bare)}."
    )


def _about_the_load(found: Found) -> str:
    alone, both = ([one.load_cpu / one.seconds for one in rounds] for rounds in (_all(found.ours), _all(found.both)))
    late = [
        statistics.median(1000 * percentile(one.late, 0.99) for one in _all(rounds))
        for rounds in (found.ours, found.bare, found.both)
    ]
    return (
        f"The load and the emulated platforms took {100 * statistics.median(alone):.0f} % of a core beside Connections "
        f"on one platform, {100 * statistics.median(both):.0f} % on both. They put one event in a hundred late by "
        f"{rounded(late[0])} ms or more ({rounded(late[1])} ms beside the bare bots, {rounded(late[2])} ms on both at "
        "once): what stops them, stops the clock of the bots as well, and part of each p99 is theirs."
    )


def both_table(bouts: list[Bout]) -> Table:
    """Show ours on both platforms at once."""
    table = Table(
        "On Slack and Discord at once, in one process", ("what", *(name for name, _moment, _share in FIGURES))
    )
    for bout in bouts:
        for kind, (platform, what) in KINDS.items():
            rounds = bout.found.both[platform]
            cells = [
                f"{rounded(statistics.median(percentile(one.ms(what, moment), share) for one in rounds))} ms"
                for _name, moment, share in FIGURES
            ]
            table.rows.append((f"{kind}: {bout.what}, {bout.load.rate:g} a second on each", *cells))
    table.remarks.append("One member has an account on each; no rival runs both in one process, so none stands beside.")
    return table


def remarks() -> list[str]:
    """Say what each side does."""
    moments = (
        "Acknowledged: on Slack the envelope's answer on the websocket, on Discord the first call to the interaction's "
        "callback. Answered: on Slack `chat.postMessage` in the direct message, on Discord the callback or follow-up "
        "that says something. Each time ends when the answer arrives at the emulated platform."
    )
    work = (
        "The bare bots echo: no database, no member, no language, no button. Connections writes each event and the "
        "answer's buttons to its SQLite file, and waits for the disk, before it answers. On Slack it acknowledges "
        "before that. On Discord the answer is the acknowledgement (one call instead of two, and no “thinking …” "
        "that flickers); only when it is not there in time, the interaction is acknowledged without it."
    )
    return [moments, work]


def aims(bout: Bout) -> list[Aim]:
    """Compare the acknowledgements with what was wanted."""
    found = []
    for kind, (platform, _what) in KINDS.items():
        both = bout.compared(kind, _acked, 0.99)
        p99, times = statistics.median(both.ours), 1 / both.ratio
        bare = BARE[platform]
        what = f"{kind}, acknowledged, p99"
        found.append(Aim(what, f"under {AIM_ACK_MS:.0f} ms", f"{rounded(p99)} ms", p99 < AIM_ACK_MS))
        wanted = f"at most {AIM_TIMES} × {bare}’s"
        found.append(Aim(f"{what}, beside {bare}", wanted, f"{times:.1f} × {bare}’s", times <= AIM_TIMES))
    return found


def measure(sizes: Sizes) -> tuple[list[Table], list[Aim]]:
    """Measure everything, with files that are gone afterwards."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD) as made:
        bouts = asyncio.run(take(Path(made), sizes))
    tables = [*map(beside_table, bouts), both_table(bouts)]
    tables[0].remarks += remarks()
    return tables, aims(bouts[0])


if __name__ == "__main__":
    found_tables, found_aims = measure(Sizes())
    for shown in found_tables:
        print(shown.markdown(), end="\n\n")
    for aim in found_aims:
        print(aim)

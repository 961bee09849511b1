"""Run all benchmarks, print every figure, and write docs/performance.md."""

from __future__ import annotations

import time

from benchmarks import adapters, core, duework
from benchmarks.measure import Aim, Table, machine
from benchmarks.side import ROOT

PAGE = ROOT / "docs" / "performance.md"
INTRODUCTION = """# Performance

This page is written by `make bench`, every figure of it by the run that it describes;
[benchmarks/README.md](../benchmarks/README.md) says how they are taken."""


def aims_table(aims: list[Aim]) -> Table:
    """Show what was wanted and what came of it."""
    rows: list[tuple[str, ...]] = [(aim.what, aim.wanted, aim.got, "yes" if aim.met else "**no**") for aim in aims]
    return Table("Aims", ("what", "wanted", "this run", "reached"), rows)


def page(where: list[str], tables: list[Table], seconds: float) -> str:
    """Return the page."""
    lines = "\n".join(f"- {line}" for line in where)
    taken = f"## The machine\n\n{lines}\n- The whole run took {seconds / 60:.0f} minutes"
    return "\n\n".join([INTRODUCTION, taken, *(table.markdown() for table in tables)]) + "\n"


def main() -> None:
    """Measure, print and write."""
    started = time.perf_counter()
    load = machine("")[-1]
    print("Answering, start and memory: about three minutes ...", flush=True)
    tables, aims = core.measure(core.Sizes())
    print("Slack and Discord: about eight minutes ...", flush=True)
    platform_tables, platform_aims = adapters.measure(adapters.Sizes())
    print("Due work: about five minutes ...", flush=True)
    due_tables, postgres = duework.measure(duework.Sizes())
    where = [*machine(postgres)[:-1], load]
    every = [aims_table([*aims, *platform_aims]), *tables, *platform_tables, *due_tables]
    text = page(where, every, time.perf_counter() - started)
    print(text)
    PAGE.write_text(text, encoding="utf-8")
    print(f"Written to {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

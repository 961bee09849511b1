"""Asking an operator in the terminal, or a script through a pipe."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence

import typer

from bot.checks import Finding, Level


def text(question: str, default: str = "") -> str:
    """Return one line; ``default`` when it is empty. Raises typer.Abort at the end of the input."""
    answer: str = typer.prompt(question, default=default, show_default=bool(default))
    return answer.strip()


def choice(question: str, among: Collection[str], default: str) -> str:
    """Return one of the words, asked for until it is one. Raises typer.Abort at the end of the input."""
    while True:
        answer = text(f"{question} ({', '.join(among)})", default).lower()
        if answer in among:
            return answer
        typer.echo(f"Please write one of: {', '.join(among)}")


def yes(question: str, *, default: bool) -> bool:
    """Return whether the answer is yes. Raises typer.Abort at the end of the input."""
    return typer.confirm(question, default=default)


def secret(question: str) -> str:
    """Return one line that the terminal does not show. Raises typer.Abort at the end of the input."""
    if sys.stdin.isatty():
        answer: str = typer.prompt(question, default="", show_default=False, hide_input=True)
        return answer.strip()
    typer.echo(f"{question}: ")
    line = sys.stdin.readline()
    if not line:
        raise typer.Abort
    return line.strip()


def one_of(people: Sequence[tuple[str, str]]) -> str:
    """Return the identity of one of these people, the only one or the one whose number is given."""
    if len(people) == 1:
        return people[0][0]
    for number, (identity, name) in enumerate(people, 1):
        typer.echo(f"  {number}. {name} ({identity})")
    chosen = choice("Which one?", [str(number) for number in range(1, len(people) + 1)], "1")
    return people[int(chosen) - 1][0]


def show(findings: Collection[Finding]) -> bool:
    """Show what was found, as the check does; tell whether nothing is wrong."""
    for finding in findings:
        step = f"\n       {finding.step}" if finding.step else ""
        typer.echo(f"{finding.level.value:<6} {finding.name}: {finding.text}{step}")
    return all(finding.level is not Level.WRONG for finding in findings)

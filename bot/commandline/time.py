"""``connections time``: try how words for days and hours are understood."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.errors import InvalidInput
from bot.times.grammar import grammars
from bot.times.wall import WallTime, resolve
from bot.times.words import When, parse_when
from bot.times.zones import tz, zone_label

time_app = typer.Typer(help="See how days, hours and time zones are understood.", no_args_is_help=True)


@time_app.callback()
def _time() -> None:
    """Keep ``parse`` a command of its own while it is the only one."""


@time_app.command()
def parse(
    text: Annotated[str, typer.Argument(help='Words for a moment, such as "next Thursday at 14:00 (Lima time)".')],
    lang: Annotated[str, typer.Option(help="The language they are written in.")] = "en",
    zone: Annotated[str, typer.Option(help="The writer's IANA time zone.")] = "UTC",
    now: Annotated[
        str | None, typer.Option(help="The writer's time, local to --zone; the real one if left out.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line for programs.")] = False,
) -> None:
    """Print the instants that words can mean; a refusal is an answer too."""
    when = parse_when(text, lang=_known_language(lang), zone=zone, now=_instant(now, zone))
    reason = when.reason.format(**when.params) if when.reason else None
    if as_json:
        instants = [_iso(candidate.utc) for candidate in when.candidates]
        typer.echo(json.dumps({"utc": instants, "ambiguous": when.ambiguous, "reason": reason}, ensure_ascii=False))
        return
    typer.echo(_readable(when, reason))


def _readable(when: When, reason: str | None) -> str:
    lines = [reason] if reason else []
    for candidate in when.candidates:
        label = zone_label(candidate.local.zone, "en", candidate.utc)
        notes = f" ({', '.join(candidate.explanation)})" if candidate.explanation else ""
        lines.append(f"{_iso(candidate.utc)}  {candidate.local.local:%a %d %b %Y %H:%M}, {label}{notes}")
    return "\n".join(lines)


def _iso(utc: datetime) -> str:
    return f"{utc.replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def _known_language(lang: str) -> str:
    if lang not in grammars():
        known = ", ".join(grammars())
        message = f"“{lang}” is not one of {known}."
        raise typer.BadParameter(message, param_hint="--lang")
    return lang


def _instant(now: str | None, zone: str) -> datetime:
    """Return the given local time, or the machine's, as an instant."""
    try:
        tz(zone)
    except InvalidInput as error:
        raise typer.BadParameter(str(error), param_hint="--zone") from error
    if now is None:
        return datetime.now(UTC)
    try:
        local = datetime.fromisoformat(now)
        return local.astimezone(UTC) if local.tzinfo else resolve(WallTime(local, zone)).utc
    except (ValueError, OverflowError, InvalidInput) as error:
        message = f"“{now}” is not a time such as 2026-11-24T10:00."
        raise typer.BadParameter(message, param_hint="--now") from error

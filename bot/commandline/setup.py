"""``connections setup``: from nothing to tokens that work, asked for one by one and written to ``.env`` at the end."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import typer

from bot.commandline import asking
from bot.commandline.check import check
from bot.commandline.envfile import write_settings
from bot.commandline.explained import explained
from bot.commandline.walk import Walk
from bot.commandline.walkdiscord import walk_discord
from bot.commandline.walkslack import walk_slack
from bot.config import load_settings
from bot.errors import ConfigError, DeliveryError
from bot.i18n import available_languages

ENV = Path(".env")
WALKS: Mapping[str, Callable[[Walk], None]] = {"slack": walk_slack, "discord": walk_discord}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(setup)


def setup() -> None:
    """Walk through connecting Slack and Discord, try each token, and write .env; Ctrl+C changes nothing."""
    with explained():
        load_settings()
        try:
            walk = _walked()
        except (KeyboardInterrupt, typer.Abort):
            typer.echo("\nStopped. Nothing was changed.")
            raise typer.Exit(1) from None
        _write(walk.values)
    typer.echo("\nNow everything once more (connections check):\n")
    check()


def _walked() -> Walk:
    """Ask for everything. Raises typer.Abort where nothing shall be written."""
    walk = Walk()
    typer.echo("Each answer is tried at once; nothing is written before the end. Enter keeps what is in [brackets].\n")
    chosen = asking.choice("Which platforms?", (*WALKS, "both"), _connected(walk))
    platforms = tuple(WALKS) if chosen == "both" else (chosen,)
    for platform in platforms:
        WALKS[platform](walk)
    _languages(walk)
    for platform in platforms:
        _organizers(walk, platform)
    typer.echo(f"\nTo be written to {ENV.resolve()}: {', '.join(walk.values)}")
    if not asking.yes("Write it?", default=True):
        raise typer.Abort
    return walk


def _connected(walk: Walk) -> str:
    slack, discord = walk.value("SLACK_BOT_TOKEN"), walk.value("DISCORD_TOKEN")
    return "both" if slack and discord else "discord" if discord else "slack"


def _languages(walk: Walk) -> None:
    spoken = available_languages()
    question = f"\nWhich languages does the community speak, the default first? (of {', '.join(spoken)})"
    while True:
        given = asking.text(question, walk.value("COMMUNITY_LANGUAGES"))
        wanted = list(dict.fromkeys(part.strip() for part in given.split(",") if part.strip()))
        if wanted and all(tag in spoken for tag in wanted):
            walk.set("COMMUNITY_LANGUAGES", ",".join(wanted))
            return
        typer.echo(f"Spoken here: {', '.join(spoken)}. Separate them by commas.")


def _organizers(walk: Walk, platform: str) -> None:
    """Ask who may schedule and announce; the platform's own admins may in any case."""
    shown = platform.title()
    typer.echo(f"\nWho may schedule and announce? Whoever administers {shown} there, and whom you name now.")
    named = [who for who in walk.value("ORGANIZERS").split(",") if who]
    if named:
        typer.echo(f"Named already: {', '.join(named)}")
    while words := asking.text(f"A name or id on {shown} (Enter when that is all)"):
        try:
            people = walk.find_people(platform, words)
        except DeliveryError as error:
            typer.echo(f"Nobody could be looked up: {error}. Add them to ORGANIZERS in .env later.")
            break
        if not people:
            typer.echo(f"Nobody is called “{words}” there. Write it as {shown} shows it, or paste the id.")
            continue
        named = list(dict.fromkeys((*named, asking.one_of(people))))
        typer.echo(f"Organizers: {', '.join(named)}")
    walk.set("ORGANIZERS", ",".join(named))


def _write(values: Mapping[str, str]) -> None:
    try:
        copy = write_settings(ENV, values)
    except OSError as error:
        msg = f"{ENV.resolve()} cannot be written ({error.strerror}). Nothing was changed; see who owns the folder."
        raise ConfigError(msg) from error
    typer.echo(f"Written to {ENV.resolve()}, for your eyes only." + (f" What it was: {copy}" if copy else ""))
    for name, value in values.items():
        if os.environ.get(name, value) != value:
            typer.echo(f"{name} is also set in the environment, and that is what counts: unset it there.")

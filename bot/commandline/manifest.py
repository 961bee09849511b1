"""``connections manifest``: what Slack is given so that the app is made as the assistant needs it."""

from __future__ import annotations

import json
import re
from enum import StrEnum
from typing import Annotated

import typer

from bot.commandline.explained import explained
from bot.errors import ConfigError

PUBLIC = re.compile(r"https://[^\s/?#]+(/[^\s?#]*)?")


class Platform(StrEnum):
    """The platforms that take a manifest."""

    SLACK = "slack"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(manifest)


def manifest(
    platform: Annotated[Platform, typer.Argument(help="Only Slack takes a manifest.")],
    *,
    http: Annotated[
        str, typer.Option(metavar="URL", help="The assistant's public https address, for SLACK_MODE=http.")
    ] = "",
) -> None:
    """Print the manifest to make the app from, as JSON; without --http for Socket Mode."""
    del platform
    with explained():
        text = slack_manifest_text(http)
    typer.echo(text)


def slack_manifest_text(address: str) -> str:
    """Return the manifest for this public address, for Socket Mode if it is empty. Raises ConfigError."""
    from bot.bootstrap import slack_manifest  # noqa: PLC0415 - loads everything

    if not address:
        return json.dumps(slack_manifest("socket"), indent=2, ensure_ascii=False)
    check_address(address)
    return json.dumps(slack_manifest("http", address), indent=2, ensure_ascii=False)


def check_address(address: str) -> None:
    """Make sure that Slack could post to an address. Raises ConfigError."""
    if not PUBLIC.fullmatch(address):
        msg = f"{address!r} is no address that Slack can post to. Give it in full, as in https://bot.example.org"
        raise ConfigError(msg)

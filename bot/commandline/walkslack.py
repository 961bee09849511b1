"""Connecting Slack, step by step."""

from __future__ import annotations

from pathlib import Path

import typer

from bot.commandline import asking
from bot.commandline.manifest import check_address, slack_manifest_text
from bot.commandline.walk import Walk
from bot.errors import ConfigError

MANIFEST = "slack-manifest.json"
APPS = "https://api.slack.com/apps"
MAKE = f"""
1. Open {APPS}?new_app=1 and choose “From a manifest”.
2. Choose your workspace, paste the manifest under “JSON”, then “Next” and “Create”.
   (The app is there already? {APPS}, your app, “App Manifest”: paste it there and save.)
3. Choose “OAuth & Permissions” on the left, press “Install to Workspace”, then “Allow”.
4. Copy the “Bot User OAuth Token” from that page. What you type here is not shown.
"""
SOCKET = """
5. Choose “Basic Information” on the left, “App-Level Tokens”, “Generate Token and Scopes”.
6. Give it any name, press “Add Scope”, choose connections:write, press “Generate”, and copy the token.
"""
SIGNING = """
5. Choose “Basic Information” on the left, “App Credentials”: press “Show” beside “Signing Secret”, and copy it.
"""


def walk_slack(walk: Walk) -> None:
    """Ask for what Slack needs. Raises typer.Abort."""
    typer.echo("\n--- Slack ---")
    question = "How shall events come? socket needs no public address; http posts to one that you have"
    mode = asking.choice(question, ("socket", "http"), walk.value("SLACK_MODE"))
    walk.set("SLACK_MODE", mode)
    _hand_over(_public_address() if mode == "http" else "")
    typer.echo(MAKE)
    walk.token("SLACK_BOT_TOKEN", "Bot token", r"xoxb-\S+", "It begins with xoxb-: “Bot User OAuth Token”.")
    if mode == "http":
        typer.echo(SIGNING)
        walk.token(
            "SLACK_SIGNING_SECRET", "Signing secret", r"[0-9a-f]{32}", "It is 32 digits and letters from a to f."
        )
    else:
        typer.echo(SOCKET)
        walk.token("SLACK_APP_TOKEN", "App-level token", r"xapp-\S+", "It begins with xapp-: “App-Level Tokens”.")


def _public_address() -> str:
    while True:
        address = asking.text("The public https address that leads to this server")
        try:
            check_address(address)
        except ConfigError as error:
            typer.echo(str(error))
        else:
            return address


def _hand_over(address: str) -> None:
    """Show the manifest, or write it where it can be copied from."""
    text = slack_manifest_text(address)
    typer.echo("Slack makes the app from a manifest, which names all that the assistant may do.")
    file = Path(asking.text("File to write it to (- shows it here)", MANIFEST))
    if str(file) == "-":
        typer.echo(text)
        return
    if file.exists() and not asking.yes(f"{file} is there already. Replace it?", default=True):
        return
    try:
        file.write_text(text + "\n", encoding="utf-8")
        typer.echo(f"Written to {file.resolve()}")
    except OSError as error:
        typer.echo(f"{file} cannot be written ({error.strerror}), so here it is:\n{text}")

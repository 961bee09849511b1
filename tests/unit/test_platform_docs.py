"""The pages for organizers say what the adapters ask for, no more and no less, and name only commands that exist."""

from __future__ import annotations

import re

import pytest
import typer

from adapters.discord.access import EXTRA, NEEDED, WELCOME, label
from adapters.slack.manifest import SCOPES, manifest
from bot.catalogue import registry
from bot.cli import app
from bot.config import Settings
from bot.understanding import Understanding
from scripts.test_needs import ROOT

PAGES = ("slack.md", "discord.md")


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text()


def rows(text: str, heading: str) -> list[tuple[str, ...]]:
    """The cells of the table under this heading."""
    after = text[text.index(heading) :].splitlines()[2:]
    table = after[: next((number for number, line in enumerate(after) if not line.startswith("|")), len(after))]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in table]


def test_the_table_of_scopes_is_the_manifests():
    told = {scope.strip("`"): why for scope, why in rows(page("slack.md"), "| scope |")}
    assert told == dict(SCOPES)
    assert sorted(told) == manifest(registry())["oauth_config"]["scopes"]["bot"]


def test_the_table_of_permissions_is_the_invitations():
    told = {name: (why, without) for name, why, without in rows(page("discord.md"), "| permission |")}
    needed = {label(name): (why, "nothing works") for name, why in NEEDED.items()}
    welcome = {label(name): (why, "only that is off") for name, why in WELCOME.items()}
    extra = {label(name): (why, "only that is off; the link does not ask for it") for name, why in EXTRA.items()}
    assert told == needed | welcome | extra


@pytest.mark.parametrize("name", PAGES)
def test_every_command_on_the_page_exists(name):
    commands = typer.main.get_group(app).commands
    named = set(re.findall(r"(?:^|`)connections (\w+)", page(name), re.MULTILINE))
    assert {"setup", "check", "run"} <= named
    assert named <= commands.keys()


@pytest.mark.parametrize("name", PAGES)
def test_what_organizers_are_told_to_write_is_understood(name):
    said = re.findall(r"“([^”]+)”", page(name).replace("\n", " "))
    understood = [words for words in said if Understanding(registry()).read(words)]
    assert {"open rooms", "this channel is the room for French", "forget this room", "organizers"} <= set(understood)
    assert "appoint Ama" in understood


@pytest.mark.parametrize("name", PAGES)
def test_every_setting_on_the_page_exists(name):
    known = {field.upper() for field in Settings.model_fields}
    named = set(re.findall(r"`([A-Z]+_[A-Z_]+)(?:=\w+)?`", page(name)))
    assert named
    assert named <= known


@pytest.mark.parametrize("name", PAGES)
def test_the_steps_are_numbered_without_a_gap_and_every_link_leads_somewhere(name):
    text = page(name)
    steps = re.findall(r"^(\d)\. \*\*", text, re.MULTILINE)
    assert steps == [str(number) for number in range(1, len(steps) + 1)]
    assert len(steps) >= 5
    local = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert all((ROOT / "docs" / link).exists() for link in local)
    assert len(rows(text, "| what you see |")) >= 8

"""The manifest follows from the commands, asks for no more than is used, and makes an app that works."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from adapters.slack import gateway
from adapters.slack.manifest import COMMAND, EVENTS, SCOPES, manifest
from bot.catalogue import registry
from tests.emulators.slack.app import EVENT_SCOPES, App

SPECS = tuple(registry())
ADDRESS = "https://connections.example/slack/events"
FOR_EVENTS = {scope for event in EVENTS for scope in EVENT_SCOPES[event]}
FOR_CALLS = {
    "assistant.threads": {"assistant:write"},
    "chat.post": {"chat:write"},
    "conversations.create": {"channels:manage"},
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "conversations.invite": {"channels:manage", "groups:write"},
    "conversations.join": {"channels:join"},
    "conversations.list": {"channels:read"},
    "conversations.open": {"im:write"},
    "conversations.setTopic": {"channels:manage"},
    "files.completeUploadExternal": {"files:write"},
    "users.info": {"users:read"},
}


def test_the_same_commands_give_the_same_manifest():
    assert json.dumps(manifest(SPECS)) == json.dumps(manifest(reversed(tuple(reversed(SPECS)))))


def test_every_shortcut_follows_from_a_command():
    offered = [replace(SPECS[0], shortcut=True), replace(SPECS[2], on_message=True), SPECS[3]]
    plain = [replace(spec, shortcut=False, on_message=False) for spec in offered]
    shortcuts = manifest(offered)["features"]["shortcuts"]
    assert [(each["type"], each["callback_id"]) for each in shortcuts] == [
        ("global", SPECS[0].name),
        ("message", SPECS[2].name),
    ]
    assert manifest(plain)["features"]["shortcuts"] == []
    known = {spec.name for spec in SPECS}
    for each in manifest(SPECS)["features"]["shortcuts"]:
        assert each["callback_id"] in known
        assert len(each["name"]) <= 24


def test_slash_commands_are_one():
    [command] = manifest(SPECS)["features"]["slash_commands"]
    assert command["command"] == COMMAND
    assert len(command["usage_hint"]) <= 140


def test_nothing_is_asked_for_that_is_not_used_and_all_that_is():
    code = "".join(path.read_text() for path in Path(gateway.__file__).parent.glob("*.py") if path.stem != "manifest")
    used = {scope for call, scopes in FOR_CALLS.items() if f'"{call}' in code for scope in scopes}
    assert set(SCOPES) == used | FOR_EVENTS | {"commands"}
    assert all(re.search(r"\w+ \w+", reason) for reason in SCOPES.values())


def test_over_http_every_request_goes_to_one_address():
    http = manifest(SPECS, "http", ADDRESS)
    assert not http["settings"]["socket_mode_enabled"]
    assert http["settings"]["event_subscriptions"]["request_url"] == ADDRESS
    assert http["settings"]["interactivity"]["message_menu_options_url"] == ADDRESS
    assert http["features"]["slash_commands"][0]["url"] == ADDRESS
    assert "request_url" not in json.dumps(manifest(SPECS))


def test_slack_grants_all_of_it():
    granted = App.from_manifest(manifest(SPECS))
    assert granted.scopes == set(SCOPES)
    assert granted.commands == {COMMAND}

"""What is known of people, and for how long."""

from __future__ import annotations

from adapters.slack import people
from adapters.slack.connection import SlackConnection
from adapters.slack.people import Kept
from tests.scenario.slack_chat import core_of, running, settings_for
from tests.unit.slack.conftest import ADA, HALL, Stage, people_of, workspace


async def test_a_changed_profile_is_seen_after_a_while(stage, monkeypatch):
    assert (await stage.gateway.fetch_profile(stage.user())).zone == "Africa/Nairobi"
    stage.slack.change_user(ADA, tz="Europe/Paris", admin=False)
    assert (await stage.gateway.fetch_profile(stage.user())).zone == "Africa/Nairobi"
    monkeypatch.setattr(people, "FRESH_SECONDS", -1.0)
    profile = await stage.gateway.fetch_profile(stage.user())
    assert (profile.zone, profile.admin) == ("Europe/Paris", False)


async def test_an_old_profile_serves_while_slack_does_not_answer(stage, monkeypatch):
    await stage.gateway.fetch_profile(stage.user())
    monkeypatch.setattr(people, "FRESH_SECONDS", -1.0)
    stage.slack.faults.status("users.info", 503)
    stage.slack.say(ADA, HALL, "hello")
    [inbound] = await stage.hears()
    assert inbound.profile.zone == "Africa/Nairobi"


def test_no_more_is_kept_than_fits(monkeypatch):
    monkeypatch.setattr(people, "MOST_KEPT", 3)
    kept: Kept[int] = Kept()
    for number in range(5):
        kept.put(str(number), number)
    assert [kept.get(str(number)) for number in range(5)] == [None, None, 2, 3, 4]


async def test_a_proxy_of_the_environment_is_not_taken_up(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with workspace() as slack:
        people_of(slack)
        stage = Stage(slack)
        stage.connection = SlackConnection(settings_for(slack))
        async with running(stage.connection, core_of(stage.dispatch)):
            slack.say(ADA, HALL, "hello")
            await stage.hears()

"""The emulated Slack, seen by the real slack-bolt at a Request URL."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from slack_bolt.response import BoltResponse

from tests.emulators.slack import SlackServer
from tests.emulators.slack.apps import bolt, hall, served


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with hall() as server:
        yield server


def answering(slack: SlackServer):
    app = bolt(slack)
    heard: list[str] = []

    @app.event("message")
    async def listen(body) -> None:
        heard.append(body["event_id"])

    @app.command("/plan")
    async def plan(ack) -> None:
        await ack({"response_type": "in_channel", "text": "Planned"})

    return app, heard


async def test_events_and_commands_arrive_signed(slack: SlackServer) -> None:
    app, heard = answering(slack)
    async with served(slack, app):
        slack.say("U0AMA", "C0HALL", "hello")
        assert (await slack.slash("U0AMA", "C0HALL", "/plan", "<now> & then")).ok
        await slack.settled()
    assert heard[0] == slack.deliveries[0].event_id
    assert [message.text for message in slack.said_to("U0LEO", "C0HALL")] == ["Planned"]


async def test_an_error_is_answered_by_a_retry_that_says_so(slack: SlackServer) -> None:
    app, _ = answering(slack)
    seen: list[tuple[str, list[str]]] = []

    @app.middleware
    async def stumble_once(body, request, next):  # noqa: A002 - bolt's own name
        seen.append((body["event_id"], request.headers.get("x-slack-retry-num", [])))
        return BoltResponse(status=500) if len(seen) == 1 else await next()

    async with served(slack, app):
        slack.say("U0AMA", "C0HALL", "hello")
        await slack.settled()
    [delivery] = slack.deliveries
    assert seen == [(delivery.event_id, []), (delivery.event_id, ["1"])]
    assert delivery.reasons == ["http_error"]
    assert slack.signed.sent[1].headers["X-Slack-Retry-Reason"] == "http_error"


async def test_an_app_can_ask_not_to_be_told_again(slack: SlackServer) -> None:
    app = bolt(slack)

    @app.middleware
    async def never(next):  # noqa: A002 - bolt's own name
        return BoltResponse(status=500, headers={"X-Slack-No-Retry": "1"})

    async with served(slack, app):
        slack.say("U0AMA", "C0HALL", "hello")
        await slack.settled()
    assert slack.deliveries[0].attempts == 1


async def test_nobody_at_the_url_is_a_failed_connection(slack: SlackServer) -> None:
    async with served(slack, bolt(slack)):
        slack.signed.url = "http://127.0.0.1:9/slack/events"
        slack.say("U0AMA", "C0HALL", "hello")
        assert (await slack.slash("U0AMA", "C0HALL", "/plan")).error == "dispatch_failed"
        await slack.settled()
    assert slack.deliveries[0].reasons == ["connection_failed"] * 4


async def test_a_late_answer_is_a_timeout(slack: SlackServer) -> None:
    app, _ = answering(slack)
    release = asyncio.Event()

    @app.middleware
    async def hold(next):  # noqa: A002 - bolt's own name
        await release.wait()
        return await next()

    async with served(slack, app):
        slack.signed.ack_seconds = 0.1
        outcome = await slack.slash("U0AMA", "C0HALL", "/plan")
        release.set()
    assert outcome.error == "operation_timeout"


async def test_forged_stale_and_unsigned_requests_are_refused_by_bolt(slack: SlackServer) -> None:
    app, heard = answering(slack)
    async with served(slack, app):
        slack.say("U0AMA", "C0HALL", "hello")
        await slack.settled()
        payload = slack.deliveries[0].payload
        forged = await slack.signed.forge("events_api", payload)
        stale = await slack.signed.stale("events_api", payload)
        replayed = await slack.signed.replay(slack.signed.sent[0])
        unsigned = await slack.signed.post(b"{}", {"Content-Type": "application/json"})
    assert (forged.status, stale.status, unsigned.status) == (401, 401, 401)
    assert replayed.status == 200, "a signature is good for five minutes: only the event_id tells"
    assert len(heard) == 2


async def test_the_url_answers_the_challenge(slack: SlackServer) -> None:
    async with served(slack, bolt(slack)):
        sent = await slack.signed.verify_url()
    assert sent.status == 200
    assert json.loads(sent.text)["challenge"] == json.loads(sent.body)["challenge"]

"""What goes wrong on the way to Slack and back: late at worst, never twice, and always said plainly."""

from __future__ import annotations

import asyncio
import json

import pytest
import sqlalchemy as sa

from adapters.slack.connection import SlackConnection
from adapters.slack.settings import SlackSettings
from bot.catalogue import work_kinds
from bot.duework import State
from bot.errors import ConfigError, RetryableError, UncertainError
from bot.i18n import _
from schedules.pace import RunnerTimes
from schedules.runner import Runner
from storage.engine import open_engine
from storage.tables import due_work
from tests.emulators.slack.payloads import event_callback
from tests.scenario.scripts import CASTS
from tests.scenario.slack_chat import connected, core_of, running, settings_for, slack_chat, until, user_id
from tests.unit.slack.conftest import ADA, HALL, Stage, people_of, says, stage, workspace

__all__ = ["stage"]

HASTY = RunnerTimes(send_timeout=0.3, look_after=0.3, backoff_first=0.0)
NEWCOMER = CASTS["en"].newcomer

FAULTS = {
    "429": lambda faults: faults.rate_limit("chat.postMessage", retry_after=1),
    "500 before": lambda faults: faults.status("chat.postMessage", 500),
    "500 after": lambda faults: faults.status("chat.postMessage", 500, after=True),
    "cut before": lambda faults: faults.cut("chat.postMessage"),
    "cut after": lambda faults: faults.cut("chat.postMessage", after=True),
    "half an answer": lambda faults: faults.garbage("chat.postMessage"),
    "too late": lambda faults: faults.late("chat.postMessage", 0.6),
    "busy": lambda faults: faults.refuse("chat.postMessage", "service_unavailable"),
    "in doubt": lambda faults: faults.refuse("chat.postMessage", "internal_error", after=True),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_delivery_arrives_once(sqlite_url, fault):
    async with slack_chat(sqlite_url) as chat:
        FAULTS[fault](chat.slack.faults)
        chat.slack.team_join(user_id(NEWCOMER))
        await chat.slack.settled()
        await chat.connection.settled()
        runner = Runner(chat.it.uow_factory, work_kinds(), chat.it.services, times=HASTY)
        async with asyncio.timeout(20):
            while await unfinished(sqlite_url):
                await runner.run_until_idle()
                await asyncio.sleep(0.02)
        assert len(chat.slack.said_to(user_id(NEWCOMER))) == 1
        assert not chat.slack.faults.waiting["chat.postMessage"], "the fault never happened"


async def unfinished(url: str) -> int:
    """Return how many welcomes have not ended."""
    engine = open_engine(url)
    ended = due_work.c.state.in_([State.DONE.value, State.FAILED.value, State.SKIPPED.value])
    asked = sa.select(sa.func.count()).where(due_work.c.kind == "members.welcome", ~ended)
    async with engine.connect() as connection:
        count: int = (await connection.execute(asked)).scalar_one()
    await engine.dispose()
    return count


DOUBTFUL = ("500 after", "cut before", "cut after", "half an answer", "in doubt")


@pytest.mark.parametrize("fault", DOUBTFUL)
async def test_nothing_is_sent_again_behind_our_back(stage, fault):
    FAULTS[fault](stage.slack.faults)
    with pytest.raises(UncertainError):
        await stage.gateway.send(stage.hall(), says("hello"), "key")
    assert len(stage.slack.calls_of("chat.postMessage")) == 1
    found = await stage.gateway.find_sent(stage.hall(), "key")
    assert (found is not None) == (fault != "cut before")


async def test_a_closed_door_is_certain(stage):
    stage.gateway._api._client.base_url = "http://127.0.0.1:9/api/"
    with pytest.raises(RetryableError, match="cannot be reached"):
        await stage.gateway.send(stage.hall(), says("hello"), "key")


# --- told again, forged, too late ----------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_an_event_told_again_is_answered_once(sqlite_url, mode):
    async with slack_chat(sqlite_url, mode) as chat:
        asker = CASTS["en"].asker
        await chat.say(asker, "help")
        said = len(chat.slack.said_to(user_id(asker)))
        assert said >= 1
        told = next(d for d in chat.slack.deliveries if d.payload["event"].get("user") == user_id(asker))
        for _again in range(2):
            assert (await chat.slack.tell_again(told)).ok
        await chat.settle()
        assert len(chat.slack.said_to(user_id(asker))) == said


async def test_a_mention_is_answered_once(sqlite_url):
    async with slack_chat(sqlite_url) as chat:
        asker = CASTS["en"].asker
        await chat.say(asker, f"<@{chat.slack.bot_user.id}> help", "plenary")
        assert len(chat.slack.said_to(user_id(asker), "C0PLENARY")) == 0
        chat.slack.say(user_id(asker), "C0PLENARY", f"<@{chat.slack.bot_user.id}> help")
        await chat.settle()
        heard = [d.kind for d in chat.slack.deliveries if d.payload["event"].get("user") == user_id(asker)]
        assert sorted(heard[-2:]) == ["app_mention", "message.channels"]
        assert len(chat.slack.said_to(user_id(asker), "C0PLENARY")) == 1


async def test_forged_stale_and_meddled_requests_are_refused():
    async with workspace() as slack:
        people_of(slack)
        stage = Stage(slack)
        async with connected(slack, core_of(stage.dispatch), "http"):
            signed = slack.signed
            genuine = slack.say(ADA, HALL, "hello")
            await slack.settled()
            await until(lambda: stage.heard)
            payload = event_callback(slack.world, {"type": "message", "user": ADA, "channel": HALL, "ts": genuine.ts})
            assert (await signed.forge("events_api", payload)).status == 401
            assert (await signed.stale("events_api", payload)).status == 401
            body = json.dumps(payload).encode()
            meddled = await signed.post(body + b" ", signed.headers(body, "application/json"))
            assert meddled.status == 401
            unsigned = await signed.post(body, {"Content-Type": "application/json"})
            assert unsigned.status == 401
            assert (await signed.verify_url()).status == 200
            for nonsense in (b"{", b"[1]", b"\xff\xfe", b"payload=%7B", b""):
                for headers in ({}, {"X-Slack-Signature": "é", "X-Slack-Request-Timestamp": "then"}):
                    assert (await signed.post(nonsense, {"Content-Type": "application/json", **headers})).status == 401
            assert (await signed.post(b"x" * 1_000_001, {})).status == 413
        assert len(stage.heard) == 1


async def test_a_replayed_command_is_answered_once(sqlite_url):
    async with slack_chat(sqlite_url, "http") as chat:
        asker = CASTS["en"].asker
        where = chat.slack.dm(user_id(asker))
        assert (await chat.slack.slash(user_id(asker), where, "/connections", "help")).ok
        await chat.settle()
        said = len(chat.slack.said_to(user_id(asker)))
        assert said >= 1
        assert (await chat.slack.signed.replay(chat.slack.signed.sent[-1])).status == 200
        await chat.settle()
        assert len(chat.slack.said_to(user_id(asker))) == said


async def test_requests_before_and_after_the_connection_are_put_off():
    async with workspace() as slack:
        people_of(slack)
        stage = Stage(slack)
        async with connected(slack, core_of(stage.dispatch), "http") as connection:
            connection._address.handler = None
            slack.say(ADA, HALL, "hello")
            await slack.settled()
            assert slack.deliveries[-1].reasons == ["http_error"] * 3
    assert stage.heard == []


async def test_a_form_that_comes_too_late_becomes_a_button(sqlite_url):
    async with slack_chat(sqlite_url) as chat:
        asker = CASTS["en"].asker
        chat.slack.faults.refuse("views.open", "expired_trigger_id")
        where = chat.slack.dm(user_id(asker))
        assert (await chat.slack.slash(user_id(asker), where, "/connections", "ask organizers")).ok
        await chat.settle()
        await chat.wait_for(asker, _("A short form will ask you for what is needed."))
        [label] = [
            element["text"]["text"]
            for block in chat.slack.said_to(user_id(asker))[-1].blocks
            if block["type"] == "actions"
            for element in block["elements"]
        ]
        await chat.press(asker, label)
        assert chat.slack.modal(user_id(asker))


# --- tokens --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({"bot_token": "xoxb-wrong"}, "SLACK_BOT_TOKEN"),
        ({"bot_token": ""}, "SLACK_BOT_TOKEN"),
        ({"app_token": "xapp-wrong"}, "SLACK_APP_TOKEN"),
        ({"app_token": ""}, "SLACK_APP_TOKEN"),
        ({"mode": "http", "signing_secret": ""}, "SLACK_SIGNING_SECRET"),
    ],
)
async def test_a_wrong_setting_names_the_step_that_mends_it(changes, step):
    async with workspace() as slack:
        good = settings_for(slack)
        known = {name: getattr(good, name) for name in SlackSettings.__slots__}
        connection = SlackConnection(SlackSettings(**{**known, **changes}))
        with pytest.raises(ConfigError, match=step):
            await connection.run(core_of(Stage(slack).dispatch))
        assert not connection.gateway.connected


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_a_token_revoked_in_the_middle_ends_the_connection_with_the_step(mode):
    async with workspace() as slack:
        people_of(slack)
        stage = Stage(slack)
        async with connected(slack, core_of(stage.dispatch), mode) as connection:
            slack.revoke(slack.bot_token)
            stage.connection = connection
            with pytest.raises(Exception, match="token_revoked"):
                await stage.gateway.send(stage.hall(), says("hello"), "key")
            assert not connection.gateway.connected


async def test_a_revoked_token_raises_out_of_the_connection():
    async with workspace() as slack:
        people_of(slack)
        connection = SlackConnection(settings_for(slack))
        async with running(connection, core_of(Stage(slack).dispatch)) as task:
            slack.emit("tokens_revoked", {"type": "tokens_revoked", "tokens": {"bot": [slack.bot_user.id]}}, None)
            await until(task.done)
            with pytest.raises(ConfigError, match="SLACK_BOT_TOKEN"):
                await task


async def test_nothing_can_be_sent_before_the_connection_is_there():
    async with workspace() as slack:
        stage = Stage(slack)
        stage.connection = SlackConnection(settings_for(slack))
        assert not stage.gateway.connected
        with pytest.raises(RetryableError):
            await stage.gateway.send(stage.hall(), says("hello"), "key")


# --- the socket ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", ["disconnect", "close", "drop"])
async def test_a_lost_websocket_comes_back(loss):
    async with workspace() as slack:
        people_of(slack)
        stage = Stage(slack)
        async with connected(slack, core_of(stage.dispatch)) as connection:
            stage.connection = connection
            opened = slack.sockets.opened
            if loss == "disconnect":
                await slack.sockets.disconnect()
            elif loss == "close":
                await slack.sockets.close(1011)
            else:
                slack.sockets.drop()
            await until(lambda: slack.sockets.opened > opened and slack.sockets.connections)
            await until(lambda: connection.gateway.connected)
            slack.say(ADA, HALL, "still there?")
            assert (await stage.hears())[0].event.text == "still there?"


async def test_a_warning_before_the_end_moves_to_a_new_websocket_in_time():
    async with workspace() as slack:
        people_of(slack)
        stage = Stage(slack)
        async with connected(slack, core_of(stage.dispatch)) as connection:
            stage.connection = connection
            opened = slack.sockets.opened
            await slack.sockets.disconnect("warning")
            await until(lambda: slack.sockets.opened > opened)
            slack.say(ADA, HALL, "hello")
            await stage.hears()


async def test_a_refused_app_token_ends_the_connection_when_the_socket_is_lost():
    async with workspace() as slack:
        connection = SlackConnection(settings_for(slack))
        async with running(connection, core_of(Stage(slack).dispatch)) as task:
            slack.revoke(slack.app_token)
            slack.sockets.drop()
            await until(task.done)
            with pytest.raises(ConfigError, match="SLACK_APP_TOKEN"):
                await task


async def test_a_socket_that_stays_away_is_given_up(monkeypatch):
    monkeypatch.setattr("adapters.slack.socket.GIVE_UP_SECONDS", 0.3)
    async with workspace() as slack:
        connection = SlackConnection(settings_for(slack))
        async with running(connection, core_of(Stage(slack).dispatch)) as task:
            slack.faults.status("apps.connections.open", 503, times=100)
            slack.sockets.drop()
            await until(task.done)
            assert not connection.gateway.connected
            with pytest.raises(ConnectionError, match="stayed away"):
                await task


async def test_what_was_taken_in_is_finished_before_the_end():
    async with workspace() as slack:
        people_of(slack)
        stage = Stage(slack)
        begun, over = asyncio.Event(), asyncio.Event()

        async def answer(inbound):
            begun.set()
            await over.wait()
            await stage.gateway.send(stage.hall(), says("done"), "key")

        stage.then = answer
        connection = stage.connection = SlackConnection(settings_for(slack))
        async with running(connection, core_of(stage.dispatch)) as task:
            slack.say(ADA, HALL, "hello")
            await begun.wait()
            task.cancel()
            over.set()
            await asyncio.wait({task})
    assert [message.text for message in slack.said_to(ADA, HALL)] == ["done"]
    assert task.cancelled()


async def test_a_connection_can_be_made_anew():
    async with workspace() as slack:
        people_of(slack)
        stage = Stage(slack)
        stage.connection = SlackConnection(settings_for(slack))
        for number in range(2):
            async with running(stage.connection, core_of(stage.dispatch)):
                slack.say(ADA, HALL, f"hello {number}")
                await stage.hears(number + 1)
            assert not stage.gateway.connected


async def test_what_never_ends_does_not_hold_up_the_end(monkeypatch):
    monkeypatch.setattr("adapters.slack.intake.FINISH_SECONDS", 0.05)
    async with workspace() as slack:
        people_of(slack)
        stage = Stage(slack)
        begun = asyncio.Event()

        async def hang(_inbound):
            begun.set()
            await asyncio.Event().wait()

        stage.then = hang
        async with running(SlackConnection(settings_for(slack)), core_of(stage.dispatch)) as task:
            slack.say(ADA, HALL, "hello")
            await begun.wait()
            task.cancel()
            async with asyncio.timeout(5):
                await asyncio.wait({task})
    assert task.cancelled()

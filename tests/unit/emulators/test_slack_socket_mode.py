"""The emulated Slack, seen by the real slack-bolt over Socket Mode."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.emulators.slack import SlackServer


@asynccontextmanager
async def connected(slack: SlackServer, app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    """The app, connected until the block ends."""
    handler = AsyncSocketModeHandler(app, slack.app_token, web_client=app.client, ping_interval=1)
    await handler.connect_async()
    try:
        await slack.connected()
        yield handler
    finally:
        await handler.close_async()


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    """A workspace with two people and a channel."""
    async with SlackServer(retry_delays=(0.0, 0.0, 0.0)) as server:
        server.add_user("U0AMA", "ama", tz="Africa/Accra", locale="fr-FR")
        server.add_user("U0LEO", "leo", tz="America/Bogota", locale="es-ES")
        server.add_channel("C0HALL", "hall")
        for user in ("U0AMA", "U0LEO"):
            server.join(user, "C0HALL")
        yield server


def bolt(slack: SlackServer) -> AsyncApp:
    """A bare app."""
    return AsyncApp(client=AsyncWebClient(slack.bot_token, base_url=slack.api_url))


async def test_a_message_is_echoed(slack: SlackServer) -> None:
    app = bolt(slack)

    @app.message("hello")
    async def echo(message, say) -> None:
        await say(f"You said: {message['text']}")

    async with connected(slack, app):
        slack.say("U0AMA", "C0HALL", "hello there")
        [answer] = await slack.until(lambda: slack.said_to("U0AMA", "C0HALL"))
    assert answer.text == "You said: hello there"
    assert answer.thread_ts is None


FORM = {
    "type": "modal",
    "callback_id": "plan",
    "title": {"type": "plain_text", "text": "Plan"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [
        {
            "type": "input",
            "block_id": "when",
            "label": {"type": "plain_text", "text": "When"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
    ],
}


async def test_a_command_opens_a_modal_that_answers_with_errors_and_then_closes(slack: SlackServer) -> None:
    app = bolt(slack)

    @app.command("/plan")
    async def plan(ack, body, client) -> None:
        await ack("One moment")
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.view("plan")
    async def planned(ack, view, body, client) -> None:
        said = view["state"]["values"]["when"]["text"]["value"]
        if said == "yesterday":
            await ack(response_action="errors", errors={"when": "That is past"})
        else:
            await ack()
            await client.chat_postEphemeral(channel="C0HALL", user=body["user"]["id"], text=f"Planned: {said}")

    async with connected(slack, app):
        outcome = await slack.slash("U0AMA", "C0HALL", "/plan", "a meeting")
        assert outcome.ok
        view = await slack.until(lambda: slack.modal("U0AMA"))
        assert view.body["title"]["text"] == "Plan"
        assert slack.modal("U0LEO") is None
        empty = await slack.submit("U0AMA")
        assert empty.errors == {"when": "Please complete this required field."}
        past = await slack.submit("U0AMA", {"when": {"text": "yesterday"}})
        assert past.errors == {"when": "That is past"}
        assert slack.modal("U0AMA") is view
        done = await slack.submit("U0AMA", {"when": {"text": "tomorrow"}})
        assert done.closed
        assert slack.modal("U0AMA") is None
        await slack.until(lambda: len(slack.said_to("U0AMA", "C0HALL")) == 2)
    assert [message.text for message in slack.said_to("U0AMA", "C0HALL")] == ["One moment", "Planned: tomorrow"]
    assert slack.said_to("U0LEO", "C0HALL") == []
    assert slack.failures == []


async def test_a_button_is_pressed_and_its_message_replaced(slack: SlackServer) -> None:
    app = bolt(slack)
    button = {"type": "button", "action_id": "yes", "value": "7", "text": {"type": "plain_text", "text": "Yes"}}

    @app.action("yes")
    async def yes(ack, action, respond) -> None:
        await ack()
        await respond(text=f"Noted {action['value']}", replace_original=True)

    async with connected(slack, app):
        posted = await app.client.chat_postMessage(
            channel="C0HALL", text="Coming?", blocks=[{"type": "actions", "elements": [button]}]
        )
        [message] = slack.said_to("U0LEO", "C0HALL")
        assert message.ts == posted["ts"]
        assert (await slack.press("U0LEO", message, "yes")).ok
        await slack.until(lambda: message.text == "Noted 7")
    assert message.blocks == []

"""The emulated Slack, seen by the real slack-bolt over Socket Mode."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from slack_bolt.response import BoltResponse

from tests.emulators.slack import SlackServer
from tests.emulators.slack.app import App
from tests.emulators.slack.apps import bolt, client, connected, hall
from tests.emulators.slack.screen import NotShownError


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with hall() as server:
        yield server


@pytest.fixture
async def hasty() -> AsyncIterator[SlackServer]:
    """A Slack that waits for no more than a moment."""
    async with hall(ack_seconds=0.2) as server:
        yield server


def echoing(slack: SlackServer):
    app = bolt(slack)

    @app.event("message")
    async def echo(event, say) -> None:
        await say(f"You said: {event['text']}")

    return app


def texts(slack: SlackServer, user: str = "U0AMA", channel: str = "C0HALL") -> list[str]:
    return [message.text for message in slack.said_to(user, channel)]


# --- messages and events ----------------------------------------------------------------------------------------------


async def test_a_message_is_echoed(slack: SlackServer) -> None:
    async with connected(slack, echoing(slack)):
        slack.say("U0AMA", "C0HALL", "hello")
        await slack.until(lambda: texts(slack) == ["You said: hello"])
        await slack.settled()
    own = [delivery for delivery in slack.deliveries if delivery.event.get("bot_id")]
    assert len(own) == 1, "the bot's own message is told to the bot as well"
    assert own[0].taken, "and bolt takes it without answering itself"


async def test_a_direct_message_comes_as_message_im(slack: SlackServer) -> None:
    async with connected(slack, echoing(slack)):
        slack.say("U0LEO", slack.dm("U0LEO"), "hola")
        await slack.until(lambda: slack.said_to("U0LEO"))
    told = slack.deliveries[0]
    assert (told.kind, told.event["channel_type"]) == ("message.im", "im")
    assert slack.said_to("U0AMA") == []


async def test_a_mention_comes_twice_with_one_ts_and_two_event_ids(slack: SlackServer) -> None:
    said = slack.say("U0AMA", "C0HALL", f"<@{slack.bot_user.id}> help")
    first, second = slack.deliveries
    assert (first.kind, second.kind) == ("message.channels", "app_mention")
    assert first.event["ts"] == second.event["ts"] == said.ts
    assert first.event_id != second.event_id


async def test_what_the_app_was_not_granted_is_not_told(slack: SlackServer) -> None:
    slack.app.events.discard("app_mention")
    slack.app.scopes.discard("channels:history")
    slack.say("U0AMA", "C0HALL", f"<@{slack.bot_user.id}> help")
    assert slack.deliveries == []


async def test_an_event_that_was_not_taken_is_told_again_with_the_same_id(slack: SlackServer) -> None:
    app, seen = echoing(slack), []

    @app.middleware
    async def stumble_once(body, request, next):  # noqa: A002 - bolt's own name
        seen.append((body["event_id"], request.headers["x-slack-retry-num"], request.headers["x-slack-retry-reason"]))
        return BoltResponse(status=500) if len(seen) == 1 else await next()

    slack.sockets.ack_seconds = 0.2
    async with connected(slack, app):
        slack.say("U0AMA", "C0HALL", "hello")
        await slack.until(lambda: texts(slack))
        await slack.settled()
    (first, num, reason), (second, again, why) = seen[:2]
    assert first == second
    assert (num, again) == (["0"], ["1"])
    assert (reason, why) == ([""], ["timeout"])


async def test_an_event_that_is_never_taken_is_told_four_times(hasty: SlackServer) -> None:
    async with connected(hasty, bolt(hasty)):
        hasty.say("U0AMA", "C0HALL", "nobody listens")
        await hasty.settled()
    [delivery] = hasty.deliveries
    assert (delivery.attempts, delivery.taken) == (4, False)


async def test_a_bare_app_answers_twice_when_an_event_is_told_again(slack: SlackServer) -> None:
    async with connected(slack, echoing(slack)):
        slack.say("U0AMA", "C0HALL", "hello")
        await slack.until(lambda: texts(slack))
        assert (await slack.tell_again(slack.deliveries[0])).ok
        await slack.until(lambda: len(texts(slack)) == 2)


async def test_the_assistant_is_opened_and_suggests(slack: SlackServer) -> None:
    app = bolt(slack)

    @app.event("assistant_thread_started")
    async def started(event, client) -> None:
        thread = event["assistant_thread"]
        where = {"channel_id": thread["channel_id"], "thread_ts": thread["thread_ts"]}
        await client.assistant_threads_setSuggestedPrompts(
            **where, prompts=[{"title": "Next meetings", "message": "When do we meet?"}]
        )
        await client.assistant_threads_setStatus(**where, status="is looking")

    async with connected(slack, app):
        pane = slack.start_assistant("U0AMA", "C0HALL")
        await slack.until(lambda: pane.status)
    assert pane.prompts == [{"title": "Next meetings", "message": "When do we meet?"}]
    assert slack.assistant("U0AMA") is pane
    await client(slack).chat_postMessage(channel=pane.channel, thread_ts=pane.thread_ts, text="On Monday")
    assert pane.status == "", "an answer ends it"


# --- commands, buttons, modals, menus ---------------------------------------------------------------------------------

PLAIN = "plain_text"
FORM = {
    "type": "modal",
    "callback_id": "plan",
    "title": {"type": PLAIN, "text": "Plan"},
    "submit": {"type": PLAIN, "text": "Save"},
    "blocks": [
        {
            "type": "input",
            "block_id": "when",
            "label": {"type": PLAIN, "text": "When"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        },
        {
            "type": "input",
            "block_id": "where",
            "optional": True,
            "label": {"type": PLAIN, "text": "City"},
            "element": {"type": "external_select", "action_id": "city", "min_query_length": 2},
        },
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
        assert (await slack.slash("U0AMA", "C0HALL", "/plan", "a meeting")).ok
        view = await slack.until(lambda: slack.modal("U0AMA"))
        assert slack.modal("U0LEO") is None
        empty = await slack.submit("U0AMA")
        assert empty.errors == {"when": "Please complete this required field."}
        past = await slack.submit("U0AMA", {"when": {"text": "yesterday"}})
        assert past.errors == {"when": "That is past"}
        assert slack.modal("U0AMA") is view
        assert (await slack.submit("U0AMA", {"when": {"text": "tomorrow"}})).closed
        assert slack.modal("U0AMA") is None
        await slack.until(lambda: len(texts(slack)) == 2)
    assert texts(slack) == ["One moment", "Planned: tomorrow"]
    assert texts(slack, "U0LEO") == [], "both were for one person alone"
    assert slack.failures == []


async def test_typing_into_an_external_select_lists_what_the_app_offers(slack: SlackServer) -> None:
    app = bolt(slack)

    @app.shortcut("plan")
    async def plan(ack, body, client) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.options("city")
    async def cities(ack, body) -> None:
        await ack(options=[{"text": {"type": PLAIN, "text": f"{body['value']}!"}, "value": body["value"]}])

    @app.view("plan")
    async def planned(ack, view) -> None:
        chosen = view["state"]["values"]["where"]["city"]["selected_option"]["value"]
        await ack(response_action="update", view={**FORM, "title": {"type": PLAIN, "text": chosen}})

    async with connected(slack, app):
        await slack.shortcut("U0AMA", "plan")
        await slack.until(lambda: slack.modal("U0AMA"))
        assert await slack.suggest("U0AMA", "city", "where", "A") == [], "two characters are asked for"
        [option] = await slack.suggest("U0AMA", "city", "where", "Accra")
        assert option["text"]["text"] == "Accra!"
        with pytest.raises(NotShownError, match="not offered"):
            await slack.submit("U0AMA", {"where": {"city": "Lima"}})
        shown = await slack.submit("U0AMA", {"when": {"text": "now"}, "where": {"city": "Accra"}})
    assert shown.view is slack.modal("U0AMA")
    assert shown.view.body["title"]["text"] == "Accra"


async def test_a_button_is_pressed_and_its_message_replaced(slack: SlackServer) -> None:
    app = bolt(slack)
    button = {"type": "button", "action_id": "yes", "value": "7", "text": {"type": PLAIN, "text": "Yes"}}

    @app.action("yes")
    async def yes(ack, action, respond) -> None:
        await ack()
        await respond(text=f"Noted {action['value']}", replace_original=True)

    async with connected(slack, app):
        blocks = [{"type": "actions", "elements": [button]}]
        await app.client.chat_postEphemeral(channel="C0HALL", user="U0LEO", text="Coming?", blocks=blocks)
        [message] = slack.said_to("U0LEO", "C0HALL")
        with pytest.raises(NotShownError):
            await slack.press("U0AMA", message, "yes")
        with pytest.raises(NotShownError, match="what is: yes"):
            await slack.press("U0LEO", message, "no")
        assert (await slack.press("U0LEO", message, "yes")).ok
        await slack.until(lambda: message.text == "Noted 7")
    assert message.blocks == []
    with pytest.raises(NotShownError):
        await slack.press("U0LEO", message, "yes")


async def test_a_message_shortcut_gives_the_message(slack: SlackServer) -> None:
    app = bolt(slack)

    @app.message_shortcut("save")
    async def save(ack, shortcut, respond) -> None:
        await ack()
        await respond(f"Saved: {shortcut['message']['text']}")

    async with connected(slack, app):
        message = slack.say("U0LEO", "C0HALL", "a good link")
        await slack.message_shortcut("U0AMA", "save", message)
        await slack.until(lambda: texts(slack) == ["Saved: a good link"])


async def test_the_home_tab_is_published_when_it_is_opened(slack: SlackServer) -> None:
    app = bolt(slack)

    @app.event("app_home_opened")
    async def home(event, client) -> None:
        blocks = [{"type": "header", "text": {"type": PLAIN, "text": "Next meetings"}}]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    async with connected(slack, app):
        slack.open_home("U0AMA")
        view = await slack.until(lambda: slack.home("U0AMA"))
    assert view.blocks[0]["text"]["text"] == "Next meetings"


async def test_who_gets_no_answer_sees_that(hasty: SlackServer) -> None:
    async with connected(hasty, bolt(hasty)):
        outcome = await hasty.slash("U0AMA", "C0HALL", "/unheard")
    assert outcome.error == "operation_timeout"
    assert [failure.error for failure in hasty.failures_of("U0AMA")] == ["operation_timeout"]


async def test_a_command_that_the_app_does_not_have_is_not_sent(slack: SlackServer) -> None:
    slack.app.commands = {"/plan"}
    assert (await slack.slash("U0AMA", "C0HALL", "/other")).error == "invalid_command"


async def test_a_command_while_nobody_is_connected_fails_at_once(slack: SlackServer) -> None:
    assert (await slack.slash("U0AMA", "C0HALL", "/plan")).error == "dispatch_failed"


# --- the connection ---------------------------------------------------------------------------------------------------


async def test_the_app_comes_back_when_it_is_asked_to(slack: SlackServer) -> None:
    async with connected(slack, echoing(slack)):
        await slack.sockets.disconnect("refresh_requested")
        await slack.until(lambda: slack.sockets.opened == 2 and slack.sockets.connections)
        slack.say("U0AMA", "C0HALL", "still here?")
        await slack.until(lambda: texts(slack))
    assert len(slack.calls_of("apps.connections.open")) == 2, "an address works once"


async def test_the_app_comes_back_after_a_cut_and_hears_what_it_missed(slack: SlackServer) -> None:
    slack.courier.retry_delays = (0.2,) * 50
    async with connected(slack, echoing(slack)):
        slack.sockets.drop()
        slack.say("U0AMA", "C0HALL", "in the gap")
        await slack.until(lambda: texts(slack))
    assert texts(slack) == ["You said: in the gap"]
    assert slack.deliveries[0].attempts > 1


async def test_the_app_comes_back_when_pings_are_not_answered(slack: SlackServer) -> None:
    async with connected(slack, echoing(slack)):
        slack.sockets.withhold_pings = True
        await slack.until(lambda: slack.sockets.opened >= 2)
        slack.sockets.withhold_pings = False


async def test_the_app_tries_again_when_no_address_is_given(slack: SlackServer) -> None:
    slack.faults.refuse("apps.connections.open", "internal_error", times=2)
    slack.sockets.connections.clear()
    async with connected(slack, echoing(slack)):
        slack.say("U0AMA", "C0HALL", "hello")
        await slack.until(lambda: texts(slack))


async def test_events_go_to_each_connection_in_turn(slack: SlackServer) -> None:
    async with connected(slack, echoing(slack)), connected(slack, echoing(slack)):
        await slack.connected(2)
        for number in range(4):
            slack.say("U0AMA", "C0HALL", str(number))
        await slack.until(lambda: len(texts(slack)) == 4)
        await slack.settled()
    assert sorted(texts(slack)) == [f"You said: {number}" for number in range(4)], "each was told to one of them"


async def test_an_app_token_is_needed_to_connect(slack: SlackServer) -> None:
    answer = await client(slack).api_call("auth.test")
    assert answer["bot_id"] == "B0BOT"
    with pytest.raises(Exception, match="not_allowed_token_type"):
        await client(slack).apps_connections_open(app_token=slack.bot_token)


# --- what the manifest grants, and what stands on a message -----------------------------------------------------------

MANIFEST = {
    "features": {
        "slash_commands": [{"command": "/plan", "description": "Plan"}],
        "shortcuts": [{"type": "message", "callback_id": "save", "name": "Save"}],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "commands", "im:history"]}},
    "settings": {"event_subscriptions": {"bot_events": ["message.im", "app_mention"]}},
}


async def test_the_manifest_says_what_the_app_gets() -> None:
    async with hall(app=App.from_manifest(MANIFEST)) as strict:
        strict.say("U0AMA", "C0HALL", f"<@{strict.bot_user.id}> not asked for, and no scope")
        strict.say("U0AMA", strict.dm("U0AMA"), "asked for")
        assert [delivery.kind for delivery in strict.deliveries] == ["message.im"]
        assert (await strict.slash("U0AMA", "C0HALL", "/other")).error == "invalid_command"
        with pytest.raises(NotShownError, match="no global shortcut"):
            await strict.shortcut("U0AMA", "save")
    with pytest.raises(ValueError, match="not emulated: lists:read"):
        App.from_manifest({"oauth_config": {"scopes": {"bot": ["lists:read"]}}})


async def test_what_is_chosen_stands_in_the_state_of_the_message(slack: SlackServer) -> None:
    app, states = bolt(slack), []
    options = [{"text": {"type": PLAIN, "text": word}, "value": word} for word in ("yes", "no")]
    menu = {"type": "static_select", "action_id": "menu", "options": options}
    date = {"type": "datepicker", "action_id": "date", "initial_date": "2026-12-01"}
    boxes = {"type": "checkboxes", "action_id": "boxes", "options": options}

    @app.action("menu")
    @app.action("date")
    @app.action("boxes")
    async def take(ack, body) -> None:
        await ack()
        states.append(body["state"]["values"]["b"])

    async with connected(slack, app):
        blocks = [{"type": "actions", "block_id": "b", "elements": [menu, date, boxes]}]
        await app.client.chat_postMessage(channel="C0HALL", text="Choose", blocks=blocks)
        [message] = slack.said_to("U0AMA", "C0HALL")
        await slack.choose("U0AMA", message, "menu", "no")
        await slack.choose("U0AMA", message, "date", "2026-12-24")
        await slack.choose("U0AMA", message, "boxes", ["yes", "no"])
        with pytest.raises(NotShownError, match="not offered"):
            await slack.choose("U0AMA", message, "menu", "perhaps")
    assert states[0] == {
        "menu": {"type": "static_select", "selected_option": options[1]},
        "date": {"type": "datepicker", "selected_date": "2026-12-01"},
        "boxes": {"type": "checkboxes", "selected_options": []},
    }
    assert states[2]["date"]["selected_date"] == "2026-12-24"
    assert states[2]["boxes"]["selected_options"] == options


async def test_a_modal_is_pushed_and_its_wrong_successor_is_trouble(slack: SlackServer) -> None:
    app = bolt(slack)
    answers = iter(
        [
            {"response_action": "push", "view": {**FORM, "callback_id": "second"}},
            {"response_action": "errors", "errors": {"nowhere": "This block does not exist"}},
            {"response_action": "clear"},
        ]
    )

    @app.shortcut("plan")
    async def plan(ack, body, client) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.view("plan")
    @app.view("second")
    async def planned(ack) -> None:
        await ack(next(answers))

    async with connected(slack, app):
        await slack.shortcut("U0AMA", "plan")
        first = await slack.until(lambda: slack.modal("U0AMA"))
        pushed = await slack.submit("U0AMA", {"when": {"text": "now"}})
        assert pushed.view.body["previous_view_id"] == first.id
        with pytest.raises(NotShownError):
            await slack.submit("U0AMA", view_id=first.id)
        wrong = await slack.submit("U0AMA", {"when": {"text": "now"}})
        assert wrong.error == "invalid_errors"
        assert slack.failures_of("U0AMA")[0].text == "We had some trouble connecting. Try again?"
        cleared = await slack.submit("U0AMA", {"when": {"text": "now"}})
    assert cleared.closed
    assert slack.modal("U0AMA") is None


async def test_what_happens_to_the_workspace_is_told(slack: SlackServer) -> None:
    slack.team_join(slack.add_user("U0NEW", "new"))
    slack.change_user("U0NEW", tz="Asia/Tokyo")
    slack.join("U0NEW", "C0HALL")
    slack.archive("C0HALL")
    with pytest.raises(NotShownError):
        slack.say("U0NEW", "C0HALL", "anyone?")
    slack.kick_bot("C0HALL")
    slack.delete_channel("C0HALL")
    assert [delivery.event["type"] for delivery in slack.deliveries] == [
        "team_join",
        "user_change",
        "member_joined_channel",
        "channel_archive",
        "channel_left",
        "channel_deleted",
    ]
    assert slack.deliveries[1].event["user"]["tz_offset"] == 32_400


async def test_the_hand_can_close_with_a_code_and_the_app_comes_back(slack: SlackServer) -> None:
    async with connected(slack, echoing(slack)):
        await slack.sockets.close(code=1011)
        await slack.until(lambda: slack.sockets.opened >= 2)
        await slack.connected()

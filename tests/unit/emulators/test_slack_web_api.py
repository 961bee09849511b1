"""The emulated Web API, called by the real slack_sdk: what it accepts, what it refuses, what can go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.emulators.slack import SlackServer
from tests.emulators.slack.apps import bolt, client, connected, hall
from tests.emulators.slack.screen import NotShownError

PLAIN = "plain_text"
LONG = [{"type": "section", "text": {"type": PLAIN, "text": "x" * 2900}}] * 5


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with hall() as server:
        yield server


@pytest.fixture
def web(slack: SlackServer) -> AsyncWebClient:
    return client(slack)


async def refusal(call) -> dict:
    """What a call was refused with."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response.data


# --- tokens and scopes ------------------------------------------------------------------------------------------------


async def test_auth_test_says_who_and_what_may_be_done(slack: SlackServer, web: AsyncWebClient) -> None:
    answer = await web.auth_test()
    assert (answer["user_id"], answer["team_id"]) == (slack.bot_user.id, slack.team)
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


async def test_tokens_are_checked(slack: SlackServer) -> None:
    assert (await refusal(client(slack, "xoxb-other").auth_test()))["error"] == "invalid_auth"
    assert (await refusal(client(slack, slack.app_token).auth_test()))["error"] == "not_allowed_token_type"
    slack.revoke(slack.bot_token)
    assert (await refusal(client(slack).auth_test()))["error"] == "token_revoked"


async def test_a_missing_scope_is_named(slack: SlackServer, web: AsyncWebClient) -> None:
    slack.app.scopes = {"chat:write", "channels:read"}
    assert await refusal(web.users_info(user="U0AMA")) == {
        "ok": False,
        "error": "missing_scope",
        "needed": "users:read",
        "provided": "channels:read,chat:write",
    }
    assert (await refusal(web.conversations_history(channel="C0HALL")))["needed"] == "channels:history"
    assert (await refusal(web.conversations_list(types="public_channel,im")))["needed"] == "im:read"


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("chat.shout", {}, "unknown_method"),
        ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
        ("chat.postMessage", {"channel": "C0NONE", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C0HALL"}, "no_text"),
        ("chat.postMessage", {"channel": "C0HALL", "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {"channel": "C0HALL", "text": "x", "thread_ts": "1.000001"}, "cannot_reply_to_message"),
        ("chat.postMessage", {"channel": "C0HALL", "blocks": "{"}, "invalid_blocks_format"),
        ("chat.postMessage", {"channel": "C0HALL", "blocks": LONG}, "msg_blocks_too_long"),
        ("chat.postMessage", {"channel": "C0HALL", "text": "x", "markdown_text": "x"}, "markdown_text_conflict"),
        ("chat.postMessage", {"channel": "C0HALL", "text": "x", "metadata": {"a": 1}}, "invalid_metadata_format"),
        ("chat.postMessage", {"channel": "C0ATTIC", "text": "x"}, "is_archived"),
        ("chat.postMessage", {"channel": "G0CELLAR", "text": "x"}, "channel_not_found"),
        ("chat.postEphemeral", {"channel": "C0HALL", "user": "U0EVE", "text": "x"}, "user_not_in_channel"),
        ("chat.update", {"channel": "C0HALL", "ts": "1.000001", "text": "x"}, "message_not_found"),
        ("chat.delete", {"channel": "C0HALL", "ts": "1.000001"}, "message_not_found"),
        ("users.info", {"user": "U0NONE"}, "user_not_found"),
        ("conversations.info", {"channel": "C0NONE"}, "channel_not_found"),
        ("conversations.history", {"channel": "C0STREET"}, "not_in_channel"),
        ("conversations.replies", {"channel": "C0HALL", "ts": "1.000001"}, "thread_not_found"),
        ("conversations.open", {}, "users_list_not_supplied"),
        ("conversations.open", {"users": "U0NONE"}, "user_not_found"),
        ("conversations.open", {"users": "U0GONE"}, "user_disabled"),
        ("conversations.create", {"name": "hall"}, "name_taken"),
        ("conversations.create", {"name": "The Hall"}, "invalid_name_specials"),
        ("conversations.invite", {"channel": "C0HALL", "users": "U0AMA"}, "already_in_channel"),
        ("conversations.list", {"cursor": "nonsense"}, "invalid_cursor"),
        ("views.open", {"trigger_id": "1.2.3", "view": {"type": "modal"}}, "invalid_arguments"),
        ("views.publish", {"user_id": "U0NONE", "view": {"type": "home", "blocks": []}}, "user_not_found"),
        (
            "assistant.threads.setStatus",
            {"channel_id": "C0HALL", "thread_ts": "1.1", "status": ""},
            "invalid_thread_ts",
        ),
        ("files.completeUploadExternal", {"files": [{"id": "F0"}]}, "file_not_found"),
    ],
)
async def test_what_slack_refuses_is_refused(slack: SlackServer, method: str, arguments: dict, error: str) -> None:
    slack.add_user("U0EVE", "eve")
    slack.add_user("U0GONE", "gone", deleted=True)
    slack.add_channel("C0STREET", "street", bot=False)
    slack.add_channel("G0CELLAR", "cellar", private=True, bot=False)
    slack.archive(slack.add_channel("C0ATTIC", "attic"))
    before = len(slack.world.channels["C0HALL"].messages)
    answer = await refusal(client(slack).api_call(method, json=arguments))
    assert answer["error"] == error
    assert len(slack.world.channels["C0HALL"].messages) == before, "nothing was posted"


async def test_a_channel_without_the_bot_needs_the_scope_for_it(slack: SlackServer, web: AsyncWebClient) -> None:
    slack.add_channel("C0STREET", "street", bot=False)
    await web.chat_postMessage(channel="C0STREET", text="anyone?")
    slack.app.scopes.discard("chat:write.public")
    assert (await refusal(web.chat_postMessage(channel="C0STREET", text="?")))["error"] == "not_in_channel"
    slack.kick_bot("C0HALL")
    assert (await refusal(web.chat_postMessage(channel="C0HALL", text="?")))["error"] == "not_in_channel"


async def test_wrong_blocks_are_named_with_their_place(web: AsyncWebClient) -> None:
    blocks = [{"type": "divider"}, {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]
    answer = await refusal(web.chat_postMessage(channel="C0HALL", text="x", blocks=blocks))
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]"
    ]


async def test_only_the_bots_own_messages_can_be_changed(slack: SlackServer, web: AsyncWebClient) -> None:
    theirs = slack.say("U0AMA", "C0HALL", "mine")
    assert (await refusal(web.chat_update(channel="C0HALL", ts=theirs.ts, text="x")))["error"] == "cant_update_message"
    assert (await refusal(web.chat_delete(channel="C0HALL", ts=theirs.ts)))["error"] == "cant_delete_message"


# --- messages ---------------------------------------------------------------------------------------------------------


async def test_metadata_is_found_again_in_history(slack: SlackServer, web: AsyncWebClient) -> None:
    metadata = {"event_type": "delivery", "event_payload": {"id": "d-1"}}
    posted = await web.chat_postMessage(channel="C0HALL", text="1 &lt; 2", metadata=metadata)
    [plain] = (await web.conversations_history(channel="C0HALL"))["messages"]
    [full] = (await web.conversations_history(channel="C0HALL", include_all_metadata=True))["messages"]
    assert plain["text"] == "1 &lt; 2"
    assert "metadata" not in plain
    assert full["metadata"] == metadata
    after = await web.conversations_history(channel="C0HALL", oldest=posted["ts"])
    assert after["messages"] == []
    since = await web.conversations_history(channel="C0HALL", oldest=posted["ts"], inclusive=True)
    assert len(since["messages"]) == 1


async def test_a_thread_is_kept_apart_and_counted(slack: SlackServer, web: AsyncWebClient) -> None:
    root = slack.say("U0AMA", "C0HALL", "question")
    await web.chat_postMessage(channel="C0HALL", text="answer", thread_ts=root.ts)
    [top] = (await web.conversations_history(channel="C0HALL"))["messages"]
    assert (top["text"], top["reply_count"]) == ("question", 1)
    replies = await web.conversations_replies(channel="C0HALL", ts=root.ts)
    assert [message["text"] for message in replies["messages"]] == ["question", "answer"]
    assert [message.text for message in slack.seen("U0LEO", "C0HALL", root)] == ["question", "answer"]


async def test_an_update_keeps_blocks_until_they_are_taken_away(slack: SlackServer, web: AsyncWebClient) -> None:
    posted = await web.chat_postMessage(channel="C0HALL", text="a", blocks=[{"type": "divider"}])
    ts = posted["ts"]
    await web.chat_update(channel="C0HALL", ts=ts, text="b")
    [message] = slack.said_to("U0AMA", "C0HALL")
    assert (message.text, len(message.blocks)) == ("b", 1)
    await web.chat_update(channel="C0HALL", ts=ts, text="c", blocks=[])
    assert (message.text, message.blocks) == ("c", [])
    await web.chat_delete(channel="C0HALL", ts=ts)
    assert slack.said_to("U0AMA", "C0HALL") == []


async def test_a_direct_message_is_opened_once(slack: SlackServer, web: AsyncWebClient) -> None:
    first = await web.conversations_open(users="U0AMA")
    again = await web.conversations_open(users="U0AMA", return_im=True)
    assert first["channel"]["id"] == again["channel"]["id"]
    assert again["channel"]["user"] == "U0AMA"
    await web.chat_postMessage(channel=first["channel"]["id"], text="for you")
    assert [message.text for message in slack.said_to("U0AMA")] == ["for you"]


async def test_people_have_zones_and_locales(web: AsyncWebClient) -> None:
    user = (await web.users_info(user="U0LEO", include_locale=True))["user"]
    assert (user["tz"], user["tz_offset"], user["locale"]) == ("America/Bogota", -18000, "es-ES")


async def test_lists_come_in_pages(slack: SlackServer, web: AsyncWebClient) -> None:
    for number in range(5):
        slack.add_channel(f"C0{number}", f"room-{number}")
    names: list[str] = []
    async for answer in await web.conversations_list(limit=2):
        names += [channel["name"] for channel in answer["channels"]]
    assert names == ["hall", *(f"room-{number}" for number in range(5))]


async def test_a_channel_is_made_named_filled_and_archived(slack: SlackServer, web: AsyncWebClient) -> None:
    made = (await web.conversations_create(name="franco-fils"))["channel"]["id"]
    await web.conversations_setTopic(channel=made, topic="En français")
    await web.conversations_setPurpose(channel=made, purpose="Parler")
    await web.conversations_invite(channel=made, users="U0AMA")
    assert (await web.conversations_members(channel=made))["members"] == [slack.bot_user.id, "U0AMA"]
    assert (await web.conversations_info(channel=made))["channel"]["topic"]["value"] == "En français"
    await web.conversations_archive(channel=made)
    assert (await web.conversations_info(channel=made))["channel"]["is_archived"] is True


async def test_a_file_is_uploaded_in_three_steps(slack: SlackServer, web: AsyncWebClient) -> None:
    await web.files_upload_v2(channel="C0HALL", filename="notes.txt", content="Bonjour", initial_comment="Notes")
    [message] = slack.said_to("U0AMA", "C0HALL")
    assert message.text == "Notes"
    [file] = message.body["files"]
    assert slack.world.files[file["id"]]["content"] == b"Bonjour"


# --- triggers and response_urls ---------------------------------------------------------------------------------------

VIEW = {"type": "modal", "title": {"type": PLAIN, "text": "T"}, "blocks": []}


async def triggered(slack: SlackServer) -> dict:
    """The body of a command that was just used."""
    app, bodies = bolt(slack), []

    @app.command("/x")
    async def take(ack, body) -> None:
        await ack()
        bodies.append(body)

    async with connected(slack, app):
        await slack.slash("U0AMA", "C0HALL", "/x")
        await slack.until(lambda: bodies)
    return bodies[0]


async def test_a_trigger_is_good_once_and_for_three_seconds(slack: SlackServer, web: AsyncWebClient) -> None:
    trigger = (await triggered(slack))["trigger_id"]
    await web.views_open(trigger_id=trigger, view=VIEW)
    assert (await refusal(web.views_open(trigger_id=trigger, view=VIEW)))["error"] == "exchanged_trigger_id"
    trigger = (await triggered(slack))["trigger_id"]
    slack.clock.advance(3.1)
    assert (await refusal(web.views_open(trigger_id=trigger, view=VIEW)))["error"] == "expired_trigger_id"
    trigger = (await triggered(slack))["trigger_id"]
    slack.expire_triggers()
    assert (await refusal(web.views_push(trigger_id=trigger, view=VIEW)))["error"] == "expired_trigger_id"


async def test_a_view_is_updated_only_from_what_is_known(slack: SlackServer, web: AsyncWebClient) -> None:
    opened = await web.views_open(trigger_id=(await triggered(slack))["trigger_id"], view=VIEW)
    view_id, stamp = opened["view"]["id"], opened["view"]["hash"]
    await web.views_update(view_id=view_id, hash=stamp, view=VIEW)
    assert (await refusal(web.views_update(view_id=view_id, hash=stamp, view=VIEW)))["error"] == "hash_conflict"
    assert (await refusal(web.views_update(view_id="V0", view=VIEW)))["error"] == "not_found"
    for _ in range(2):
        await web.views_push(trigger_id=(await triggered(slack))["trigger_id"], view=VIEW)
    late = web.views_push(trigger_id=(await triggered(slack))["trigger_id"], view=VIEW)
    assert (await refusal(late))["error"] == "push_limit_reached"


async def test_a_response_url_is_good_five_times_and_for_half_an_hour(slack: SlackServer) -> None:
    respond = AsyncWebhookClient((await triggered(slack))["response_url"])
    for number in range(5):
        assert (await respond.send(text=str(number))).status_code == 200
    used = await respond.send(text="6")
    assert (used.status_code, "used_url" in used.body) == (404, True)
    assert len(slack.said_to("U0AMA", "C0HALL")) == 5
    assert slack.said_to("U0LEO", "C0HALL") == [], "only the one who asked sees the answers"
    late = AsyncWebhookClient((await triggered(slack))["response_url"])
    slack.clock.advance(1801)
    assert "expired_url" in (await late.send(text="late")).body


async def test_a_modal_that_asks_to_be_told_is_told_when_closed(slack: SlackServer) -> None:
    app, closed = bolt(slack), []

    @app.command("/x")
    async def take(ack, body, client) -> None:
        await ack()
        await client.views_open(
            trigger_id=body["trigger_id"], view={**VIEW, "callback_id": "c", "notify_on_close": True}
        )

    @app.view_closed("c")
    async def gone(ack, body) -> None:
        await ack()
        closed.append(body["is_cleared"])

    async with connected(slack, app):
        await slack.slash("U0AMA", "C0HALL", "/x")
        await slack.until(lambda: slack.modal("U0AMA"))
        with pytest.raises(NotShownError, match="no submit"):
            await slack.submit("U0AMA")
        assert (await slack.close_modal("U0AMA")).ok
    assert closed == [False]
    assert slack.modal("U0AMA") is None


# --- faults -----------------------------------------------------------------------------------------------------------


async def test_a_rate_limit_says_how_long_to_wait(slack: SlackServer, web: AsyncWebClient) -> None:
    slack.faults.rate_limit("chat.postMessage", retry_after=7)
    with pytest.raises(SlackApiError) as caught:
        await web.chat_postMessage(channel="C0HALL", text="x")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "7"
    assert slack.said_to("U0AMA", "C0HALL") == []
    await web.chat_postMessage(channel="C0HALL", text="x")


async def test_rates_hold_for_each_channel(slack: SlackServer, web: AsyncWebClient) -> None:
    slack.rates.hold("chat.postMessage", per_second=0.01, burst=2)
    slack.add_channel("C0OTHER", "other")
    for _ in range(2):
        await web.chat_postMessage(channel="C0HALL", text="x")
    assert (await refusal(web.chat_postMessage(channel="C0HALL", text="x")))["error"] == "ratelimited"
    await web.chat_postMessage(channel="C0OTHER", text="x")
    slack.clock.advance(100)
    await web.chat_postMessage(channel="C0HALL", text="x")


@pytest.mark.parametrize(("after", "stored"), [(False, 0), (True, 1)])
async def test_a_connection_is_cut_before_or_after_storing(slack: SlackServer, after: bool, stored: int) -> None:
    slack.faults.cut("chat.postMessage", after=after)
    with pytest.raises(aiohttp.ClientError):
        await client(slack).chat_postMessage(channel="C0HALL", text="x")
    assert len(slack.said_to("U0AMA", "C0HALL")) == stored
    assert len(slack.calls_of("chat.postMessage")) == 1


async def test_the_clients_own_retry_posts_twice_after_a_cut(slack: SlackServer) -> None:
    slack.faults.cut("chat.postMessage", after=True)
    await AsyncWebClient(slack.bot_token, base_url=slack.api_url).chat_postMessage(channel="C0HALL", text="x")
    assert len(slack.said_to("U0AMA", "C0HALL")) == 2


@pytest.mark.parametrize(("after", "stored"), [(False, 0), (True, 1)])
async def test_an_error_of_the_server_comes_before_or_after_storing(
    slack: SlackServer, web: AsyncWebClient, after: bool, stored: int
) -> None:
    slack.faults.status("chat.postMessage", 500, after=after)
    with pytest.raises(SlackApiError):
        await web.chat_postMessage(channel="C0HALL", text="x")
    assert len(slack.said_to("U0AMA", "C0HALL")) == stored


async def test_half_an_answer_is_no_answer(slack: SlackServer, web: AsyncWebClient) -> None:
    slack.faults.garbage("chat.postMessage")
    with pytest.raises(SlackApiError):
        await web.chat_postMessage(channel="C0HALL", text="x")
    assert len(slack.said_to("U0AMA", "C0HALL")) == 1


async def test_a_late_answer_has_stored_all_the_same(slack: SlackServer) -> None:
    slack.faults.late("chat.postMessage", 30)
    web = AsyncWebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await web.chat_postMessage(channel="C0HALL", text="x")
    assert len(slack.said_to("U0AMA", "C0HALL")) == 1


async def test_an_error_can_be_given_by_name(slack: SlackServer, web: AsyncWebClient) -> None:
    slack.faults.refuse("*", "internal_error")
    assert (await refusal(web.team_info()))["error"] == "internal_error"
    assert (await web.team_info())["team"]["id"] == slack.team

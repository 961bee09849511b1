"""The sample chat's routes: what they take, what they refuse, and what the assistant hears of it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from adapters.tryit.gateway import channel_ref, user_ref
from adapters.tryit.records import direct_line
from adapters.tryit.web import MAX_BODY
from bot.inbound import Joined, Pressed, Said, Submitted
from bot.messages import Target
from tests.sample_chat import EVERYTHING, FORM, MEETING, START, Stage, words

FETCH = {"X-Requested-With": "fetch"}


# --- saying ----------------------------------------------------------------------------------------------------------


def test_a_message_is_shown_then_heard_then_answered(stage: Stage, client: TestClient) -> None:
    answer = client.post("/chat/say?as=s04", data={"text": " Bonjour \r\n à tous ", "post": "post-0001"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/?as=s04&channel=direct#composer")
    (heard,) = stage.assistant.heard
    assert heard.event == Said("Bonjour \n à tous", heard.event.message, addressed=True)
    assert (heard.user, heard.channel, heard.direct) == (user_ref("s04"), channel_ref(direct_line("s04")), True)
    assert (heard.profile.locale, heard.profile.zone, heard.at) == ("fr", "Africa/Dakar", START)
    page = client.get("/?as=s04").text
    assert page.index("Bonjour") < page.index("You said: Bonjour")


@pytest.mark.parametrize(
    ("text", "heard", "addressed"),
    [
        ("good morning", "good morning", False),
        ("@assistant next meeting?", "next meeting?", True),
        ("@Connections, next meeting?", "next meeting?", True),
        ("next meeting, @ASSISTANT", "next meeting,", True),
        ("/help", "help", True),
        ("me@connections.example", "me@connections.example", False),
        ("@assistants are fine", "@assistants are fine", False),
    ],
)
def test_the_assistant_is_addressed_by_name(
    stage: Stage, client: TestClient, text: str, heard: str, *, addressed: bool
) -> None:
    client.post("/chat/say?as=s03&channel=plenary", data={"text": text})
    said = stage.assistant.heard[0].event
    assert isinstance(said, Said)
    assert (said.text, said.addressed) == (heard, addressed)


def test_the_same_post_again_is_the_same_message_and_the_same_event(stage: Stage, client: TestClient) -> None:
    for _time in range(2):
        client.post("/chat/say?as=s03&channel=plenary", data={"text": "once", "post": "post-0001"})
    assert len(stage.platform.conversation("plenary", "s03")) == 1
    assert len({inbound.id for inbound in stage.assistant.heard}) == 1


def test_different_posts_are_different_events(stage: Stage, client: TestClient) -> None:
    for _time in range(2):
        client.post("/chat/say?as=s03&channel=plenary", data={"text": "again"})
    assert len({inbound.id for inbound in stage.assistant.heard}) == 2


def test_writing_in_a_channel_joins_it(stage: Stage, client: TestClient) -> None:
    assert "writing here joins it" in client.get("/?as=s03&channel=francais").text
    client.post("/chat/say?as=s03&channel=francais", data={"text": "bonjour"})
    assert "francais" in stage.platform.memberships("s03")
    assert "writing here joins it" not in client.get("/?as=s03&channel=francais").text


@pytest.mark.parametrize(
    "text", ["\u202eabc", "a\u200bb", "👩🏽‍🏫 🎉", "שלום", "' OR 1=1 --", "<b>bold</b>", "NEAR(a b)*"]
)
def test_any_text_arrives_as_it_is(stage: Stage, client: TestClient, text: str) -> None:
    assert client.post("/chat/say?as=s03", data={"text": text}, headers=FETCH).status_code == 204
    said = stage.assistant.heard[0].event
    assert isinstance(said, Said)
    assert said.text == text
    assert "<b>bold" not in client.get("/?as=s03").text


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"text=", "The message is empty"),
        (urlencode({"text": "\u200b \u2060\n"}).encode(), "The message is empty"),
        (b"", "The message is empty"),
        (urlencode({"text": "x" * 20_001}).encode(), "too long: 20001 characters, and 20000"),
        (urlencode({"text": "x" * 1_000_000}).encode(), "too much at once: 200 kB"),
        (b"text=%ff%fe%00", "This is not text"),
        (b"text=a%00b", "This is not text"),
        (b"\xff\xfe\x00\x01", "This is not text"),
        (b"text=a" + b"&a=1" * 600, "This is not text"),
    ],
)
@pytest.mark.parametrize("fetched", [True, False])
def test_bad_text_is_answered_with_a_sentence_and_nothing_is_said(
    stage: Stage, client: TestClient, body: bytes, sentence: str, *, fetched: bool
) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded", **(FETCH if fetched else {})}
    answer = client.post("/chat/say?as=s03&lang=en", content=body, headers=headers)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert ("<html" in answer.text) != fetched
    assert stage.assistant.heard == []
    assert stage.platform.conversation(direct_line("s03"), "s03") == ()


def test_a_body_just_within_the_limit_is_read(client: TestClient) -> None:
    padding = "x" * (MAX_BODY - len("text=hi&pad="))
    answer = client.post("/chat/say?as=s03", content=f"text=hi&pad={padding}".encode(), headers=FETCH)
    assert answer.status_code == 204


# --- pressing and choosing -------------------------------------------------------------------------------------------


async def everything(stage: Stage, **options: object) -> dict[str, str]:
    target = Target(channel=channel_ref("plenary"))
    ref = await stage.gateway.send(target, EVERYTHING, "k1", **options)
    return {"message": ref.message}


async def test_a_press_is_heard_and_the_message_replaced(stage: Stage, client: TestClient) -> None:
    data = await everything(stage)
    client.post("/chat/press?as=s03&channel=plenary", data={**data, "action": "press-helpful"})
    (heard,) = stage.assistant.heard
    assert isinstance(heard.event, Pressed)
    assert (heard.event.action_id, heard.event.value, heard.channel) == ("press-helpful", None, channel_ref("plenary"))
    assert stage.platform.conversation("plenary", "s03")[0].message == words("You pressed press-helpful")


async def test_a_choice_brings_its_value(stage: Stage, client: TestClient) -> None:
    data = await everything(stage)
    client.post("/chat/press?as=s03&channel=plenary", data={**data, "action": "choose", "value": "fr"})
    event = stage.assistant.heard[0].event
    assert isinstance(event, Pressed)
    assert (event.action_id, event.value) == ("choose", "fr")


@pytest.mark.parametrize(
    "data",
    [
        {"action": "made-up"},
        {"action": "choose", "value": "de"},
        {"action": "choose"},
        {"action": "press-helpful", "value": "fr"},
        {"message": "999", "action": "press-helpful"},
        {"message": "x", "action": "press-helpful"},
        {"message": "", "action": ""},
    ],
)
async def test_what_is_not_offered_cannot_be_pressed(stage: Stage, client: TestClient, data: dict[str, str]) -> None:
    offered = await everything(stage)
    answer = client.post("/chat/press?as=s03&channel=plenary&lang=en", data=offered | data)
    assert answer.status_code == 404
    assert "That button is gone" in answer.text
    assert stage.assistant.heard == []


async def test_a_private_message_is_pressed_and_its_file_kept_by_its_reader_alone(
    stage: Stage, client: TestClient
) -> None:
    data = await everything(stage, only_for=user_ref("s04"))
    where = f"channel=plenary&message={data['message']}&block=10"
    assert client.post("/chat/press?as=s03", data={**data, "action": "press-helpful"}).status_code == 404
    assert client.get(f"/chat/file?as=s03&{where}").status_code == 404
    assert client.post("/chat/press?as=s04", data={**data, "action": "choose", "value": "fr"}).status_code == 303


async def test_a_file_is_saved_under_its_name(stage: Stage, client: TestClient) -> None:
    data = await everything(stage)
    answer = client.get(f"/chat/file?as=s03&channel=plenary&message={data['message']}&block=10")
    assert answer.text == '{"name": "Sunita"}'
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''my-data.json"
    assert client.get(f"/chat/file?as=s03&message={data['message']}&block=1").status_code == 404


# --- forms -----------------------------------------------------------------------------------------------------------


def test_a_form_opens_is_submitted_and_closes(stage: Stage, client: TestClient) -> None:
    client.post("/chat/say?as=s03&channel=plenary", data={"text": "@assistant form"})
    assert "Plan a meeting" in client.get("/?as=s03").text
    opened = stage.platform.form("s03")
    assert opened is not None
    answers = {
        "serial": str(opened.serial),
        "title": " Core group ",
        "agenda": "14:00\r\n15:00",
        "languages": ["en", "es"],
        "unknown": "x",
    }
    client.post("/chat/submit?as=s03&channel=plenary", data=answers)

    heard = stage.assistant.heard[-1]
    values = {"title": "Core group", "agenda": "14:00\n15:00", "zone": "", "languages": "en,es", "place": ""}
    assert heard.event == Submitted(FORM.action_id, values)
    assert heard.channel == channel_ref("plenary")
    assert stage.platform.form("s03") is None


def test_a_form_opened_again_in_answer_to_its_submission_stays(stage: Stage, client: TestClient) -> None:
    async def open_again(inbound: object) -> None:
        await stage.gateway.open_form(inbound.trigger, FORM)  # type: ignore[attr-defined]

    client.post("/chat/say?as=s03", data={"text": "form"})
    first = stage.platform.form("s03")
    assert first is not None
    stage.assistant.answer_with(open_again)
    client.post("/chat/submit?as=s03", data={"serial": str(first.serial)})
    second = stage.platform.form("s03")
    assert second is not None
    assert second.serial != first.serial


def test_a_form_can_be_closed_and_is_then_gone(stage: Stage, client: TestClient) -> None:
    client.post("/chat/say?as=s03", data={"text": "form"})
    opened = stage.platform.form("s03")
    assert opened is not None
    data = {"serial": str(opened.serial)}
    assert client.post("/chat/close?as=s03", data=data).status_code == 303
    assert stage.platform.form("s03") is None
    for path in ("close", "submit"):
        answer = client.post(f"/chat/{path}?as=s03&lang=en", data=data)
        assert answer.status_code == 404
        assert "This form was closed" in answer.text


def test_an_answer_that_is_too_long_keeps_the_form_open(stage: Stage, client: TestClient) -> None:
    client.post("/chat/say?as=s03", data={"text": "form"})
    opened = stage.platform.form("s03")
    assert opened is not None
    data = {"serial": str(opened.serial), "place": "x" * 41}
    answer = client.post("/chat/submit?as=s03&lang=en", data=data, headers=FETCH)
    assert answer.text == "“Join link” is too long: 41 characters, and 40 is the most. Shorten it."
    assert stage.platform.form("s03") == opened


# --- joining and the clock -------------------------------------------------------------------------------------------


def test_a_newcomer_joins_once_and_only_then_takes_part(stage: Stage, client: TestClient) -> None:
    assert "Join the community" in client.get("/?as=n01&lang=en").text
    refused = client.post("/chat/say?as=n01&lang=en", data={"text": "hola"}, headers=FETCH)
    assert (refused.status_code, refused.text) == (422, "Join the community first, with the button on this page.")
    for _time in range(2):
        assert client.post("/chat/join?as=n01").status_code == 303
    assert [inbound.event for inbound in stage.assistant.heard] == [Joined()]
    assert "Bienvenue" in client.get("/?as=n01").text
    assert client.post("/chat/say?as=n01", data={"text": "hola"}).status_code == 303


def test_the_clock_moves_and_says_so_when_it_cannot(stage: Stage, client: TestClient) -> None:
    stage.clock.reminders = [START + timedelta(days=1)]

    def move(to: str) -> str:
        return client.post("/chat/clock?as=s03&lang=en", data={"move": to}, headers=FETCH).text

    assert (move("hour"), stage.clock.now()) == ("", START + timedelta(hours=1))
    assert (move("reminder"), stage.clock.now()) == ("", START + timedelta(days=1))
    assert move("reminder") == "No reminder is waiting. Plan a meeting first."
    assert (move("meeting"), stage.clock.now()) == ("", MEETING)
    stage.clock.meeting = None
    assert move("meeting") == "No meeting is planned. Plan one first."
    assert move("back") == "The clock moves by an hour, to the next reminder or to the meeting."
    assert stage.clock.now() == MEETING

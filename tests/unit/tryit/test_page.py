"""Which page the sample chat shows to whom, and whom it does not answer at all."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from adapters.tryit.records import direct_line
from tests.sample_chat import ORIGIN, START, Stage, words

# --- windows ---------------------------------------------------------------------------------------------------------


def test_without_an_address_the_first_member_sees_their_direct_line(client: TestClient) -> None:
    page = client.get("/").text
    assert "Sample member, Kathmandu" in page
    assert "Only you and the assistant see this conversation." in page


@pytest.mark.parametrize("query", ["as=nobody", "as=s03&channel=nowhere", "as=s03&channel=direct:s04"])
def test_an_unknown_place_is_answered_with_a_sentence_on_the_page(client: TestClient, query: str) -> None:
    answer = client.get(f"/?{query}&lang=en")
    assert answer.status_code == 404
    assert "There is no such member or channel here." in answer.text
    assert client.post(f"/chat/say?{query}", data={"text": "x"}).status_code == 404


def test_nobody_reads_or_writes_in_anothers_direct_line(stage: Stage, client: TestClient) -> None:
    client.post("/chat/say?as=s04", data={"text": "secret"})
    assert "secret" not in client.get(f"/?as=s03&channel={direct_line('s04')}").text
    assert client.post(f"/chat/say?as=s03&channel={direct_line('s04')}", data={"text": "x"}).status_code == 404


@pytest.mark.parametrize(("query", "language"), [("as=s03", "en"), ("as=s03&lang=xx", "en"), ("as=s07", "en")])
def test_the_page_speaks_the_viewers_language_or_the_source_language(
    client: TestClient, query: str, language: str
) -> None:
    assert f'<html lang="{language}">' in client.get(f"/?{query}").text


def test_a_channel_with_news_is_marked_until_it_is_seen(stage: Stage, client: TestClient) -> None:
    stage.platform.post("plenary", "s04", words("news"), key=None)
    page = client.get("/?as=s03&lang=en").text
    assert "(1) Direct line" in page
    assert "unread message" in page
    client.get("/?as=s03&channel=plenary")
    assert "unread message" not in client.get("/?as=s03&lang=en").text


@pytest.mark.parametrize(
    ("name", "text"), [("ask", "recognising prior learning"), ("meet", "14:00 – 14:05"), ("x", "")]
)
def test_a_suggestion_fills_the_message_box(client: TestClient, name: str, text: str) -> None:
    page = client.get(f"/?as=s02&lang=en&try={name}").text
    assert text in page[page.index("<textarea") : page.index("</textarea>")]


# --- who may ask -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8080", "", "[::1", "localhost.evil.example"])
@pytest.mark.parametrize("path", ["/", "/chat/events", "/chat/static/chat.js"])
def test_a_foreign_host_name_is_refused(client: TestClient, host: str, path: str) -> None:
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == 421
    assert "Open the address that the start-up printed." in answer.text


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "[::1]:8080", "LOCALHOST"])
def test_this_machines_own_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9090"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"},
        {"Origin": ""},
    ],
)
@pytest.mark.parametrize("act", ["say", "press", "submit", "close", "join", "clock"])
def test_a_post_from_another_page_is_refused(
    stage: Stage, client: TestClient, headers: dict[str, str], act: str
) -> None:
    answer = client.post(f"/chat/{act}?as=s03", data={"text": "x", "move": "hour"}, headers=headers)
    assert answer.status_code == 403
    assert "came from another page" in answer.text
    assert stage.assistant.heard == []
    assert stage.clock.now() == START


def test_a_post_that_the_browser_calls_same_origin_is_taken(client: TestClient) -> None:
    headers = {"Origin": "", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/chat/say?as=s03", data={"text": "x"}, headers=headers).status_code == 303


@pytest.mark.parametrize("path", ["/", "/chat/static/chat.css", "/?as=nobody"])
def test_every_answer_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


def test_the_page_has_no_inline_script_or_style(client: TestClient) -> None:
    page = client.get("/?as=s03").text
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick" not in page
    assert page.count("<script") == page.count('<script type="module" src="/chat/static/chat.js">') == 1


def test_acting_needs_a_post(client: TestClient) -> None:
    assert client.get("/chat/say?as=s03").status_code == 405

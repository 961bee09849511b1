"""Whatever the assistant says fits into Slack's limits, and whatever members write stays text there."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.forms import answers, modal, suggestions
from adapters.slack.renderer import render
from bot.messages import (
    Button,
    Buttons,
    Call,
    ChannelLink,
    ChannelRef,
    Fields,
    File,
    Form,
    FormField,
    Heading,
    Items,
    Link,
    LocalTime,
    Mention,
    Message,
    Note,
    Option,
    Paragraph,
    Quote,
    Select,
    Strong,
    Table,
    UserRef,
)
from tests.emulators.slack import problems, view_problems

HOSTILE = (
    "<!channel>",
    "<@U0ADA>",
    "<https://evil.example|https://good.example>",
    "*bold* _it_ ~gone~ `code` ```block```",
    "> quoted",
    "\n> quoted\n&gt; again",
    "&amp;&lt;!here&gt;",
    "snake_case",
    "x" * 3500,
    "é" * 200 + "\n",
    "🙂" * 400,
    "\x00\u202e\u200b",
    "a|b>c",
    " " * 50,
    "&<>" * 1200,
)
texts = st.one_of(st.text(max_size=40), st.sampled_from(HOSTILE), st.text(min_size=1, max_size=4000))
moments = st.integers(631_152_000, 3_786_912_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
addresses = st.one_of(
    st.just("https://meet.example/one_two?a=1&b=2"), texts, st.builds("https://{}".format, st.text(max_size=2500))
)
spans = st.one_of(
    texts,
    st.builds(Strong, texts),
    st.builds(Link, texts, addresses),
    st.builds(LocalTime, moments, st.sampled_from(["full", "date", "time"])),
    st.builds(Mention, texts, st.sampled_from([(), (UserRef("slack", "T1", "U1"),), (UserRef("discord", "T1", "9"),)])),
    st.builds(ChannelLink, texts, st.sampled_from([(), (ChannelRef("slack", "T1", "C1"),)])),
)
rich = st.lists(spans, max_size=5).map(tuple)
calls = st.just(Call("ask"))
ids = st.text("abcdef0123456789", min_size=1, max_size=40)
options = st.builds(Option, st.one_of(st.text(max_size=200), ids), texts)
many = st.sampled_from([99, 100, 101, 2500, 10_500]).map(
    lambda n: tuple(Option(str(i), f"Choice {i}") for i in range(n))
)
choices = st.one_of(st.lists(options, max_size=6).map(tuple), many)
buttons = st.builds(Button, texts, calls, st.sampled_from(["default", "primary", "danger"]), ids)


@st.composite
def tables(draw):
    width = draw(st.integers(1, 24))
    row = st.lists(rich, min_size=width, max_size=width).map(tuple)
    headers = draw(st.lists(texts, min_size=width, max_size=width))
    return Table(tuple(headers), tuple(draw(st.lists(row, max_size=3))))


blocks = st.one_of(
    st.builds(Heading, texts),
    st.builds(Paragraph, rich),
    st.builds(Quote, rich),
    st.builds(Note, rich),
    st.builds(Items, st.lists(rich, max_size=12).map(tuple), st.booleans()),
    st.builds(Fields, st.lists(st.tuples(texts, rich), max_size=12).map(tuple)),
    st.builds(Buttons, st.lists(buttons, max_size=30).map(tuple)),
    st.builds(Select, texts, calls, choices, ids),
    st.builds(File, st.just("notes.txt"), texts),
    tables(),
)
messages = st.builds(Message, st.lists(blocks, max_size=60).map(tuple), st.sampled_from(["en", "fr", "es"]))


@given(messages, st.sampled_from(["message", "home"]))
def test_every_message_fits(message, surface):
    shown = render(message, "T1", surface)
    assert problems(shown.blocks, surface) == []
    assert 0 < len(shown.text) <= 4000


fields = st.builds(
    FormField,
    st.text("abcdefgh_", min_size=1, max_size=30),
    texts,
    st.sampled_from(["text", "long", "select", "multiselect"]),
    st.booleans(),
    choices,
    texts,
    texts,
    texts,
    st.integers(0, 20_000),
    st.sampled_from(["", "meetings"]),
)


@given(texts, texts, st.lists(fields, min_size=1, max_size=60, unique_by=lambda field: field.name))
def test_every_form_fits(title, submit, asked):
    form = Form(title, Call("ask"), tuple(asked), submit, "en", "sealed")
    assert view_problems(modal(form, {"channel": "C1", "user": "U1"})) == []


@given(st.lists(options, max_size=25).map(tuple), texts)
def test_every_suggestion_fits(found, typed):
    offered = suggestions(found, typed)
    menu = {"type": "static_select", "action_id": "a", "options": offered}
    if offered:
        assert problems([{"type": "actions", "elements": [menu]}]) == []


# --- text stays text -----------------------------------------------------------------------------------------------

_OURS = re.compile(
    r"<!date\^\d+\^[^|<>]*\|[^<>|]*>|<@U1>|<#C1>|<(?:https?://|mailto:)[^<>|\s]+(?:\|[^<>|]*)?>", re.IGNORECASE
)
_BOLD = re.compile(r"\*[^*\n]+\*")


def mrkdwn(value):
    """Give the mrkdwn of everything in a payload."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            assert value["verbatim"] is True, "Slack would look for addresses and mentions by itself"
            yield value["text"]
        for each in value.values():
            yield from mrkdwn(each)
    elif isinstance(value, list):
        for each in value:
            yield from mrkdwn(each)


def markup_left(text: str) -> str:
    """Return what Slack would take for markup though no span of ours stands for it."""
    bare = _BOLD.sub("•", _OURS.sub("•", re.sub(r"(?m)^> ?", "", text)))
    found = re.findall(r"[<>*~`]|&(?!amp;|lt;|gt;)|^\s*&gt;", bare, re.MULTILINE)
    return "".join([*found, *re.findall(r"(?<![^\W_])_|_(?![^\W_])", bare)])


@given(messages)
def test_what_members_write_never_becomes_markup(message):
    for text in mrkdwn(render(message, "T1").blocks):
        assert markup_left(text) == ""


@given(messages)
def test_a_notification_mentions_and_links_nothing(message):
    assert re.findall(r"[<>*~`]", render(message, "T1").text) == []


@given(st.text(max_size=300))
def test_text_alone_is_shown_to_the_letter(text):
    shown = render(Message((Paragraph((text,)),), "en"), "T1").blocks
    assert all(block["text"]["type"] == "plain_text" for block in shown)
    kept = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text.replace("\r\n", "\n"))
    assert "".join("".join(block["text"]["text"] for block in shown).split()) == "".join(kept.split())


@given(
    st.lists(options.filter(lambda o: 0 < len(o.value) <= 150), min_size=1, max_size=20, unique_by=lambda o: o.value)
)
def test_every_choice_comes_back_as_it_was_offered(offered):
    chosen = offered[-1]
    view = {"state": {"values": {"topic": {"value": {"selected_option": {"value": chosen.value}}}}}}
    form = Form(
        "Topic", Call("ask"), (FormField("topic", "Topic", "select", options=tuple(offered)),), "Send", "en", "id"
    )
    element = modal(form, {})["blocks"][0]["element"]
    assert chosen.value in [each["value"] for each in element["options"]]
    assert answers(view) == {"topic": chosen.value}

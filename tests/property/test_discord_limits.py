"""Any message and any form is taken by Discord, and no words of a member become a mention, markup or a hidden link."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.forms import Forms
from adapters.discord.markup import escape
from adapters.discord.renderer import marker, render
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
from tests.emulators.discord.limits import problems
from tests.scenario.discord_chat import as_read

CALL = Call("c")
MARKS = "<>@&!#*_~`|[]()\\/:+-. \n1234567890abchttps"
words = st.one_of(st.text(max_size=60), st.text(MARKS, max_size=60), st.text("x \n", min_size=3000, max_size=6000))
nasty = st.sampled_from(
    [
        "@everyone", "<@123456789012345678>", "<@&123456789012345678>", "<#123>", "<t:1:R>", "</ask:1>", "<:a:1>",
        "[bank](https://evil.example)", "https://a.example[x](https://evil.example)", "# big", "> said", "- one",
        "```\nx", "||secret||", "**bold**", "\\", "<id:customize>", "1. one", "-# small", "\\[x](https://evil.example)",
    ]
)  # fmt: skip
texts = st.one_of(words, nasty, st.builds(lambda a, b: a + b, nasty, nasty))
urls = st.one_of(
    st.sampled_from(["https://a.example/x_y?z=(1)", "javascript:alert(1)", "http://", "https://[::1", ""]), texts
)
users = st.tuples(
    st.builds(UserRef, st.sampled_from(["discord", "slack"]), st.just("1"), st.sampled_from(["77", "x", "<"]))
)
rooms = st.tuples(st.builds(ChannelRef, st.just("discord"), st.just("1"), st.sampled_from(["88", "x"])))
times = st.builds(
    LocalTime,
    st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    st.sampled_from(["full", "date", "time"]),
)
spans = st.one_of(
    texts, st.builds(Strong, texts), st.builds(Link, texts, urls), times, st.builds(Mention, texts, users),
    st.builds(ChannelLink, texts, rooms),
)  # fmt: skip
rich = st.lists(spans, max_size=4).map(tuple)
ids = st.sampled_from(["a" * 24, "b" * 24, "yes"])
options = st.lists(st.builds(Option, st.text(max_size=120), texts), max_size=40).map(tuple)
buttons = st.builds(Button, texts, st.just(CALL), st.sampled_from(["default", "primary", "danger"]), ids)
blocks = st.one_of(
    st.builds(Heading, texts), st.builds(Paragraph, rich), st.builds(Quote, rich), st.builds(Note, rich),
    st.builds(Items, st.lists(rich, max_size=6).map(tuple), st.booleans()),
    st.builds(Fields, st.lists(st.tuples(texts, rich), max_size=4).map(tuple)),
    st.builds(lambda rows: Table(("a", "b"), tuple(rows)), st.lists(st.tuples(rich, rich), max_size=4)),
    st.builds(Buttons, st.lists(buttons, max_size=9).map(tuple)),
    st.builds(Select, texts, st.just(CALL), options, ids), st.builds(File, texts, texts),
)  # fmt: skip
languages = st.sampled_from(["en", "fr", "es"])
messages = st.builds(Message, st.lists(blocks, max_size=14).map(tuple), languages)
fields = st.builds(
    FormField, name=st.just(""), label=texts, kind=st.sampled_from(["text", "long", "select", "multiselect"]),
    required=st.booleans(), options=options, value=texts, hint=texts, error=texts,
    max_length=st.integers(1, 20_000),
)  # fmt: skip


def named(items):
    return tuple(
        FormField(
            f"f{place}",
            *(
                getattr(item, key)
                for key in ("label", "kind", "required", "options", "value", "hint", "error", "max_length")
            ),
        )
        for place, item in enumerate(items)
    )


forms = st.builds(
    Form, texts, st.just(CALL), st.lists(fields, min_size=1, max_size=5).map(named), texts, languages, ids
)


def payload_of(message):
    async def made():
        shown = render(message, marker("key"))
        files = [{"id": place, "filename": file.filename} for place, file in enumerate(shown.files)]
        for file in shown.files:
            file.close()
        return {
            "components": shown.view.to_components(),
            "flags": 1 << 15,
            "attachments": files,
            "allowed_mentions": shown.mentions.to_dict(),
        }

    return asyncio.run(made())


@given(messages)
def test_any_message_is_within_the_limits(message):
    assert problems(payload_of(message), "message") == []


@given(forms)
def test_any_form_is_within_the_limits(form):
    async def made():
        return Forms().modal(form).to_dict()

    assert problems(asyncio.run(made()), "modal") == []


@given(st.lists(texts, min_size=1, max_size=5))
def test_nobody_is_mentioned_by_what_members_write(written):
    payload = payload_of(Message(tuple(Paragraph((text,)) for text in written), "en"))
    shown = "\n".join(item.get("content", "") for item in payload["components"])
    assert not re.search(r"@(everyone|here)", shown, re.IGNORECASE)
    assert "<" not in re.sub(r"\\.", "", shown, flags=re.DOTALL)
    assert payload["allowed_mentions"] == {"parse": []}


@given(texts)
def test_what_members_write_is_read_as_they_wrote_it(text):
    lines = [line.strip() for line in as_read(escape(text), "UTC", "en").split("\n")]
    wanted = as_plain(text)
    assert lines == wanted


def as_plain(text):
    kept = "".join(
        letter for letter in text if letter in "\n\t" or not re.match(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", letter)
    )
    return [line.strip() for line in kept.replace("\u200b", "").split("\n")]


@given(texts)
def test_no_markup_is_left_unescaped(text):
    outside = re.sub(r"https?://[^\s\\<>\[\]()*`|]+", "", escape(text), flags=re.IGNORECASE)
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_~`|<>\[\]()]", re.sub(r"\\.", "", outside, flags=re.DOTALL))
    assert not re.search(r"^[ \t]*([#+-]|\d+\.)", outside, re.MULTILINE)

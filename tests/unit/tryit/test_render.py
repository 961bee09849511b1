"""Neutral messages as HTML: complete, escaped, and on the viewer's own clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.tryit.gateway import channel_ref, message_ref, user_ref
from adapters.tryit.page import Pages, initials
from adapters.tryit.place import Place
from adapters.tryit.render import Eyes, has_times, zone_name
from bot.i18n import use_locale
from bot.messages import ChannelLink, Link, LocalTime, Mention, Message, Paragraph, Span, Strong, Target
from tests.sample_chat import EVERYTHING, MEETING, set_stage

EYES = Eyes(Place("s03", "plenary"), "Asia/Kathmandu", "en")


def html(*spans: Span) -> str:
    return str(EYES.rich(spans))


async def written(message: Message, viewer: str = "s03") -> str:
    stage = set_stage()
    await stage.gateway.send(Target(channel=channel_ref("plenary")), message, "k1")
    pages = Pages(stage.platform, ())
    window = pages.window(viewer, "plenary", "en")
    assert window is not None
    return pages.write(window, post="post")


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '" onmouseover="x', "{{ 7 * 7 }}", "&lt;b&gt;", "@everyone <!channel> <@U1>"]
)
async def test_text_is_text_wherever_it_stands(text: str) -> None:
    raw = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;")
    for span in (text, Strong(text), Mention(text), ChannelLink(text), Link(text, "https://example.org/")):
        assert raw in html(span)
        assert "<script" not in html(span)
    page = await written(Message((Paragraph((text,)),), "en"))
    assert raw in page
    assert text not in page or "<" not in text


def test_everyone_in_a_text_addresses_nobody() -> None:
    assert html("@everyone <!channel>") == "@everyone &lt;!channel&gt;"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//example.org", "no address", "https://[", ""]
)
def test_a_link_leads_to_the_web_or_is_text(url: str) -> None:
    assert html(Link("here", url)) == "here"


def test_a_link_shows_where_it_leads() -> None:
    link = html(Link("The guide", "https://www.example.org/a?b=1&c=2"))
    assert 'href="https://www.example.org/a?b=1&amp;c=2"' in link
    assert "noopener" in link
    assert "example.org</small>" in link
    assert "<small" not in html(Link("https://example.org/a", "https://example.org/a"))


def test_an_instant_is_on_the_viewers_clock_and_readable_by_machines() -> None:
    shown = html(LocalTime(MEETING, "time"))
    assert 'datetime="2026-11-19T13:00:00Z"' in shown
    assert "6:45" in shown


@pytest.mark.parametrize(
    ("zone", "language", "name"),
    [
        ("Asia/Kathmandu", "en", "Kathmandu, UTC+5:45"),
        ("America/Sao_Paulo", "fr", "São Paulo, UTC−3"),
        ("Europe/Zurich", "es", "Zúrich, UTC+1"),
        ("UTC", "fr", "UTC"),
        ("Africa/Dakar", "en", "Dakar, UTC+0"),
    ],
)
def test_a_zone_is_named_by_its_city_and_offset(zone: str, language: str, name: str) -> None:
    with use_locale(language):
        assert zone_name(zone, datetime(2026, 11, 19, tzinfo=UTC)) == name


def test_a_mention_stands_out_for_whom_it_names() -> None:
    assert "mention me" in html(Mention("Sunita", (user_ref("s03"),)))
    assert "mention me" not in html(Mention("Luis", (user_ref("s05"),)))
    assert "mention me" not in html(Mention("Sunita"))


def test_a_channel_link_leads_there_if_the_channel_is_here() -> None:
    assert 'href="/?as=s03&amp;channel=francais"' in html(ChannelLink("Français", (channel_ref("francais"),)))
    assert "href" not in html(ChannelLink("elsewhere"))


async def test_every_block_is_shown_and_the_zone_is_named_once() -> None:
    page = await written(EVERYTHING)
    for part in ("<h3", "<ol", "<blockquote", "<dl", "<table", "<select", 'value="press-cancel"', "my-data.json"):
        assert part in page
    assert page.count("Times are in your zone: Kathmandu, UTC+5:45.") == 1


async def test_two_viewers_read_the_same_instant_on_their_own_clocks() -> None:
    message = Message((Paragraph((LocalTime(MEETING, "time"),)),), "en")
    assert "6:45" in await written(message, "s03")
    assert "8:00" in await written(message, "s05")


async def test_a_message_in_another_language_says_so_and_writes_its_times_in_it() -> None:
    page = await written(Message((Paragraph((LocalTime(MEETING),)),), "fr"))
    assert 'class="body" lang="fr"' in page
    assert "18:45" in page
    assert "novembre" in page


def test_only_messages_with_instants_name_a_zone() -> None:
    assert has_times(EVERYTHING)
    assert not has_times(Message((Paragraph(("no time",)),), "en"))


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Sample member, Nairobi", "SN"), ("Ana", "A"), ("Persona recién llegada (muestra)", "PL"), ("🙂", ""), ("", "")],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_message_reference_names_the_sample_chat() -> None:
    ref = message_ref("plenary", 7)
    assert (ref.platform, ref.workspace, ref.channel, ref.message) == ("tryit", "sample", "plenary", "7")

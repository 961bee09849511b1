"""Messages as people see them on Discord: native times and mentions, controls under their text, nothing cut unsaid."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.discord.renderer import marker, render
from bot.errors import PermanentError
from bot.i18n import _, use_locale
from bot.inbound import Pressed
from bot.messages import (
    CHOSEN,
    Button,
    Buttons,
    Call,
    ChannelLink,
    Fields,
    File,
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
)
from tests.unit.discord_adapter.stage import CALL, button, says, stage

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def text_of(*blocks):
    shown = render(Message(blocks, "en"), marker("key"))
    return "\n".join(item.get("content", "") for item in shown.view.to_components())


async def test_blocks_are_discords_own_markdown():
    shown = text_of(
        Heading("2nd_Meeting"),
        Paragraph(("It starts ", LocalTime(NOON), ", ", Strong("be there"), "\n# really")),
        Quote(("one\ntwo",)),
        Note(("small",)),
        Items((("a",), ("b",)), numbered=True),
        Fields((("Place", ("Zoom",)),)),
        Table(("Time", "Item"), (((LocalTime(NOON, "time"),), ("Opening",)),)),
    )
    assert shown.split("\n") == [
        "### 2nd\\_Meeting",
        f"It starts <t:{NOON.timestamp():.0f}:F>, **be there**",
        "\\# really",
        "> one",
        "> two",
        "-# small",
        "1. a",
        "2. b",
        "**Place:** Zoom",
        "**Time** · **Item**",
        f"- <t:{NOON.timestamp():.0f}:t> · Opening",
    ]


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        (Link("the guide", "https://www.ilo.org/x"), "[the guide](<https://www.ilo.org/x>) \\(ilo.org\\)"),
        (Link("ilo.org", "https://ilo.org/x"), "[ilo.org](<https://ilo.org/x>)"),
        (Link("https://bank.example", "https://evil.example/a b"), "https://evil.example/a%20b"),
        (Link("press me", "javascript:alert(1)"), "press me"),
    ],
)
async def test_a_link_shows_where_it_leads(link, shown):
    assert text_of(Paragraph((link,))) == shown


async def test_only_whom_the_message_means_is_notified():
    async with stage() as on:
        grace = on.server.add_user("Grace")
        mention = Mention("Ada", (on.user,))
        text = f" wrote @everyone <@{grace.id}> <@&{on.server.guild.id}>"
        await on.gateway.send(on.to_all, Message((Paragraph((mention, text)),), "en"), "key")
        sent = on.server.said_to(on.ada, on.plenary)[-1]
        assert sent.mentions == [on.ada.id]
        assert (sent.mention_roles, sent.mention_everyone) == ([], False)


async def test_a_room_is_linked_where_it_is_on_discord():
    async with stage() as on:
        room = ChannelLink("Plenary", (on.here,))
        assert text_of(Paragraph((room, ChannelLink("English 1")))) == f"{on.plenary.mention}English 1"


@pytest.mark.parametrize("language", ["en", "fr", "es"])
async def test_what_is_too_long_is_shortened_and_says_so(language):
    async with stage() as on:
        blocks = tuple(Paragraph((f"line {number} " + "word " * 40,)) for number in range(100))
        message = Message((*blocks, Buttons((button("Go", "go"),))), language)
        await on.gateway.send(on.to_all, message, "key")
        sent = on.server.said_to(on.ada, on.plenary)[-1]
        assert "line 1 " in sent.text
        assert "line 99 " not in sent.text
        with use_locale(language):
            assert _("The rest of this text is too long to be shown here.") in sent.text
        assert [item["label"] for item in sent.buttons] == ["Go"]


async def test_a_single_endless_line_is_torn_between_words_and_mentions_stay_whole():
    async with stage() as on:
        mention = Mention("Ada", (on.user,))
        await on.gateway.send(on.to_all, Message((Paragraph(("x" * 3590, mention, "y" * 500)),), "en"), "key")
        sent = on.server.said_to(on.ada, on.plenary)[-1]
        assert "<" not in sent.text


async def test_a_menu_of_2500_choices_shows_the_first_and_says_so():
    async with stage() as on:
        options = tuple(Option(f"v{number}", f"Choice {number}") for number in range(2500))
        message = Message((Select("Choose", Call("c", {"x": CHOSEN}), options, "pick"),), "en")
        await on.gateway.send(on.to_all, message, "key")
        sent = on.server.said_to(on.ada, on.plenary)[-1]
        assert len(sent.selects[0]["options"]) == 25
        assert "25" in sent.text
        await on.handled(chosen := on.server.choose(on.ada, sent, sent.selects[0]["custom_id"], ["Choice 3"]))
        inbound = await on.line.handled_id(f"i{chosen.id}")
        assert (inbound.event.action_id, inbound.event.value) == ("pick", "v3")


async def test_each_result_keeps_its_own_buttons_and_many_are_gathered_below():
    rows = tuple(
        Buttons(tuple(Button(f"b{row}.{n}", CALL, action_id=f"a{row}{n}") for n in range(3))) for row in range(12)
    )
    blocks = [block for row in rows for block in (Paragraph(("text",)), row)]
    shown = render(Message(tuple(blocks[:6]), "en"), marker("key")).view.to_components()
    assert [item["type"] for item in shown] == [10, 1, 10, 1, 10, 1]
    shown = render(Message(tuple(blocks), "en"), marker("key")).view.to_components()
    assert [item["type"] for item in shown[:3]] == [10, 1, 1]
    assert len(shown[1]["components"]) == 5


async def test_the_same_button_twice_is_told_apart_by_discord_and_not_by_us():
    async with stage() as on:
        await on.gateway.send(on.to_ada, says("x", button("First", "same"), button("Second", "same")), "key")
        sent = on.server.said_to(on.ada)[-1]
        pressed = [await on.handled(on.server.press(on.ada, sent, label)) for label in ("First", "Second")]
        assert [inbound.event.action_id for inbound in pressed] == ["same", "same"]
        assert all(isinstance(inbound.event, Pressed) and inbound.direct for inbound in pressed)
        assert pressed[0].event.message.workspace == on.server.guild.id


async def test_a_file_is_attached():
    async with stage() as on:
        await on.gateway.send(
            on.to_ada, Message((File("my données.json", "{}"), File("my données.json", "[]")), "en"), "key"
        )
        uploads = on.server.said_to(on.ada)[-1].uploads
        assert [(item.filename, item.content) for item in uploads] == [
            ("my_donn_es.json", b"{}"),
            ("2-my_donn_es.json", b"[]"),
        ]


async def test_a_message_that_was_not_sealed_is_refused():
    async with stage() as on:
        with pytest.raises(PermanentError):
            await on.gateway.send(on.to_all, says("x", Button("Go", CALL)), "key")

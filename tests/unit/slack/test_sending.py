"""What the core does in a workspace, as people see it there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.errors import PermanentError, RetryableError
from bot.messages import (
    Buttons,
    ChannelLink,
    File,
    Heading,
    Link,
    LocalTime,
    Mention,
    Message,
    Paragraph,
    Strong,
    Table,
    Target,
    UserRef,
)
from bot.platforms import ChannelPlan, ThreadPlan
from tests.unit.slack.conftest import ADA, HALL, LEO, button, says

WHEN = datetime(2026, 11, 19, 13, 0, tzinfo=UTC)


async def test_times_are_each_readers_own_with_utc_beside(stage):
    await stage.gateway.send(stage.hall(), says("It starts ", LocalTime(WHEN), "."), "key")
    text = stage.slack.seen(LEO, HALL)[-1].blocks[0]["text"]["text"]
    assert text.startswith(
        f"It starts <!date^{int(WHEN.timestamp())}^{{date_long_pretty}} {{time}}|Thursday, November 19"
    )
    assert text.endswith("UTC>.")


async def test_people_rooms_links_and_strong_words_are_native(stage):
    elsewhere = Mention("Sam *", (UserRef("discord", "9", "9"),))
    here = Mention("Ada", (stage.user(),))
    room = ChannelLink("The hall", (stage.channel(),))
    spans = (here, " ", elsewhere, " ", room, " ", Link("guide", "https://guide.example/?a=1&b=2"), " ", Strong("now"))
    await stage.gateway.send(stage.hall(), says(*spans), "key")
    text = stage.slack.seen(LEO, HALL)[-1].blocks[0]["text"]["text"]
    assert text == f"<@{ADA}> Sam ∗ <#{HALL}> <https://guide.example/?a=1&amp;b=2|guide> *now*"


async def test_nothing_is_unfurled_and_every_message_has_a_text(stage):
    await stage.gateway.send(stage.hall(), Message((Heading("News"), *says("of <the> day").blocks), "en"), "key")
    [call] = stage.slack.calls_of("chat.postMessage")
    assert (call.arguments["unfurl_links"], call.arguments["unfurl_media"]) == ("false", "false")
    assert stage.slack.seen(LEO, HALL)[-1].text == "News\nof &lt;the&gt; day"


async def test_a_table_of_text_is_a_table_and_one_with_links_is_text(stage):
    plain = Table(("Room", "Seats"), ((("Blue",), ("4",)), (("Red",), (Strong("6"),))))
    linked = Table(("Room", "Link"), ((("Blue",), (Link("go", "https://blue.example"),)),))
    await stage.gateway.send(stage.hall(), Message((plain, linked), "en"), "key")
    shown, text = stage.slack.seen(LEO, HALL)[-1].blocks
    assert [[cell["text"] for cell in row] for row in shown["rows"]] == [["Room", "Seats"], ["Blue", "4"], ["Red", "6"]]
    assert text["text"]["text"] == "• Blue · Link: <https://blue.example|go>"


@pytest.mark.parametrize("language", ["en", "fr", "es"])
async def test_what_is_too_long_is_shortened_and_says_so_and_keeps_its_buttons(stage, language):
    long = tuple(Paragraph((f"{number} " * 500,)) for number in range(60))
    await stage.gateway.send(stage.hall(), Message((*long, Buttons((button("Yes", "id"),))), language), "key")
    blocks = stage.slack.seen(LEO, HALL)[-1].blocks
    assert [block["type"] for block in blocks[-2:]] == ["actions", "context"]
    assert blocks[-1]["elements"][0]["text"].strip()


async def test_a_message_for_one_person_is_seen_by_nobody_else(stage):
    ref = await stage.gateway.send(stage.hall(), says("psst"), "key", only_for=stage.user())
    assert [message.ts for message in stage.slack.said_to(ADA, HALL)] == [ref.message]
    assert stage.slack.said_to(LEO, HALL) == []


async def test_a_private_answer_where_the_app_is_not_goes_through_the_command(stage):
    stage.slack.add_channel("C0AWAY", "away", private=True, bot=False)
    stage.slack.join(LEO, "C0AWAY")
    assert (await stage.slack.slash(LEO, "C0AWAY", "/connections", "next")).ok
    [inbound] = await stage.hears()
    target = Target(channel=inbound.channel)
    await stage.gateway.send(target, says("psst"), "key", only_for=inbound.user, trigger=inbound.trigger)
    [shown] = stage.slack.said_to(LEO, "C0AWAY")
    assert shown.only_for == LEO
    assert stage.slack.said_to(LEO) == []


async def test_a_private_message_to_somebody_outside_the_channel_goes_to_their_direct_line(stage):
    stage.slack.add_user("U0OUT", "Out")
    ref = await stage.gateway.send(stage.hall(), says("psst"), "key", only_for=stage.user("U0OUT"))
    [shown] = stage.slack.said_to("U0OUT")
    assert (ref.channel, ref.message) == (shown.channel, shown.ts)


async def test_a_message_that_only_one_person_sees_is_replaced_by_its_own_button(stage):
    message = Message((*says("before").blocks, Buttons((button("Go", "id-go"),))), "en")
    ref = await stage.gateway.send(stage.hall(), message, "key", only_for=stage.user())
    assert (await stage.slack.press(ADA, stage.slack.said_to(ADA, HALL)[-1], "id-go")).ok
    [inbound] = await stage.hears()
    assert inbound.event.message == ref
    await stage.gateway.edit(ref, says("after"), trigger=inbound.trigger)
    [shown] = stage.slack.said_to(ADA, HALL)
    assert shown.blocks[0]["text"]["text"] == "after"
    with pytest.raises(PermanentError):
        await stage.gateway.edit(ref, says("later"))


async def test_an_answer_stays_in_its_thread(stage):
    root = stage.slack.say(ADA, HALL, "question")
    target = Target(channel=stage.channel(), thread=root.ts)
    ref = await stage.gateway.send(target, says("answer"), "key")
    assert [m.ts for m in stage.slack.seen(LEO, HALL, root)] == [root.ts, ref.message]
    assert await stage.gateway.find_sent(target, "key") == ref
    assert await stage.gateway.find_sent(stage.hall(), "key") is None


async def test_a_sent_message_is_found_beyond_the_first_page(stage):
    ref = await stage.gateway.send(stage.hall(), says("first"), "key-first")
    for number in range(230):
        stage.slack.say(ADA, HALL, f"line {number}")
    assert await stage.gateway.find_sent(stage.hall(), "key-first") == ref
    assert len(stage.slack.calls_of("conversations.history")) == 2
    assert await stage.gateway.find_sent(stage.hall(), "key-other") is None


async def test_files_arrive_with_their_message(stage):
    message = Message((*says("Your data").blocks, File("data.json", '{"é": 1}')), "en")
    await stage.gateway.send(Target(user=stage.user()), message, "key")
    file, text = stage.slack.said_to(ADA)
    assert file.body["files"][0]["name"] == "data.json"
    assert stage.slack.world.files[file.body["files"][0]["id"]]["content"] == '{"é": 1}'.encode()
    assert text.blocks[0]["text"]["text"] == "Your data"


async def test_a_file_for_one_person_goes_to_their_direct_line(stage):
    message = Message((*says("Your data").blocks, File("data.json", "")), "en")
    await stage.gateway.send(stage.hall(), message, "key", only_for=stage.user())
    [file] = stage.slack.said_to(ADA)
    assert file.body["files"][0]["name"] == "data.json"
    assert stage.slack.said_to(LEO, HALL) == []


async def test_the_app_enters_a_public_channel_that_it_must_write_in(stage):
    stage.slack.app.scopes.discard("chat:write.public")
    stage.slack.add_channel("C0OPEN", "open", bot=False)
    ref = await stage.gateway.send(Target(channel=stage.channel("C0OPEN")), says("hello"), "key")
    assert ref.channel == "C0OPEN"
    assert stage.slack.bot_user.id in stage.slack.world.channels["C0OPEN"].members


async def test_nothing_is_said_in_an_archived_channel(stage):
    stage.slack.archive(HALL)
    with pytest.raises(PermanentError, match="archived"):
        await stage.gateway.send(stage.hall(), says("hello"), "key")


async def test_a_missing_permission_is_named(stage):
    stage.slack.app.scopes.discard("chat:write")
    with pytest.raises(PermanentError, match=r"lacks a permission .*chat:write"):
        await stage.gateway.send(stage.hall(), says("hello"), "key")


async def test_a_bot_and_a_closed_account_are_not_written_to(stage):
    stage.slack.add_user("U0GONE", "Gone", deleted=True)
    for user, reason in (("U0BOT", "a bot cannot"), ("U0GONE", "account was closed")):
        with pytest.raises(PermanentError, match=reason):
            await stage.gateway.send(Target(user=stage.user(user)), says("hello"), "key")


async def test_people_are_let_in(stage):
    stage.slack.add_user("U0NEW", "New")
    await stage.gateway.add_to_channel(stage.channel(), stage.user("U0NEW"))
    assert "U0NEW" in stage.slack.world.channels[HALL].members


async def test_a_channel_is_arranged_once(stage):
    plan = ChannelPlan("Español, sala n.º 1", "Para hablar")
    first = await stage.gateway.arrange(stage.slack.team, plan)
    assert await stage.gateway.arrange(stage.slack.team, plan) == first
    made = stage.slack.world.channels[first]
    assert (made.name, made.topic) == ("español-sala-n-º-1", "Para hablar")
    assert len(stage.slack.calls_of("conversations.setTopic")) == 1


async def test_a_channel_that_is_there_is_taken(stage):
    stage.slack.add_channel("C0OPEN", "francais", bot=False)
    assert await stage.gateway.arrange(stage.slack.team, ChannelPlan("Francais", "")) == "C0OPEN"
    assert stage.slack.bot_user.id in stage.slack.world.channels["C0OPEN"].members


async def test_a_name_that_is_taken_by_something_else_is_refused(stage):
    stage.slack.add_channel("C0OLD", "old")
    stage.slack.archive("C0OLD")
    stage.slack.add_channel("C0SECRET", "secret", private=True, bot=False)
    for name, reason in (("old", "archived"), ("secret", "private")):
        with pytest.raises(PermanentError, match=reason):
            await stage.gateway.arrange(stage.slack.team, ChannelPlan(name, ""))


async def test_what_slack_has_not_is_refused(stage):
    with pytest.raises(PermanentError):
        await stage.gateway.arrange(stage.slack.team, ThreadPlan(stage.channel(), "thread"))
    with pytest.raises(PermanentError):
        await stage.gateway.arrange("T0OTHER", ChannelPlan("other", ""))


async def test_an_unsealed_button_is_never_sent(stage):
    with pytest.raises(PermanentError, match="not sealed"):
        await stage.gateway.send(stage.hall(), Message((Buttons((button("Go", ""),)),), "en"), "key")


async def test_whoever_must_wait_waits_and_others_do_not(stage):
    stage.slack.add_channel("C0NEXT", "next")
    stage.slack.faults.rate_limit("chat.postMessage", retry_after=30)
    with pytest.raises(RetryableError) as told:
        await stage.gateway.send(stage.hall(), says("one"), "key-1")
    assert told.value.retry_after == 30
    with pytest.raises(RetryableError) as kept:
        await stage.gateway.send(stage.hall(), says("two"), "key-2")
    assert 25 < (kept.value.retry_after or 0) <= 30
    assert len(stage.slack.calls_of("chat.postMessage")) == 1
    await stage.gateway.send(Target(channel=stage.channel("C0NEXT")), says("three"), "key-3")
    assert len(stage.slack.said_to(ADA, HALL)) == 0


async def test_a_short_wait_is_kept_without_a_word(stage):
    stage.slack.faults.rate_limit("chat.postMessage", retry_after=1)
    with pytest.raises(RetryableError):
        await stage.gateway.send(stage.hall(), says("one"), "key-1")
    await stage.gateway.send(stage.hall(), says("one"), "key-1")
    first, second = stage.slack.calls_of("chat.postMessage")
    assert second.at - first.at >= 0.95

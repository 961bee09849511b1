"""What happens in a workspace, as the core hears of it."""

from __future__ import annotations

from bot.inbound import Joined, Opened, Pressed, Profile, Ran, Said
from bot.messages import Buttons, Message, Option, Select
from tests.scenario.slack_chat import until
from tests.unit.slack.conftest import ADA, HALL, LEO, button, says


async def test_a_direct_message_is_addressed_and_its_writer_known(stage):
    written = stage.slack.say(ADA, stage.slack.dm(ADA), "next meeting?")
    [inbound] = await stage.hears()
    assert inbound.event == Said("next meeting?", inbound.event.message, addressed=True)
    assert (inbound.event.message.channel, inbound.event.message.message) == (written.channel, written.ts)
    assert inbound.direct
    assert inbound.user == stage.user()
    assert inbound.profile == Profile("Ada", "fr-FR", "Africa/Nairobi", admin=True)
    assert f"{inbound.at.timestamp():.6f}" == written.ts


async def test_a_message_in_a_channel_is_overheard(stage):
    written = stage.slack.say(LEO, HALL, "good morning everybody")
    stage.slack.say(ADA, HALL, "and to you", thread=written)
    first, second = await stage.hears(2)
    assert not first.event.addressed
    assert (first.channel, first.direct, first.thread) == (stage.channel(), False, None)
    assert second.thread == written.ts


async def test_a_mention_comes_twice_and_is_one_event(stage):
    bot = stage.slack.bot_user.id
    written = stage.slack.say(ADA, HALL, f"<@{bot}>, next meeting?")
    told, again = await stage.hears(2)
    assert told.id == again.id == f"slack:{stage.slack.team}:{HALL}:{written.ts}"
    assert told.event == again.event
    assert (told.event.text, told.event.addressed) == ("next meeting?", True)


async def test_what_people_write_is_read_as_they_saw_it(stage):
    links = "<https://meet.example/a|the room>, <@U0LEO|Leo>, <#C0HALL|hall>, <!here>, <mailto:a@b.example|a@b.example>"
    text = f"see &lt;this&gt; &amp; {links}"
    stage.slack.say(ADA, stage.slack.dm(ADA), text)
    [inbound] = await stage.hears()
    assert inbound.event.text == ("see <this> & the room (https://meet.example/a), @Leo, #hall, @here, a@b.example")


async def test_own_words_edits_and_joins_mean_nothing(stage):
    ref = await stage.gateway.send(stage.hall(), says("hello"), "key-1")
    await stage.gateway.edit(ref, says("hello again"))
    stage.slack.add_user("U0NEW", "New")
    stage.slack.join("U0NEW", HALL)
    written = stage.slack.say(ADA, HALL, "over")
    stage.slack.take_back(ADA, written)
    [inbound] = await stage.hears()
    assert inbound.event.text == "over"


async def test_a_command_is_read_by_its_words(stage):
    for text in ("ask where is the guide", "Ask  Organizers why & when", "rooms", "when do we meet?", ""):
        assert (await stage.slack.slash(ADA, HALL, "/connections", text)).ok
    heard = await stage.hears(5)
    assert [inbound.event for inbound in heard] == [
        Ran("ask", "where is the guide"),
        Ran("ask organizers", "why & when"),
        Ran("rooms"),
        Ran("", "when do we meet?"),
        Ran("help"),
    ]
    assert len({inbound.id for inbound in heard}) == 5
    assert all(inbound.trigger and not inbound.direct for inbound in heard)


async def test_a_command_in_the_direct_line_is_direct(stage):
    assert (await stage.slack.slash(ADA, stage.slack.dm(ADA), "/connections", "next")).ok
    [inbound] = await stage.hears()
    assert inbound.direct


async def test_a_press_tells_the_button_and_its_message(stage):
    row = Buttons((button("Yes", "id-yes"), button("No", "id-no")))
    ref = await stage.gateway.send(stage.hall(), Message((row,), "en"), "key-1")
    assert (await stage.slack.press(ADA, stage.slack.seen(ADA, HALL)[-1], "id-no")).ok
    [inbound] = await stage.hears()
    assert inbound.event == Pressed("id-no", ref)
    assert inbound.channel == stage.channel()


async def test_a_choice_tells_its_value(stage):
    options = tuple(Option(f"v{n}", f"Choice {n}") for n in range(2500))
    select = Select("Which one?", button("", "").call, options, "id-select")
    await stage.gateway.send(stage.hall(), Message((select,), "en"), "key-1")
    assert (await stage.slack.choose(ADA, stage.slack.seen(ADA, HALL)[-1], "id-select", "v2499")).ok
    [inbound] = await stage.hears()
    assert (inbound.event.action_id, inbound.event.value) == ("id-select", "v2499")


async def test_somebody_joins(stage):
    stage.slack.add_user("U0NEW", "Newcomer", locale="es-ES")
    stage.slack.team_join("U0NEW")
    [inbound] = await stage.hears()
    assert inbound.event == Joined()
    assert (inbound.user.user, inbound.direct, inbound.profile.locale) == ("U0NEW", True, "es-ES")
    assert inbound.channel.channel == stage.slack.dm("U0NEW").id


async def test_the_home_tab_is_shown_anew_after_a_press_on_it(stage):
    shown = []

    async def show(inbound):
        if isinstance(inbound.event, Opened):
            shown.append(inbound.id)
            row = Buttons((button("Change", "id-change"),))
            await stage.gateway.show_home(inbound.user, Message((*says(f"No. {len(shown)}").blocks, row), "en"))

    stage.then = show
    stage.slack.open_home(ADA)
    await stage.hears()
    assert (await stage.slack.press(ADA, stage.slack.home(ADA), "id-change")).ok
    _opened, pressed, again = await stage.hears(3)
    assert pressed.event == Pressed("id-change", None)
    assert again.event == Opened()
    assert again.id != pressed.id
    assert stage.slack.home(ADA).blocks[0]["text"]["text"] == "No. 2"


async def test_the_other_tab_of_the_app_is_no_home(stage):
    stage.slack.open_home(ADA, tab="messages")
    stage.slack.say(ADA, HALL, "hello")
    [inbound] = await stage.hears()
    assert isinstance(inbound.event, Said)


async def test_a_messages_menu_brings_text_link_and_author(stage):
    written = stage.slack.say(LEO, HALL, "the *guide*: <https://guide.example>")
    await stage.hears()
    assert (await stage.slack.message_shortcut(ADA, "resources.ask", written)).ok
    _said, inbound = await stage.hears(2)
    assert inbound.event.command == "ask"
    assert inbound.event.args["text"] == "the *guide*: https://guide.example"
    assert inbound.event.args["author"] == "Leo"
    assert written.ts.replace(".", "") in inbound.event.args["link"]
    assert (inbound.channel, inbound.direct) == (stage.channel(), False)


async def test_a_shortcut_belongs_to_the_direct_line(stage):
    assert (await stage.slack.shortcut(ADA, "meetings.schedule")).ok
    [inbound] = await stage.hears()
    assert inbound.event == Ran("schedule")
    assert inbound.direct


async def test_a_profile_is_asked_for_once(stage):
    for text in ("one", "two", "three"):
        stage.slack.say(ADA, HALL, text)
        await stage.slack.settled()
        await stage.connection.settled()
    assert len(await stage.hears(3)) == 3
    assert len(stage.slack.calls_of("users.info")) == 1


async def test_an_event_is_heard_though_nobody_tells_who_it_was(stage):
    stage.slack.faults.status("users.info", 500)
    assert (await stage.slack.slash(ADA, HALL, "/connections", "next")).ok
    [inbound] = await stage.hears()
    assert inbound.profile.name == "Ada"


async def test_everything_is_acknowledged_while_the_core_is_busy(stage):
    import asyncio

    over = asyncio.Event()

    async def wait(_inbound):
        await over.wait()

    stage.then = wait
    stage.slack.say(ADA, HALL, "hello")
    await stage.slack.settled()
    assert (await stage.slack.slash(ADA, HALL, "/connections", "next")).ok
    assert stage.slack.deliveries[-1].taken
    await until(lambda: len(stage.heard) == 2)
    over.set()
    await stage.hears(2)
    assert stage.slack.failures == []


async def test_a_newcomer_is_met_though_slack_does_not_answer_at_first(stage, monkeypatch):
    monkeypatch.setattr("adapters.slack.intake.PATIENCE", (0.01, 0.01))
    stage.slack.add_user("U0NEW", "Newcomer")
    stage.slack.faults.status("conversations.open", 503)
    stage.slack.team_join("U0NEW")
    [inbound] = await stage.hears()
    assert inbound.event == Joined()


async def test_an_event_that_nobody_can_place_is_given_up(stage, monkeypatch):
    monkeypatch.setattr("adapters.slack.intake.PATIENCE", (0.01, 0.01))
    stage.slack.add_user("U0NEW", "Newcomer")
    stage.slack.faults.status("conversations.open", 503, times=2)
    stage.slack.team_join("U0NEW")
    stage.slack.say(ADA, HALL, "hello")
    [inbound] = await stage.hears()
    assert inbound.event.text == "hello"
    assert stage.gateway.connected

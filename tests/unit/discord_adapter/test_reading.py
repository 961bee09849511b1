"""What people write on Discord, as the assistant hears it."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from bot.inbound import Joined, Said
from tests.emulators.discord import Permission
from tests.emulators.discord.payloads import attachment_url
from tests.emulators.discord.posting import post
from tests.emulators.discord.state import Message, Upload
from tests.emulators.discord.world import MESSAGE_CONTENT
from tests.unit.discord_adapter.stage import SPECS, stage


async def test_a_direct_message_is_meant_for_the_assistant():
    async with stage() as on:
        said = on.server.say(on.ada, on.server.dm(on.ada), "next meeting?")
        inbound = await on.line.handled_id(f"m{said.id}")
        assert inbound.direct
        assert inbound.user == on.user
        assert inbound.profile.name == "Ada"
        assert (inbound.event.text, inbound.event.addressed) == ("next meeting?", True)
        assert inbound.event.message.workspace == on.server.guild.id


def paste(on, where, text, filename="message.txt"):
    """Send what is too long for a message, of which Discord makes a file."""
    world = on.server.world
    message = Message(world.ids.next(), where.id, on.ada, timestamp=world.clock.now())
    upload_id = world.ids.next()
    url = attachment_url(world.base_url, where.id, upload_id, filename)
    message.uploads.append(Upload(upload_id, filename, text.encode(), url))
    return post(world, where, message)


async def test_a_pasted_text_too_long_for_a_message_is_read_from_its_file():
    async with stage() as on:
        agenda = "2nd Meeting\n" + "14:00 Opening remarks\n" * 200
        said = paste(on, on.server.dm(on.ada), agenda)
        inbound = await on.line.handled_id(f"m{said.id}")
        assert inbound.event.text == agenda.strip()


@pytest.mark.parametrize(("filename", "size"), [("photo.png", 10), ("message.txt", 200_000)])
async def test_other_files_are_left_alone(filename, size):
    async with stage() as on:
        said = paste(on, on.server.dm(on.ada), "x" * size, filename)
        inbound = await on.line.handled_id(f"m{said.id}")
        assert inbound.event.text == ""


async def test_a_mention_is_heard_without_the_assistants_name_and_others_by_theirs():
    async with stage() as on:
        grace = on.server.add_user("Grace")
        text = f"{on.server.bot_user.mention}, where is {grace.mention} in {on.plenary.mention}?"
        said = on.server.say(on.ada, on.plenary, text)
        inbound = await on.line.handled_id(f"m{said.id}")
        assert isinstance(inbound.event, Said)
        assert inbound.event.addressed
        assert inbound.event.text == "where is @Grace in #plenary?"
        assert (inbound.direct, inbound.thread) == (False, None)


async def test_without_message_content_only_what_is_meant_for_the_assistant_is_heard():
    with capture_logs() as logs:
        async with stage() as on:
            assert not on.server.gateway.session.intents & MESSAGE_CONTENT
            on.server.say(on.ada, on.plenary, "good morning everybody")
            last = on.server.say(on.ada, on.plenary, f"{on.server.bot_user.mention} help")
            await on.line.handled_id(f"m{last.id}")
            assert [inbound.event.text for inbound in on.line.handled] == ["help"]
    assert any("not read" in entry["event"] for entry in logs)


async def test_with_message_content_everything_is_overheard():
    async with stage(message_content=True) as on:
        said = on.server.say(on.ada, on.plenary, "good morning everybody")
        inbound = await on.line.handled_id(f"m{said.id}")
        assert not inbound.event.addressed


async def test_what_is_said_in_a_thread_is_answered_there():
    async def answer(stage, inbound):
        from bot.messages import Target
        from tests.unit.discord_adapter.stage import says

        await stage.gateway.send(Target(channel=inbound.channel, thread=inbound.thread), says("here"), "key")

    async with stage(answer) as on:
        from bot.platforms import ThreadPlan

        thread_id = await on.gateway.arrange(on.server.guild.id, ThreadPlan(on.here, "group", (on.user,)))
        thread = on.server.guild.channels[thread_id]
        said = on.server.say(on.ada, thread, f"{on.server.bot_user.mention} hello")
        inbound = await on.line.handled_id(f"m{said.id}")
        assert (inbound.channel, inbound.thread) == (on.here, thread_id)
        assert on.texts(thread) == ["here"]


async def test_an_answer_in_a_channel_is_a_reply_to_the_question():
    async def answer(stage, inbound):
        from bot.messages import Target
        from tests.unit.discord_adapter.stage import says

        asked = inbound.event.message.message
        await stage.gateway.send(Target(channel=inbound.channel, thread=asked), says("because"), "key")

    async with stage(answer) as on:
        said = on.server.say(on.ada, on.plenary, f"{on.server.bot_user.mention} why?")
        await on.line.handled_id(f"m{said.id}")
        answered = on.server.said_to(on.ada, on.plenary)[-1]
        assert answered.reference["message_id"] == said.id
        assert answered.mentions == []


async def test_other_bots_and_the_assistant_itself_are_not_heard():
    async with stage(message_content=True) as on:
        other = on.server.add_user("robot", joined=False)
        other.bot = True
        on.server.join(other)
        on.server.say(other, on.plenary, "beep")
        last = on.server.say(on.ada, on.plenary, "people only")
        await on.line.handled_id(f"m{last.id}")
        assert [inbound.id for inbound in on.line.handled] == [f"m{last.id}"]


async def test_who_joins_is_told_of_once_and_nobody_is_greeted_twice():
    async with stage() as on:
        grace = on.server.add_user("Grace", joined=False)
        on.server.join(grace)
        inbound = await on.line.handled_id("j")
        assert isinstance(inbound.event, Joined)
        assert inbound.user.user == grace.id
        assert inbound.profile.locale is None


async def test_the_language_of_somebodys_discord_is_remembered_from_their_interactions():
    async with stage() as on:
        await on.handled(on.server.slash(on.ada, on.plenary, "connections help"))
        said = on.server.say(on.ada, on.server.dm(on.ada), "hello")
        inbound = await on.line.handled_id(f"m{said.id}")
        assert inbound.profile.locale == "fr"


async def test_who_may_manage_the_server_is_an_organizer():
    async with stage() as on:
        role = on.server.add_role("stewards", Permission.MANAGE_GUILD)
        assert not (await on.gateway.fetch_profile(on.user)).admin
        grace = on.server.add_user("Grace", roles=[role])
        assert (await on.gateway.fetch_profile(type(on.user)("discord", on.server.guild.id, grace.id))).admin


async def test_the_specs_are_offered_as_they_are():
    async with stage() as on:
        assert {command["name"] for command in on.server.commands} == {"connections", SPECS[-1].title}

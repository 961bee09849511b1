"""Channels, roles, threads and events: made once, found again, kept equal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.discord.refs import channel_ref, user_ref
from bot.errors import PermanentError, RetryableError
from bot.platforms import ChannelPlan, EventPlan, QuestionPlan, ThreadPlan, VoicePlan
from tests.emulators.discord import Permission
from tests.unit.discord_adapter.stage import stage, until

STARTS = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)
PLAN = EventPlan("core:1", "2nd Meeting", "Agenda", STARTS, STARTS + timedelta(hours=2), "https://meet.example/two")


def role_named(on, name):
    return next(role for role in on.server.guild.roles.values() if role.name == name)


async def test_a_channel_of_a_language_is_made_once_and_seen_by_its_role_alone():
    async with stage() as on:
        plan = ChannelPlan("Français", "Tout en français", role="francophones")
        first = await on.gateway.arrange(on.server.guild.id, plan)
        assert await on.gateway.arrange(on.server.guild.id, plan) == first
        channel = on.server.guild.channels[first]
        assert (channel.name, channel.details["topic"]) == ("français", "Tout en français")
        assert not on.server.world.may(on.ada, channel) & Permission.VIEW_CHANNEL
        await on.gateway.add_to_channel(channel_ref(on.server.guild.id, first), on.user)
        await on.server.until(lambda: on.server.world.may(on.ada, channel) & Permission.VIEW_CHANNEL)
        assert role_named(on, "francophones").id in on.server.guild.members[on.ada.id].roles
        assert len([role for role in on.server.guild.roles.values() if role.name == "francophones"]) == 1


async def test_a_channel_hidden_without_a_role_lets_somebody_in_by_name():
    async with stage() as on:
        board = on.server.add_channel("board", visible_to=[on.server.bot_user])
        await on.gateway.add_to_channel(channel_ref(on.server.guild.id, board.id), on.user)
        assert on.server.world.may(on.ada, board) & Permission.VIEW_CHANNEL
        grace = on.server.add_user("Grace")
        assert not on.server.world.may(grace, board) & Permission.VIEW_CHANNEL


async def test_who_sees_a_channel_is_left_as_they_are():
    async with stage() as on:
        await on.gateway.add_to_channel(on.here, on.user)
        assert on.server.guild.members[on.ada.id].roles == []
        assert on.plenary.overwrites == []


async def test_a_thread_is_private_to_its_members_and_made_once():
    async with stage() as on:
        grace = on.server.add_user("Grace")
        plan = ThreadPlan(on.here, "Group 1", (on.user,))
        thread_id = await on.gateway.arrange(on.server.guild.id, plan)
        more = replace(plan, users=(on.user, user_ref(on.server.guild.id, grace.id)))
        assert await on.gateway.arrange(on.server.guild.id, more) == thread_id
        thread = on.server.guild.channels[thread_id]
        assert thread.type == 12
        assert {on.ada.id, grace.id} <= set(thread.thread_members)
        await on.gateway.add_to_channel(channel_ref(on.server.guild.id, thread_id), on.user)


async def test_an_event_is_made_kept_equal_and_taken_away():
    async with stage() as on:
        guild = on.server.guild.id
        known = await on.gateway.arrange(guild, PLAN)
        assert await on.gateway.arrange(guild, PLAN) == known
        assert len(on.server.events) == 1
        later = replace(PLAN, starts=STARTS + timedelta(days=1), ends=STARTS + timedelta(days=1, hours=1), known=known)
        assert await on.gateway.arrange(guild, later) == known
        fields = on.server.events[0].fields
        assert datetime.fromisoformat(fields["scheduled_start_time"]) == later.starts
        assert fields["entity_metadata"] == {"location": "https://meet.example/two"}
        assert await on.gateway.arrange(guild, replace(later, gone=True)) == ""
        assert await on.gateway.arrange(guild, replace(later, gone=True)) == ""
        assert on.server.events == []


async def test_an_event_with_long_texts_is_shortened():
    async with stage() as on:
        plan = replace(PLAN, name="n" * 300, description="d" * 3000, place="p" * 300)
        known = await on.gateway.arrange(on.server.guild.id, plan)
        assert await on.gateway.arrange(on.server.guild.id, plan) == known


async def test_without_the_permission_it_says_so():
    async with stage(permissions=int(Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES)) as on:
        for plan in (ChannelPlan("x", "y", role="z"), ChannelPlan("x", "y"), PLAN):
            with pytest.raises(PermanentError, match="lacks a permission"):
                await on.gateway.arrange(on.server.guild.id, plan)


async def test_nothing_is_arranged_in_a_server_it_is_not_in():
    async with stage() as on:
        with pytest.raises(PermanentError):
            await on.gateway.arrange("1", PLAN)


# --- the question for newcomers --------------------------------------------------------------------------------------


def options_of(on, title):
    prompts = on.server.guild.onboarding["prompts"]
    return [option["title"] for prompt in prompts if prompt["title"] == title for option in prompt["options"]]


async def test_newcomers_are_asked_for_their_languages_among_the_servers_own_questions():
    async with stage() as on:
        guild = on.server.guild
        french, spanish = on.server.add_role("francophones"), on.server.add_role("hispanohablantes")
        guild.features.append("COMMUNITY")
        own = {
            "id": "7", "type": 0, "title": "Why are you here?", "single_select": True, "required": True,
            "in_onboarding": True,
            "options": [{
                "id": "8", "title": "To learn", "description": None, "role_ids": [], "channel_ids": [on.plenary.id],
                "emoji": {"id": None, "name": "📚", "animated": False},
            }],
        }  # fmt: skip
        guild.onboarding |= {"enabled": True, "prompts": [own], "default_channel_ids": enough(on)}
        rooms = [on.server.add_channel(role.name, visible_to=[role, on.server.bot_role]) for role in (french, spanish)]
        choices = [("Français", (ref_of(on, rooms[0]),))]
        assert await on.gateway.arrange(guild.id, QuestionPlan("Which languages do you speak?", tuple(choices)))
        choices.append(("Español", (ref_of(on, rooms[1]),)))
        assert await on.gateway.arrange(guild.id, QuestionPlan("Which languages?", tuple(choices)))
        assert [prompt["title"] for prompt in guild.onboarding["prompts"]] == ["Why are you here?", "Which languages?"]
        assert options_of(on, "Which languages?") == ["Français", "Español"]
        assert options_of(on, "Why are you here?") == ["To learn"]
        ours = guild.onboarding["prompts"][1]["options"]
        assert [option["role_ids"] for option in ours] == [[french.id], [spanish.id]]


def ref_of(on, channel):
    return channel_ref(on.server.guild.id, channel.id)


def enough(on):
    """Channels that everybody sees, as many as Discord asks for."""
    return [on.server.add_channel(f"open-{number}").id for number in range(7)]


async def test_a_server_without_questions_is_left_alone():
    async with stage() as on:
        plan = QuestionPlan("Which languages?", (("Français", (ref_of(on, on.plenary),)),))
        assert await on.gateway.arrange(on.server.guild.id, plan) == ""
        assert not on.server.calls_of("PUT /guilds/{guild_id}/onboarding")


# --- voice channels --------------------------------------------------------------------------------------------------


def voice_of(on, user):
    return on.server.guild.members[user.id].voice


async def heard(on, channel, count):
    """Wait until the library knows how many are in a voice channel."""
    place = on.gateway._client().get_channel(int(channel))
    await until(lambda: len(place.members) == count)


async def test_only_who_asked_is_moved_into_a_voice_channel():
    async with stage() as on:
        lobby = on.server.add_channel("lobby", "voice")
        asks, stays, away = (on.server.add_user(name) for name in ("Asks", "Stays", "Away"))
        for user in (asks, stays):
            on.server.enter_voice(user, lobby)
        users = tuple(user_ref(on.server.guild.id, user.id) for user in (asks, away))
        made = await on.gateway.arrange(on.server.guild.id, VoicePlan("English 2", users))
        assert voice_of(on, asks) == made
        assert voice_of(on, stays) == lobby.id
        assert voice_of(on, away) is None
        assert await on.gateway.arrange(on.server.guild.id, VoicePlan("English 2")) == made


async def test_a_voice_channel_goes_when_nobody_is_in_it():
    async with stage() as on:
        made = await on.gateway.arrange(on.server.guild.id, VoicePlan("English 2"))
        on.server.enter_voice(on.ada, on.server.guild.channels[made])
        await heard(on, made, 1)
        with pytest.raises(RetryableError):
            await on.gateway.arrange(on.server.guild.id, VoicePlan("English 2", gone=True))
        on.server.enter_voice(on.ada, None)
        await heard(on, made, 0)
        assert await on.gateway.arrange(on.server.guild.id, VoicePlan("English 2", gone=True)) == ""
        assert made not in on.server.guild.channels

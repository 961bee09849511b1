"""What Discord refuses and what breaks on the way: each has its error, and what may have been sent is sent once."""

from __future__ import annotations

import asyncio

import discord
import pytest

from adapters.discord.connection import DiscordConnection
from adapters.discord.settings import DiscordSettings
from bot.errors import ConfigError, PermanentError, RetryableError, UncertainError
from bot.messages import Target, UserRef
from bot.platforms import Core
from tests.emulators.discord import DiscordServer
from tests.scenario.discord_chat import connected
from tests.unit.discord_adapter.stage import SEND, says, stage, until


async def nothing(_anything):
    return ()


async def test_a_rate_limit_of_one_route_is_waited_out():
    async with stage() as on:
        on.server.faults.rate_limit(SEND, 0.05, times=2)
        await on.gateway.send(on.to_all, says("hello"), "key")
        assert [call.status for call in on.server.calls_of(SEND)] == [429, 429, 200]
        assert on.texts(on.plenary) == ["hello"]


async def test_a_global_rate_limit_holds_everything_back():
    async with stage() as on:
        on.server.faults.rate_limit(SEND, 0.2, scope="global")
        sent = asyncio.create_task(on.gateway.send(on.to_all, says("hello"), "key-1"))
        library = on.gateway._client().http
        await until(lambda: not library._global_over.is_set())
        limited = on.server.calls_of(SEND)
        await on.gateway.send(on.to_ada, says("hello"), "key-2")
        await sent
        assert all(call.at - limited[0].at >= 0.2 for call in on.server.calls if call.at > limited[0].at)


async def test_a_limit_longer_than_anyone_waits_is_told_with_its_time():
    async with stage() as on:
        on.server.faults.rate_limit(SEND, 120)
        with pytest.raises(RetryableError) as told:
            await on.gateway.send(on.to_all, says("hello"), "key")
        assert told.value.retry_after == 120
        assert on.texts(on.plenary) == []


async def test_a_ban_by_the_front_server_is_to_be_tried_later():
    async with stage() as on:
        on.server.faults.rate_limit(SEND, 5, via=False)
        with pytest.raises(RetryableError):
            await on.gateway.send(on.to_all, says("hello"), "key")


async def test_an_error_after_storing_is_one_message():
    async with stage() as on:
        on.server.faults.status(SEND, 500, after=True)
        await on.gateway.send(on.to_all, says("hello"), "key")
        assert on.texts(on.plenary) == ["hello"]
        assert len(on.server.calls_of(SEND)) == 2


@pytest.mark.parametrize("stored", [True, False])
async def test_a_cut_connection_is_uncertain_and_looked_up(stored):
    async with stage() as on:
        on.server.faults.cut(SEND, after=stored)
        with pytest.raises(UncertainError):
            await on.gateway.send(on.to_all, says("hello"), "key")
        assert (await on.gateway.find_sent(on.to_all, "key") is not None) == stored
        await on.gateway.send(on.to_all, says("hello"), "key")
        assert on.texts(on.plenary) == ["hello"]


async def test_a_message_is_found_by_its_mark_when_the_nonce_is_forgotten_and_it_was_edited():
    async with stage() as on:
        ref = await on.gateway.send(on.to_all, says("hello"), "key")
        await on.gateway.edit(ref, says("changed"))
        on.server.clock.advance(3600)
        assert await on.gateway.find_sent(on.to_all, "key") == ref
        assert on.texts(on.plenary) == ["changed"]


async def test_a_message_that_was_sent_and_deleted_is_not_sent_again():
    async with stage() as on:
        first = await on.gateway.send(on.to_all, says("hello"), "key")
        on.server.unsay(on.server.said_to(on.ada, on.plenary)[-1])
        again = await on.gateway.send(on.to_all, says("hello"), "key")
        assert again.channel == first.channel
        assert on.texts(on.plenary) == []


async def test_reading_that_fails_is_only_to_be_tried_again():
    async with stage() as on:
        on.server.faults.status("GET /channels/{channel_id}/messages", 503)
        with pytest.raises(RetryableError):
            await on.gateway.find_sent(on.to_all, "key")


async def test_a_refused_direct_message_says_so():
    async with stage() as on:
        on.ada.refuses_dms = True
        with pytest.raises(PermanentError, match="takes no direct messages"):
            await on.gateway.send(on.to_ada, says("hello"), "key")


async def test_a_deleted_channel_says_so():
    async with stage() as on:
        on.server.remove_channel(on.plenary)
        with pytest.raises(PermanentError, match="the channel is gone"):
            await on.gateway.send(on.to_all, says("hello"), "key")


async def test_a_channel_out_of_sight_names_the_permission():
    async with stage() as on:
        hidden = on.server.add_channel("board", visible_to=[on.ada])
        target = Target(channel=type(on.here)("discord", on.server.guild.id, hidden.id))
        with pytest.raises(PermanentError, match="View Channel"):
            await on.gateway.send(target, says("hello"), "key")


async def test_a_kicked_assistant_says_so_and_stays_connected():
    async with stage() as on:
        on.server.kick_bot()
        client = on.gateway._client()
        await until(lambda: not client.guilds)
        for target in (on.to_all, on.to_ada):
            with pytest.raises(PermanentError, match="not in this server"):
                await on.gateway.send(target, says("hello"), "key")
        with pytest.raises(PermanentError, match="not in this server"):
            await on.gateway.fetch_profile(on.user)
        assert on.gateway.connected


async def test_before_it_connects_everything_is_to_be_tried_again():
    gateway = DiscordConnection(DiscordSettings("token")).gateway
    assert not gateway.connected
    with pytest.raises(RetryableError):
        await gateway.send(Target(user=UserRef("discord", "1", "2")), says("hello"), "key")


# --- the gateway -----------------------------------------------------------------------------------------------------


async def test_a_dropped_socket_is_resumed_and_what_was_said_meanwhile_is_heard():
    async with stage() as on:
        session = on.server.gateway.session
        on.server.gateway.drop()
        said = on.server.say(on.ada, on.server.dm(on.ada), "are you there?")
        inbound = await on.line.handled_id(f"m{said.id}")
        assert inbound.event.text == "are you there?"
        assert on.server.gateway.session is session
        await until(lambda: on.gateway.connected)


async def run(server: DiscordServer, token: str | None = None, *, message_content: bool = False) -> None:
    settings = DiscordSettings(token or server.token, server.api_url, server.gateway_url, message_content)
    with server.pointed():
        async with asyncio.timeout(15):
            await DiscordConnection(settings).run(Core(nothing, nothing, (), ("en",)))


async def test_a_token_that_discord_refuses_names_the_step_that_mends_it():
    async with DiscordServer() as server:
        with pytest.raises(ConfigError, match="Reset Token"):
            await run(server, "wrong.token.entirely")


async def test_a_token_revoked_while_connecting_names_the_same_step():
    async with DiscordServer() as server:
        server.gateway.refuse_next.append(4004)
        with pytest.raises(ConfigError, match="Reset Token"):
            await run(server)


@pytest.mark.parametrize(("message_content", "named"), [(False, "Server Members Intent"), (True, "Message Content")])
async def test_an_intent_that_is_switched_off_is_named(message_content, named):
    async with DiscordServer(intents=0) as server:
        with pytest.raises(ConfigError, match=named):
            await run(server, message_content=message_content)


async def test_a_server_that_fails_at_login_ends_the_connection_so_that_it_is_made_anew():
    async with DiscordServer() as server:
        server.faults.status("GET /users/@me", 503)
        with pytest.raises(discord.DiscordServerError):
            await run(server)


async def test_two_connections_one_after_the_other():
    async with DiscordServer() as server:
        settings = DiscordSettings(server.token, server.api_url, server.gateway_url)
        connection = DiscordConnection(settings)
        for _number in range(2):
            async with connected(server, nothing, connection=connection):
                assert connection.gateway.connected
            assert not connection.gateway.connected

"""The emulated gateway, packet by packet: what it wants to hear, and with which code it hangs up."""

from __future__ import annotations

import json
import zlib
from contextlib import asynccontextmanager

import aiohttp
import pytest

from tests.emulators.discord import DiscordServer

GUILDS, GUILD_MEMBERS, GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 0, 1 << 1, 1 << 9, 1 << 12
EVERYTHING = GUILDS | GUILD_MEMBERS | GUILD_MESSAGES | DIRECT_MESSAGES


class Socket:
    """A bare gateway client."""

    def __init__(self, server: DiscordServer, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.server, self.socket = server, socket

    async def send(self, op: int, data) -> None:
        await self.socket.send_json({"op": op, "d": data})

    async def identify(self, **more) -> None:
        properties = {"os": "linux", "browser": "test", "device": "test"}
        await self.send(2, {"token": self.server.token, "intents": EVERYTHING, "properties": properties} | more)

    async def next(self) -> dict:
        return await self.socket.receive_json(timeout=10)

    async def named(self, name: str) -> dict:
        while (packet := await self.next()).get("t") != name:
            pass
        return packet

    async def closed(self) -> int | None:
        while (await self.socket.receive(timeout=10)).type not in {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED}:
            pass
        return self.socket.close_code


@asynccontextmanager
async def connected(server: DiscordServer, query: str = "v=10&encoding=json"):
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{server.gateway_url}?{query}") as socket:
        yield Socket(server, socket)


async def test_it_says_hello_and_answers_heartbeats():
    async with DiscordServer(heartbeat_ms=1234) as server, connected(server) as client:
        assert (await client.next())["d"]["heartbeat_interval"] == 1234
        await client.send(1, None)
        assert (await client.next())["op"] == 11


async def test_ready_names_the_guild_and_guild_create_brings_it():
    async with DiscordServer("Ours") as server, connected(server) as client:
        server.add_channel("general")
        server.add_user("ana")
        await client.identify()
        ready = (await client.named("READY"))["d"]
        assert ready["guilds"] == [{"id": server.guild.id, "unavailable": True}]
        assert ready["user"]["id"] == ready["application"]["id"] == server.application_id
        guild = (await client.named("GUILD_CREATE"))["d"]
        assert (guild["name"], guild["member_count"], [item["name"] for item in guild["channels"]]) == (
            "Ours", 3, ["general"],
        )  # fmt: skip
        assert [member["user"]["username"] for member in guild["members"]] == ["connections"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"token": "wrong"}, 4004),
        ({"intents": 1 << 30}, 4013),
        ({"intents": None}, 4013),
        ({"intents": 1 << 15}, 4014),
        ({"properties": None}, 4002),
        ({"shard": [3, 2]}, 4010),
    ],
)
async def test_a_wrong_identify_is_hung_up_on(more, code):
    async with DiscordServer(intents=0) as server, connected(server) as client:
        await client.identify(**({"intents": GUILDS} | more))
        assert await client.closed() == code


@pytest.mark.parametrize(("op", "code"), [(8, 4003), (77, 4001)])
async def test_commands_out_of_turn_are_hung_up_on(op, code):
    async with DiscordServer() as server, connected(server) as client:
        await client.send(op, {})
        assert await client.closed() == code


async def test_nonsense_a_second_identify_and_another_version_are_hung_up_on():
    async with DiscordServer() as server:
        async with connected(server) as client:
            await client.socket.send_str("{")
            assert await client.closed() == 4002
        async with connected(server) as client:
            await client.identify()
            await client.identify()
            assert await client.closed() == 4005
        async with connected(server, "v=6") as client:
            assert await client.closed() == 4012


async def test_too_many_commands_in_a_minute_are_hung_up_on():
    async with DiscordServer() as server, connected(server) as client:
        for _ in range(121):
            await client.send(1, None)
        assert await client.closed() == 4008


async def test_a_resume_replays_what_came_after_and_a_strange_session_is_invalid():
    async with DiscordServer() as server:
        room, ana = server.add_channel("general"), server.add_user("ana")
        async with connected(server) as client:
            await client.identify()
            session = (await client.named("READY"))["d"]["session_id"]
            seq = (await client.named("GUILD_CREATE"))["s"]
            server.gateway.drop()
        for text in ("one", "two"):
            server.say(ana, room, text)
        async with connected(server) as client:
            await client.send(6, {"token": server.token, "session_id": session, "seq": seq})
            packets = [await client.next() for _ in range(4)]
            assert [packet.get("t") for packet in packets] == [None, "MESSAGE_CREATE", "MESSAGE_CREATE", "RESUMED"]
            assert [packet["s"] for packet in packets[1:]] == [seq + 1, seq + 2, seq + 3]
        async with connected(server) as client:
            await client.send(6, {"token": server.token, "session_id": "strange", "seq": 1})
            await client.next()
            assert await client.next() == {"op": 9, "d": False}


async def test_a_resume_from_the_future_is_hung_up_on():
    async with DiscordServer() as server:
        async with connected(server) as client:
            await client.identify()
            session = (await client.named("READY"))["d"]["session_id"]
            server.gateway.drop()
        async with connected(server) as client:
            await client.send(6, {"token": server.token, "session_id": session, "seq": 999})
            assert await client.closed() == 4007


async def test_a_client_that_says_good_bye_has_nothing_to_resume():
    async with DiscordServer() as server:
        async with connected(server) as client:
            await client.identify()
            session = (await client.named("READY"))["d"]["session_id"]
            await client.socket.close(code=1000)
        await server.until(lambda: not server.gateway.lines)
        assert session not in server.gateway.sessions


async def test_members_come_in_chunks_with_the_nonce_of_the_question():
    async with DiscordServer() as server:
        ana = server.add_user("ana")
        for number in range(1200):
            server.add_user(f"sample {number}")
        async with connected(server) as client:
            await client.identify()
            await client.send(8, {"guild_id": server.guild.id, "query": "", "limit": 0, "nonce": "n"})
            chunks = [(await client.named("GUILD_MEMBERS_CHUNK"))["d"] for _ in range(2)]
            assert [len(chunk["members"]) for chunk in chunks] == [1000, 203]
            assert [(chunk["chunk_index"], chunk["chunk_count"], chunk["nonce"]) for chunk in chunks] == [
                (0, 2, "n"), (1, 2, "n"),
            ]  # fmt: skip
            await client.send(8, {"guild_id": server.guild.id, "user_ids": [ana.id, "1"], "limit": 0})
            chunk = (await client.named("GUILD_MEMBERS_CHUNK"))["d"]
            assert ([item["user"]["username"] for item in chunk["members"]], chunk["not_found"]) == (["ana"], ["1"])


async def test_zlib_makes_one_stream_of_the_whole_connection():
    async with DiscordServer() as server, connected(server, "v=10&encoding=json&compress=zlib-stream") as client:
        stream = zlib.decompressobj()
        await client.identify()
        packets = [json.loads(stream.decompress(await client.socket.receive_bytes(timeout=10))) for _ in range(3)]
        assert [packet.get("t") for packet in packets] == [None, "READY", "GUILD_CREATE"]


async def test_only_events_that_were_asked_for_come():
    async with DiscordServer() as server, connected(server) as client:
        room, ana = server.add_channel("general"), server.add_user("ana")
        await client.identify(intents=GUILDS | DIRECT_MESSAGES)
        await client.named("GUILD_CREATE")
        server.join(server.add_user("ben", joined=False))
        server.say(ana, room, "not for you")
        server.say(ana, server.dm(ana), "for you")
        packet = await client.next()
        assert (packet["t"], packet["d"]["content"], packet["d"].get("guild_id")) == ("MESSAGE_CREATE", "for you", None)


async def test_messages_out_of_sight_do_not_come():
    async with DiscordServer() as server, connected(server) as client:
        ana = server.add_user("ana")
        hidden, room = server.add_channel("hidden", visible_to=[ana]), server.add_channel("general")
        await client.identify()
        await client.named("GUILD_CREATE")
        server.say(ana, hidden, "secret")
        server.say(ana, room, "open")
        assert (await client.named("MESSAGE_CREATE"))["d"]["channel_id"] == room.id

"""The emulated REST interface, call by call: its headers, its refusals, its faults."""

from __future__ import annotations

from contextlib import asynccontextmanager

import aiohttp
import pytest

from tests.emulators.discord import DiscordServer, Permission
from tests.emulators.discord.faults import RateLimits

SEND = "POST /channels/{channel_id}/messages"


class Caller:
    """Plain HTTP calls with the bot's token."""

    def __init__(self, server: DiscordServer, session: aiohttp.ClientSession) -> None:
        self.server, self.session = server, session

    async def __call__(
        self, method: str, path: str, body=None, *, token: str | None = None, **more
    ) -> tuple[int, dict]:
        headers = {"Authorization": token or f"Bot {self.server.token}"}
        async with self.session.request(
            method, self.server.api_url + path, json=body, headers=headers, **more
        ) as response:
            self.headers = response.headers
            return response.status, await response.json() if response.status != 204 else {}


@asynccontextmanager
async def calling(server: DiscordServer):
    async with server, aiohttp.ClientSession() as session:
        yield Caller(server, session)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing/here", 404, 0),
        ("GET", "/channels/1", 404, 10003),
        ("GET", "/guilds/1", 404, 10004),
        ("GET", "/channels/{room}/messages/1", 404, 10008),
        ("GET", "/guilds/{guild}/members/1", 404, 10007),
        ("GET", "/users/1", 404, 10013),
        ("PUT", "/guilds/{guild}/members/{ana}/roles/1", 404, 10011),
        ("GET", "/guilds/{guild}/scheduled-events/1", 404, 10070),
        ("GET", "/applications/{app}/commands/1", 404, 10063),
        ("POST", "/webhooks/{app}/wrong", 404, 10015),
        ("POST", "/interactions/1/wrong/callback", 404, 10062),
        ("POST", "/channels/{room}/messages", 400, 50035),
        ("GET", "/channels/{room}/messages?limit=101", 400, 50035),
        ("DELETE", "/channels/{room}/permissions/1", 404, 10009),
        ("PUT", "/guilds/{guild}/onboarding", 403, 350001),
        ("PATCH", "/channels/{room}/messages/{said}", 403, 50005),
        ("POST", "/channels/{hall}/threads", 400, 50035),
    ],
)
async def test_what_does_not_exist_or_may_not_be_is_refused(method, path, status, code):
    async with calling(DiscordServer()) as call:
        server = call.server
        room, hall, ana = server.add_channel("general"), server.add_channel("hall", "voice"), server.add_user("ana")
        known = {
            "room": room.id,
            "hall": hall.id,
            "ana": ana.id,
            "guild": server.guild.id,
            "app": server.application_id,
        }
        found = await call(method, path.format(**known, said=server.say(ana, room, "hi").id))
        assert (found[0], found[1]["code"]) == (status, code)


async def test_a_token_is_needed():
    async with calling(DiscordServer()) as call:
        assert await call("GET", "/users/@me", token="Bot wrong") == (401, {"message": "401: Unauthorized", "code": 0})
        assert (await call("GET", "/gateway"))[1] == {"url": call.server.gateway_url}


async def test_the_faults_of_a_payload_are_nested_as_the_payload_is():
    async with calling(DiscordServer()) as call:
        room = call.server.add_channel("general")
        body = {"content": "x", "embeds": [{"title": "x" * 257}]}
        status, found = await call("POST", f"/channels/{room.id}/messages", body)
        error = {"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 256 or fewer in length."}
        assert (status, found["message"]) == (400, "Invalid Form Body")
        assert found["errors"] == {"embeds": {"0": {"title": {"_errors": [error]}}}}


async def test_answers_say_what_is_left_and_when_it_comes_back():
    async with calling(DiscordServer()) as call:
        room, other = call.server.add_channel("general"), call.server.add_channel("other")
        call.server.rates.hold(SEND, 2, 60)
        path, body = f"/channels/{room.id}/messages", {"content": "x"}
        for left in ("1", "0"):
            await call("POST", path, body)
            assert (call.headers["X-RateLimit-Limit"], call.headers["X-RateLimit-Remaining"]) == ("2", left)
        bucket = call.headers["X-RateLimit-Bucket"]
        status, found = await call("POST", path, body)
        assert (status, found["global"], call.headers["X-RateLimit-Scope"]) == (429, False, "user")
        assert 0 < found["retry_after"] <= 60
        assert (call.headers["Via"], call.headers["Content-Type"]) == ("1.1 google", "application/json")
        assert (await call("POST", f"/channels/{other.id}/messages", body))[0] == 200
        assert call.headers["X-RateLimit-Bucket"] == bucket


async def test_the_whole_bot_has_a_limit_of_its_own():
    async with calling(DiscordServer()) as call:
        call.server.rates.everywhere = 1
        call.server.rates.clock = lambda: 5.0
        assert (await call("GET", "/users/@me"))[0] == 200
        status, found = await call("GET", "/users/@me")
        assert (status, found["global"], call.headers["X-RateLimit-Global"]) == (429, True, "true")


def test_a_bucket_fills_again():
    now = [0.0]
    rates = RateLimits(clock=lambda: now[0])
    rates.hold("GET /x", 1, 2.0)
    assert rates.pass_through("GET /x", "1")[1] == 0
    assert rates.pass_through("GET /x", "1")[1] == 2.0
    now[0] = 2.0
    assert rates.pass_through("GET /x", "1")[1] == 0


async def test_a_late_answer_and_an_error_of_choice():
    async with calling(DiscordServer()) as call:
        room = call.server.add_channel("general")
        path, body = f"/channels/{room.id}/messages", {"content": "x"}
        call.server.faults.late(SEND, 0.05)
        call.server.faults.refuse(SEND, 403, 20016, "This action cannot be performed due to slowmode rate limit.")
        assert (await call("POST", path, body))[0] == 200
        assert (await call("POST", path, body))[1]["code"] == 20016
        assert [(item.status, item.json) for item in call.server.calls] == [(200, body), (403, body)]


async def test_the_same_nonce_gives_the_first_message_unless_it_was_deleted():
    async with calling(DiscordServer()) as call:
        room = call.server.add_channel("general")
        path, body = f"/channels/{room.id}/messages", {"content": "x", "nonce": "n1", "enforce_nonce": True}
        first, second = (await call("POST", path, body))[1], (await call("POST", path, body | {"content": "y"}))[1]
        assert (first["id"], second["content"], second["nonce"]) == (second["id"], "x", "n1")
        assert "nonce" not in (await call("GET", path))[1][0]
        await call("DELETE", f"{path}/{first['id']}")
        assert (await call("POST", path, body))[1]["code"] == 10008


async def test_a_refused_edit_changes_nothing_and_newer_components_stay():
    async with calling(DiscordServer()) as call:
        room = call.server.add_channel("general")
        path = f"/channels/{room.id}/messages"
        words = [{"type": 10, "content": "words"}]
        plain = (await call("POST", path, {"content": "plain"}))[1]
        assert (await call("PATCH", f"{path}/{plain['id']}", {"content": ""}))[1]["code"] == 50006
        assert (await call("PATCH", f"{path}/{plain['id']}", {"flags": 1 << 15, "components": words}))[0] == 400
        newer = (await call("POST", path, {"flags": 1 << 15, "components": words}))[1]
        assert (await call("PATCH", f"{path}/{newer['id']}", {"content": "beside"}))[1]["code"] == 50035
        changed = (await call("PATCH", f"{path}/{newer['id']}", {"components": [words[0] | {"content": "other"}]}))[1]
        assert [message.text for message in room.messages] == ["plain", "other"]
        assert changed["flags"] == 1 << 15


async def test_history_pages_in_every_direction():
    async with calling(DiscordServer()) as call:
        room, ana = call.server.add_channel("general"), call.server.add_user("ana")
        ids = [call.server.say(ana, room, str(number)).id for number in range(6)]
        path = f"/channels/{room.id}/messages?limit=2"

        async def contents(query: str) -> list[str]:
            return [item["content"] for item in (await call("GET", path + query))[1]]

        assert await contents("") == ["5", "4"]
        assert await contents(f"&before={ids[2]}") == ["1", "0"]
        assert await contents(f"&after={ids[2]}") == ["4", "3"]
        assert "3" in await contents(f"&around={ids[3]}")


async def test_hiding_a_channel_hides_it_from_a_bot_without_a_word_of_its_own():
    async with calling(DiscordServer()) as call:
        hidden = [{"id": call.server.guild.id, "type": 0, "deny": str(int(Permission.VIEW_CHANNEL))}]
        body = {"name": "secret", "permission_overwrites": hidden}
        created = (await call("POST", f"/guilds/{call.server.guild.id}/channels", body))[1]
        assert (await call("POST", f"/channels/{created['id']}/messages", {"content": "x"}))[1]["code"] == 50001


async def test_a_bot_gives_no_role_above_its_own_and_no_permission_that_it_lacks():
    async with calling(DiscordServer()) as call:
        guild, ana = call.server.guild, call.server.add_user("ana")
        above = call.server.add_role("above")
        above.position = 99
        assert (await call("PUT", f"/guilds/{guild.id}/members/{ana.id}/roles/{above.id}"))[1]["code"] == 50013
        body = {"name": "strong", "permissions": str(int(Permission.ADMINISTRATOR))}
        assert (await call("POST", f"/guilds/{guild.id}/roles", body))[1]["code"] == 50013


async def test_listing_members_needs_the_privileged_intent():
    async with calling(DiscordServer(intents=0)) as call:
        assert (await call("GET", f"/guilds/{call.server.guild.id}/members"))[1]["code"] == 50001
    async with calling(DiscordServer()) as call:
        call.server.add_user("ana")
        found = (await call("GET", f"/guilds/{call.server.guild.id}/members?limit=10"))[1]
        assert [item["user"]["username"] for item in found] == ["connections", "owner", "ana"]
        assert [item["user"].get("locale") for item in found] == [None, None, None]


async def test_a_removed_bot_reaches_nothing():
    async with calling(DiscordServer()) as call:
        room = call.server.add_channel("general")
        call.server.kick_bot()
        assert (await call("GET", f"/channels/{room.id}"))[1]["code"] == 50001
        assert (await call("GET", "/users/@me/guilds"))[1] == []


async def test_only_what_is_emulated_is_accepted():
    async with calling(DiscordServer()) as call:
        room = call.server.add_channel("general")
        status, found = await call("POST", f"/channels/{room.id}/messages", {"content": "x", "poll": {"question": {}}})
        assert (status, found["message"]) == (501, "poll is not emulated")


async def test_events_do_not_begin_in_the_past_and_finished_ones_stay_so():
    async with calling(DiscordServer()) as call:
        path = f"/guilds/{call.server.guild.id}/scheduled-events"
        body = {
            "name": "Meeting", "privacy_level": 2, "entity_type": 3, "entity_metadata": {"location": "Online"},
            "scheduled_start_time": "2020-01-01T10:00:00Z", "scheduled_end_time": "2999-01-01T11:00:00Z",
        }  # fmt: skip
        assert (await call("POST", path, body))[1]["code"] == 50035
        created = (await call("POST", path, body | {"scheduled_start_time": "2998-01-01T10:00:00Z"}))[1]
        assert created["scheduled_start_time"] == "2998-01-01T10:00:00.000000+00:00"
        one = f"{path}/{created['id']}"
        assert (await call("PATCH", one, {"status": 3}))[1]["code"] == 50035
        assert (await call("PATCH", one, {"status": 4}))[0] == 200
        assert (await call("PATCH", one, {"name": "Again"}))[1]["code"] == 180000

"""The real discord.py works against the emulated Discord, and meets there what it would meet at Discord."""

from __future__ import annotations

import asyncio
import io
from datetime import timedelta
from typing import cast

import aiohttp
import discord
import pytest
from discord import app_commands

from tests.emulators.discord import DiscordServer, Permission, Refused, running
from tests.emulators.discord.world import MESSAGE_CONTENT

SEND = "POST /channels/{channel_id}/messages"


def least_intents() -> discord.Intents:
    return discord.Intents(guilds=True, guild_messages=True, dm_messages=True, voice_states=True)


def every_intent() -> discord.Intents:
    return discord.Intents.all()


class Bot(discord.Client):
    """A bare bot that keeps what it hears and echoes what starts with "echo"."""

    def __init__(self, intents: discord.Intents | None = None, **options):
        super().__init__(intents=intents or every_intent(), guild_ready_timeout=0.1, **options)
        self.tree = app_commands.CommandTree(self)
        self.heard: list[discord.Message] = []
        self.happened: list[tuple] = []
        self.news = asyncio.Event()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify at once: the library would wait 5 seconds, which Discord asks of bots with many shards."""

    async def on_message(self, message: discord.Message) -> None:
        self.heard.append(message)
        self.news.set()
        if message.content.startswith("echo") and message.author != self.user:
            await message.channel.send(message.content.removeprefix("echo").strip())

    async def on_member_join(self, member: discord.Member) -> None:
        self.happened.append(("joined", member.name))

    async def on_voice_state_update(self, member: discord.Member, before, after) -> None:
        self.happened.append(("voice", after.channel and after.channel.name))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.happened.append(("removed", guild.name))


async def heard(bot: Bot, text: str) -> discord.Message:
    async with asyncio.timeout(10):
        while not (found := [message for message in bot.heard if message.content == text]):
            bot.news.clear()
            await bot.news.wait()
    return found[0]


class TestTalking:
    async def test_a_message_in_a_channel_is_heard_and_answered(self):
        async with DiscordServer() as server:
            room, ana = server.add_channel("general"), server.add_user("ana")
            async with running(server, Bot()) as bot:
                server.say(ana, room, "echo hello")
                await server.until(lambda: server.said_to(ana, room))
                assert [message.text for message in server.seen(ana, room)] == ["echo hello", "hello"]
                assert bot.guilds[0].name == "Emulated"
                assert bot.guilds[0].get_member(int(ana.id)).name == "ana"

    async def test_a_direct_message_too(self):
        async with DiscordServer() as server:
            ana = server.add_user("ana")
            async with running(server, Bot(least_intents())):
                server.say(ana, server.dm(ana), "echo in private")
                await server.until(lambda: server.said_to(ana))
                assert server.said_to(ana)[0].text == "in private"

    async def test_without_message_content_only_what_is_meant_for_the_bot_has_words(self):
        async with DiscordServer(intents=0) as server:
            room, ana = server.add_channel("general"), server.add_user("ana")
            async with running(server, Bot(least_intents())) as bot:
                server.say(ana, room, "not for you")
                server.say(ana, room, f"{server.bot_user.mention} for you")
                found = await heard(bot, f"<@{server.bot_user.id}> for you")
                assert [message.content for message in bot.heard] == ["", found.content]
                assert bot.user in found.mentions

    async def test_files_arrive_and_can_be_fetched(self):
        async with DiscordServer() as server:
            room = server.add_channel("general")
            async with running(server, Bot()) as bot:
                channel = bot.get_channel(int(room.id))
                sent = await channel.send("a calendar", file=discord.File(io.BytesIO(b"BEGIN"), "meet.ics"))
                assert room.messages[0].uploads[0].content == b"BEGIN"
                assert await sent.attachments[0].read() == b"BEGIN"

    async def test_history_reactions_edits_and_deletes(self):
        async with DiscordServer() as server:
            room, ana = server.add_channel("general"), server.add_user("ana")
            said = [server.say(ana, room, f"line {number}") for number in range(5)]
            async with running(server, Bot()) as bot:
                channel = bot.get_channel(int(room.id))
                after = [item.content async for item in channel.history(after=discord.Object(said[1].id), limit=2)]
                assert after == ["line 2", "line 3"]
                mine = await channel.send("draft")
                await mine.edit(content="final")
                await mine.add_reaction("👍")
                assert (room.messages[-1].content, room.messages[-1].reactions) == (
                    "final",
                    {"👍": [server.bot_user.id]},
                )
                await mine.delete()
                assert [message.content for message in room.messages][-1] == "line 4"

    async def test_nobody_is_pinged_unless_the_payload_allows_it(self):
        async with DiscordServer() as server:
            room, ana = server.add_channel("general"), server.add_user("ana")
            async with running(server, Bot()) as bot:
                channel = bot.get_channel(int(room.id))
                await channel.send(f"{ana.mention} @everyone", allowed_mentions=discord.AllowedMentions.none())
                await channel.send(f"{ana.mention} @everyone")
                quiet, loud = room.messages
                assert (quiet.mentions, quiet.mention_everyone) == ([], False)
                assert (loud.mentions, loud.mention_everyone) == ([ana.id], False)


class TestInteractions:
    async def test_a_slash_command_is_deferred_and_followed_up_in_private(self):
        async with DiscordServer() as server:
            room, ana, ben = server.add_channel("general"), server.add_user("ana", "fr"), server.add_user("ben")
            bot = Bot()
            locales = []

            @bot.tree.command(name="hello", description="Say hello")
            async def hello(interaction: discord.Interaction, name: str) -> None:
                locales.append(interaction.locale)
                await interaction.response.defer(ephemeral=True)
                await interaction.followup.send(f"hello {name}")
                await interaction.followup.send("aloud")

            async with running(server, bot):
                await bot.tree.sync()
                used = server.slash(ana, room, "hello", {"name": "you"})
                await server.until(lambda: len(server.said_to(ana, room)) == 2)
                assert used.failure is None
                assert [message.text for message in server.said_to(ana, room)] == ["hello you", "aloud"]
                assert [message.text for message in server.said_to(ben, room)] == ["aloud"]
                assert locales == [discord.Locale.french]

    async def test_a_button_changes_its_message(self):
        async with DiscordServer() as server:
            room, ana = server.add_channel("general"), server.add_user("ana")

            class Choice(discord.ui.View):
                @discord.ui.button(label="Yes", custom_id="yes")
                async def yes(self, interaction: discord.Interaction, button: discord.ui.Button) -> None:
                    button.disabled = True
                    await interaction.response.edit_message(content="chosen", view=self)

            async with running(server, Bot()) as bot:
                await bot.get_channel(int(room.id)).send("choose", view=Choice(timeout=None))
                message = room.messages[0]
                used = await server.answered(server.press(ana, message, "Yes"))
                assert (used.answer, message.content) == (7, "chosen")
                with pytest.raises(Refused, match="can be pressed"):
                    server.press(ana, message, "Yes")

    async def test_a_select_menu_and_a_form(self):
        async with DiscordServer() as server:
            room, ana = server.add_channel("general"), server.add_user("ana")
            got = {}

            class Form(discord.ui.Modal, title="About you"):
                zone = discord.ui.TextInput(label="Time zone", custom_id="zone", min_length=3)
                language = discord.ui.Label(
                    text="Language",
                    component=discord.ui.Select(
                        custom_id="language",
                        options=[
                            discord.SelectOption(label="English", value="en"),
                            discord.SelectOption(label="French"),
                        ],
                    ),
                )

                async def on_submit(self, interaction: discord.Interaction) -> None:
                    got.update(zone=self.zone.value, language=cast(discord.ui.Select, self.language.component).values)
                    await interaction.response.send_message("thanks", ephemeral=True)

            class Menu(discord.ui.View):
                @discord.ui.select(custom_id="what", options=[discord.SelectOption(label="Form", value="form")])
                async def what(self, interaction: discord.Interaction, select: discord.ui.Select) -> None:
                    got["chosen"] = select.values
                    await interaction.response.send_modal(Form())

            async with running(server, Bot()) as bot:
                await bot.get_channel(int(room.id)).send("menu", view=Menu(timeout=None))
                await server.answered(server.choose(ana, room.messages[0], "what", ["Form"]))
                modal = server.modal(ana)
                assert (modal.title, modal.labels) == ("About you", {"zone": "Time zone", "language": "Language"})
                with pytest.raises(Refused, match="3 to 4000"):
                    server.submit(ana, {"zone": "x", "language": ["en"]})
                await server.answered(server.submit(ana, {"Time zone": "Europe/Paris", "language": ["English"]}))
                assert got == {"chosen": ["form"], "zone": "Europe/Paris", "language": ["en"]}
                assert (server.said_to(ana, room)[-1].text, server.modal(ana)) == ("thanks", None)

    async def test_autocomplete_offers_and_subcommands_take_what_was_chosen(self):
        async with DiscordServer() as server:
            room, ana = server.add_channel("general"), server.add_user("ana")
            bot = Bot()
            group = app_commands.Group(name="connections", description="All of it")
            taken = []

            @group.command(name="zone", description="Your time zone")
            async def zone(interaction: discord.Interaction, city: str, who: discord.Member | None = None) -> None:
                taken.append((city, who and who.name))
                await interaction.response.send_message("kept")

            @zone.autocomplete("city")
            async def cities(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
                return [
                    app_commands.Choice(name=city, value=city.lower()) for city in ("Paris", "Lima") if typed in city
                ]

            bot.tree.add_command(group)
            async with running(server, bot):
                await bot.tree.sync(guild=None)
                offered = await server.answered(server.autocomplete(ana, room, "connections zone", "city", "Par"))
                assert offered.choices == [{"name": "Paris", "value": "paris"}]
                await server.answered(server.slash(ana, room, "connections zone", {"city": "paris", "who": ana}))
                assert taken == [("paris", "ana")]
                with pytest.raises(Refused, match="unknown"):
                    server.slash(ana, room, "connections zone", {"town": "Lima"})
                with pytest.raises(Refused, match="No command"):
                    server.slash(ana, room, "disconnections")

    async def test_a_message_menu_carries_the_message(self):
        async with DiscordServer(intents=0) as server:
            room, ana = server.add_channel("general"), server.add_user("ana")
            bot, kept = Bot(least_intents()), []

            @bot.tree.context_menu(name="Save to the library")
            async def save(interaction: discord.Interaction, message: discord.Message) -> None:
                kept.append(message.content)
                await interaction.response.send_message("saved", ephemeral=True)

            async with running(server, bot):
                await bot.tree.sync()
                said = server.say(ana, room, "worth keeping")
                await server.answered(server.menu(ana, "Save to the library", said))
                assert kept == ["worth keeping"]

    async def test_silence_is_shown_to_the_person_and_a_late_answer_is_refused(self):
        async with DiscordServer() as server:
            room, ana = server.add_channel("general"), server.add_user("ana")
            bot, waiting, told, codes = Bot(), asyncio.Event(), asyncio.Event(), []

            @bot.tree.command(name="slow", description="Too slow")
            async def slow(interaction: discord.Interaction) -> None:
                await waiting.wait()
                with pytest.raises(discord.NotFound) as refused:
                    await interaction.response.send_message("sorry")
                codes.append(refused.value.code)
                told.set()

            async with running(server, bot):
                await bot.tree.sync()
                server.slash(ana, room, "slow")
                server.expire_interactions()
                waiting.set()
                async with asyncio.timeout(10):
                    await told.wait()
                assert server.failures_of(ana) == ["The application did not respond"]
                assert (codes, room.messages) == ([10062], [])

    async def test_an_interaction_has_one_answer_and_a_token_of_fifteen_minutes(self):
        async with DiscordServer() as server:
            room, ana = server.add_channel("general"), server.add_user("ana")
            bot, codes, done = Bot(), [], asyncio.Event()

            @bot.tree.command(name="twice", description="Twice")
            async def twice(interaction: discord.Interaction) -> None:
                await interaction.response.send_message("once")
                interaction.response._response_type = None
                with pytest.raises(discord.HTTPException) as second:
                    await interaction.response.send_message("twice")
                server.clock.advance(15 * 60)
                with pytest.raises(discord.HTTPException) as late:
                    await interaction.followup.send("too late")
                codes.extend([second.value.code, late.value.code])
                done.set()

            async with running(server, bot):
                await bot.tree.sync()
                server.slash(ana, room, "twice")
                async with asyncio.timeout(10):
                    await done.wait()
            assert codes == [40060, 50027]


class TestFaults:
    async def test_a_429_is_waited_for(self):
        async with DiscordServer() as server:
            room = server.add_channel("general")
            async with running(server, Bot()) as bot:
                server.faults.rate_limit(SEND, 0.05)
                server.faults.rate_limit(SEND, 0.05, scope="global")
                await bot.get_channel(int(room.id)).send("through")
                assert [call.status for call in server.calls_of(SEND)] == [429, 429, 200]
                first, second, third = (call.at for call in server.calls_of(SEND))
                assert second - first >= 0.05
                assert third - second >= 0.05

    async def test_a_429_without_via_is_taken_for_a_ban(self):
        async with DiscordServer() as server:
            room = server.add_channel("general")
            async with running(server, Bot()) as bot:
                server.faults.rate_limit(SEND, 0.05, via=False)
                with pytest.raises(discord.HTTPException) as refused:
                    await bot.get_channel(int(room.id)).send("blocked")
                assert refused.value.status == 429

    async def test_an_exhausted_bucket_is_announced_and_kept(self):
        async with DiscordServer() as server:
            room = server.add_channel("general")
            server.rates.hold(SEND, 2, 0.2)
            async with running(server, Bot()) as bot:
                channel = bot.get_channel(int(room.id))
                await asyncio.gather(*(channel.send(str(number)) for number in range(5)))
                assert {call.status for call in server.calls_of(SEND)} == {200}
                times = [call.at for call in server.calls_of(SEND)]
                assert times[4] - times[0] >= 0.2

    async def test_a_500_after_storing_makes_one_message_thanks_to_the_nonce(self):
        async with DiscordServer() as server:
            room = server.add_channel("general")
            async with running(server, Bot()) as bot:
                server.faults.status(SEND, 500, after=True)
                sent = await bot.get_channel(int(room.id)).send("once", nonce="delivery-1")
                assert [call.status for call in server.calls_of(SEND)] == [500, 200]
                assert [message.id for message in room.messages] == [str(sent.id)]

    async def test_a_cut_after_storing_leaves_the_bot_in_doubt_and_the_nonce_settles_it(self):
        async with DiscordServer() as server:
            room = server.add_channel("general")
            async with running(server, Bot()) as bot:
                channel = bot.get_channel(int(room.id))
                server.faults.cut(SEND, after=True)
                with pytest.raises(aiohttp.ServerDisconnectedError):
                    await channel.send("once", nonce="delivery-2")
                again = await channel.send("once", nonce="delivery-2")
                assert [message.id for message in room.messages] == [str(again.id)]
                server.clock.advance(3600)
                await channel.send("once", nonce="delivery-2")
                assert len(room.messages) == 2

    async def test_half_an_answer_leaves_the_bot_in_doubt_too(self):
        async with DiscordServer() as server:
            room = server.add_channel("general")
            async with running(server, Bot()) as bot:
                server.faults.half(SEND)
                with pytest.raises(aiohttp.ClientPayloadError):
                    await bot.get_channel(int(room.id)).send("stored")
                assert [message.text for message in room.messages] == ["stored"]

    async def test_an_outage_ends_when_it_is_lifted(self):
        async with DiscordServer() as server:
            room, ana = server.add_channel("general"), server.add_user("ana")
            async with running(server, Bot()) as bot:
                server.faults.outage = 503
                with pytest.raises(discord.DiscordServerError):
                    await bot.get_channel(int(room.id)).send("lost")
                server.faults.outage = 0
                server.gateway.drop()
                server.say(ana, room, "back")
                await heard(bot, "back")

    async def test_a_cut_before_storing_stores_nothing(self):
        async with DiscordServer() as server:
            room = server.add_channel("general")
            async with running(server, Bot()) as bot:
                server.faults.cut(SEND)
                with pytest.raises(aiohttp.ServerDisconnectedError):
                    await bot.get_channel(int(room.id)).send("never")
                assert room.messages == []

    @pytest.mark.parametrize("how", ["drop", "reconnect", "invalid", 4000, 1001])
    async def test_what_was_said_while_the_socket_was_gone_comes_with_the_resume(self, how):
        async with DiscordServer() as server:
            room, ana = server.add_channel("general"), server.add_user("ana")
            async with running(server, Bot()) as bot:
                session = server.gateway.session
                server.say(ana, room, "before")
                await heard(bot, "before")
                match how:
                    case "drop":
                        server.gateway.drop()
                    case "reconnect":
                        server.gateway.ask_reconnect()
                    case "invalid":
                        server.gateway.invalidate(resumable=True)
                    case code:
                        server.gateway.close(code)
                await server.until(lambda: session.line is None)
                server.say(ana, room, "meanwhile")
                await heard(bot, "meanwhile")
                assert server.gateway.session is session
                assert [command.op for command in server.gateway.commands if command.op in {2, 6}] == [2, 6]

    @pytest.mark.parametrize("code", [4007, 4009])
    async def test_a_lost_session_begins_anew(self, code):
        async with DiscordServer() as server:
            room, ana = server.add_channel("general"), server.add_user("ana")
            async with running(server, Bot()) as bot:
                first = server.gateway.session
                server.gateway.close(code)
                await server.until(lambda: server.gateway.session not in {None, first})
                server.say(ana, room, "after")
                await heard(bot, "after")

    async def test_withheld_acks_make_the_client_come_back(self):
        async with DiscordServer(heartbeat_ms=100) as server:
            server.gateway.withhold_acks = True
            async with running(server, Bot(heartbeat_timeout=0.3)):
                await server.until(lambda: server.gateway.connections > 1)

    async def test_a_wrong_token_and_a_forbidden_intent_end_the_client(self):
        async with DiscordServer(intents=0) as server:
            with pytest.raises(discord.PrivilegedIntentsRequired):
                async with running(server, Bot(discord.Intents(guilds=True, message_content=True))):
                    pass
            async with Bot(least_intents()) as bot:
                with server.pointed(), pytest.raises(discord.LoginFailure):
                    await bot.start("wrong")

    async def test_a_close_with_4004_is_final(self):
        async with DiscordServer() as server:
            server.gateway.refuse_next.append(4004)
            with pytest.raises(discord.ConnectionClosed) as closed:
                async with running(server, Bot()):
                    pass
            assert closed.value.code == 4004


class TestTheServer:
    async def test_commands_are_replaced_as_a_whole(self):
        async with DiscordServer() as server:
            bot = Bot()

            @bot.tree.command(name="one", description="One")
            async def one(interaction: discord.Interaction) -> None: ...

            async with running(server, bot):
                first = await bot.tree.sync()
                bot.tree.remove_command("one")
                assert [command["name"] for command in server.commands] == ["one"]
                assert (await bot.tree.sync(), server.commands) == ([], [])
                assert first[0].name == "one"

    async def test_channels_roles_and_members_are_managed_within_the_bots_permissions(self):
        async with DiscordServer() as server:
            ana, ben = server.add_user("ana"), server.add_user("ben")
            async with running(server, Bot()) as bot:
                guild = bot.guilds[0]
                role = await guild.create_role(name="français")
                hidden = {
                    guild.default_role: discord.PermissionOverwrite(view_channel=False),
                    role: discord.PermissionOverwrite(view_channel=True),
                    guild.me: discord.PermissionOverwrite(view_channel=True),
                }
                room = await guild.create_text_channel("Salon français", overwrites=hidden)
                await guild.get_member(int(ana.id)).add_roles(role)
                await room.send("bonjour")
                place = server.channel_named("salon-français")
                assert [len(server.seen(user, place)) for user in (ana, ben)] == [1, 0]

    async def test_what_the_bot_may_not_do_is_refused(self):
        allowed = Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY
        async with DiscordServer(permissions=allowed) as server:
            server.set_permissions(server.guild.roles[server.guild.id], allowed)
            open_room, closed = server.add_channel("open"), server.add_channel("closed", visible_to=[])
            async with running(server, Bot()) as bot:
                for channel, code in ((open_room, 50013), (closed, 50001)):
                    with pytest.raises(discord.Forbidden) as refused:
                        await bot.get_channel(int(channel.id)).send("may I?")
                    assert refused.value.code == code
                with pytest.raises(discord.Forbidden):
                    await bot.guilds[0].create_role(name="mine")
                with pytest.raises(discord.NotFound) as unknown:
                    await bot.fetch_channel(1)
                assert unknown.value.code == 10003

    async def test_a_direct_message_that_is_not_wanted_is_refused(self):
        async with DiscordServer() as server:
            shy = server.add_user("shy", refuses_dms=True)
            async with running(server, Bot()) as bot:
                with pytest.raises(discord.Forbidden) as refused:
                    await (await bot.fetch_user(int(shy.id))).send("hello?")
                assert refused.value.code == 50007

    async def test_threads_from_messages_in_private_and_in_forums(self):
        async with DiscordServer() as server:
            room, forum = server.add_channel("general"), server.add_channel("library", "forum")
            ana, ben = server.add_user("ana"), server.add_user("ben")
            async with running(server, Bot()) as bot:
                said = await bot.get_channel(int(room.id)).send("breakouts")
                thread = await said.create_thread(name="group 1")
                await thread.send("welcome")
                private = await bot.get_channel(int(room.id)).create_thread(name="group 2")
                await private.add_user(discord.Object(ana.id))
                posted = await cast(discord.ForumChannel, bot.get_channel(int(forum.id))).create_thread(
                    name="A guide", content="read this"
                )
                place = server.channel_named("group 2")
                await private.send("only us")
                assert [len(server.seen(user, place)) for user in (ana, ben)] == [1, 0]
                assert posted.message.content == "read this"
                assert {item.name for item in await bot.guilds[0].active_threads()} == {"group 1", "group 2", "A guide"}

    async def test_people_start_threads_in_which_the_bot_answers(self):
        async with DiscordServer() as server:
            room, ana = server.add_channel("general"), server.add_user("ana")
            async with running(server, Bot()):
                thread = server.start_thread(ana, server.say(ana, room, "a question"), "answers")
                server.say(ana, thread, "echo here")
                await server.until(lambda: server.said_to(ana, thread))
                assert server.said_to(ana, thread)[0].text == "here"

    async def test_scheduled_events_follow_the_payload(self):
        async with DiscordServer() as server:
            hall = server.add_channel("hall", "voice")
            async with running(server, Bot()) as bot:
                guild, start = bot.guilds[0], discord.utils.utcnow() + timedelta(hours=1)
                event = await guild.create_scheduled_event(
                    name="Meeting", start_time=start, channel=discord.Object(hall.id),
                    entity_type=discord.EntityType.voice, privacy_level=discord.PrivacyLevel.guild_only,
                )  # fmt: skip
                await event.edit(name="Moved", start_time=start + timedelta(hours=1))
                assert [item.name for item in server.events] == ["Moved"]
                with pytest.raises(discord.HTTPException):
                    await event.edit(start_time=start - timedelta(days=1))
                await event.cancel()
                assert server.events[0].fields["status"] == 4
                await event.delete()
                assert server.events == []

    async def test_people_are_moved_between_voice_channels_only_when_they_are_in_one(self):
        async with DiscordServer() as server:
            hall, side = server.add_channel("hall", "voice"), server.add_channel("side", "voice")
            ana = server.add_user("ana")
            async with running(server, Bot()) as bot:
                member = bot.guilds[0].get_member(int(ana.id))
                with pytest.raises(discord.HTTPException) as refused:
                    await member.move_to(bot.get_channel(int(side.id)))
                assert refused.value.code == 40032
                server.enter_voice(ana, hall)
                await member.move_to(bot.get_channel(int(side.id)))
                assert server.guild.members[ana.id].voice == side.id

    async def test_onboarding_gives_the_roles_that_newcomers_choose(self):
        async with DiscordServer(features=("COMMUNITY",)) as server:
            french = server.add_role("français")
            rooms = [server.add_channel(f"room-{number}") for number in range(7)]
            ana = server.add_user("ana")
            async with running(server, Bot()) as bot:
                option = discord.OnboardingPromptOption(title="Français", emoji="🇫🇷", roles=[discord.Object(french.id)])
                prompt = discord.OnboardingPrompt(
                    type=discord.OnboardingPromptType.multiple_choice, title="Languages", options=[option],
                    single_select=False, required=True, in_onboarding=True,
                )  # fmt: skip
                channels = [discord.Object(room.id) for room in rooms]
                await bot.guilds[0].edit_onboarding(prompts=[prompt], default_channels=channels, enabled=True)
                server.answer_onboarding(ana, ["Français"])
                assert server.guild.members[ana.id].roles == [french.id]
                assert (await bot.guilds[0].onboarding()).prompts[0].title == "Languages"

    async def test_the_bot_learns_who_comes_and_that_it_was_removed(self):
        async with DiscordServer() as server:
            hall = server.add_channel("hall", "voice")
            async with running(server, Bot()) as bot:
                ana = server.add_user("ana")
                server.enter_voice(ana, hall)
                server.kick_bot()
                await bot.wait_for("guild_remove", timeout=10)
                assert bot.happened[:2] == [("joined", "ana"), ("voice", "hall")]

    async def test_the_addresses_of_the_library_are_put_back(self):
        before = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
        async with DiscordServer() as server:
            with server.pointed():
                assert server.api_url == discord.http.Route.BASE
        assert before == (discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY)

    async def test_intents_that_were_not_asked_for_bring_nothing(self):
        async with DiscordServer() as server, running(server, Bot(least_intents())) as bot:
            room, ana = server.add_channel("general"), server.add_user("ana")
            server.say(ana, room, f"{server.bot_user.mention} hi")
            await heard(bot, f"<@{server.bot_user.id}> hi")
            assert bot.happened == []
            assert not server.gateway.session.intents & MESSAGE_CONTENT

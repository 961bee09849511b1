"""What the people of the emulated Discord can do, see, and are kept from."""

from __future__ import annotations

import aiohttp
import discord
import pytest
from discord import app_commands

from tests.emulators.discord import DiscordServer, Permission, Refused, running
from tests.emulators.discord.state import Overwrite
from tests.emulators.discord.web import Routes


class Bot(discord.Client):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default(), guild_ready_timeout=0.1)
        self.tree = app_commands.CommandTree(self)


async def test_people_write_only_where_they_may_and_see_only_what_they_may():
    async with DiscordServer() as server:
        ana, ben = server.add_user("ana"), server.add_user("ben", admin=True)
        quiet = server.add_channel("quiet", overwrites=[Overwrite(server.guild.id, 0, deny=Permission.SEND_MESSAGES)])
        hidden = server.add_channel("hidden", visible_to=[])
        server.say(ben, quiet, "news")
        server.say(ben, hidden, "secret")
        with pytest.raises(Refused, match="cannot write"):
            server.say(ana, quiet, "me too")
        assert [len(server.seen(user, where)) for user in (ana, ben) for where in (quiet, hidden)] == [1, 0, 1, 1]


async def test_commands_work_in_direct_messages_unless_they_are_kept_out_of_them():
    async with DiscordServer() as server:
        ana, bot, told = server.add_user("ana", "es-ES"), Bot(), []

        @bot.tree.command(name="anywhere", description="Anywhere")
        async def anywhere(interaction: discord.Interaction) -> None:
            told.append((interaction.guild, interaction.locale, interaction.user.name))
            await interaction.response.send_message("here")

        @bot.tree.command(name="inside", description="In the server")
        @app_commands.guild_only()
        async def inside(interaction: discord.Interaction) -> None: ...

        async with running(server, bot):
            await bot.tree.sync()
            await server.answered(server.slash(ana, server.dm(ana), "/anywhere"))
            assert [message.text for message in server.said_to(ana)] == ["here"]
            assert told == [(None, discord.Locale.spain_spanish, "ana")]
            with pytest.raises(Refused, match="cannot be used here"):
                server.slash(ana, server.dm(ana), "inside")


async def test_a_command_for_organizers_is_for_organizers():
    async with DiscordServer() as server:
        room, ana, ben = server.add_channel("general"), server.add_user("ana"), server.add_user("ben", admin=True)
        bot = Bot()

        @bot.tree.command(name="erase", description="Erase")
        @app_commands.default_permissions(manage_guild=True)
        async def erase(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("gone", ephemeral=True)

        async with running(server, bot):
            await bot.tree.sync()
            with pytest.raises(Refused, match="may not use"):
                server.slash(ana, room, "erase")
            await server.answered(server.slash(ben, room, "erase"))
            assert [len(server.said_to(user, room)) for user in (ana, ben)] == [0, 1]


async def test_options_are_filled_in_as_the_app_would_let_people():
    async with DiscordServer() as server:
        room, ana, bot = server.add_channel("general"), server.add_user("ana"), Bot()

        @bot.tree.command(name="lead", description="Lead time")
        @app_commands.choices(unit=[app_commands.Choice(name="Hours", value="h")])
        async def lead(interaction: discord.Interaction, unit: str, count: app_commands.Range[int, 1, 24]) -> None:
            await interaction.response.send_message(f"{count}{unit}")

        async with running(server, bot):
            await bot.tree.sync()
            await server.answered(server.slash(ana, room, "lead", {"unit": "Hours", "count": 3}))
            assert server.said_to(ana, room)[0].text == "3h"
            for wrong in ({"unit": "Days", "count": 3}, {"unit": "Hours", "count": 25}, {"unit": "Hours"}):
                with pytest.raises(Refused):
                    server.slash(ana, room, "lead", wrong)
            with pytest.raises(Refused, match="completes nothing"):
                server.autocomplete(ana, room, "lead", "unit", "H")


async def test_a_private_message_and_its_buttons_are_for_one_person():
    async with DiscordServer() as server:
        room, ana, ben, bot = server.add_channel("general"), server.add_user("ana"), server.add_user("ben"), Bot()

        class Once(discord.ui.View):
            @discord.ui.button(label="Later")
            async def later(self, interaction: discord.Interaction, button: discord.ui.Button) -> None:
                await interaction.response.defer()
                await interaction.edit_original_response(content="changed", view=None)
                more = await interaction.followup.send("more", ephemeral=True, wait=True)
                await more.edit(content="much more")
                await interaction.delete_original_response()

        @bot.tree.command(name="ask", description="Ask")
        async def ask(interaction: discord.Interaction) -> None:
            await interaction.response.defer(ephemeral=True, thinking=True)
            await interaction.edit_original_response(content="well?", view=Once())

        async with running(server, bot):
            await bot.tree.sync()
            asked = server.slash(ana, room, "ask")
            await server.until(lambda: asked.reply)
            await server.answered(asked)
            with pytest.raises(Refused, match="does not see"):
                server.press(ben, asked.reply, "Later")
            server.press(ana, asked.reply, "Later")
            await server.until(lambda: [item.text for item in server.said_to(ana, room)] == ["much more"])
            assert server.seen(ben, room) == []


async def test_a_form_keeps_what_it_was_filled_with_and_wants_what_it_requires():
    async with DiscordServer() as server:
        room, ana, bot, got = server.add_channel("general"), server.add_user("ana"), Bot(), []

        class Form(discord.ui.Modal, title="Meeting"):
            name = discord.ui.TextInput(label="Name", custom_id="name", default="Weekly")
            note = discord.ui.TextInput(label="Note", custom_id="note", required=False)
            place = discord.ui.TextInput(label="Place", custom_id="place")

            async def on_submit(self, interaction: discord.Interaction) -> None:
                got.append((self.name.value, self.note.value, self.place.value))

        @bot.tree.command(name="schedule", description="Schedule")
        async def schedule(interaction: discord.Interaction) -> None:
            await interaction.response.send_modal(Form())

        async with running(server, bot):
            await bot.tree.sync()
            await server.answered(server.slash(ana, room, "schedule"))
            with pytest.raises(Refused, match="place must be filled in"):
                server.submit(ana, {})
            server.submit(ana, {"Place": "Online"})
            await server.until(lambda: got)
            server.expire_interactions()
            assert got == [("Weekly", "", "Online")]
            assert server.failures_of(ana) == ["Something went wrong. Try again."]
            with pytest.raises(Refused, match="no form open"):
                server.submit(ana, {"Place": "Online"})


async def test_a_request_that_breaks_the_emulator_fails_the_test():
    routes = Routes()

    @routes.on("GET", "/careless")
    def careless(world, ask):
        raise LookupError("no rule for this")

    server = DiscordServer()
    server.rest.tables.append(routes)
    with pytest.raises(LookupError, match="no rule"):
        async with server, aiohttp.ClientSession() as session:
            headers = {"Authorization": f"Bot {server.token}"}
            async with session.get(f"{server.api_url}/careless", headers=headers) as response:
                assert response.status == 500


async def test_a_sharded_client_finds_the_gateway_by_asking():
    async with DiscordServer() as server:
        client = discord.AutoShardedClient(intents=discord.Intents.default(), guild_ready_timeout=0.1)
        async with running(server, client):
            assert [call.route for call in server.calls_of("GET /gateway/bot")] == ["GET /gateway/bot"]
            assert client.guilds[0].name == "Emulated"

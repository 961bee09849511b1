"""The commands that Discord offers: from the specs, in each language, told to Discord only when they changed."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from adapters.discord.client import AssistantTree
from adapters.discord.translator import CatalogTranslator, name_of
from adapters.discord.tree import commands_of
from bot.catalogue import registry
from bot.commands import Permission
from bot.i18n import N_, in_every_language
from bot.inbound import Ran
from bot.messages import Option
from tests.emulators.discord import DiscordServer
from tests.emulators.discord.limits import problems
from tests.scenario.discord_chat import connected
from tests.unit.discord_adapter.stage import SPECS, stage

SUBCOMMAND_GROUP = 2
SYNC = "PUT /applications/{application_id}/commands"


async def payload_of(specs) -> list[dict]:
    import discord

    async with discord.Client(intents=discord.Intents.none()) as client:
        tree = AssistantTree(client)
        return [await command.get_translated_payload(tree, CatalogTranslator()) for command in commands_of(specs)]


async def test_all_commands_are_within_discords_limits():
    assert problems({"commands": await payload_of(registry())}, "commands") == []


async def test_names_and_descriptions_stand_in_each_of_discords_variants_of_a_language():
    group, *_menus = await payload_of(registry())
    named = {option["name"]: option for option in group["options"]}
    next_meeting = named["next"]
    spec = registry().by_words("next")
    for locale, language in (("fr", "fr"), ("es-ES", "es"), ("es-419", "es")):
        assert next_meeting["name_localizations"][locale] == name_of(in_every_language(spec.title)[language])
        assert next_meeting["description_localizations"][locale] == in_every_language(spec.summary)[language][:100]
    assert set(next_meeting["name_localizations"]) == {"fr", "es-ES", "es-419"}


async def test_the_command_is_there_in_servers_and_in_direct_messages():
    for command in await payload_of(SPECS):
        assert command["contexts"] == [0, 1]
        assert command["integration_types"] == [0]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Prochaine réunion", "prochaine-réunion"),
        ("  L’ordre du jour !  ", "l-ordre-du-jour"),
        ("?!", ""),
        ("x" * 33, ""),
        ("Ask the organizers", "ask-the-organizers"),
    ],
)
def test_a_title_becomes_a_name(text, name):
    assert name_of(text) == name


async def test_what_only_organizers_may_do_stands_in_a_group_of_its_own():
    root, *_menus = await payload_of(registry())
    (organizing,) = [option for option in root["options"] if option["type"] == SUBCOMMAND_GROUP]
    assert organizing["name"] == "organize"
    assert organizing["name_localizations"]["fr"] == "organiser"
    specs = [spec for spec in registry() if spec.words and spec.permission is Permission.ORGANIZER]
    mine = {spec.words.replace(" ", "-") for spec in specs}
    assert {option["name"] for option in organizing["options"]} == mine
    assert {"link", "home", "remind"} <= {option["name"] for option in root["options"]}


async def test_commands_are_registered_only_when_they_changed():
    async def ignored(inbound):
        pass

    async with DiscordServer() as server:
        fewer = [spec for spec in registry() if spec.words != "help"]
        for specs, syncs in ((registry(), 1), (registry(), 1), (fewer, 2), (registry(), 3)):
            async with connected(server, ignored, specs=specs):
                assert len(server.calls_of(SYNC)) == syncs


async def test_a_changed_translation_or_choice_is_a_change():
    async def ignored(inbound):
        pass

    async with DiscordServer() as server:
        spec = SPECS[0]
        again = N_("Help")
        for changed in (spec, replace(spec, summary="Other"), replace(spec, params=()), replace(spec, title=again)):
            async with connected(server, ignored, specs=[changed]):
                pass
        assert len(server.calls_of(SYNC)) == 4


async def test_suggestions_come_while_somebody_types():
    async def suggest(typed):
        assert (typed.source, typed.locale) == ("resources", "fr")
        return tuple(Option(f"v{number}", f"{typed.text} {number}" + "x" * 120) for number in range(30))

    async with stage(suggest=suggest) as on:
        asked = on.server.autocomplete(on.ada, on.plenary, "connections ask", "query", "valid")
        await on.server.until(lambda: asked.settled)
        assert len(asked.choices) == 25
        assert asked.choices[0]["name"].startswith("valid 0")
        assert asked.choices[0]["value"] == "v0"


async def test_suggestions_that_take_too_long_are_none():
    async def suggest(typed):
        await asyncio.Event().wait()

    async with stage(suggest=suggest) as on:
        asked = on.server.autocomplete(on.ada, on.plenary, "connections ask", "query", "valid")
        await on.server.until(lambda: asked.settled)
        assert asked.choices == []
        assert not on.server.failures


async def test_a_menu_of_a_message_hands_over_what_it_says_where_it_is_and_whose_it_is():
    async with stage() as on:
        grace = on.server.add_user("Grace")
        message = on.server.say(grace, on.plenary, "see https://example.org")
        inbound = await on.handled(on.server.menu(on.ada, "Save to the library", message))
        link = f"https://discord.com/channels/{on.server.guild.id}/{on.plenary.id}/{message.id}"
        args = {"text": "see https://example.org", "link": link, "author": "Grace"}
        assert inbound.event == Ran("resources.save", args=args)


async def test_a_long_parameter_may_be_left_out_so_that_its_form_opens():
    async with stage() as on:
        inbound = await on.handled(on.server.slash(on.ada, on.plenary, "connections ask-organizers"))
        assert inbound.event == Ran("ask organizers")

"""Application commands from the core's specs: one ``/connections`` command with a subcommand each, and menus."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any

import discord
from discord import app_commands

from adapters.discord.limits import OPTION, shorten
from adapters.discord.translator import DESCRIPTION, NAME, name_of, named
from bot.commands import CommandSpec, Param, Permission
from bot.i18n import N_, in_every_language

ROOT = "connections"
ABOUT = N_("Meetings, library, languages: everything the assistant can do for you")
ORGANIZE = N_("organize")
"""The group of the commands that only organizers may run: a command has room for 25, and members read the others."""
FOR_ORGANIZERS = N_("What organizers can do")
MAX_MENUS = 5
_CONTEXTS = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False)
_INSTALLS = app_commands.AppInstallationType(guild=True, user=False)
Interaction = discord.Interaction[Any]


def commands_of(specs: Iterable[CommandSpec]) -> list[app_commands.Group | app_commands.ContextMenu]:
    """Return the application commands for the specs."""
    specs = tuple(specs)
    root = app_commands.Group(
        name=ROOT, description=_described(ABOUT), allowed_contexts=_CONTEXTS, allowed_installs=_INSTALLS
    )
    organizing = app_commands.Group(name=named_group(ORGANIZE), description=_described(FOR_ORGANIZERS), parent=root)
    taken: set[tuple[str, str]] = set()
    for spec in specs:
        if spec.words:
            place = organizing if spec.permission is Permission.ORGANIZER else root
            place.add_command(_subcommand(spec, _name(spec, taken)))
    if not organizing.commands:
        root.remove_command(organizing.name)
    menus = [spec for spec in specs if spec.on_message][:MAX_MENUS]
    return [root, *(_menu(spec) for spec in menus)]


def named_group(msgid: str) -> app_commands.locale_str:
    """Return a group's name, with its translations."""
    return named(msgid, {language: name_of(text) for language, text in in_every_language(msgid).items()})


def _name(spec: CommandSpec, taken: set[tuple[str, str]]) -> app_commands.locale_str:
    """Return a command's name: in English by its words, elsewhere by its title."""
    return _once(name_of(spec.words or ""), spec.title, taken)


def _once(english: str, msgid: str, taken: set[tuple[str, str]]) -> app_commands.locale_str:
    """Return a name with its translations, as long as nothing beside it is called so in that language."""
    names = {}
    for language, text in in_every_language(msgid).items():
        name = name_of(text)
        if name and (language, name) not in taken:
            taken.add((language, name))
            names[language] = name
    return named(english, names)


def _described(msgid: str) -> app_commands.locale_str:
    texts = {language: shorten(text, DESCRIPTION) for language, text in in_every_language(msgid).items()}
    return named(shorten(msgid, DESCRIPTION), texts)


# --- one command -----------------------------------------------------------------------------------------------------


def _subcommand(spec: CommandSpec, name: app_commands.locale_str) -> app_commands.Command[Any, ..., None]:
    async def run(interaction: Interaction, **values: str | None) -> None:
        args = {key: value for key, value in values.items() if value}
        interaction.client.doorway.ran(interaction, spec.words or "", args)

    _shape(run, spec)
    command: app_commands.Command[Any, ..., None] = app_commands.Command(
        name=name, description=_described(spec.summary or spec.title), callback=run
    )
    for param in spec.params:
        if param.suggest and not param.choices:
            command.autocomplete(param.name)(_suggesting(param.suggest))
    return command


def _shape(run: Callable[..., Coroutine[Any, Any, None]], spec: CommandSpec) -> None:
    """Give the callback the parameters of the spec, which discord.py reads from its signature and these attributes."""
    first = inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=discord.Interaction)
    shape = inspect.Signature([first, *(_parameter(param) for param in spec.params)])
    taken: set[tuple[str, str]] = set()
    names = {param.name: _once(name_of(param.name) or param.name, param.label, taken) for param in spec.params}
    choices = {param.name: _choices(param) for param in spec.params if param.choices}
    vars(run).update(
        __signature__=shape,
        __discord_app_commands_param_description__={param.name: _described(param.label) for param in spec.params},
        __discord_app_commands_param_rename__=names,
        __discord_app_commands_param_choices__=choices,
    )


def _parameter(param: Param) -> inspect.Parameter:
    # A long text is written in a form, which opens when it is left out.
    required = param.required and not param.long
    longest = min(param.max_length, 6000)
    return inspect.Parameter(
        param.name,
        inspect.Parameter.KEYWORD_ONLY,
        annotation=str if param.choices else app_commands.Range[str, 1, longest],
        default=inspect.Parameter.empty if required else None,
    )


def _choices(param: Param) -> list[app_commands.Choice[str]]:
    return [
        app_commands.Choice(
            name=named(
                shorten(label, OPTION), {tag: shorten(text, OPTION) for tag, text in in_every_language(label).items()}
            ),
            value=value,
        )
        for value, label in param.choices[:25]
    ]


def _suggesting(source: str) -> Callable[[Interaction, str], Coroutine[Any, Any, list[app_commands.Choice[str]]]]:
    async def suggest(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        options = await interaction.client.doorway.suggestions(interaction, source, current)
        usable = [option for option in options if 0 < len(option.value) <= OPTION and option.label.strip()]
        return [app_commands.Choice(name=shorten(o.label, OPTION), value=o.value) for o in usable[:25]]

    return suggest


# --- menus -----------------------------------------------------------------------------------------------------------


def _menu(spec: CommandSpec) -> app_commands.ContextMenu:
    async def chosen(interaction: Interaction, message: discord.Message) -> None:
        interaction.client.doorway.ran(interaction, spec.words or spec.name, about(message))

    titles = {language: shorten(title, NAME) for language, title in in_every_language(spec.title).items()}
    vars(chosen)["__annotations__"] = {"interaction": discord.Interaction, "message": discord.Message}
    return app_commands.ContextMenu(
        name=named(shorten(spec.title, NAME), titles),
        callback=chosen,
        type=discord.AppCommandType.message,
        allowed_contexts=_CONTEXTS,
        allowed_installs=_INSTALLS,
    )


def about(message: discord.Message) -> Mapping[str, str]:
    """Return what a menu's command is told of the message it was chosen on."""
    return {"text": message.clean_content, "link": message.jump_url, "author": message.author.display_name}

"""Buttons and selects that outlive a restart: their ids say all that is needed, nothing is kept in memory."""

from __future__ import annotations

import re
from typing import Any, Self

import discord

from adapters.discord.limits import LABEL, MAX_OPTIONS, OPTION, PLACEHOLDER, shorten
from bot.messages import Button, Option, Select

PREFIX = "cn"
TEMPLATE = re.compile(rf"{PREFIX}(?P<place>\d*):(?P<action>.{{1,88}})", re.DOTALL)
"""A message may offer the same thing twice, Discord wants every id once: the place in the message comes first."""
SELECT_TEMPLATE = re.compile("s" + TEMPLATE.pattern, re.DOTALL)
_STYLES = {
    "default": discord.ButtonStyle.secondary,
    "primary": discord.ButtonStyle.primary,
    "danger": discord.ButtonStyle.danger,
}


def custom_id(action_id: str, place: int = 0) -> str:
    """Return the id that Discord carries for a control (at most 100 characters)."""
    return f"{PREFIX}{place or ''}:{action_id}"


class PressButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=TEMPLATE):
    """A button of ours."""

    @classmethod
    def of(cls, button: Button, place: int) -> Self:
        """Return the button of a message."""
        label = shorten(button.label.strip(), LABEL) or "…"
        return cls(
            discord.ui.Button(label=label, style=_STYLES[button.style], custom_id=custom_id(button.action_id, place))
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Return the button that was pressed."""
        del interaction, match
        if not isinstance(item, discord.ui.Button):
            raise TypeError(item)
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Tell the assistant."""
        interaction.client.doorway.pressed(interaction, action_of(self.item.custom_id or ""))


class ChooseSelect(
    discord.ui.DynamicItem[discord.ui.Select[Any]], template=re.compile("s" + TEMPLATE.pattern, re.DOTALL)
):
    """A select of ours."""

    @classmethod
    def of(cls, select: Select, place: int) -> Self:
        """Return the select of a message, with the first options it has room for."""
        return cls(
            discord.ui.Select(
                placeholder=shorten(select.label, PLACEHOLDER),
                options=[discord.SelectOption(label=label, value=value) for value, label in fitting(select.options)],
                custom_id="s" + custom_id(select.action_id, place),
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Return the select in which somebody chose."""
        del interaction, match
        if not isinstance(item, discord.ui.Select):
            raise TypeError(item)
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Tell the assistant."""
        interaction.client.doorway.pressed(interaction, action_of(self.item.custom_id), self.item.values[0])


def action_of(control: str) -> str:
    """Return the action id in a control's or a form's id; nothing for one that is not ours."""
    found = TEMPLATE.fullmatch(control.removeprefix("s"))
    return found["action"] if found else ""


def usable(options: tuple[Option, ...]) -> list[tuple[str, str]]:
    """Return the options that Discord can carry, as pairs of value and label, each value once."""
    pairs = {o.value: shorten(o.label.strip(), OPTION) or o.value for o in options if 0 < len(o.value) <= 100}
    return list(pairs.items())


def fitting(options: tuple[Option, ...]) -> list[tuple[str, str]]:
    """Return the first options, as many as a select holds."""
    return usable(options)[:MAX_OPTIONS]

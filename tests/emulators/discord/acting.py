"""What people do with the bot's commands, buttons, menus and forms; each gives the Interaction to look at."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from typing import Any

from tests.emulators.discord import payloads
from tests.emulators.discord.filling import Refused, command_data, focus, modal_data, select_data
from tests.emulators.discord.interaction_routes import AUTOCOMPLETE, COMMAND, COMPONENT, SUBMIT
from tests.emulators.discord.permissions import Permission, in_guild
from tests.emulators.discord.state import Channel, Failure, Interaction, Json, Message, User
from tests.emulators.discord.world import Event, World

FAILED = {
    COMMAND: "The application did not respond", COMPONENT: "This interaction failed",
    AUTOCOMPLETE: "Loading options failed", SUBMIT: "Something went wrong. Try again.",
}  # fmt: skip


class Acting:
    """Slash commands, context menus, buttons, selects and forms, as a person uses them.

    What the Discord app would not let someone do raises Refused: an unknown command, a missing parameter, a disabled
    button, a value that is no option, a message they cannot see.
    """

    world: World
    answer_seconds: float
    _timers: set[asyncio.TimerHandle]

    def slash(self, user: User, where: Channel, command: str, options: Mapping[str, Any] | None = None) -> Interaction:
        """Use a command, such as "connections ask", with values by option name."""
        found, data = self._command(user, where, command, options or {}, partial=False)
        return self._interact(COMMAND, user, where, data | _scoped(found))

    def autocomplete(
        self, user: User, where: Channel, command: str, option: str, typed: str, others: Mapping[str, Any] | None = None
    ) -> Interaction:
        """Type in an option; what is offered comes as the interaction's `choices`."""
        values = dict(others or {}) | {option: typed}
        found, data = self._command(user, where, command, values, partial=True)
        focus(found, data, option)
        return self._interact(AUTOCOMPLETE, user, where, data | _scoped(found))

    def menu(self, user: User, name: str, message: Message) -> Interaction:
        """Choose a command from a message's context menu."""
        where = self._seen_in(user, message)
        found = self._registered(user, where, name, kind=3)
        resolved = {"messages": {message.id: self.world.message_json(message)}}
        data = {"id": found["id"], "name": name, "type": 3, "target_id": message.id, "resolved": resolved}
        return self._interact(COMMAND, user, where, data | _scoped(found))

    def press(self, user: User, message: Message, which: str) -> Interaction:
        """Press a button, found by its custom_id or its label."""
        where = self._seen_in(user, message)
        button = next((item for item in message.buttons if which in {item.get("custom_id"), item.get("label")}), None)
        if button is None or button.get("disabled") or "custom_id" not in button:
            shown = [item.get("label") for item in message.buttons]
            raise Refused(f"No button {which!r} that can be pressed here, only {shown}")
        data = {"component_type": 2, "custom_id": button["custom_id"], "id": button["id"]}
        return self._interact(COMPONENT, user, where, data, message)

    def choose(self, user: User, message: Message, custom_id: str, values: list[Any]) -> Interaction:
        """Choose in a select menu: values or labels of options, or people, roles, channels."""
        where = self._seen_in(user, message)
        select = next((item for item in message.selects if item["custom_id"] == custom_id), None)
        if select is None or select.get("disabled"):
            raise Refused(f"No select menu {custom_id!r} that can be used here")
        data = {"component_type": select["type"]} | select_data(self.world, select, values)
        data.pop("type")
        return self._interact(COMPONENT, user, where, data, message)

    def submit(self, user: User, values: Mapping[str, Any]) -> Interaction:
        """Send the form that someone has open, with values by custom_id or label."""
        modal = self.world.modals.get(user.id)
        if modal is None:
            raise Refused(f"{user.name} has no form open")
        data = modal_data(self.world, modal, values)
        self.world.modals.pop(user.id)
        source = modal.interaction
        return self._interact(SUBMIT, user, source.channel, data, source.message, source)

    def expire_interactions(self) -> None:
        """Let every interaction that waits for its first answer be too late."""
        for interaction in self.world.interactions.values():
            self._expire(interaction)

    # --- how it is done ---------------------------------------------------------------------------------------------

    def _seen_in(self, user: User, message: Message) -> Channel:
        channel = self.world.channel_of(message)
        hidden = message.only_for not in {None, user.id}
        if channel is None or message not in channel.messages or hidden:
            raise Refused(f"{user.name} does not see this message")
        self._check_sight(user, channel)
        return channel

    def _check_sight(self, user: User, where: Channel) -> None:
        if not self.world.may(user, where) & Permission.VIEW_CHANNEL:
            raise Refused(f"{user.name} does not see {where.name}")

    def _registered(self, user: User, where: Channel, name: str, kind: int) -> Json:
        world, direct = self.world, where.type == payloads.DM
        scopes = [None] if direct else [world.guild.id, None]
        known = [item for scope in scopes for item in world.commands.get(scope, {}).values() if item["type"] == kind]
        found = next((item for item in known if item["name"] == name), None)
        if found is None:
            raise Refused(f"No command {name!r} here, only {[item['name'] for item in known]}")
        contexts = found.get("contexts")
        if contexts is not None and (1 if direct else 0) not in contexts:
            raise Refused(f"/{name} cannot be used here")
        needed = found["default_member_permissions"]
        if needed is not None and not direct:
            allowed = in_guild(world.guild, world.guild.members[user.id])
            if not allowed & Permission.ADMINISTRATOR and (int(needed) == 0 or allowed & int(needed) != int(needed)):
                raise Refused(f"{user.name} may not use /{name}")
        return found

    def _command(
        self, user: User, where: Channel, command: str, values: Mapping[str, Any], *, partial: bool
    ) -> tuple[Json, Json]:
        self._check_sight(user, where)
        if not self.world.may(user, where) & Permission.USE_APPLICATION_COMMANDS:
            raise Refused(f"{user.name} may not use commands in {where.name}")
        name, *path = command.removeprefix("/").split()
        found = self._registered(user, where, name, kind=1)
        return found, command_data(self.world, found, path, values, partial=partial)

    def _interact(
        self,
        kind: int,
        user: User,
        where: Channel,
        data: Json,
        message: Message | None = None,
        source: Interaction | None = None,
    ) -> Interaction:
        world = self.world
        token = secrets.token_urlsafe(48)
        born = world.clock.monotonic()
        interaction = Interaction(world.ids.next(), token, kind, user, where, data, born, message, source=source)
        world.interactions[interaction.id] = interaction
        world.emit(Event("INTERACTION_CREATE", interaction_json(world, interaction)))
        timer = asyncio.get_running_loop().call_later(self.answer_seconds, self._expire, interaction)
        self._timers.add(timer)
        return interaction

    def _expire(self, interaction: Interaction) -> None:
        if interaction.settled:
            return
        interaction.expired = True
        interaction.failure = FAILED[interaction.type]
        self.world.failures.append(Failure(interaction.user.id, interaction.failure, interaction))
        self.world.touched()


def _scoped(command: Json) -> Json:
    return {"guild_id": command["guild_id"]} if "guild_id" in command else {}


def interaction_json(world: World, interaction: Interaction) -> Json:
    """An interaction as INTERACTION_CREATE carries it."""
    guild, user, channel = world.guild, interaction.user, interaction.channel
    member = guild.members.get(user.id) if channel.type != payloads.DM else None
    found: Json = {
        "id": interaction.id, "application_id": world.application_id, "type": interaction.type, "version": 1,
        "token": interaction.token, "data": interaction.data, "locale": user.locale, "entitlements": [],
        "channel_id": channel.id, "channel": payloads.partial_channel_json(channel, guild, world.users, member),
        "app_permissions": str(int(world.may(world.bot, channel))), "attachment_size_limit": 10 * 1024 * 1024,
        "authorizing_integration_owners": {"0": guild.id if member else "0"}, "context": 0 if member else 1,
        "entitlement_sku_ids": [],
    }  # fmt: skip
    if interaction.message:
        found["message"] = world.message_json(interaction.message)
    if member is None:
        return found | {"user": payloads.user_json(user)}
    about = {"id": guild.id, "locale": guild.preferred_locale, "features": list(guild.features)}
    allowed = str(int(world.may(user, channel)))
    person = payloads.member_json(member, user) | {"permissions": allowed}
    more: Json = {"guild_id": guild.id, "guild_locale": guild.preferred_locale, "guild": about, "member": person}
    return found | more

"""The sample community on two fake platforms under one dispatcher: its members on one, newcomers on the other."""

from __future__ import annotations

import itertools
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from adapters.fake.gateway import CAPABILITIES, FakeGateway
from adapters.fake.text import text_of
from adapters.tryit import community
from bot.inbound import Inbound, Pressed, Profile, Ran, Said
from bot.messages import Buttons, ChannelRef, MessageRef, UserRef
from tests.sample import sample_assistant

SLACK, DISCORD = "slackish", "discordish"


def on_slack(who: str) -> UserRef:
    return UserRef(SLACK, "W", who)


def on_discord(who: str) -> UserRef:
    return UserRef(DISCORD, "G", who)


class Platforms:
    """Plays people on both platforms; somebody is named by their account."""

    def __init__(self, gateways, assistant) -> None:
        self.gateways = gateways
        self.uow_factory = assistant.uow_factory
        self.services = assistant.services
        self.runner = assistant.runner
        self.time = assistant.time
        self.dispatch = assistant.dispatcher
        self.admins: set[UserRef] = set()
        self._ids = itertools.count(1)

    def inbound(self, user, event) -> Inbound:
        gateway = self.gateways[user.platform]
        return Inbound(
            id=f"event-{next(self._ids)}",
            at=datetime.now(UTC),
            user=user,
            profile=Profile(user.user.title(), "en", admin=user in self.admins),
            channel=gateway.direct_line(user),
            direct=True,
            event=event,
            trigger=gateway.new_trigger(),
        )

    async def happen(self, user, event, *, settle=True):
        await self.dispatch(self.inbound(user, event))
        if settle:
            await self.runner.run_until_idle()
        return self.last(user)

    async def say(self, user, text, **how):
        return await self.happen(user, Said(text, MessageRef(user.platform, user.workspace, "?", "?"), True), **how)

    async def run(self, user, command, text=""):
        return await self.happen(user, Ran(command, text))

    async def press(self, user, label):
        return await self.happen(user, self.pressing(user, label))

    def pressing(self, user, label) -> Pressed:
        """Return the event of pressing the newest button with this label that somebody sees."""
        found = [(b, sent.ref) for sent in self.messages(user) for b in self._buttons(sent) if b.label == label]
        assert found, f"{user.user} sees no button {label!r}, but {self.last(user)}"
        button, ref = found[-1]
        return Pressed(button.action_id, ref)

    def _buttons(self, sent):
        return [button for block in sent.message.blocks if isinstance(block, Buttons) for button in block.buttons]

    def messages(self, user):
        gateway = self.gateways[user.platform]
        return gateway.messages(gateway.direct_line(user))

    def shown(self, user) -> list[str]:
        return [text_of(sent.message) for sent in self.messages(user)]

    def last(self, user) -> str:
        return (self.shown(user) or [""])[-1]

    async def member(self, user):
        async with self.uow_factory() as uow:
            return await uow.members.by_user(user)

    async def pass_time(self, **how):
        await self.time.to(self.time.now() + timedelta(**how))

    async def code(self, user) -> str:
        """Ask for a code and return it as it is shown."""
        shown = await self.say(user, "link my account")
        return shown.partition("Your code: ")[2].partition("\n")[0]

    async def link(self, asks, enters):
        """Link two accounts the whole way; returns what the confirmation says."""
        await self.say(enters, f"link {await self.code(asks)}")
        return await self.press(enters, "Yes, both are me")


@asynccontextmanager
async def two_platforms(database_url, capabilities=CAPABILITIES):
    """Open the community; each language room has a channel on both platforms."""
    gateways = {name: FakeGateway(name, capabilities=capabilities) for name in (SLACK, DISCORD)}
    for room, *_rest in community.ROOMS:
        for name, place in ((SLACK, "W"), (DISCORD, "G")):
            gateways[name].add_channel(ChannelRef(name, place, room))
    for person in community.people():
        gateways[SLACK].add_user(on_slack(person.user), Profile(person.name))
    for who in ("ama", "ben", "cy"):
        gateways[DISCORD].add_user(on_discord(who), Profile(who.title()))

    def channel(name):
        return ChannelRef(SLACK, "W", name)

    async with sample_assistant(database_url, gateways, user=on_slack, channel=channel) as assistant:
        async with assistant.uow_factory() as uow:
            for found in await uow.rooms.all():
                second = ChannelRef(DISCORD, "G", found.id)
                await uow.rooms.save(replace(found, channels=(*found.channels, second)))
            await uow.commit()
        yield Platforms(gateways, assistant)

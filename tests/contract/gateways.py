"""The gateways that must keep the contract, each with a platform on which one channel and one person exist."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

from adapters.fake.gateway import CAPABILITIES, FakeGateway
from adapters.tryit.gateway import TryItGateway, channel_ref, user_ref
from adapters.tryit.platform import ChatPlatform
from bot.features.rooms.model import Purpose
from bot.inbound import Profile
from bot.messages import ChannelRef, UserRef
from bot.platforms import ChatGateway
from schedules.clock import SystemClock


@dataclass(frozen=True)
class Case:
    """A gateway, who and what is there, and a way to get a trigger as an event would bring one."""

    gateway: ChatGateway
    channel: ChannelRef
    user: UserRef
    name: str
    trigger: Callable[[], AbstractContextManager[str]]
    close: Callable[[], None]


def fake(*, idempotent: bool) -> Case:
    """The fake platform, refusing doubles by itself or not."""
    gateway = FakeGateway(capabilities=replace(CAPABILITIES, idempotent_sends=idempotent))
    channel, user = ChannelRef("fake", "W", "plenary"), UserRef("fake", "W", "ada")
    gateway.add_channel(channel)
    gateway.add_user(user, Profile("Ada"))
    return Case(gateway, channel, user, "Ada", lambda: nullcontext(gateway.new_trigger()), gateway.close)


def tryit() -> Case:
    """The sample chat."""
    platform = ChatPlatform(":memory:", SystemClock())
    platform.add_user("ada", "Ada", role="member", locale=None, zone=None)
    platform.add_channel("plenary", "Plenary", purpose=Purpose.PLENARY, language="en")
    return Case(
        TryItGateway(platform),
        channel_ref("plenary"),
        user_ref("ada"),
        "Ada",
        lambda: platform.trigger("ada", "plenary"),
        platform.close,
    )


CASES: dict[str, Callable[[], Case]] = {
    "fake": lambda: fake(idempotent=False),
    "fake-idempotent": lambda: fake(idempotent=True),
    "tryit": tryit,
}

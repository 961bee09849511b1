"""A Discord of our own, on loopback: real protocols for the real client library, and hands for its people."""

from tests.emulators.discord.client import running
from tests.emulators.discord.filling import Refused
from tests.emulators.discord.limits import problems
from tests.emulators.discord.permissions import Permission
from tests.emulators.discord.server import DiscordServer

__all__ = ["DiscordServer", "Permission", "Refused", "problems", "running"]

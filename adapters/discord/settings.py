"""What the Discord connection needs to know of the installation."""

from __future__ import annotations

from dataclasses import dataclass, field

DEFAULT_API = "https://discord.com/api/v10"


@dataclass(frozen=True, slots=True)
class DiscordSettings:
    """The bot's token, the addresses it talks to, and whether it may read messages that do not name it.

    ``api_url`` is the REST base, ending in ``/api/v10``; an empty ``gateway_url`` is Discord's own gateway.
    """

    token: str = field(repr=False)
    api_url: str = DEFAULT_API
    gateway_url: str = ""
    message_content: bool = False

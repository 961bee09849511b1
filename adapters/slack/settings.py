"""What Slack needs to be told: tokens, addresses, and which way events come."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

PLATFORM = "slack"
API_URL = "https://slack.com/api/"
PATH = "/slack/events"
"""Where Slack's signed requests arrive, for events, commands and interactions alike."""


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """How to reach one workspace.

    ``mode``: ``socket`` (no public address needed; wants ``app_token``) or ``http`` (wants ``signing_secret``).
    ``proxy``: the HTTP proxy's address, if there is one; the environment's is not taken up. ``ping_seconds``: how often
    the socket is tried, in seconds.
    """

    bot_token: str = field(repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    api_url: str = API_URL
    mode: Literal["socket", "http"] = "socket"
    proxy: str = ""
    ping_seconds: float = 5.0

"""Where a window is: the address carries who looks, at what and in which language, so two windows can be two people."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from adapters.tryit.records import direct_line

DIRECT_LINE = "direct"


@dataclass(frozen=True, slots=True)
class Place:
    """A viewer's id, a channel's id (``direct`` for their own direct line), and a language if one was chosen."""

    viewer: str
    channel: str = DIRECT_LINE
    language: str | None = None

    @property
    def channel_id(self) -> str:
        """The channel's id on the platform."""
        return direct_line(self.viewer) if self.channel == DIRECT_LINE else self.channel

    def url(self, path: str = "/", **extra: str | int) -> str:
        """Return the address of this place under ``path``."""
        query: dict[str, str | int] = {"as": self.viewer, "channel": self.channel}
        if self.language:
            query["lang"] = self.language
        return f"{path}?{urlencode(query | extra)}"

    def in_channel(self, channel: str) -> Place:
        """Return the same viewer's place in another channel, by its id on the platform."""
        return Place(self.viewer, DIRECT_LINE if channel == direct_line(self.viewer) else channel, self.language)

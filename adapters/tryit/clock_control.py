"""The sample community's clock, as the page moves it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class ClockControl(Protocol):
    """Moves the community's time forward and lets what falls due happen."""

    def now(self) -> datetime:
        """Return the community's time, aware, in UTC."""
        ...

    async def forward(self, hours: int) -> None:
        """Move the clock forward by hours."""
        ...

    async def to_next_reminder(self) -> bool:
        """Move the clock to the next reminder; False if none is waiting."""
        ...

    async def to_meeting(self) -> bool:
        """Move the clock to the start of the next meeting; False if none is planned."""
        ...

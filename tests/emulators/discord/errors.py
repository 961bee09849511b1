"""What Discord answers when it refuses: an HTTP status, a code of its own, and where in the payload the fault lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]

UNKNOWN_CHANNEL = (404, 10003, "Unknown Channel")
UNKNOWN_GUILD = (404, 10004, "Unknown Guild")
UNKNOWN_MEMBER = (404, 10007, "Unknown Member")
UNKNOWN_MESSAGE = (404, 10008, "Unknown Message")
UNKNOWN_OVERWRITE = (404, 10009, "Unknown permission overwrite")
UNKNOWN_ROLE = (404, 10011, "Unknown Role")
UNKNOWN_USER = (404, 10013, "Unknown User")
UNKNOWN_WEBHOOK = (404, 10015, "Unknown Webhook")
UNKNOWN_INTERACTION = (404, 10062, "Unknown interaction")
UNKNOWN_COMMAND = (404, 10063, "Unknown application command")
UNKNOWN_VOICE_STATE = (404, 10065, "Unknown Voice State")
UNKNOWN_EVENT = (404, 10070, "Unknown Guild Scheduled Event")
TOO_MANY_COMMANDS = (400, 30032, "Maximum number of application commands reached (100)")
TOO_MANY_EVENTS = (400, 30038, "Maximum number of uncompleted guild scheduled events reached (100)")
UNAUTHORIZED = (401, 0, "401: Unauthorized")
TOO_LARGE = (413, 40005, "Request entity too large")
ALREADY_ANSWERED = (400, 40060, "Interaction has already been acknowledged.")
MISSING_ACCESS = (403, 50001, "Missing Access")
WRONG_CHANNEL_TYPE = (400, 50024, "Cannot execute action on this channel type")
NOT_IN_DM = (403, 50003, "Cannot execute action on a DM channel")
NOT_THE_AUTHOR = (403, 50005, "Cannot edit a message authored by another user")
EMPTY_MESSAGE = (400, 50006, "Cannot send an empty message")
CANNOT_DM = (403, 50007, "Cannot send messages to this user")
NOT_IN_VOICE = (403, 50008, "Cannot send messages in a non-text channel")
MISSING_PERMISSIONS = (403, 50013, "Missing Permissions")
TOKEN_EXPIRED = (401, 50027, "Invalid Webhook Token")
NO_MUTUAL_GUILD = (403, 50278, "Cannot send messages to this user due to having no mutual guilds")
TOO_OLD = (400, 50034, "You can only bulk delete messages that are under 14 days old.")
ARCHIVED = (400, 50083, "Thread is archived")
NOT_CONNECTED = (400, 40032, "Target user is not connected to voice.")
THREAD_EXISTS = (400, 160004, "A thread has already been created for this message")


@dataclass(frozen=True)
class Problem:
    """One fault in a payload: where it is, Discord's name for it, and its sentence."""

    path: Path
    code: str
    message: str

    def __str__(self) -> str:
        where = ".".join(str(step) for step in self.path) or "payload"
        return f"{where}: {self.message} ({self.code})"


class ApiError(Exception):
    """A refusal, as the REST API answers it."""

    def __init__(self, reason: tuple[int, int, str], errors: dict[str, Any] | None = None) -> None:
        self.status, self.code, self.message = reason
        self.errors = errors
        super().__init__(f"{self.status} {self.code} {self.message}")

    def body(self) -> dict[str, Any]:
        """The JSON of the answer."""
        found: dict[str, Any] = {"message": self.message, "code": self.code}
        return found | ({"errors": self.errors} if self.errors else {})


def nested(problems: Sequence[Problem]) -> dict[str, Any]:
    """The faults in the nesting of the payload, as Discord's error body holds them."""
    root: dict[str, Any] = {}
    for problem in problems:
        place = root
        for step in problem.path:
            place = place.setdefault(str(step), {})
        place.setdefault("_errors", []).append({"code": problem.code, "message": problem.message})
    return root


def refuse(problems: Sequence[Problem]) -> None:
    """Raise 50035 when there are problems.

    Raises:
        ApiError: with the problems nested as the payload is.
    """
    if problems:
        raise ApiError((400, 50035, "Invalid Form Body"), nested(problems))

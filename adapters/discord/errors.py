"""What Discord's refusals and a broken wire mean to the core."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bot.errors import DeliveryError, PermanentError, RetryableError, UncertainError

REASONS = {
    10003: "the channel is gone",
    10004: "the server is gone",
    10007: "this person is not in the server",
    10008: "the message is gone",
    10013: "there is no such person",
    10015: "the interaction is too old to be answered",
    10062: "the interaction is too old to be answered",
    40060: "the interaction was answered already",
    50001: "the assistant does not see this place: give its role the permission View Channel there",
    50007: "this person takes no direct messages from the assistant",
    50013: "the assistant lacks a permission there: look at the permissions of its role",
    50027: "the interaction is too old to be answered",
    50278: "this person shares no server with the assistant",
}
"""https://discord.com/developers/docs/topics/opcodes-and-status-codes#json"""
SLOW_DOWN = frozenset({20016, 20028, 40003})
TOO_LATE = frozenset({10008, 10015, 10062, 50027})


@contextmanager
def translated(*, reading: bool = False) -> Iterator[None]:
    """Turn what discord.py raises inside into the core's delivery errors; ``reading`` changes nothing on Discord."""
    try:
        yield
    except (discord.DiscordException, aiohttp.ClientError, OSError, RuntimeError) as error:
        raise meaning(error, reading=reading) from error


def meaning(error: Exception, *, reading: bool) -> DeliveryError:
    """Return the core's word for an exception."""
    if isinstance(error, discord.RateLimited):
        return RetryableError("Discord asks to slow down", error.retry_after)
    if isinstance(error, discord.HTTPException):
        return _refusal(error, reading=reading)
    if isinstance(error, aiohttp.ClientConnectorError):
        return RetryableError("Discord cannot be reached")
    if isinstance(error, aiohttp.ClientError | OSError | asyncio.TimeoutError):
        return _unsure("the connection to Discord was cut", reading=reading)
    if isinstance(error, RuntimeError):  # aiohttp says so of a closed session
        return RetryableError("the connection to Discord is closed")
    return PermanentError(str(error) or type(error).__name__)


def _refusal(error: discord.HTTPException, *, reading: bool) -> DeliveryError:
    if error.status == 429 or error.code in SLOW_DOWN:
        return RetryableError("Discord asks to slow down", _retry_after(error))
    if error.status >= 500:
        return _unsure(f"Discord answered with an error of its own ({error.status})", reading=reading)
    if error.status == 401 and not error.code:
        return RetryableError("Discord no longer accepts the token")
    known = REASONS.get(error.code)
    return PermanentError(known or f"Discord refused: {error.text or error.response.reason} ({error.code})")


def _unsure(reason: str, *, reading: bool) -> DeliveryError:
    return RetryableError(reason) if reading else UncertainError(reason)


def _retry_after(error: discord.HTTPException) -> float | None:
    given = error.response.headers.get("Retry-After")
    try:
        return float(given) if given else None
    except ValueError:
        return None


class TooLate(PermanentError):  # noqa: N818 - reads as the sentence it is
    """The interaction can no longer be answered; the same can be said in a message of its own."""


@contextmanager
def answering() -> Iterator[None]:
    """Like ``translated``, for answers to an interaction: raises TooLate when its time is over."""
    try:
        with translated():
            yield
    except PermanentError as error:
        cause = error.__cause__
        if isinstance(cause, discord.InteractionResponded) or getattr(cause, "code", None) in TOO_LATE:
            raise TooLate(str(error)) from cause
        raise

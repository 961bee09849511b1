"""Every error the core raises, one tree.

BotError
├── UserError            the person asked for something that cannot be done; the text tells what to do instead
│   ├── InvalidInput     a value could not be understood
│   ├── NotPermitted     the member may not do this
│   ├── NotFound         what was asked for does not exist (any more)
│   └── Conflict         it changed meanwhile, or contradicts what is there
├── DeliveryError        a gateway could not act
│   ├── RetryableError   certainly not done; try again (after ``retry_after`` seconds when the platform says so)
│   ├── PermanentError   certainly not done, and trying again is useless
│   └── UncertainError   it may or may not have been done; look before sending again
└── ConfigError          the installation is wrong; the text tells the one step that mends it

A ``UserError`` carries an English message id and its parameters; it is translated where it is shown.
"""

from __future__ import annotations


class BotError(Exception):
    """Something this software knows how to explain."""


class UserError(BotError):
    """The person asked for something that cannot be done as asked."""

    def __init__(self, msgid: str, **params: object) -> None:
        self.msgid = msgid
        self.params = params
        super().__init__(msgid.format(**params))


class InvalidInput(UserError):  # noqa: N818 - reads as the sentence it is
    """A value could not be understood."""


class NotPermitted(UserError):  # noqa: N818
    """The member may not do this."""


class NotFound(UserError):  # noqa: N818
    """What was asked for does not exist, or no longer does."""


class Conflict(UserError):  # noqa: N818
    """It changed meanwhile, or contradicts what is there."""


class DeliveryError(BotError):
    """A gateway could not act on its platform."""


class RetryableError(DeliveryError):
    """Certainly not done; may be tried again, after ``retry_after`` seconds if the platform said so."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(reason)


class PermanentError(DeliveryError):
    """Certainly not done, and trying again is useless (an unknown channel, a closed direct line)."""


class UncertainError(DeliveryError):
    """It may or may not have been done: a timeout, a cut connection, a server's error."""


class ConfigError(BotError):
    """The installation cannot run like this; the text names the one step that mends it."""

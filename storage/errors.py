"""The database's own errors, told apart by what a person can do about them."""

from __future__ import annotations

import sqlite3

from asyncpg import PostgresError
from asyncpg.exceptions import InterfaceError
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as QueueTimeoutError

from bot.errors import Conflict
from bot.i18n import N_

BUSY = N_("The assistant is busy just now; please try again in a moment.")
FULL = N_(
    "There is no room left to keep anything, so nothing was changed. Please tell an organizer that the disk is full."
)
CHANGED = N_("Somebody else changed this at the same moment; please look again and repeat your change if needed.")

SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
UNIQUE = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}
# https://www.postgresql.org/docs/current/errcodes-appendix.html: connection exceptions, server shutting down or
# starting up, too many connections, deadlock, serialization failure, lock not available.
POSTGRES_BUSY = ("08", "57P", "53300", "40P01", "40001", "55P03")
POSTGRES_UNIQUE = "23505"
POSTGRES_FULL = "53100"


def as_conflict(error: BaseException) -> Conflict | None:
    """Return the sentence for an error that goes away by itself, or that two people caused together; else None."""
    if isinstance(error, QueueTimeoutError | ConnectionError | InterfaceError):
        return Conflict(BUSY)
    original = error.orig if isinstance(error, DBAPIError) else error
    if _busy(original) or (isinstance(error, DBAPIError) and error.connection_invalidated):
        return Conflict(BUSY)
    if _full(original):
        return Conflict(FULL)
    if isinstance(error, IntegrityError) and _not_unique(original):
        return Conflict(CHANGED)
    return None


def _busy(error: BaseException | None) -> bool:
    if isinstance(error, sqlite3.OperationalError):
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in SQLITE_BUSY
    return _sqlstate(error).startswith(POSTGRES_BUSY)


def _full(error: BaseException | None) -> bool:
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL or _sqlstate(error) == POSTGRES_FULL


def _not_unique(error: BaseException | None) -> bool:
    return getattr(error, "sqlite_errorcode", None) in UNIQUE or _sqlstate(error) == POSTGRES_UNIQUE


def _sqlstate(error: BaseException | None) -> str:
    """The SQLSTATE, from the driver's own error or from SQLAlchemy's coat around it."""
    cause = error if isinstance(error, PostgresError) else getattr(error, "__cause__", None)
    return str(getattr(cause, "sqlstate", None) or getattr(error, "sqlstate", None) or "")

"""The emulated chat service: what Slack or Discord would know, kept in a small file of its own.

It stands on the far side of the gateway, so it has its own truth: users, channels, memberships, messages with their
buttons, what each viewer has read, and the form each viewer has open. Statements take well under a millisecond, so
they run where they are called. A killed process loses nothing that was shown (write-ahead log).
"""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import get_args

from adapters.tryit import codec
from adapters.tryit.records import DIRECT, SCHEMA, UNKNOWN_LANGUAGE, Channel, OpenForm, Posted, Role, User, direct_line
from bot.features.rooms.model import Purpose
from bot.messages import Form, Message
from bot.ports import Clock

SHOWN = 300  # messages of a channel that a viewer sees


class ChatPlatform:
    """The sample chat's service. Every change wakes the listeners of ``changes``."""

    def __init__(self, path: Path | str, clock: Clock) -> None:
        """Open the file, or make it; ``":memory:"`` keeps nothing. ``clock`` dates the messages."""
        self._clock = clock
        if path != ":memory:":
            Path(path).touch(mode=0o600)  # what is said in it is nobody else's to read
        self._db = sqlite3.connect(path, check_same_thread=False)
        self._db.executescript(f"PRAGMA journal_mode=WAL; PRAGMA busy_timeout=2000; {SCHEMA}")
        self._listeners: set[asyncio.Event] = set()
        self._triggers: dict[str, tuple[str, str]] = {}

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def now(self) -> datetime:
        """Return the community's time, aware, in UTC."""
        return self._clock.now()

    # --- changes ---------------------------------------------------------------------------------------------------

    async def changes(self) -> AsyncIterator[None]:
        """Yield once now, then after each change; changes that come close together count as one."""
        changed = asyncio.Event()
        changed.set()
        self._listeners.add(changed)
        try:
            while True:
                await changed.wait()
                changed.clear()
                yield
        finally:
            self._listeners.discard(changed)

    def touch(self) -> None:
        """Tell the listeners that something they show has changed."""
        for listener in self._listeners:
            listener.set()

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        with self._db:
            yield self._db
        self.touch()

    # --- users and channels ------------------------------------------------------------------------------------------

    def add_user(self, user_id: str, name: str, *, role: Role, locale: str | None, zone: str | None) -> None:
        """Add somebody, or bring their details up to date; newcomers have not joined until they do so themselves."""
        if role not in get_args(Role):
            msg = f"{role!r} is no role"
            raise ValueError(msg)
        with self._change() as db:
            db.execute(
                "INSERT INTO users (id, name, role, locale, zone, joined) VALUES (?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET name=excluded.name, role=excluded.role, locale=excluded.locale, "
                "zone=excluded.zone",
                (user_id, name, role, locale, zone, role != "newcomer"),
            )

    def add_channel(self, channel_id: str, name: str, *, purpose: Purpose, language: str) -> None:
        """Add a channel, or bring its details up to date; channels stand in the order in which they were added."""
        if channel_id.startswith(DIRECT):
            msg = f"{channel_id!r} is the name of a direct line"
            raise ValueError(msg)
        with self._change() as db:
            db.execute(
                "INSERT INTO channels (id, name, purpose, language) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET name=excluded.name, purpose=excluded.purpose, "
                "language=excluded.language",
                (channel_id, name, purpose, language),
            )

    def open_channel(self, name: str) -> None:
        """Add a channel by its name; does nothing if it is there."""
        if all(channel.id != name for channel in self.channels()):
            self.add_channel(name, name, purpose=Purpose.LANGUAGE, language=UNKNOWN_LANGUAGE)

    def join(self, user_id: str) -> None:
        """Let somebody into the community."""
        with self._change() as db:
            db.execute("UPDATE users SET joined = 1 WHERE id = ?", (user_id,))

    def add_to_channel(self, channel_id: str, user_id: str) -> None:
        """Let somebody into a channel; does nothing if they are in it."""
        with self._change() as db:
            db.execute("INSERT OR IGNORE INTO memberships VALUES (?, ?)", (channel_id, user_id))

    def user(self, user_id: str) -> User | None:
        """Return somebody, or None."""
        return next(iter(self._users("WHERE id = ?", user_id)), None)

    def users(self) -> tuple[User, ...]:
        """Return everybody, in the order in which they were added."""
        return self._users("ORDER BY position")

    def _users(self, clause: str, *values: str) -> tuple[User, ...]:
        rows = self._db.execute(f"SELECT id, name, role, locale, zone, joined FROM users {clause}", values)  # noqa: S608
        return tuple(
            User(user, name, role, locale, zone, bool(joined)) for user, name, role, locale, zone, joined in rows
        )

    def channels(self) -> tuple[Channel, ...]:
        """Return the channels, in their order."""
        rows = self._db.execute("SELECT id, name, purpose, language FROM channels ORDER BY position")
        return tuple(Channel(channel, name, Purpose(purpose), language) for channel, name, purpose, language in rows)

    def has_channel(self, channel_id: str) -> bool:
        """Tell whether there is such a channel, or such a direct line of somebody who has joined."""
        if channel_id.startswith(DIRECT):
            user = self.user(channel_id.removeprefix(DIRECT))
            return user is not None and user.joined
        return any(channel.id == channel_id for channel in self.channels())

    def memberships(self, user_id: str) -> frozenset[str]:
        """Return the ids of the channels somebody is in."""
        rows = self._db.execute("SELECT channel FROM memberships WHERE user = ?", (user_id,))
        return frozenset(channel for (channel,) in rows)

    # --- messages ----------------------------------------------------------------------------------------------------

    def post(
        self, channel: str, author: str | None, message: Message, *, key: str | None, visible_to: str | None = None
    ) -> Posted:
        """Show a message; with a key that this channel has seen, return the message that is there."""
        with self._change() as db:
            db.execute(
                "INSERT INTO messages (channel, author, visible_to, key, payload, at) VALUES (?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (channel, key) DO NOTHING",
                (channel, author, visible_to, key, codec.dump(message), self.now().isoformat()),
            )
            if key is None:
                (there,) = self._messages("WHERE id = last_insert_rowid()")
            else:
                (there,) = self._messages("WHERE channel = ? AND key = ?", channel, key)
        return there

    def edit(self, message_id: str, message: Message) -> bool:
        """Replace a message; False if it is not there."""
        with self._change() as db:
            update = "UPDATE messages SET payload = ?, edited = 1 WHERE id = ?"
            return db.execute(update, (codec.dump(message), message_id)).rowcount == 1

    def message(self, message_id: str) -> Posted | None:
        """Return a message, or None."""
        return next(iter(self._messages("WHERE id = ?", message_id)), None)

    def find(self, channel: str, key: str) -> Posted | None:
        """Return the message that was posted with this key, or None."""
        return next(iter(self._messages("WHERE channel = ? AND key = ?", channel, key)), None)

    def conversation(self, channel: str, viewer: str) -> tuple[Posted, ...]:
        """Return what a viewer sees in a channel, the oldest first: the last ``SHOWN`` messages."""
        clause = "WHERE channel = ? AND (visible_to IS NULL OR visible_to = ?) ORDER BY id DESC LIMIT ?"
        return self._messages(clause, channel, viewer, SHOWN)[::-1]

    def _messages(self, clause: str, *values: str | int) -> tuple[Posted, ...]:
        columns = "id, channel, author, payload, visible_to, at, edited"
        rows = self._db.execute(f"SELECT {columns} FROM messages {clause}", values)  # noqa: S608
        return tuple(
            Posted(
                message_id,
                channel,
                author,
                codec.load_message(payload),
                visible_to,
                datetime.fromisoformat(at),
                bool(edited),
            )
            for message_id, channel, author, payload, visible_to, at, edited in rows
        )

    def mark_read(self, user_id: str, channel: str) -> None:
        """Remember that somebody has read a channel to its end."""
        with self._db as db:
            db.execute(
                "INSERT INTO reads SELECT ?, ?, coalesce(max(id), 0) FROM messages WHERE channel = ? "
                "ON CONFLICT (user, channel) DO UPDATE SET message = excluded.message",
                (user_id, channel, channel),
            )

    def unread(self, user_id: str) -> dict[str, int]:
        """Return how many messages of others somebody has not read, in their own channels and direct line."""
        rows = self._db.execute(
            "SELECT m.channel, count(*) FROM messages m LEFT JOIN reads r ON r.channel = m.channel AND r.user = ?1 "
            "WHERE m.id > coalesce(r.message, 0) AND m.author IS NOT ?1 "
            "AND (m.visible_to IS NULL OR m.visible_to = ?1) "
            "AND (m.channel = ?2 OR m.channel IN (SELECT channel FROM memberships WHERE user = ?1)) "
            "GROUP BY m.channel",
            (user_id, direct_line(user_id)),
        )
        return dict(rows.fetchall())

    # --- forms -------------------------------------------------------------------------------------------------------

    @contextmanager
    def trigger(self, user_id: str, channel: str) -> Iterator[str]:
        """Give a trigger with which one form can be opened for somebody, where they are, while this context lasts."""
        trigger = secrets.token_urlsafe(12)
        self._triggers[trigger] = (user_id, channel)
        try:
            yield trigger
        finally:
            self._triggers.pop(trigger, None)

    def open_form(self, trigger: str, form: Form) -> bool:
        """Show a form to whom the trigger was given, in place of the one they have open; False if it is spent."""
        place = self._triggers.pop(trigger, None)
        if place is None:
            return False
        with self._change() as db:
            insert = "INSERT OR REPLACE INTO forms (user, channel, payload) VALUES (?, ?, ?)"
            db.execute(insert, (*place, codec.dump(form)))
        return True

    def form(self, user_id: str) -> OpenForm | None:
        """Return the form somebody has open, or None."""
        row = self._db.execute("SELECT serial, channel, payload FROM forms WHERE user = ?", (user_id,)).fetchone()
        return OpenForm(row[0], row[1], codec.load_form(row[2])) if row else None

    def close_form(self, user_id: str, serial: int) -> None:
        """Close one opening of a form; one that was opened since stays."""
        with self._change() as db:
            db.execute("DELETE FROM forms WHERE user = ? AND serial = ?", (user_id, serial))

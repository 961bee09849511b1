"""What the fake platform remembers: people, channels, messages; in memory, or in a file that outlives the process."""

from __future__ import annotations

import pickle
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.inbound import Profile
from bot.messages import ChannelRef, Message, MessageRef, UserRef

SCHEMA = """
CREATE TABLE IF NOT EXISTS users (workspace TEXT, user TEXT, profile BLOB, PRIMARY KEY (workspace, user));
CREATE TABLE IF NOT EXISTS channels (workspace TEXT, channel TEXT, PRIMARY KEY (workspace, channel));
CREATE TABLE IF NOT EXISTS members (workspace TEXT, channel TEXT, user TEXT, PRIMARY KEY (workspace, channel, user));
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY, workspace TEXT, channel TEXT, key TEXT, only_for TEXT, content BLOB, edits INTEGER
);
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as it stands on the platform; ``edits`` counts how often it was replaced."""

    ref: MessageRef
    key: str
    message: Message
    only_for: str | None
    edits: int


class Records:
    """A few tables of SQLite, each change kept at once. Only this class writes the file, so it may be unpickled."""

    def __init__(self, platform: str, path: Path | None) -> None:
        self._platform = platform
        self._database = sqlite3.connect(path or ":memory:", isolation_level=None)
        self._database.execute("PRAGMA synchronous=OFF")  # a killed process loses nothing; only a dead machine would
        self._database.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def add_user(self, user: UserRef, profile: Profile) -> None:
        """Remember someone, or what they changed."""
        self._write("REPLACE INTO users VALUES (?, ?, ?)", user.workspace, user.user, pickle.dumps(profile))

    def profile(self, user: UserRef) -> Profile | None:
        """Return what is known of someone."""
        rows = self._read("SELECT profile FROM users WHERE workspace = ? AND user = ?", user.workspace, user.user)
        return pickle.loads(rows[0][0]) if rows else None  # noqa: S301 - see the class

    def add_channel(self, channel: ChannelRef) -> None:
        """Open a channel."""
        self._write("INSERT OR IGNORE INTO channels VALUES (?, ?)", channel.workspace, channel.channel)

    def has_channel(self, channel: ChannelRef) -> bool:
        """Tell whether there is such a channel."""
        where = "SELECT 1 FROM channels WHERE workspace = ? AND channel = ?"
        return bool(self._read(where, channel.workspace, channel.channel))

    def join(self, channel: ChannelRef, user: UserRef) -> None:
        """Let someone in."""
        self._write("INSERT OR IGNORE INTO members VALUES (?, ?, ?)", channel.workspace, channel.channel, user.user)

    def members(self, channel: ChannelRef) -> frozenset[UserRef]:
        """Return who is in a channel."""
        where = "SELECT user FROM members WHERE workspace = ? AND channel = ?"
        found = self._read(where, channel.workspace, channel.channel)
        return frozenset(UserRef(self._platform, channel.workspace, user) for (user,) in found)

    def add_message(self, channel: ChannelRef, key: str, message: Message, only_for: str | None) -> MessageRef:
        """Keep a new message."""
        content = (channel.workspace, channel.channel, key, only_for, pickle.dumps(message))
        columns = "(workspace, channel, key, only_for, content, edits)"
        number = self._write(f"INSERT INTO messages {columns} VALUES (?, ?, ?, ?, ?, 0)", *content)  # noqa: S608
        return MessageRef(self._platform, channel.workspace, channel.channel, str(number))

    def change_message(self, ref: MessageRef, message: Message) -> None:
        """Replace what a message says."""
        self._write(
            "UPDATE messages SET content = ?, edits = edits + 1 WHERE id = ?", pickle.dumps(message), ref.message
        )

    def remove_message(self, ref: MessageRef) -> None:
        """Forget a message, as when somebody deletes it."""
        self._write("DELETE FROM messages WHERE id = ?", ref.message)

    def messages(self) -> tuple[Sent, ...]:
        """Return every message, the oldest first."""
        rows = self._read("SELECT id, workspace, channel, key, only_for, content, edits FROM messages ORDER BY id")
        return tuple(
            Sent(
                ref=MessageRef(self._platform, workspace, channel, str(number)),
                key=key,
                message=pickle.loads(content),  # noqa: S301 - see the class
                only_for=only_for,
                edits=edits,
            )
            for number, workspace, channel, key, only_for, content, edits in rows
        )

    def _write(self, statement: str, *values: object) -> int:
        return self._database.execute(statement, values).lastrowid or 0

    def _read(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self._database.execute(query, values).fetchall()

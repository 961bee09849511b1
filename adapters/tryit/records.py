"""The sample chat's records, and the tables of its file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.features.rooms.model import Purpose
from bot.messages import Form, Message

Role = Literal["organizer", "member", "newcomer"]
DIRECT = "direct:"
UNKNOWN_LANGUAGE = "und"

SCHEMA = """
CREATE TABLE IF NOT EXISTS users (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL,
    locale TEXT, zone TEXT, joined INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS channels (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, purpose TEXT NOT NULL,
    language TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS memberships (channel TEXT NOT NULL, user TEXT NOT NULL, PRIMARY KEY (channel, user));
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, author TEXT, visible_to TEXT, key TEXT,
    payload TEXT NOT NULL, at TEXT NOT NULL, edited INTEGER NOT NULL DEFAULT 0, UNIQUE (channel, key));
CREATE TABLE IF NOT EXISTS reads (
    user TEXT NOT NULL, channel TEXT NOT NULL, message INTEGER NOT NULL, PRIMARY KEY (user, channel));
CREATE TABLE IF NOT EXISTS forms (
    serial INTEGER PRIMARY KEY AUTOINCREMENT, user TEXT NOT NULL UNIQUE, channel TEXT NOT NULL,
    payload TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class User:
    """Someone on the sample chat, with the locale and the zone of their device."""

    id: str
    name: str
    role: Role
    locale: str | None
    zone: str | None
    joined: bool


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel: its name, what it is for, and its language (a BCP-47 tag)."""

    id: str
    name: str
    purpose: Purpose
    language: str


@dataclass(frozen=True, slots=True)
class Posted:
    """A message as it stands; ``author`` is None for the assistant, ``visible_to`` None when everybody sees it."""

    id: int
    channel: str
    author: str | None
    message: Message
    visible_to: str | None
    at: datetime
    edited: bool


@dataclass(frozen=True, slots=True)
class OpenForm:
    """The form a viewer has before them, and where it was asked for; ``serial`` tells one opening from the next."""

    serial: int
    channel: str
    form: Form


def direct_line(user_id: str) -> str:
    """Return the channel id of somebody's direct line to the assistant."""
    return DIRECT + user_id

"""Every table but the search index's, which belongs to ``storage.search``.

A column that refers to a member carries ``info={"member": True}``, so that nothing about a person is forgotten when
they ask what is kept, or ask to be forgotten; ``"owner": True`` means that the row is theirs and goes with them.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, MetaData, Table, UniqueConstraint

from bot.duework import State
from bot.features.deliveries.model import Audience
from bot.features.meetings.model import Answer, ItemKind, OccurrenceState, PlaceAudience
from bot.features.resources.model import ProposalState
from bot.features.rooms.model import Purpose, RouteState
from storage.types import (
    BigId,
    Counts,
    EnumText,
    JsonValue,
    LocalDateTime,
    MessageRefJson,
    Tags,
    TargetJson,
    Texts,
    UtcDateTime,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

PENDING = sa.text(f"state = '{State.PENDING}'")
LEASED = sa.text(f"state IN ('{State.CLAIMED}', '{State.SENDING}', '{State.UNCERTAIN}')")


def _text(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, sa.Text, nullable=null)


def _number(name: str) -> Column[Any]:
    return Column(name, sa.Integer, nullable=False)


def _flag(name: str) -> Column[Any]:
    return Column(name, sa.Boolean, nullable=False)


def _instant(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, UtcDateTime, nullable=null)


def _of(table: str, *, key: bool = False, index: bool = False) -> Column[Any]:
    """A column that goes with the row it refers to."""
    reference = ForeignKey(f"{table}.id", ondelete="CASCADE")
    return Column(f"{table}_id", sa.Text, reference, nullable=False, primary_key=key, index=index)


def _owner(*, key: bool = False, index: bool = False) -> Column[Any]:
    """The member whose row it is."""
    info = {"member": True, "owner": True}
    reference = ForeignKey("member.id", ondelete="CASCADE")
    return Column("member_id", sa.Text, reference, nullable=False, primary_key=key, index=index, info=info)


def _by(name: str) -> Column[Any]:
    """A member who had a part in a row that stays without them."""
    info = {"member": True, "owner": False}
    return Column(name, sa.Text, ForeignKey("member.id", ondelete="SET NULL"), nullable=True, index=True, info=info)


def _whose() -> Column[Any]:
    """The member whose row it is, if any; it must be erased before they are, or the database refuses."""
    info = {"member": True, "owner": True}
    return Column("member_id", sa.Text, ForeignKey("member.id"), nullable=True, index=True, info=info)


member = Table(
    "member",
    metadata,
    Column("id", sa.Text, primary_key=True, info={"member": True, "owner": True}),
    _text("name"),
    _instant("joined_at"),
    Column("languages", Tags, nullable=False),
    _text("zone", null=True),
    Column("quiet_start", sa.Time, nullable=True),
    Column("quiet_end", sa.Time, nullable=True),
    Column("skills_offered", Tags, nullable=False),
    Column("skills_wanted", Tags, nullable=False),
    _text("bio"),
    _flag("organizer"),
    _flag("reminders"),
    _instant("noticed_at", null=True),
    _instant("welcomed_at", null=True),
    Column("preferred", sa.Text, nullable=False, server_default=""),
    Column("appointed", sa.Boolean, nullable=False, server_default=sa.false()),
)

identity = Table(
    "identity",
    metadata,
    Column("platform", sa.Text, primary_key=True),
    Column("workspace", sa.Text, primary_key=True),
    Column("user_id", sa.Text, primary_key=True),
    _owner(index=True),
    _text("locale", null=True),
    _text("zone_hint", null=True),
    _number("ordinal"),
    Column("admin", sa.Boolean, nullable=False, server_default=sa.false()),
    _instant("linked_at", null=True),
)

# A code that somebody asked for to link their accounts: only what the installation's secret makes of it.
link_code = Table(
    "link_code",
    metadata,
    _owner(key=True),
    _text("digest"),
    _instant("expires_at"),
    UniqueConstraint("digest"),
)

# The codes that somebody tried in vain, for as long as they count; one whose member was erased counts on.
link_try = Table(
    "link_try",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    _by("member_id"),
    _instant("at"),
    sqlite_autoincrement=True,
)

room = Table(
    "room",
    metadata,
    Column("id", sa.Text, primary_key=True),
    _text("name"),
    Column("purpose", EnumText(Purpose), nullable=False),
    _text("language"),
)

room_channel = Table(
    "room_channel",
    metadata,
    Column("platform", sa.Text, primary_key=True),
    Column("workspace", sa.Text, primary_key=True),
    Column("channel", sa.Text, primary_key=True),
    _of("room", index=True),
    _number("position"),
)

route = Table(
    "route",
    metadata,
    Column("id", sa.Text, primary_key=True),
    _owner(),
    _text("language"),
    _of("room"),
    Column("state", EnumText(RouteState), nullable=False),
    _instant("proposed_at"),
    UniqueConstraint("member_id", "language"),
)

written_language = Table(
    "written_language",
    metadata,
    _owner(key=True),
    Column("language", sa.Text, primary_key=True),
    _number("count"),
)

meeting = Table(
    "meeting",
    metadata,
    Column("id", sa.Text, primary_key=True),
    _text("title"),
    Column("starts_local", LocalDateTime, nullable=False),
    _text("zone"),
    _number("minutes"),
    _by("created_by"),
    _text("rrule", null=True),
    _text("place"),
    Column("place_audience", EnumText(PlaceAudience), nullable=False),
    _text("background"),
    _number("version"),
)

agenda_item = Table(
    "agenda_item",
    metadata,
    Column("id", sa.Text, primary_key=True),
    _of("meeting", index=True),
    _number("position"),
    _number("offset_minutes"),
    _number("minutes"),
    _text("title"),
    Column("kind", EnumText(ItemKind), nullable=False),
    _text("presenters"),
    Column("languages", Tags, nullable=False),
    Column("groups", Counts, nullable=False),
)

occurrence = Table(
    "occurrence",
    metadata,
    Column("id", sa.Text, primary_key=True),
    _of("meeting"),
    Column("nominal_local", LocalDateTime, nullable=False),
    _instant("starts_utc"),
    _instant("ends_utc"),
    _text("tzdata_version"),
    Column("state", EnumText(OccurrenceState), nullable=False),
    _number("version"),
    UniqueConstraint("meeting_id", "nominal_local"),
    Index(None, "ends_utc"),
)

rsvp = Table(
    "rsvp",
    metadata,
    _of("occurrence", key=True),
    _owner(key=True, index=True),
    Column("answer", EnumText(Answer), nullable=False),
    _instant("at"),
)

reminder_rule = Table(
    "reminder_rule",
    metadata,
    Column("id", sa.Text, primary_key=True),
    _of("meeting", index=True),
    Column("audience", EnumText(Audience), nullable=False),
    _text("lead"),
    _number("useful_minutes"),
)

draft = Table(
    "draft",
    metadata,
    Column("id", sa.Text, primary_key=True),
    _owner(index=True),
    _text("text"),
    Column("choices", JsonValue, nullable=False),
    _instant("at"),
)

breakout = Table(
    "breakout",
    metadata,
    Column("id", sa.Text, primary_key=True),
    _of("occurrence", index=True),
    Column("item_id", sa.Text, ForeignKey("agenda_item.id", ondelete="CASCADE"), nullable=False, index=True),
    _number("position"),
    _text("language"),
    _of("room"),
)

placement = Table(
    "placement",
    metadata,
    _of("breakout", key=True),
    _owner(key=True, index=True),
    _text("reason"),
    _number("rank"),
)

resource = Table(
    "resource",
    metadata,
    Column("id", sa.Text, primary_key=True),
    _text("url"),
    _text("kind"),
    _text("language"),
    _text("source"),
    _text("region"),
    Column("tags", Tags, nullable=False),
    Column("checked_on", sa.Date, nullable=False),
    Column("texts", Texts, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    _of("resource", key=True),
    _owner(key=True, index=True),
    _flag("helpful"),
    _instant("at"),
)

question = Table(
    "question",
    metadata,
    Column("id", sa.Text, primary_key=True),
    _whose(),
    _text("text"),
    _text("language"),
    _instant("asked_at"),
    _text("answer", null=True),
    _by("answered_by"),
    _instant("answered_at", null=True),
)

proposal = Table(
    "proposal",
    metadata,
    Column("id", sa.Text, primary_key=True),
    _whose(),
    _text("url"),
    _text("title"),
    _text("language"),
    Column("tags", Tags, nullable=False),
    _text("description"),
    _instant("proposed_at"),
    Column("state", EnumText(ProposalState), nullable=False),
    _by("settled_by"),
    _instant("settled_at", null=True),
)

# ``idempotency_key`` is a hash of ``key``, so its uniqueness is the key's, and holds on when erasing hides the key.
# ``lease_run`` names the run of the store that gave the lease (see storage.clocks).
due_work = Table(
    "due_work",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    _text("kind"),
    _text("key"),
    _text("idempotency_key"),
    _instant("due"),
    _instant("useful_until", null=True),
    Column("payload", JsonValue, nullable=False),
    Column("target", TargetJson, nullable=True),
    _whose(),
    _text("subject"),
    _number("version"),
    Column("state", EnumText(State), nullable=False),
    _number("attempt"),
    _flag("maybe_sent"),
    _instant("first_try", null=True),
    _instant("retry_at", null=True),
    _text("owner", null=True),
    _text("lease_run", null=True),
    _instant("lease_until", null=True),
    _text("reason", null=True),
    Column("sent", MessageRefJson, nullable=True),
    _instant("finished_at", null=True),
    Column("cause", sa.Text, nullable=False, server_default=""),
    UniqueConstraint("idempotency_key"),
    Index("ix_due_work_pending", "due", sqlite_where=PENDING, postgresql_where=PENDING),
    Index("ix_due_work_leased", "lease_until", sqlite_where=LEASED, postgresql_where=LEASED),
    Index(None, "subject"),
    sqlite_autoincrement=True,
)

# Append-only: one row for each change of state, at the store's time.
due_work_event = Table(
    "due_work_event",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("work_id", BigId, ForeignKey("due_work.id", ondelete="CASCADE"), nullable=False, index=True),
    _instant("at"),
    Column("state", EnumText(State), nullable=False),
    _text("owner", null=True),
    _text("reason", null=True),
    sqlite_autoincrement=True,
)

action = Table(
    "action",
    metadata,
    Column("id", sa.Text, primary_key=True),
    _text("command"),
    Column("args", JsonValue, nullable=False),
    # No foreign key: what a button stands for must not fail to be written because its member has just gone.
    Column("member_id", sa.Text, nullable=True, index=True, info={"member": True, "owner": True}),
)

setting = Table("setting", metadata, Column("name", sa.Text, primary_key=True), _text("value"))

# That an export or an erasure was done, and through which door; never whose it was.
privacy_record = Table(
    "privacy_record",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    _instant("at"),
    _text("action"),
    _text("by"),
    sqlite_autoincrement=True,
)

seen = Table("seen", metadata, Column("id", sa.Text, primary_key=True), _instant("at"), Index(None, "at"))

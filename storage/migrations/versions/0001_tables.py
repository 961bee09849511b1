"""Members, rooms, meetings, breakouts, the library, due work: every table but the search index's."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PENDING = sa.text("state = 'pending'")
LEASED = sa.text("state IN ('claimed', 'sending', 'uncertain')")
# fmt: off
TABLES = (
    "member", "identity", "room", "room_channel", "route", "written_language", "meeting", "agenda_item", "occurrence",
    "rsvp", "reminder_rule", "draft", "breakout", "placement", "resource", "feedback", "question", "due_work",
    "due_work_event", "action", "setting", "seen",
)
# fmt: on


def upgrade() -> None:
    create_members()
    create_rooms()
    create_meetings()
    create_breakouts()
    create_library()
    create_due_work()
    create_the_rest()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.Text, primary_key=True)


def _text(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=null)


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=False)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean, nullable=False)


def _instant(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _json(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, JSON, nullable=null)


def _of(table: str, *, key: bool = False, index: bool = False) -> sa.Column[Any]:
    reference = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    return sa.Column(f"{table}_id", sa.Text, reference, nullable=False, primary_key=key, index=index)


def _by(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, sa.ForeignKey("member.id", ondelete="SET NULL"), nullable=True, index=True)


def _whose() -> sa.Column[Any]:
    return sa.Column("member_id", sa.Text, sa.ForeignKey("member.id"), nullable=True, index=True)


def create_members() -> None:
    op.create_table(
        "member",
        _id(),
        _text("name"),
        _instant("joined_at"),
        _json("languages"),
        _text("zone", null=True),
        sa.Column("quiet_start", sa.Time, nullable=True),
        sa.Column("quiet_end", sa.Time, nullable=True),
        _json("skills_offered"),
        _json("skills_wanted"),
        _text("bio"),
        _flag("organizer"),
        _flag("reminders"),
        _instant("noticed_at", null=True),
        _instant("welcomed_at", null=True),
    )
    op.create_table(
        "identity",
        sa.Column("platform", sa.Text, primary_key=True),
        sa.Column("workspace", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, primary_key=True),
        _of("member", index=True),
        _text("locale", null=True),
        _text("zone_hint", null=True),
        _number("ordinal"),
    )


def create_rooms() -> None:
    op.create_table(
        "room",
        _id(),
        _text("name"),
        _text("purpose"),
        _text("language"),
    )
    op.create_table(
        "room_channel",
        sa.Column("platform", sa.Text, primary_key=True),
        sa.Column("workspace", sa.Text, primary_key=True),
        sa.Column("channel", sa.Text, primary_key=True),
        _of("room", index=True),
        _number("position"),
    )
    op.create_table(
        "route",
        _id(),
        _of("member"),
        _text("language"),
        _of("room"),
        _text("state"),
        _instant("proposed_at"),
        sa.UniqueConstraint("member_id", "language"),
    )
    op.create_table(
        "written_language",
        _of("member", key=True),
        sa.Column("language", sa.Text, primary_key=True),
        _number("count"),
    )


def create_meetings() -> None:
    op.create_table(
        "meeting",
        _id(),
        _text("title"),
        _text("starts_local"),
        _text("zone"),
        _number("minutes"),
        _by("created_by"),
        _text("rrule", null=True),
        _text("place"),
        _text("place_audience"),
        _text("background"),
        _number("version"),
    )
    op.create_table(
        "agenda_item",
        _id(),
        _of("meeting", index=True),
        _number("position"),
        _number("offset_minutes"),
        _number("minutes"),
        _text("title"),
        _text("kind"),
        _text("presenters"),
        _json("languages"),
        _json("groups"),
    )
    op.create_table(
        "occurrence",
        _id(),
        _of("meeting"),
        _text("nominal_local"),
        _instant("starts_utc"),
        _instant("ends_utc"),
        _text("tzdata_version"),
        _text("state"),
        _number("version"),
        sa.UniqueConstraint("meeting_id", "nominal_local"),
    )
    op.create_index("ix_occurrence_ends_utc", "occurrence", ["ends_utc"])
    op.create_table(
        "rsvp",
        _of("occurrence", key=True),
        _of("member", key=True, index=True),
        _text("answer"),
        _instant("at"),
    )
    op.create_table(
        "reminder_rule",
        _id(),
        _of("meeting", index=True),
        _text("audience"),
        _text("lead"),
        _number("useful_minutes"),
    )
    op.create_table(
        "draft",
        _id(),
        _of("member", index=True),
        _text("text"),
        _json("choices"),
        _instant("at"),
    )


def create_breakouts() -> None:
    op.create_table(
        "breakout",
        _id(),
        _of("occurrence", index=True),
        sa.Column("item_id", sa.Text, sa.ForeignKey("agenda_item.id", ondelete="CASCADE"), nullable=False, index=True),
        _number("position"),
        _text("language"),
        _of("room"),
    )
    op.create_table(
        "placement",
        _of("breakout", key=True),
        _of("member", key=True, index=True),
        _text("reason"),
        _number("rank"),
    )


def create_library() -> None:
    op.create_table(
        "resource",
        _id(),
        _text("url"),
        _text("kind"),
        _text("language"),
        _text("source"),
        _text("region"),
        _json("tags"),
        sa.Column("checked_on", sa.Date, nullable=False),
        _json("texts"),
    )
    op.create_table(
        "feedback",
        _of("resource", key=True),
        _of("member", key=True, index=True),
        _flag("helpful"),
        _instant("at"),
    )
    op.create_table(
        "question",
        _id(),
        _whose(),
        _text("text"),
        _text("language"),
        _instant("asked_at"),
        _text("answer", null=True),
        _by("answered_by"),
        _instant("answered_at", null=True),
    )


def create_due_work() -> None:
    op.create_table(
        "due_work",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        _text("kind"),
        _text("key"),
        _text("idempotency_key"),
        _instant("due"),
        _instant("useful_until", null=True),
        _json("payload"),
        _json("target", null=True),
        _whose(),
        _text("subject"),
        _number("version"),
        _text("state"),
        _number("attempt"),
        _flag("maybe_sent"),
        _instant("first_try", null=True),
        _instant("retry_at", null=True),
        _text("owner", null=True),
        _text("lease_run", null=True),
        _instant("lease_until", null=True),
        _text("reason", null=True),
        _json("sent", null=True),
        _instant("finished_at", null=True),
        sa.UniqueConstraint("idempotency_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_due_work_pending", "due_work", ["due"], sqlite_where=PENDING, postgresql_where=PENDING)
    op.create_index("ix_due_work_leased", "due_work", ["lease_until"], sqlite_where=LEASED, postgresql_where=LEASED)
    op.create_index("ix_due_work_subject", "due_work", ["subject"])
    op.create_table(
        "due_work_event",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("work_id", ID, sa.ForeignKey("due_work.id", ondelete="CASCADE"), nullable=False, index=True),
        _instant("at"),
        _text("state"),
        _text("owner", null=True),
        _text("reason", null=True),
        sqlite_autoincrement=True,
    )


def create_the_rest() -> None:
    op.create_table(
        "action",
        _id(),
        _text("command"),
        _json("args"),
        sa.Column("member_id", sa.Text, nullable=True, index=True),
    )
    op.create_table("setting", sa.Column("name", sa.Text, primary_key=True), _text("value"))
    op.create_table("seen", _id(), _instant("at"))
    op.create_index("ix_seen_at", "seen", ["at"])

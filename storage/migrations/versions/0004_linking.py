"""One member on several platforms: the codes that link accounts, the tries, and the platform a member prefers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("member", sa.Column("preferred", sa.Text, nullable=False, server_default=""))
    op.add_column("identity", sa.Column("admin", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("identity", sa.Column("linked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "link_code",
        sa.Column("member_id", sa.Text, sa.ForeignKey("member.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("digest"),
    )
    op.create_table(
        "link_try",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("member_id", sa.Text, sa.ForeignKey("member.id", ondelete="SET NULL"), nullable=True, index=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("link_try")
    op.drop_table("link_code")
    op.drop_column("identity", "linked_at")
    op.drop_column("identity", "admin")
    op.drop_column("member", "preferred")

"""The search index: documents and terms on both databases, and what finds documents by term on each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "search_document",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("resource_id", sa.Text, sa.ForeignKey("resource.id"), nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("labels", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.UniqueConstraint("resource_id", "language", name="uq_search_document_resource_id_language"),
    )
    op.create_table(
        "search_term",
        sa.Column("language", sa.Text, primary_key=True),
        sa.Column("term", sa.Text, primary_key=True),
        sa.Column("resources", sa.Integer, nullable=False),
    )
    op.create_table(
        "search_word",
        sa.Column("word", sa.Text, primary_key=True),
        sa.Column("resources", sa.Integer, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5("
            "title, labels, description, content='search_document', content_rowid='id', tokenize='ascii')"
        )
    else:
        op.execute(
            "CREATE TABLE search_index ("
            "id bigint PRIMARY KEY REFERENCES search_document (id) ON DELETE CASCADE, vector tsvector NOT NULL)"
        )
        op.execute("CREATE INDEX ix_search_index_vector ON search_index USING gin (vector)")


def downgrade() -> None:
    op.execute("DROP TABLE search_index")
    op.drop_table("search_word")
    op.drop_table("search_term")
    op.drop_table("search_document")

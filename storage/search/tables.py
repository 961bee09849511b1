"""The search index's tables.

``search_document`` holds one row for each resource and language of its texts, as terms parted by spaces;
``search_term`` how many resources hold each term, ``search_word`` each word as it is written, to correct misspelt ones
by. Both databases fill them alike and are scored from them alike.
``search_index`` finds documents by term: a full-text table over ``search_document`` on SQLite, which therefore keeps
no second copy, and a ``tsvector`` beside it on PostgreSQL. The migration makes it; nothing here describes it.
"""

from __future__ import annotations

import sqlalchemy as sa

from storage.tables import resource
from storage.types import BigId

metadata = sa.MetaData()

document = sa.Table(
    "search_document",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("resource_id", sa.Text, sa.ForeignKey(resource.c.id), nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("labels", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.UniqueConstraint("resource_id", "language", name="uq_search_document_resource_id_language"),
)

term = sa.Table(
    "search_term",
    metadata,
    sa.Column("language", sa.Text, primary_key=True),
    sa.Column("term", sa.Text, primary_key=True),
    sa.Column("resources", sa.Integer, nullable=False),
)

word = sa.Table(
    "search_word",
    metadata,
    sa.Column("word", sa.Text, primary_key=True),
    sa.Column("resources", sa.Integer, nullable=False),
)

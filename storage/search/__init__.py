"""Ranked full text over the library."""

from __future__ import annotations

from storage.search.find import MIN_SCORE, SqlResourceSearch
from storage.search.index import ensure_index, index_resource, reindex

__all__ = ["MIN_SCORE", "SqlResourceSearch", "ensure_index", "index_resource", "reindex"]

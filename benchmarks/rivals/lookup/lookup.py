"""The same "look up and answer" as a plugin of Errbot: full text in SQLite (FTS5), ranked by bm25, five at a time."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from pathlib import Path
from typing import Any

from errbot import BotPlugin, botcmd  # type: ignore[import-not-found]

SHOWN = 5
PRAGMAS = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
TABLES = """
CREATE TABLE resource (id TEXT PRIMARY KEY, url TEXT, kind TEXT, language TEXT, source TEXT, checked_on TEXT);
CREATE TABLE meeting (title TEXT, starts TEXT, zone TEXT, place TEXT);
CREATE VIRTUAL TABLE page USING fts5 (
    resource UNINDEXED, title, labels, description, tokenize = "unicode61 remove_diacritics 2"
);
"""
FOUND = """
SELECT r.url, r.kind, r.language, r.source, r.checked_on, page.resource, page.title,
       snippet(page, 3, '**', '**', ' … ', 24) AS line
FROM page JOIN resource AS r ON r.id = page.resource
WHERE page MATCH ? ORDER BY bm25(page, 0, 10, 5, 1) LIMIT 15
"""


class Lookup(BotPlugin):  # type: ignore[misc] # Errbot has no types
    """Two commands, each answered from a file in the data folder."""

    def activate(self) -> None:
        """Build the index at the first start."""
        super().activate()
        self._local = threading.local()
        self._path = Path(self.bot_config.BOT_DATA_DIR) / "library.db"
        if not self._path.exists():
            self._build(json.loads(Path(self.bot_config.LIBRARY).read_text(encoding="utf-8")))

    def _build(self, library: dict[str, Any]) -> None:
        with self._database as database:
            database.executescript(PRAGMAS + TABLES)
            for one in library["resources"]:
                row = [one[name] for name in ("id", "url", "kind", "language", "source", "checked_on")]
                database.execute("INSERT INTO resource VALUES (?, ?, ?, ?, ?, ?)", row)
                for text in one["texts"].values():
                    values = (one["id"], text["title"], " ".join(one["tags"]), text["description"])
                    database.execute("INSERT INTO page VALUES (?, ?, ?, ?)", values)
            database.execute("INSERT INTO meeting VALUES (:title, :starts, :zone, :place)", library["meeting"])

    @property
    def _database(self) -> sqlite3.Connection:
        """This thread's own connection: Errbot answers from a pool of threads."""
        found: sqlite3.Connection | None = getattr(self._local, "database", None)
        if found is None:
            found = self._local.database = sqlite3.connect(self._path)
            found.row_factory = sqlite3.Row
        return found

    @botcmd  # type: ignore[untyped-decorator]
    def ask(self, msg: object, args: str) -> str:  # noqa: ARG002 - Errbot's signature
        """Answer a question with up to five resources."""
        wanted = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", args))
        rows = self._database.execute(FOUND, (wanted,)).fetchall() if wanted else []
        best = list({row["resource"]: row for row in reversed(rows)}.values())[::-1][:SHOWN]
        if not best:
            return f"I found nothing in the library on “{args}”."
        return "\n\n".join((f"**{len(best)} resources on “{args}”**", *map(_entry, range(1, SHOWN + 1), best)))

    @botcmd  # type: ignore[untyped-decorator]
    def next_meeting(self, msg: object, args: str) -> str:  # noqa: ARG002 - Errbot's signature
        """Tell the next meeting."""
        row = self._database.execute("SELECT * FROM meeting ORDER BY starts LIMIT 1").fetchone()
        return f"**{row['title']}**\n\n{row['starts']} ({row['zone']})\n\n{row['place']}"


def _entry(number: int, row: sqlite3.Row) -> str:
    facts = f"{row['language']} · {row['kind']} · {row['source']} · checked on {row['checked_on']}"
    return f"{number}. [{row['title']}]({row['url']})\n\n> {row['line']}\n\n{facts}"

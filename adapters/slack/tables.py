"""Tables: a block of their own where Slack can show them, otherwise a line for each row.

Limits from docs.slack.dev/reference/block-kit/blocks/table-block: 100 rows, 20 columns, one table in a message, 10,000
characters altogether.
"""

from __future__ import annotations

from adapters.slack.api import Json
from adapters.slack.markup import words
from bot.messages import Rich, Span, Strong, Table

MOST_ROWS = 100
MOST_COLUMNS = 20
MOST_TEXT = 9000


def table(block: Table, language: str) -> Json | None:
    """Return a table block; None when it does not suit: too large, or with more in its cells than text."""
    if len(block.rows) >= MOST_ROWS or not 0 < len(block.headers) <= MOST_COLUMNS or not block.rows:
        return None
    if not all(isinstance(span, str | Strong) for row in block.rows for cell in row for span in cell):
        return None
    rows = [[_cell(header) for header in block.headers]]
    rows += [[_cell(words(cell, language)) for cell in row] for row in block.rows]
    if sum(len(cell["text"]) for row in rows for cell in row) > MOST_TEXT:
        return None
    return {"type": "table", "rows": rows}


def _cell(text: str) -> Json:
    return {"type": "raw_text", "text": text.strip() or "–"}


def in_lines(block: Table) -> Rich:
    """Return a table as text: each row a line, its first cell in front, the others with their headers."""
    spans: list[Span] = []
    for row in block.rows:
        spans += ["• "]
        for number, (header, cell) in enumerate(zip(block.headers, row, strict=False)):
            spans += [*(() if number == 0 else (f" · {header}: ",)), *cell]
        spans += ["\n"]
    return tuple(spans)

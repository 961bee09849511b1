"""Markdown as the plain text that agendas are read from, line by line, so that line numbers stay true."""

from __future__ import annotations

import re

_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.*?)\s*#*\s*")
_RULE = re.compile(r"[\s|:=-]*--[\s|:=-]*|\s*(?:\*\s*){3,}|\s*`{3,}.*")
_TABLE = re.compile(r"\s*\|(.*)\|\s*")
_BULLET = re.compile(r"(\s*)[-*+]\s+(?=(?:\*\*|__)?[0-9]{1,2}\s*(?:[:h.]|am\b|pm\b))", re.IGNORECASE)
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_LINK = re.compile(r"!?\[([^\]]*)\]\((\S+?)(?:\s+\"[^\"]*\")?\)|<((?:https?|mailto):[^>\s]+)>")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def plain_text(markdown: str) -> str:
    """Return the text without Markdown's marks; text that has none stays as it is."""
    return "\n".join(_plain_line(line) for line in markdown.splitlines())


def _plain_line(line: str) -> str:
    if _RULE.fullmatch(line):
        return ""
    heading = _HEADING.fullmatch(line)
    if heading:
        line = heading[1]
    table = _TABLE.fullmatch(line)
    if table:
        line = "\t".join(cell.strip() for cell in re.split(r"(?<!\\)\|", table[1]))
    line = _BULLET.sub(r"\1", line)
    line = _BOLD.sub(r"\2", line)
    line = _LINK.sub(_link, line)
    return _ESCAPE.sub(r"\1", line)


def _link(match: re.Match[str]) -> str:
    text, address = match[1], match[2] or match[3]
    return address if not text or text == address else f"{text} {address}"

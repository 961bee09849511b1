"""Markdown agendas lose their marks, and nothing else."""

from __future__ import annotations

import pytest

from adapters.tryit.community import agenda_text
from bot.features.meetings.agenda import read_agenda
from bot.features.meetings.markdown import plain_text


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        ("# Title #", "Title"),
        ("**Date:** 3 May", "Date: 3 May"),
        ("| 14:00 | Welcome \\| more |", "14:00\tWelcome | more"),
        ("|---|:--:|", ""),
        ("***", ""),
        ("```text", ""),
        ("- 14:00 Welcome", "14:00 Welcome"),
        ("* **14h00** Welcome", "14h00 Welcome"),
        ("- a point", "- a point"),
        ('Place: [Zoom](https://meet.example/a_b "x")', "Place: Zoom https://meet.example/a_b"),
        ("<https://meet.example>", "https://meet.example"),
        ("1\\. first\\*", "1. first*"),
        ("2 * 3 * 4 and a_b_c", "2 * 3 * 4 and a_b_c"),
    ],
)
def test_marks_go_and_text_stays(line, plain):
    assert plain_text(f"above\n{line}\nbelow") == f"above\n{plain}\nbelow"


def test_a_plain_agenda_reads_the_same():
    assert read_agenda(plain_text(agenda_text())) == read_agenda(agenda_text())

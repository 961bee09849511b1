"""Languages are known by tags and by names."""

from __future__ import annotations

import pytest

from bot.languagenames import read_language


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("fr", "fr"),
        ("FR", "fr"),
        ("fra", "fr"),
        ("pt_br", "pt-BR"),
        ("French", "fr"),
        ("français", "fr"),
        ("Frances", "fr"),
        (" Español ", "es"),
        ("Kiswahili", "sw"),
        ("العربية", "ar"),
        ("", None),
        ("zz", None),
        ("Elvish", None),
    ],
)
def test_tags_and_names_are_read(text, tag):
    assert read_language(text) == tag

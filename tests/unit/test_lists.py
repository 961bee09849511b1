"""Several things in one phrase, as each language joins them."""

from __future__ import annotations

import pytest

from bot.i18n import join_list, use_locale


@pytest.mark.parametrize(
    ("language", "items", "style", "phrase"),
    [
        ("en", ["English", "French", "Spanish"], "standard", "English, French, and Spanish"),
        ("fr", ["anglais", "français"], "standard", "anglais et français"),
        ("es", ["español", "francés"], "standard", "español y francés"),
        ("es", ["español", "inglés"], "standard", "español e inglés"),
        ("es", ["español", "hindi"], "standard", "español e hindi"),
        ("es", ["agua", "hielo"], "standard", "agua y hielo"),
        ("es", ["plata", "oro"], "or", "plata u oro"),
        ("es", ["lunes", "martes"], "or", "lunes o martes"),
    ],
)
def test_things_are_joined(language, items, style, phrase):
    with use_locale(language):
        assert join_list(items, style) == phrase

"""Neutral messages survive the sample chat's file, whatever they are made of."""

from __future__ import annotations

import pytest

from adapters.tryit import codec
from bot.messages import Block, Span
from tests.sample_chat import EVERYTHING, FORM, words


def test_every_block_and_span_comes_back_as_it_was() -> None:
    assert codec.load_message(codec.dump(EVERYTHING)) == EVERYTHING
    assert {type(block) for block in EVERYTHING.blocks} == set(Block.__args__)
    written = codec.dump(EVERYTHING)
    assert all(f'"{span.__name__}"' in written for span in Span.__args__ if span is not str)


def test_a_form_comes_back_as_it_was() -> None:
    assert codec.load_form(codec.dump(FORM)) == FORM


@pytest.mark.parametrize("text", ["שלום", "\u202eabc", "a\u200bb", "👩🏽‍🏫", '{"is": "Call"}', "' OR 1=1 --"])
def test_any_text_comes_back_as_it_was(text: str) -> None:
    assert codec.load_message(codec.dump(words(text))) == words(text)


def test_a_form_is_no_message() -> None:
    with pytest.raises(ValueError, match="no Message"):
        codec.load_message(codec.dump(FORM))

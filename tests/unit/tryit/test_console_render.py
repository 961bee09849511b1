"""Messages in a terminal: within its width, in colour only where there is some."""

from __future__ import annotations

import io
import re

import pytest
from rich.cells import cell_len

from adapters.tryit.console_render import Letter, Screen, clean
from adapters.tryit.window import Window, open_window
from bot.i18n import use_locale
from bot.messages import Buttons, Call, Link, Mention, Message, Option, Paragraph, Quote, Select
from tests.sample_chat import EVERYTHING, START, set_stage

STYLES = re.compile(r"\x1b\[[\d;]*m")


class Terminal(io.StringIO):
    """A terminal of some width."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)

    def of_width(columns: int) -> Terminal:
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setenv("LINES", "40")
        return Terminal()

    return of_width


def window() -> Window:
    found = open_window(set_stage().platform, "s03", None, None)
    assert found is not None
    return found


def written(message: Message, out: io.StringIO) -> str:
    screen = Screen(out)
    numbers = iter(range(1, 200))
    letter = Letter(screen, window(), message.language, 1, START, lambda _control: next(numbers))
    with use_locale("en"):
        for line in letter.lines(message):
            screen.put(line)
    return out.getvalue()


def said(*spans) -> Message:
    return Message((Paragraph(spans),), "en")


@pytest.mark.parametrize("columns", [40, 60, 80, 100, 300])
def test_no_line_is_wider_than_the_terminal_nor_than_reads_well(terminal, columns):
    lines = STYLES.sub("", written(EVERYTHING, terminal(columns))).splitlines()
    assert max(map(cell_len, lines)) <= min(columns, 100)


def test_wide_characters_count_as_wide(terminal):
    lines = STYLES.sub("", written(said("学びと仕事" * 30), terminal(60))).splitlines()
    assert len(lines) > 1
    assert max(map(cell_len, lines)) <= 60


def test_a_quote_keeps_its_bar_on_every_line(terminal):
    shown = STYLES.sub("", written(Message((Quote(("word " * 40,)),), "en"), terminal(60)))
    assert len(shown.splitlines()) > 2
    assert all(line.startswith("  │ word") for line in shown.splitlines()), shown


def test_colour_is_for_terminals(terminal, monkeypatch):
    assert "\x1b[" in written(EVERYTHING, terminal(80))
    assert "\x1b[" not in written(EVERYTHING, io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(r"\x1b\[[\d;]*3\d", written(EVERYTHING, terminal(80)))


def test_anything_else_than_a_terminal_gets_whole_lines():
    text = "a long sentence " * 40
    assert f"  {text}".rstrip() in written(said(text), io.StringIO())


def test_many_choices_take_several_lines_and_keep_their_numbers(terminal):
    options = tuple(Option(str(n), f"Choice {n}") for n in range(1, 31))
    message = Message((Select("Which", Call("c"), options, "id"),), "en")
    shown = STYLES.sub("", written(message, terminal(60)))
    assert "  Which: [1] Choice 1   [2] Choice 2" in shown
    assert "[30] Choice 30" in shown
    assert max(map(cell_len, shown.splitlines())) <= 60


def test_a_message_without_a_button_in_its_row_is_no_trouble():
    assert written(Message((Buttons(()),), "en"), io.StringIO()).strip() == ""


@pytest.mark.parametrize("url", ["javascript:alert(1)", "no address", ""])
def test_an_address_that_is_not_of_the_web_is_not_shown_as_one(url):
    assert written(said(Link("here", url)), io.StringIO()) == "  here\n"


def test_an_address_that_is_its_own_text_stands_once():
    assert written(said(Link("https://a.example/", "https://a.example/")), io.StringIO()) == "  https://a.example/\n"


def test_markup_is_text():
    assert written(said("[bold]x[/bold] :smile: ", Mention("[red]y")), io.StringIO()) == (
        "  [bold]x[/bold] :smile: @[red]y\n"
    )


@pytest.mark.parametrize("character", ["\x1b", "\x07", "\x00", "\x9b", "\r", "\udcff"])
def test_what_steers_a_terminal_is_replaced(character):
    assert clean(f"a{character}b\n\tc") == "a\N{REPLACEMENT CHARACTER}b\n\tc"

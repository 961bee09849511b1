"""Forms in the terminal: question after question, with what stands there, what is wrong, and a way back and out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.tryit.console_form import understand
from adapters.tryit.stage import Seat, Stage
from bot.errors import InvalidInput
from bot.inbound import Submitted
from bot.messages import FormField, Option
from tests.sample_chat import FORM, set_stage
from tests.scenario.console_chat import ConsoleChat

TITLE, AGENDA, ZONE, LANGUAGES, PLACE = FORM.fields
WHOLE = replace(FORM, fields=(TITLE, AGENDA, ZONE, LANGUAGES, replace(PLACE, error="")))
OPTIONS = (Option("en", "English"), Option("fr", "French"), Option("x", "2"))


async def nothing_due() -> None:
    """Nothing is ever due here."""


@pytest.fixture
async def stage():
    """A chat whose assistant opens the whole form for whatever is said."""
    stage = set_stage()

    async def open_form(inbound) -> None:
        if not isinstance(inbound.event, Submitted):
            await stage.gateway.open_form(inbound.trigger, WHOLE)

    stage.assistant.answer_with(open_form)
    return stage


@pytest.fixture
async def chat(stage):
    chat = ConsoleChat(Stage(stage.platform, stage.assistant.dispatch, stage.clock, nothing_due), Seat("s03"))
    yield chat
    await chat.end()


def submitted(stage):
    return [dict(i.event.values) for i in stage.assistant.heard if isinstance(i.event, Submitted)]


async def test_every_question_shows_what_it_is_and_what_stands_there(chat):
    asked = await chat.type("form")
    assert "Plan a meeting\nQuestions: 5, then “Show the preview”." in asked
    assert asked.endswith("1/5 Title\n  Enter keeps “Core group”.\n")
    assert await chat.type("Second meeting") == (
        "  > Second meeting\n\n2/5 Agenda (optional)\n  Paste it as it is.\n"
        '  One line, or several between lines of """. Enter leaves this empty.\n'
    )
    assert (await chat.type("")).endswith("3/5 Zone\n  [1] Kathmandu   [2] UTC\n  One number.\n")
    assert (await chat.type("2")).endswith(
        "4/5 Languages (optional)\n  [1] English   [2] French   [3] Spanish\n"
        "  Numbers, with commas between them. Enter keeps “English and French”. “-” leaves this empty.\n"
    )


async def test_the_answers_arrive_as_they_were_given(chat, stage):
    for line in (
        "form",
        "",
        '"""',
        "14:00\tOpening",
        "",
        "14:05\tEnd",
        '"""',
        "kathmandu",
        "3, 1",
        "https://meet.example",
    ):
        await chat.type(line)
    assert submitted(stage) == [
        {
            "title": "Core group",
            "agenda": "14:00\tOpening\n\n14:05\tEnd",
            "zone": "Asia/Kathmandu",
            "languages": "es,en",
            "place": "https://meet.example",
        }
    ]


async def test_one_can_go_back_and_answer_anew(chat, stage):
    for line in ("form", "First", "/back"):
        shown = await chat.type(line)
    assert "1/5 Title\n  Enter keeps “First”." in shown
    assert "1/5 Title" in await chat.type("/back")
    for line in ("Second", "", "1", "-", ""):
        await chat.type(line)
    assert submitted(stage)[0]["title"] == "Second"
    assert submitted(stage)[0]["languages"] == ""


async def test_a_wrong_answer_is_asked_again(chat):
    for line in ("form", "", ""):
        await chat.type(line)
    assert "! This needs an answer." in await chat.type("")
    assert "! “9” is not one of the choices." in await chat.type("9")
    assert "4/5" in await chat.type("1")


async def test_a_form_that_was_left_open_waits(stage):
    console = Stage(stage.platform, stage.assistant.dispatch, stage.clock, nothing_due)
    first = ConsoleChat(console, Seat("s03"))
    await first.type("form")
    assert "Good-bye." in await first.end()
    second = ConsoleChat(console, Seat("s03"))
    await second.type("")
    assert "2/5 Agenda" in second.out.getvalue()
    await second.end()


@pytest.mark.parametrize(
    ("entry", "values"),
    [
        ("1", ["en"]),
        ("1 2", ["en", "fr"]),
        ("1,2;2", ["en", "fr"]),
        ("French, english", ["fr", "en"]),
        ("fr", ["fr"]),
        ("", ["fr"]),
        ("-", []),
    ],
)
def test_several_choices_are_numbers_or_names(entry, values):
    field = FormField("languages", "Languages", "multiselect", required=False, options=OPTIONS)
    assert understand(field, entry, ["fr"]) == values


@pytest.mark.parametrize("entry", ["4", "0", "Latin", "1 9", "9" * 5000, "²"])
def test_a_choice_that_is_none_is_refused(entry):
    field = FormField("languages", "Languages", "multiselect", required=False, options=OPTIONS)
    with pytest.raises(InvalidInput, match="is not one of the choices"):
        understand(field, entry, [])


def test_a_short_answer_is_one_line():
    assert understand(FormField("title", "Title"), "one\ntwo", []) == ["one two"]


@pytest.mark.parametrize("entry", ["-", "   "])
def test_what_is_needed_cannot_be_left_out(entry):
    with pytest.raises(InvalidInput, match="needs an answer"):
        understand(FormField("title", "Title"), entry, [])

"""The console before an echoing assistant: what is read, what is shown, and that bad input is a sentence."""

from __future__ import annotations

import stat

import pytest

from adapters.tryit.console_commands import COMMANDS
from adapters.tryit.gateway import channel_ref, user_ref
from adapters.tryit.stage import Seat
from adapters.tryit.stage import Stage as ConsoleStage
from adapters.tryit.suggestions import conversations
from bot.errors import NotFound
from bot.inbound import Joined, Pressed, Said, Submitted
from bot.messages import Target
from tests.sample_chat import EVERYTHING, set_stage, words
from tests.scenario.console_chat import ConsoleChat


async def settled() -> None:
    """Nothing is ever due here."""


class Play:
    """A console before the echoing assistant, and everything behind it."""

    def __init__(self, folder, **seat) -> None:
        self.stage = set_stage()
        self.folder = folder
        suggestions = conversations(
            agenda="14:00\tOpening\n14:05\tEnd", organizer="s02", newcomer="n01", writer="s04", room="english-1"
        )
        stage = ConsoleStage(
            self.stage.platform, self.stage.assistant.dispatch, self.stage.clock, settled, suggestions, folder
        )
        self.chat = ConsoleChat(stage, Seat(**({"viewer": "s03"} | seat)))

    @property
    def heard(self):
        return [inbound.event for inbound in self.stage.assistant.heard]


@pytest.fixture
async def play(tmp_path):
    playing = Play(tmp_path)
    yield playing
    await playing.chat.end()


# --- who, where, when ------------------------------------------------------------------------------------------------


async def test_somebody_comes_in_and_sees_where_they_are_and_what_time_it_is_there(play):
    await play.chat.type("")
    shown = play.chat.out.getvalue()
    assert "Sample member, Kathmandu · Direct line" in shown
    assert "Community time: Tuesday, November 17, 2026, 6:45\N{NARROW NO-BREAK SPACE}PM (Kathmandu, UTC+5:45)" in shown


@pytest.mark.parametrize(
    ("seat", "name"),
    [
        ({"viewer": None}, "Sample member, Kathmandu"),
        ({"viewer": None, "language": "fr"}, "Membre d’essai, Dakar · Ligne directe"),
        ({"viewer": "s05"}, "Miembro de muestra, Lima · Chat directo"),
    ],
)
async def test_who_sits_there_first(tmp_path, seat, name):
    assert name in await Play(tmp_path, **seat).chat.end()


async def test_nobody_sits_there_who_does_not_exist(tmp_path):
    with pytest.raises(NotFound):
        Play(tmp_path, viewer="nobody")


@pytest.mark.parametrize("named", ["s05", "lima", "Miembro de muestra, Lima"])
async def test_another_person_is_named_by_id_or_a_part_of_the_name_and_speaks_their_language(play, named):
    assert "Miembro de muestra, Lima · Chat directo" in await play.chat.type(f"/as {named}")


async def test_another_person_is_named_by_the_number_in_the_list(play):
    line = next(line for line in (await play.chat.type("/as")).splitlines() if "Lima" in line)
    assert "Lima, UTC−5, Spanish" in line
    assert "Miembro de muestra, Lima · " in await play.chat.type(f"/as {line.split()[0]}")


@pytest.mark.parametrize("command", ["/as", "/to", "/try"])
async def test_a_number_right_after_a_list_chooses_from_it_and_later_it_presses(play, command):
    await play.chat.type("everything")
    await play.chat.type(command)
    assert " · " in await play.chat.type("3")
    assert not any(isinstance(event, Pressed) for event in play.heard)
    await play.chat.type("/as s03")
    await play.chat.type("/to direct")
    await play.chat.type(command)
    await play.chat.type("")
    await play.chat.type("3")
    assert isinstance(play.heard[-1], Pressed)


@pytest.mark.parametrize(
    "command", ["/as sample", "/as zz", "/as 99", "/as 0", f"/as {'9' * 5000}", "/to nowhere", "/try 9"]
)
async def test_a_name_of_nobody_or_of_several_is_a_sentence(play, command):
    assert "\n! “" in await play.chat.type(command)


async def test_the_list_of_people_says_who_has_something_new(play):
    await play.chat.type("/to plenary")
    await play.chat.type("Hello all")
    listed = await play.chat.type("/as")
    assert any("Lima" in line and "1 unread message" in line for line in listed.splitlines())


async def test_a_channel_is_named_by_number_or_name(play):
    listed = await play.chat.type("/to")
    number = next(line.split()[0] for line in listed.splitlines() if "Plenary" in line)
    assert "Kathmandu · #Plenary" in await play.chat.type(f"/to {number}")
    assert "Kathmandu · #Français" in await play.chat.type("/to français")
    assert "Kathmandu · Direct line" in await play.chat.type("/to direct")


async def test_the_console_speaks_another_language_when_asked(play):
    assert "Chat directo" in await play.chat.type("/lang es")
    assert "/lang" in await play.chat.type("/lang xx")


async def test_the_clock_moves_and_says_so(play):
    assert "7:45\N{NARROW NO-BREAK SPACE}PM" in await play.chat.type("/hour")
    assert "9:45\N{NARROW NO-BREAK SPACE}PM" in await play.chat.type("/hour 2")
    assert "Thursday, November 19" in await play.chat.type("/meeting")
    assert "! No reminder is waiting." in await play.chat.type("/reminder")


@pytest.mark.parametrize("hours", ["0", "-1", "x", "1.5", "999999", "9" * 5000])
async def test_a_strange_number_of_hours_is_a_sentence(play, hours):
    assert "! How many hours?" in await play.chat.type(f"/hour {hours}")


# --- talking ---------------------------------------------------------------------------------------------------------


async def test_what_is_said_is_answered(play):
    assert "  You said: hello" in await play.chat.type("hello")


async def test_everything_that_a_message_can_hold_is_shown(play):
    shown = await play.chat.type("everything")
    for line in (
        "  1. Guidelines for validation <https://www.example.org/validation> – guide, French",
        "  │ … validation of non-formal and informal learning, step by step …",
        "  Starts: Thursday, November 19, 2026, 6:45\N{NARROW NO-BREAK SPACE}PM",
        "  Room: #Plenary",
        "  Thanks to @Sunita and @Luis.",
        "  [1] Helpful   [2] Not helpful   [3] Cancel the meeting",
        "  Your language: [4] English   [5] French",
        "  [6] Save my-data.json",
        "  Times are in your zone: Kathmandu, UTC+5:45.",
    ):
        assert f"{line}\n" in shown
    assert "Areas of interest   Breakout rooms" in shown


async def test_a_number_presses_and_the_changed_message_is_shown(play):
    await play.chat.type("everything")
    assert "You pressed press-unhelpful" in await play.chat.type("2")
    assert "(edited)" in play.chat.out.getvalue()


async def test_a_number_chooses(play):
    await play.chat.type("everything")
    assert "You pressed choose fr" in await play.chat.type("5")


async def test_a_number_keeps_a_file_for_its_owner_only_and_overwrites_nothing(play):
    await play.chat.type("everything")
    for _time in range(2):
        assert "Saved: " in await play.chat.type("6")
    files = sorted(play.folder.iterdir())
    assert [file.name for file in files] == ["my-data-2.json", "my-data.json"]
    assert {file.read_text() for file in files} == {'{"name": "Sunita"}'}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


async def test_a_folder_that_is_gone_is_a_sentence(play):
    play.folder.rmdir()
    await play.chat.type("everything")
    assert "cannot be written: No such file or directory" in await play.chat.type("6")


async def test_a_button_that_is_gone_says_so(play):
    await play.chat.type("everything")
    await play.chat.type("1")
    assert "! That button is gone" in await play.chat.type("1")


async def test_a_number_that_nothing_has_is_a_sentence_and_can_be_said(play):
    assert "! There is no [42] here. To send a number as a message, write: /say 42" in await play.chat.type("42")
    assert "You said: 42" in await play.chat.type("/say 42")


async def test_in_a_room_the_assistant_answers_only_who_asks_it_and_privately(play):
    await play.chat.type("/to plenary")
    assert "You said" not in await play.chat.type("hello")
    assert "Only visible to you" in await play.chat.type("@assistant hello")
    assert "You said: next" in await play.chat.type("/next")
    await play.chat.type("/as s04")
    assert "You said" not in await play.chat.type("/all")


async def test_what_comes_by_itself_is_shown_without_being_asked_for(play):
    await play.chat.type("")
    await play.stage.gateway.send(Target(user=user_ref("s03")), words("It is time."), "k1")
    await play.stage.gateway.send(Target(channel=channel_ref("plenary")), words("News."), "k2")
    await play.chat.written("It is time.")
    await play.chat.written("New elsewhere: #Plenary (1). /to leads there.")


async def test_only_the_last_messages_stand_there_and_all_come_when_asked_for(play):
    for number in range(6):
        await play.chat.type(f"word{number}")
    shown = await play.chat.type("/to direct")
    assert "4 earlier messages: /all shows them." in shown
    assert "word1" not in shown
    assert "word5" in shown
    assert "word0" in await play.chat.type("/all")


async def test_a_newcomer_joins_first(play):
    assert "/join" in await play.chat.type("/as n01")
    assert "/join" in await play.chat.type("hola")
    assert "! " in await play.chat.type("/to plenary")
    assert play.heard == []
    assert "¡Le damos la bienvenida!" in await play.chat.type("/join")
    assert play.heard == [Joined()]


# --- texts of several lines ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [('"""', "one", "", "/two", '"""'), ('"""one', "", '/two"""'), ('"""\none\n\n/two\n"""',), ("one\n\n/two\n", "")],
)
async def test_a_text_of_several_lines_is_one_message(play, lines):
    for line in lines:
        await play.chat.type(line)
    assert [event.text for event in play.heard] == ["one\n\n/two"]


async def test_the_end_of_a_paste_without_a_line_end_belongs_to_it(play):
    await play.chat.type("one\ntwo")
    await play.chat.type("three")
    assert [event.text for event in play.heard] == ["one\ntwo\nthree"]


async def test_a_paste_is_dropped_when_it_was_not_meant(play):
    assert "Enter sends them, /cancel drops them." in await play.chat.type("one\ntwo")
    assert "Dropped" in await play.chat.type("three/cancel")
    assert play.heard == []


async def test_a_text_that_is_never_closed_is_not_sent_and_says_so(tmp_path):
    play = Play(tmp_path)
    await play.chat.type('"""')
    await play.chat.type("half")
    assert 'The text was not closed with """: nothing was sent.' in await play.chat.end()
    assert play.heard == []


@pytest.mark.parametrize("line", ["\udcff\udcfe binary", "bell \x07", "\x00"])
async def test_what_is_no_text_is_a_sentence(play, line):
    assert "! This is not text." in await play.chat.type(line)
    assert play.heard == []


async def test_a_text_that_is_too_long_is_a_sentence(play):
    assert "! The message is too long" in await play.chat.type("x" * 20_001)


async def test_what_a_member_wrote_never_steers_the_terminal(play):
    await play.stage.gateway.send(Target(user=user_ref("s03")), words("a\x1b[31mb [bold]c[/bold]"), "k1")
    shown = await play.chat.type("/all")
    assert "\x1b" not in shown
    assert "a\N{REPLACEMENT CHARACTER}[31mb [bold]c[/bold]" in shown


# --- suggestions and help --------------------------------------------------------------------------------------------


async def test_a_suggestion_leads_there_and_waits_for_enter(play):
    assert "Plan a meeting" in await play.chat.type("/try")
    assert "Enter sends this" in await play.chat.type("/try 2")
    assert play.heard == []
    await play.chat.type("")
    assert [event.text for event in play.heard] == ["14:00\tOpening\n14:05\tEnd"]
    assert play.stage.assistant.heard[0].user == user_ref("s02")


async def test_a_suggestion_is_left_for_something_else(play):
    await play.chat.type("/try ask")
    assert "Nairobi" in await play.chat.type("/as s02")
    await play.chat.type("/try ask")
    await play.chat.type("/cancel")
    assert play.heard == []


@pytest.mark.parametrize(("language", "words_of_it"), [("en", "Move the clock to the meeting.")])
async def test_help_names_every_command(play, language, words_of_it):
    await play.chat.type(f"/lang {language}")
    shown = await play.chat.type("/help")
    assert words_of_it in shown
    assert all(command.word in shown for command in COMMANDS)


@pytest.mark.parametrize("command", ["/cancel", "/back"])
async def test_nothing_to_cancel_is_a_sentence(play, command):
    assert "! No form is open" in await play.chat.type(command)


async def test_quitting_says_good_bye(tmp_path):
    play = Play(tmp_path)
    assert "Good-bye." in await play.chat.type("/quit")
    assert play.chat.finished


# --- forms -----------------------------------------------------------------------------------------------------------


async def answer(play, *lines: str) -> str:
    shown = ""
    for line in ("form", *lines):
        shown = await play.chat.type(line)
    return shown


async def test_a_form_asks_again_only_for_what_was_wrong(play):
    asked = await answer(play)
    assert "Plan a meeting" in asked
    assert "Questions: 1, then “Show the preview”." in asked
    assert "1/1 Join link (optional)\n  ! This is no link. Start with https://\n" in asked
    assert "You answered" in await play.chat.type("https://meet.example/a")
    assert play.heard[-1] == Submitted(
        "form-plan",
        {"title": "Core group", "agenda": "", "zone": "", "languages": "en,fr", "place": "https://meet.example/a"},
    )


async def test_a_form_left_alone_is_asked_next_time_and_closed_by_cancel(play):
    await answer(play)
    assert "The form is closed; nothing was sent." in await play.chat.type("/cancel")
    assert play.stage.platform.form("s03") is None
    assert not any(isinstance(event, Submitted) for event in play.heard)


async def test_a_command_is_no_answer(play):
    await answer(play)
    assert "! Answer first, or close the form with /cancel." in await play.chat.type("/as 3")
    assert "“Join link” is too long: 41 characters, and 40 is the most." in await play.chat.type("x" * 41)
    assert "! This is not text." in await play.chat.type("\x07")


async def test_pressing_is_heard_with_its_message(play):
    await play.chat.type("everything")
    await play.chat.type("1")
    said, pressed = play.heard
    assert isinstance(said, Said)
    assert isinstance(pressed, Pressed)
    assert EVERYTHING.blocks[7].buttons[0].action_id == pressed.action_id

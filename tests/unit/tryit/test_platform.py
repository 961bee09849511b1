"""The emulated chat service: what it keeps, for whom, and whom it tells."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.tryit.platform import SHOWN, ChatPlatform
from adapters.tryit.records import direct_line
from bot.features.rooms.model import Purpose
from tests.sample_chat import EVERYTHING, FORM, StandingClock, set_stage, words


def test_a_restart_shows_the_same_conversation_buttons_form_and_unread_marks(tmp_path: Path) -> None:
    before = set_stage(tmp_path / "tryit.db").platform
    before.post("plenary", "s03", words("hello"), key="a")
    before.post("plenary", None, EVERYTHING, key="b")
    with before.trigger("s04", "plenary") as trigger:
        before.open_form(trigger, FORM)
    before.close()

    after = ChatPlatform(tmp_path / "tryit.db", StandingClock())

    assert [posted.message for posted in after.conversation("plenary", "s04")] == [words("hello"), EVERYTHING]
    opened = after.form("s04")
    assert opened is not None
    assert opened.form == FORM
    assert after.unread("s04") == {"plenary": 2}


def test_a_killed_process_loses_nothing_that_was_shown(tmp_path: Path) -> None:
    code = (
        "import os, signal\n"
        "from pathlib import Path\n"
        "from tests.sample_chat import set_stage, words\n"
        f"chat = set_stage(Path({str(tmp_path / 'tryit.db')!r})).platform\n"
        "chat.post('plenary', 's03', words('still here'), key='a')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[3], check=False)

    assert killed.returncode == -9
    survivor = ChatPlatform(tmp_path / "tryit.db", StandingClock())
    assert [posted.message for posted in survivor.conversation("plenary", "s04")] == [words("still here")]


def test_adding_again_brings_details_up_to_date_and_keeps_who_joined() -> None:
    chat = set_stage().platform
    chat.join("n01")
    chat.add_user("n01", "Elena M.", role="newcomer", locale="es", zone="America/Lima")

    user = chat.user("n01")
    assert user is not None
    assert (user.name, user.zone, user.joined) == ("Elena M.", "America/Lima", True)
    assert [each.id for each in chat.users()].count("n01") == 1


def test_a_key_shows_one_message_in_a_channel() -> None:
    chat = set_stage().platform
    first = chat.post("plenary", None, words("once"), key="k")
    again = chat.post("plenary", None, words("twice"), key="k")
    elsewhere = chat.post("english-1", None, words("there"), key="k")

    assert again == first
    assert elsewhere.id != first.id
    assert [posted.message for posted in chat.conversation("plenary", "s03")] == [words("once")]


def test_a_private_message_is_seen_and_counted_by_its_reader_alone() -> None:
    chat = set_stage().platform
    chat.post("plenary", None, words("psst"), key="k", visible_to="s04")

    assert len(chat.conversation("plenary", "s04")) == 1
    assert chat.conversation("plenary", "s03") == ()
    assert chat.unread("s04") == {"plenary": 1}
    assert chat.unread("s03") == {}


def test_unread_counts_others_messages_in_ones_own_channels_until_they_are_read() -> None:
    chat = set_stage().platform
    chat.post("plenary", "s03", words("one"), key=None)
    chat.post("plenary", "s04", words("two"), key=None)
    chat.post("francais", "s04", words("nobody else is in"), key=None)
    chat.post(direct_line("s04"), None, words("for s04"), key=None)

    assert chat.unread("s03") == {"plenary": 1}
    assert chat.unread("s04") == {"plenary": 1, direct_line("s04"): 1}
    chat.mark_read("s03", "plenary")
    assert chat.unread("s03") == {}


def test_a_long_conversation_shows_its_end() -> None:
    chat = set_stage().platform
    for number in range(SHOWN + 5):
        chat.post("plenary", "s03", words(str(number)), key=None)

    shown = chat.conversation("plenary", "s04")
    assert (len(shown), shown[-1].message) == (SHOWN, words(str(SHOWN + 4)))


def test_editing_a_message_marks_it_and_editing_nothing_says_so() -> None:
    chat = set_stage().platform
    posted = chat.post("plenary", None, words("old"), key=None)

    assert chat.edit(str(posted.id), words("new"))
    edited = chat.message(str(posted.id))
    assert edited is not None
    assert (edited.message, edited.edited) == (words("new"), True)
    assert not chat.edit("999", words("new"))
    assert not chat.edit("no number", words("new"))


def test_a_trigger_opens_one_form_while_its_event_lasts() -> None:
    chat = set_stage().platform
    with chat.trigger("s04", "plenary") as trigger:
        assert chat.open_form(trigger, FORM)
        assert not chat.open_form(trigger, FORM)
    with chat.trigger("s04", "plenary") as late:
        pass
    assert not chat.open_form(late, FORM)


def test_closing_an_old_form_leaves_the_one_opened_since() -> None:
    chat = set_stage().platform
    serials = []
    for _opening in range(2):
        with chat.trigger("s04", "plenary") as trigger:
            chat.open_form(trigger, FORM)
        opened = chat.form("s04")
        assert opened is not None
        serials.append(opened.serial)

    chat.close_form("s04", serials[0])
    assert chat.form("s04") is not None
    chat.close_form("s04", serials[1])
    assert chat.form("s04") is None


async def test_listeners_hear_at_once_and_after_each_change_but_not_of_reading() -> None:
    chat = set_stage().platform
    heard = 0

    async def listen() -> None:
        nonlocal heard
        async for _change in chat.changes():
            heard += 1

    listening = asyncio.create_task(listen())
    for act in (
        lambda: None,
        lambda: chat.post("plenary", "s03", words("one"), key=None),
        lambda: chat.mark_read("s04", "plenary"),
        chat.touch,
    ):
        act()
        for _turn in range(5):
            await asyncio.sleep(0)
    listening.cancel()
    assert heard == 3


@pytest.mark.parametrize("name", ["direct:s01", "direct:"])
def test_a_channel_cannot_be_named_like_a_direct_line(name: str) -> None:
    with pytest.raises(ValueError, match="direct line"):
        set_stage().platform.add_channel(name, "x", purpose=Purpose.PLENARY, language="en")


def test_a_user_has_a_known_role() -> None:
    with pytest.raises(ValueError, match="no role"):
        set_stage().platform.add_user("x", "X", role="king", locale=None, zone=None)


def test_a_closed_file_is_an_error_and_not_silence() -> None:
    chat = set_stage().platform
    chat.close()
    with pytest.raises(sqlite3.Error):
        chat.users()

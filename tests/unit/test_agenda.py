"""Agendas as people paste them, in the shapes that word processors leave behind."""

from __future__ import annotations

from datetime import date, time

import pytest

from bot.errors import InvalidInput
from bot.features.meetings.agenda import LARGEST, Agenda, read_agenda

CORE_GROUP = """

1st Meeting of the Core Group

Date: 19 November 2026, 14h-16h (GMT+1)
Zoom conferencing

Background

Practitioners in many countries renew the way skills are taught.

The network brings them together:

- CONNECT those who work on the same questions.
- ENGAGE them in discussion.

Objectives of the meeting

The first meeting gathers members from each region. Its purpose is to:

1. introduce the network;
2. explain the role of the members; and
3. take first steps towards its design.

Agenda

Time\tSession
14:00 \u2013 14:05\tOpening Remarks (plenary) Head of Operations, Skills Branch (SB)
14:05 \u2013 14:15\tIcebreaker (plenary)
14:15 \u2013 14:45\tVisualizing the Network (plenary) Technical Officer, SB Innovation Officer, Partner
14:45 \u2013 15:15\tExploring areas of interest (breakout groups) Facilitator, SB Facilitator, SB
15:15 \u2013 15:35\tIntroducing the role of the Core Group (plenary) Senior Officer, SB
15:35 \u2013 15:55\tOutlining next steps (plenary)
15:55 \u2013 16:00\tClosing remarks (plenary) Head of Operations, SB

**Plenary sessions will be held in English.*

**Breakout sessions will be conducted in English (2), French (1) and Spanish (1).*
"""

FRENCH = """Réunion du groupe central
Date : jeudi 26 novembre 2026, 14h\u201316h30 (heure de Genève)
Lieu : https://example.org/salle

Contexte
Un réseau mondial.

Objectifs de la réunion
\u2022 découvrir ;
\u2022 préparer la suite.

Ordre du jour
14h00 \u2013 14h05\tOuverture (plénière) La présidence
14h05 à 14h15\tBrise-glace
14h15\u201414h45\tTravail (en groupes)\tFacilitatrices
14h45\u201315h\tPause café
15h - 16h30\tClôture (séance plénière)

Les séances plénières se tiendront en anglais.
Les groupes travailleront en anglais (2), en français (1) et en espagnol (1).
Merci d’arriver cinq minutes avant.
"""

SPANISH = (
    "\ufeffReunión del grupo\r\n"
    "Fecha: 26/11/2026, 2:00 p. m. a 4:00 p. m. (hora de Lima)\r\n"
    "Enlace: https://example.org\r\n"
    "Orden del día:\r\n"
    "2:00\u00a0\u2013\u00a02:05 pm\tBienvenida (plenaria)\tDirección\r\n"
    "2:05 pm - 3:00 pm Grupos de trabajo (grupos) Facilitación\r\n"
    "3:00 pm - 3:10 pm Receso\r\n"
    "3:10 a 4 pm Cierre\r\n"
    "Los grupos: 2 en inglés, 1 en francés, 1 en español\r\n"
)


def lines_with_problems(agenda: Agenda) -> list[tuple[int, str]]:
    return [(problem.line, problem.msgid.format(**problem.params)) for problem in agenda.problems]


def in_hours(*rows: str, when: str = "Date: 3 December 2026, 14:00-16:00 (Geneva time)") -> Agenda:
    return read_agenda("\n".join(["Title", when, "", "Agenda", *rows]))


def test_a_table_with_notes_is_read_as_it_stands() -> None:
    agenda = read_agenda(CORE_GROUP)
    assert agenda.title == "1st Meeting of the Core Group"
    assert (agenda.date, agenda.start, agenda.end) == (date(2026, 11, 19), time(14), time(16))
    assert (agenda.zone_text, agenda.place) == ("GMT+1", "Zoom conferencing")
    assert agenda.background == (
        "Practitioners in many countries renew the way skills are taught.\nThe network brings them together:\n"
        "- CONNECT those who work on the same questions.\n- ENGAGE them in discussion."
    )
    assert agenda.objectives == (
        "introduce the network",
        "explain the role of the members",
        "take first steps towards its design",
    )
    assert [(item.start, item.end, item.title, item.kind) for item in agenda.items] == [
        (time(14), time(14, 5), "Opening Remarks", "plenary"),
        (time(14, 5), time(14, 15), "Icebreaker", "icebreaker"),
        (time(14, 15), time(14, 45), "Visualizing the Network", "plenary"),
        (time(14, 45), time(15, 15), "Exploring areas of interest", "breakout"),
        (time(15, 15), time(15, 35), "Introducing the role of the Core Group", "plenary"),
        (time(15, 35), time(15, 55), "Outlining next steps", "plenary"),
        (time(15, 55), time(16), "Closing remarks", "plenary"),
    ]
    assert agenda.items[0].presenters == "Head of Operations, Skills Branch (SB)"
    assert agenda.items[1].presenters is None
    assert agenda.items[2].presenters == "Technical Officer, SB Innovation Officer, Partner"
    assert agenda.plenary_languages == ("en",)
    assert agenda.breakout_groups == (("en", 2), ("fr", 1), ("es", 1))
    assert agenda.problems == ()


def test_a_french_agenda() -> None:
    agenda = read_agenda(FRENCH)
    assert (agenda.date, agenda.start, agenda.end) == (date(2026, 11, 26), time(14), time(16, 30))
    assert (agenda.zone_text, agenda.place) == ("Genève", "https://example.org/salle")
    assert (agenda.background, agenda.objectives) == ("Un réseau mondial.", ("découvrir", "préparer la suite"))
    assert [(item.end, item.title, item.kind, item.presenters) for item in agenda.items] == [
        (time(14, 5), "Ouverture", "plenary", "La présidence"),
        (time(14, 15), "Brise-glace", "icebreaker", None),
        (time(14, 45), "Travail", "breakout", "Facilitatrices"),
        (time(15), "Pause café", "break", None),
        (time(16, 30), "Clôture", "plenary", None),
    ]
    assert agenda.plenary_languages == ("en",)
    assert agenda.breakout_groups == (("en", 2), ("fr", 1), ("es", 1))
    assert agenda.problems == ()


def test_a_spanish_agenda_with_hours_of_twelve_and_windows_line_ends() -> None:
    agenda = read_agenda(SPANISH)
    assert agenda.title == "Reunión del grupo"
    assert (agenda.date, agenda.start, agenda.end) == (date(2026, 11, 26), time(14), time(16))
    assert (agenda.zone_text, agenda.place) == ("Lima", "https://example.org")
    assert [(item.start, item.end, item.title, item.kind) for item in agenda.items] == [
        (time(14), time(14, 5), "Bienvenida", "plenary"),
        (time(14, 5), time(15), "Grupos de trabajo", "breakout"),
        (time(15), time(15, 10), "Receso", "break"),
        (time(15, 10), time(16), "Cierre", "plenary"),
    ]
    assert agenda.breakout_groups == (("en", 2), ("fr", 1), ("es", 1))
    assert agenda.problems == ()


def test_a_plain_list_without_headings_that_passes_midnight() -> None:
    agenda = read_agenda(
        "Planning call\n3 December 2026, 22:00 to 01:00 UTC\nRoom 5\n"
        "22:00 Welcome\n22:30 - 23:10 Discussion in small groups\n23:10-24:00 Lunch break\n00:00 Wrap-up"
    )
    assert (agenda.date, agenda.zone_text, agenda.place) == (date(2026, 12, 3), "UTC", "Room 5")
    assert [(item.start, item.end, item.title, item.kind) for item in agenda.items] == [
        (time(22), time(22, 30), "Welcome", "plenary"),
        (time(22, 30), time(23, 10), "Discussion in small groups", "breakout"),
        (time(23, 10), time(0), "Lunch break", "break"),
        (time(0), time(1), "Wrap-up", "plenary"),
    ]
    assert agenda.problems == ()


def test_hours_may_stand_in_a_line_of_their_own_and_titles_in_the_next() -> None:
    agenda = read_agenda(
        "Title\nDate: 3 December 2026\nTime: 11:30 - 12:15 pm Geneva time\nPlace:\nAgenda\n"
        "11:30 - 12:15\nWelcome (plenary)\nThe chair"
    )
    assert (agenda.start, agenda.end, agenda.zone_text, agenda.place) == (time(11, 30), time(12, 15), "Geneva", None)
    (item,) = agenda.items
    assert (item.title, item.presenters) == ("Welcome", "The chair")


def test_what_follows_the_table_is_not_a_part_of_its_last_item() -> None:
    agenda = in_hours("14:00-16:00 Talk", "", "Please be on time.", "* Bring a pen.")
    assert agenda.items[0].title == "Talk"
    agenda = in_hours("14:00-16:00 Talk (with slides)", "* Bring a pen.")
    assert agenda.items[0].title == "Talk (with slides)"


def test_an_objective_without_a_list_is_kept_whole() -> None:
    agenda = read_agenda("Title\nGoals\nMeet one another.\nAgenda\n14:00-15:00 Talk")
    assert agenda.objectives == ("Meet one another",)


@pytest.mark.parametrize(
    ("line", "start", "end"),
    [
        ("14h05 \u2013 14h15 Talk", time(14, 5), time(14, 15)),
        ("14:05\u201414:15: Talk", time(14, 5), time(14, 15)),
        ("de 14 h 05 à 14 h 15 Talk", time(14, 5), time(14, 15)),
        ("- 14.05-14.15 | Talk", time(14, 5), time(14, 15)),
        ("2:05 pm to 2:15 pm Talk", time(14, 5), time(14, 15)),
        ("2:05 - 2:15 p.m. Talk", time(14, 5), time(14, 15)),
        ("14 - 15h Talk", time(14), time(15)),
    ],
)
def test_hours_are_written_in_many_ways(line: str, start: time, end: time) -> None:
    (item,) = in_hours(line, when="Date: 3 December 2026").items
    assert (item.start, item.end, item.title) == (start, end, "Talk")


@pytest.mark.parametrize(
    ("note", "plenary", "groups"),
    [
        ("*Plenary in English and French", ("en", "fr"), ()),
        ("*Breakouts: French x 2, Arabic", (), (("fr", 2), ("ar", 1))),
        ("*Grupos en portugués (0) y en portugués (99)", (), (("pt", 51),)),
        ("*Plenary in English. Groups in French (1).", ("en",), (("fr", 1),)),
        ("*Nothing about tongues, plenary or not", (), ()),
    ],
)
def test_notes_tell_the_languages(note: str, plenary: tuple[str, ...], groups: tuple[tuple[str, int], ...]) -> None:
    agenda = in_hours("14:00-16:00 Talk", "", note)
    assert (agenda.plenary_languages, agenda.breakout_groups) == (plenary, groups)


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (["14:00-15:00 A", "14:50-16:00 B"], (6, "This item begins at 14:50, before the one above it ends.")),
        (["14:00-15:00 A", "15:30-16:00 B"], (6, "Nothing is planned between 15:00 and 15:30.")),
        (["15:00-14:30 A"], (5, "This item ends (14:30) before it begins (15:00).")),
        (["14:00-14:00 A"], (5, "This item ends (14:00) before it begins (14:00).")),
        (["14:00-16:10 A"], (5, "This item (14:00 to 16:10) lies outside the meeting’s hours.")),
        (["09:00-10:00 A"], (5, "This item (09:00 to 10:00) lies outside the meeting’s hours.")),
        (["14:00-16:00"], (5, "This item has no title. Write one after its hours.")),
        (["14:00-15:75 A", "14:00-16:00 B"], (5, "15:75 is not a time of day.")),
        (["25:00 A", "14:00-16:00 B"], (5, "25:00 is not a time of day.")),
        (["14:00-24:30 A", "14:00-16:00 B"], (5, "24:30 is not a time of day.")),
    ],
)
def test_what_does_not_fit_is_said_with_its_line(rows: list[str], problem: tuple[int, str]) -> None:
    assert lines_with_problems(in_hours(*rows)) == [problem]


def test_a_reversed_item_is_kept_for_the_organizer_to_mend() -> None:
    assert len(in_hours("15:00-14:30 A", "14:00-16:00 B").items) == 2


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        ("Date: 30 February 2026, 14h-16h", "The date 30/2/2026 does not exist."),
        ("Date: 3 December, 14h-16h", "The date has no year. Add it."),
        ("Date: Friday 3 December 2026, 14h-16h", "2026-12-03 falls on another day of the week"),
        ("Date: soon", "There is no date."),
        ("Date: 19-20 November 2026, 14h-16h", "There is no date."),
        ("Date: 19 + 20 November 2026, 14h-16h", "That names different days"),
        ("Date: 19 November 2026 or 20 November 2026, 14h-16h", "That names different days"),
        ("3 December, 14h-16h", "The date has no year"),
        ("Date: 03/04/2026, 14h-16h", "can be read in two ways"),
        ("Date: 3 December 2026, 14h-26h", "26:00 is not a time of day."),
    ],
)
def test_a_date_line_with_a_flaw_is_said(when: str, sentence: str) -> None:
    (problem,) = lines_with_problems(in_hours("14:00-16:00 A", when=when))
    assert problem[0] == 2
    assert sentence in problem[1]


def test_a_date_of_numbers_is_settled_by_the_day_of_the_week() -> None:
    assert in_hours("14:00-16:00 A", when="Date: Friday 04/12/2026, 14h-16h").date == date(2026, 12, 4)


def test_hours_may_stand_before_the_date() -> None:
    agenda = in_hours("14:00-16:00 A", when="14h-16h, 3 December 2026 (Geneva time)")
    assert (agenda.date, agenda.start, agenda.zone_text) == (date(2026, 12, 3), time(14), "Geneva")
    assert in_hours("14:00-16:00 A", when="14h-16h, 3 December 2026").zone_text is None


def test_a_number_in_the_header_is_no_date() -> None:
    agenda = read_agenda("Title\nVersion 2 of 3 March\n3 December 2026, 14h-16h\n14:00-16:00 Talk before 3 March")
    assert (agenda.date, agenda.items[0].title, agenda.problems) == (date(2026, 12, 3), "Talk before 3 March", ())


def test_hours_without_a_date_wait_for_the_line_that_has_one() -> None:
    agenda = read_agenda("Title\nRoom 5, 14h-16h\n3 December 2026\nUpstairs\n14:00-16:00 Talk")
    assert (agenda.date, agenda.start, agenda.place) == (date(2026, 12, 3), time(14), "Upstairs")


def test_a_date_in_the_past_is_read_and_left_to_the_organizer() -> None:
    assert in_hours("14:00-16:00 A", when="Date: 19 November 2020, 14h-16h").date == date(2020, 11, 19)


def test_what_is_missing_is_said() -> None:
    assert lines_with_problems(read_agenda("Hello there")) == [
        (1, "There is no date. Add a line such as “Date: 19 November 2026, 14h-16h (GMT+1)”."),
        (1, "There are no items. Write each one in a line of its own, such as “14:00 – 14:05 Welcome”."),
    ]
    assert lines_with_problems(read_agenda("Date: 3 December 2026\nAgenda\n14:00-15:00 A\n15:00 B"))[:1] == [
        (1, "There is no title. Write it in the first line.")
    ]
    assert lines_with_problems(read_agenda("Title\nDate: 3 December 2026\nAgenda\n14:00-15:00 A\n15:00 B")) == [
        (5, "It is not clear when this item ends. Write both of its hours.")
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "That is empty"),
        (" \r\n\t\ufeff\u200b", "That is empty"),
        ("\x00\x01PK", "not plain text"),
        ("\ud800 title", "not plain text"),
        ("a" * (LARGEST + 1), "too large"),
        ("é" * (LARGEST // 2 + 1), "too large"),
    ],
)
def test_what_is_no_text_is_refused(text: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        read_agenda(text)


@pytest.mark.parametrize(
    "text",
    [
        "1" * LARGEST,
        "14:00-15:00 A\n" * 7000,
        "*English French\n" * 6000,
        "Date: 3 " * 12000,
        "(" * LARGEST,
        "x\n" * 50000,
    ],
)
def test_the_largest_texts_are_read_in_moments(text: str) -> None:
    assert read_agenda(text[:LARGEST]).problems

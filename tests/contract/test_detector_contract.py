"""What every language detector promises; the shipped fake keeps the same promises as the real one."""

from __future__ import annotations

import pytest

from adapters.engines.detector import EldDetector, NoDetector, load_detector
from adapters.engines.fake import WordListDetector
from bot.ports import LanguageDetector

COMMUNITY = ("en", "fr", "es")


@pytest.fixture(params=[EldDetector, WordListDetector])
def detector(request) -> LanguageDetector:
    made: LanguageDetector = request.param(COMMUNITY)
    return made


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where can I find the minutes of the last meeting?", "en"),
        ("Est-ce que vous avez le compte rendu de la réunion ? Je ne le trouve pas", "fr"),
        ("¿Dónde está el acta de la última reunión? No la encuentro y la necesito para el informe", "es"),
    ],
)
def test_a_plain_sentence_is_recognised(detector, text, language):
    assert detector.detect(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "ok",
        "oui",
        "hello",
        "12345 67890",
        "🎉🎉🎉",
        "\u200b\u202e\u200f",
        "!!! ??? ...",
        "\x00\x01\x02",
        "(((([[",
    ],
)
def test_too_little_says_nothing(detector, text):
    assert detector.detect(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/where-can-i-find-the-minutes-of-the-last-meeting",
        "<https://example.org/the/minutes|the minutes of the last meeting are here> ok",
        "```for item in the_list: print(where, the, item, is)```",
        "`where is the item in this list`",
        "> Where can I find the minutes of the last meeting?\nok",
        "<@U123ABC> <#C123|the-channel-where-we-talk> :the_party_is_on: @channel #this-is-the-tag",
        "where.is.the.list@example.org",
    ],
)
def test_what_is_not_the_writers_own_prose_does_not_count(detector, text):
    assert detector.detect(text) is None


def test_prose_beside_a_link_and_a_quote_counts(detector):
    text = "> Where can I find the minutes of the meeting?\nVous pouvez le lire avec les autres documents : https://example.org/the-list"
    assert detector.detect(text) == "fr"


def test_a_language_not_spoken_here_is_not_named(detector):
    assert detector.detect("Wo finde ich bitte das Protokoll der letzten gemeinsamen Sitzung?") is None
    assert type(detector)(("fr", "es")).detect("Where can I find the minutes of the last meeting?") is None


def test_a_huge_message_is_answered(detector):
    assert detector.detect("Where can I find the minutes of the last meeting? " * 20_000) == "en"


def test_the_answer_is_the_communitys_own_tag():
    assert EldDetector(("en", "fr-CA")).detect("Où puis-je trouver le compte rendu de la réunion ?") == "fr-CA"


def test_names_alone_are_nobodys_language():
    assert EldDetector(COMMUNITY).detect("Amadou Diallo") is None


@pytest.mark.parametrize("text", ["下次会议几点开始", "المستندات موجودة في المكتبة"])
def test_other_scripts_are_recognised_where_they_are_spoken(text):
    assert EldDetector(("zh", "ar")).detect(text) in {"zh", "ar"}
    assert EldDetector(COMMUNITY).detect(text) is None


def test_without_the_library_nothing_is_guessed():
    assert NoDetector().detect("Where can I find the minutes of the last meeting?") is None


def test_the_detector_loaded_here_knows_the_communitys_languages():
    assert load_detector(COMMUNITY).detect("Where can I find the minutes of the last meeting?") == "en"

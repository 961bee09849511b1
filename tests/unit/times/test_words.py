"""Phrases as organizers write them, said on Tuesday 24 November 2026 at 10:00 in Dakar (UTC) unless told otherwise."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.errors import InvalidInput
from bot.times.words import LONGEST, When, parse_when

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


def parse(text: str, lang: str, zone: str = "Africa/Dakar", now: datetime = NOW) -> When:
    return parse_when(text, lang=lang, zone=zone, now=now)


def instants(when: When) -> list[str]:
    return [candidate.utc.strftime("%Y-%m-%dT%H:%M") for candidate in when.candidates]


def sentence(when: When) -> str:
    assert when.reason is not None
    return when.reason.format(**when.params)


CERTAIN = [
    ("en", "tomorrow at 3pm", "2026-11-25T15:00"),
    ("en", "Tomorrow, 3 PM Lima time", "2026-11-25T20:00"),
    ("en", "3pm tomorrow in Geneva", "2026-11-25T14:00"),
    ("en", "Meeting tomorrow at 3 p.m. sharp 🎉", "2026-11-25T15:00"),
    ("en", "@ 3pm tomorrow, please", "2026-11-25T15:00"),
    ("en", "tomorrow 15:00Z", "2026-11-25T15:00"),
    ("en", "14:00+01:00 tomorrow", "2026-11-25T13:00"),
    ("en", "tomorrow at 3pm GMT -3", "2026-11-25T18:00"),
    ("en", "tomorrow at 3pm america/lima", "2026-11-25T20:00"),
    ("en", "tomorrow at 3pm est", "2026-11-25T20:00"),
    ("en", "tomorrow at 3pm eastern time", "2026-11-25T20:00"),
    ("en", "tomorrow at 3pm (heure de Lima)", "2026-11-25T20:00"),
    ("en", "tomorrow 3pm Geneva (GMT+1)", "2026-11-25T14:00"),
    ("en", "tomorrow at 3pm Córdoba, Argentina", "2026-11-25T18:00"),
    ("en", "tomorrow 3pm Port of Spain time", "2026-11-25T19:00"),
    ("en", "my time tomorrow 3pm for 2 hours", "2026-11-25T15:00"),
    ("en", "2026-12-01 09:00", "2026-12-01T09:00"),
    ("en", "2026/12/01 09:00", "2026-12-01T09:00"),
    ("en", "2026-12-01T09:00:00.000-05:00", "2026-12-01T14:00"),
    ("en", "2026-12-01T09:00Z", "2026-12-01T09:00"),
    ("en", "2026-12-01 09:00-11:00", "2026-12-01T09:00"),
    ("en", "19 December 2026, 14h–16h (GMT+1)", "2026-12-19T13:00"),
    ("en", "December 1st, 2026 at 9am", "2026-12-01T09:00"),
    ("en", "the first of December at 9am", "2026-12-01T09:00"),
    ("en", "Sat 5 Dec, 8.30pm", "2026-12-05T20:30"),
    ("en", "Friday 4 December at 10am", "2026-12-04T10:00"),
    ("en", "Friday 04/12/2026 at 10:00", "2026-12-04T10:00"),
    ("en", "tomorrow, Wednesday 25 November, at 9am", "2026-11-25T09:00"),
    ("en", "12/13/2026 at 10:00", "2026-12-13T10:00"),
    ("en", "1.12.2026 10:00", "2026-12-01T10:00"),
    ("en", "5/5 at 10:00", "2027-05-05T10:00"),
    ("en", "3 March at 9am", "2027-03-03T09:00"),
    ("en", "Thursday 3pm", "2026-11-26T15:00"),
    ("en", "Thursday the 26th at 2pm", "2026-11-26T14:00"),
    ("en", "Thursday 26 at 2pm", "2026-11-26T14:00"),
    ("en", "this Thursday at 10am", "2026-11-26T10:00"),
    ("en", "the coming Thursday at 10am", "2026-11-26T10:00"),
    ("en", "next week on Thursday at 10am", "2026-12-03T10:00"),
    ("en", "Monday week at 9am", "2026-12-07T09:00"),
    ("en", "a week from Monday at 9am", "2026-12-07T09:00"),
    ("en", "last Thursday of November at 15:00", "2026-11-26T15:00"),
    ("en", "first Monday of next month at 9am", "2026-12-07T09:00"),
    ("en", "last Friday of the month at 9am", "2026-11-27T09:00"),
    ("en", "first Monday of March 2028 at 9am", "2028-03-06T09:00"),
    ("en", "second monday in january at noon", "2027-01-11T12:00"),
    ("en", "first tuesday of november at noon", "2027-11-02T12:00"),
    ("en", "on the 1st at 9am", "2026-12-01T09:00"),
    ("en", "the 3rd of next month at 9am", "2026-12-03T09:00"),
    ("en", "in 2 hours", "2026-11-24T12:00"),
    ("en", "in 90 minutes", "2026-11-24T11:30"),
    ("en", "an hour from now", "2026-11-24T11:00"),
    ("en", "in half an hour", "2026-11-24T10:30"),
    ("en", "in an hour and a half", "2026-11-24T11:30"),
    ("en", "in 1 hour and 20 minutes", "2026-11-24T11:20"),
    ("en", "in 1h30", "2026-11-24T11:30"),
    ("en", "in 2 hours (Lima time)", "2026-11-24T12:00"),
    ("en", "in a week at 9am", "2026-12-01T09:00"),
    ("en", "in a fortnight at 9am", "2026-12-08T09:00"),
    ("en", "in 1 month at 10am", "2026-12-24T10:00"),
    ("en", "noon", "2026-11-24T12:00"),
    ("en", "quarter to nine tomorrow morning", "2026-11-25T08:45"),
    ("en", "tomorrow morning at 9", "2026-11-25T09:00"),
    ("en", "tomorrow night at 11", "2026-11-25T23:00"),
    ("en", "tonight at 9", "2026-11-24T21:00"),
    ("en", "tonight at midnight", "2026-11-25T00:00"),
    ("en", "tomorrow at 12pm", "2026-11-25T12:00"),
    ("en", "tomorrow at 24:00", "2026-11-26T00:00"),
    ("en", "0:30 tomorrow", "2026-11-25T00:30"),
    ("en", "from 2 to 4pm tomorrow", "2026-11-25T14:00"),
    ("en", "2-4pm tomorrow", "2026-11-25T14:00"),
    ("en", "11-1pm tomorrow", "2026-11-25T11:00"),
    ("en", "10 to 2 in the afternoon tomorrow", "2026-11-25T10:00"),
    ("en", "at 2 - 4pm tomorrow", "2026-11-25T14:00"),
    ("en", "ten past two pm tomorrow", "2026-11-25T14:10"),
    ("es", "de las 3 a las 5 de la tarde mañana", "2026-11-25T15:00"),
    ("en", "9.30-10.30am tomorrow", "2026-11-25T09:30"),
    ("en", "between 2 and 4pm tomorrow", "2026-11-25T14:00"),
    ("en", "tomorrow 11pm-1am", "2026-11-25T23:00"),
    ("en", "tomorrow 14:00 (2pm)", "2026-11-25T14:00"),
    ("en", "today at 9", "2026-11-24T21:00"),
    ("fr", "dans deux jours à 9 h", "2026-11-26T09:00"),
    ("fr", "demain à 15 h 30", "2026-11-25T15:30"),
    ("fr", "demain à 10 heures 30", "2026-11-25T10:30"),
    ("fr", "demain à 9 heures moins le quart", "2026-11-25T08:45"),
    ("fr", "demain à midi et demi", "2026-11-25T12:30"),
    ("fr", "demain matin à 9h", "2026-11-25T09:00"),
    ("fr", "demain à 3 heures de l’après-midi", "2026-11-25T15:00"),
    ("fr", "après-demain à 14h précises", "2026-11-26T14:00"),
    ("fr", "ce soir à 8h", "2026-11-24T20:00"),
    ("fr", "ce soir à minuit", "2026-11-25T00:00"),
    ("fr", "minuit", "2026-11-25T00:00"),
    ("fr", "cette nuit à 2h", "2026-11-25T02:00"),
    ("fr", "jeudi 26 à 14h", "2026-11-26T14:00"),
    ("fr", "lundi prochain à 9h", "2026-11-30T09:00"),
    ("fr", "lundi en huit à 10h", "2026-12-07T10:00"),
    ("fr", "jeudi en quinze à 14h", "2026-12-10T14:00"),
    ("fr", "jeudi de la semaine prochaine à 14h", "2026-12-03T14:00"),
    ("fr", "le 1er décembre à 9h30", "2026-12-01T09:30"),
    ("fr", "le 26 à 14h", "2026-11-26T14:00"),
    ("fr", "le dernier jeudi de novembre à 14h", "2026-11-26T14:00"),
    ("fr", "le deuxième mardi du mois prochain à 9h", "2026-12-08T09:00"),
    ("fr", "dans une heure et demie", "2026-11-24T11:30"),
    ("fr", "dans une demi-heure", "2026-11-24T10:30"),
    ("fr", "jeudi 26 novembre 2026, 14h-16h (heure de Genève)", "2026-11-26T13:00"),
    ("fr", "de 14h à 16h demain", "2026-11-25T14:00"),
    ("fr", "entre 14 h et 16 h demain", "2026-11-25T14:00"),
    ("fr", "La réunion demain à 15h", "2026-11-25T15:00"),
    ("fr", "demain à 15h heure de la Réunion", "2026-11-25T11:00"),
    ("fr", "demain à 15h (heure du Caire)", "2026-11-25T13:00"),
    ("fr", "demain à 15h à Genève", "2026-11-25T14:00"),
    ("fr", "demain à 15h TU", "2026-11-25T15:00"),
    ("fr", "demain à 15h temps universel", "2026-11-25T15:00"),
    ("fr", "demain à 15h heure locale", "2026-11-25T15:00"),
    ("fr", "tomorrow at 3pm", "2026-11-25T15:00"),
    ("es", "mañana a las 15:00 horas", "2026-11-25T15:00"),
    ("es", "mañana a la una de la tarde", "2026-11-25T13:00"),
    ("es", "mañana a las tres y media de la tarde", "2026-11-25T15:30"),
    ("es", "mañana a las 3 p. m.", "2026-11-25T15:00"),
    ("es", "mañana por la mañana a las 9", "2026-11-25T09:00"),
    ("es", "mañana en la noche a las 8", "2026-11-25T20:00"),
    ("es", "pasado mañana a las 10 de la mañana", "2026-11-26T10:00"),
    ("es", "esta noche a la 1", "2026-11-25T01:00"),
    ("es", "a las 2 de la madrugada mañana", "2026-11-25T02:00"),
    ("es", "mañana al mediodía", "2026-11-25T12:00"),
    ("es", "a las 12 del mediodía mañana", "2026-11-25T12:00"),
    ("es", "de 9 a 11 de la mañana mañana", "2026-11-25T09:00"),
    ("es", "1º de diciembre a las 10:30", "2026-12-01T10:30"),
    ("es", "primero de diciembre a las 10:00", "2026-12-01T10:00"),
    ("es", "el 3 de enero del 2027 a las 10:00", "2027-01-03T10:00"),
    ("es", "el próximo 3 de diciembre a las 15:00", "2026-12-03T15:00"),
    ("es", "el martes 1 a las 15:00", "2026-12-01T15:00"),
    ("es", "el último jueves de noviembre a las 15:00", "2026-11-26T15:00"),
    ("es", "el jueves de la próxima semana a las 15:00", "2026-12-03T15:00"),
    ("es", "el lunes en ocho a las 10:00", "2026-12-07T10:00"),
    ("es", "dentro de dos días a las 10:00", "2026-11-26T10:00"),
    ("es", "en media hora", "2026-11-24T10:30"),
    ("es", "mañana a las 15:00 hora de España", "2026-11-25T14:00"),
    ("es", "mañana a las 15:00 (hora de Nueva York)", "2026-11-25T20:00"),
    ("es", "mañana a las 15:00 hora de la Habana", "2026-11-25T19:00"),
    ("es", "mañana a las 15:00 hora local", "2026-11-25T15:00"),
]


@pytest.mark.parametrize(("lang", "text", "expected"), CERTAIN)
def test_what_is_clear_is_one_moment(lang: str, text: str, expected: str) -> None:
    when = parse(text, lang)
    assert (instants(when), when.ambiguous, when.reason) == ([expected], False, None)


SEVERAL = [
    # Which week, which day
    ("en", "next Thursday at 14:00 (Lima time)", "2026-12-03T19:00 2026-11-26T19:00", "more than one day"),
    ("fr", "jeudi prochain à 14h (heure de Lima)", "2026-11-26T19:00 2026-12-03T19:00", "more than one day"),
    ("es", "el próximo jueves a las 15 h", "2026-11-26T15:00 2026-12-03T15:00", "more than one day"),
    ("es", "el jueves que viene a las 9 de la mañana", "2026-11-26T09:00 2026-12-03T09:00", "more than one day"),
    ("en", "the Monday after next at 9am", "2026-12-07T09:00 2026-12-14T09:00", "more than one day"),
    ("en", "Tuesday at 2pm", "2026-11-24T14:00 2026-12-01T14:00", "more than one day"),
    ("fr", "mardi en quinze à 9h", "2026-12-08T09:00 2026-12-15T09:00", "more than one day"),
    ("fr", "dans quinze jours à 9h", "2026-12-08T09:00 2026-12-09T09:00", "more than one day"),
    ("es", "en ocho días a las 10:00", "2026-12-01T10:00 2026-12-02T10:00", "more than one day"),
    ("fr", "dans une quinzaine de jours à 9h", "2026-12-08T09:00 2026-12-09T09:00", "more than one day"),
    # Day or month
    ("fr", "03/04 à 9h", "2027-04-03T09:00 2027-03-04T09:00", "more than one day"),
    ("en", "2/3/27 at 9am", "2027-03-02T09:00 2027-02-03T09:00", "more than one day"),
    # Morning or evening
    ("en", "at 3 tomorrow", "2026-11-25T15:00 2026-11-25T03:00", "morning or the evening"),
    ("en", "half past eight tomorrow", "2026-11-25T08:30 2026-11-25T20:30", "morning or the evening"),
    ("fr", "demain à 3h", "2026-11-25T15:00 2026-11-25T03:00", "morning or the evening"),
    ("es", "mañana a las 9:30", "2026-11-25T09:30 2026-11-25T21:30", "morning or the evening"),
    ("es", "a las 12 de la mañana mañana", "2026-11-25T12:00 2026-11-25T00:00", "morning or the evening"),
    ("en", "tomorrow at 12", "2026-11-25T12:00 2026-11-25T00:00 2026-11-26T00:00", "more than one day"),
    # Midnight has two ends
    ("en", "tomorrow at 12am", "2026-11-25T00:00 2026-11-26T00:00", "more than one day"),
    ("es", "mañana a medianoche", "2026-11-25T00:00 2026-11-26T00:00", "more than one day"),
    ("en", "Thursday night at 2", "2026-11-26T02:00 2026-11-27T02:00", "more than one day"),
    # Whose clock
    ("en", "tomorrow at 3pm IST", "2026-11-25T09:30 2026-11-25T13:00 2026-11-25T15:00", "different places"),
    ("en", "Thursday 14:00 CST", "2026-11-26T20:00 2026-11-26T06:00 2026-11-26T18:00", "different places"),
    ("en", "15 July 2027 at 3pm CET", "2027-07-15T13:00 2027-07-15T14:00", "different places"),
    ("en", "15 July 2027 3pm Geneva (GMT+1)", "2027-07-15T13:00 2027-07-15T14:00", "different places"),
    ("en", "tomorrow at 3pm (Cordoba time)", "2026-11-25T18:00 2026-11-25T14:00", "different places"),
    # The clocks go back
    ("en", "2027-10-31 02:30 (Geneva time)", "2027-10-31T00:30 2027-10-31T01:30", "comes twice"),
]


@pytest.mark.parametrize(("lang", "text", "expected", "question"), SEVERAL)
def test_what_can_be_read_in_several_ways_gives_them_all(lang: str, text: str, expected: str, question: str) -> None:
    when = parse(text, lang)
    assert (instants(when), when.ambiguous) == (expected.split(), True)
    assert question in sentence(when)


TO_CONFIRM = [
    ("en", "after tomorrow at 9am", "2026-11-26T09:00", "the day you mean"),
    ("en", "this Monday at 10am", "2026-11-30T10:00", "the day you mean"),
    ("en", "at 10:00", "2026-11-25T10:00", "the day you mean"),
    ("en", "01/12/2026 at 10:00", "2026-12-01T10:00", "which number is the day"),
    ("en", "20 November at 10:00", "2027-11-20T10:00", "gone by this year"),
    ("fr", "24 novembre à 9h", "2027-11-24T09:00", "gone by this year"),
    ("en", "1 January 2040 at 9am", "2040-01-01T09:00", "years away"),
    ("en", "tomorrow at 3pm Victoria", "2026-11-25T22:00", "the place whose clock"),
    ("en", "3pm-4pm Thursday, Nairobi", "2026-11-26T12:00", "the place whose clock"),
    ("en", "28 March 2027 at 02:30 (Geneva time)", "2027-03-28T01:30", "skip that hour"),
]


@pytest.mark.parametrize(("lang", "text", "expected", "request_"), TO_CONFIRM)
def test_what_is_a_guess_asks_for_a_confirmation(lang: str, text: str, expected: str, request_: str) -> None:
    when = parse(text, lang)
    assert (instants(when), when.ambiguous) == ([expected], True)
    assert request_ in sentence(when)


REFUSED = [
    ("en", "", "Write a day and an hour"),
    ("en", " \u200b\n ", "Write a day and an hour"),
    ("en", "🎉🎉", "Write a day and an hour"),
    ("en", "x" * (LONGEST + 1), f"{LONGEST + 1} characters"),
    ("en", "tomorrow\x00at 3pm", "not text"),
    ("en", "\ud800 3pm", "not text"),
    ("en", "DROP TABLE meetings", "did not understand “DROP TABLE meetings”"),
    ("en", "@everyone tomorrow at 3pm", "did not understand “@everyone”"),
    ("en", "<!channel> tomorrow at 3pm", "did not understand"),
    ("en", "الثلاثاء 3pm", "did not understand “الثلاثاء”"),
    ("en", "hello " * 50, "did not understand “hello hello"),
    ("en", "every Thursday at 3pm", "“every”"),
    ("en", "not tomorrow at 3pm", "“not”"),
    ("en", "tomorrow at 3pm or 4pm", "“or”"),
    ("en", "around 3pm tomorrow", "“around”"),
    ("en", "call Victoria tomorrow at 3pm", "“call Victoria”"),
    ("en", "in Xanaduuu tomorrow at 3pm", "“in Xanaduuu”"),
    ("en", "tomorrow at 3.5", "did not understand"),
    ("en", "12.30 tomorrow", "“12.30”"),
    ("en", "at 9 - 10.30 tomorrow", "“10.30”"),
    ("en", "ten to nine pm tomorrow", "“ten to”"),
    ("en", "at ten to nine pm tomorrow", "“to”"),
    ("en", "at 10 to 2pm tomorrow", "“to”"),
    ("en", "3 4", "“3 4”"),
    ("en", "Thursday 10 - 12", "“10”"),
    ("en", "3-4 December at noon", "did not understand"),
    ("en", "tomorrow at -3pm", "did not understand"),
    ("fr", "14h et 15h demain", "“et”"),
    ("fr", "jeudi 3 - 14h", "“3”"),
    ("fr", "La réunion est demain à 15h", "“La réunion est”"),
    ("es", "mañana a las 3 y 20", "“y 20”"),
    ("es", "reunión 3 a las 15:00", "“reunión 3”"),
    ("fr", "demain soir", "At what hour?"),
    ("en", "next Friday", "At what hour?"),
    ("en", "in two weeks", "At what hour?"),
    ("en", "a a a", "At what hour?"),
    ("en", "next week at 3pm", "Which day of that week?"),
    ("en", "next week, 3 December at 3pm", "different days"),
    ("en", "Monday Tuesday at 9am", "different days"),
    ("en", "tomorrow 3 December at 9am", "different days"),
    ("en", "tomorrow Thursday at 9am", "2026-11-25 falls on another day"),
    ("en", "Friday 5 December at 10am", "2026-12-05 falls on another day"),
    ("en", "3pm 4pm tomorrow", "different hours"),
    ("en", "tomorrow morning at 9 in the evening", "different hours"),
    ("en", "in 2 hours in 3 hours", "not both"),
    ("en", "in 3 hours at 10am", "not both"),
    ("en", "30 February at 10:00", "no date 30/2"),
    ("fr", "31 novembre à 10h", "no date 31/11"),
    ("en", "Feb 29 at 10am", "no date 29/2"),
    ("es", "29 de febrero de 2027 a las 10:00", "The date 29/2/2027 does not exist"),
    ("en", "31/11 at 10:00", "no date 31/11"),
    ("en", "13/13/2027 at 10:00", "The date 13/13/2027 does not exist"),
    ("en", "the 31st at 9am", "The date 31/11/2026 does not exist"),
    ("en", "5th Monday of February at 9am", "2/2027 has no fifth"),
    ("en", "at 25:00 tomorrow", "25:00 is not a time"),
    ("en", "at 15:75 tomorrow", "15:75 is not a time"),
    ("en", "tomorrow at 24:30", "24:30 is not a time"),
    ("en", "tomorrow at 15:00 am", "does not go with that part"),
    ("fr", "demain matin à 15h", "does not go with that part"),
    ("en", "tomorrow 16:00-14:00", "ends before it begins"),
    ("en", "tomorrow 10 in the evening to 3 in the afternoon", "ends before it begins"),
    ("en", "yesterday at 3pm", "has passed"),
    ("en", "last Thursday at 3pm", "has passed"),
    ("fr", "il y a deux jours", "has passed"),
    ("es", "ayer a las 15:00", "has passed"),
    ("en", "today at 9am", "has passed"),
    ("en", "3 March 2026 at 9am", "has passed"),
    ("en", "in 0 minutes", "has passed"),
    ("en", "1 January 9999 at 9am", "out of reach"),
    ("en", "tomorrow at 3pm (Atlantis time)", "“Atlantis”. Did you mean Atlanta?"),
    ("en", "tomorrow at 3pm (Limma time)", "“Limma”. Did you mean Lima?"),
    ("en", "tomorrow at 3pm qqqxyz time", "where “qqqxyz” is"),
    ("en", "tomorrow at 3pm UTC+25", "where “utc+25” is"),
    ("en", "next Thursday at 3 CST", "different moments"),
]


@pytest.mark.parametrize(("lang", "text", "why"), REFUSED)
def test_what_is_not_understood_is_refused_with_a_reason(lang: str, text: str, why: str) -> None:
    when = parse(text, lang)
    assert (when.candidates, when.ambiguous) == ((), False)
    assert why in sentence(when)


def test_tomorrow_has_two_readings_where_it_is_another_day_in_the_zone_named() -> None:
    early = datetime(2026, 11, 24, 3, tzinfo=UTC)
    when = parse("tomorrow at 3pm (Lima time)", "en", now=early)
    assert instants(when) == ["2026-11-25T20:00", "2026-11-24T20:00"]
    late_in_lima = datetime(2026, 11, 26, 3, tzinfo=UTC)
    only_next_week = parse("Thursday at 9am (Apia time)", "en", "America/Lima", late_in_lima)
    assert (instants(only_next_week), only_next_week.ambiguous) == (["2026-12-02T20:00"], True)


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "next Monday at 10:00", ["2026-12-07T10:00", "2026-11-30T10:00"]),
        ("en", "Thursday next week at 10:00", ["2026-12-03T10:00", "2026-12-10T10:00"]),
        ("fr", "lundi prochain à 10h", ["2026-11-30T10:00"]),
        ("fr", "jeudi de la semaine prochaine à 10h", ["2026-12-03T10:00"]),
    ],
)
def test_on_a_sunday_next_week_depends_on_where_weeks_begin(lang: str, text: str, expected: list[str]) -> None:
    assert instants(parse(text, lang, now=datetime(2026, 11, 29, 10, tzinfo=UTC))) == expected


def test_a_month_without_that_day_asks_about_its_last_one() -> None:
    when = parse("in 1 month at 10:00", "en", now=datetime(2027, 1, 31, 10, tzinfo=UTC))
    assert (instants(when), when.ambiguous) == (["2027-02-28T10:00"], True)


def test_the_coming_leap_day_is_a_date() -> None:
    now = datetime(2027, 11, 24, 10, tzinfo=UTC)
    assert instants(parse("29 February at 10am", "en", now=now)) == ["2028-02-29T10:00"]
    on_the_day = datetime(2028, 2, 29, 12, tzinfo=UTC)
    assert "has passed" in sentence(parse("29 February at 10am", "en", now=on_the_day))


def test_the_first_day_of_month_that_lies_ahead_is_meant() -> None:
    now = datetime(2027, 1, 15, 10, tzinfo=UTC)
    assert instants(parse("the 30th at 10am", "en", now=now)) == ["2027-01-30T10:00"]


def test_each_reading_tells_what_it_is() -> None:
    week = parse("next Thursday at 15:00", "en")
    assert [candidate.explanation for candidate in week.candidates] == [
        ("the one in the week after",),
        ("the coming one",),
    ]
    twice = parse("2027-10-31 02:30 (Geneva time)", "en")
    assert [candidate.local.local.hour for candidate in twice.candidates] == [2, 2]
    assert [candidate.explanation for candidate in twice.candidates] == [
        ("before the clocks go back",),
        ("after the clocks have gone back",),
    ]
    night = parse("Thursday at 2 at night", "en")
    assert [candidate.explanation for candidate in night.candidates] == [
        ("early that morning",),
        ("early the next morning",),
    ]


def test_a_gap_is_shown_as_the_clock_will_show_it() -> None:
    (shifted,) = parse("28 March 2027 at 02:30 (Geneva time)", "en").candidates
    assert shifted.local.local == datetime.fromisoformat("2027-03-28T03:30")
    assert shifted.explanation == ("the hour after the one that the clocks skip",)


def test_the_authors_own_reading_of_an_abbreviation_comes_first() -> None:
    when = parse("tomorrow at 3pm IST", "en", "Europe/Dublin")
    assert when.candidates[0].local.zone == "Europe/Dublin"


def test_a_language_without_a_grammar_is_read_by_those_there_are() -> None:
    assert instants(parse("2026-12-01 09:00", "sw")) == ["2026-12-01T09:00"]


def test_an_unknown_zone_of_the_author_is_an_error_of_the_caller() -> None:
    with pytest.raises(InvalidInput, match="Mars"):
        parse("noon", "en", "Mars/Olympus")

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import InvalidInput
from bot.times.zones import find_zones, fixed_zone, same_offset_zone, tz, zone_label

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
JULY = datetime(2027, 7, 15, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("America/Lima", "America/Lima"),
        ("america/lima", "America/Lima"),
        ("São Paulo", "America/Sao_Paulo"),
        ("sao paulo", "America/Sao_Paulo"),
        ("Lima", "America/Lima"),
        ("Dakar", "Africa/Dakar"),
        ("Geneva", "Europe/Zurich"),
        ("Genève", "Europe/Zurich"),
        ("GINEBRA", "Europe/Zurich"),
        ("Delhi", "Asia/Kolkata"),
        ("India", "Asia/Kolkata"),
        ("Katmandou", "Asia/Kathmandu"),
        ("Beyrouth", "Asia/Beirut"),
        ("Manille", "Asia/Manila"),
        ("Apia", "Pacific/Apia"),
        ("Nairobi", "Africa/Nairobi"),
        ("New York", "America/New_York"),
        ("Nueva York", "America/New_York"),
        ("Pékin", "Asia/Shanghai"),
        ("Le Caire", "Africa/Cairo"),
        ("Costa de Marfil", "Africa/Abidjan"),
        ("Sénégal", "Africa/Dakar"),
        ("España", "Europe/Madrid"),
        ("New Zealand", "Pacific/Auckland"),
        ("Port-au-Prince", "America/Port-au-Prince"),
        ("GMT+1", "UTC+01:00"),
        ("UTC+01:00", "UTC+01:00"),
        ("utc -5", "UTC-05:00"),
        ("UTC\N{MINUS SIGN}5", "UTC-05:00"),
        ("+05:30", "UTC+05:30"),
        ("GMT", "UTC"),
        ("UTC+0", "UTC"),
    ],
)
def test_a_place_is_found_by_its_name_in_three_languages(text: str, zone: str) -> None:
    first = find_zones(text)[0]
    assert (first.zone, first.score) == (zone, 100)


@pytest.mark.parametrize(
    ("typo", "zone"), [("Limma", "America/Lima"), ("Geneve ", "Europe/Zurich"), ("Nairobbi", "Africa/Nairobi")]
)
def test_a_slip_of_the_pen_still_finds_the_place(typo: str, zone: str) -> None:
    assert find_zones(typo)[0].zone == zone


def test_a_slip_never_looks_like_an_exact_name() -> None:
    assert 80 <= find_zones("Limma")[0].score < 100


@pytest.mark.parametrize(
    ("text", "zones"),
    [
        ("IST", {"Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"}),
        ("cst", {"America/Chicago", "Asia/Shanghai", "America/Havana", "UTC-06:00"}),
        ("EST", {"America/New_York", "UTC-05:00"}),
        ("CET", {"Europe/Paris", "UTC+01:00"}),
        ("Córdoba", {"America/Argentina/Cordoba", "Europe/Madrid"}),
        ("San José", {"America/Costa_Rica", "America/Los_Angeles"}),
    ],
)
def test_what_several_places_share_gives_them_all(text: str, zones: set[str]) -> None:
    assert {match.zone for match in find_zones(text)} == zones


def test_a_country_of_several_zones_begins_with_its_capital() -> None:
    zones = [match.zone for match in find_zones("Brésil")]
    assert zones[0] == "America/Sao_Paulo"
    assert "America/Manaus" in zones


@pytest.mark.parametrize("text", ["", "   ", "qzx", "GMT+25", "UTC-13", "GMT+14:30", "UTC+1:07", "x" * 5000, "☃"])
def test_what_no_place_is_called_finds_nothing(text: str) -> None:
    assert find_zones(text) == []


def test_languages_can_be_narrowed() -> None:
    assert find_zones("Philippinen", ["de"])[0].score == 100
    assert all(match.score < 100 for match in find_zones("Philippinen", ["en"]))


def test_fixed_offsets_are_written_one_way() -> None:
    assert fixed_zone("gmt + 5:30") == "UTC+05:30"
    assert fixed_zone("Lima") is None
    assert tz("UTC-05:30").utcoffset(None) == timedelta(hours=-5, minutes=-30)


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "Factory", "../etc/passwd", "America", "UTC+15:00", "UTC-12:30", "GMT+1"]
)
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="do not know the time zone"):
        tz(name)


@pytest.mark.parametrize(
    ("zone", "locale", "at", "label"),
    [
        ("Europe/Zurich", "en", NOW, "Geneva time (UTC+1)"),
        ("Europe/Zurich", "fr", JULY, "heure de Genève (UTC+2)"),
        ("Europe/Zurich", "es", NOW, "hora de Ginebra (UTC+1)"),
        ("Pacific/Apia", "fr", NOW, "heure d’Apia (UTC+13)"),
        ("Africa/Cairo", "fr", NOW, "heure du Caire (UTC+2)"),
        ("Asia/Kathmandu", "fr", NOW, "heure de Katmandou (UTC+5:45)"),
        ("America/Lima", "es", NOW, "hora de Lima (UTC\N{MINUS SIGN}5)"),
        ("America/Argentina/Buenos_Aires", "en", NOW, "Buenos Aires time (UTC\N{MINUS SIGN}3)"),
        ("America/Lima", "pt-BR", NOW, "Horário Lima (UTC\N{MINUS SIGN}5)"),
        ("UTC", "en", NOW, "UTC"),
        ("Etc/GMT-1", "en", NOW, "UTC+1"),
        ("UTC+05:30", "fr", NOW, "UTC+5:30"),
    ],
)
def test_a_zone_is_named_in_the_readers_language(zone: str, locale: str, at: datetime, label: str) -> None:
    assert zone_label(zone, locale, at) == label


def test_an_offset_is_a_places_own_time_only_while_the_clocks_agree() -> None:
    assert same_offset_zone("UTC+01:00", "Europe/Zurich", NOW)
    assert not same_offset_zone("UTC+01:00", "Europe/Zurich", JULY)

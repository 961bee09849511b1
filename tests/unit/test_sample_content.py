"""The sample community's content is complete, varied and well formed."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

SAMPLE = Path(__file__).parents[2] / "adapters" / "tryit" / "sample"
LANGUAGES = {"en", "fr", "es"}
KINDS = {"guide", "report", "toolkit", "course", "platform", "policy", "dataset", "case-study", "video", "network"}
REGIONS = {"global", "africa", "americas", "asia-pacific", "europe", "arab-states", "caribbean"}
REQUIRED = {"title", "url", "kind", "language", "tags", "description", "region", "source", "checked_on"}
RPL = "recognition-of-prior-learning"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
HINTS = {"user", "name", "newcomer", "locale", "zone", "role"}


@pytest.fixture(scope="module")
def library() -> list[dict[str, Any]]:
    """Read the sample library, one resource a line."""
    lines = (SAMPLE / "library.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def people() -> list[dict[str, Any]]:
    """Read the sample members and newcomers."""
    entries: list[dict[str, Any]] = json.loads((SAMPLE / "members.json").read_text(encoding="utf-8"))
    return entries


@pytest.fixture(scope="module")
def members(people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep those who have joined already."""
    return [person for person in people if not person.get("newcomer")]


@pytest.fixture(scope="module")
def agenda() -> str:
    """Read the sample agenda."""
    return (SAMPLE / "agenda.txt").read_text(encoding="utf-8")


def descriptions(resource: dict[str, Any]) -> Iterator[str]:
    """Yield the description in every language the resource is described in."""
    yield resource["description"]
    for text in resource.get("texts", {}).values():
        yield text["description"]


def test_library_is_large_and_multilingual(library: list[dict[str, Any]]) -> None:
    languages = Counter(resource["language"] for resource in library)
    assert len(library) >= 48
    assert set(languages) == LANGUAGES
    assert min(languages["fr"], languages["es"]) >= 12


def test_library_draws_on_many_bodies_and_regions(library: list[dict[str, Any]]) -> None:
    assert len({resource["source"] for resource in library}) >= 8
    assert len({resource["region"] for resource in library}) >= 5


def test_every_resource_has_its_fields(library: list[dict[str, Any]]) -> None:
    for resource in library:
        assert set(resource) - {"texts"} == REQUIRED, resource["url"]
        assert resource["kind"] in KINDS, resource["url"]
        assert resource["region"] in REGIONS, resource["url"]
        assert resource["checked_on"] == "2026-11-23", resource["url"]
        assert resource["title"].strip(), resource["url"]
        assert resource["source"].strip(), resource["url"]


def test_no_resource_comes_twice(library: list[dict[str, Any]]) -> None:
    addresses = [re.sub(r"^https?://(www\.)?", "", resource["url"]).rstrip("/") for resource in library]
    titles = [(resource["language"], resource["title"].casefold()) for resource in library]
    assert len(set(addresses)) == len(library)
    assert len(set(titles)) == len(library)


def test_addresses_are_plain_web_addresses(library: list[dict[str, Any]]) -> None:
    for resource in library:
        parts = urlsplit(resource["url"])
        assert parts.scheme in {"http", "https"}, resource["url"]
        assert "." in (parts.hostname or ""), resource["url"]
        assert parts.username is None, resource["url"]
        assert resource["url"].isascii(), resource["url"]
        assert not re.search(r"\s", resource["url"]), resource["url"]


def test_tags_are_a_few_distinct_slugs(library: list[dict[str, Any]]) -> None:
    for resource in library:
        tags = resource["tags"]
        assert 2 <= len(tags) <= 5, resource["url"]
        assert len(set(tags)) == len(tags), resource["url"]
        assert all(SLUG.fullmatch(tag) for tag in tags), resource["url"]


def test_descriptions_are_short_and_our_own_in_each_language(library: list[dict[str, Any]]) -> None:
    written = [description for resource in library for description in descriptions(resource)]
    assert all(40 <= len(description) <= 400 for description in written)
    assert len(set(written)) == len(written)


def test_some_resources_are_described_in_another_language(library: list[dict[str, Any]]) -> None:
    described = [resource for resource in library if resource.get("texts")]
    assert len(described) >= 15
    for resource in described:
        assert set(resource["texts"]) <= LANGUAGES - {resource["language"]}, resource["url"]
        assert all(set(text) == {"title", "description"} for text in resource["texts"].values()), resource["url"]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_sample_question_has_answers_in_each_language(library: list[dict[str, Any]], language: str) -> None:
    found = [resource for resource in library if resource["language"] == language and RPL in resource["tags"]]
    assert len(found) >= 4


def test_members_and_newcomers_are_counted_and_distinct(
    people: list[dict[str, Any]], members: list[dict[str, Any]]
) -> None:
    assert len(members) == 14
    assert len(people) - len(members) == 3
    assert len({person["user"] for person in people}) == len(people)
    assert len({person["name"] for person in people}) == len(people)
    assert sum(member["role"] == "organizer" for member in members) >= 2
    assert {person["role"] for person in people} == {"member", "organizer"}


def test_members_speak_and_live_in_known_places(members: list[dict[str, Any]]) -> None:
    firsts = Counter(member["languages"][0] for member in members)
    assert set(firsts) == LANGUAGES
    assert min(firsts.values()) >= 3
    assert len({member["zone"] for member in members}) == len(members)
    for member in members:
        assert ZoneInfo(member["zone"]).key == member["zone"]
        assert set(member["languages"]) <= LANGUAGES
        assert len(set(member["languages"])) == len(member["languages"])
        assert member["city"] in member["name"]


def test_members_say_what_they_do_offer_and_seek(members: list[dict[str, Any]]) -> None:
    for member in members:
        assert 40 <= len(member["bio"]) <= 200, member["user"]
        assert member["skills_offered"], member["user"]
        assert member["skills_wanted"], member["user"]
        assert not set(member["skills_offered"]) & set(member["skills_wanted"]), member["user"]


def test_everyone_is_labelled_as_a_sample(people: list[dict[str, Any]]) -> None:
    assert all(re.search(r"sample|essai|muestra", person["name"], re.IGNORECASE) for person in people)


def test_newcomers_bring_only_a_platform_hint(people: list[dict[str, Any]]) -> None:
    newcomers = [person for person in people if person.get("newcomer")]
    assert {newcomer["locale"] for newcomer in newcomers} == {"fr-FR", "es-PE", "en-KE"}
    assert all(set(newcomer) == HINTS for newcomer in newcomers)


def test_agenda_keeps_the_shape_of_a_pasted_one(agenda: str) -> None:
    rows = re.findall(r"^(\d\d:\d\d) – (\d\d:\d\d)\t(.+) \((plenary|breakout groups)\)(.*)$", agenda, re.MULTILINE)
    assert agenda.startswith("\n\n")
    assert "\nDate: 19 November 2020, 14h-16h (GMT+1)\n" in agenda
    assert "\nTime\tSession\n" in agenda
    assert [row[0] for row in rows] == ["14:00", "14:05", "14:15", "14:45", "15:15", "15:35", "15:55"]
    assert [row[1] for row in rows] == [*(row[0] for row in rows[1:]), "16:00"]
    assert [row[3] for row in rows].count("breakout groups") == 1
    assert len(re.findall(r"^\*\*.+\*$", agenda, re.MULTILINE)) == 2
    assert "English (2), French (1) and Spanish (1)" in agenda

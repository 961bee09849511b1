"""A round trip through a file loses nothing, whatever the texts are."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.features.members import importing as member_plans
from bot.features.members import transfer as members
from bot.features.members.model import Identity, Member
from bot.features.resources import importing as resource_plans
from bot.features.resources import transfer as resources
from bot.features.resources.model import Resource, ResourceText
from bot.messages import UserRef

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
TAGS = ("en", "fr", "es", "pt-BR", "sw")
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
titles = texts.filter(str.strip)
lists = st.lists(texts.filter(bool), max_size=4).map(tuple)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@st.composite
def libraries(draw):
    found = []
    for number in range(draw(st.integers(0, 4))):
        languages = draw(st.lists(st.sampled_from(TAGS), min_size=1, unique=True))
        found.append(
            Resource(
                id="",
                url=f"https://library.example/{number}",
                kind=draw(st.sampled_from(["guide", "report", "case-study"])),
                language=languages[0],
                source=draw(texts),
                region=draw(texts),
                tags=draw(lists),
                checked_on=draw(st.dates(date(2000, 1, 1), date(2030, 1, 1))),
                texts={tag: ResourceText(draw(titles), draw(texts)) for tag in languages},
            )
        )
    return found


def resources_after(path, text):
    path.write_text(text, encoding="utf-8", newline="")
    reading = resources.read_resources(path)
    assert reading.problems == []
    assert reading.remarks == []
    plan = resource_plans.plan(reading.entries, (), NOW.date())
    again = resource_plans.plan(reading.entries, plan.new, NOW.date())
    assert (again.new, again.changed, again.same) == ((), (), len(plan.new))
    return [replace(resource, id="") for resource in plan.new]


@given(libraries())
def test_a_library_comes_back_from_csv(tmp_path_factory, library):
    target = io.StringIO()
    assert resources.write_csv(target, library) == len(library)
    assert resources_after(tmp_path_factory.mktemp("csv") / "r.csv", target.getvalue()) == library


@given(libraries())
def test_a_library_comes_back_from_json_lines(tmp_path_factory, library):
    target = io.StringIO()
    assert resources.write_json_lines(target, library) == len(library)
    assert resources_after(tmp_path_factory.mktemp("json") / "r.jsonl", target.getvalue()) == library


@st.composite
def communities(draw):
    found = []
    for number in range(draw(st.integers(0, 4))):
        quiet = draw(st.none() | st.tuples(st.integers(0, 23), st.integers(0, 59)))
        start = time(*quiet) if quiet else None
        end = (datetime.combine(NOW.date(), start) + timedelta(minutes=30)).time() if start else None
        organizer = draw(st.booleans())
        member = Member(
            id="",
            name=draw(titles),
            joined_at=draw(moments),
            languages=tuple(draw(st.lists(st.sampled_from(TAGS), unique=True))),
            zone=draw(st.none() | st.sampled_from(["Africa/Dakar", "America/Lima", "UTC", "UTC+05:30"])),
            quiet_start=start,
            quiet_end=end,
            skills_offered=draw(lists),
            skills_wanted=draw(lists),
            bio=draw(st.just("") | titles),
            organizer=organizer,
            appointed=organizer,
            reminders=draw(st.booleans()),
            noticed_at=draw(st.none() | moments),
            welcomed_at=draw(st.none() | moments),
        )
        found.append((member, (UserRef("slack", "T1", f"U{number}"), UserRef("discord", "9", f"{number}"))))
    return found


@given(communities())
def test_members_come_back_from_csv(tmp_path_factory, community):
    named = [(replace(member, id=str(number)), users) for number, (member, users) in enumerate(community)]
    target = io.StringIO()
    identities = [Identity(user, member.id) for member, users in named for user in users]
    members.write_csv(target, [member for member, _users in named], identities)
    path = tmp_path_factory.mktemp("members") / "m.csv"
    path.write_text(target.getvalue(), encoding="utf-8", newline="")
    reading = members.read_members(path)
    assert reading.problems == []
    assert reading.remarks == []
    plan = member_plans.plan(reading.entries, (), (), NOW)
    assert [(change.after, change.new_users) for change in plan.new] == community
    again = member_plans.plan(reading.entries, [member for member, _users in named], identities, NOW)
    assert (again.changes, again.same, again.remarks) == ((), len(community), ())

"""What each platform can do, and what takes the place of what it cannot: ``docs/parity.md``, made from the adapters.

``python -m scripts.parity update`` writes the page; ``check`` fails when it says something else than the adapters'
capabilities do, or names a test that is not there.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from adapters.discord.gateway import CAPABILITIES as DISCORD
from adapters.slack.gateway import CAPABILITIES as SLACK
from adapters.tryit.gateway import CAPABILITIES as TRYIT
from bot.platforms import Capabilities

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "parity.md"
PLATFORMS: Mapping[str, Capabilities] = {"Slack": SLACK, "Discord": DISCORD, "Sample chat": TRYIT}


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing that members or organizers rely on.

    It is done where any of the capabilities that ``needs`` names is there (everywhere if it names none), elsewhere
    ``substitute`` says what takes its place. ``tests`` show it, by platform; ``*`` for all of them.
    """

    what: str
    needs: tuple[str, ...]
    substitute: str
    tests: Mapping[str, str]


SCENARIOS = {
    "Slack": "tests/scenario/test_slack_scenarios.py::test_conversation",
    "Discord": "tests/scenario/test_discord_scenarios.py::test_conversation",
    "Sample chat": "tests/e2e/test_conversations.py::test_conversation",
}

CONTRACT = "tests/contract/test_gateway_contract.py::"
SLACK_SENDING, SLACK_EVENTS = "tests/unit/slack/test_sending.py::", "tests/unit/slack/test_events.py::"
SLACK_FORMS = "tests/unit/slack/test_forms.py::"
DISCORD_UNIT = "tests/unit/discord_adapter/"
TRYIT_RENDER = "tests/unit/tryit/test_render.py::"

FEATURES: Sequence[Feature] = (
    Feature("The three conversations: ask, meet, find my language; in three languages", (), "", SCENARIOS),
    Feature(
        "Forms",
        ("forms",),
        "",
        {"*": CONTRACT + "test_a_form_opens_for_a_trigger_and_for_nothing_else"},
    ),
    Feature(
        "What is wrong stands beside its field while the form is open",
        ("form_errors",),
        "the answer says what is wrong, and a button opens the form again, filled in",
        {
            "Slack": SLACK_FORMS + "test_what_is_wrong_stands_beside_its_field",
            "Discord": DISCORD_UNIT + "test_forms.py::test_an_error_stands_under_the_label",
            "Sample chat": "tests/unit/tryit/test_web.py::test_an_answer_that_is_too_long_keeps_the_form_open",
        },
    ),
    Feature(
        "A message in a channel for one person alone, at any time",
        ("private_replies",),
        "their direct line",
        {"*": CONTRACT + "test_a_message_may_be_shown_to_one_person"},
    ),
    Feature(
        "A private answer in a channel to a command, a button or a form",
        ("private_replies", "private_answers"),
        "",
        {
            "Slack": SLACK_SENDING + "test_a_message_for_one_person_is_seen_by_nobody_else",
            "Discord": DISCORD_UNIT + "test_interactions.py::test_a_command_is_answered_for_the_person_alone",
            "Sample chat": "tests/feature/test_dispatch.py::test_what_is_ones_own_stays_private_in_a_channel",
        },
    ),
    Feature(
        "Every instant in each reader's own time",
        ("local_times",),
        "",
        {
            "Slack": SLACK_SENDING + "test_times_are_each_readers_own_with_utc_beside",
            "Discord": DISCORD_UNIT + "test_messages.py::test_blocks_are_discords_own_markdown",
            "Sample chat": TRYIT_RENDER + "test_an_instant_is_on_the_viewers_clock_and_readable_by_machines",
        },
    ),
    Feature(
        "What was said is corrected where it stands",
        ("edits",),
        "",
        {"*": CONTRACT + "test_a_message_with_controls_is_sent_and_edited"},
    ),
    Feature(
        "The platform itself refuses a second message with the same key",
        ("idempotent_sends",),
        "the message is looked for by its key before anything is sent again",
        {
            "Slack": "tests/fault/test_slack.py::test_a_delivery_arrives_once",
            "*": CONTRACT + "test_the_same_key_makes_one_message_where_the_platform_says_so",
        },
    ),
    Feature(
        "A page of one's own",
        ("homes",),
        "the command “home”, and “my page” in plain words",
        {
            "Slack": SLACK_EVENTS + "test_the_home_tab_is_shown_anew_after_a_press_on_it",
            "*": "tests/feature/test_home.py::test_where_there_are_no_pages_it_is_a_plain_answer",
        },
    ),
    Feature(
        "Choices while somebody types",
        ("suggestions",),
        "what is typed is read as it is, and what is doubtful is asked about",
        {
            "Slack": SLACK_FORMS + "test_suggestions_come_while_somebody_types_and_the_typed_text_stays_a_choice",
            "Discord": DISCORD_UNIT + "test_commands.py::test_suggestions_come_while_somebody_types",
            "Sample chat": "tests/feature/test_members_and_rooms.py",
        },
    ),
    Feature(
        "“Save to the library” and “Remind me of this” in the menu of a message",
        ("menus",),
        "the same in plain words: “save” and the address, “remind me”",
        {
            "Slack": SLACK_EVENTS + "test_a_messages_menu_brings_text_link_and_author",
            "Discord": DISCORD_UNIT
            + "test_commands.py::test_a_menu_of_a_message_hands_over_what_it_says_where_it_is_and_whose_it_is",
            "Sample chat": "tests/feature/test_saving.py::test_it_can_be_typed_too",
        },
    ),
    Feature(
        "“Schedule a meeting” from everywhere",
        ("shortcuts",),
        "the command “schedule”, and plain words",
        {
            "Slack": SLACK_EVENTS + "test_a_shortcut_belongs_to_the_direct_line",
            "*": "tests/feature/test_meetings.py",
        },
    ),
    Feature(
        "Missing rooms opened on request",
        ("channels",),
        "",
        {
            "Slack": SLACK_SENDING + "test_a_channel_is_arranged_once",
            "Discord": DISCORD_UNIT
            + "test_arranging.py::test_a_channel_of_a_language_is_made_once_and_seen_by_its_role_alone",
            "Sample chat": "tests/feature/test_organizers_rooms.py",
        },
    ),
    Feature(
        "A thread for each breakout group",
        ("threads",),
        "the group meets in the channel of its language",
        {
            "Discord": DISCORD_UNIT + "test_arranging.py::test_a_thread_is_private_to_its_members_and_made_once",
            "*": "tests/feature/test_breakout_threads.py",
        },
    ),
    Feature(
        "A voice room for each breakout group, into which who asks is moved",
        ("voices",),
        "the meeting's own link",
        {
            "Discord": DISCORD_UNIT + "test_arranging.py::test_only_who_asked_is_moved_into_a_voice_channel",
            "*": "tests/feature/test_breakout_voices.py",
        },
    ),
    Feature(
        "Meetings in the platform's own calendar",
        ("events",),
        "reminders and announcements, and the file of “connections export meetings”",
        {
            "Discord": DISCORD_UNIT + "test_arranging.py::test_an_event_is_made_kept_equal_and_taken_away",
            "*": "tests/feature/test_calendars.py",
        },
    ),
    Feature(
        "Newcomers are asked for their languages as they enter",
        ("questions",),
        "the welcome in their direct line asks",
        {
            "Discord": DISCORD_UNIT
            + "test_arranging.py::test_newcomers_are_asked_for_their_languages_among_the_servers_own_questions",
            "*": "tests/feature/test_members_and_rooms.py",
        },
    ),
    Feature(
        "Members' words never become a mention, a hidden link or markup",
        (),
        "",
        {
            "Slack": "tests/property/test_slack_limits.py",
            "Discord": "tests/property/test_discord_limits.py",
            "Sample chat": TRYIT_RENDER + "test_text_is_text_wherever_it_stands",
        },
    ),
)


def rows() -> Iterator[tuple[str, ...]]:
    """Yield a row for each feature: what it is, and how it stands on each platform."""
    for feature in FEATURES:
        states = tuple(_state(feature, name) for name in PLATFORMS)
        shown = dict.fromkeys(feature.tests.get(name, feature.tests.get("*", "")) for name in PLATFORMS)
        tests = "<br>".join(f"`{test}`" for test in shown if test)
        yield (feature.what, *states, tests)


def _state(feature: Feature, platform: str) -> str:
    capabilities = PLATFORMS[platform]
    done = not feature.needs or any(getattr(capabilities, name) for name in feature.needs)
    return "done" if done else f"substituted: {feature.substitute}"


def page() -> str:
    """Return the whole page."""
    head = ("feature", *PLATFORMS, "shown by")
    lines = [head, ("---",) * len(head), *rows()]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return (
        "# What works where\n\nThis page is written by `python -m scripts.parity update` from what each adapter says "
        "it can do; the checks fail when the two differ. “Substituted” says what takes a feature's place on a platform "
        f"that has no such thing.\n\n{table}\n"
    )


def problems() -> Iterator[str]:
    """Yield what is wrong with the ledger, or with the page."""
    named = {need for feature in FEATURES for need in feature.needs}
    known = {field.name for field in fields(Capabilities) if field.type == "bool"}
    yield from (f"no such capability: {name}" for name in sorted(named - known))
    yield from (f"no feature needs the capability {name}" for name in sorted(known - named))
    for feature in FEATURES:
        if not feature.substitute and any(_state(feature, name) != "done" for name in PLATFORMS):
            yield f"nothing takes the place of: {feature.what}"
        for test in feature.tests.values():
            yield from _missing(test)
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page():
        yield f"{PAGE.relative_to(ROOT)} is out of date: run make ledger"


def _missing(test: str) -> Iterator[str]:
    file, _colons, name = test.partition("::")
    path = ROOT / file
    if not path.exists() or (name and not re.search(rf"def {re.escape(name)}\(", path.read_text(encoding="utf-8"))):
        yield f"no such test: {test}"


def main(arguments: Sequence[str]) -> int:
    """Run one command; return the exit code."""
    if list(arguments) == ["update"]:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    found = list(problems())
    print(*found, sep="\n", file=sys.stderr, end="\n" if found else "")
    print(f"parity: {len(found)} problems")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

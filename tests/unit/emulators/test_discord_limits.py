"""The emulated Discord refuses what Discord refuses, and no more."""

from __future__ import annotations

import discord
import pytest
from discord import app_commands
from hypothesis import given
from hypothesis import strategies as st

from tests.emulators.discord import problems
from tests.emulators.discord.limits import CHECKERS

V2 = 1 << 15


def button(**more) -> dict:
    return {"type": 2, "style": 1, "label": "Yes", "custom_id": "yes"} | more


def row(*items) -> dict:
    return {"type": 1, "components": list(items)}


def select(options: int = 2, **more) -> dict:
    listed = [{"label": f"Option {number}", "value": str(number)} for number in range(options)]
    return {"type": 3, "custom_id": "which", "options": listed} | more


def text(content: str = "hello") -> dict:
    return {"type": 10, "content": content}


def legacy(*rows) -> dict:
    return {"content": "x", "components": list(rows)}


def newer(*items, **more) -> dict:
    return {"flags": V2, "components": list(items)} | more


def numbered_buttons(count: int) -> list[dict]:
    return [button(custom_id=str(number)) for number in range(count)]


def label(component: dict, **more) -> dict:
    return {"type": 18, "label": "Name", "component": component} | more


def text_input(**more) -> dict:
    return {"type": 4, "custom_id": "name", "style": 1} | more


def modal(*items, **more) -> dict:
    return {"title": "Form", "custom_id": "form", "components": list(items)} | more


def command(**more) -> dict:
    return {"name": "ask", "description": "Ask a question"} | more


def option(**more) -> dict:
    return {"type": 3, "name": "question", "description": "What to ask"} | more


def event(**more) -> dict:
    base = {"name": "Meeting", "privacy_level": 2, "scheduled_start_time": "2030-01-01T10:00:00+00:00"}
    place = {"entity_type": 3, "entity_metadata": {"location": "Online"}}
    return base | place | {"scheduled_end_time": "2030-01-01T11:00:00+00:00"} | more


GOOD = [
    ("message", {"content": "x" * 2000}),
    ("message", {"content": "x", "embeds": [{"title": "t" * 256, "description": "d" * 4096}], "nonce": "n" * 25}),
    ("message", legacy(row(*numbered_buttons(5)), row(select(25)))),
    ("message", legacy(row(button(style=5, custom_id=None, url="https://example.org")))),
    ("message", legacy(row(button(label=None, emoji={"name": "👍"})))),
    ("message", newer(text("x" * 4000))),
    ("message", newer({"type": 17, "components": [text(), row(button()), {"type": 14, "spacing": 2}]})),
    ("message", newer({"type": 9, "components": [text()], "accessory": button()})),
    ("message", {"content": "x", "allowed_mentions": {"parse": ["users"], "roles": ["1"]}}),
    ("edit", {"content": None, "components": []}),
    ("modal", modal(label(text_input(min_length=0, max_length=4000)))),
    ("modal", modal(row(text_input(label="Name")), text(), label(select(), description="Choose"))),
    ("modal", modal(*(label(text_input(custom_id=str(number))) for number in range(5)))),
    ("command", command(name="poser-une-question", name_localizations={"es-ES": "preguntar", "th": "ถาม"})),
    ("command", command(options=[option(required=True), option(name="zone", autocomplete=True)])),
    ("command", command(type=3, name="Save to the library", description="")),
    ("choices", {"choices": [{"name": "Paris", "value": "paris"}] }),
    ("event", event()),
    ("event", event(entity_type=2, channel_id="1", entity_metadata=None, scheduled_end_time=None)),
    ("channel", {"name": "general", "permission_overwrites": [{"id": "1", "type": 0, "deny": "1024"}]}),
    ("thread", {"name": "group", "auto_archive_duration": 1440}),
    ("role", {"name": "français", "permissions": "0", "color": 0xFFFFFF}),
]  # fmt: skip

BAD = [
    ("message", {"content": "x" * 2001}, "content: Must be 2000 or fewer in length."),
    ("message", {"content": " "}, "50006"),
    ("message", {"content": "x", "nonce": "n" * 26}, "NONCE_TYPE_TOO_LONG"),
    ("message", {"embeds": [{"title": "t" * 257}]}, "embeds.0.title"),
    ("message", {"embeds": [{"description": "d" * 4000}, {"description": "d" * 2001}]}, "MAX_EMBED_SIZE_EXCEEDED"),
    ("message", {"embeds": [{"title": "t"}] * 11}, "embeds"),
    ("message", {"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]}, "embeds.0.fields"),
    ("message", {"embeds": [{"fields": [{"name": "n", "value": "v" * 1025}]}]}, "embeds.0.fields.0.value"),
    ("message", {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, "mutually exclusive"),
    ("message", {"content": "x", "flags": 1 << 7}, "MESSAGE_FLAGS_INVALID"),
    ("message", legacy(*[row(button(custom_id=str(number))) for number in range(6)]), "components: Must be 5"),
    ("message", legacy(row(*numbered_buttons(6))), "components.0.components: Must be between 1 and 5"),
    ("message", legacy(row(button(), button())), "COMPONENT_CUSTOM_ID_DUPLICATED"),
    ("message", legacy(row(button(label="x" * 81))), "label: Must be 80"),
    ("message", legacy(row(button(custom_id="x" * 101))), "custom_id: Must be between 1 and 100"),
    ("message", legacy(row(button(custom_id=None))), "custom_id: This field is required"),
    ("message", legacy(row(button(style=5))), "url: This field is required"),
    ("message", legacy(row(button(style=5, custom_id=None, url="javascript:alert(1)"))), "URL_TYPE_INVALID_SCHEME"),
    ("message", legacy(row(button(label=None))), "label or an emoji"),
    ("message", legacy(row(select(26))), "options: Must be between 1 and 25"),
    ("message", legacy(row(select(0))), "options: Must be between 1 and 25"),
    ("message", legacy(row(select(placeholder="x" * 151))), "placeholder"),
    ("message", legacy(row(select(max_values=3))), "max_values exceeds the options"),
    ("message", legacy(row(select(), button())), "COMPONENT_LAYOUT_WIDTH_EXCEEDED"),
    ("message", legacy(row(text_input(label="no"))), "UNION_TYPE_CHOICES"),
    ("message", legacy(text()), "UNION_TYPE_CHOICES"),
    ("message", newer(text(), content="beside"), "LEGACY_FIELDS_WITH_COMPONENTS_V2"),
    ("message", newer(text("x" * 2001), text("x" * 2000)), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"),
    ("message", newer(*[text() for _ in range(41)]), "components"),
    ("message", newer(*[row(*(button(custom_id=f"{a}{b}") for b in "abcde")) for a in "abcdefg"]), "TOTAL_COMPONENTS"),
    ("message", newer({"type": 9, "components": [text()]}), "accessory: This field is required"),
    ("message", newer({"type": 17, "components": [{"type": 17, "components": [text()]}]}), "UNION_TYPE_CHOICES"),
    ("modal", modal(), "components"),
    ("modal", modal(label(text_input()), title="x" * 46), "title"),
    ("modal", modal(*(label(text_input(custom_id=str(number))) for number in range(6))), "components: Must be between"),
    ("modal", modal(label(text_input(), label="x" * 46)), "label"),
    ("modal", modal(row(text_input())), "label: This field is required"),
    ("modal", modal(label(text_input(placeholder="x" * 101))), "placeholder"),
    ("modal", modal(label(text_input(value="x" * 4001))), "value"),
    ("modal", modal(label(text_input(value="ab", min_length=3))), "between 3 and 4000"),
    ("modal", modal(label(text_input(min_length=9, max_length=3))), "must not exceed"),
    ("modal", modal(label(select(disabled=True))), "MODAL_COMPONENT_DISABLED"),
    ("modal", modal(row(button())), "UNION_TYPE_CHOICES"),
    ("command", command(name="Ask"), "APPLICATION_COMMAND_INVALID_NAME"),
    ("command", command(name="ask me"), "APPLICATION_COMMAND_INVALID_NAME"),
    ("command", command(name="x" * 33), "name"),
    ("command", command(description=""), "description: This field is required"),
    ("command", command(description="x" * 101), "description"),
    ("command", command(name_localizations={"es": "preguntar"}), "name_localizations.es"),
    ("command", command(name_localizations={"fr": "Demander"}), "name_localizations.fr"),
    ("command", command(description_localizations={"fr": "x" * 101}), "description_localizations.fr"),
    ("command", command(options=[option(name=f"o{number}") for number in range(26)]), "options"),
    ("command", command(options=[option(), option()]), "NAME_DUPLICATED"),
    ("command", command(options=[option(), option(name="zone", required=True)]), "REQUIRED_INVALID"),
    ("command", command(options=[option(choices=[{"name": str(n), "value": str(n)} for n in range(26)])]), "choices"),
    ("command", command(options=[option(choices=[{"name": "a", "value": 1}])]), "STRING_TYPE_CONVERT"),
    ("command", command(options=[option(), option(type=1, name="sub")]), "mutually exclusive"),
    ("command", command(options=[option(type=2, name="group")]), "OPTIONS_TYPE_INVALID"),
    ("command", command(type=3, name="Save", description="no"), "CONTEXT_MENU_DESCRIPTION"),
    ("choices", {"choices": [{"name": str(n), "value": str(n)} for n in range(26)]}, "choices"),
    ("choices", {"choices": [{"name": "x" * 101, "value": "x"}]}, "choices.0.name"),
    ("event", event(name="x" * 101), "name"),
    ("event", event(description="x" * 1001), "description"),
    ("event", event(scheduled_end_time=None), "scheduled_end_time: This field is required"),
    ("event", event(scheduled_end_time="2029-01-01T10:00:00+00:00"), "SCHEDULE_PAST"),
    ("event", event(scheduled_start_time="2030-01-01T10:00:00"), "DATE_TIME_TYPE_PARSE"),
    ("event", event(entity_metadata=None), "entity_metadata: This field is required"),
    ("event", event(entity_type=2), "channel_id: This field is required"),
    ("channel", {"name": ""}, "name"),
    ("channel", {"name": "x" * 101}, "name"),
    ("channel", {"name": "x", "topic": "x" * 1025}, "topic"),
    ("thread", {"name": "x", "auto_archive_duration": 5}, "auto_archive_duration"),
    ("role", {"name": "x" * 101}, "name"),
    ("onboarding", {"prompts": [{"id": "1", "title": "t", "options": [{"title": "x"}]}]}, "OPTION_EMPTY"),
]


@pytest.mark.parametrize(("kind", "payload"), GOOD)
def test_what_stays_within_the_limits_is_good(kind, payload):
    assert problems(payload, kind) == []


@pytest.mark.parametrize(("kind", "payload", "told"), BAD)
def test_what_goes_beyond_them_is_named(kind, payload, told):
    found = problems(payload, kind)
    assert any(told in problem for problem in found), found


def test_a_command_has_eight_thousand_characters_of_which_the_longest_translation_counts():
    choices = [{"name": f"{n:02}" + "n" * 98, "value": f"{n:02}" + "v" * 98} for n in range(25)]
    options = [option(name=f"o{n}", choices=choices) for n in range(2)]
    assert any("TOO_LARGE" in problem for problem in problems(command(options=options), "command"))
    translated = [option(description_localizations={"fr": "f" * 50, "es-ES": "e" * 100}) for _ in range(1)]
    assert problems(command(options=[*options[:1], *translated]), "command") == []


def test_what_the_library_builds_within_its_own_checks_is_good():
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))

    @tree.command(name="zone", description="Your time zone")
    @app_commands.choices(part=[app_commands.Choice(name="Morning", value="am")])
    async def zone(interaction: discord.Interaction, part: str, count: app_commands.Range[int, 1, 5] = 1) -> None: ...

    @tree.context_menu(name="Remind me of this")
    async def remind(interaction: discord.Interaction, message: discord.Message) -> None: ...

    payloads = [known.to_dict(tree) for known in (zone, remind)]
    assert problems({"commands": payloads}, "commands") == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = (
    "type", "content", "embeds", "components", "component", "accessory", "fields", "footer", "author", "options",
    "choices", "label", "custom_id", "style", "flags", "media", "file", "items", "prompts", "name", "value", "id",
    "allowed_mentions", "entity_metadata", "permission_overwrites", "name_localizations", "description", "min_values",
    "max_values", "entity_type", "url", "attachments", "title",
)  # fmt: skip
any_payload = st.recursive(
    json_values | st.integers(0, 23),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=5),
    max_leaves=20,
)


@given(
    payload=st.dictionaries(st.sampled_from(FIELDS), any_payload, max_size=6), kind=st.sampled_from(sorted(CHECKERS))
)
def test_nonsense_is_refused_in_words(payload, kind):
    if kind == "commands":
        payload = {"commands": [payload]}
    assert all(isinstance(problem, str) for problem in problems(payload, kind))

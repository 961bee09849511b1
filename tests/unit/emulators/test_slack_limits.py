"""What Slack accepts as blocks and views."""

from __future__ import annotations

import pytest

from tests.emulators.slack import problems, view_problems


def plain(text: str = "x") -> dict:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "x") -> dict:
    return {"type": "mrkdwn", "text": text}


def button(number: int = 0, **fields) -> dict:
    return {"type": "button", "action_id": f"b{number}", "text": plain(), **fields}


def option(number: int = 0, **fields) -> dict:
    return {"text": plain(str(number)), "value": str(number), **fields}


def actions(*elements: dict) -> dict:
    return {"type": "actions", "elements": list(elements)}


def select(count: int, **fields) -> dict:
    return {"type": "static_select", "action_id": "s", "options": [option(n) for n in range(count)], **fields}


def asked(element: dict, **fields) -> dict:
    return {"type": "input", "label": plain(), "element": {"action_id": "i", **element}, **fields}


TEXT_INPUT = {"type": "plain_text_input"}

ACCEPTED = {
    "text of 3,000": {"type": "section", "text": mrkdwn("x" * 3000)},
    "fields alone": {"type": "section", "fields": [mrkdwn("x" * 2000), *[mrkdwn()] * 9]},
    "an accessory": {"type": "section", "text": plain(), "accessory": button()},
    "header of 150": {"type": "header", "text": plain("x" * 150)},
    "25 buttons": actions(*(button(n) for n in range(25))),
    "10 in context": {"type": "context", "elements": [mrkdwn()] * 10},
    "100 options": actions(select(100)),
    "groups": actions(
        {"type": "static_select", "action_id": "s", "option_groups": [{"label": plain(), "options": [option()]}] * 100}
    ),
    "an image": {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "A"},
    "markdown": {"type": "markdown", "text": "x" * 12_000},
    "an input": asked(TEXT_INPUT),
    "no button value": actions(button(value="")),
    "an external select": actions({"type": "external_select", "action_id": "e", "min_query_length": 0}),
    "rich text": {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]},
}
REFUSED = {
    "text of 3,001": ({"type": "section", "text": mrkdwn("x" * 3001)}, "must be less than 3001 characters"),
    "no text": ({"type": "section", "text": mrkdwn("")}, "must be more than 0 characters"),
    "an empty section": ({"type": "section"}, "must define either `text` or `fields`"),
    "11 fields": ({"type": "section", "fields": [mrkdwn()] * 11}, "no more than 10 items allowed"),
    "a field of 2,001": ({"type": "section", "fields": [mrkdwn("x" * 2001)]}, "less than 2001"),
    "header of 151": ({"type": "header", "text": plain("x" * 151)}, "less than 151"),
    "header in mrkdwn": ({"type": "header", "text": mrkdwn()}, "unsupported type: mrkdwn"),
    "26 buttons": (actions(*(button(n) for n in range(26))), "no more than 25 items"),
    "no buttons": (actions(), "no fewer than 1 items"),
    "two alike": (actions(button(), button()), "`action_id`"),
    "button text of 76": (actions(button(text=plain("x" * 76))), "less than 76"),
    "button in mrkdwn": (actions(button(text=mrkdwn())), "unsupported type: mrkdwn"),
    "button value of 2,001": (actions(button(value="x" * 2001)), "less than 2001"),
    "a style of ours": (actions(button(style="loud")), "valid enum value"),
    "action_id of 256": (actions(button(action_id="x" * 256)), "less than 256"),
    "block_id of 256": ({"type": "divider", "block_id": "x" * 256}, "less than 256"),
    "emoji in mrkdwn": ({"type": "section", "text": {**mrkdwn(), "emoji": True}}, "invalid additional property"),
    "a field of ours": ({"type": "divider", "color": "red"}, "invalid additional property: color"),
    "a block of ours": ({"type": "button"}, "unsupported type: button"),
    "no type": ({"text": plain()}, "missing required field: type"),
    "11 in context": ({"type": "context", "elements": [mrkdwn()] * 11}, "no more than 10"),
    "a button in context": ({"type": "context", "elements": [button()]}, "unsupported type: button"),
    "101 options": (actions(select(101)), "no more than 100"),
    "no options": (actions({"type": "static_select", "action_id": "s"}), "exactly one of"),
    "option text of 76": (actions(select(1, options=[option(text=plain("x" * 76))])), "less than 76"),
    "option value of 151": (actions(select(1, options=[option(value="x" * 151)])), "less than 151"),
    "an initial option that is not offered": (actions(select(1, initial_option=option(5))), "one of the options"),
    "11 boxes": (
        actions({"type": "checkboxes", "action_id": "c", "options": [option(n) for n in range(11)]}),
        "no more than 10",
    ),
    "6 in overflow": (
        actions({"type": "overflow", "action_id": "o", "options": [option(n) for n in range(6)]}),
        "no more than 5",
    ),
    "an image without words": ({"type": "image", "image_url": "https://example.org/a.png"}, "alt_text"),
    "a button as input": (asked(button()), "unsupported type: button"),
    "text to type among actions": (actions({**TEXT_INPUT, "action_id": "t"}), "unsupported type"),
    "label in mrkdwn": ({**asked(TEXT_INPUT), "label": mrkdwn()}, "unsupported type: mrkdwn"),
    "a date of ours": (actions({"type": "datepicker", "action_id": "d", "initial_date": "tomorrow"}), "pattern"),
    "max_length of 3,001": (asked({**TEXT_INPUT, "max_length": 3001}), "between 1 and 3000"),
    "markdown of 12,001": ({"type": "markdown", "text": "x" * 12_001}, "less than 12001"),
}


@pytest.mark.parametrize("block", ACCEPTED.values(), ids=ACCEPTED)
def test_what_fits_is_accepted(block: dict) -> None:
    assert problems([block]) == []


@pytest.mark.parametrize(("block", "why"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_fit_is_refused_with_its_reason_and_place(block: dict, why: str) -> None:
    found = problems([block])
    assert any(why in sentence for sentence in found), found
    assert all(sentence.startswith("[ERROR] ") and "[json-pointer:/blocks/0" in sentence for sentence in found)


@pytest.mark.parametrize(("surface", "most"), [("message", 50), ("modal", 100), ("home", 100)])
def test_so_many_blocks_fit_on_a_surface(surface, most: int) -> None:
    assert problems([{"type": "divider"}] * most, surface) == []
    assert problems([{"type": "divider"}] * (most + 1), surface) == [
        f"[ERROR] no more than {most} items allowed [json-pointer:/blocks]"
    ]


def test_markdown_is_measured_together() -> None:
    half = {"type": "markdown", "text": "x" * 6000}
    assert problems([half, half]) == []
    assert problems([half, half, {"type": "markdown", "text": "x"}])


def test_all_blocks_of_a_message_are_measured_together() -> None:
    section = {"type": "section", "text": mrkdwn("x" * 2500)}
    assert problems([section] * 5) == []
    assert any("together" in sentence for sentence in problems([section] * 6))
    assert problems([section] * 6, "home") == []


def test_block_ids_differ() -> None:
    assert problems([{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "b"}]) == []
    assert problems([{"type": "divider", "block_id": "a"}] * 2) == [
        '[ERROR] `block_id` "a" already exists [json-pointer:/blocks/1/block_id]'
    ]


def test_some_blocks_stand_only_in_messages() -> None:
    assert problems([ACCEPTED["markdown"]], "home")
    assert problems([asked({"type": "file_input"})], "modal") == []
    assert problems([asked({"type": "file_input"})], "message")


def modal(**fields) -> dict:
    return {"type": "modal", "title": plain(), "blocks": [{"type": "divider"}], **fields}


@pytest.mark.parametrize(
    ("view", "why"),
    [
        (modal(title=plain("x" * 25)), "less than 25"),
        (modal(submit=plain("x" * 25)), "less than 25"),
        (modal(close=mrkdwn()), "unsupported type: mrkdwn"),
        (modal(blocks=[asked(TEXT_INPUT)]), "missing required field: submit"),
        (modal(private_metadata="x" * 3001), "less than 3001"),
        (modal(callback_id="x" * 256), "less than 256"),
        ({"type": "modal", "blocks": []}, "missing required field: title"),
        ({"type": "home", "blocks": [], "title": plain()}, "invalid additional property: title"),
        ({"type": "page", "blocks": []}, "unsupported type: page"),
        (modal(blocks=[{"type": "divider"}] * 101), "no more than 100"),
        (None, "must provide an object"),
    ],
)
def test_views_have_limits_of_their_own(view, why: str) -> None:
    assert any(why in sentence for sentence in view_problems(view)), view_problems(view)


def test_views_that_fit() -> None:
    assert view_problems(modal(title=plain("x" * 24), submit=plain("x" * 24), blocks=[asked(TEXT_INPUT)])) == []
    assert view_problems({"type": "home", "blocks": [asked(TEXT_INPUT)]}) == []

"""What Slack accepts as blocks and views: `problems` and `view_problems` find what it would refuse.

Limits from docs.slack.dev/reference/block-kit/blocks and /reference/views.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

from tests.emulators.slack.elements import (
    IDENTIFIER,
    IMAGE,
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    URL,
    plain,
    rich,
)
from tests.emulators.slack.schema import (
    Check,
    all_of,
    anything,
    boolean,
    by_type,
    exactly_one,
    fault,
    integer,
    items,
    one_of,
    shape,
    string,
)

Surface = Literal["message", "modal", "home"]
Json = dict[str, Any]

MOST_BLOCKS: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
MARKDOWN_CHARACTERS = 12_000
"""All markdown blocks of one message together (docs.slack.dev/reference/block-kit/blocks/markdown-block)."""
VIEW_BYTES = 250_000
MESSAGE_BLOCKS_CHARACTERS = 13_200
"""All that is to be read in one message together, as JSON: not documented, met by others (slackapi/bolt-js issues 2509
and 2867). Menus and buttons are left out here, as nobody has measured them."""


def _block(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    return shape(required, {"block_id": IDENTIFIER, **(optional or {})})


def _text_or_fields(value: Json, pointer: str) -> Iterator[str]:
    if value.get("text") is None and not value.get("fields"):
        yield fault("must define either `text` or `fields`", pointer)


def _no_file_dispatch(value: Json, pointer: str) -> Iterator[str]:
    element = value.get("element")
    if value.get("dispatch_action") and isinstance(element, dict) and element.get("type") == "file_input":
        yield fault("unsupported type: file_input", f"{pointer}/element/type")


_RICH_PART = by_type(
    {
        "rich_text_section": shape({"elements": items(anything, 3000, 0)}),
        "rich_text_quote": shape({"elements": items(anything, 3000, 0)}, {"border": anything}),
        "rich_text_preformatted": shape(
            {"elements": items(anything, 3000, 0)}, {"border": anything, "language": anything}
        ),
        "rich_text_list": shape(
            {"elements": items(anything, 3000), "style": one_of("bullet", "ordered")},
            {"indent": integer(0, 8), "offset": integer(0, 1000), "border": anything},
        ),
    }
)

_ANYWHERE: dict[str, Check] = {
    "actions": _block({"elements": items(by_type(IN_ACTIONS), 25)}),
    "context": _block(
        {"elements": items(by_type({"image": IMAGE, "plain_text": rich(3000), "mrkdwn": rich(3000)}), 10)}
    ),
    "divider": _block({}),
    "header": _block({"text": plain(150)}),
    "image": all_of(
        _block({"alt_text": string(2000)}, {"image_url": URL, "slack_file": anything, "title": plain(2000)}),
        exactly_one("image_url", "slack_file"),
    ),
    "input": all_of(
        _block(
            {"label": plain(2000), "element": by_type(IN_INPUT)},
            {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
        ),
        _no_file_dispatch,
    ),
    "rich_text": _block({"elements": items(_RICH_PART, 3000, 0)}),
    "section": all_of(
        _block(
            {},
            {"text": rich(3000), "fields": items(rich(2000), 10), "accessory": by_type(IN_SECTION), "expand": boolean},
        ),
        _text_or_fields,
    ),
    "video": _block(
        {"alt_text": string(2000), "title": plain(199), "thumbnail_url": URL, "video_url": URL},
        {
            "author_name": string(49),
            "description": plain(199),
            "provider_icon_url": URL,
            "provider_name": string(255),
            "title_url": URL,
        },
    ),
}
_IN_MESSAGES: dict[str, Check] = {
    "markdown": _block({"text": string(MARKDOWN_CHARACTERS)}),
    "table": _block({"rows": items(items(anything, 20), 100)}, {"column_settings": items(anything, 20)}),
    "context_actions": _block({"elements": items(by_type(IN_CONTEXT_ACTIONS), 5)}),
    "file": _block({"external_id": string(255), "source": one_of("remote")}),
}
BLOCKS: dict[Surface, dict[str, Check]] = {
    "message": {**_ANYWHERE, **_IN_MESSAGES},
    "modal": _ANYWHERE,
    "home": _ANYWHERE,
}


def elements_of(block: Any) -> list[Json]:
    """The interactive elements of one block, in the order they are shown."""
    if not isinstance(block, dict):
        return []
    found = [block.get("element"), block.get("accessory")]
    if block.get("type") in {"actions", "context_actions"} and isinstance(block.get("elements"), list):
        found += block["elements"]
    return [element for element in found if isinstance(element, dict) and element.get("type") != "image"]


def _repeated(values: list[tuple[str, str]], name: str) -> Iterator[str]:
    seen: set[str] = set()
    for value, pointer in values:
        if value in seen:
            yield fault(f"`{name}` {json.dumps(value)} already exists", pointer)
        seen.add(value)


def _unique(blocks: list[Any], pointer: str) -> Iterator[str]:
    named = [
        (str(block["block_id"]), f"{pointer}/{index}/block_id")
        for index, block in enumerate(blocks)
        if isinstance(block, dict) and block.get("block_id")
    ]
    yield from _repeated(named, "block_id")
    for index, block in enumerate(blocks):
        actions = [(str(e["action_id"]), f"{pointer}/{index}") for e in elements_of(block) if e.get("action_id")]
        yield from _repeated(actions, "action_id")


def _together(blocks: list[Any], pointer: str) -> Iterator[str]:
    """What holds for all blocks of a surface at once."""
    objects = [block for block in blocks if isinstance(block, dict)]
    markdown = [len(str(b.get("text", ""))) for b in objects if b.get("type") == "markdown"]
    if len(markdown) > 1 and sum(markdown) > MARKDOWN_CHARACTERS:
        yield fault(f"must be less than {MARKDOWN_CHARACTERS + 1} characters in markdown blocks", pointer)
    if sum(b.get("type") == "table" for b in objects) > 1:
        yield fault("only_one_table_allowed", pointer)
    if sum(bool(e.get("focus_on_load")) for b in objects for e in elements_of(b)) > 1:
        yield fault("only one element may have focus_on_load", pointer)


def too_long_together(blocks: Any) -> bool:
    """Whether chat.postMessage would say `msg_blocks_too_long`; a response_url takes more."""
    read = [
        {name: value for name, value in block.items() if name != "accessory"}
        for block in (blocks if isinstance(blocks, list) else [])
        if isinstance(block, dict) and block.get("type") not in {"actions", "input"}
    ]
    return len(json.dumps(read, ensure_ascii=False, separators=(",", ":"))) > MESSAGE_BLOCKS_CHARACTERS


def problems(blocks: Any, surface: Surface = "message") -> list[str]:
    """What Slack would refuse in these blocks, in the form of `response_metadata.messages`; empty when all is well."""
    found = block_problems(blocks, surface)
    if surface == "message" and too_long_together(blocks):
        found.append(fault(f"must be less than {MESSAGE_BLOCKS_CHARACTERS + 1} characters together", "/blocks"))
    return found


def block_problems(blocks: Any, surface: Surface, pointer: str = "/blocks") -> list[str]:
    """The same for each block and their number, without the length of all together."""
    found = list(items(by_type(BLOCKS[surface]), MOST_BLOCKS[surface], 0)(blocks, pointer))
    if isinstance(blocks, list):
        found += [*_unique(blocks, pointer), *_together(blocks, pointer)]
    if surface != "modal":
        found += [
            fault("unsupported type: file_input", f"{pointer}/{index}/element/type")
            for index, block in enumerate(blocks if isinstance(blocks, list) else [])
            if any(element["type"] == "file_input" for element in elements_of(block) if "type" in element)
        ]
    return found


_VIEW: dict[str, Check] = {
    "private_metadata": string(3000, least=0),
    "callback_id": string(255, least=0),
    "external_id": string(255, least=0),
}
_MODAL = shape(
    {"title": plain(24), "blocks": anything},
    {
        **_VIEW,
        "close": plain(24),
        "submit": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
_HOME = shape({"blocks": anything}, _VIEW)


def view_problems(view: Any, pointer: str = "/view") -> list[str]:
    """What Slack would refuse in this modal or Home view; empty when all is well."""
    found = list(by_type({"modal": _MODAL, "home": _HOME})(view, pointer))
    if not isinstance(view, dict) or view.get("type") not in {"modal", "home"}:
        return found
    blocks = view.get("blocks", [])
    found += block_problems(blocks, view["type"], f"{pointer}/blocks")
    asks = isinstance(blocks, list) and any(isinstance(b, dict) and b.get("type") == "input" for b in blocks)
    if view["type"] == "modal" and asks and view.get("submit") is None:
        found.append(fault("missing required field: submit", pointer))
    return found

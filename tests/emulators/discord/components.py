"""The limits of components in messages and in modals.

https://discord.com/developers/docs/components/reference
"""

from __future__ import annotations

from tests.emulators.discord.checks import Checks
from tests.emulators.discord.errors import Path
from tests.emulators.discord.state import Json, every_component

ROW, BUTTON, STRING_SELECT, TEXT_INPUT, SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER, LABEL = (
    1, 2, 3, 4, 9, 10, 11, 12, 13, 14, 17, 18,
)  # fmt: skip
UPLOAD, RADIOS, CHECKBOXES, CHECKBOX = 19, 21, 22, 23
ENTITY_SELECTS = (5, 6, 7, 8)
SELECTS = (STRING_SELECT, *ENTITY_SELECTS)
IN_CONTAINER = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR)
IN_LABEL = (STRING_SELECT, TEXT_INPUT, *ENTITY_SELECTS, UPLOAD, RADIOS, CHECKBOXES, CHECKBOX)
LINK, PREMIUM = 5, 6
TOTAL_COMPONENTS = 40
TOTAL_TEXT = 4000


def check_message_components(checks: Checks, payload: Json, *, v2: bool) -> None:
    """The components of a message, of the older or the newer kind."""
    path: Path = ("components",)
    allowed = (*IN_CONTAINER, CONTAINER) if v2 else (ROW,)
    items = checks.array(payload, "components", (), TOTAL_COMPONENTS if v2 else 5)
    for index, item in enumerate(items):
        if checks.kind(item, (*path, index), allowed):
            _check(checks, item, (*path, index))
    if not checks.problems:
        _check_whole(checks, items)


def check_modal_components(checks: Checks, payload: Json) -> None:
    """The components of a modal: labels, texts, and rows with one text input."""
    items = checks.array(payload, "components", (), 5, 1)
    for index, item in enumerate(items):
        path: Path = ("components", index)
        if not checks.kind(item, path, (ROW, TEXT, LABEL)):
            continue
        if item["type"] == ROW:
            _modal_row(checks, item, path)
        else:
            _check(checks, item, path)
    if not checks.problems:
        _check_whole(checks, items)


def _check_whole(checks: Checks, items: list[Json]) -> None:
    everything = every_component(items)
    if len(everything) > TOTAL_COMPONENTS:
        message = f"The total number of components must be {TOTAL_COMPONENTS} or fewer."
        checks.add(("components",), "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", message)
    if sum(len(item["content"]) for item in everything if item["type"] == TEXT) > TOTAL_TEXT:
        message = f"The total displayable text must be {TOTAL_TEXT} or fewer in length."
        checks.add(("components",), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message)
    _unique(
        checks, everything, "custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated"
    )
    _unique(checks, everything, "id", "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")


def _unique(checks: Checks, items: list[Json], key: str, code: str, message: str) -> None:
    given = [item[key] for item in items if item.get(key)]
    if len(given) != len(set(given)):
        checks.add(("components",), code, message)


def _check(checks: Checks, item: Json, path: Path) -> None:
    checks.number(item, "id", path, 0, 2**31 - 1)
    CHECKERS[item["type"]](checks, item, path)


def _children(checks: Checks, item: Json, path: Path, allowed: tuple[int, ...], most: int) -> list[Json]:
    children = checks.array(item, "components", path, most, 1)
    good = []
    for index, child in enumerate(children):
        if checks.kind(child, (*path, "components", index), allowed):
            _check(checks, child, (*path, "components", index))
            good.append(child)
    return good


def _row(checks: Checks, item: Json, path: Path) -> None:
    children = _children(checks, item, path, (BUTTON, *SELECTS), 5)
    if len(children) > 1 and any(child["type"] in SELECTS for child in children):
        message = "The specified component exceeds the maximum width"
        checks.add((*path, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message)


def _modal_row(checks: Checks, item: Json, path: Path) -> None:
    for child in _children(checks, item, path, (TEXT_INPUT,), 1):
        checks.text(child, "label", (*path, "components", 0), 45, 1, needed=True)


def _button(checks: Checks, item: Json, path: Path) -> None:
    if not checks.required(item, "style", path) or not checks.choice(item["style"], (*path, "style"), range(1, 7)):
        return
    checks.text(item, "label", path, 80)
    checks.boolean(item, "disabled", path)
    style = item["style"]
    wanted = {LINK: "url", PREMIUM: "sku_id"}.get(style, "custom_id")
    checks.text(item, wanted, path, 512 if wanted == "url" else 100, 1, needed=True)
    for other in {"custom_id", "url", "sku_id"} - {wanted}:
        if item.get(other) is not None:
            message = f"A button of style {style} cannot have {other}"
            checks.add((*path, other), "BUTTON_COMPONENT_INVALID_FIELD", message)
    if style == LINK and not str(item.get("url", "https://")).startswith(("http://", "https://", "discord://")):
        message = "Scheme must be one of ('http', 'https', 'discord')."
        checks.add((*path, "url"), "URL_TYPE_INVALID_SCHEME", message)
    if style != PREMIUM and not item.get("label") and not item.get("emoji"):
        checks.add((*path, "label"), "BUTTON_COMPONENT_LABEL_OR_EMOJI", "A button must have a label or an emoji")


def _select(checks: Checks, item: Json, path: Path) -> None:
    checks.text(item, "custom_id", path, 100, 1, needed=True)
    checks.text(item, "placeholder", path, 150)
    checks.number(item, "min_values", path, 0, 25)
    checks.number(item, "max_values", path, 1, 25)
    checks.boolean(item, "disabled", path)
    low, high = _range(item)
    if low > high:
        checks.add((*path, "min_values"), "SELECT_COMPONENT_MIN_OVER_MAX", "min_values must not exceed max_values")
    if item["type"] == STRING_SELECT:
        options = item["options"] if isinstance(item.get("options"), list) else []
        _options(checks, item, path, 25)
        if isinstance(item.get("max_values"), int) and high > len(options):
            checks.add((*path, "max_values"), "SELECT_COMPONENT_MAX_VALUES", "max_values exceeds the options")
        if sum(bool(option.get("default")) for option in options if isinstance(option, dict)) > high:
            checks.add((*path, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULTS", "More defaults than max_values")
    elif item.get("options"):
        checks.add((*path, "options"), "SELECT_COMPONENT_NO_OPTIONS", "Only a string select has options")


def _range(item: Json) -> tuple[int, int]:
    low, high = item.get("min_values", 1), item.get("max_values", 1)
    return (low if isinstance(low, int) else 1, high if isinstance(high, int) else 25)


def _options(checks: Checks, holder: Json, path: Path, most: int, fewest: int = 1) -> None:
    values = []
    for where, option in checks.objects(holder, "options", path, most, fewest):
        checks.text(option, "label", where, 100, 1, needed=True)
        checks.text(option, "value", where, 100, 1, needed=True)
        checks.text(option, "description", where, 100)
        if option.get("value") in values:
            message = "The specified option value is already used"
            checks.add((*where, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message)
        values.append(option.get("value"))


def _text_input(checks: Checks, item: Json, path: Path) -> None:
    checks.text(item, "custom_id", path, 100, 1, needed=True)
    if checks.required(item, "style", path):
        checks.choice(item["style"], (*path, "style"), (1, 2))
    checks.number(item, "min_length", path, 0, 4000)
    checks.number(item, "max_length", path, 1, 4000)
    checks.boolean(item, "required", path)
    checks.text(item, "value", path, 4000)
    checks.text(item, "placeholder", path, 100)
    low, high = item.get("min_length") or 0, item.get("max_length") or 4000
    if isinstance(low, int) and isinstance(high, int):
        if low > high:
            checks.add((*path, "min_length"), "TEXT_INPUT_MIN_OVER_MAX", "min_length must not exceed max_length")
        elif isinstance(item.get("value"), str) and item["value"] and not low <= len(item["value"]) <= high:
            checks.add((*path, "value"), "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")


def _section(checks: Checks, item: Json, path: Path) -> None:
    _children(checks, item, path, (TEXT,), 3)
    where = (*path, "accessory")
    if checks.required(item, "accessory", path) and checks.kind(item["accessory"], where, (BUTTON, THUMBNAIL)):
        _check(checks, item["accessory"], where)


def _text(checks: Checks, item: Json, path: Path) -> None:
    checks.text(item, "content", path, TOTAL_TEXT, 1, needed=True)


def _media(checks: Checks, holder: Json, key: str, path: Path) -> None:
    url = str(checks.inner(holder, key, path).get("url", ""))
    if checks.required(holder, key, path) and not url.startswith(("http://", "https://", "attachment://")):
        checks.add((*path, key, "url"), "URL_TYPE_INVALID_URL", "Not a well formed URL.")


def _thumbnail(checks: Checks, item: Json, path: Path) -> None:
    _media(checks, item, "media", path)
    checks.text(item, "description", path, 1024)


def _gallery(checks: Checks, item: Json, path: Path) -> None:
    for where, shown in checks.objects(item, "items", path, 10, 1):
        _thumbnail(checks, shown, where)


def _file(checks: Checks, item: Json, path: Path) -> None:
    _media(checks, item, "file", path)
    if not str(checks.inner(item, "file", path).get("url", "")).startswith("attachment://"):
        checks.add((*path, "file", "url"), "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('attachment').")


def _separator(checks: Checks, item: Json, path: Path) -> None:
    checks.boolean(item, "divider", path)
    checks.number(item, "spacing", path, 1, 2)


def _container(checks: Checks, item: Json, path: Path) -> None:
    _children(checks, item, path, IN_CONTAINER, TOTAL_COMPONENTS)
    checks.number(item, "accent_color", path, 0, 0xFFFFFF)


def _label(checks: Checks, item: Json, path: Path) -> None:
    checks.text(item, "label", path, 45, 1, needed=True)
    checks.text(item, "description", path, 100)
    where = (*path, "component")
    if not checks.required(item, "component", path) or not checks.kind(item["component"], where, IN_LABEL):
        return
    inner = item["component"]
    _check(checks, inner, where)
    if inner.get("disabled"):
        checks.add((*where, "disabled"), "MODAL_COMPONENT_DISABLED", "Components in a modal cannot be disabled")
    if inner["type"] in (*SELECTS, UPLOAD) and inner.get("required", True) and inner.get("min_values") == 0:
        checks.add((*where, "min_values"), "NUMBER_TYPE_MIN", "int value should be greater than or equal to 1.")


def _upload(checks: Checks, item: Json, path: Path) -> None:
    checks.text(item, "custom_id", path, 100, 1, needed=True)
    checks.number(item, "min_values", path, 0, 10)
    checks.number(item, "max_values", path, 1, 10)


def _group(checks: Checks, item: Json, path: Path) -> None:
    checks.text(item, "custom_id", path, 100, 1, needed=True)
    _options(checks, item, path, 10, 2 if item["type"] == RADIOS else 1)


def _checkbox(checks: Checks, item: Json, path: Path) -> None:
    checks.text(item, "custom_id", path, 100, 1, needed=True)
    checks.boolean(item, "default", path)


CHECKERS = {
    ROW: _row, BUTTON: _button, TEXT_INPUT: _text_input, SECTION: _section, TEXT: _text, THUMBNAIL: _thumbnail,
    GALLERY: _gallery, FILE: _file, SEPARATOR: _separator, CONTAINER: _container, LABEL: _label, UPLOAD: _upload,
    RADIOS: _group, CHECKBOXES: _group, CHECKBOX: _checkbox, **dict.fromkeys(SELECTS, _select),
}  # fmt: skip

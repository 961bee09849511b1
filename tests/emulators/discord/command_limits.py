"""The limits of application commands.

https://discord.com/developers/docs/interactions/application-commands
"""

from __future__ import annotations

import unicodedata
from typing import Any

from tests.emulators.discord.checks import LOCALES, Checks
from tests.emulators.discord.errors import Path
from tests.emulators.discord.state import Json

CHAT_INPUT, USER, MESSAGE = 1, 2, 3
SUB_COMMAND, SUB_GROUP = 1, 2
STRING, INTEGER, NUMBER = 3, 4, 10
OPTION_TYPES = range(1, 12)
WITH_CHOICES = (STRING, INTEGER, NUMBER)
TOTAL_CHARACTERS = 8000
MOST_COMMANDS = {CHAT_INPUT: 100, USER: 15, MESSAGE: 15}
DEVANAGARI_AND_THAI = (range(0x900, 0x980), range(0xA8E0, 0xA900), range(0xE00, 0xE80))


def check_command(checks: Checks, payload: Json, path: Path = ()) -> None:
    """One command with its options, choices and translations."""
    kind = payload.get("type") or CHAT_INPUT
    if not checks.choice(kind, (*path, "type"), (CHAT_INPUT, USER, MESSAGE)):
        return
    _named(checks, payload, path, slash=kind == CHAT_INPUT)
    if kind == CHAT_INPUT:
        _described(checks, payload, path)
        _options(checks, payload, path, depth=0)
        if not checks.problems and size(payload) > TOTAL_CHARACTERS:
            message = f"Command exceeds maximum size ({TOTAL_CHARACTERS})"
            checks.add(path, "APPLICATION_COMMAND_TOO_LARGE", message)
    else:
        for key in ("description", "options"):
            if payload.get(key):
                message = f"Context menu commands cannot have {key}"
                checks.add((*path, key), f"APPLICATION_COMMAND_CONTEXT_MENU_{key.upper()}", message)
    for key, allowed in (("contexts", (0, 1, 2)), ("integration_types", (0, 1))):
        for index, value in enumerate(checks.array(payload, key, path, len(allowed))):
            checks.choice(value, (*path, key, index), allowed)
    checks.snowflake(payload, "default_member_permissions", path)


def size(holder: Json) -> int:
    """The characters that count against 8,000: of each text its longest translation."""
    total = 0
    for key in ("name", "description"):
        texts = [holder.get(key) or "", *(holder.get(f"{key}_localizations") or {}).values()]
        total += max(len(text) for text in texts)
    if isinstance(holder.get("value"), str):
        total += len(holder["value"])
    parts = [*(holder.get("options") or []), *(holder.get("choices") or [])]
    return total + sum(size(part) for part in parts)


def good_name(name: str) -> bool:
    """Whether a slash command or an option may be called so."""
    return 1 <= len(name) <= 32 and name == name.lower() and all(_good_letter(letter) for letter in name)


def _good_letter(letter: str) -> bool:
    if letter in "-_'" or unicodedata.category(letter)[0] in "LN":
        return True
    return any(ord(letter) in letters for letters in DEVANAGARI_AND_THAI)


def _translations(checks: Checks, holder: Json, key: str, path: Path) -> list[tuple[Path, Any]]:
    given, where = checks.inner(holder, key, path), (*path, key)
    for locale in given:
        if locale not in LOCALES:
            checks.add((*where, locale), "BASE_TYPE_CHOICES", f"{locale} is not an available locale.")
    return [((*where, locale), text) for locale, text in given.items()]


def _named(checks: Checks, holder: Json, path: Path, *, slash: bool) -> None:
    checks.text(holder, "name", path, 32, 1, needed=True)
    names = [((*path, "name"), holder.get("name")), *_translations(checks, holder, "name_localizations", path)]
    for where, name in names:
        if name is None or (where[-1] == "name" and not isinstance(name, str)):
            continue
        if slash and not good_name(str(name)):
            checks.add(where, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
        elif not 1 <= len(str(name)) <= 32:
            checks.add(where, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 32 in length.")


def _described(checks: Checks, holder: Json, path: Path) -> None:
    checks.text(holder, "description", path, 100, 1, needed=True)
    for where, text in _translations(checks, holder, "description_localizations", path):
        if not 1 <= len(str(text)) <= 100:
            checks.add(where, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")


def _options(checks: Checks, holder: Json, path: Path, depth: int) -> None:
    found = checks.objects(holder, "options", path, 25)
    good = [option for _, option in found]
    for where, option in found:
        if checks.required(option, "type", where) and checks.choice(option["type"], (*where, "type"), OPTION_TYPES):
            _option(checks, option, where, depth)
    names = [option.get("name") for option in good]
    if len(names) != len({str(name) for name in names}):
        message = "Option names must be unique"
        checks.add((*path, "options"), "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED", message)
    needed = [bool(option.get("required")) for option in good]
    if needed != sorted(needed, reverse=True):
        message = "Required options must be placed before non-required options"
        checks.add((*path, "options"), "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
    if len({option.get("type") in (SUB_COMMAND, SUB_GROUP) for option in good}) > 1:
        message = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        checks.add((*path, "options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)


def _option(checks: Checks, option: Json, path: Path, depth: int) -> None:
    _named(checks, option, path, slash=True)
    _described(checks, option, path)
    if option["type"] in {SUB_COMMAND, SUB_GROUP}:
        _nested(checks, option, path, depth)
        return
    if option.get("options"):
        checks.add((*path, "options"), "APPLICATION_COMMAND_OPTIONS_NESTED", "This option cannot have options")
    choices = checks.objects(option, "choices", path, 25)
    if choices and option["type"] not in WITH_CHOICES:
        checks.add((*path, "choices"), "APPLICATION_COMMAND_OPTION_NO_CHOICES", "This option type has no choices")
    if option.get("autocomplete") and (choices or option["type"] not in WITH_CHOICES):
        message = "Autocomplete needs a string, integer or number option without choices"
        checks.add((*path, "autocomplete"), "APPLICATION_COMMAND_AUTOCOMPLETE_INVALID", message)
    check_choices(checks, choices, option["type"])
    checks.number(option, "min_length", path, 0, 6000)
    checks.number(option, "max_length", path, 1, 6000)


def _nested(checks: Checks, option: Json, path: Path, depth: int) -> None:
    kind = option["type"]
    if kind == SUB_GROUP and depth > 0:
        checks.add((*path, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "A group stands in a command only")
    elif kind == SUB_COMMAND and depth > 1:
        checks.add((*path, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Subcommands do not nest further")
    parts = [item for _, item in Checks().objects(option, "options", path, 25)]
    wrong = [item for item in parts if (item.get("type") == SUB_COMMAND) != (kind == SUB_GROUP)]
    if wrong or (kind == SUB_GROUP and not option.get("options")):
        message = "A group holds subcommands, a subcommand holds parameters"
        checks.add((*path, "options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)
    _options(checks, option, path, depth + 1)


def check_choices(checks: Checks, choices: list[tuple[Path, Json]], kind: int) -> None:
    """The choices of an option, or what autocomplete offers."""
    wanted = {STRING: str, INTEGER: int}.get(kind, float)
    names = []
    for where, choice in choices:
        checks.text(choice, "name", where, 100, 1, needed=True)
        for place, text in _translations(checks, choice, "name_localizations", where):
            if not 1 <= len(str(text)) <= 100:
                checks.add(place, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
        value = choice.get("value")
        if value is None:
            checks.required(choice, "value", where)
        elif isinstance(value, bool) or not isinstance(value, (int, float) if wanted is float else wanted):
            checks.add((*where, "value"), "STRING_TYPE_CONVERT", f"Could not interpret {value!r} as {wanted.__name__}.")
        elif isinstance(value, str) and not 1 <= len(value) <= 100:
            checks.add((*where, "value"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
        names.append(str(choice.get("name")))
    if len(names) != len(set(names)):
        checks.add(
            choices[0][0][:-1], "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_DUPLICATED", "Choice names must be unique"
        )

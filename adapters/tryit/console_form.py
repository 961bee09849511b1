"""A form in the terminal: its questions, one after another."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from enum import Enum, auto

from rich.text import Text

from adapters.tryit.console_input import CANCEL, Reader, as_number
from adapters.tryit.console_render import INDENT, Screen, beside, numbered
from adapters.tryit.inbound import refuse_binary
from bot.errors import InvalidInput, UserError
from bot.i18n import N_, _, join_list
from bot.messages import Form, FormField, Option

BACK = "/back"
NOTHING = "-"

Answers = dict[str, list[str]]


class Step(Enum):
    """What somebody wants instead of answering."""

    BACK = auto()
    CANCEL = auto()


_STEPS = {BACK: Step.BACK, CANCEL: Step.CANCEL}


class FormDialog:
    """Asks the questions of forms."""

    def __init__(self, screen: Screen, reader: Reader, reserved: Collection[str]) -> None:
        """Show on ``screen``, read through ``reader``; ``reserved`` words are commands and no answers."""
        self._screen = screen
        self._reader = reader
        self._reserved = reserved

    async def fill(self, form: Form) -> Answers | None:
        """Return the answers by field name, or None if the form was cancelled. Raises InputEnded.

        A form that came back with errors asks only for what was wrong.
        """
        wrong = [field for field in form.fields if field.error]
        asked = wrong or list(form.fields)
        answers = {field.name: _standing(field) for field in form.fields}
        self._head(form, len(asked))
        position = 0
        while position < len(asked):
            field = asked[position]
            self._question(field, answers[field.name], f"{position + 1}/{len(asked)}")
            given = await self._answer(field, answers[field.name])
            if given is Step.CANCEL:
                return None
            if given is Step.BACK:
                position = max(position - 1, 0)
            elif isinstance(given, list):
                answers[field.name] = given
                position += 1
        return answers

    def _head(self, form: Form, count: int) -> None:
        self._screen.line()
        self._screen.line(form.title, "bold")
        hint = _("Questions: {count}, then “{submit}”. {back} goes back, {cancel} closes the form without sending.")
        self._screen.line(hint.format(count=count, submit=form.submit, back=BACK, cancel=CANCEL), "dim")

    def _question(self, field: FormField, standing: Sequence[str], place: str) -> None:
        screen = self._screen
        screen.line()
        optional = "" if field.required else f" {_('(optional)')}"
        screen.line(Text.assemble((f"{place} ", "dim"), (field.label, "bold"), (optional, "dim")))
        if field.error:
            screen.line(field.error, "red", prefix=f"{INDENT}! ")
        if field.hint:
            screen.line(field.hint, "dim", prefix=INDENT)
        if field.options:
            texts = [numbered(number, each.label, "cyan") for number, each in enumerate(field.options, 1)]
            for line in beside(screen, Text(), texts):
                screen.put(line)
        screen.line(_how_to_answer(field, standing), "dim", prefix=INDENT)

    async def _answer(self, field: FormField, standing: list[str]) -> list[str] | Step:
        while True:
            try:
                entry = await self._reader.read(f"{INDENT}> ")
                word = entry.strip()
                if word in _STEPS:
                    return _STEPS[word]
                if word.split(" ")[0] in self._reserved:
                    raise InvalidInput(N_("Answer first, or close the form with {cancel}."), cancel=CANCEL)
                return understand(field, entry, standing)
            except UserError as error:
                self._screen.line(_(error.msgid).format(**error.params), "red", prefix=f"{INDENT}! ")


def understand(field: FormField, entry: str, standing: list[str]) -> list[str]:
    """Return the values that an entry means for a field, in which ``standing`` stood. Raises InvalidInput."""
    answer = refuse_binary(entry).strip()
    values = standing if not answer else [] if answer == NOTHING else _values(field, answer)
    if field.required and not "".join(values):
        raise InvalidInput(N_("This needs an answer."))
    return values


def _values(field: FormField, answer: str) -> list[str]:
    match field.kind:
        case "select":
            return [_chosen(field.options, answer)]
        case "multiselect":
            words = re.split(r"[\s,;]+" if re.fullmatch(r"[\d\s,;]+", answer) else r"[,;]", answer)
            return list(dict.fromkeys(_chosen(field.options, word.strip()) for word in words if word.strip()))
        case "text":
            answer = " ".join(answer.split("\n"))
    if len(answer) > field.max_length:
        msgid = N_("“{field}” is too long: {length} characters, and {limit} is the most. Shorten it.")
        raise InvalidInput(msgid, field=field.label, length=len(answer), limit=field.max_length)
    return [answer]


def _chosen(options: Sequence[Option], word: str) -> str:
    """Return the value of the option that a number or a label names."""
    number = as_number(word)
    if number is not None and 1 <= number <= len(options):
        return options[number - 1].value
    for option in options:
        if word.casefold() in {option.label.casefold(), option.value.casefold()}:
            return option.value
    raise InvalidInput(N_("“{value}” is not one of the choices. Please choose again."), value=word)


def _standing(field: FormField) -> list[str]:
    parts = field.value.split(",") if field.kind == "multiselect" else [field.value]
    return [part for part in parts if part]


def _how_to_answer(field: FormField, standing: Sequence[str]) -> str:
    ways = []
    if field.kind == "multiselect":
        ways.append(_("Numbers, with commas between them."))
    elif field.kind == "select":
        ways.append(_("One number."))
    elif field.kind == "long":
        ways.append(_('One line, or several between lines of """.'))
    labels = {option.value: option.label for option in field.options}
    if standing:
        ways.append(_("Enter keeps “{value}”.").format(value=join_list(labels.get(each, each) for each in standing)))
    elif not field.required:
        ways.append(_("Enter leaves this empty."))
    if standing and not field.required:
        ways.append(_("“{nothing}” leaves this empty.").format(nothing=NOTHING))
    return " ".join(ways)

"""What the console's own commands do."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rich.text import Text

from adapters.tryit.console_commands import COMMANDS
from adapters.tryit.console_input import CANCEL, QUOTES, as_number
from adapters.tryit.console_render import BAR, INDENT
from adapters.tryit.place import DIRECT_LINE
from adapters.tryit.window import about_person, by_role
from bot.errors import Conflict, InvalidInput, NotFound
from bot.i18n import N_, _, available_languages, join_list, ngettext
from bot.messages import File

if TYPE_CHECKING:
    from adapters.tryit.console import Console

_T = TypeVar("_T")
MOST_HOURS = 24 * 366
_PRIVATE = 0o600


class Actions:
    """Carries out commands for a console."""

    def __init__(self, console: Console) -> None:
        """Act for ``console``."""
        self._console = console
        self._acts: dict[str, Callable[[str], Awaitable[None]]] = {
            "/help": self._help,
            "/as": self._as,
            "/to": self._to,
            "/join": self._join,
            "/try": self._try,
            "/hour": self._hour,
            "/reminder": self._reminder,
            "/meeting": self._meeting,
            "/all": self._all,
            "/say": self._say,
            "/lang": self._lang,
            "/back": self._nothing_open,
            "/cancel": self._nothing_open,
        }

    async def run(self, word: str, argument: str) -> None:
        """Carry out the command of this word. Raises UserError."""
        await self._acts[word](argument)

    async def press(self, number: int) -> None:
        """Press the button, make the choice or keep the file of a number. Raises UserError."""
        console = self._console
        control = console.view.control(number)
        if control is None:
            msgid = N_("There is no [{number}] here. To send a number as a message, write: /say {number}")
            raise NotFound(msgid, number=number)
        if control.file:
            self._save(control.file)
        else:
            await console.doorway.press(console.window.user, str(control.message), control.action_id, control.value)

    # --- who and where -----------------------------------------------------------------------------------------------

    async def _as(self, argument: str) -> None:
        console = self._console
        chat = console.stage.platform
        people = [user for _title, members in by_role(chat.users()) for _position, user in members]
        if not argument:
            self._show_people()
            return
        user = _named(argument, people, lambda each: (each.id, each.name))
        place = console.window.place
        console.go(user.id, place.channel if user.joined else None, place.language)

    def _show_people(self) -> None:
        chat, screen = self._console.stage.platform, self._console.screen
        number = 0
        for title, members in by_role(chat.users()):
            screen.line(title, "bold")
            for _position, user in members:
                number += 1
                unread = sum(chat.unread(user.id).values())
                new = f" · {unread} {ngettext('unread message', 'unread messages', unread)}" if unread else ""
                screen.line(
                    Text.assemble(
                        (user.name, "bold"), (f" – {about_person(user, chat.now())}", "dim"), (new, "yellow")
                    ),
                    prefix=f"{number:>4}  ",
                )
        self._console.listed("/as")

    async def _to(self, argument: str) -> None:
        console = self._console
        window = console.window
        if not window.user.joined:
            raise NotFound(N_("You see the channels once you have joined."))
        places = [(DIRECT_LINE, _("Direct line"))]
        places += [(channel.id, f"#{channel.name}") for channel in console.stage.platform.channels()]
        if argument:
            channel, _name = _named(argument, places, lambda each: each)
            console.go(window.user.id, channel, window.place.language)
            return
        mine = console.stage.platform.memberships(window.user.id)
        for number, (channel, name) in enumerate(places, 1):
            inside = channel in mine or channel == DIRECT_LINE
            console.screen.line(name, "bold" if inside else "dim", prefix=f"{number:>4}  ")
        self._console.listed("/to")

    async def _join(self, _argument: str) -> None:
        console = self._console
        await console.doorway.join(console.window.user)
        await console.stage.settle()
        console.go(console.window.user.id, None, console.window.place.language)

    async def _lang(self, argument: str) -> None:
        known = available_languages()
        if argument not in known:
            msgid = N_("The console speaks {languages}. For example: {example}")
            raise InvalidInput(msgid, languages=join_list(known), example=f"/lang {known[-1]}")
        place = self._console.window.place
        self._console.go(place.viewer, place.channel, argument)

    # --- the clock ---------------------------------------------------------------------------------------------------

    async def _hour(self, argument: str) -> None:
        hours = as_number(argument or "1")
        if not hours or hours > MOST_HOURS:
            raise InvalidInput(N_("How many hours? For example: {example}"), example="/hour 3")
        await self._console.stage.clock.forward(hours)
        self._tell_time()

    async def _reminder(self, _argument: str) -> None:
        if not await self._console.stage.clock.to_next_reminder():
            raise Conflict(N_("No reminder is waiting. Plan a meeting first."))
        self._tell_time()

    async def _meeting(self, _argument: str) -> None:
        if not await self._console.stage.clock.to_meeting():
            raise Conflict(N_("No meeting is planned. Plan one first."))
        self._tell_time()

    def _tell_time(self) -> None:
        self._console.screen.line(self._console.view.time(), "dim")

    # --- reading and writing -----------------------------------------------------------------------------------------

    async def _all(self, _argument: str) -> None:
        self._console.view.show_all()

    async def _say(self, argument: str) -> None:
        await self._console.say(argument)

    async def _try(self, argument: str) -> None:
        console = self._console
        suggestions = console.stage.suggestions
        if not argument:
            for number, each in enumerate(suggestions, 1):
                console.screen.line(
                    Text.assemble((_(each.title), "bold"), f" – {_(each.hint)}"), prefix=f"{number:>4}  "
                )
            self._console.listed("/try")
            return
        chosen = _named(argument, suggestions, lambda each: (each.name, _(each.title)))
        console.go(chosen.viewer or console.window.user.id, chosen.channel, console.window.place.language)
        draft = chosen.draft()
        if draft:
            await self._send_draft(draft)

    async def _send_draft(self, draft: str) -> None:
        console = self._console
        console.screen.line()
        console.screen.line(draft.strip(), prefix=INDENT + BAR)
        console.screen.line(_("Enter sends this, {cancel} does not.").format(cancel=CANCEL), "dim")
        entry = await console.reader.read("> ")
        if not entry.strip():
            await console.say(draft)
        elif entry.strip() != CANCEL:
            await console.obey(entry.strip())

    async def _nothing_open(self, _argument: str) -> None:
        raise Conflict(N_("No form is open, and no text waits to be sent."))

    async def _help(self, _argument: str) -> None:
        screen = self._console.screen
        screen.line(_("Write as you would to a colleague; “help” shows what the assistant can do."))
        screen.line(_("A number alone presses the button, or makes the choice, that has this number."))
        screen.line(_("Text of several lines stands between two lines of {quotes}.").format(quotes=QUOTES))
        width = max(len(f"{each.word} {each.argument}") for each in COMMANDS)
        for command in COMMANDS:
            usage = f"{command.word} {command.argument}".ljust(width)
            screen.line(_(command.about), prefix=f"{INDENT}{usage}   ")

    def _save(self, file: File) -> None:
        """Keep a file, under a name that was free, readable by its owner only."""
        folder = self._console.stage.downloads
        name = Path(Path(file.name).name or "file")
        number = 1
        while True:
            path = folder / (name if number == 1 else name.with_stem(f"{name.stem}-{number}"))
            try:
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
            except FileExistsError:
                number += 1
                continue
            except OSError as error:
                raise Conflict(N_("“{path}” cannot be written: {reason}"), path=path, reason=error.strerror) from None
            with os.fdopen(descriptor, "w", encoding="utf-8") as out:
                out.write(file.content)
            self._console.screen.line(_("Saved: {path}").format(path=path.resolve()), "green")
            return


def _named(word: str, choices: Sequence[_T], names: Callable[[_T], Sequence[str]]) -> _T:
    """Return the choice that a word names: its number, a name, or a part of one name only. Raises NotFound."""
    number = as_number(word)
    if number is not None and 1 <= number <= len(choices):
        return choices[number - 1]
    sought = word.casefold().removeprefix("#")
    known = [(choice, [name.casefold().removeprefix("#") for name in names(choice)]) for choice in choices]
    exact = [choice for choice, called in known if sought in called]
    fitting = exact or [choice for choice, called in known if any(sought in name for name in called)]
    if len(fitting) != 1:
        msgid = N_(
            "“{word}” is not one of the list, or not only one. Choose by number; the command alone shows the list."
        )
        raise NotFound(msgid, word=word)
    return fitting[0]

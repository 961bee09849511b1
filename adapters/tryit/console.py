"""The sample chat in a terminal: one viewer at a time, everything by typing."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TextIO

from adapters.tryit.console_actions import Actions
from adapters.tryit.console_commands import WORDS
from adapters.tryit.console_form import FormDialog
from adapters.tryit.console_input import InputEnded, Lines, Reader, as_number
from adapters.tryit.console_render import Screen
from adapters.tryit.console_view import View
from adapters.tryit.inbound import Doorway
from adapters.tryit.stage import Seat, Stage
from adapters.tryit.window import Window, open_window
from bot.errors import NotFound, UserError
from bot.i18n import N_, SOURCE_LANGUAGE, _, nearest, use_locale


class Console:
    """A conversation with the sample chat, line by line."""

    def __init__(self, stage: Stage, lines: Lines, out: TextIO, seat: Seat, *, echo: bool) -> None:
        """Read ``lines``, write to ``out``; ``echo`` writes down what was read, too. Raises NotFound."""
        self.stage = stage
        self.screen = Screen(out)
        self.reader = Reader(lines, self.screen, echo=echo)
        self.doorway = Doorway(stage.platform, stage.dispatch)
        self.view = View(
            stage.platform, self.screen, self._window(seat.viewer or self._first(seat), None, seat.language)
        )
        self._dialog = FormDialog(self.screen, self.reader, WORDS)
        self._actions = Actions(self)
        self._told_elsewhere = ""
        self._listed: str | None = None

    @property
    def window(self) -> Window:
        """Who looks, and where."""
        return self.view.window

    async def run(self) -> None:
        """Play until the input ends."""
        watching = asyncio.create_task(self._watch())
        try:
            await self._converse()
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching

    def go(self, viewer: str, channel: str | None = None, language: str | None = None) -> None:
        """Let somebody look at a channel (by default their direct line). Raises NotFound."""
        window = self._window(viewer, channel, language)
        self.view = View(self.stage.platform, self.screen, window)
        self._told_elsewhere = ""
        with use_locale(window.language):
            self.view.enter()

    async def say(self, text: str) -> None:
        """Send a message where the viewer is."""
        await self.doorway.say(self.window.user, self.window.place.channel_id, text)

    def listed(self, command: str) -> None:
        """Remember that this command has just shown a list: a number that follows now chooses from it."""
        self._listed = command

    def complain(self, error: UserError) -> None:
        """Print what cannot be done, and why."""
        self.screen.line(_(error.msgid).format(**error.params), "red", prefix="! ")

    def _first(self, seat: Seat) -> str | None:
        """Return a member who speaks the console's language; without one chosen, this project's own."""
        spoken = seat.language or SOURCE_LANGUAGE
        speakers = [user for user in self.stage.platform.users() if nearest([user.locale or ""]) == spoken]
        return next((user.id for user in speakers if user.role == "member"), None)

    def _window(self, viewer: str | None, channel: str | None, language: str | None) -> Window:
        window = open_window(self.stage.platform, viewer, channel, language)
        if window is None:
            raise NotFound(N_("There is no such member or channel here. Choose one from the lists."))
        return window

    async def _converse(self) -> None:
        with use_locale(self.window.language):
            self.screen.line("Connections", "bold blue")
            self.screen.line(
                _("A sample community, made up to try the assistant. /try shows what to try, /help the rest.")
            )
            self.view.enter()
        ended = False
        while not ended:
            with use_locale(self.window.language):
                ended = await self._once()

    async def _once(self) -> bool:
        """Take one entry; return whether it was the last."""
        try:
            await self._fill_form()
            entry = (await self.reader.read(self._prompt())).strip()
            await self.obey(entry)
            await self.stage.settle()
        except UserError as error:
            self.complain(error)
        except InputEnded:
            self.screen.line()
            self.screen.line(_("Good-bye. Everything is kept for the next time."), "dim")
            return True
        with use_locale(self.window.language):
            self._show_news()
        return False

    def _prompt(self) -> str:
        return f"\n{self.window.user.name} · {self.window.title} > "

    async def obey(self, entry: str) -> None:
        """Do what an entry says: a command of the console, a number to press, or a message. Raises InputEnded."""
        if entry == "/quit":
            raise InputEnded
        word, _space, rest = entry.partition(" ")
        number = as_number(entry)
        listed, self._listed = self._listed, None
        if word in WORDS:
            await self._actions.run(word, rest.strip())
        elif number is not None and listed:
            await self._actions.run(listed, entry)
        elif number is not None:
            await self._actions.press(number)
        elif entry:
            if not self.window.user.joined:
                raise NotFound(N_("You have not joined the community yet: /join lets you in."))
            await self.say(entry)

    async def _fill_form(self) -> None:
        user = self.window.user
        while opened := self.stage.platform.form(user.id):
            answers = await self._dialog.fill(opened.form)
            try:
                if answers is None:
                    self.doorway.close_form(user, str(opened.serial))
                    self.screen.line(_("The form is closed; nothing was sent."), "dim")
                else:
                    await self.doorway.submit(user, str(opened.serial), answers)
                    await self.stage.settle()
            except UserError as error:
                self.complain(error)
            self._show_news()

    def _show_news(self) -> None:
        self.view.show(self.view.news())
        elsewhere = self.view.elsewhere()
        if elsewhere and elsewhere != self._told_elsewhere:
            self.screen.line()
            self.screen.line(_("New elsewhere: {places}. /to leads there.").format(places=elsewhere), "yellow")
        self._told_elsewhere = elsewhere

    async def _watch(self) -> None:
        """Print what comes by itself while somebody sits before an empty prompt."""
        async for _change in self.stage.platform.changes():
            if not self.reader.waiting:
                continue
            with use_locale(self.window.language):
                if self.view.news() or self.view.elsewhere() not in {"", self._told_elsewhere}:
                    self.screen.line()
                    self._show_news()
                    self.reader.prompt_again()

"""What one viewer has on the screen: a conversation, and the numbers of what can be pressed in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rich.text import Text

from adapters.tryit.console_render import Control, Letter, Screen
from adapters.tryit.platform import ChatPlatform
from adapters.tryit.records import UNKNOWN_LANGUAGE, Posted
from adapters.tryit.render import zone_name
from adapters.tryit.window import ASSISTANT, Window
from bot.i18n import _, ngettext
from bot.messages import Message
from bot.times.show import format_time
from bot.times.zones import tz

LAST = 8
"""Messages that stand there when somebody comes in; the others are shown when asked for."""


class View:
    """One viewer's conversation on the screen. Its methods speak the current locale, which is the window's."""

    def __init__(self, platform: ChatPlatform, screen: Screen, window: Window) -> None:
        """Show nothing yet."""
        self._chat = platform
        self._screen = screen
        self.window = window
        self._controls: list[Control] = []
        self._printed: dict[int, Message] = {}
        self._day: date | None = None

    def enter(self) -> None:
        """Print where this is and what was said last."""
        window, screen = self.window, self._screen
        screen.line()
        screen.line(Text.assemble((f"{window.user.name} · {window.title}", "bold underline")))
        screen.line(window.about, "dim")
        screen.line(self.time(), "dim")
        if not window.user.joined:
            screen.line(_("You have not joined the community yet: /join lets you in."), "yellow")
            return
        if window.channel:
            outside = window.channel.id not in self._chat.memberships(window.user.id)
            screen.line(
                _("You are not in this channel yet; writing here joins it.")
                if outside
                else _("Write @assistant to ask the assistant here."),
                "dim",
            )
        self._print_last()

    def time(self) -> str:
        """Return the community's time as the viewer's clock shows it."""
        now, zone = self._chat.now(), self.window.zone
        text = _("Community time: {time} ({zone})")
        return text.format(time=format_time(now, zone), zone=zone_name(zone, now))

    def news(self) -> list[Posted]:
        """Return what has come or changed since it was printed, without what the viewer wrote themselves."""
        mine = self.window.user.id
        return [
            posted
            for posted in self._conversation()
            if posted.author != mine and self._printed.get(posted.id) != posted.message
        ]

    def show(self, entries: Sequence[Posted]) -> None:
        """Print messages; what stands in the conversation counts as read."""
        for posted in entries:
            self._print(posted)
        self._chat.mark_read(self.window.user.id, self.window.place.channel_id)

    def show_all(self) -> None:
        """Print the whole conversation."""
        self._day = None
        self.show(self._conversation())

    def control(self, number: int) -> Control | None:
        """Return what a number on the screen does."""
        return self._controls[number - 1] if 1 <= number <= len(self._controls) else None

    def elsewhere(self) -> str:
        """Return where there are unread messages, in other conversations of the viewer: "#Plenary (2)"."""
        names = {channel.id: f"#{channel.name}" for channel in self._chat.channels()}
        here = self.window.place.channel_id
        unread = self._chat.unread(self.window.user.id)
        return ", ".join(
            f"{names.get(channel, _('Direct line'))} ({count})" for channel, count in unread.items() if channel != here
        )

    def _conversation(self) -> tuple[Posted, ...]:
        return self._chat.conversation(self.window.place.channel_id, self.window.user.id)

    def _print_last(self) -> None:
        entries = self._conversation()
        earlier, last = entries[:-LAST], entries[-LAST:]
        if not entries:
            self._screen.line(_("Nothing has been said here yet."), "dim")
        if earlier:
            text = ngettext(
                "{count} earlier message: /all shows it.", "{count} earlier messages: /all shows them.", len(earlier)
            )
            self._screen.line(text.format(count=len(earlier)), "dim")
            self._printed |= {posted.id: posted.message for posted in earlier}
        self.show(last)

    def _print(self, posted: Posted) -> None:
        self._printed[posted.id] = posted.message
        day = posted.at.astimezone(tz(self.window.zone)).date()
        self._screen.line()
        if day != self._day:
            self._screen.line(format_time(posted.at, self.window.zone, "date"), "dim", prefix="── ")
            self._day = day
        self._screen.line(self._author(posted))
        if posted.visible_to is not None:
            self._screen.line(_("Only visible to you"), "magenta", prefix="  🔒 ")
        told = posted.message.language != UNKNOWN_LANGUAGE
        language = posted.message.language if told else self.window.language
        letter = Letter(self._screen, self.window, language, posted.id, self._chat.now(), self._number)
        for line in letter.lines(posted.message):
            self._screen.put(line)

    def _author(self, posted: Posted) -> Text:
        at = format_time(posted.at, self.window.zone, "time")
        edited = f" {_('(edited)')}" if posted.edited else ""
        if posted.author is None:
            return Text.assemble((ASSISTANT, "bold blue"), (f" {_('assistant')} · {at}{edited}", "dim"))
        user = self._chat.user(posted.author)
        name = user.name if user else posted.author
        own = f" {_('(you)')}" if posted.author == self.window.user.id else ""
        return Text.assemble((name, "bold"), (f"{own} · {at}{edited}", "dim"))

    def _number(self, control: Control) -> int:
        if control not in self._controls:
            self._controls.append(control)
        return self._controls.index(control) + 1

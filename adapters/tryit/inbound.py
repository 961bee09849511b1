"""What viewers do on the page, as the events that the assistant understands."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Awaitable, Callable, Mapping

from adapters.tryit.gateway import channel_ref, message_ref, profile, user_ref
from adapters.tryit.platform import ChatPlatform
from adapters.tryit.records import DIRECT, UNKNOWN_LANGUAGE, OpenForm, Posted, User, direct_line
from bot.errors import InvalidInput, NotFound, NotPermitted
from bot.i18n import N_
from bot.inbound import Event, Inbound, Joined, Pressed, Said, Submitted
from bot.messages import Buttons, Message, MessageRef, Paragraph, Select

Dispatch = Callable[[Inbound], Awaitable[None]]

MAX_TEXT = 20_000
_CALLED = re.compile(r"(?<!\w)@(?:assistant|connections)\b[\s,:]*", re.IGNORECASE)
_POST = re.compile(r"[A-Za-z0-9-]{8,64}")


class Doorway:
    """Takes in what viewers do: the chat shows it first, then the assistant hears of it."""

    def __init__(self, platform: ChatPlatform, dispatch: Dispatch) -> None:
        """Show on ``platform``, then hand each event to ``dispatch``."""
        self._chat = platform
        self._dispatch = dispatch

    async def say(self, user: User, channel: str, text: str, post: str = "") -> None:
        """Post a message and tell the assistant. The same ``post`` id again is the same message, told again."""
        _require_joined(user)
        if not self._chat.has_channel(channel) or not _is_open_to(user, channel):
            raise NotFound(N_("There is no such channel. Choose one from the list."))
        text = clean_text(text)
        if not _POST.fullmatch(post):
            post = secrets.token_hex(12)
        if channel != direct_line(user.id):
            self._chat.add_to_channel(channel, user.id)
        shown = Message((Paragraph((text,)),), UNKNOWN_LANGUAGE)
        posted = self._chat.post(channel, user.id, shown, key=f"{user.id}:{post}")
        said = understand(text, message_ref(channel, posted.id), direct=channel == direct_line(user.id))
        await self._tell(user, channel, said, post)

    async def press(self, user: User, message_id: str, action_id: str, value: str | None) -> None:
        """Press a button, or choose from a select, of a message that the viewer sees."""
        _require_joined(user)
        posted = self._chat.message(message_id)
        if posted is None or not is_shown_to(user, posted) or not _offers(posted, action_id, value):
            raise NotFound(N_("That button is gone: the message has changed. Look at it again and choose anew."))
        pressed = Pressed(action_id, message_ref(posted.channel, posted.id), value)
        await self._tell(user, posted.channel, pressed)

    async def submit(self, user: User, serial: str, answers: Mapping[str, list[str]]) -> None:
        """Submit the open form; it closes once the assistant has taken the answers."""
        opened = self._opened(user, serial)
        values = {}
        for field in opened.form.fields:
            given = ",".join(answers.get(field.name, [])) if field.kind == "multiselect" else _last(answers, field.name)
            if len(given) > field.max_length:
                msgid = N_("“{field}” is too long: {length} characters, and {limit} is the most. Shorten it.")
                raise InvalidInput(msgid, field=field.label, length=len(given), limit=field.max_length)
            values[field.name] = refuse_binary(given).strip()
        await self._tell(user, opened.channel, Submitted(opened.form.action_id, values))
        self._chat.close_form(user.id, opened.serial)

    def close_form(self, user: User, serial: str) -> None:
        """Close the open form without submitting it."""
        self._chat.close_form(user.id, self._opened(user, serial).serial)

    async def join(self, user: User) -> None:
        """Let a newcomer into the community and tell the assistant; does nothing for somebody who is in."""
        if not user.joined:
            self._chat.join(user.id)
            await self._tell(user, direct_line(user.id), Joined())

    def _opened(self, user: User, serial: str) -> OpenForm:
        opened = self._chat.form(user.id)
        if opened is None or str(opened.serial) != serial:
            raise NotFound(N_("This form was closed or has been replaced. Start again from the message it came from."))
        return opened

    async def _tell(self, user: User, channel: str, event: Event, post: str = "") -> None:
        with self._chat.trigger(user.id, channel) as trigger:
            await self._dispatch(
                Inbound(
                    id=f"{user.id}:{post or secrets.token_hex(12)}",
                    at=self._chat.now(),
                    user=user_ref(user.id),
                    profile=profile(user),
                    channel=channel_ref(channel),
                    direct=channel == direct_line(user.id),
                    event=event,
                    trigger=trigger,
                )
            )


def understand(text: str, message: MessageRef, *, direct: bool) -> Said:
    """Return what the assistant hears: without its own name, and without the slash of a typed command."""
    words = _CALLED.sub("", text).strip()
    command = words.startswith("/")
    return Said(words.removeprefix("/"), message, addressed=direct or command or _CALLED.search(text) is not None)


def clean_text(text: str) -> str:
    """Return what somebody wrote, ready to show. Raises InvalidInput if it is empty, too long or no text."""
    text = refuse_binary(text.replace("\r\n", "\n")).strip()
    if all(unicodedata.category(character)[0] in "ZC" for character in text):
        raise InvalidInput(N_("The message is empty. Write something first."))
    if len(text) > MAX_TEXT:
        msgid = N_("The message is too long: {length} characters, and {limit} is the most. Send it in parts.")
        raise InvalidInput(msgid, length=len(text), limit=MAX_TEXT)
    return text


def refuse_binary(text: str) -> str:
    """Return the text. Raises InvalidInput if it holds control characters, which no keyboard writes."""
    if any(unicodedata.category(character) == "Cc" and character not in "\n\r\t" for character in text):
        raise InvalidInput(N_("This is not text. Paste or type words, not the contents of a file."))
    return text


def _require_joined(user: User) -> None:
    if not user.joined:
        raise NotPermitted(N_("Join the community first, with the button on this page."))


def _is_open_to(user: User, channel: str) -> bool:
    return channel == direct_line(user.id) or not channel.startswith(DIRECT)


def is_shown_to(user: User, posted: Posted) -> bool:
    """Tell whether somebody sees a message."""
    return _is_open_to(user, posted.channel) and posted.visible_to in {None, user.id}


def _offers(posted: Posted, action_id: str, value: str | None) -> bool:
    for block in posted.message.blocks:
        if isinstance(block, Buttons) and value is None:
            if any(button.action_id == action_id for button in block.buttons):
                return True
        elif isinstance(block, Select) and block.action_id == action_id:
            return any(option.value == value for option in block.options)
    return False


def _last(answers: Mapping[str, list[str]], name: str) -> str:
    return (answers.get(name) or [""])[-1].replace("\r\n", "\n")

"""The people's side, with the keyboard: what they write, which commands and shortcuts they use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tests.emulators.slack.app import App
from tests.emulators.slack.calls import Arguments
from tests.emulators.slack.delivery import Answer, Courier, Envelope
from tests.emulators.slack.payloads import (
    event_callback,
    shortcut,
    slash_command,
    user_json,
    user_message,
)
from tests.emulators.slack.posting import content, post, remove
from tests.emulators.slack.responses import say_from_app
from tests.emulators.slack.screen import NotShownError
from tests.emulators.slack.state import (
    AssistantThread,
    Channel,
    Failure,
    Json,
    Kind,
    Message,
    SlackError,
    User,
    Workspace,
)

ERRORS = {
    "timeout": "operation_timeout",
    "http_timeout": "operation_timeout",
    "http_error": "http_service_error",
    "no_connection": "dispatch_failed",
    "connection_failed": "dispatch_failed",
}
"""What Slack calls a missing answer when it tells the person."""


@dataclass(frozen=True)
class Outcome:
    """What became of a command, shortcut or press: `error` is what Slack showed, empty when the app took it."""

    error: str = ""
    payload: Json | None = None

    @property
    def ok(self) -> bool:
        return not self.error


class Desk:
    """What all hands share: the workspace, the app's grants, and the way to the app."""

    world: Workspace
    app: App
    courier: Courier

    def _user(self, user: User | str) -> User:
        return user if isinstance(user, User) else self.world.users[user]

    def _channel(self, channel: Channel | str) -> Channel:
        return channel if isinstance(channel, Channel) else self.world.channel_of(channel)

    async def _ask(self, envelope: Envelope, user: User, kind: str, payload: Json) -> Answer:
        """Send an interaction once; when the app does not answer, the person sees it."""
        answer = await self.courier.transport.send(envelope, payload)
        if not answer.ok:
            answer = Answer(ERRORS[answer.error])
            self._show_failure(user, kind, answer.error)
        return answer

    def _show_failure(self, user: User, kind: str, error: str) -> None:
        texts = {"view_submission": "We had some trouble connecting. Try again?"}
        text = texts.get(kind, f"{kind} failed with the error {error!r}")
        self.world.failures.append(Failure(user.id, kind, error, text))
        self.world.touched()

    def emit(self, kind: str, event: Json, channel: str | None) -> None:
        """Tell the app of an event, when it subscribed to it, may have it, and is where it happened."""
        inside = channel is None or channel not in self.world.channels
        if self.app.is_told(kind) and (inside or self.world.bot.id in self.world.channels[str(channel)].members):
            self.courier.event(kind, event_callback(self.world, event))


class Talking(Desk):
    """What people do with the keyboard. A user or channel may be given as it is or by its id."""

    def say(self, user: User | str, channel: Channel | str, text: str, thread: Message | str | None = None) -> Message:
        """Write a message, in Slack's own form: `&`, `<` and `>` escaped, a mention as `<@U…>`.

        Raises:
            NotShownError: when the person is not in the channel, or it is archived.
        """
        who, where = self._user(user), self._channel(channel)
        if who.id not in where.members or where.archived:
            raise NotShownError(f"{who.name} cannot write in {where.name or where.id}")
        root = thread.ts if isinstance(thread, Message) else thread
        body = user_message(self.world, who.id, self.world.new_ts(), text, root)
        message = post(self.world, where, Message(where.id, body))
        if f"<@{self.world.bot.id}" in text and where.kind != "im":
            mention = {key: value for key, value in body.items() if key != "parent_user_id"}
            event = mention | {"type": "app_mention", "channel": where.id, "event_ts": message.ts}
            self.emit("app_mention", event, where.id)
        return message

    def take_back(self, user: User | str, message: Message) -> None:
        """Delete one's own message."""
        if message.user != self._user(user).id:
            raise NotShownError("only one's own message can be deleted")
        remove(self.world, self.world.channels[message.channel], message)

    async def slash(self, user: User | str, channel: Channel | str, command: str, text: str = "") -> Outcome:
        """Use a slash command, and wait until the app took it or Slack gave up."""
        who, where = self._user(user), self._channel(channel)
        if self.app.commands is not None and command not in self.app.commands:
            self._show_failure(who, command, "invalid_command")
            return Outcome("invalid_command")
        payload = slash_command(self.world, who, where, command, text)
        answer = await self._ask("slash_commands", who, command, payload)
        if answer.payload:
            return self._answered(who, where, command, payload, answer.payload)
        return Outcome(answer.error)

    def _answered(self, who: User, where: Channel, command: str, asked: Json, said: Json) -> Outcome:
        """Show what the acknowledgement of a command said."""
        url = self.world.response_urls[asked["response_url"].rsplit("/", 1)[1]]
        arguments = Arguments(said)
        try:
            say_from_app(self.world, url, where, arguments, content(arguments))
        except SlackError as refusal:
            self._show_failure(who, command, "dispatch_failed")
            return Outcome("dispatch_failed", refusal.answer)
        return Outcome(payload=said)

    async def shortcut(self, user: User | str, callback_id: str) -> Outcome:
        """Use a global shortcut."""
        self._offered("global", callback_id)
        who = self._user(user)
        answer = await self._ask("interactive", who, "shortcut", shortcut(self.world, "shortcut", who, callback_id))
        return Outcome(answer.error)

    async def message_shortcut(self, user: User | str, callback_id: str, message: Message) -> Outcome:
        """Use a shortcut from a message's menu."""
        self._offered("message", callback_id)
        who, where = self._user(user), self.world.channels[message.channel]
        if message not in where.messages or message.only_for or who.id not in where.members:
            raise NotShownError("the message is not there, or only for one person: it has no such menu")
        payload = shortcut(self.world, "message_action", who, callback_id) | {
            "message_ts": message.ts,
            "channel": {"id": where.id, "name": where.name or "directmessage"},
            "message": message.body,
            "response_url": self.world.new_response_url(who.id, where.id, "actions"),
        }
        return Outcome((await self._ask("interactive", who, "message_action", payload)).error)

    def _offered(self, kind: str, callback_id: str) -> None:
        if self.app.shortcuts is not None and (kind, callback_id) not in self.app.shortcuts:
            raise NotShownError(f"the app has no {kind} shortcut {callback_id!r}")

    def open_home(self, user: User | str, tab: str = "home") -> None:
        """Look at the app's Home tab, or its Messages tab."""
        who = self._user(user)
        event: Json = {"type": "app_home_opened", "user": who.id, "channel": self.world.dm(who.id).id, "tab": tab}
        event |= {"event_ts": self.world.new_ts()}
        if tab == "home" and who.id in self.world.homes:
            event |= {"view": self.world.homes[who.id].body}
        self.emit("app_home_opened", event, None)

    def start_assistant(self, user: User | str, seen_channel: Channel | str | None = None) -> AssistantThread:
        """Open the assistant's pane, with the channel that the person looks at beside it."""
        who = self._user(user)
        where = self.world.dm(who.id)
        body = user_message(self.world, who.id, self.world.new_ts(), "New Assistant Thread", None)
        root = Message(where.id, body | {"subtype": "assistant_app_thread"})
        where.messages.append(root)
        thread = self.world.assistant_threads[where.id, root.ts] = AssistantThread(who.id, where.id, root.ts)
        context: Json = {"team_id": self.world.team_id, "enterprise_id": None}
        if seen_channel:
            context |= {"channel_id": self._channel(seen_channel).id}
        told = {"user_id": who.id, "context": context, "channel_id": where.id, "thread_ts": root.ts}
        event = {"type": "assistant_thread_started", "assistant_thread": told, "event_ts": self.world.new_ts()}
        self.emit("assistant_thread_started", event, None)
        return thread


class Running(Desk):
    """What happens to the workspace itself: people come and change, channels come and go."""

    def add_user(self, user_id: str, name: str, tz: str = "Etc/UTC", locale: str = "en-US", **more: Any) -> User:
        """Add someone who was always there; `team_join` lets them arrive."""
        user = self.world.users[user_id] = User(user_id, name, tz, locale, **more)
        return user

    def team_join(self, user: User | str) -> None:
        """Tell the app that someone joined the workspace."""
        event = {"type": "team_join", "user": user_json(self.world, self._user(user)), "event_ts": self.world.new_ts()}
        self.emit("team_join", event, None)

    def change_user(self, user: User | str, **changes: Any) -> None:
        """Change someone's profile, such as their tz or locale."""
        who = self._user(user)
        for name, value in changes.items():
            setattr(who, name, value)
        told = user_json(self.world, who, include_locale=True)
        event = {"type": "user_change", "user": told, "cache_ts": int(self.world.clock.now())}
        self.emit("user_change", event | {"event_ts": self.world.new_ts()}, None)

    def add_channel(
        self, channel_id: str, name: str, *, private: bool = False, bot: bool = True, members: Iterable[str] = ()
    ) -> Channel:
        """Add a channel with these people in it, and the bot unless it is told to stay out."""
        inside = [*([self.world.bot.id] if bot else []), *members]
        kind: Kind = "group" if private else "channel"
        return self.world.add_channel(Channel(channel_id, name, kind, int(self.world.clock.now()), inside))

    def join(self, user: User | str, channel: Channel | str) -> None:
        """Let someone into a channel, the bot too; nothing happens when they are there."""
        who, where = self._user(user), self._channel(channel)
        if who.id in where.members:
            return
        where.members.append(who.id)
        event = {"type": "member_joined_channel", "user": who.id, "channel": where.id, "channel_type": where.id[0]}
        self.emit("member_joined_channel", event | self._stamp(), where.id)

    def kick_bot(self, channel: Channel | str) -> None:
        """Remove the bot from a channel."""
        where = self._channel(channel)
        where.members.remove(self.world.bot.id)
        kind = "channel_left" if where.kind == "channel" else "group_left"
        self.emit(
            kind, {"type": kind, "channel": where.id, "actor_id": "USLACKBOT", "event_ts": self.world.new_ts()}, None
        )

    def archive(self, channel: Channel | str, user: User | str = "USLACKBOT") -> None:
        """Archive a channel."""
        where = self._channel(channel)
        where.archived = True
        kind = "channel_archive" if where.kind == "channel" else "group_archive"
        who = user if isinstance(user, str) else user.id
        event = {"type": kind, "channel": where.id, "user": who, "event_ts": self.world.new_ts()}
        self.emit(kind, event, where.id)

    def delete_channel(self, channel: Channel | str) -> None:
        """Delete a channel for good."""
        where = self._channel(channel)
        del self.world.channels[where.id]
        kind = "channel_deleted" if where.kind == "channel" else "group_deleted"
        self.emit(kind, {"type": kind, "channel": where.id, "event_ts": self.world.new_ts()}, None)

    def _stamp(self) -> Json:
        return {"team": self.world.team_id, "event_ts": self.world.new_ts()}

"""Slack as one of the assistant's platforms (the ChatGateway port)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import NoReturn, TypeVar

from adapters.slack import channels, history
from adapters.slack.api import Json, SlackApi
from adapters.slack.errors import SlackRefusalError
from adapters.slack.forms import errors, modal
from adapters.slack.people import People
from adapters.slack.renderer import Rendered, render
from adapters.slack.settings import PLATFORM
from adapters.slack.triggers import Trigger, Triggers
from bot.errors import PermanentError
from bot.inbound import Profile
from bot.messages import ChannelRef, File, Form, Message, MessageRef, Target, UserRef
from bot.platforms import Capabilities, ChannelPlan, Plan, check_key, check_sealed

CAPABILITIES = Capabilities(
    forms=True,
    private_replies=True,
    edits=True,
    local_times=True,
    idempotent_sends=False,
    private_answers=True,
    homes=True,
    suggestions=True,
    menus=True,
    shortcuts=True,
    form_errors=True,
    channels=True,
    max_options=10_000,
    max_text=12_500,
)
NOT_SEEN = frozenset({"not_in_channel", "user_not_in_channel", "channel_not_found"})
"""Why a message for one person may be refused in a channel that exists."""

T = TypeVar("T")


class SlackGateway:
    """Acts on one workspace; ``team`` and ``up`` are set by the connection."""

    def __init__(self, api: SlackApi, people: People, triggers: Triggers) -> None:
        self.team = ""
        self.up: Callable[[], bool] = lambda: False
        self._api = api
        self._people = people
        self._triggers = triggers

    @property
    def platform(self) -> str:
        """The platform's name, as in references."""
        return PLATFORM

    @property
    def capabilities(self) -> Capabilities:
        """What Slack can do."""
        return CAPABILITIES

    @property
    def connected(self) -> bool:
        """Whether events come in and the token is good."""
        return self.up()

    async def send(
        self,
        target: Target,
        message: Message,
        key: str,
        *,
        only_for: UserRef | None = None,
        trigger: str | None = None,
    ) -> MessageRef:
        """Post a message, with its key in the metadata."""
        check_key(key)
        check_sealed(message)
        channel = await self._channel(target)
        shown = render(message, self.team)
        if only_for is not None:
            return await self._send_privately(channel, target.thread, shown, key, self._user(only_for), trigger)
        return await self._post(channel, target.thread, shown, key)

    async def edit(self, ref: MessageRef, message: Message, *, trigger: str | None = None) -> None:
        """Replace a message; one that only one person sees through what came with the press of its button."""
        check_sealed(message)
        self._own(ref.platform, ref.workspace)
        shown = render(message, self.team)
        pressed = self._triggers.get(trigger)
        if pressed and pressed.ephemeral == ref.message and pressed.takes_response():
            if shown.files:
                await self._share(await self._people.line(pressed.place["user"]), None, shown.files)
            await self._api.respond(pressed.response_url, {"replace_original": True, **_body(shown)})
            return
        await self._share(ref.channel, None, shown.files)
        await self._api.call("chat.update", channel=ref.channel, ts=ref.message, **_body(shown))

    async def find_sent(self, target: Target, key: str) -> MessageRef | None:
        """Look for the message in the channel's history of late, or in the thread's."""
        channel = await self._channel(target)
        found = await self._inside(channel, lambda: history.find(self._api, channel, target.thread, key))
        return self._ref(channel, found) if found else None

    async def open_form(self, trigger: str, form: Form) -> None:
        """Open a modal, or change the one that was just submitted."""
        found = self._triggers.get(trigger)
        if found is None:
            _refuse("the trigger is no longer good")
        view = modal(form, found.place)
        submission = found.submission
        if submission and not submission.answer.done():
            wrong = errors(form, submission.view)
            answer = {"response_action": "errors", "errors": wrong} if wrong else None
            submission.answer.set_result(answer or {"response_action": "update", "view": view})
            return
        if not found.takes_view():
            _refuse("the trigger is no longer good")
        trigger_id, found.trigger_id = found.trigger_id, ""
        await self._api.call("views.open", trigger_id=trigger_id, view=view)

    async def show_home(self, user: UserRef, message: Message) -> None:
        """Show somebody their Home tab."""
        check_sealed(message)
        view = {"type": "home", "blocks": render(message, self.team, "home").blocks}
        await self._api.call("views.publish", user_id=self._user(user), view=view)

    async def add_to_channel(self, channel: ChannelRef, user: UserRef) -> None:
        """Invite someone; does nothing if they are there."""
        place = await self._channel(Target(channel=channel))
        who = self._user(user)
        await self._inside(place, lambda: channels.invite(self._api, place, who))

    async def arrange(self, workspace: str, plan: Plan) -> str:
        """Create a channel, or take the one of that name; Slack lets no app make threads or calendar entries."""
        self._own(PLATFORM, workspace)
        if not isinstance(plan, ChannelPlan):
            _refuse("Slack lets an app make channels, but no threads of their own and no calendar entries")
        return await channels.arrange(self._api, plan)

    async def fetch_profile(self, user: UserRef) -> Profile:
        """Return what Slack says of someone."""
        return await self._people.profile(self._user(user))

    # --- sending -----------------------------------------------------------------------------------------------------

    async def _post(self, channel: str, thread: str | None, shown: Rendered, key: str) -> MessageRef:
        await self._share(channel, thread, shown.files)
        metadata = {"event_type": history.EVENT, "event_payload": {"key": key}}

        async def post() -> Json:
            return await self._api.call(
                "chat.postMessage",
                channel=channel,
                thread_ts=thread,
                metadata=metadata,
                unfurl_links=False,
                unfurl_media=False,
                **_body(shown),
            )

        answer = await self._inside(channel, post)
        return self._ref(str(answer["channel"]), str(answer["ts"]))

    async def _send_privately(
        self, channel: str, thread: str | None, shown: Rendered, key: str, user: str, trigger: str | None
    ) -> MessageRef:
        """Show it to one person: in the channel, in answer to what they did there, or else in their direct line."""
        if shown.files:
            await self._share(await self._people.line(user), None, shown.files)
            shown = replace(shown, files=())
        try:
            answer = await self._api.call(
                "chat.postEphemeral", channel=channel, user=user, thread_ts=thread, **_body(shown)
            )
            return self._ref(channel, str(answer["message_ts"]))
        except SlackRefusalError as refusal:
            if refusal.code not in NOT_SEEN:
                raise
        if await self._responded(self._triggers.get(trigger), channel, thread, shown):
            return self._ref(channel, "")
        return await self._post(await self._people.line(user), None, shown, key)

    async def _responded(self, asked: Trigger | None, channel: str, thread: str | None, shown: Rendered) -> bool:
        """Answer through what came with the event; False when it allows no answer here any more."""
        if not (asked and asked.takes_response() and asked.place.get("channel") == channel):
            return False
        within = {"thread_ts": thread} if thread else {}
        body = {"response_type": "ephemeral", "replace_original": False, **within, **_body(shown)}
        try:
            await self._api.respond(asked.response_url, body)
        except SlackRefusalError:
            return False
        return True

    async def _share(self, channel: str, thread: str | None, files: tuple[File, ...]) -> None:
        for file in files:
            uploaded = await self._api.upload(file.name, file.content.encode() or b"\n")
            await self._api.call(
                "files.completeUploadExternal",
                files=[{"id": uploaded, "title": file.name}],
                channel_id=channel,
                thread_ts=thread,
            )

    async def _inside(self, channel: str, act: Callable[[], Awaitable[T]]) -> T:
        """Act in a channel; join it first where the app is not in it and may be."""
        try:
            return await act()
        except SlackRefusalError as refusal:
            if refusal.code != "not_in_channel":
                raise
        await self._api.call("conversations.join", channel=channel)
        return await act()

    # --- references --------------------------------------------------------------------------------------------------

    def _own(self, platform: str, workspace: str) -> None:
        if (platform, workspace) != (PLATFORM, self.team) and self.team:
            _refuse(f"{platform} {workspace} is not this workspace")

    def _user(self, ref: UserRef) -> str:
        self._own(ref.platform, ref.workspace)
        return ref.user

    async def _channel(self, target: Target) -> str:
        self._own(target.platform, target.workspace)
        if target.channel:
            return target.channel.channel
        return await self._people.line(target.user.user) if target.user else ""

    def _ref(self, channel: str, ts: str) -> MessageRef:
        return MessageRef(PLATFORM, self.team, channel, ts)


def _body(shown: Rendered) -> Json:
    return {"text": shown.text, "blocks": shown.blocks}


def _refuse(reason: str) -> NoReturn:
    raise PermanentError(reason)

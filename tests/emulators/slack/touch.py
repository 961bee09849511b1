"""The people's side, with the mouse: buttons, menus, type-ahead and modals, only as far as they are shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.emulators.slack.limits import block_problems
from tests.emulators.slack.payloads import interaction
from tests.emulators.slack.people import Desk, Outcome
from tests.emulators.slack.screen import (
    FIELDS,
    NotShownError,
    Surface,
    chosen,
    complaint,
    find,
    initial,
    state_values,
)
from tests.emulators.slack.state import Json, Message, SlackError, User, View
from tests.emulators.slack.views import checked, push_view, replace_view

DEFAULT_QUERY_LENGTH = 3
"""docs.slack.dev/reference/block-kit/block-elements/select-menu-element, min_query_length."""


@dataclass(frozen=True)
class Submitted:
    """What someone sees after pressing a modal's submit button."""

    closed: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    view: View | None = None
    error: str = ""


class Touching(Desk):
    """What people do with the mouse. Everything must be shown to the person who does it."""

    _suggested: dict[tuple[str, str], list[Json]]

    async def press(self, user: User | str, surface: Surface, action_id: str, block_id: str | None = None) -> Outcome:
        """Press a button on a message, modal or Home tab, and yes to what it asks."""
        block, element = self._shown(self._user(user), surface, action_id, block_id)
        if element["type"] not in {"button", "workflow_button", "icon_button"}:
            raise NotShownError(f"{action_id!r} is no button but a {element['type']}")
        action = {key: element[key] for key in ("action_id", "text", "value", "style", "url") if key in element}
        return await self._act(self._user(user), surface, block, action | {"type": element["type"]})

    async def choose(
        self, user: User | str, surface: Surface, action_id: str, value: Any, block_id: str | None = None
    ) -> Outcome:
        """Choose in a menu, picker or group of boxes: options by their value, several as a list."""
        who = self._user(user)
        block, element = self._shown(who, surface, action_id, block_id)
        state = chosen(element, value, self._suggested.get((surface_id(surface), action_id), []))
        self._remember(surface, block["block_id"], action_id, state)
        if block["type"] == "input" and not block.get("dispatch_action"):
            return Outcome()
        return await self._act(who, surface, block, {"action_id": action_id, **state})

    def _shown(self, who: User, surface: Surface, action_id: str, block_id: str | None) -> tuple[Json, Json]:
        if isinstance(surface, View):
            if self.world.view(surface.id) is not surface or surface.user != who.id:
                raise NotShownError("the view is not open, or not in this form any more")
            return find(surface, action_id, block_id)
        where = self.world.channels.get(surface.channel)
        if where is None or surface not in where.messages or surface.only_for not in {None, who.id}:
            raise NotShownError("the message is not there any more, or not for this person")
        if who.id not in where.members and where.private:
            raise NotShownError(f"{who.name} is not in {where.name or where.id}")
        return find(surface, action_id, block_id)

    def _remember(self, surface: Surface, block_id: str, action_id: str, state: Json) -> None:
        touched = surface.state if isinstance(surface, View) else self._touched.setdefault(surface.ts, {})
        touched.setdefault(block_id, {})[action_id] = state

    _touched: dict[str, Json]

    async def _act(self, who: User, surface: Surface, block: Json, action: Json) -> Outcome:
        full = {**action, "block_id": block["block_id"], "action_ts": self.world.new_ts()}
        fields = self._where(who, surface) | {"trigger_id": self.world.new_trigger(who.id), "actions": [full]}
        payload = interaction(self.world, "block_actions", who, **fields)
        return Outcome((await self._ask("interactive", who, "block_actions", payload)).error)

    def _where(self, who: User, surface: Surface, *, answerable: bool = True) -> Json:
        """The part of a payload that says on what an element stands."""
        if isinstance(surface, View):
            return {"container": {"type": "view", "view_id": surface.id}, "view": self._view_body(surface)}
        where = self.world.channels[surface.channel]
        container: Json = {"type": "message", "message_ts": surface.ts, "channel_id": where.id}
        container |= {"is_ephemeral": surface.only_for is not None}
        if surface.thread_ts:
            container |= {"thread_ts": surface.thread_ts}
        fields: Json = {
            "container": container,
            "channel": {
                "id": where.id,
                "name": {"im": "directmessage", "group": "privategroup"}.get(where.kind, where.name),
            },
        }
        if surface.only_for is None:
            fields |= {"message": surface.body}
        if answerable:
            state = {"values": state_values(surface, self._touched.get(surface.ts, {}))}
            url = self.world.new_response_url(who.id, where.id, "actions", surface)
            fields |= {"state": state, "response_url": url}
        return fields

    def _view_body(self, view: View) -> Json:
        return view.body | {"state": {"values": state_values(view, view.state)}}

    async def suggest(
        self, user: User | str, action_id: str, block_id: str | None, typed: str, surface: Surface | None = None
    ) -> list[Json]:
        """Type into an external select, and get the options that Slack lists; in the open modal unless told where.

        Fewer characters than the select's min_query_length ask nothing. A wrong answer lists nothing and is a failure.
        """
        who = self._user(user)
        at = surface or self._top(who)
        block, element = self._shown(who, at, action_id, block_id)
        if element["type"] not in {"external_select", "multi_external_select"}:
            raise NotShownError(f"{action_id!r} takes no typing")
        if len(typed) < element.get("min_query_length", DEFAULT_QUERY_LENGTH):
            return []
        fields = self._where(who, at, answerable=False)
        asked = {"action_id": action_id, "block_id": block["block_id"], "value": typed}
        payload = interaction(self.world, "block_suggestion", who, **fields, **asked)
        answer = await self._ask("interactive", who, "block_suggestion", payload)
        options = self._listed(who, answer.payload or {}) if answer.ok else []
        self._suggested[surface_id(at), action_id] = options
        return options

    def _listed(self, who: User, said: Json) -> list[Json]:
        given = {key: said[key] for key in ("options", "option_groups") if said.get(key)}
        if not given and (said.get("options") == [] or said.get("option_groups") == []):
            return []
        menu = {"type": "static_select", "action_id": "suggested", **given}
        if block_problems([{"type": "actions", "elements": [menu]}], "message"):
            self._show_failure(who, "block_suggestion", "invalid_options")
            return []
        groups = given.get("option_groups", [])
        return [*given.get("options", []), *(option for group in groups for option in group["options"])]

    def _top(self, who: User, view_id: str | None = None) -> View:
        stack = self.world.modals.get(who.id, [])
        if not stack or view_id not in {None, stack[-1].id}:
            raise NotShownError(f"{who.name} has no such modal open")
        return stack[-1]

    async def submit(
        self, user: User | str, values: dict[str, dict[str, Any]] | None = None, view_id: str | None = None
    ) -> Submitted:
        """Fill in the modal on top, by block_id and action_id, and press its submit button."""
        who = self._user(user)
        view = self._top(who, view_id)
        if view.body["submit"] is None:
            raise NotShownError("the modal has no submit button")
        for block_id, actions in (values or {}).items():
            for action_id, value in actions.items():
                _, element = self._shown(who, view, action_id, block_id)
                state = chosen(element, value, self._suggested.get((view.id, action_id), []))
                self._remember(view, block_id, action_id, state)
        errors = self._complaints(view)
        if errors:
            return Submitted(errors=errors, view=view)
        fields = {"trigger_id": self.world.new_trigger(who.id), "view": self._view_body(view), "response_urls": []}
        payload = interaction(self.world, "view_submission", who, **fields)
        answer = await self._ask("interactive", who, "view_submission", payload)
        if not answer.ok:
            return Submitted(view=view, error=answer.error)
        return self._after(who, view, answer.payload or {})

    def _complaints(self, view: View) -> dict[str, str]:
        errors = {}
        for block in view.blocks:
            if block["type"] == "input" and block["element"]["type"] in FIELDS:
                element = block["element"]
                state = view.state.get(block["block_id"], {}).get(element["action_id"]) or initial(element)
                if said := complaint(block, state):
                    errors[block["block_id"]] = said
        return errors

    def _after(self, who: User, view: View, said: Json) -> Submitted:
        """What the acknowledgement of a submission does to the modal."""
        try:
            match said.get("response_action"):
                case None if not said:
                    self._pop(who, view)
                    return Submitted(closed=True)
                case "clear":
                    self.world.modals[who.id] = []
                    self.world.touched()
                    return Submitted(closed=True)
                case "errors":
                    return Submitted(errors=self._errors(view, said.get("errors")), view=view)
                case "update":
                    return Submitted(view=replace_view(self.world, view, checked(said.get("view"), "modal")))
                case "push":
                    return Submitted(view=push_view(self.world, who.id, checked(said.get("view"), "modal")))
                case other:
                    raise SlackError(f"invalid response_action {other}")
        except SlackError as refusal:
            self._show_failure(who, "view_submission", str(refusal))
            return Submitted(view=view, error=str(refusal))

    def _errors(self, view: View, errors: Any) -> dict[str, str]:
        inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or not inputs.issuperset(errors):
            raise SlackError("invalid_errors")
        return {str(block_id): str(text) for block_id, text in errors.items()}

    def _pop(self, who: User, view: View) -> None:
        if view in self.world.modals.get(who.id, []):
            self.world.modals[who.id].remove(view)
        self.world.touched()

    async def close_modal(self, user: User | str, *, everything: bool = False) -> Outcome:
        """Close the modal on top, or the whole stack; the app is told when the view asked for it."""
        who = self._user(user)
        view = self._top(who)
        self.world.modals[who.id] = [] if everything else self.world.modals[who.id][:-1]
        self.world.touched()
        if not view.body["notify_on_close"]:
            return Outcome()
        fields = {"view": self._view_body(view), "is_cleared": everything}
        payload = interaction(self.world, "view_closed", who, **fields)
        return Outcome((await self._ask("interactive", who, "view_closed", payload)).error)


def surface_id(surface: Surface) -> str:
    """What tells a message or view from all others."""
    return surface.ts if isinstance(surface, Message) else surface.id

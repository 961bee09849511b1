"""Everything the slices offer, put together: commands, kinds of due work, listeners, personal records."""

from __future__ import annotations

from bot.commands import Args, Registry
from bot.dispatch import Listeners
from bot.duework import DeliveryKind, TaskKind, WorkKinds
from bot.errors import InvalidInput
from bot.features.breakouts import handlers as breakouts
from bot.features.breakouts import model as breakout_names
from bot.features.breakouts import planning as breakout_planning
from bot.features.breakouts import specs as breakout_specs
from bot.features.breakouts import threads as breakout_threads
from bot.features.breakouts import voices as breakout_voices
from bot.features.calendars import handlers as calendars
from bot.features.deliveries import handlers as deliveries
from bot.features.deliveries import model as delivery_kinds
from bot.features.help import specs as help_specs
from bot.features.home import specs as home_specs
from bot.features.meetings import agenda, scheduling
from bot.features.meetings import specs as meeting_specs
from bot.features.members import handlers as members
from bot.features.members import specs as member_specs
from bot.features.privacy import specs as privacy_specs
from bot.features.questions import handlers as questions
from bot.features.questions import specs as question_specs
from bot.features.reminders import handlers as reminders
from bot.features.reminders import model as reminder_names
from bot.features.reminders import specs as reminder_specs
from bot.features.resources import saving
from bot.features.resources import specs as resource_specs
from bot.features.rooms import handlers as rooms
from bot.features.rooms import model as room_kinds
from bot.features.rooms import newcomers as room_newcomers
from bot.features.rooms import opening as room_opening
from bot.features.rooms import specs as room_specs
from bot.i18n import N_
from bot.ports import PersonalRecords

PERSONAL = (
    *member_specs.PERSONAL,
    *room_specs.PERSONAL,
    *meeting_specs.PERSONAL,
    *breakout_specs.PERSONAL,
    *resource_specs.PERSONAL,
    *question_specs.PERSONAL,
    PersonalRecords("due_work", N_("Messages planned for you or sent to you")),
)
"""What is kept about members, by record; the order is the one in which it is erased (the profile last)."""


def registry() -> Registry:
    """Return every command."""
    found: Registry
    found = Registry(
        *resource_specs.SPECS,
        *meeting_specs.SPECS,
        *breakout_specs.SPECS,
        *room_specs.SPECS,
        *home_specs.SPECS,
        *member_specs.SPECS,
        *question_specs.SPECS,
        *reminder_specs.SPECS,
        *privacy_specs.specs(erasing_order()),
        *help_specs.specs(lambda: found),
    )
    return found


def erasing_order() -> tuple[PersonalRecords, ...]:
    """Return the personal records, what refers to the profile before the profile itself."""
    return tuple(sorted(PERSONAL, key=lambda records: records.record == "member"))


def work_kinds() -> WorkKinds:
    """Return every kind of due work."""
    return WorkKinds(
        DeliveryKind(members.WELCOME, members.prepare_welcome),
        DeliveryKind(rooms.ADMIT, rooms.prepare_admission),
        DeliveryKind(rooms.PROPOSE, rooms.prepare_proposal),
        DeliveryKind(room_kinds.QUESTION, room_newcomers.prepare_question),
        DeliveryKind(room_kinds.MAKE, room_opening.prepare_making, room_opening.made),
        DeliveryKind(delivery_kinds.REMINDER, deliveries.prepare_reminder),
        DeliveryKind(delivery_kinds.ANNOUNCED, deliveries.prepare_announcement),
        DeliveryKind(delivery_kinds.CHANGED, deliveries.prepare_change),
        DeliveryKind(delivery_kinds.EDITED, deliveries.prepare_edit),
        DeliveryKind(delivery_kinds.FAILED, deliveries.prepare_failure),
        TaskKind(scheduling.EXTEND, scheduling.run_extension),
        TaskKind(breakout_planning.PLACE, breakouts.run_placement),
        DeliveryKind(breakout_names.THREAD, breakout_threads.prepare_thread),
        DeliveryKind(breakouts.TELL, breakouts.prepare_telling),
        DeliveryKind(breakout_names.VOICE, breakout_voices.prepare_voice),
        DeliveryKind(breakouts.ADMIT, breakouts.prepare_admission),
        DeliveryKind(delivery_kinds.EVENT, calendars.prepare_event, calendars.event_arranged),
        DeliveryKind(questions.ASKED, questions.prepare_asked),
        DeliveryKind(questions.ANSWERED, questions.prepare_answered),
        DeliveryKind(reminder_names.PERSONAL, reminders.prepare_personal),
        DeliveryKind(saving.PROPOSED, saving.prepare_proposed),
        DeliveryKind(saving.SETTLED, saving.prepare_settled),
    )


def listeners() -> Listeners:
    """Return what happens without a command."""
    return Listeners(joined=members.joined, overheard=rooms.overheard, untyped=_untyped)


def _untyped(text: str) -> tuple[str, Args] | None:
    """Take a text that is no phrase for what it looks like: a pasted agenda, else a question for the library."""
    if text.count("\n") >= 3 and _is_agenda(text):
        return "meetings.schedule", {"text": text}
    if sum(character.isalpha() for character in text) >= 3:
        return "resources.ask", {"query": text}
    return None


def _is_agenda(text: str) -> bool:
    try:
        return len(agenda.read_agenda(text).items) > 1
    except InvalidInput:
        return False

"""What the assistant says to organizers who set up rooms."""

from __future__ import annotations

from collections.abc import Sequence

from bot.features.rooms.model import Purpose, Room
from bot.i18n import N_, _, current_locale, join_list, language_name
from bot.messages import (
    Button,
    Buttons,
    Call,
    ChannelLink,
    ChannelRef,
    Form,
    FormField,
    Heading,
    Items,
    Option,
    Paragraph,
    Reply,
    Rich,
    Strong,
)
from bot.platforms import ChannelPlan
from bot.replies import answer, button, note, paragraph

PURPOSES = {
    Purpose.LANGUAGE: N_("language room"),
    Purpose.ANNOUNCEMENTS: N_("announcements"),
    Purpose.PLENARY: N_("plenary"),
}


def form(channel: ChannelRef, member_id: str, language: str) -> Form:
    """Ask what a channel is for; the channel is kept, since forms may come back from anywhere."""
    options = tuple(Option(purpose.value, _(label)) for purpose, label in PURPOSES.items())
    fields = (
        FormField("purpose", _("What this channel is for"), "select", options=options, value=Purpose.LANGUAGE),
        FormField(
            "language",
            _("The language spoken there"),
            value=language,
            hint=_("For example: French"),
            max_length=60,
            suggest="languages",
        ),
    )
    kept = {"for": member_id, **_args(channel)}
    return Form(_("Make this channel a room"), Call("rooms.bind", kept), fields, _("Save"), current_locale())


def _args(channel: ChannelRef) -> dict[str, str]:
    return {"platform": channel.platform, "workspace": channel.workspace, "channel": channel.channel}


def adopted(room: Room, channel: ChannelRef) -> Reply:
    """Confirm that a channel is a room."""
    texts = {
        Purpose.LANGUAGE: _(
            "Members who speak {language} are shown the way here. Reminders of meetings come here too."
        ),
        Purpose.ANNOUNCEMENTS: _("New meetings and reminders are told here, in this language: {language}"),
        Purpose.PLENARY: _("This is where everybody meets, in this language: {language}"),
    }
    return answer(
        paragraph(
            _("{channel} is a room now: {purpose}."),
            channel=ChannelLink(room.name, (channel,)),
            purpose=Strong(_(PURPOSES[room.purpose])),
        ),
        paragraph(texts[room.purpose], language=language_name(room.language)),
        note(_("If that was a mistake, write “forget this room” here.")),
    )


def really_forget(room: Room, channel: ChannelRef) -> Reply:
    """Say what forgetting a room's channel does, before it is done."""
    yes = Button(_("Forget this room"), Call("rooms.unbind", _args(channel)), style="danger")
    return answer(
        paragraph(
            _("Shall I forget that {channel} is a room? The channel itself stays; I tell nothing there any more."),
            channel=ChannelLink(room.name, (channel,)),
        ),
        Buttons((yes, button(_("No, leave it"), "help.leave"))),
    )


def forgotten(room: Room, channel: ChannelRef) -> Reply:
    """Confirm that a channel is no room any more."""
    link = ChannelLink(room.name, (channel,))
    return answer(paragraph(_("{channel} is no longer a room."), channel=link), replaces=True)


def nothing_lacks() -> Reply:
    """Say that everything is there."""
    return answer(
        paragraph(_("Nothing is missing here: there is a room for announcements and one for each language.")),
        Buttons((button(_("Show all rooms"), "rooms.list"),)),
    )


def would_make(plans: Sequence[ChannelPlan], place: tuple[str, str], member_id: str) -> Reply:
    """Show which channels, and where there are roles which, would be made."""
    platform, workspace = place
    yes = button(
        _("Open these rooms"), "rooms.make", primary=True, platform=platform, workspace=workspace, for_=member_id
    )
    return answer(
        Heading(_("Rooms that are missing here")),
        paragraph(_("I would make these channels:")),
        Items(tuple(_line(plan) for plan in plans)),
        _roles(plans),
        note(_("A channel of that name that is there already is taken; nothing is ever deleted.")),
        Buttons((yes, button(_("No, leave it"), "help.leave"))),
    )


def _line(plan: ChannelPlan) -> Rich:
    return (Strong(plan.name), f" – {plan.topic}")


def _roles(plans: Sequence[ChannelPlan]) -> Paragraph | None:
    roles = join_list([plan.role for plan in plans if plan.role])
    text = _("Where the platform has roles, a role gives sight of each language’s room: {roles}")
    return paragraph(text, roles=roles) if roles else None


def making(plans: Sequence[ChannelPlan]) -> Reply:
    """Confirm that the channels are on their way."""
    names = join_list([plan.name for plan in plans])
    return answer(
        paragraph(_("I am opening these rooms: {names}"), names=names),
        note(_("If the platform refuses one, I will tell you what it says.")),
        replaces=True,
    )

"""What the assistant says to members about themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from bot.commands import Args
from bot.features.members.model import Member
from bot.features.privacy.replies import notice_text
from bot.features.rooms.model import Room
from bot.i18n import _, current_locale, join_list, language_name, own_name, use_locale
from bot.languagenames import OTHER_LANGUAGES
from bot.messages import (
    Block,
    Button,
    Buttons,
    Call,
    ChannelLink,
    Fields,
    Form,
    FormField,
    Heading,
    Message,
    Note,
    Option,
    Paragraph,
    Reply,
)
from bot.replies import answer, button, paragraph
from bot.times.show import format_time
from bot.times.zones import ZoneMatch, zone_label


@dataclass(frozen=True, slots=True)
class Known:
    """What is known or guessed of a member, to fill in the form."""

    languages: tuple[str, ...]
    zone: str
    quiet_start: time | None
    quiet_end: time | None


def welcome(name: str, languages: Sequence[str]) -> Message:
    """Greet in each language, each with its own button."""
    blocks: list[Block] = []
    for tag in languages:
        with use_locale(tag):
            greeting = _(
                "Welcome, {name}! Tell me which languages you speak and where you are, and I will show you your room "
                "and every hour in your own time."
            )
            blocks.append(Heading(own_name(tag)))
            blocks.append(Paragraph((greeting.format(name=name),)))
            blocks.append(Buttons((_set_up(tag),)))
    for tag in languages:
        with use_locale(tag):
            blocks.append(Note((_("About your privacy:"), " ", notice_text())))
    return Message(tuple(blocks), languages[0])


def _set_up(tag: str) -> Button:
    return Button(_("Set my languages and time zone"), Call("members.profile", {"lang": tag}), style="primary")


def form(known: Known, community_languages: Sequence[str], language: str | None) -> Form:
    """Return the form about languages, zone and quiet hours, in ``language`` if one was chosen."""
    first = known.languages[0] if known.languages else language or ""
    with use_locale(language or current_locale()):
        options = _language_options(community_languages)
        quiet = f"{known.quiet_start:%H:%M}-{known.quiet_end:%H:%M}" if known.quiet_start and known.quiet_end else ""
        fields = (
            FormField("first", _("The language you like best"), "select", options=options, value=first),
            FormField(
                "others",
                _("Other languages you speak"),
                "multiselect",
                required=False,
                options=options,
                value=",".join(known.languages[1:]),
            ),
            FormField(
                "zone",
                _("Your city or time zone"),
                value=known.zone,
                hint=_("For example: Dakar"),
                max_length=60,
                suggest="zones",
            ),
            FormField(
                "quiet",
                _("Hours in which I should not write to you"),
                required=False,
                value=quiet,
                hint=_("For example: 22:00-07:00"),
                max_length=20,
            ),
        )
        return Form(_("Your languages and time zone"), Call("members.profile"), fields, _("Save"), current_locale())


def _language_options(community_languages: Sequence[str]) -> tuple[Option, ...]:
    others = sorted(OTHER_LANGUAGES, key=language_name)
    tags = (*community_languages, *(tag for tag in others if tag not in community_languages))
    return tuple(Option(tag, own_name(tag) if tag in community_languages else language_name(tag)) for tag in tags)


def which_zone(found: Sequence[ZoneMatch], args: Args, now: datetime) -> Reply:
    """Ask which of several places was meant; each button answers the whole form again."""
    kept = {name: value for name, value in args.items() if name != "zone"}
    zones = {match.zone: match for match in reversed(found)}
    buttons = tuple(
        Button(f"{match.label} – {format_time(now, zone, 'time')}", Call("members.profile", {**kept, "zone": zone}))
        for zone, match in reversed(zones.items())
    )
    return answer(paragraph(_("Which of these do you mean? Beside each place stands its hour now.")), Buttons(buttons))


def saved(member: Member, room: Room | None, now: datetime, language: str) -> Reply:
    """Confirm what was saved, and lead into the room of the member's language."""
    assert member.zone is not None  # noqa: S101 - only called once it is known
    with use_locale(language):
        zone = f"{zone_label(member.zone, language, now)} – {format_time(now, member.zone)}"
        pairs = [
            (_("Languages"), (join_list([language_name(tag) for tag in member.languages]),)),
            (_("Time zone"), (zone,)),
        ]
        if member.quiet_start and member.quiet_end:
            pairs.append((_("Quiet hours"), (f"{member.quiet_start:%H:%M}–{member.quiet_end:%H:%M}",)))
        blocks: list[Block] = [Heading(_("Thank you, that is saved")), Fields(tuple(pairs))]
        if room is None:
            blocks.append(
                paragraph(_("There is no room in your languages yet. Organizers can see this and may open one."))
            )
        else:
            link = ChannelLink(room.name, room.channels)
            blocks.append(paragraph(_("The room where your language is spoken: {room}"), room=link))
            blocks.append(
                Buttons(
                    (
                        button(_("Take me there"), "rooms.enter", primary=True, room=room.id),
                        button(_("Show all rooms"), "rooms.list"),
                    )
                )
            )
        return answer(*blocks)


def reminders_set(wanted: bool) -> Reply:  # noqa: FBT001 - the one thing this says
    """Confirm that direct reminders are on or off."""
    if wanted:
        return answer(paragraph(_("I will remind you directly before each meeting.")))
    return answer(
        paragraph(_("I will not remind you directly any more. Reminders in channels stay.")),
        Buttons((button(_("Remind me again"), "members.reminders", state="on"),)),
    )

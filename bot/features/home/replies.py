"""Somebody's own page, short enough for any platform: Slack takes a hundred blocks of three thousand characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.features.deliveries.cards import rsvp_line, when_and_where
from bot.features.deliveries.replies import what_and_why
from bot.features.home.model import Desk, Failure, Page
from bot.features.meetings.model import Draft, Meeting, Occurrence, Rsvp
from bot.features.meetings.replies import may_see_place
from bot.features.members.linkreplies import account_name
from bot.features.questions.model import Question
from bot.i18n import _, current_locale, join_list, language_name
from bot.messages import Block, Buttons, Fields, Heading, Items, LocalTime, Paragraph, Reply, Rich, Strong
from bot.replies import answer, button, note, paragraph
from bot.times.zones import zone_label

TITLE = 80
"""Characters of a title or a question that are shown."""
SHOWN = 3


def page(shown: Page) -> Reply:
    """Show the page."""
    return answer(*_coming(shown), *_about(shown), *_questions(shown.questions), *_desk(shown.desk))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TITLE else line[: TITLE - 1].rstrip() + "…"


# --- what is coming --------------------------------------------------------------------------------------------------


def _coming(shown: Page) -> Iterator[Block]:
    yield Heading(_("Your next meetings"))
    if not shown.meetings:
        yield paragraph(_("No meeting is planned at the moment. You will be told here when there is one."))
    for meeting, occurrence, rsvp in shown.meetings:
        yield from _meeting(meeting, occurrence, rsvp, organizer=shown.member.organizer)


def _meeting(meeting: Meeting, occurrence: Occurrence, rsvp: Rsvp | None, *, organizer: bool) -> Iterator[Block]:
    yield Paragraph((Strong(_short(meeting.title)),))
    yield when_and_where(meeting, occurrence, show_place=organizer or may_see_place(meeting, rsvp))
    yield rsvp_line(rsvp) if rsvp else note(_("You have not said yet whether you come."))
    yield Buttons(
        (
            button(_("I am going"), "meetings.rsvp", primary=rsvp is None, occurrence=occurrence.id, answer="going"),
            button(_("I cannot come"), "meetings.rsvp", occurrence=occurrence.id, answer="no"),
            button(_("Agenda"), "meetings.agenda", occurrence=occurrence.id),
        )
    )


# --- about the member ------------------------------------------------------------------------------------------------


def _about(shown: Page) -> Iterator[Block]:
    member = shown.member
    unknown = _("not told yet")
    languages = join_list([language_name(tag) for tag in member.languages[:10]])
    zone = zone_label(member.zone, current_locale(), shown.now) if member.zone else ""
    quiet = f"{member.quiet_start:%H:%M}–{member.quiet_end:%H:%M}" if member.quiet_start and member.quiet_end else ""
    accounts = join_list([account_name(each, shown.identities) for each in shown.identities[:10]])
    yield Heading(_("About you"))
    yield Fields(
        (
            (_("Languages"), (languages or unknown,)),
            (_("Time zone"), (zone or unknown,)),
            (_("Quiet hours"), (quiet or _("none"),)),
            (_("Direct reminders"), (_("Reminders on") if member.reminders else _("Reminders off"),)),
            (_("My reminders"), (str(shown.reminders),)),
            (_("Accounts"), (accounts,)),
        )
    )
    yield Buttons(
        (
            button(_("Change"), "members.profile"),
            button(_("My reminders"), "reminders.list"),
            button(_("Link my accounts"), "members.link"),
            button(_("Privacy"), "privacy.notice"),
        )
    )


def _questions(questions: Sequence[Question]) -> Iterator[Block]:
    if not questions:
        return
    yield Heading(_("Your open questions"))
    yield Items(tuple((_short(question.text),) for question in questions[:SHOWN]))
    if len(questions) > SHOWN:
        yield note(_("and {count} more"), count=len(questions) - SHOWN)


# --- for organizers --------------------------------------------------------------------------------------------------


def _desk(desk: Desk | None) -> Iterator[Block]:
    if desk is None:
        return
    yield Heading(_("For organizers"))
    yield Fields(
        (
            (_("Your drafts"), (str(len(desk.drafts)),)),
            (_("Open questions"), (str(desk.questions),)),
            (_("Proposed resources"), (str(desk.proposals),)),
            (_("Waiting to be sent"), (str(desk.waiting),)),
            (_("Failed in the last seven days"), (str(desk.failed),)),
        )
    )
    if desk.overdue_since is not None:
        yield paragraph(
            _("Sending is behind: something has been due since {when}."), when=LocalTime(desk.overdue_since)
        )
    if desk.latest:
        yield Items(tuple(_failure(failure) for failure in desk.latest))
    yield Buttons(
        (
            *(button(_draft(draft), "meetings.show_draft", draft=draft.id) for draft in desk.drafts[:SHOWN]),
            button(_("Schedule a meeting"), "meetings.schedule"),
            button(_("Open questions"), "questions.open"),
            button(_("Proposed resources"), "resources.proposals"),
        )
    )


def _draft(draft: Draft) -> str:
    return _("Draft: {title}").format(title=_short(draft.text.strip().partition("\n")[0])[:40])


def _failure(failure: Failure) -> Rich:
    what, why = what_and_why(failure.kind, failure.reason)
    return (LocalTime(failure.at), ": ", " – ".join(part for part in (what, _short(failure.whom), why) if part))

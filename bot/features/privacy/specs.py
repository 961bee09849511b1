"""The commands of the privacy slice: what is kept, a copy of it, and its end."""

from __future__ import annotations

import json

from bot.commands import Args, CommandSpec, Context
from bot.features.privacy import replies
from bot.features.privacy.handlers import erase_member, export_member
from bot.i18n import N_, NP_
from bot.messages import Reply
from bot.ports import PersonalRecords

MEMBER = "member"
"""The door through which members ask for themselves."""


def specs(records: tuple[PersonalRecords, ...]) -> tuple[CommandSpec, ...]:
    """Return the slice's commands, over the records that all slices declare."""

    async def notice(context: Context, args: Args) -> Reply:  # noqa: ARG001
        return replies.notice()

    async def export(context: Context, args: Args) -> Reply:  # noqa: ARG001
        data = await export_member(context.uow, records, context.member.id, context.now, MEMBER)
        content = json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True)
        counts = [(r.title, len(data[r.record])) for r in records if data[r.record]]
        return replies.export("my-data.json", content, counts)

    async def forget(context: Context, args: Args) -> Reply:  # noqa: ARG001
        counts = await erase_member(context.uow, records, context.member.id, context.now, MEMBER)
        return replies.receipt(
            [(r.title, count) for r, count in counts if r.erase == "delete"],
            [(r.title, count) for r, count in counts if r.erase == "detach"],
        )

    return (
        CommandSpec(
            "privacy.notice",
            notice,
            N_("Privacy"),
            N_("tells what I keep about you"),
            words="privacy",
            phrases=NP_("phrases", "privacy|what do you know about me|my data|which data do you keep"),
        ),
        CommandSpec(
            "privacy.export",
            export,
            N_("Export my data"),
            N_("gives you a copy of everything I keep about you"),
            words="export my data",
            phrases=NP_("phrases", "export my data|download my data|give me my data|export me"),
        ),
        CommandSpec(
            "privacy.forget",
            forget,
            N_("Forget me"),
            N_("erases everything I keep about you"),
            words="forget me",
            phrases=NP_("phrases", "forget me|delete my data|erase my data|erase me"),
            changes=True,
            confirm=N_(
                "Shall I erase everything I keep about you: your profile, your answers to invitations, your reminders "
                "and your questions? This cannot be undone."
            ),
        ),
    )

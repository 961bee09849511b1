"""The commands of the help slice."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.commands import Args, CommandSpec, Context, Permission
from bot.features.help import replies
from bot.i18n import N_, NP_
from bot.messages import Reply


def specs(everything: Callable[[], Iterable[CommandSpec]]) -> tuple[CommandSpec, ...]:
    """Return the slice's commands; ``everything`` gives all commands there are, when asked."""

    def told_of(permission: Permission) -> list[CommandSpec]:
        return [spec for spec in everything() if spec.summary and spec.phrases and spec.permission is permission]

    async def overview(context: Context, args: Args) -> Reply:  # noqa: ARG001
        return replies.overview(told_of(Permission.MEMBER), organizer=context.member.organizer)

    async def organizers(context: Context, args: Args) -> Reply:  # noqa: ARG001
        return replies.for_organizers(told_of(Permission.ORGANIZER))

    async def leave(context: Context, args: Args) -> Reply:  # noqa: ARG001
        return replies.left()

    async def welcome(context: Context, args: Args) -> Reply:  # noqa: ARG001
        return replies.welcome()

    return (
        CommandSpec(
            "help.welcome",
            welcome,
            N_("Thanks"),
            phrases=NP_("phrases", "thanks|thank you|thank you very much|many thanks"),
        ),
        CommandSpec(
            "help.overview",
            overview,
            N_("Help"),
            N_("shows what I can do"),
            words="help",
            phrases=NP_(
                "phrases",
                "help|what can you do|hello|hi|good morning|start|help me|help me please|who are you|"
                "what are you|how does this work",
            ),
        ),
        CommandSpec(
            "help.organizers",
            organizers,
            N_("For organizers"),
            phrases=NP_("phrases", "help for organizers|what can organizers do|organizer help"),
            permission=Permission.ORGANIZER,
        ),
        CommandSpec("help.leave", leave, N_("No, leave it")),
    )

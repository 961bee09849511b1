"""What the assistant says about a member's accounts: linking, unlinking, and where they want to be written to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.features.members.codes import VALID
from bot.features.members.model import Identity, Member
from bot.i18n import N_, _, join_list
from bot.messages import Button, Buttons, Call, Heading, Items, Paragraph, Reply, Strong, rich
from bot.replies import answer, button, note, paragraph

PLATFORMS = {"slack": "Slack", "discord": "Discord", "tryit": N_("the sample chat")}


def platform_name(platform: str) -> str:
    """Return what people call a platform."""
    return _(PLATFORMS.get(platform, platform.title()))


def platform_names(identities: Iterable[Identity]) -> str:
    """Return the platforms of some accounts, each once, in words."""
    return join_list(list(dict.fromkeys(platform_name(each.user.platform) for each in identities)))


def account_name(identity: Identity, among: Sequence[Identity]) -> str:
    """Return what to call an account: its platform, and its id where the member has several there."""
    several = sum(each.user.platform == identity.user.platform for each in among) > 1
    name = platform_name(identity.user.platform)
    return f"{name} ({identity.user.workspace}, {identity.user.user})" if several else name


def new_code(code: str) -> Reply:
    """Give a code, with what to do with it."""
    minutes = int(VALID.total_seconds() // 60)
    return answer(
        Heading(_("Link your accounts")),
        paragraph(_("Your code: {code}"), code=Strong(code)),
        paragraph(
            _("Write “link {code}” to me from your other account, within {minutes} minutes."),
            code=code,
            minutes=minutes,
        ),
        note(
            _(
                "The code works once. Show it to nobody: whoever enters it becomes one with you here. "
                "An earlier code of yours is void."
            )
        ),
    )


def cannot_be_used() -> Reply:
    """Say that a code is of no use, and never why."""
    return answer(paragraph(_(CANNOT_BE_USED)))


CANNOT_BE_USED = N_(
    "This code cannot be used. Codes work once, for ten minutes, from another account than the one that asked. "
    "Write “link” to me from your other account to get a fresh one."
)
WAIT = N_("Too many codes were tried. Please wait an hour, then ask for a fresh code from your other account.")


def preview(asked: tuple[Member, str], stays: tuple[Member, str], entered: Member, code: str) -> Reply:
    """Show who would be joined and what happens; each side comes with the platforms it is on."""
    name, where = asked[0].name, asked[1]
    kept, platform = stays[0].name, stays[1]
    profile = _("The profile of {name} on {platform} stays: name, languages, time zone, quiet hours, reminders.")
    twice = _(
        "Where you answered the same invitation twice, the newer answer counts; where you have two seats, the one of "
        "{name} on {platform} stays."
    )
    yes = {"for": entered.id, "code": code, "kept": stays[0].id}
    return answer(
        Heading(_("Are both of these you?")),
        paragraph(_("You are also {name} on {platform}."), name=Strong(name), platform=where),
        Items(
            (
                (_("You become one member: one answer, one seat, one reminder, one export, one erasure."),),
                rich(profile, name=kept, platform=platform),
                rich(twice, name=kept, platform=platform),
                (_("Everything else of both is kept."),),
            )
        ),
        note(
            _(
                "Go on only if both accounts are yours: whoever uses one of them will see what you see, and can export "
                "and erase it."
            )
        ),
        Buttons(
            (
                Button(_("Yes, both are me"), Call("members.join", yes), style="primary"),
                Button(_("No, leave it"), Call("help.leave")),
            )
        ),
    )


def joined(member: Member, identities: Sequence[Identity]) -> Reply:
    """Confirm that two are one, and ask where to write to them."""
    linked = paragraph(_("Your accounts on {platforms} are one member now."), platforms=platform_names(identities))
    return answer(Heading(_("Linked")), linked, *_where(member, identities), replaces=True)


def where_to_write(member: Member, identities: Sequence[Identity]) -> Reply:
    """Ask where to write to a member."""
    if len({each.user.platform for each in identities}) < 2:
        return answer(
            paragraph(_("I know you on {platform} only, and write to you there."), platform=platform_names(identities)),
            note(_("To be written to elsewhere, write “link” to me there first.")),
        )
    return answer(*_where(member, identities))


def _where(member: Member, identities: Sequence[Identity]) -> tuple[Paragraph, Buttons]:
    """The question, and a button for each platform: pressing it once more does no harm."""
    platforms = dict.fromkeys(each.user.platform for each in identities)
    buttons = (button(platform_name(each), "members.prefer", platform=each, for_=member.id) for each in platforms)
    return paragraph(_("Where shall I write to you?")), Buttons(tuple(buttons))


def will_write(platform: str) -> Reply:
    """Confirm where a member is written to."""
    text = _("I will write to you on {platform}, also what was planned already.")
    return answer(paragraph(text, platform=Strong(platform_name(platform))))


def accounts(member: Member, here: Identity, identities: Sequence[Identity]) -> Reply:
    """List the accounts, with a button for each but the one in use."""
    others = [each for each in identities if each.user != here.user]
    name = account_name(here, identities)
    if not others:
        return answer(
            paragraph(_("You have one account here, on {platform}; there is nothing to unlink."), platform=name),
            note(_("To link another one, write “link” to me from it.")),
        )
    lines = [(_("{account} (the one you are using)").format(account=name),)]
    lines += [(account_name(each, identities),) for each in others]
    buttons = [
        Button(
            _("Unlink {account}").format(account=account_name(each, identities)), _about("members.unlink", member, each)
        )
        for each in others
    ]
    return answer(Heading(_("Your accounts")), Items(tuple(lines)), Buttons(tuple(buttons)))


def _about(command: str, member: Member, identity: Identity) -> Call:
    """Return the call of a command about one of a member's accounts."""
    user = identity.user
    named = {"platform": user.platform, "workspace": user.workspace, "user": user.user}
    return Call(command, {"for": member.id, **named})


def really(member: Member, identity: Identity, identities: Sequence[Identity]) -> Reply:
    """Say what unlinking does before it is done."""
    text = _(
        "Shall I unlink {account}? Everything stays with you here: your profile, answers, seats, questions and "
        "reminders, also what came from there. {account} becomes a member of its own again, who starts empty."
    )
    name = account_name(identity, identities)
    yes = _about("members.separate", member, identity)
    buttons = (Button(_("Unlink it"), yes, style="danger"), Button(_("No, leave it"), Call("help.leave")))
    return answer(Paragraph(rich(text, account=Strong(name))), Buttons(buttons))


def separated(identity: Identity, identities: Sequence[Identity]) -> Reply:
    """Confirm that an account is on its own."""
    text = _("{account} is unlinked. I write to you here from now on, and to that account as to somebody new.")
    return answer(paragraph(text, account=Strong(account_name(identity, identities))), replaces=True)

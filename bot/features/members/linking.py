"""One person, several accounts: linking them by a code, unlinking them, and where the person is written to."""

from __future__ import annotations

from dataclasses import replace

from bot.commands import Args, Context
from bot.errors import Conflict, NotFound, NotPermitted
from bot.features.breakouts import handlers as breakouts
from bot.features.deliveries.model import CHANGED, FAILED, REMINDER
from bot.features.deliveries.planning import plan_for_member
from bot.features.members import codes
from bot.features.members import linkreplies as replies
from bot.features.members.handlers import organizes
from bot.features.members.joining import combined, which_stays
from bot.features.members.model import Identity, Member
from bot.features.questions import handlers as questions
from bot.features.reminders.model import PERSONAL
from bot.features.resources import saving
from bot.i18n import N_
from bot.messages import Reply, UserRef
from bot.services import new_id

FOLLOWING = (
    REMINDER,
    CHANGED,
    FAILED,
    PERSONAL,
    breakouts.TELL,
    questions.ASKED,
    questions.ANSWERED,
    saving.PROPOSED,
    saving.SETTLED,
)
"""What goes to the platform a member prefers, also when it was planned for another one. All other work stays on the
account it is about: a welcome, a proposal where somebody wrote, a door opened, a message corrected."""


async def link(context: Context, args: Args) -> Reply:
    """Give a code; or, with a code, show who would be joined."""
    if args.get("code", "").strip():
        return await _enter(context, codes.typed(args["code"]))
    code = codes.new_code()
    kept = codes.digest(context.services.sealer, code)
    await context.uow.members.save_code(context.member.id, kept, context.now + codes.VALID, context.now)
    return replies.new_code(codes.shown(code))


async def _enter(context: Context, code: str) -> Reply:
    """Look for a code; whatever is wrong with it, the same is done, said and counted."""
    members, member = context.uow.members, context.member
    mine, everybody = await members.failed_tries(member.id, context.now - codes.WINDOW)
    if mine >= codes.TRIES or everybody >= codes.TRIES_OF_ALL:
        raise NotPermitted(replies.WAIT)
    digest = codes.digest(context.services.sealer, code)
    asked = await members.get(await members.asked_for(digest, context.now) or "")
    if asked is None or asked.id == member.id:
        await members.add_failed_try(member.id, context.now)
        return replies.cannot_be_used()
    stays, _goes = which_stays(asked, member)
    sides = {each.id: replies.platform_names(await members.identities(each.id)) for each in (asked, member)}
    return replies.preview((asked, sides[asked.id]), (stays, sides[stays.id]), member, digest)


async def join(context: Context, args: Args) -> Reply:
    """Make two members one, as the preview said, if its code is still good."""
    members = context.uow.members
    asked = await members.asked_for(args["code"], context.now)
    # In one order, whoever of the two presses: two who lock each other out would both fail.
    both = {each: await members.get(each, lock=True) for each in sorted({asked or "", context.member.id})}
    kept = both.pop(args["kept"], None)
    gone = next(iter(both.values()), None)
    if kept is None or gone is None or not await members.use_code(args["code"], context.now):
        raise NotFound(replies.CANNOT_BE_USED)
    member = combined(kept, gone)
    await members.merge(member, gone.id, context.now)
    await _settle(context, member)
    return replies.joined(member, await members.identities(member.id))


async def _settle(context: Context, member: Member) -> None:
    """Bring what is planned for a member in line with their accounts, answers and wishes as they are now."""
    account = await context.uow.members.account(member.id)
    if account is None:
        return
    await context.uow.members.readdress(member.id, account, FOLLOWING)
    if member.welcomed_at is not None:
        await plan_for_member(context.uow, member, context.now)
    await breakouts.follow(context.uow, member.id, context.now, context.inbound.id)


async def prefer(context: Context, args: Args) -> Reply:
    """Remember on which platform to write to a member; without one, ask."""
    member = context.member
    identities = await context.uow.members.identities(member.id)
    wanted = args.get("platform", "").strip().casefold()
    if not wanted:
        return replies.where_to_write(member, identities)
    platforms = [each.user.platform for each in identities]
    names = {name.casefold(): each for each in platforms for name in (each, replies.platform_name(each))}
    if wanted not in names:
        raise NotFound(
            N_("I do not know you on {platform}. Write “link” to me there first, then enter the code here."),
            platform=args["platform"].strip()[:40],
        )
    member = replace(member, preferred=names[wanted])
    await context.uow.members.save(member)
    await _settle(context, member)
    return replies.will_write(member.preferred)


async def unlink(context: Context, args: Args) -> Reply:
    """List a member's accounts; or, with one, say what unlinking it does."""
    identities = await context.uow.members.identities(context.member.id)
    if args.get("user"):
        return replies.really(context.member, _other(context, args, identities), identities)
    here = next(each for each in identities if each.user == context.inbound.user)
    return replies.accounts(context.member, here, identities)


async def separate(context: Context, args: Args) -> Reply:
    """Make an account a member of its own again, who starts empty; everything stays with the one who asks."""
    members = context.uow.members
    locked = await members.get(context.member.id, lock=True)
    identities = await members.identities(context.member.id)
    identity = _other(context, args, identities)
    staying = [each for each in identities if each.user != identity.user]
    member = locked or context.member
    member = replace(member, organizer=organizes(member, staying, context.services.community))
    if all(each.user.platform != member.preferred for each in staying):
        member = replace(member, preferred="")
    await members.separate(identity.user, Member(new_id(), member.name, context.now))
    await members.save(member)
    await _settle(context, member)
    return replies.separated(identity, identities)


def _other(context: Context, args: Args, identities: tuple[Identity, ...]) -> Identity:
    """Return the account that a button names. Raises NotFound or Conflict."""
    user = UserRef(args.get("platform", ""), args.get("workspace", ""), args.get("user", ""))
    found = next((each for each in identities if each.user == user), None)
    if found is None:
        raise NotFound(N_("That account is not linked any more. Write “unlink” to see those that are."))
    if user == context.inbound.user:
        raise Conflict(N_("You are using that account now. To unlink it, write “unlink” to me from another one."))
    return found

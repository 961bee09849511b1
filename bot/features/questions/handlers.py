"""Questions that go to the organizers, and their answers on the way back."""

from __future__ import annotations

from dataclasses import replace

from bot.audience import member_language
from bot.commands import Args, Context
from bot.duework import DueWork, NewWork, Prepared, Reason, Send, Skip, WorkContext
from bot.errors import Conflict, NotFound
from bot.features.questions import replies
from bot.features.questions.model import Question
from bot.i18n import N_, current_locale, use_locale
from bot.messages import Reply, Target
from bot.services import new_id

ASKED = "questions.asked"
ANSWERED = "questions.answered"


async def pass_on(context: Context, args: Args) -> Reply:
    """Pass a question to every organizer; the same question is passed once."""
    member = context.member
    open_ones = await context.uow.questions.unanswered()
    if any(q.member_id == member.id and q.text == args["text"] for q in open_ones):
        return replies.passed_already()
    question = Question(new_id(), member.id, args["text"], current_locale(), context.now)
    await context.uow.questions.save(question)
    organizers = [(m, user) for m, user in await context.uow.members.reachable() if m.organizer and m.id != member.id]
    for organizer, user in organizers:
        await context.uow.work.plan(
            NewWork(
                ASKED,
                f"asked:{question.id}:{organizer.id}",
                context.now,
                {"question": question.id},
                Target(user=user),
                organizer.id,
                f"question:{question.id}",
            )
        )
    return replies.passed(len(organizers))


async def prepare_asked(context: WorkContext, work: DueWork) -> Prepared:
    """Show an organizer a question, unless it is answered already."""
    question = await context.uow.questions.get(work.payload["question"])
    if question is None or question.answer is not None:
        return Skip(Reason.SUPERSEDED)
    asker = await context.uow.members.get(question.member_id)
    with use_locale(await member_language(context, work.member_id or "")):
        return Send(replies.asked(question, asker.name if asker else ""))


async def answer(context: Context, args: Args) -> Reply:
    """Keep an organizer's answer and plan that the asker gets it. The first answer counts."""
    question = await context.uow.questions.get(args["question"], lock=True)
    if question is None:
        raise NotFound(N_("That question is no longer there; the person who asked may have erased their data."))
    if question.answer is not None:
        raise Conflict(N_("Somebody has answered this question already. Thank you all the same!"))
    await context.uow.questions.save(
        replace(question, answer=args["answer"], answered_by=context.member.id, answered_at=context.now)
    )
    user = await context.uow.members.account(question.member_id)
    if user is not None:
        await context.uow.work.plan(
            NewWork(
                ANSWERED,
                f"answered:{question.id}",
                context.now,
                {"question": question.id},
                Target(user=user),
                question.member_id,
                f"question:{question.id}",
            )
        )
    return replies.answer_kept()


async def prepare_answered(context: WorkContext, work: DueWork) -> Prepared:
    """Bring the answer to the asker."""
    question = await context.uow.questions.get(work.payload["question"])
    if question is None or question.answer is None:
        return Skip(Reason.GONE)
    organizer = await context.uow.members.get(question.answered_by or "")
    with use_locale(await member_language(context, work.member_id or "")):
        return Send(replies.answered(question, question.answer, organizer.name if organizer else ""))


async def unanswered(context: Context, args: Args) -> Reply:  # noqa: ARG001
    """List the open questions for an organizer."""
    return replies.unanswered(await context.uow.questions.unanswered())

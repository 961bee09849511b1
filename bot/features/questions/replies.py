"""What is said about questions to the organizers."""

from __future__ import annotations

from collections.abc import Sequence

from bot.features.questions.model import Question
from bot.i18n import _, language_name, ngettext, pgettext
from bot.messages import Block, Buttons, Heading, Message, Paragraph, Quote, Reply
from bot.replies import answer, button, message, note, paragraph

SHOWN = 10


def passed(organizers: int) -> Reply:
    """Confirm that the question is on its way."""
    if not organizers:
        return answer(
            paragraph(_("Your question is kept. No organizer can be reached at the moment; it waits for them."))
        )
    text = ngettext(
        "I passed your question to {count} organizer. The answer will come to you here.",
        "I passed your question to {count} organizers. The answer will come to you here.",
        organizers,
    )
    return answer(Paragraph((text.format(count=organizers),)))


def passed_already() -> Reply:
    """Say that the same question is waiting already."""
    return answer(paragraph(_("The organizers have your question already. The answer will come to you here.")))


def asked(question: Question, asker: str) -> Message:
    """Show an organizer a question with a way to answer."""
    return message(
        Heading(_("A question for you")),
        paragraph(_("{name} asks (in {language}):"), name=asker, language=language_name(question.language)),
        Quote((question.text,)),
        Buttons((button(pgettext("verb", "Answer"), "questions.answer", primary=True, question=question.id),)),
        note(_("All organizers see this; the first answer counts.")),
    )


def answer_kept() -> Reply:
    """Thank an organizer."""
    return answer(paragraph(_("Thank you. Your answer is on its way to the person who asked.")))


def answered(question: Question, text: str, organizer: str) -> Message:
    """Bring an answer."""
    return message(
        Heading(_("An answer to your question")),
        Quote((question.text,)),
        Paragraph((text,)),
        note(_("From {name}"), name=organizer or _("an organizer")),
    )


def unanswered(questions: Sequence[Question]) -> Reply:
    """List open questions, the oldest first."""
    if not questions:
        return answer(paragraph(_("No question is open.")))
    count = ngettext("{count} open question", "{count} open questions", len(questions)).format(count=len(questions))
    blocks: list[Block] = [Heading(count)]
    for question in questions[:SHOWN]:
        blocks.append(Quote((question.text,)))
        blocks.append(Buttons((button(pgettext("verb", "Answer"), "questions.answer", question=question.id),)))
    return answer(*blocks)

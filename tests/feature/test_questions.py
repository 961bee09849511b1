"""Questions to the organizers: passed once, answered once, listed, and erased with their askers."""

from __future__ import annotations

from dataclasses import replace

ASKER, GENEVA, LIMA = "s10", "s08", "s02"
TEXT = "xylophone zzyzx"


async def pass_on(chat, text=TEXT):
    await chat.say(ASKER, text)
    await chat.press(ASKER, "Ask the organizers")


async def test_the_same_question_is_passed_once(chat):
    await pass_on(chat)
    await pass_on(chat)
    await chat.wait_for(ASKER, "The organizers have your question already.")
    assert (await chat.shown(GENEVA)).count(TEXT) == 1


async def test_the_first_answer_counts(chat):
    await pass_on(chat)
    await chat.press(GENEVA, "Answer")
    await chat.fill(GENEVA, {"Your answer": "See the handbook."}, "Send")
    await chat.press(LIMA, chat.say_in("es", "Answer", context="verb"))
    await chat.fill(LIMA, {chat.say_in("es", "Your answer"): "Otra respuesta."}, chat.say_in("es", "Send"))
    text = chat.say_in("es", "Somebody has answered this question already. Thank you all the same!")
    await chat.wait_for(LIMA, text)
    assert "Otra respuesta" not in await chat.shown(ASKER)
    answer = await chat.wait_for(ASKER, "See the handbook.")
    assert "From Sample organizer, Geneva" in answer


async def test_organizers_see_what_is_open(chat):
    await chat.say(GENEVA, "open questions")
    await chat.wait_for(GENEVA, "No question is open.")
    await pass_on(chat)
    await chat.say(GENEVA, "open questions")
    assert TEXT in await chat.wait_for(GENEVA, "1 open question")


async def test_a_question_whose_asker_was_forgotten_cannot_be_answered(chat):
    await pass_on(chat)
    await chat.press(GENEVA, "Answer")
    await chat.say(ASKER, "forget me")
    await chat.press(ASKER, "Forget me")
    await chat.fill(GENEVA, {"Your answer": "Too late."}, "Send")
    await chat.wait_for(GENEVA, "That question is no longer there")


async def test_an_answer_whose_giver_was_forgotten_stays_without_a_name(chat):
    await pass_on(chat)
    await chat.press(GENEVA, "Answer")
    await chat.fill(GENEVA, {"Your answer": "See the handbook."}, "Send", settle=False)
    await chat.say(GENEVA, "forget me", settle=False)
    await chat.press(GENEVA, "Forget me")
    assert "From an organizer" in await chat.wait_for(ASKER, "See the handbook.")


async def test_a_question_answered_before_it_was_shown_is_not_shown(chat):
    await chat.say(ASKER, TEXT)
    await chat.press(ASKER, "Ask the organizers", settle=False)
    async with chat.uow_factory() as uow:
        (question,) = await uow.questions.unanswered()
        await uow.questions.save(replace(question, answer="Yes.", answered_by=GENEVA, answered_at=question.asked_at))
        await uow.commit()
    await chat.settle()
    assert TEXT not in await chat.shown(LIMA)


async def test_without_organizers_a_question_waits(chat):
    async with chat.uow_factory() as uow:
        for member in await uow.members.all():
            await uow.members.save(replace(member, organizer=False))
        await uow.commit()
    await pass_on(chat)
    await chat.wait_for(ASKER, "No organizer can be reached at the moment; it waits for them.")


async def test_only_words_are_looked_for_and_a_resource_that_is_gone_cannot_be_rated(chat):
    await chat.run(ASKER, "ask", "?!")
    await chat.wait_for(ASKER, "Please ask in a few words what you are looking for")
    await chat.say(ASKER, "apprenticeship")
    button = chat.call_id("resources.rate", {"resource": "gone", "helpful": "yes"})
    await chat.know("resources.rate", {"resource": "gone", "helpful": "yes"})
    await chat.press_id(ASKER, button)
    await chat.wait_for(ASKER, "That resource is no longer in the library.")


async def test_what_did_not_help_is_noted(chat):
    await chat.say(ASKER, "apprenticeship")
    await chat.press(ASKER, "Not helpful")
    await chat.wait_for(ASKER, "I have noted that it did not help.")

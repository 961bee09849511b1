"""Interactions are answered in time and where they belong, whatever the rest of the assistant does meanwhile."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.errors import PermanentError
from bot.inbound import Pressed, Ran, Submitted
from bot.messages import Target
from tests.unit.discord_adapter.stage import asks, button, says, stage

DEFER, DEFER_UPDATE, UPDATE, MODAL = 5, 6, 7, 9


async def answers_privately(stage, inbound):
    await stage.private(inbound, says("hello"))


async def test_a_command_is_answered_for_the_person_alone():
    async with stage(answers_privately) as on:
        inbound = await on.handled(
            interaction := on.server.slash(on.ada, on.plenary, "connections ask", {"query": "x"})
        )
        assert inbound.event == Ran("ask", args={"query": "x"})
        assert interaction.reply.only_for == on.ada.id
        assert interaction.reply.text == "hello"


async def test_a_command_in_a_direct_message_is_answered_there_and_found_again():
    async with stage(answers_privately) as on:
        inbound = await on.handled(on.server.slash(on.ada, on.server.dm(on.ada), "connections help"))
        assert inbound.direct
        assert inbound.user == on.user
        assert on.texts() == ["hello"]
        assert (await on.gateway.find_sent(on.to_ada, "key")).message == on.server.said_to(on.ada)[-1].id


async def test_a_slow_answer_is_deferred_in_time_and_takes_the_place_of_the_waiting():
    async def slow(stage, inbound):
        await stage.server.until(lambda: any(call.route.endswith("/callback") for call in stage.server.calls))
        await stage.private(inbound, says("at last"))

    async with stage(slow) as on:
        begun = time.monotonic()
        await on.handled(interaction := on.server.slash(on.ada, on.plenary, "connections help"))
        assert interaction.answer == DEFER
        assert 1.5 < on.server.calls_of("POST /interactions/{interaction_id}/{token}/callback")[0].at - begun < 3
        assert interaction.reply.only_for == on.ada.id
        assert on.texts(on.plenary) == ["at last"]
        assert not on.server.failures


async def test_a_slow_answer_to_a_button_is_acknowledged_silently_then_replaces_the_message():
    async def slow(stage, inbound):
        await stage.server.until(lambda: any(call.route.endswith("/callback") for call in stage.server.calls))
        await stage.gateway.edit(inbound.event.message, says("done"), trigger=inbound.trigger)

    async with stage(slow) as on:
        await on.gateway.send(on.to_all, says("press", button("Go", "go")), "key")
        pressed = on.server.press(on.ada, on.server.said_to(on.ada, on.plenary)[-1], "Go")
        await on.handled(pressed)
        assert pressed.answer == DEFER_UPDATE
        assert on.texts(on.plenary) == ["done"]


@pytest.mark.parametrize("slow", [False, True])
async def test_what_gets_no_answer_is_left_with_nothing_that_waits(slow):
    async def silent(stage, inbound):
        if slow:
            await stage.server.until(lambda: any(call.route.endswith("/callback") for call in stage.server.calls))

    async with stage(silent) as on:
        await on.handled(on.server.slash(on.ada, on.plenary, "connections help"))
        await on.server.until(lambda: not on.server.seen(on.ada, on.plenary))
        await on.gateway.send(on.to_all, says("press", button("Go", "go")), "key")
        pressed = on.server.press(on.ada, on.server.said_to(on.ada, on.plenary)[-1], "Go")
        await on.handled(pressed)
        assert pressed.answer == DEFER_UPDATE
        assert on.texts(on.plenary) == ["press"]
        assert not on.server.failures


async def test_a_message_for_one_person_is_replaced_through_the_interaction():
    async def answer(stage, inbound):
        if isinstance(inbound.event, Pressed):
            await stage.gateway.edit(inbound.event.message, says("done"), trigger=inbound.trigger)
        else:
            await stage.private(inbound, says("press", button("Go", "go")))

    async with stage(answer) as on:
        await on.handled(asked := on.server.slash(on.ada, on.plenary, "connections help"))
        await on.handled(pressed := on.server.press(on.ada, asked.reply, "Go"))
        assert pressed.answer == UPDATE
        assert on.texts(on.plenary) == ["done"]


async def test_an_interaction_that_came_too_late_is_answered_in_a_direct_message():
    async def late(stage, inbound):
        stage.server.expire_interactions()
        await answers_privately(stage, inbound)

    async with stage(late) as on:
        asked = on.server.slash(on.ada, on.plenary, "connections help")
        await on.line.handled_id(f"i{asked.id}")
        assert on.texts(on.server.dm(on.ada)) == ["hello"]
        assert on.texts(on.plenary) == []


async def test_an_interaction_older_than_its_token_is_answered_in_a_direct_message():
    async def late(stage, inbound):
        await stage.private(inbound, says("first"), "key-1")
        stage.server.clock.advance(16 * 60)
        await stage.private(inbound, says("second"), "key-2")

    async with stage(late) as on:
        await on.handled(on.server.slash(on.ada, on.plenary, "connections help"))
        assert on.texts(on.plenary) == ["first"]
        assert on.texts(on.server.dm(on.ada)) == ["second"]


@pytest.mark.parametrize("stored", [True, False])
async def test_an_answer_whose_receipt_was_lost_is_shown_once(stored):
    refs = []

    async def answer(stage, inbound):
        refs.append(await stage.private(inbound, says("hello")))

    async with stage(answer) as on:
        on.server.faults.status("POST /interactions/{interaction_id}/{token}/callback", 500, after=stored)
        await on.handled(on.server.slash(on.ada, on.plenary, "connections help"))
        assert on.texts(on.plenary) == ["hello"]
        assert refs[0].message == on.server.said_to(on.ada, on.plenary)[0].id
        assert not on.server.failures


async def test_several_answers_to_one_interaction_are_follow_ups():
    async def chatty(stage, inbound):
        for number in (1, 2):
            await stage.private(inbound, says(f"answer {number}"), f"key-{number}")

    async with stage(chatty) as on:
        await on.handled(on.server.slash(on.ada, on.plenary, "connections help"))
        assert on.texts(on.plenary) == ["answer 1", "answer 2"]
        assert all(message.only_for for message in on.server.said_to(on.ada, on.plenary))


async def test_nobody_is_shown_what_is_for_somebody_else():
    refused = []

    async def answer(stage, inbound):
        other = stage.server.add_user("Grace")
        only_for = type(inbound.user)("discord", inbound.user.workspace, other.id)
        with pytest.raises(PermanentError):
            await stage.gateway.send(stage.to_all, says("x"), "key", only_for=only_for, trigger=inbound.trigger)
        refused.append(other)

    async with stage(answer) as on:
        await on.handled(on.server.slash(on.ada, on.plenary, "connections help"))
        assert refused


# --- forms -----------------------------------------------------------------------------------------------------------


async def test_a_form_opens_and_comes_back_filled_in():
    async def answer(stage, inbound):
        if isinstance(inbound.event, Submitted):
            await stage.private(inbound, says("thanks"))
        else:
            await stage.gateway.open_form(inbound.trigger, asks())

    async with stage(answer) as on:
        await on.handled(asked := on.server.slash(on.ada, on.plenary, "connections ask-organizers"))
        assert asked.answer == MODAL
        inbound = await on.handled(on.server.submit(on.ada, {"Your question": " How?\n"}))
        assert inbound.event == Submitted("form", {"text": "How?"})
        assert on.texts(on.plenary) == ["thanks"]


async def test_a_form_does_not_open_after_waiting_nor_after_another_form():
    refusals = []

    async def answer(stage, inbound):
        event = inbound.event
        if isinstance(event, Ran) and event.command == "help":
            await stage.server.until(lambda: any(call.route.endswith("/callback") for call in stage.server.calls))
        try:
            await stage.gateway.open_form(inbound.trigger, asks())
        except PermanentError as error:
            refusals.append(str(error))
            await stage.private(inbound, says("press instead", button("Form", "form")), f"key-{inbound.id[-10:]}")

    async with stage(answer) as on:
        await on.handled(on.server.slash(on.ada, on.plenary, "connections help"))
        assert refusals == ["this interaction can no longer open a form"]
        await on.handled(on.server.press(on.ada, on.server.said_to(on.ada, on.plenary)[-1], "Form"))
        await on.handled(on.server.submit(on.ada, {"Your question": "x"}))
        assert refusals[1:] == ["a form cannot follow a form"]
        assert not on.server.failures


async def test_buttons_and_forms_survive_a_restart():
    async def answer(stage, inbound):
        if isinstance(inbound.event, Pressed):
            await stage.gateway.open_form(inbound.trigger, asks())

    async with stage(answer) as on:
        await on.gateway.send(on.to_all, says("press", button("Go", "go"), button("Go on", "go")), "key")
        await on.handled(on.server.press(on.ada, on.server.said_to(on.ada, on.plenary)[-1], "Go on"))
        on.line.task.cancel()
        await asyncio.gather(on.line.task, return_exceptions=True)
        from tests.scenario.discord_chat import connected

        heard = []

        async def again(inbound):
            heard.append(inbound.event)

        async with connected(on.server, again) as line:
            submitted = on.server.submit(on.ada, {"Your question": "x"})
            await line.handled_id(f"i{submitted.id}")
            pressed = on.server.press(on.ada, on.server.said_to(on.ada, on.plenary)[-1], "Go")
            await line.handled_id(f"i{pressed.id}")
        assert heard[0] == Submitted("form", {"text": "x"})
        assert heard[1].action_id == "go"


async def test_what_was_taken_in_is_answered_before_the_connection_ends():
    begun, go = asyncio.Event(), asyncio.Event()

    async def answer(stage, inbound):
        begun.set()
        await go.wait()
        await stage.private(inbound, says("still here"))

    async with stage(answer) as on:
        on.server.slash(on.ada, on.plenary, "connections help")
        await begun.wait()
        on.line.task.cancel()
        go.set()
        await asyncio.gather(on.line.task, return_exceptions=True)
        assert on.texts(on.plenary) == ["still here"]
        assert not on.gateway.connected


async def test_a_direct_answer_to_a_command_in_a_channel_leaves_nothing_waiting_there():
    async def answer(stage, inbound):
        await stage.gateway.send(Target(user=inbound.user), says("secret"), "key", trigger=inbound.trigger)

    async with stage(answer) as on:
        await on.handled(on.server.slash(on.ada, on.plenary, "connections help"))
        assert on.texts(on.server.dm(on.ada)) == ["secret"]
        await on.server.until(lambda: not on.server.seen(on.ada, on.plenary))

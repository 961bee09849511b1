"""Forms as modals: opened, filled in, refused field by field, followed by another, too late."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.errors import PermanentError
from bot.inbound import Submitted
from bot.messages import Call, Form, FormField, Message, Option, Paragraph, Target
from tests.scenario.slack_chat import until
from tests.unit.slack.conftest import ADA, HALL

FORM = Form(
    "A meeting, and a title that is too long for Slack",
    Call("meetings.schedule"),
    (
        FormField("title", "Title", value="Weekly"),
        FormField("text", "Agenda", "long", required=False, hint="One line for each item"),
        FormField("topic", "Topic", "select", options=(Option("a", "Assessment"), Option("b", "Budget")), value="b"),
        FormField(
            "languages",
            "Languages",
            "multiselect",
            options=tuple(Option(tag, tag.upper()) for tag in ("en", "fr", "es")),
            value="en,fr",
        ),
        FormField("zone", "Your city", suggest="zones", value="Africa/Nairobi", required=False),
    ),
    "Send",
    "en",
    "sealed",
)


async def opened(stage, form=FORM, where=HALL):
    """Let Ada ask for a form, and have it open."""
    assert (await stage.slack.slash(ADA, where, "/connections", "schedule")).ok
    await until(lambda: stage.heard)
    await stage.gateway.open_form(stage.heard[-1].trigger, form)
    return stage.slack.modal(ADA)


async def test_a_form_comes_back_as_it_was_filled_in(stage):
    await opened(stage)
    answer = await stage.slack.submit(ADA, {"title": {"value": "Monthly"}, "languages": {"value": ["es", "en"]}})
    assert answer.closed
    _asked, inbound = await stage.hears(2)
    values = {"title": "Monthly", "text": "", "topic": "b", "languages": "es,en", "zone": "Africa/Nairobi"}
    assert inbound.event == Submitted("sealed", values)
    assert (inbound.channel, inbound.direct) == (stage.channel(), False)


async def test_a_form_from_the_direct_line_belongs_there(stage):
    await opened(stage, where=stage.slack.dm(ADA).id)
    assert (await stage.slack.submit(ADA)).closed
    _asked, inbound = await stage.hears(2)
    assert inbound.direct
    assert inbound.channel.channel == stage.slack.dm(ADA).id


async def test_suggestions_come_while_somebody_types_and_the_typed_text_stays_a_choice(stage):
    stage.offered = (Option("Africa/Dakar", "Dakar"),)
    await opened(stage)
    shown = await stage.slack.suggest(ADA, "zones", "zone", "daka")
    assert [(each["value"], each["text"]["text"]) for each in shown] == [("Africa/Dakar", "Dakar"), ("daka", "daka")]
    [typed] = stage.typed
    assert (typed.source, typed.text, typed.user, typed.locale) == ("zones", "daka", stage.user(), "fr-FR")
    assert (await stage.slack.submit(ADA, {"zone": {"zones": "daka"}})).closed
    assert (await stage.hears(2))[1].event.values["zone"] == "daka"


async def test_suggestions_that_take_too_long_are_none_but_the_typed_text(stage, monkeypatch):
    monkeypatch.setattr("adapters.slack.intake.SUGGEST_SECONDS", 0.05)
    stage.slow = asyncio.Event()
    await opened(stage)
    shown = await stage.slack.suggest(ADA, "zones", "zone", "lim")
    assert [each["value"] for each in shown] == ["lim"]
    assert stage.slack.failures == []


async def test_what_is_wrong_stands_beside_its_field(stage):
    async def refuse(inbound):
        if isinstance(inbound.event, Submitted):
            wrong = replace(FORM.fields[0], error="Please choose a shorter title.")
            await stage.gateway.open_form(inbound.trigger, replace(FORM, fields=(wrong, *FORM.fields[1:])))

    view = await opened(stage)
    stage.then = refuse
    answer = await stage.slack.submit(ADA)
    assert answer.errors == {"title": "Please choose a shorter title."}
    assert stage.slack.modal(ADA) is view
    stage.then = None
    assert (await stage.slack.submit(ADA)).closed
    first, second = (await stage.hears(3))[1:]
    assert first.id != second.id


async def test_a_form_may_follow_a_form(stage):
    follow = Form("And now", Call("next"), (FormField("when", "When"),), "Send", "en", "sealed-2")

    async def ask_more(inbound):
        if isinstance(inbound.event, Submitted) and inbound.event.action_id == "sealed":
            await stage.gateway.open_form(inbound.trigger, follow)

    await opened(stage)
    stage.then = ask_more
    assert (await stage.slack.submit(ADA)).view.body["callback_id"] == "sealed-2"
    assert (await stage.slack.submit(ADA, {"when": {"value": "tomorrow"}})).closed
    assert (await stage.hears(3))[2].event == Submitted("sealed-2", {"when": "tomorrow"})


async def test_a_form_is_closed_in_time_though_the_core_is_not_done(stage, monkeypatch):
    monkeypatch.setattr("adapters.slack.intake.FORM_SECONDS", 0.05)
    over, late = asyncio.Event(), []

    async def take_long(inbound):
        if isinstance(inbound.event, Submitted):
            await over.wait()
            stage.slack.expire_triggers()
            with pytest.raises(PermanentError) as refused:
                await stage.gateway.open_form(inbound.trigger, FORM)
            late.append(refused)

    await opened(stage)
    stage.then = take_long
    assert (await stage.slack.submit(ADA)).closed
    over.set()
    await stage.hears(2)
    assert late


async def test_a_trigger_opens_one_form(stage):
    await opened(stage)
    with pytest.raises(PermanentError):
        await stage.gateway.open_form(stage.heard[-1].trigger, FORM)


async def test_an_old_trigger_opens_nothing(stage):
    assert (await stage.slack.slash(ADA, HALL, "/connections", "schedule")).ok
    await stage.hears()
    stage.slack.expire_triggers()
    with pytest.raises(PermanentError, match="no longer good"):
        await stage.gateway.open_form(stage.heard[-1].trigger, FORM)


async def test_a_message_brings_no_trigger_for_forms(stage):
    stage.slack.say(ADA, HALL, "hello")
    [inbound] = await stage.hears()
    with pytest.raises(PermanentError):
        await stage.gateway.open_form(inbound.trigger, FORM)


async def test_the_answer_to_a_form_from_a_channel_without_the_app_is_private(stage):
    stage.slack.add_channel("C0AWAY", "away", private=True, bot=False)
    stage.slack.join(ADA, "C0AWAY")
    await opened(stage, where="C0AWAY")
    assert (await stage.slack.submit(ADA)).closed
    inbound = (await stage.hears(2))[1]
    target = Target(channel=inbound.channel)
    thanks = Message((Paragraph(("Thank you",)),), "en")
    await stage.gateway.send(target, thanks, "key", only_for=inbound.user, trigger=inbound.trigger)
    [shown] = stage.slack.said_to(ADA, "C0AWAY")
    assert shown.only_for == ADA


async def test_a_form_of_thousands_of_choices_opens(stage):
    options = tuple(Option(f"v{n}", f"Choice {n}") for n in range(2500))
    field = FormField("topic", "Topic", "select", options=options, value="v1234")
    view = await opened(stage, replace(FORM, fields=(field,)))
    assert view.blocks[0]["element"]["initial_option"]["value"] == "v1234"
    assert (await stage.slack.submit(ADA, {"topic": {"value": "v2499"}})).closed
    assert (await stage.hears(2))[1].event.values == {"topic": "v2499"}


async def test_what_was_wrong_from_the_start_is_said_in_the_form(stage):
    view = await opened(stage, replace(FORM, fields=(FormField("when", "When", error="That day is over."),)))
    assert "That day is over." in view.blocks[1]["elements"][0]["text"]

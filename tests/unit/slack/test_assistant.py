"""The assistant's pane, where Slack offers it and where it does not."""

from __future__ import annotations

import pytest

from adapters.slack.assistant import prompts
from bot.catalogue import registry
from bot.understanding import Understanding
from tests.scenario.slack_chat import until
from tests.unit.slack.conftest import ADA


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_every_prompt_is_understood(language):
    commands = registry()
    offered = prompts(tuple(commands), language)
    assert len(offered) == 4
    for each in offered:
        assert Understanding(commands).read(each["message"]), each


async def test_prompts_come_in_the_members_language(stage):
    stage.slack.start_assistant(ADA)
    await until(lambda: stage.slack.assistant(ADA).prompts)
    assert stage.slack.assistant(ADA).prompts == prompts(tuple(registry()), "fr")
    assert stage.slack.assistant(ADA).prompts != prompts(tuple(registry()), "en")


async def test_a_status_shows_while_an_answer_is_prepared(stage):
    seen = []

    async def answer(_inbound):
        seen.append(stage.slack.assistant(ADA).status)

    stage.then = answer
    thread = stage.slack.start_assistant(ADA)
    await stage.slack.settled()
    await stage.connection.settled()
    stage.slack.say(ADA, thread.channel, "prochaine réunion ?", thread=thread.thread_ts)
    [inbound] = await stage.hears()
    assert inbound.thread == thread.thread_ts
    assert seen[0]


@pytest.mark.parametrize("fault", ["missing_scope", "unknown_method", "internal_error"])
async def test_without_the_feature_all_else_works(stage, fault):
    for method in ("assistant.threads.setSuggestedPrompts", "assistant.threads.setStatus"):
        stage.slack.faults.refuse(method, fault)
    thread = stage.slack.start_assistant(ADA)
    await stage.slack.settled()
    await stage.connection.settled()
    stage.slack.say(ADA, thread.channel, "next meeting?", thread=thread.thread_ts)
    [inbound] = await stage.hears()
    assert inbound.event.text == "next meeting?"
    assert stage.gateway.connected

"""A member's own data: told about, copied, erased, with a receipt; nothing is left that names them."""

from __future__ import annotations

import json

from bot.catalogue import PERSONAL
from bot.i18n import _, use_locale
from bot.messages import File

MEMBER, ORGANIZER, NEWCOMER = "s10", "s08", "s17"
NAME = "Sample member, Nairobi"


async def leave_traces(chat) -> None:
    """Do everything after which something about a member is kept."""
    await chat.say(MEMBER, "Where can I find something on recognising prior learning?")
    await chat.press(MEMBER, "Helpful")
    await chat.say(MEMBER, "xylophone zzyzx")
    await chat.press(MEMBER, "Ask the organizers")
    await chat.say(MEMBER, "next meeting")
    await chat.press(MEMBER, "I am going")
    for text in ("Bonjour à toutes et à tous, voici un texte.", "Encore un message en français pour tout le monde."):
        await chat.say(MEMBER, text, "english-1")


async def test_every_record_about_members_is_claimed_by_one_slice(chat):
    async with chat.uow_factory() as uow:
        kept = await uow.personal.records()
    claimed = [records.record for records in PERSONAL]
    assert sorted(claimed) == sorted(kept)


async def test_the_export_is_a_file_with_everything(chat):
    await leave_traces(chat)
    await chat.say(MEMBER, "export my data")
    sent = chat.gateway.messages(chat.gateway.direct_line(chat.user(MEMBER)))[-1]
    file = next(block for block in sent.message.blocks if isinstance(block, File))
    data = json.loads(file.content)
    assert file.name == "my-data.json"
    assert data["member"][0]["name"] == NAME
    assert data["question"][0]["text"] == "xylophone zzyzx"
    assert {"feedback", "rsvp", "identity", "route", "due_work"} <= {record for record, rows in data.items() if rows}


async def test_forget_me_asks_first_and_no_leaves_everything(chat):
    await chat.say(MEMBER, "forget me")
    await chat.press(MEMBER, "No, leave it")
    await chat.wait_for(MEMBER, "Nothing was changed.")
    async with chat.uow_factory() as uow:
        assert await uow.members.get(MEMBER) is not None


async def test_forget_me_erases_everywhere_and_gives_a_receipt(chat):
    await leave_traces(chat)
    await chat.say(MEMBER, "forget me")
    await chat.press(MEMBER, "Forget me")
    receipt = await chat.wait_for(MEMBER, "You are forgotten")
    assert "Your profile: 1 record" in receipt
    assert "Your questions to the organizers: 1 record" in receipt
    async with chat.uow_factory() as uow:
        left = {r.record: await uow.personal.export(r.record, MEMBER) for r in PERSONAL}
    assert not any(left.values())
    before = len(chat.gateway.messages(chat.gateway.direct_line(chat.user(MEMBER))))
    await chat.to_meeting()
    assert len(chat.gateway.messages(chat.gateway.direct_line(chat.user(MEMBER)))) == before


async def test_somebody_forgotten_may_come_back_and_is_told_about_privacy_anew(chat):
    await chat.say(MEMBER, "forget me")
    await chat.press(MEMBER, "Forget me")
    await chat.say(MEMBER, "next meeting")
    shown = (await chat.shown(MEMBER)).rpartition("You are forgotten")[2]
    assert _("About your privacy:") in shown


async def test_the_privacy_notice_comes_once_with_the_first_answer(chat):
    await chat.say(MEMBER, "next meeting")
    await chat.say(MEMBER, "next meeting")
    assert (await chat.shown(MEMBER)).count("About your privacy:") == 1


async def test_the_notice_can_be_asked_for_in_plain_words(chat):
    with use_locale("en"):
        await chat.say(MEMBER, "what do you know about me?")
        await chat.wait_for(MEMBER, "Your data")

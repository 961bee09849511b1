"""The sample chat in a real browser: by keyboard, narrow, dark, in three languages, and without scripts."""

from __future__ import annotations

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from bot.inbound import Pressed, Said, Submitted
from tests.e2e.conftest import Open, Served
from tests.sample_chat import FORM, START, words

NARROW = {"width": 360, "height": 740}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


async def say(page: Page, text: str) -> None:
    await page.locator("#text").fill(text)
    await page.locator("#text").press("Enter")


async def focused(page: Page) -> str:
    return str(await page.evaluate("document.activeElement.id"))


async def tab_to(page: Page, target: str) -> None:
    for _press in range(60):
        await page.keyboard.press("Tab")
        if await focused(page) == target:
            return
    raise AssertionError(f"{target} is not reached with the Tab key")


async def assert_accessible(page: Page) -> None:
    results = await Axe().run(page, options=RULES)
    assert results.violations_count == 0, results.generate_report()


# --- talking ---------------------------------------------------------------------------------------------------------


async def test_a_message_is_sent_with_enter_and_answered_without_a_reload(served: Served, open_page: Open) -> None:
    page = await open_page()
    await page.evaluate("document.body.dataset.untouched = 'yes'")
    await say(page, "hello <b>there</b>")

    answer = page.locator("[data-testid=message][data-author=assistant] [data-testid=body]")
    await expect(answer).to_have_text("You said: hello <b>there</b>")
    await expect(page.locator("#text")).to_have_value("")
    await expect(page.locator("#text")).to_be_focused()
    assert await page.evaluate("document.body.dataset.untouched") == "yes"
    await say(page, "second")
    await expect(answer).to_have_count(2)
    assert len({inbound.id for inbound in served.stage.assistant.heard}) == 2


async def test_shift_and_enter_start_a_new_line(served: Served, open_page: Open) -> None:
    page = await open_page()
    await page.locator("#text").fill("one")
    await page.locator("#text").press("Shift+Enter")
    await page.keyboard.type("two")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-author=assistant]")).to_be_visible()
    said = served.stage.assistant.heard[0].event
    assert isinstance(said, Said)
    assert said.text == "one\ntwo"


async def test_two_windows_are_two_members_who_see_each_other(open_page: Open) -> None:
    kathmandu = await open_page("/?as=s03&channel=plenary")
    lima = await open_page("/?as=s05&channel=english-1&lang=en")
    await say(kathmandu, "@assistant good evening")

    await expect(kathmandu.locator("[data-private=true]")).to_contain_text("Only visible to you")
    unread = lima.locator("#to-plenary .count")
    await expect(unread).to_have_text("1 unread message")
    await lima.locator("#to-plenary").click()
    await expect(lima.locator("[data-author=other] .body")).to_have_text("@assistant good evening")
    await expect(lima.locator("[data-author=other] .by time")).to_have_text("8:00\u202fAM")
    await expect(lima.locator("[data-private=true]")).to_have_count(0)
    await expect(lima.locator("#room-title")).to_be_focused()
    await expect(unread).to_have_count(0)
    await lima.go_back()
    await expect(lima.get_by_test_id("room")).to_have_text("#English 1")


async def test_a_draft_survives_what_others_write(served: Served, open_page: Open) -> None:
    page = await open_page("/?as=s03&channel=plenary")
    await page.locator("#text").fill("half a thou")
    served.stage.platform.post("plenary", "s04", words("news"), key=None)
    await expect(page.locator("[data-author=other]")).to_be_visible()
    await expect(page.locator("#text")).to_have_value("half a thou")


async def test_a_text_that_is_refused_stays_in_the_box(open_page: Open) -> None:
    page = await open_page()
    await page.locator("#text").evaluate("box => { box.value = 'word '.repeat(100_000) }")
    await page.locator("#send").click()
    await expect(page.get_by_test_id("notice")).to_contain_text("That is too much at once: 200 kB is the most.")
    assert await page.locator("#text").evaluate("box => box.value.length") == 500_000


async def test_a_suggestion_fills_the_box(open_page: Open) -> None:
    page = await open_page()
    await page.locator("#try-ask").click()
    await expect(page.locator("#text")).to_have_value("Where can I find something on recognising prior learning?")
    await expect(page.locator("#text")).to_be_focused()


# --- by keyboard -----------------------------------------------------------------------------------------------------


async def test_everything_is_reached_and_done_with_the_keyboard(served: Served, open_page: Open) -> None:
    page = await open_page()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#text")).to_be_focused()

    await page.keyboard.type("everything")
    await page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Not helpful")
    await expect(button).to_be_visible()
    await page.locator("#log").focus()
    await tab_to(page, str(await button.get_attribute("id")))
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-author=assistant] .body")).to_have_text("You pressed press-unhelpful")
    pressed = served.stage.assistant.heard[-1].event
    assert isinstance(pressed, Pressed)
    assert (await focused(page)).startswith("m")

    await page.locator("body").evaluate("document.activeElement.blur()")
    await tab_to(page, "you")
    await page.keyboard.press("Enter")
    await expect(page.locator("#as-s04")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#as-s04")).to_be_hidden()
    await expect(page.locator("#you")).to_be_focused()


async def test_a_form_is_a_dialog_that_takes_and_gives_back_the_focus(served: Served, open_page: Open) -> None:
    page = await open_page()
    await say(page, "form")
    dialog = page.get_by_role("dialog", name="Plan a meeting")
    await expect(dialog).to_be_visible()
    await expect(page.get_by_label("Join link")).to_be_focused()
    for _press in range(20):
        await page.keyboard.press("Tab")
        assert await page.evaluate(
            "!!document.activeElement.closest('dialog') || document.activeElement === document.body"
        )
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(page.locator("#text")).to_be_focused()
    assert served.stage.platform.form("s03") is None


async def test_a_form_survives_a_reload_and_is_submitted(served: Served, open_page: Open) -> None:
    page = await open_page()
    await say(page, "form")
    await expect(page.get_by_test_id("form")).to_be_visible()
    await page.reload()
    await page.get_by_label("Zone").select_option(label="Kathmandu")
    await page.get_by_role("group", name="Languages").get_by_label("Spanish").check()
    await page.get_by_role("button", name="Show the preview").click()

    await expect(page.get_by_test_id("form")).to_have_count(0)
    await expect(page.locator("[data-author=assistant]").last).to_contain_text("You answered")
    values = {"title": "Core group", "agenda": "", "zone": "Asia/Kathmandu", "languages": "en,fr,es", "place": ""}
    assert served.stage.assistant.heard[-1].event == Submitted(FORM.action_id, values)


async def test_a_problem_with_a_form_is_told_inside_it(open_page: Open) -> None:
    page = await open_page()
    await say(page, "form")
    await page.get_by_label("Zone").select_option(label="UTC")
    await page.get_by_label("Join link").fill("x" * 50)
    await page.locator("#form-submit").click()
    await expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("50 characters, and 40 is the most")
    await expect(page.get_by_label("Join link")).to_have_value("x" * 50)


async def test_the_clock_moves_on_every_window(served: Served, open_page: Open) -> None:
    one, other = await open_page(), await open_page("/?as=s05&lang=en")
    await one.locator("#clock-hour").click()
    await expect(one.locator("#clock-now")).to_contain_text("7:45\u202fPM")
    await expect(other.locator("#clock-now")).to_contain_text("9:00\u202fAM")
    await expect(other.locator("#clock-now")).to_contain_text("Lima, UTC−5")
    await one.locator("#clock-reminder").click()
    await expect(one.get_by_test_id("notice")).to_have_text("No reminder is waiting. Plan a meeting first.")
    assert served.stage.clock.now() > START


async def test_a_newcomer_joins_and_is_greeted(open_page: Open) -> None:
    page = await open_page("/?as=n01&lang=en", **NARROW)
    await expect(page.locator("#to-plenary")).to_have_count(0)
    await expect(page.locator("#join")).to_be_in_viewport()
    await page.get_by_role("button", name="Join the community").click()
    await expect(page.get_by_test_id("message")).to_contain_text("Bienvenue")
    await page.locator("#menu summary").click()
    await expect(page.locator("#to-plenary")).to_be_visible()
    await say(page, "gracias")
    await expect(page.get_by_test_id("message").last).to_contain_text("You said: gracias")


# --- for everybody ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [{"width": 1440, "height": 900}, {"width": 1100, "height": 800}, NARROW])
async def test_no_accessibility_rule_is_broken(open_page: Open, scheme: str, size: dict[str, int]) -> None:
    page = await open_page("/?as=s03&channel=plenary&lang=en", scheme=scheme, **size)
    await assert_accessible(page)
    await say(page, "@assistant hello")
    await expect(page.locator("[data-private=true]")).to_be_visible()
    await say(page, "everything")
    await expect(page.get_by_role("button", name="Not helpful")).to_be_visible()
    await assert_accessible(page)
    await page.locator("#you").click()
    await assert_accessible(page)
    await page.keyboard.press("Escape")
    await say(page, "form")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await assert_accessible(page)
    await page.goto("/?as=n01&lang=en")
    await assert_accessible(page)


async def test_a_narrow_window_needs_no_sideways_scrolling(open_page: Open) -> None:
    page = await open_page("/?as=s03&lang=en", **NARROW)
    await say(page, "everything")
    await expect(page.get_by_role("button", name="Not helpful")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    await expect(page.locator("#to-plenary")).to_be_hidden()
    await page.locator("#menu summary").click()
    await page.locator("#to-plenary").click()
    await expect(page.get_by_test_id("room")).to_have_text("#Plenary")
    await expect(page.locator("#to-plenary")).to_be_hidden()
    await page.get_by_test_id("clock").locator("summary").click()
    await page.locator("#clock-hour").click()
    await expect(page.locator("#clock-now")).to_contain_text("7:45")


@pytest.mark.parametrize(("language", "name"), [("en", "English"), ("fr", "Français"), ("es", "Español")])
async def test_the_page_speaks_three_languages(open_page: Open, language: str, name: str) -> None:
    page = await open_page("/?as=s06")
    await page.get_by_role("link", name=name, exact=True).first.click()
    await expect(page.locator("html")).to_have_attribute("lang", language)
    await expect(page.get_by_role("link", name=name, exact=True).first).to_have_attribute("aria-current", "true")
    await say(page, "everything")
    await expect(page.locator("[data-author=assistant] .body")).to_contain_text("Resources")
    await assert_accessible(page)


async def test_landmarks_and_the_live_region_are_there(open_page: Open) -> None:
    page = await open_page()
    for role in ("banner", "main"):
        await expect(page.get_by_role(role)).to_have_count(1)
    for name in ("Channels", "Language of this page"):
        await expect(page.get_by_role("navigation", name=name)).to_be_visible()
    log = page.get_by_role("log", name="Direct line")
    await expect(log).to_have_attribute("aria-live", "polite")
    await expect(page.get_by_role("textbox", name="Message – Direct line")).to_be_visible()


async def test_everything_works_without_scripts(served: Served, open_page: Open) -> None:
    page = await open_page(script=False)
    await page.locator("#text").fill("everything")
    await page.locator("#send").click()
    await page.get_by_role("button", name="Helpful", exact=True).click()
    await expect(page.locator("[data-author=assistant] .body")).to_have_text("You pressed press-helpful")
    await page.locator("#text").fill("form")
    await page.locator("#send").click()
    await page.get_by_label("Zone").select_option("UTC")
    await page.locator("#form-submit").click()
    await expect(page.locator("[data-author=assistant]").last).to_contain_text("You answered")
    await page.locator("#clock-hour").click()
    await expect(page.locator("#clock-now")).to_contain_text("7:45")
    await page.locator("#to-plenary").click()
    await expect(page.get_by_test_id("room")).to_have_text("#Plenary")
    await page.goto("/?as=n01")
    await page.locator("#join").click()
    await expect(page.get_by_test_id("message")).to_contain_text("Welcome")
    assert served.stage.platform.form("s03") is None

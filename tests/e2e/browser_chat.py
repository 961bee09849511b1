"""The scripts' chat in a real browser, on the page that ``connections run`` serves."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, expect

from tests.scenario.scripts import DIRECT

WIDE = {"width": 1440, "height": 1000}


class BrowserChat:
    """Plays each person in a window of their own; sees what they see, presses what they could press."""

    def __init__(self, browser: Browser, address: str, pictures: Path) -> None:
        self._browser = browser
        self._address = address
        self._pictures = pictures
        self._windows: dict[tuple[str, str], Page] = {}

    async def picture(self, who: str, name: str, where: str = DIRECT) -> None:
        """Keep what somebody sees."""
        self._pictures.mkdir(parents=True, exist_ok=True)
        window = await self._window(who, where)
        await window.screenshot(path=self._pictures / f"{name}.png")

    async def join(self, who: str) -> None:
        window = await self._window(who, DIRECT)
        await window.locator("#join").click()
        await expect(window.get_by_test_id("composer")).to_be_visible()

    async def say(self, who: str, text: str, where: str = DIRECT) -> None:
        window = await self._window(who, where)
        mine = window.locator("[data-testid=message][data-author=you]")
        answers = window.locator("[data-testid=message][data-author=assistant]")
        before, answered = await mine.count(), await answers.count()
        await window.locator("#text").fill(text)
        await window.locator("#send").click()
        await expect(mine).to_have_count(before + 1)
        if where == DIRECT:
            await expect(answers.nth(answered)).to_be_visible()

    async def press(self, who: str, label: str, where: str = DIRECT) -> None:
        window = await self._window(who, where)
        bodies = window.get_by_test_id("body")
        exact = bodies.get_by_role("button", name=label, exact=True)
        if not await exact.count():
            await expect(bodies.get_by_role("button", name=_beginning(label)).last).to_be_visible()
        button = exact if await exact.count() else bodies.get_by_role("button", name=_beginning(label))
        async with window.expect_response(re.compile("/chat/press")):
            await button.last.click()

    async def fill(self, who: str, values: dict[str, str], submit: str) -> None:
        window = await self._window(who, DIRECT)
        form = window.get_by_test_id("form")
        await expect(form).to_be_visible()
        for label, value in values.items():
            await _answer(form.get_by_label(label), value)
        async with window.expect_response(re.compile("/chat/submit")):
            await form.get_by_role("button", name=submit, exact=True).click()
        await expect(form).to_have_count(0)

    async def wait_for(self, who: str, text: str, where: str = DIRECT) -> str:
        window = await self._window(who, where)
        fitting = window.get_by_test_id("body").filter(has_text=text).last
        await expect(fitting).to_be_visible()
        return await fitting.inner_text()

    async def shown(self, who: str, where: str = DIRECT) -> str:
        window = await self._window(who, where)
        return "\n".join(await window.get_by_test_id("body").all_inner_texts())

    async def forward(self, hours: int) -> None:
        for _hour in range(hours):
            await self._clock("#clock-hour")

    async def to_next_reminder(self) -> None:
        await self._clock("#clock-reminder")

    async def to_meeting(self) -> None:
        await self._clock("#clock-meeting")

    async def _clock(self, button: str) -> None:
        window = next(iter(self._windows.values()))
        async with window.expect_response(re.compile("/chat/clock")):
            await window.locator(button).click()

    async def _window(self, who: str, where: str) -> Page:
        place = "direct" if where == DIRECT else where
        if (who, place) not in self._windows:
            window = await self._browser.new_page(viewport=WIDE)
            await window.goto(f"{self._address}?as={who}&channel={place}")
            self._windows[who, place] = window
        return self._windows[who, place]


def _beginning(label: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*{re.escape(label)}")


async def _answer(field: Locator, value: str) -> None:
    if await field.evaluate("element => element.tagName") == "SELECT":
        await field.select_option(label=value)
    else:
        await field.fill(value)

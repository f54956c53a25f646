"""A real browser on the console: pages looked at on an office screen and on a phone, and every request noted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Response, sync_playwright

CHROMIUM = "/usr/bin/chromium"
OFFICE, PHONE = (1366, 768), (390, 844)
MOST_BYTES = 300_000


@dataclass(slots=True, kw_only=True)
class Looking:
    """A tab, what it loaded, and where the pictures go."""

    page: Page
    server: str
    pictures: Path
    weight: int = 0
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def at(self, path: str) -> Page:
        """Goes there, and counts what it weighs."""
        self.weight = 0
        self.page.goto(f"{self.server}{path}")
        return self.page

    def picture(self, name: str) -> int:
        """Keeps what the page looks like on both screens; how far it is wider than a phone, in pixels."""
        for width, height in (PHONE, OFFICE):
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.screenshot(path=self.pictures / f"{name}-{width}.png", full_page=True)
            if width == PHONE[0]:
                over = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        return int(over)

    def sign_in(self, username: str, password: str) -> None:
        """By the keyboard alone."""
        self.at("/sign-in/")
        self.page.keyboard.type(username)
        self.page.keyboard.press("Enter")
        self.page.keyboard.type(password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(f"{self.server}/")


@contextmanager
def looking(server: str, pictures: Path) -> Iterator[Looking]:
    """Chromium of the system, headless. `TUODI_PICTURES` names a folder for the pictures."""
    pictures = Path(os.environ.get("TUODI_PICTURES", pictures))
    pictures.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(locale="zh-CN", viewport={"width": OFFICE[0], "height": OFFICE[1]})
        tab = Looking(page=page, server=server, pictures=pictures)
        page.on("request", lambda request: _noted(tab, request.url))
        page.on("response", lambda response: _weighed(tab, response))
        page.on("console", lambda message: _complained(tab, message))
        page.on("pageerror", lambda error: tab.complaints.append(str(error)))
        try:
            yield tab
        finally:
            browser.close()


def _noted(tab: Looking, url: str) -> None:
    if not url.startswith((tab.server, "data:")):
        tab.outside.append(url)


def _weighed(tab: Looking, response: Response) -> None:
    if response.status == 200:
        tab.weight += len(response.body())


def _complained(tab: Looking, message: Any) -> None:
    if message.type in ("error", "warning"):
        tab.complaints.append(message.text)

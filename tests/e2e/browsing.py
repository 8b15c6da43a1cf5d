"""Chromium, let into this machine only, and what a test keeps of what it saw."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route

ARTEFACTS = Path(__file__).parent / "artefacts"

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Milliseconds for whatever a page is awaited to show, on a machine that does other things too.
PATIENCE = 30_000

_HERE = {"127.0.0.1", "localhost"}


class Visit:
    """A browser of somebody's own.

    ``strays`` are the addresses elsewhere that it was stopped from asking, ``complaints`` what scripts and the browser
    found wrong.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.strays: list[str] = []
        self.complaints: list[str] = []
        self._context = context
        context.set_default_timeout(PATIENCE)
        context.route(lambda address: urlsplit(address).hostname not in _HERE, self._stop)

    @property
    def pages(self) -> list[Page]:
        """What is open."""
        return self._context.pages

    def open(self, address: str) -> Page:
        """A page at an address."""
        page = self._context.new_page()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(address)
        return page

    def _stop(self, route: Route) -> None:
        self.strays.append(route.request.url)
        route.abort()

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


@contextmanager
def visit(browser: Browser, *, width: int = 1440, height: int = 1000, **options: Any) -> Iterator[Visit]:
    """A browser of somebody's own, of a size in CSS pixels; ``options`` are Playwright's for a new context."""
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    try:
        yield Visit(context)
    finally:
        context.close()


def await_that(page: Page, holds: Callable[[], object]) -> None:
    """Return once something holds that the browser tells of while a test waits, and no page shows."""
    for _ in range(PATIENCE // 50):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never came to hold")


def keep(page: Page, name: str, *, whole: bool = True) -> None:
    """Keep a picture of a page, the whole of it or what is in view, under a name such as ``web/start``."""
    path = ARTEFACTS / f"{re.sub(r'[^a-zA-Z0-9/._-]+', '-', name)}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=whole, animations="disabled")

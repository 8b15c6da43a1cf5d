"""Every kind of page as people see it: both languages, both themes, phone and wide screen; and the guides' pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from e2e.browsing import Visit, keep, visit
from e2e.inspecting import find_barriers, find_cut
from fakes.leaks import note_text
from playwright.sync_api import Browser, Page, expect

OURS = "/guides/alibaba-cloud-hk-insurance-2019"
LONG = "GL8 5.1(c) " + "supercalifragilistic" * 12


class Kind(NamedTuple):
    """A kind of page: where it is, and what is asked there; of ``attached`` ones the guides' sources are there."""

    path: str
    question: str = ""
    attached: bool = False


KINDS = {
    "start": Kind("/"),
    "answer": Kind("/", "who handles backups under GL8 5.1(c)?"),
    "quoted": Kind("/", "who handles backups under GL8 5.1(c)?", attached=True),
    "many": Kind("/", "which clauses are shared?"),
    "no-such-clause": Kind("/", "GL8 5.9(z)"),
    "clarify": Kind("/", "what about data?"),
    "not-covered": Kind("/", "what is the weather in Paris?"),
    "unbroken": Kind("/", LONG),
    "guides": Kind("/guides"),
    "found": Kind("/guides?q=exit"),
    "none-found": Kind("/guides?q=pineapple"),
    "guide": Kind(OURS),
    "matrix": Kind(f"{OURS}/GL14"),
    "matrix-of-provider": Kind(f"{OURS}/GL8?party=csp"),
    "section": Kind(f"{OURS}/2.1"),
    "section-attached": Kind(f"{OURS}/6.3", attached=True),
    "clause": Kind(f"{OURS}/GL8/5.1(c)"),
    "clause-attached": Kind(f"{OURS}/GL8/5.1(c)", attached=True),
    "nowhere": Kind("/nowhere"),
    "api": Kind("/api/v1/"),
}


@pytest.fixture
def reader(library: str, visitor: Visit) -> Iterator[Visit]:
    """A browser at the service with its sources, which in the end complained of nothing and asked nobody else."""
    yield visitor
    assert (visitor.strays, visitor.complaints) == ([], [])


def show(one: Visit, address: str, kind: Kind) -> Page:
    """A page of a kind."""
    page = one.open(address + kind.path)
    if kind.question:
        page.locator("#question").fill(note_text(kind.question))
        page.keyboard.press("Enter")
        expect(page.locator("article.turn:not(.waiting)")).to_have_count(1)
    return page


@pytest.mark.parametrize("language", ["en-HK", "zh-HK"])
@pytest.mark.parametrize("name", KINDS)
def test_nobody_is_kept_out(name: str, language: str, browser: Browser, request: pytest.FixtureRequest) -> None:
    """On a page of every kind axe-core finds no barrier and all fits its width, in both themes, on a phone and wide."""
    kind = KINDS[name]
    address = request.getfixturevalue("library" if kind.attached else "chat")
    faults = []
    with visit(browser, locale=language) as one:
        page = show(one, address, kind)
        for size, width in {"wide": 1440, "phone": 360}.items():
            page.set_viewport_size({"width": width, "height": 800})
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme)
                faults += [f"{size} {theme}: {line}" for line in find_barriers(page)]
                keep(page, f"pages/{name}-{language[:2]}-{size}-{theme}")
            faults += [f"{size}: {line}" for line in find_cut(page)]
        faults += [f"asked elsewhere: {line}" for line in one.strays]
        faults += [line for line in one.complaints if name != "nowhere" or "404" not in line]
    assert faults == []

"""The responsibility matrix on pages: guides side by side, and the files that the command line writes."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from urllib.parse import urljoin, urlsplit

import pytest
from fakes.browser import INVENTED, OURS, Browser, Seen, browse, real_answerer
from fakes.pages import find_faults

from bot.desk import Desk
from bot.review.matrix import draw_matrix
from bot.review.matrix_forms import MATRIX_TYPES, MatrixFormat, render_matrix
from bot.unrecorded import Unrecorded
from bot.web.headers import HEADERS


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A browser on the service's own machine."""
    async with browse() as found:
        yield found


def desk() -> Desk:
    """What the command line writes from."""
    return Desk(real_answerer(), Unrecorded())


def list_downloads(seen: Seen) -> list[str]:
    """The addresses of a page's downloads."""
    links = seen.page.one("nav", css="downloads").all("a")
    found = [urlsplit(urljoin(f"http://host{seen.path}", link.attributes["href"])) for link in links]
    return [f"{each.path}?{each.query}" for each in found]


@pytest.mark.parametrize(
    ("path", "regulation", "guides", "name"),
    [
        ("/matrix", None, [], "responsibility-matrix"),
        ("/matrix?regulation=GL14", "GL14", [], "responsibility-matrix-GL14"),
        (f"/guides/{INVENTED}/GL14", "GL14", [INVENTED], f"responsibility-matrix-GL14-{INVENTED}"),
    ],
)
async def test_a_matrix_comes_as_a_file_in_every_form(
    browser: Browser, path: str, regulation: str | None, guides: list[str], name: str
) -> None:
    """From each page that shows it: the bytes of `clausebot matrix`, to be kept and never shown."""
    downloads = list_downloads(await browser.get(path))
    drawn = draw_matrix(desk(), regulation, guides)
    assert len(downloads) == len(MatrixFormat)
    for form, download in zip(sorted(MatrixFormat), sorted(downloads), strict=True):
        async with browser.session.get(browser.address + download) as response:
            assert (response.status, await response.read()) == (200, render_matrix(drawn, form)), form
            ending = "oscal.json" if form is MatrixFormat.OSCAL else form.value
            told = f"attachment; filename=\"{name}.{ending}\"; filename*=UTF-8''{name}.{ending}"
            assert response.headers["Content-Disposition"] == told
            assert response.content_type == MATRIX_TYPES[form]
            assert not dict(HEADERS).items() - dict(response.headers).items()


@pytest.mark.parametrize("query", ["", "format=pdf", "format=md&regulation=GL99", "format=md&guide=../x"])
async def test_what_there_is_no_matrix_of_is_told(browser: Browser, query: str) -> None:
    """Another form, regulation or guide: a page that says that there is none."""
    seen = await browser.get(f"/matrix/file?{query}")
    assert (seen.status, find_faults(seen.page)) == (404, [])


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
async def test_guides_stand_side_by_side(browser: Browser, language: str) -> None:
    """Each clause that any guide answers, in a row: a cell a guide, with its split, or that it does not answer it."""
    browser.cookies["clausebot-lang"] = language
    seen = await browser.get("/matrix")
    drawn = draw_matrix(desk())
    assert find_faults(seen.page) == []
    rows = seen.page.one("tbody").all("tr")
    assert [row.one("span", css="ref").text for row in rows] == [clause.ref for clause in drawn.clauses]
    for row, clause in zip(rows, drawn.clauses, strict=True):
        silent = {each.guide: each.reason for each in clause.unanswered}
        for guide, cell in zip((OURS, INVENTED), row.all("td"), strict=True):
            if guide in silent:
                assert not cell.all("a")
                assert " ".join(silent[guide].split()) in cell.text
                continue
            answer = next(each for each in clause.answers if each.guide == guide)
            assert cell.one("a").attributes["href"] == f"./guides/{guide}/{clause.ref.replace(' ', '/')}"
            told = [each.one("span", lang="en").text for each in cell.all("li")]
            assert sorted(told) == sorted(
                " ".join(duty.text.split()) for duty in (*answer.csp, *answer.csc, *answer.third_party)
            )


async def test_a_matrix_is_narrowed_down_to_a_regulation(browser: Browser) -> None:
    """By a link; what is no regulation narrows nothing."""
    seen = await browser.get("/matrix?regulation=GL14")
    assert {row.one("span", css="ref").text.split()[0] for row in seen.page.one("tbody").all("tr")} == {"GL14"}
    assert seen.page.one("nav", css="filter").one("a", aria_current="true").text == "GL14"
    everything = await browser.get("/matrix?regulation=%3Cscript%3E")
    assert everything.page.one("tbody").text == (await browser.get("/matrix")).page.one("tbody").text
    assert "<script>" not in re.sub("<script [^>]*>", "", everything.text)


async def test_who_has_a_link_to_one_page_gets_no_matrix(
    browser: Browser,
) -> None:
    """Neither the page nor a file, where one has to sign in."""
    other = browser.another(Host="bot.example")
    for path in ("/matrix", "/matrix/file?format=csv", "/matrix/file?format=csv&signed=a.b"):
        seen = await other.get(path)
        assert (seen.status, bool(seen.page.all("input", id="token"))) == (401, True)

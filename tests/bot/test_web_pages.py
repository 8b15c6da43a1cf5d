"""Every page, in both languages: well formed, all links lead somewhere, nothing loaded from elsewhere, readable."""

from __future__ import annotations

import asyncio
import io
import re
import string
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from fakes.browser import Browser, Seen, browse, real_answerer
from fakes.pages import find_faults

from bot.web.headers import HEADERS
from bot.web.messages import LONGEST_QUESTION
from bot.web.phrases import WEB_PHRASES
from bot.web.reading_phrases import READING_PHRASES
from bot.web.review_phrases import REVIEW_PHRASES

STATIC = Path(__file__).parents[2] / "bot" / "web" / "static"
MOST_PAGES = 400

# Where links lead to no page.
ELSEWHERE = ("/api/", "/matrix/file")


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A browser on the service's own machine."""
    async with browse() as found:
        yield found


async def crawl(browser: Browser) -> dict[str, Seen]:
    """Every page that links lead to from the start page, by its path and query."""
    pages: dict[str, Seen] = {}
    waiting = ["/"]
    while waiting:
        path = waiting.pop()
        if path in pages:
            continue
        assert len(pages) < MOST_PAGES
        pages[path] = seen = await browser.get(path)
        for link in seen.page.all("a"):
            target = urlsplit(urljoin(f"http://host{seen.path}", link.attributes["href"]))
            assert target.netloc == "host", link.attributes
            if "lang=" not in target.query and "theme=" not in target.query and not target.path.startswith(ELSEWHERE):
                waiting.append(target.path + (f"?{target.query}" if target.query else ""))
    return pages


def list_pages() -> set[str]:
    """The path of every page that the guides have."""
    paths = {"/", "/guides", "/matrix", "/review"}
    for guide in real_answerer().catalogue().guides:
        places = [section.number for section in guide.sections] + list(guide.regulations)
        places += [clause.ref.replace(" ", "/") for clause in guide.clauses]
        paths |= {f"/guides/{guide.id}", *(f"/guides/{guide.id}/{place}" for place in places)}
    return paths


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
async def test_every_page_is_valid_and_every_link_leads_to_one(browser: Browser, language: str) -> None:
    """From the start page every page of both guides is reached; each is whole, named, in order, and in its language."""
    browser.cookies["clausebot-lang"] = language
    pages = await crawl(browser)
    assert list_pages() <= {urlsplit(path).path for path in pages}
    assert {path: seen.status for path, seen in pages.items() if seen.status != 200} == {}
    assert {path: faults for path, seen in pages.items() if (faults := find_faults(seen.page))} == {}
    assert {seen.page.one("html").attributes["lang"] for seen in pages.values()} == {language}
    assert {path for path, seen in pages.items() if dict(HEADERS).items() - dict(seen.headers).items()} == set()
    for path, seen in pages.items():
        if language == "zh-Hant":
            assert not re.search(r"\S(?:</span>)?, 第|Alibaba Cloud, 第", seen.text), path
        named = re.findall(r'(?:href|src)="([^"]*)"', seen.text)
        assert named, path
        for link in named:  # what leads to a place on another page leads to something there
            target = urlsplit(urljoin(f"http://host{seen.path}", link.replace("&amp;", "&")))
            there = pages.get(target.path + (f"?{target.query}" if target.query else ""))
            if target.fragment and there:
                assert f'id="{target.fragment}"' in there.text, link


async def test_pages_of_what_goes_wrong_are_valid_too(browser: Browser) -> None:
    """The pages for unknown addresses, refused forms, sign-in and no results."""
    start = await browser.get("/")
    seal = {"seal": start.seal}
    seen = [
        await browser.get("/no/such/page"),
        await browser.get("/guides/no-guide"),
        await browser.post("/", {}),
        await browser.post("/", seal | {"question": "x" * (LONGEST_QUESTION + 1)}),
        await browser.post("/feedback", seal | {"answer": "?"}),
        await browser.get("/guides?q=zzzzzz"),
        await browser.another(Host="elsewhere.example").get("/"),
        await browser.send("POST", "/guides"),
        await browser.send("POST", "/", data=io.BytesIO(b"x" * 2_000_000)),
    ]
    assert [each.status for each in seen] == [404, 404, 403, 413, 400, 200, 401, 405, 413]
    assert [find_faults(each.page) for each in seen] == [[]] * len(seen)


async def test_a_method_that_a_page_does_not_take_is_told_with_those_it_does(browser: Browser) -> None:
    """People get a page, programs a line, both the header."""
    for kind in ("text/html", "*/*"):
        seen = await browser.send("POST", "/guides", headers={"Accept": kind})
        assert (seen.status, seen.headers["Allow"]) == (405, "GET,HEAD")
        assert ("This is no page to open" in seen.text) is (kind == "text/html")


async def test_a_body_that_comes_too_slowly_is_told_on_a_page(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the headers of every page; a program gets a line."""
    monkeypatch.setattr("bot.server._BODY_WITHIN", 0.05)

    async def trickle(answered: asyncio.Event) -> AsyncIterator[bytes]:
        yield b"question="
        await answered.wait()

    for kind in ("text/html", "*/*"):
        answered = asyncio.Event()
        sent = {"data": trickle(answered), "headers": {"Accept": kind}}
        async with browser.session.post(f"{browser.address}/", **sent) as response:
            answered.set()
            policy = response.headers["Content-Security-Policy"]
            assert (response.status, policy) == (408, HEADERS["Content-Security-Policy"])
            assert ("That took too long" in await response.text()) is (kind == "text/html")


async def test_the_longest_question_is_asked_from_a_page(browser: Browser) -> None:
    """As many characters as the box takes, which are those of the API; a line's end counts once, as in browsers."""
    box = (await browser.get("/")).page.one("textarea")
    assert box.attributes["maxlength"] == str(LONGEST_QUESTION)
    question = ("備份" + "\r\n" * 100).ljust(LONGEST_QUESTION + 99, "字") + "?"
    assert (await browser.ask(question)).status == 200
    too_long = await browser.ask(question + "?")
    assert (too_long.status, f"at most {LONGEST_QUESTION:,} characters" in too_long.page.text) == (413, True)


async def test_an_answer_is_valid_whatever_its_outcome(browser: Browser) -> None:
    """Answers, choices, refusals, many clauses, follow-ups, in both languages: valid pages."""
    for question in ("who handles backups?", "GL8 5.1(e)", "who pays for lunch?", "security?", "GL14", "由誰負責備份?"):
        seen = await browser.ask(question)
        assert (seen.status, find_faults(seen.page)) == (200, []), question


async def test_a_program_gets_a_line_where_there_is_nothing(browser: Browser) -> None:
    """What does not accept a page is sent none."""
    seen = await browser.send("GET", "/no/such/page", headers={"Accept": "application/json"})
    assert (seen.status, seen.text) == (404, "404: Not Found")


async def test_what_pages_load_is_kept_for_ever_under_a_name_of_its_content(browser: Browser) -> None:
    """Style, script and icon: their types, and no cookie."""
    page = (await browser.get("/")).page
    loaded = [page.one("link", rel="stylesheet"), page.one("link", rel="icon"), page.one("script")]
    types = []
    for each in loaded:
        path = "/" + (each.attributes.get("href") or each.attributes["src"]).removeprefix("./")
        seen = await browser.another().send("GET", path)
        assert seen.status == 200
        assert seen.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert not seen.cookies
        types.append(seen.headers["Content-Type"])
    assert types == [
        "text/css; charset=utf-8",
        "image/svg+xml; charset=utf-8",
        "text/javascript; charset=utf-8",
    ]


@pytest.mark.parametrize("path", sorted(STATIC.iterdir()), ids=lambda path: path.name)
def test_no_file_asks_another_host(path: Path) -> None:
    """No address but the name of SVG stands in them, and no script is made of text."""
    text = path.read_text(encoding="utf-8")
    assert set(re.findall(r"https?://[^\s\"')]+", text)) <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"\beval\(|new Function|@import|url\(|setAttribute\(\"style", text)


def test_nothing_moves_for_those_who_want_less_motion() -> None:
    """Pages scroll smoothly only where that is welcome, and the script leaves it to the style."""
    style = (STATIC / "clausebot.css").read_text(encoding="utf-8")
    smooth = re.findall(r"([^\n]*)scroll-behavior: smooth", style)
    assert smooth
    assert all("(prefers-reduced-motion: no-preference)" in before for before in smooth)
    assert "behavior:" not in (STATIC / "clausebot.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("phrases", [WEB_PHRASES, READING_PHRASES, REVIEW_PHRASES], ids=["web", "reading", "review"])
def test_both_languages_say_the_same(phrases: Any) -> None:
    """Every phrase is there in both, with the same places to fill in, and none is left in English."""
    english, chinese = flatten(asdict(phrases["en"])), flatten(asdict(phrases["zh-Hant"]))
    assert english.keys() == chinese.keys()
    for name in english:
        assert places(english[name]) == places(chinese[name]), name
        assert english[name].strip(), name
    same = {name for name in english if english[name] == chinese[name]}
    assert same <= {"example_questions.3"}


def flatten(value: Any, name: str = "") -> dict[str, str]:
    """Every text in some phrases by its name."""
    if isinstance(value, str):
        return {name: value}
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    return {inner: text for key, held in pairs for inner, text in flatten(held, f"{name}.{key}".strip(".")).items()}


def places(text: str) -> set[str | None]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


COLOURS = dict(
    re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}, #[0-9a-f]{6})\);", (STATIC / "clausebot.css").read_text())
)
PAPERS = ("ground", "sheet", "raised")
ON = [
    *((ink, paper, 4.5) for ink in ("ink", "soft", "csp", "csc", "third", "wrong") for paper in PAPERS),
    *((party, f"{party}-tint", 4.5) for party in ("csp", "csc", "third")),
    *(("ink", f"{party}-tint", 4.5) for party in ("csp", "csc", "third")),
    *(("soft", f"{party}-tint", 4.5) for party in ("csp", "csc", "third")),
    *(("edge", paper, 3.0) for paper in ("ground", "sheet")),
]


@pytest.mark.parametrize(("ink", "paper", "least"), ON, ids=str)
@pytest.mark.parametrize("dark", [0, 1], ids=["light", "dark"])
def test_texts_and_edges_stand_out_from_what_they_stand_on(ink: str, paper: str, least: float, dark: int) -> None:
    """WCAG 2.2 AA: 4.5 to 1 for text, 3 to 1 for the edges of what is filled in, in light and dark."""
    brighter, darker = sorted((luminance(ink, dark), luminance(paper, dark)), reverse=True)
    assert (brighter + 0.05) / (darker + 0.05) >= least


def luminance(name: str, dark: int) -> float:
    """The relative luminance of a colour, as WCAG defines it."""
    colour = COLOURS[name].split(", ")[dark]
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

"""Every kind of page as people see it: both languages, both themes, phone and wide screen; and the guides' pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from e2e.browsing import ARTEFACTS, Visit, keep, visit
from e2e.inspecting import inspect
from e2e.programs import read_pdf
from fakes.leaks import note_text
from playwright.sync_api import Browser, Locator, Page, expect

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
    "matrices": Kind("/matrix"),
    "matrices-of-two": Kind("/matrix?regulation=GL8", attached=True),
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
    with visit(browser, locale=language) as one:
        page = show(one, address, kind)
        faults = inspect(page, f"{name}-{language[:2]}")
        faults += [f"asked elsewhere: {line}" for line in one.strays]
        faults += [line for line in one.complaints if name != "nowhere" or "404" not in line]
    assert faults == []


@pytest.mark.parametrize("language", ["en-HK", "zh-HK"])
def test_what_opens_keeps_nobody_out(language: str, chat: str, browser: Browser) -> None:
    """So it is with what opens: folded duties and notes, reasons of a no, clauses behind a slash, what was asked."""
    with visit(browser, locale=language) as one:
        page = show(one, chat, KINDS["answer"])
        page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        rating = page.locator(".rating")
        rating.locator("button[value=no]").click()
        expect(rating.get_by_role("radio").first).to_be_focused()
        faults = inspect(page, f"reasons-{language[:2]}")
        rating.get_by_role("radio").first.check()
        rating.locator(".send-reason").click()
        expect(rating.locator(".thanks")).to_be_visible()
        faults += inspect(page, f"thanks-{language[:2]}")
        fresh = page.context.new_page()
        fresh.goto(chat)
        expect(fresh.locator("#recent")).to_be_visible()
        fresh.locator("#question").press("/")
        expect(fresh.get_by_role("option").first).to_be_visible()
        faults += inspect(fresh, f"options-{language[:2]}")
    assert faults == []


def is_lit(element: Locator) -> bool:
    """Whether it shows that it is tied to what is pointed at."""
    return "is-tied" in (element.get_attribute("class") or "").split()


def list_lit(page: Page) -> list[str]:
    """What lights up, by id, in the page's order."""
    return [each.get_attribute("id") or "" for each in page.locator(".is-tied").all()]


def tell_background(element: Locator) -> str:
    """The colour behind an element."""
    colour: str = element.evaluate("(each) => getComputedStyle(each).backgroundColor")
    return colour


BACKUPS = "Makes sure that its content is backed up properly."


def test_a_duty_lights_its_sentence_up(reader: Visit, library: str) -> None:
    """A duty that is pointed at, or has the focus, lights up with the guide's own sentence, a line between them."""
    page = reader.open(f"{library}{OURS}/GL8/5.1(c)")
    duty = page.locator(".duty", has_text=BACKUPS)
    words = page.locator("#s3 .words")
    expect(words).not_to_be_empty()
    assert list_lit(page) == []
    dark = tell_background(words)
    duty.hover()
    expect(page.locator("svg.tie path.csc")).to_have_count(1)
    assert list_lit(page) == [duty.get_attribute("id"), "s3"]
    expect(words).not_to_have_css("background-color", dark)
    keep(page, "viewer/hover", whole=False)
    page.locator("h1").hover()
    expect(page.locator(".is-tied")).to_have_count(0)
    expect(page.locator("svg.tie")).to_have_count(0)
    duty.get_by_role("link").focus()
    assert list_lit(page) == [duty.get_attribute("id"), "s3"]


def test_a_sentence_lights_its_duties_up(reader: Visit, library: str) -> None:
    """A sentence that is pointed at, or whose number has the focus, lights every statement up that is tied to it."""
    page = reader.open(f"{library}{OURS}/GL8/5.1(c)")
    sentence = page.locator("#s3")
    ids = [each.get_attribute("id") for each in page.locator(".passage [data-ties~='s3']").all()]
    assert [page.locator(f"#{each}.duty.csc").count() for each in ids] == [1, 1, 0]
    sentence.locator(".words").hover()
    expect(page.locator("svg.tie path")).to_have_count(3)
    assert list_lit(page) == [*ids, "s3"]
    page.locator("h1").hover()
    sentence.get_by_role("link", name="Sentence 3, to what restates it").focus()
    assert list_lit(page) == [*ids, "s3"]
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"#{ids[0]}$"))
    expect(page.locator(f"#{ids[0]}.is-tied")).to_have_count(1)


@pytest.mark.parametrize("service", ["library", "chat"])
def test_a_link_lights_its_sentence_up(
    service: str, visitor: Visit, browser: Browser, request: pytest.FixtureRequest
) -> None:
    """An address that ends in a sentence shows it lit up with its duties; without the source, by its name only."""
    address = request.getfixturevalue(service) + f"{OURS}/GL8/5.1(c)#s3"
    page = visitor.open(address)
    expect(page.locator("#s3.is-tied")).to_be_in_viewport()
    expect(page.locator(".duty.is-tied", has_text=BACKUPS)).to_have_count(1)
    attached = service == "library"
    expect(page.locator("#s3 .words")).to_have_count(int(attached))
    expect(page.locator("#source")).to_contain_text("The guide's own words" if attached else "Sentence 3")
    keep(page, f"viewer/linked-{service}", whole=False)
    page.get_by_role("link", name="section 5.1, row c, paragraph 2, sentence 2, pages 9-10").click()
    expect(page.locator("#p2-s2.is-tied")).to_be_in_viewport()
    assert not is_lit(page.locator("#s3"))
    assert (visitor.strays, visitor.complaints) == ([], [])
    with visit(browser, java_script_enabled=False) as plain:
        part = plain.open(address).locator("#s3").locator(".words, .no-words")
        expect(part).to_be_in_viewport()
        shadow = part.evaluate("(each) => getComputedStyle(each).boxShadow")
        assert shadow != "none"


def test_on_a_phone_a_sentence_is_a_tap_away(library: str, browser: Browser) -> None:
    """On a phone the source stands below the duties: a tap on a place leads there, and on a number back."""
    with visit(browser, width=360, height=740, has_touch=True, is_mobile=True) as one:
        page = one.open(f"{library}{OURS}/GL8/5.1(c)")
        duty = page.locator(".duty", has_text=BACKUPS)
        expect(page.locator("#s3")).not_to_be_in_viewport()
        duty.get_by_role("link").tap()
        expect(page.locator("#s3.is-tied")).to_be_in_viewport()
        keep(page, "viewer/phone", whole=False)
        page.locator("#s3 .number").tap()
        expect(page.locator(".duty.is-tied").first).to_be_in_viewport()
        assert (one.strays, one.complaints) == ([], [])


def test_through_the_guide(reader: Visit, library: str) -> None:
    """From clause to clause: by the contents, to what stands before and after, to related ones, to other guides."""
    page = reader.open(f"{library}{OURS}")
    contents, title = page.get_by_role("navigation", name="Contents"), page.get_by_role("heading", level=1)
    contents.get_by_role("link", name="5.1(b) Integrity of data").click()
    expect(title).to_have_text("GL8 5.1(b) Integrity of data")
    expect(contents.locator("[aria-current=page]")).to_contain_text("5.1(b)")
    page.get_by_role("link", name="After GL8 5.1(c)").click()
    expect(title).to_contain_text("GL8 5.1(c)")
    page.get_by_role("link", name="Before GL8 5.1(b)").click()
    expect(title).to_contain_text("GL8 5.1(b)")
    page.get_by_role("link", name="After GL8 5.1(c)").click()
    page.get_by_role("link", name="GL14 5.17 Contingency planning and exit").last.click()
    expect(title).to_contain_text("GL14 5.17")
    page.go_back()
    page.get_by_role("link", name="Quaymoth Cloud", exact=False).first.click()
    expect(title).to_contain_text("Spare copies")
    page.get_by_role("link", name="GL8", exact=True).first.click()
    expect(title).to_contain_text("Guideline on the Use of Internet")


def test_the_matrix_by_party(reader: Visit, library: str) -> None:
    """A regulation's page shows every clause with both parties' duties, or those of one party, as a page to link to."""
    page = reader.open(f"{library}{OURS}/GL8")
    rows = page.get_by_role("table", name="Responsibility matrix of GL8").locator("tbody tr")
    expect(rows).to_have_count(5)
    row = rows.filter(has_text="GL8 5.1(d)")
    expect(row.locator("td.csc")).to_have_text("The guide names no customer duty here.")
    expect(row.locator("td.csp")).to_contain_text("Maintains strict access controls.")
    row.get_by_text("6 more").click()
    expect(row.locator("details li").last).to_be_visible()
    page.get_by_role("link", name="Customer 4").click()
    expect(page).to_have_url(re.compile(r"party=csc$"))
    expect(rows).to_have_count(4)
    expect(rows.filter(has_text="GL8 5.1(d)")).to_have_count(0)
    page.get_by_role("link", name="Third party 0").click()
    expect(page.get_by_text("No clause names a duty of this party.")).to_be_visible()
    page.get_by_role("link", name="All clauses 5").click()
    rows.first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("GL8 5.1(a)")


def test_a_question_on_a_clause_is_about_it(reader: Visit, library: str) -> None:
    """What is asked on a clause's page is answered about that clause."""
    page = reader.open(f"{library}{OURS}/GL8/5.1(c)")
    page.get_by_role("textbox", name="Ask about GL8 5.1(c)").fill(note_text("what does the customer have to do?"))
    page.keyboard.press("Enter")
    expect(page.locator("article.turn .answer")).to_contain_text("GL8 5.1(c)")


def test_a_clause_on_paper(reader: Visit, library: str) -> None:
    """Printed, a clause is evidence: split, source, citation, address and corpus, everything unfolded, no buttons."""
    page = reader.open(f"{library}{OURS}/GL8/5.1(c)")
    page.evaluate("window.print = () => {}")
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 720, "height": 1000})
    for shown in (".party.csp", ".party.csc", "#source", ".head .cite", ".colophon"):
        expect(page.locator(shown).first).to_be_visible()
    for hidden in (".top", ".contents", ".tools .tool", ".about", ".beside", ".foot", ".crumbs"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator(".colophon")).to_contain_text("Corpus")
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    keep(page, "viewer/print")
    page.pdf(path=ARTEFACTS / "viewer/print.pdf", format="A4")
    text = read_pdf(ARTEFACTS / "viewer/print.pdf")
    for printed in (BACKUPS, f"{OURS.lstrip('/')}/GL8/5.1(c)", page.locator(".colophon dd").nth(2).inner_text()):
        assert printed in text
    assert "Find a clause" not in text

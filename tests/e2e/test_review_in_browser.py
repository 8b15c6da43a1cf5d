"""Questionnaires on the web as people use it: up, looked through, down again, deleted."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.browsing import Visit, await_that, keep, visit
from e2e.conftest import LIMITS, make_token, watch
from e2e.inspecting import inspect
from e2e.programs import run_service
from fakes.leaks import note_file, note_text
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Browser, FilePayload, Locator, Page, Route, expect

ASKED = {
    "Who handles backups under GL8 5.1(c)?": True,
    "Who encrypts the customer's data?": True,
    "What is the colour of the office walls?": False,
    "GL14 5.13": True,
}
NAME = "vendor review 2026.csv"
DONE = "4 questions: 3 answered, 1 left to a person"


@pytest.fixture
def reviewer(chat: str, visitor: Visit) -> Iterator[Page]:
    """The page to upload to, in a browser that in the end complained of nothing and asked nobody else."""
    page = visitor.open(f"{chat}/review")
    yield page
    assert (visitor.strays, visitor.complaints) == ([], [])


def write_lines(questions: list[str]) -> bytes:
    """A CSV file with questions."""
    written = io.StringIO(newline="")
    rows = [["No.", "Question", "Answer"], *([number, note_text(text), ""] for number, text in enumerate(questions, 1))]
    csv.writer(written).writerows(rows)
    return written.getvalue().encode()


def name_file(name: str, content: bytes) -> FilePayload:
    """A file as it is chosen."""
    return {"name": note_text(name), "mimeType": "application/octet-stream", "buffer": content}


def upload(page: Page, name: str = NAME, content: bytes = b"") -> None:
    """Choose a file, and send it."""
    page.get_by_label("Questionnaire", exact=True).set_input_files(name_file(name, content or write_lines([*ASKED])))
    page.get_by_role("button", name="Review it").click()


def is_asked_by_script(route: Route) -> bool:
    """Whether a page looks for a part of itself, rather than being loaded."""
    return route.request.method == "GET" and "x-requested-with" in route.request.headers


def await_result(page: Page) -> Locator:
    """The rows of a review that is ready."""
    expect(page.locator("#counts")).to_be_visible()
    return page.locator("#rows tbody tr")


def download(page: Page, folder: Path) -> Path:
    """The file that comes back."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("^Download ")).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def test_a_questionnaire_comes_back_filled(reviewer: Page, tmp_path: Path) -> None:
    """A file is looked through on the page, by what a person must do too, and comes down as it is shown."""
    upload(reviewer)
    rows = await_result(reviewer)
    expect(reviewer.get_by_role("heading", level=1)).to_have_text(NAME)
    expect(reviewer.locator("#counts")).to_have_text(DONE)
    expect(rows).to_have_count(4)
    expect(rows.nth(0)).to_contain_text("Who handles backups under GL8 5.1(c)?")
    expect(rows.nth(0)).to_contain_text("Customer (CSC-owned)")
    keep(reviewer, "review/result")
    reviewer.get_by_role("link", name="Needs a person 1").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("What is the colour of the office walls?")
    reviewer.get_by_role("link", name="Answered 3").click()
    expect(rows).to_have_count(3)
    path = download(reviewer, tmp_path)
    assert path.name == "vendor review 2026-reviewed.csv"
    with path.open(encoding="utf-8", newline="") as file:
        read = {row["Question"]: row for row in csv.DictReader(file)}
    assert {text: row["Clausebot: Status"] == "answered" for text, row in read.items() if text in ASKED} == ASKED
    expect(rows.nth(0)).to_contain_text(read["Who handles backups under GL8 5.1(c)?"]["Clausebot: Confidence"])
    rows.nth(0).get_by_role("link", name="GL8 5.1(c)").click()
    expect(reviewer.get_by_role("heading", level=1)).to_contain_text("Backup of databases")


def test_a_workbook_comes_back_filled(reviewer: Page, tmp_path: Path) -> None:
    """A workbook comes back as one, its own answer column filled in the words of its dropdown."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (["No.", "Question", "Response"], *([n, note_text(text), None] for n, text in enumerate(ASKED, 1))):
        sheet.append(row)
    choices = DataValidation(type="list", formula1='"Provider,Customer,Shared,N/A"')
    choices.add("C2:C5")
    sheet.add_data_validation(choices)
    book.save(tmp_path / "review.xlsx")
    upload(reviewer, "review.xlsx", (tmp_path / "review.xlsx").read_bytes())
    expect(await_result(reviewer).nth(0)).to_contain_text("Provider / Customer / Shared / N/A")
    filled = load_workbook(download(reviewer, tmp_path))[sheet.title]
    answers = [filled.cell(row, 3).value for row in range(2, 6)]
    assert answers == ["Customer", "Provider", None, "Shared"]


def test_how_far_it_is_shows(reviewer: Page) -> None:
    """While a long questionnaire is worked on the page tells how far it is; then it stands there, page by page."""
    held: list[Route] = []
    upload_long = write_lines([f"Who handles backup number {number}?" for number in range(6000)])
    is_look = re.compile(r"/review/[\w-]+$")
    reviewer.route(is_look, lambda route: held.append(route) if is_asked_by_script(route) else route.fallback())
    upload(reviewer, "long.csv", upload_long)
    expect(reviewer.get_by_role("progressbar", name="Progress of the review")).to_be_visible()
    assert inspect(reviewer, "review-progress-en") == []
    await_that(reviewer, lambda: held)
    assert len(held) == 1
    reviewer.unroute(is_look)
    reviewer.reload()
    rows = await_result(reviewer)
    expect(reviewer.locator("#counts")).to_contain_text("6000 questions")
    expect(rows).to_have_count(100)
    expect(reviewer.get_by_text("Page 1 of 60")).to_be_visible()
    reviewer.get_by_role("link", name="After").click()
    expect(rows.first).to_contain_text("Who handles backup number 100?")


def test_it_is_found_again(reviewer: Page, chat: str, browser: Browser) -> None:
    """Whoever sent a file finds its review in the list, which another browser has not; and deletes it."""
    upload(reviewer)
    await_result(reviewer)
    address = reviewer.url
    with visit(browser) as other:
        expect(other.open(f"{chat}/review").get_by_text("Your reviews")).to_have_count(0)
    reviewer.goto(f"{chat}/review")
    reviewer.get_by_role("region", name="Your reviews").get_by_role("link", name=NAME).first.click()
    await_result(reviewer)
    reviewer.get_by_role("button", name="Delete now").click()
    expect(reviewer.get_by_role("status").filter(has_text="deleted")).to_be_visible()
    assert [reviewer.request.get(each).status for each in (address, f"{address}/file")] == [404, 404]


def test_it_is_the_persons_own(browser: Browser, tmp_path: Path) -> None:
    """Where people sign in, nobody sees a review but who sent it, whatever address they know."""
    with run_service(tmp_path, PUBLIC_URL="https://clausebot.example", **LIMITS) as (running, address):
        note_file(running.log)
        with visit(browser) as one, visit(browser) as other:
            own, theirs = (sign_in(each, f"{address}/review", make_token(tmp_path)) for each in (one, other))
            own.goto(f"{address}/review")
            upload(own)
            await_result(own)
            theirs.goto(own.url)
            expect(theirs.locator("main")).to_contain_text("This review is not here.")
            assert NAME not in theirs.content()
            assert theirs.request.get(f"{own.url}/file").status == 404
            assert own.request.get(f"{own.url}/file").status == 200
        watch(running)


def sign_in(one: Visit, address: str, token: str) -> Page:
    """A page of somebody who signed in."""
    page = one.open(address)
    page.get_by_label("Access token").fill(token)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    return page


def test_bad_files_are_told(reviewer: Page, tmp_path: Path) -> None:
    """A file that can't be read is told in a line, beside the form to try again; one too large isn't even sent."""
    upload(reviewer, "review.xlsx", b"%PDF-1.7 a document of another kind")
    expect(reviewer.get_by_role("heading", level=1)).to_have_text("This file could not be reviewed")
    expect(reviewer.locator("#problem")).to_contain_text("The file is a PDF.")
    assert inspect(reviewer, "review-failed-en") == []
    sent = []
    reviewer.on("request", lambda request: sent.append(request.method))
    large = tmp_path / "large.csv"
    large.write_bytes(b"Question\n" + b"x" * 20_000_001)
    reviewer.get_by_label("Questionnaire", exact=True).set_input_files(large)
    reviewer.get_by_role("button", name="Review it").click()
    expect(reviewer.get_by_role("alert")).to_contain_text("The file has more than 20 MB.")
    assert sent == []
    upload(reviewer)
    await_result(reviewer)


def test_by_keyboard_alone(reviewer: Page) -> None:
    """The whole of it can be reached and done with keys: file, columns, sending, filter, clause, deleting."""
    reviewer.get_by_label("Questionnaire", exact=True).set_input_files(name_file(NAME, write_lines([*ASKED])))
    reviewer.get_by_label("Questionnaire", exact=True).focus()
    press_until(reviewer, "Name the columns yourself")
    reviewer.keyboard.press("Enter")
    reviewer.keyboard.press("Tab")
    expect(reviewer.get_by_label("Column of the questions")).to_be_focused()
    reviewer.keyboard.type("Question")
    press_until(reviewer, "Review it")
    reviewer.keyboard.press("Enter")
    rows = await_result(reviewer)
    press_until(reviewer, "Needs a person")
    reviewer.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    press_until(reviewer, "Delete now")
    reviewer.keyboard.press("Enter")
    expect(reviewer.get_by_role("status").filter(has_text="deleted")).to_be_visible()


def press_until(page: Page, name: str) -> None:
    """Press Tab until what has the focus is called so."""
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText ?? ''").strip().startswith(name):
            return
    raise AssertionError(f"nothing called {name} can be reached")


def test_without_a_script(chat: str, browser: Browser, tmp_path: Path) -> None:
    """Without JavaScript a file goes up, its page looks again by itself, and the result comes down and is deleted."""
    with visit(browser, java_script_enabled=False) as one:
        page = one.open(f"{chat}/review")
        upload(page)
        rows = await_result(page)
        expect(rows).to_have_count(4)
        page.get_by_role("link", name="Answered 3").click()
        expect(rows).to_have_count(3)
        assert b"needs a person" in download(page, tmp_path).read_bytes()
        page.get_by_role("button", name="Delete now").click()
        expect(page.get_by_role("status")).to_contain_text("deleted")


@pytest.mark.parametrize("language", ["en-HK", "zh-HK"])
def test_nobody_is_kept_out(language: str, chat: str, browser: Browser) -> None:
    """The form with all that it has and the table have no barrier, and fit a phone, in both themes and languages."""
    with visit(browser, locale=language) as one:
        page = one.open(f"{chat}/review")
        page.locator("details summary").click()
        faults = inspect(page, f"review-form-{language[:2]}")
        page.locator("#file").set_input_files(name_file(NAME, write_lines([*ASKED, "x" * 300])))
        page.locator("#upload .primary").click()
        await_result(page)
        faults += inspect(page, f"review-result-{language[:2]}")
        assert (faults, one.strays, one.complaints) == ([], [], [])

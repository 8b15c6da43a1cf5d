"""The web chat as people use it: with a script and without, by keyboard, in Chinese, signed in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from e2e.browsing import Visit, await_that, keep, visit
from e2e.conftest import LIMITS, make_token, watch
from e2e.inspecting import inspect
from e2e.programs import run_clausebot, run_service
from fakes.leaks import note_file, note_text
from playwright.sync_api import Browser, Locator, Page, expect

BACKUPS = "who handles backups under GL8 5.1(c)?"


@pytest.fixture
def talk(chat: str, visitor: Visit) -> Iterator[Page]:
    """The chat's start page, which in the end complained of nothing and asked nobody else."""
    page = visitor.open(chat)
    yield page
    assert (visitor.strays, visitor.complaints) == ([], [])


def see_answer(page: Page, number: int = 1) -> Locator:
    """The latest answer of so many."""
    turns = page.locator("article.turn:not(.waiting)")
    expect(turns).to_have_count(number)
    return turns.last


def ask(page: Page, question: str, number: int = 1) -> Locator:
    """Ask something; the answer, the so-manieth on the page."""
    page.locator("#question").fill(note_text(question))
    page.keyboard.press("Enter")
    return see_answer(page, number)


def export(folder: Path) -> list[dict[str, Any]]:
    """The records' answers, with what was thought of them."""
    return [json.loads(line) for line in run_clausebot(folder, "records", "export", "--format", "jsonl").splitlines()]


def test_a_question_is_answered(talk: Page) -> None:
    """A question shows who does it, both parties and where it stands, and the box is ready for the next."""
    answer = ask(talk, BACKUPS)
    expect(answer.get_by_role("heading", name=BACKUPS)).to_be_visible()
    expect(answer.locator(".verdict")).to_contain_text("Customer (CSC-owned)")
    expect(answer.locator(".party.csp")).to_contain_text("Offers various facilities")
    expect(answer.locator(".party.csc")).to_contain_text("Makes sure that its content is backed up properly.")
    expect(answer.locator(".cite").first).to_contain_text("section 5.1, row c, pages 9-10")
    expect(talk.get_by_role("status").filter(has_text="The customer.")).to_have_count(1)
    expect(talk.locator("#question")).to_be_focused()
    expect(talk.locator("#question")).to_have_value("")
    expect(talk.locator(".start")).to_be_hidden()


def test_what_stands_where_leads_into_the_guide(talk: Page) -> None:
    """A duty's place leads to its sentence in the viewer; on the way back the talk is still there."""
    ask(talk, BACKUPS).locator(".party.csc .place").first.click()
    expect(talk).to_have_url(re.compile(r"/guides/[\w-]+/GL8/5\.1\(c\)#s3$"))
    expect(talk.locator("#s3")).to_be_visible()
    talk.go_back()
    expect(see_answer(talk).locator(".verdict")).to_contain_text("Customer (CSC-owned)")
    talk.get_by_role("link", name="Guides").click()
    talk.get_by_role("link", name="Ask", exact=True).click()
    expect(see_answer(talk).locator(".verdict")).to_contain_text("Customer (CSC-owned)")


def test_a_choice_is_answered(talk: Page) -> None:
    """Where the guide has no response to a clause, one nearby is answered when it is chosen."""
    answer = ask(talk, "GL8 5.9(z)")
    expect(answer.locator(".verdict")).to_have_text("The guide has no response to GL8 5.9(z).")
    answer.get_by_role("button", name="GL8 5.1(c)").click()
    expect(see_answer(talk, 2)).to_contain_text("Backup of databases and application software")


def test_a_vague_question_is_asked_back(talk: Page) -> None:
    """A question that could mean much is answered with choices, and a choice, by keyboard, with its clause."""
    answer = ask(talk, "what about data?")
    expect(answer.locator(".verdict")).to_contain_text("Which duty do you mean?")
    choice = answer.get_by_role("button", name="GL8 5.1(d)")
    choice.focus()
    talk.keyboard.press("Enter")
    expect(see_answer(talk, 2)).to_contain_text("Protection of clients' personal information")


def test_a_follow_up_keeps_the_clause(talk: Page) -> None:
    """What is asked next without naming a clause is about the one before."""
    ask(talk, "GL14 5.13")
    expect(ask(talk, "and what does the customer have to do?", 2)).to_contain_text("On GL14 5.13, as before.")


def test_clauses_are_listed_behind_a_slash(talk: Page) -> None:
    """A slash lists clauses while one types: by arrow keys, Enter and Escape, by mouse, and by / anywhere."""
    box, options = talk.locator("#question"), talk.get_by_role("option")
    talk.locator("h1").click()
    talk.keyboard.press("/")
    expect(box).to_be_focused()
    expect(options.first).to_be_visible()
    talk.keyboard.type("5.8")
    expect(options.first).to_have_attribute("data-ref", "GL14 5.8(a)")  # which no list was headed by before
    talk.keyboard.press("ArrowDown")
    second = options.nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", second.get_attribute("id") or "")
    ref = second.get_attribute("data-ref") or ""
    talk.keyboard.press("Enter")
    expect(box).to_have_value(f"{ref} ")
    expect(options.first).to_be_hidden()
    talk.keyboard.type("or /備份")
    expect(options.first).to_have_attribute("data-ref", "GL8 5.1(c)")
    talk.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    box.fill("/backup")
    expect(options.first).to_contain_text("Backup of databases")
    options.first.click()
    expect(box).to_have_value("GL8 5.1(c) ")
    talk.keyboard.press("Enter")
    expect(see_answer(talk)).to_contain_text("Backup of databases")


def test_the_search_box_finds_clauses(talk: Page) -> None:
    """What is typed above leads to the clauses of that name."""
    talk.get_by_role("searchbox").fill("exit")
    talk.keyboard.press("Enter")
    expect(talk.get_by_role("heading", level=1)).to_have_text("Found for “exit”")
    talk.get_by_role("link", name="GL14 5.17").click()
    expect(talk.get_by_role("heading", level=1)).to_contain_text("Contingency planning and exit")


def test_feedback_is_kept(talk: Page, chat_folder: Path) -> None:
    """No, for a reason, is thanked for and stands in the records beside the answer."""
    answer = ask(talk, BACKUPS)
    answer.get_by_role("button", name="No").click()
    answer.get_by_label("The wrong party").check()
    answer.get_by_label("Anything to add?").fill(note_text("it is the provider's work"))
    answer.get_by_role("button", name="Send").click()
    expect(answer).to_contain_text("Thank you.")
    ask(talk, "GL14 5.13", 2).get_by_role("button", name="Yes").click()
    expect(see_answer(talk, 2)).to_contain_text("Thank you.")
    no, yes = export(chat_folder)[-2:]
    assert (no["clauses"], no["helpful"], no["unhelpful"]) == ("GL8 5.1(c)", 0, 1)
    assert no["reasons"].endswith(": it is the provider's work")
    assert (yes["clauses"], yes["helpful"], yes["unhelpful"]) == ("GL14 5.13", 1, 0)


def test_recent_questions_stay_in_the_browser(talk: Page, browser: Browser, chat: str) -> None:
    """What was asked is offered again in this browser, in no other, and no more once it is cleared."""
    ask(talk, BACKUPS)
    fresh = talk.context.new_page()
    fresh.goto(chat)
    recent = fresh.locator("#recent").get_by_role("button", name=BACKUPS)
    expect(recent).to_be_visible()
    keep(fresh, "web/recent")
    with visit(browser) as other:
        expect(other.open(chat).locator("#recent")).to_be_hidden()
    fresh.get_by_role("button", name="Clear").click()
    expect(fresh.locator("#recent")).to_be_hidden()


def test_a_lost_connection_is_told(talk: Page, visitor: Visit) -> None:
    """Where no answer comes through, the page says so and the question stays in the box."""
    talk.context.set_offline(True)
    talk.locator("#question").fill(note_text(BACKUPS))
    talk.keyboard.press("Enter")
    expect(talk.locator("article.turn")).to_contain_text("The answer did not come through.")
    expect(talk.locator("#question")).to_have_value(BACKUPS)
    talk.context.set_offline(False)
    talk.keyboard.press("Enter")
    expect(talk.locator("article.turn").last).to_contain_text("Customer (CSC-owned)")
    assert all("ERR_INTERNET_DISCONNECTED" in each for each in visitor.complaints)
    visitor.complaints.clear()


def test_by_keyboard_alone(talk: Page) -> None:
    """Tab reaches the way to the content, the box and an example; Enter asks; what has the focus shows it."""
    talk.keyboard.press("Tab")
    expect(talk.get_by_role("link", name="Skip to content")).to_be_focused()
    talk.keyboard.press("Enter")
    expect(talk).to_have_url(re.compile("#main$"))
    reached = []
    for _ in range(3):
        talk.keyboard.press("Tab")
        reached.append(talk.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
        focused = "document.activeElement.closest('.box') ?? document.activeElement"
        assert talk.evaluate(f"getComputedStyle({focused}).outlineStyle") == "solid", reached
    assert reached[0] == "question"
    assert reached[2] == "Who handles backups under GL8 5.1(c)?"
    talk.keyboard.press("Enter")
    expect(see_answer(talk)).to_contain_text("Customer (CSC-owned)")


def test_in_chinese(chat: str, browser: Browser) -> None:
    """Where a browser prefers Chinese, page and answer are in it; the other language is one link away, and stays."""
    with visit(browser, locale="zh-HK") as one:
        page = one.open(chat)
        expect(page.get_by_role("heading", level=1)).to_have_text("一條條文，誰負責甚麼？")
        answer = ask(page, "客戶資料加密由邊個負責?")
        expect(answer.locator(".verdict")).to_contain_text("供應商")
        expect(answer.locator("[lang=zh-Hant]")).to_be_visible()
        keep(page, "web/chinese", whole=False)
        page.get_by_role("link", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.get_by_role("link", name="Guides").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Guides")
        assert (one.strays, one.complaints) == ([], [])


def test_without_a_script(chat: str, browser: Browser) -> None:
    """Without JavaScript a question, a choice, a follow-up and feedback work, each as a page."""
    with visit(browser, java_script_enabled=False) as one:
        page = one.open(chat)
        for question, told in (
            ("GL14 5.13", "Shared (CSP and CSC)"),
            ("and what does the customer have to do?", "On GL14 5.13, as before."),
            ("GL8 5.9(z)", "The guide has no response to GL8 5.9(z)."),
        ):
            page.locator("#question").fill(note_text(question))
            page.get_by_role("button", name="Ask", exact=True).click()
            expect(page.locator("article.turn")).to_contain_text(told)
        keep(page, "web/no-script")
        page.get_by_role("button", name="GL8 5.1(c)").click()
        expect(page.locator("article.turn")).to_contain_text("Backup of databases and application software")
        page.get_by_role("button", name="No").click()
        page.get_by_label("Something else").check()
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text("Thank you.")).to_be_visible()
        page.goto(chat)
        page.get_by_role("button", name="Who encrypts the customer's data?").click()
        expect(page.locator("article.turn")).to_contain_text("Provider (CSP-owned)")
        page.get_by_role("link", name="Dark colours").click()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_colours_are_chosen_and_stay(talk: Page) -> None:
    """The page follows the system until somebody chooses; the choice holds on every page from then on."""
    paper = talk.locator("body")
    light: str = paper.evaluate("(each) => getComputedStyle(each).backgroundColor")
    talk.emulate_media(color_scheme="dark")
    expect(paper).not_to_have_css("background-color", light)
    talk.get_by_role("link", name="Light colours").click()
    expect(paper).to_have_css("background-color", light)
    expect(talk.get_by_role("link", name="Dark colours")).to_be_focused()
    talk.get_by_role("link", name="Guides").click()
    expect(talk.get_by_role("heading", level=1)).to_have_text("Guides")
    expect(paper).to_have_css("background-color", light)


def test_what_is_typed_stays_text(talk: Page) -> None:
    """Markup in a question is shown as it was typed, and nothing of it is run."""
    hostile = "<img src=x onerror=document.title='run'><script>document.title='run'</script> who?"
    answer = ask(talk, hostile)
    expect(answer.locator(".asked")).to_have_text(hostile)
    assert "run" not in talk.title()
    expect(talk.locator("#log img, #log script")).to_have_count(0)


def test_nothing_foreign_runs_or_loads(talk: Page, visitor: Visit) -> None:
    """What a page were made to hold in spite of all is neither run nor fetched, and these tests would see it."""
    talk.evaluate(
        """() => {
          document.body.insertAdjacentHTML("beforeend", "<p style='color: red' onclick='document.title = 1'>here</p>");
          const script = document.createElement("script");
          script.textContent = "document.title = 'run'";
          const elsewhere = document.createElement("script");
          elsewhere.src = "https://clausebot.example/script.js";
          const picture = document.createElement("img");
          picture.src = "https://clausebot.example/picture.png";
          document.body.append(script, elsewhere, picture);
        }"""
    )
    talk.get_by_text("here", exact=True).click()
    expect(talk).to_have_title(re.compile("Who does what"))
    await_that(talk, lambda: len(visitor.complaints) >= 4)
    assert [each for each in visitor.complaints if "Content Security Policy" not in each] == []
    assert visitor.strays == []
    visitor.complaints.clear()


def test_signing_in(browser: Browser, tmp_path: Path) -> None:
    """Where others reach the service, a token opens its pages, until one signs out."""
    outside = "https://clausebot.example"
    with run_service(tmp_path, PUBLIC_URL=outside, **LIMITS) as (running, address), visit(browser) as one:
        note_file(running.log)
        token = make_token(tmp_path)
        page = one.open(address)
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        keep(page, "web/sign-in")
        page.get_by_label("Access token").fill("cb_wrong")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("This token is not known")
        assert inspect(page, "sign-in-wrong-en") == []
        page.get_by_label("Access token").fill(token)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Who does what about a clause?")
        expect(ask(page, BACKUPS)).to_contain_text("Customer (CSC-owned)")
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        page.goto(f"{address}/guides")
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        assert one.strays == []
        watch(running)

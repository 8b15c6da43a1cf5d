"""Cards as Microsoft's own renderer draws them, on the narrowest phone and in a wide chat."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from e2e.browsing import keep, visit
from playwright.sync_api import Browser, Page

from bench.questions import load_questions
from bot.links import Links
from bot.parts import list_titles
from bot.teams.cards import render_answer
from bot.teams.source import render_clause_card
from bot.teams.welcome import render_list
from retrieval.answerer import Answerer, load_answerer
from retrieval.wording import Language

HERE = Path(__file__).parent
GOLDEN = sorted((HERE.parent / "golden/teams").glob("*.json"))
RENDERER = HERE / "node_modules/adaptivecards/dist"
WIDTHS = {"narrow": 320, "wide": 1000}

LINKS = Links("https://clausebot.example")
ID = "a" * 64


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page with the renderer."""
    with visit(browser) as one:
        page = one.open("data:text/html,<!doctype html><meta charset=utf-8><body style='margin:0'>")
        page.add_style_tag(path=RENDERER / "adaptivecards.css")
        page.add_script_tag(path=RENDERER / "adaptivecards.min.js")
        page.add_script_tag(path=HERE / "renderer.js")
        yield page


def draw(page: Page, card: dict[str, Any], width: int, name: str = "") -> list[str]:
    """What is wrong with a card at a width, folded and unfolded; pictures are kept under a name."""
    page.set_viewport_size({"width": width, "height": 400})
    faults = []
    for state, shown in {"": card, "-unfolded": unfold(card)}.items():
        if state and shown == card:
            continue
        faults += page.evaluate("([card, width]) => drawCard(card, width)", [shown, width])
        faults += page.evaluate("findOverflow()")
        if name:
            keep(page, f"cards/{name}{state}")
    return faults


def unfold(element: Any) -> Any:
    """A card in which everything is shown that its buttons show."""
    if isinstance(element, list):
        return [unfold(each) for each in element]
    if isinstance(element, dict):
        return {name: unfold(value) for name, value in element.items() if name != "isVisible"}
    return element


@lru_cache(maxsize=1)
def answerer() -> Answerer:
    """Clausebot with its own guide."""
    return load_answerer()[0]


def draw_reply(question: str) -> dict[str, Any]:
    """The card that answers a question."""
    titles = list_titles(answerer().catalogue())
    card = render_answer(answerer().answer(question), links=LINKS, answer_id=ID, titles=titles).card
    assert card
    return card


def draw_pack(language: Language) -> Iterator[tuple[str, dict[str, Any]]]:
    """A card for each clause and background item of the guide, as an answer and as its source, and the list."""
    catalogue = answerer().catalogue()
    (guide,) = catalogue.guides
    for each in (*guide.clauses, *guide.background):
        view = answerer().show(each.item or each.ref, each.guide, language)
        assert view
        titles = list_titles(catalogue)
        yield f"source of {each.ref}", render_clause_card(view, language=language, links=LINKS, titles=titles)
        asked = f"{each.ref} 由誰負責?" if language == "zh-Hant" else f"who does {each.ref}?"
        yield f"answer about {each.ref}", draw_reply(asked)
    listed = render_list(catalogue, language, links=LINKS).card
    assert listed
    yield "list", listed


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_layout_fits(page: Page, path: Path, width: str) -> None:
    """Microsoft's renderer finds nothing wrong with a layout, and nothing of it is cut or sticks out."""
    held = json.loads(path.read_text(encoding="utf-8"))
    assert draw(page, held.get("card", held), WIDTHS[width], f"{path.stem}-{width}") == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_every_clause_of_the_guide_fits(page: Page, language: Language, width: str) -> None:
    """So do the answer about each clause of the guide and its source, and the list of them all."""
    faults = {name: found for name, card in draw_pack(language) if (found := draw(page, card, WIDTHS[width]))}
    assert faults == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_every_answer_to_a_gold_question_fits(page: Page, width: str) -> None:
    """So does what is answered to each gold question, whatever comes of it."""
    asked = [gold.question for gold in load_questions()]
    faults = {question: found for question in asked if (found := draw(page, draw_reply(question), WIDTHS[width]))}
    assert faults == {}

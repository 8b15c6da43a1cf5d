"""What Teams' readers see besides answers: the welcome, the list, settings, searching, refusals, requests."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from fakes.answers import ONE_CLAUSE, StubAnswerer, make_clause
from fakes.any_answers import CATALOGUES, LANGUAGES, LINE, MARKUP, REF
from fakes.teams_cards import PUBLIC_URL, find_actions, find_inputs, find_markup, read, refuse_card, walk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.links import Links
from bot.place_settings import PlaceSettings
from bot.teams import verbs
from bot.teams.cards import render_answer
from bot.teams.notices import (
    render_change,
    render_fault,
    render_gone,
    render_nobody_to_ask,
    render_refusal,
    render_request,
    render_requested,
)
from bot.teams.preview import render_preview, render_result
from bot.teams.reply import Card, Reply
from bot.teams.settings_card import render_settings
from bot.teams.source import render_clause_card
from bot.teams.welcome import render_list, render_usage, render_welcome
from bot.values import Asked, Pointer, unpack
from retrieval.answer import Outcome, UpdateView
from retrieval.answerer import load_answerer
from retrieval.catalogue import Catalogue
from retrieval.wording import Language

LINKS = Links(PUBLIC_URL)
ID = "a" * 64
HERE = "19:claims@thread.tacv2"
REGULATIONS = ("GL8", "GL14")
PERMALINK = "https://teams.microsoft.com/l/message/19:claims@thread.tacv2/1700000000000?tenantId=00000000-0000"
BOTH: tuple[Language, ...] = ("en", "zh-Hant")


def keep(golden: Callable[[str, str], None], name: str, card: Card | None) -> Card:
    """Compare a card with its golden file; it is one that Teams takes."""
    assert card
    assert refuse_card(card) is None
    golden(f"teams/{name}.json", json.dumps(card, ensure_ascii=False, indent=1) + "\n")
    return card


@pytest.mark.parametrize("language", BOTH)
def test_the_welcome_asks_at_a_click(language: Language, golden: Callable[[str, str], None]) -> None:
    """Who installs it reads what it is for, and each example is a button that asks it, which the guide answers."""
    card = keep(golden, f"welcome-{language}", render_welcome(language).card)
    answerer, _ = load_answerer(None)
    buttons = find_actions(card)
    assert len(buttons) == 4
    for title, button in buttons.items():
        assert (button["type"], button["data"]["verb"]) == ("Action.Submit", verbs.LOOK_UP)
        assert unpack(Pointer, button["data"]["value"]) == Pointer(title, language=language)
        assert answerer.answer(title).outcome is Outcome.ANSWERED


@pytest.mark.parametrize("language", BOTH)
def test_the_list_names_every_clause_with_who_carries_it(
    language: Language, golden: Callable[[str, str], None]
) -> None:
    """Clauses stand under their guide and regulation; what has changed since, below."""
    catalogue = StubAnswerer(ONE_CLAUSE).catalogue()
    change = UpdateView(date="2021-10-08", title="A law on copies", text="…", status="confirmed", source="…")
    card = keep(
        golden,
        f"list-{language}",
        render_list(catalogue.model_copy(update={"updates": (change,)}), language, links=LINKS).card,
    )
    if language == "en":
        assert read(card) == (
            "What is covered\n"
            "Ask for a clause by its number, such as GL8 5.1(c).\n"
            "A guide edition 1.0 (March 2019), by Quaymoth Cloud\n"
            "[Open in the guide]\n"
            "GL8\n"
            "🤝 Shared · 5.1(c) Copies of data\n"
            "🕓 Changed since the guide\n"
            "• 8 October 2021, confirmed: A law on copies"
        )


def test_the_whole_pack_has_room_in_the_list() -> None:
    """Every clause of the guide in this repository is listed, in both languages."""
    catalogue = load_answerer(None)[0].catalogue()
    for language in BOTH:
        card = render_list(catalogue, language, links=LINKS).card
        assert card
        assert refuse_card(card) is None
        shown = read(card)
        for clause in catalogue.guides[0].clauses:
            assert f"{clause.ref.split(' ', 1)[1]} {clause.title}" in shown


@pytest.mark.parametrize("language", BOTH)
def test_settings_are_filled_in_as_they_are(language: Language, golden: Callable[[str, str], None]) -> None:
    """The form shows what is set, and what is sent names the language."""
    place = PlaceSettings(regulation="GL14", feedback=False, quiet=True, helpers=HERE)
    card = keep(golden, f"settings-{language}", render_settings(place, REGULATIONS, language, here=HERE))
    inputs = find_inputs(card)
    assert {name: each["value"] for name, each in inputs.items()} == {
        verbs.INPUT_REGULATION: "GL14",
        verbs.INPUT_FEEDBACK: "false",
        verbs.INPUT_QUIET: "true",
        verbs.INPUT_HELPERS: verbs.HERE,
    }
    [save] = find_actions(card).values()
    assert (save["type"], save["verb"], "associatedInputs" in save) == ("Action.Execute", verbs.SAVE_SETTINGS, False)
    assert unpack(Pointer, save["data"]["value"]) == Pointer("", language=language)


@pytest.mark.parametrize(
    ("helpers", "here", "offered", "chosen"),
    [
        (None, HERE, [verbs.ANY, verbs.HERE], verbs.ANY),
        (HERE, HERE, [verbs.ANY, verbs.HERE], verbs.HERE),
        ("19:other@thread.tacv2", HERE, [verbs.ANY, verbs.HERE, verbs.UNCHANGED], verbs.UNCHANGED),
        ("19:other@thread.tacv2", "", [verbs.ANY, verbs.UNCHANGED], verbs.UNCHANGED),
        (None, "", [verbs.ANY], verbs.ANY),
    ],
)
def test_who_is_asked_can_be_this_channel_nobody_or_whoever_it_was(
    helpers: str | None, here: str, offered: list[str], chosen: str
) -> None:
    """The choices are those that make sense where the form stands; the one that holds is chosen."""
    card = render_settings(PlaceSettings(helpers=helpers), REGULATIONS, "en", here=here)
    listed = find_inputs(card)[verbs.INPUT_HELPERS]
    assert [each["value"] for each in listed["choices"]] == offered
    assert listed["value"] == chosen


def test_saved_settings_are_said_to_be_saved() -> None:
    """The form that comes back says so first; a regulation that no guide has any more is still among the choices."""
    card = render_settings(PlaceSettings(regulation="GL99"), REGULATIONS, "en", saved=True)
    assert read(card).startswith("Saved.\n")
    listed = find_inputs(card)[verbs.INPUT_REGULATION]
    assert [each["value"] for each in listed["choices"]] == [verbs.ANY, "GL99", "GL8", "GL14"]
    assert listed["value"] == "GL99"


def test_a_search_shows_the_clause_and_who_carries_it_and_sends_the_whole_card() -> None:
    """The preview is a thumbnail card of plain words; the card that is sent is the clause's."""
    [suggestion] = StubAnswerer(ONE_CLAUSE).suggest("GL8")
    card = render_clause_card(ONE_CLAUSE.clauses[0], language="en", links=LINKS)
    assert render_result(suggestion, card, "en") == {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "content": card,
        "preview": {
            "contentType": "application/vnd.microsoft.card.thumbnail",
            "content": {"title": "GL8 5.1(c) Copies of data", "text": "🤝 Shared"},
        },
    }
    assert render_preview(make_clause(title="T" * 300), "zh-Hant") == {
        "title": "GL8 5.1(c) " + "T" * 108 + "…",
        "text": "🤝 共同",
    }


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (render_refusal(30, 12, "en"), "more than 30 questions in a minute; ask again in 12 s"),
        (render_refusal(30, 12, "zh-Hant"), "請於 12 秒後再問"),
        (render_fault(), "系統出錯"),
        (render_fault(), "A fault on my side"),
        (render_gone("en"), "the guides have changed since"),
        (render_requested("en"), "passed on to the people"),
        (render_nobody_to_ask("zh-Hant"), "設定"),
        (render_usage(), "GL8 5.1(c)"),
        (render_usage(), "以中文或英文"),
    ],
)
def test_notices_are_words_alone(reply: Reply, words: str) -> None:
    """What is no answer needs no card, and can be read out and shown in a notification."""
    assert words in reply.text
    assert (reply.card, reply.citations, reply.feedback) == (None, (), False)
    assert 0 < len(reply.summary) <= 200
    assert reply.speak


@pytest.mark.parametrize("language", BOTH)
def test_a_change_of_settings_says_who_and_how(language: Language) -> None:
    """All there read who set the place, and each setting; a name formats, links and mentions nothing."""
    place = PlaceSettings(regulation="GL14", quiet=True, helpers=HERE)
    reply = render_change("**Ann** <at>all</at>", place, language, here=HERE)
    assert "\\*\\*Ann\\*\\* &lt;at&gt;all" in reply.text
    assert ("GL14" in reply.text, reply.card) == (True, None)
    told = {"en": ("GL14", "yes", "yes", "this channel"), "zh-Hant": ("GL14", "是", "是", "此頻道")}[language]
    assert all(word in line for word, line in zip(told, reply.text.split("\n")[1:], strict=True))
    assert render_change("", PlaceSettings(), language, here=HERE).speak


def test_a_request_puts_the_question_before_people(golden: Callable[[str, str], None]) -> None:
    """Who asks, what, what Clausebot answered, and where that stands; nobody is offered to ask a person again."""
    asked = Asked(ID, ONE_CLAUSE.question, ("GL8 5.1(c)",), "en")
    reply = render_request(asked, "Ann Lee", answer=ONE_CLAUSE, links=LINKS, permalink=PERMALINK)
    card = keep(golden, "request", reply.card)
    assert read(card).startswith(
        "Ann Lee asks a person:\nwho keeps copies?\n[Open the conversation]\nWhat Clausebot answered:\n🏢 Customer"
    )
    assert find_actions(card)["Open the conversation"]["url"] == PERMALINK
    assert "Ask a person" not in find_actions(card)
    assert unpack(Asked, find_actions(card)["Source"]["data"][verbs.ASKED]) == asked
    assert reply.summary == "A question for a person: who keeps copies?"


def test_a_request_without_question_answer_or_place_still_says_so() -> None:
    """A question too long to be carried stands in the conversation; an address that is not Teams' own is not shown."""
    reply = render_request(Asked(ID, "", (), "zh-Hant"), "", permalink="https://evil.example/l/message/1")
    assert reply.card
    assert read(reply.card) == "想請教專人：\n（問題在對話之中。）"
    assert refuse_card(reply.card) is None


def test_a_question_comes_back_for_the_button_below_it() -> None:
    """A question that would take too much of a card is left out of what its buttons carry, never cut."""
    for length, kept in ((300, True), (1700, False)):
        answer = ONE_CLAUSE.model_copy(update={"question": "q" * length})
        card = render_answer(answer, answer_id=ID).card
        assert card
        asked = unpack(Asked, find_actions(card)["Ask"]["data"]["value"])
        assert asked == Asked(ID, answer.question if kept else "", ("GL8 5.1(c)",), "en")


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(CATALOGUES, LANGUAGES, st.sampled_from([None, LINKS]))
def test_every_list_is_a_card_that_teams_takes(catalogue: Catalogue, language: Language, links: Links | None) -> None:
    """Whatever is loaded, the list is valid, under 40 KB, and what it leaves out is counted."""
    card = render_list(catalogue, language, links=links).card
    assert card
    assert refuse_card(card) is None
    assert find_markup(card) == []


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LINE, LINE | st.just(MARKUP), LANGUAGES, st.lists(REF, max_size=200))
def test_every_request_and_form_is_a_card_that_teams_takes(
    question: str, name: str, language: Language, regulations: list[str]
) -> None:
    """Whatever people write and are called, they mention, link and format nothing."""
    request = render_request(Asked(ID, question, (), language), name)
    form = render_settings(PlaceSettings(regulation=regulations[0] if regulations else None), regulations, language)
    for card in (request.card, form):
        assert card
        assert refuse_card(card) is None
        assert find_markup(card) == []
    assert [each for each in walk(form) if each.get("type") == "Action.Execute"]

"""The responsibility matrix in Teams: a card at a glance, by command."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from fakes.any_answers import MARKUP
from fakes.teams import FakeTeams
from fakes.teams_activities import mention, personal
from fakes.teams_cards import PUBLIC_URL, find_actions, find_markup, read, refuse_card
from fakes.teams_service import TeamsService, serve_teams

from bot.desk import Desk
from bot.links import Links
from bot.review.matrix import draw_matrix
from bot.review.matrix_request import read_command
from bot.settings import Settings
from bot.teams.matrix import render_matrix
from bot.unrecorded import Unrecorded
from retrieval.answerer import Answerer, load_answerer
from retrieval.wording import Language

FIXTURES = Path(__file__).parents[1] / "fixtures"
REAL = "alibaba-cloud-hk-insurance-2019"
LINKS = Links(PUBLIC_URL)
BOTH: tuple[Language, ...] = ("en", "zh-Hant")


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    """The packs of this repository, and an invented second provider's."""
    return load_answerer(None, FIXTURES / "guides")[0]


@pytest.fixture(scope="module")
def desk(answerer: Answerer) -> Desk:
    """A desk that records nothing."""
    return Desk(answerer, Unrecorded())


@pytest.fixture
async def service(teams: FakeTeams, teams_settings: Settings, answerer: Answerer) -> AsyncIterator[TeamsService]:
    """The service with both guides."""
    async with serve_teams(teams_settings, teams, answerer) as running:
        yield running


@pytest.mark.parametrize("language", BOTH)
def test_each_clause_has_a_line_with_who_carries_it(
    desk: Desk, language: Language, golden: Callable[[str, str], None]
) -> None:
    """Every clause of a regulation is there, with its ownership and how many duties each party has."""
    matrix = draw_matrix(desk, "GL14", [REAL])
    reply = render_matrix(matrix, language, links=LINKS)
    assert reply.card
    assert refuse_card(reply.card) is None
    golden(f"teams/matrix-{language}.json", json.dumps(reply.card, ensure_ascii=False, indent=1) + "\n")
    shown = read(reply.card)
    for clause in matrix.clauses:
        [answer] = clause.answers
        assert f"{clause.ref.removeprefix('GL14 ')} {answer.title}" in shown
    if language == "en":
        answer = next(clause.answers[0] for clause in matrix.clauses if clause.ref == "GL14 5.13")
        assert f"🤝 Shared · 5.13 {answer.title} (Provider {len(answer.csp)}, Customer {len(answer.csc)})" in shown


@pytest.mark.parametrize("language", BOTH)
def test_all_that_two_guides_answer_has_room(desk: Desk, language: Language) -> None:
    """Guides stand side by side in each clause's line, one that is silent too; nothing is left out."""
    matrix = draw_matrix(desk)
    card = render_matrix(matrix, language, links=LINKS).card
    assert card
    assert refuse_card(card) is None
    lines = read(card).split("\n")
    for clause in matrix.clauses:
        [line] = [
            line for line in lines if line.startswith(f"{clause.ref.partition(' ')[2]} {clause.answers[0].title}")
        ]
        assert all(guide.provider in line for guide in matrix.guides)
        assert ({"en": "not answered", "zh-Hant": "沒有回應"}[language] in line) == bool(clause.unanswered)


def test_each_regulation_leads_to_its_page(desk: Desk) -> None:
    """Where the service can be reached a button opens the whole matrix of each regulation; else there is none."""
    card = render_matrix(draw_matrix(desk, None, [REAL]), "en", links=LINKS).card
    assert card
    assert {title: each["url"] for title, each in find_actions(card).items()} == {
        f"Every duty: {name}": f"{PUBLIC_URL}/guides/{REAL}/{name}" for name in ("GL8", "GL14")
    }
    assert find_actions(render_matrix(draw_matrix(desk), "en").card or {}) == {}


def test_a_matrix_past_all_bounds_is_still_a_card(desk: Desk) -> None:
    """Very many clauses, guides and hostile names: what has no room is counted, and nothing formats or links."""
    matrix = draw_matrix(desk)
    answer = matrix.clauses[0].answers[0].model_copy(update={"title": MARKUP * 9})
    clause = matrix.clauses[0].model_copy(update={"answers": (answer,)})
    head = matrix.guides[0].model_copy(update={"title": MARKUP * 9, "provider": MARKUP * 9})
    heads = tuple(head.model_copy(update={"id": f"guide-{number}"}) for number in range(40))
    for guides in (matrix.guides[:1], heads):
        card = render_matrix(matrix.model_copy(update={"clauses": (clause,) * 900, "guides": guides}), "en").card
        assert card
        assert refuse_card(card) is None
        assert find_markup(card) == []
        assert "more clauses" in read(card)


@pytest.mark.parametrize(
    ("typed", "regulation"),
    [
        ("matrix", ""),
        ("Matrix GL14", "GL14"),
        ("responsibility matrix for gl 8", "gl 8"),
        ("GL14 matrix", "GL14"),
        ("責任矩陣", ""),
        ("矩陣 GL14", "GL14"),
        ("GL14的責任矩陣", "GL14"),
        ("what is the responsibility matrix?", None),
        ("matrix of backups", None),
        ("GL14", None),
    ],
)
def test_the_command_is_known(typed: str, regulation: str | None) -> None:
    """The word alone or with a regulation is the command; a sentence that holds it is a question."""
    assert read_command(typed) == regulation


async def test_the_command_is_answered_with_a_card(service: TeamsService) -> None:
    """In a chat and in a channel, in the language that it is asked in; what no guide answers is said to be so."""
    asked = [personal("matrix gl 14"), mention("責任矩陣 GL14"), personal("matrix GL99")]
    for number, activity in enumerate(asked, 1):
        assert (await service.post(activity)).status == 202
        await service.fake.wait_for(number)
    english, chinese, unknown = service.fake.messages
    assert "Responsibility matrix: GL14" in english.text
    assert "責任矩陣：GL14" in chinese.text
    assert (unknown.card, unknown.text.strip()) == (
        None,
        "No guide answers that regulation. Those answered are: GL8, GL14.",
    )

"""The JSON API: what each operation answers, from the real pack; and its description, for programs and for people."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fakes.programs import Programs, serve_programs
from sqlalchemy import select

from bot.records.models import AnswerRecord, FeedbackRecord
from bot.web.openapi import OPERATIONS
from bot.web.problems import KINDS
from retrieval.answer import Answer, ClauseView
from retrieval.answerer import Answerer, load_answerer
from retrieval.catalogue import Catalogue

CLAUSEBOT = Path(sys.executable).parent / "clausebot"
GUIDE = "alibaba-cloud-hk-insurance-2019"

QUESTIONS = {
    "who handles backups under GL8 5.1(c)?": "answered",
    "客戶資料加密由邊個負責?": "answered",
    "GL8 9.9": "no_such_clause",
    "what is the price of an elephant?": "not_covered",
    "hello": "clarify",
    "“quotes”, \\backslashes\\, \t tabs and 𠮷": "not_covered",
}


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    """The pack that Clausebot brings."""
    return load_answerer(None, None)[0]


@pytest.fixture
async def api(answerer: Answerer) -> AsyncIterator[Programs]:
    """The service on this machine."""
    async with serve_programs(answerer) as running:
        yield running


@pytest.mark.parametrize(("question", "outcome"), QUESTIONS.items())
async def test_ask_answers_as_the_command_line_does(api: Programs, question: str, outcome: str) -> None:
    """The body is what `clausebot ask --json` prints, to the byte, and the same whenever it is asked."""
    first, second = await api.ask(question), await api.ask(question)
    process = await asyncio.create_subprocess_exec(CLAUSEBOT, "ask", "--json", "--", question, stdout=-1)
    printed, _ = await process.communicate()
    assert (first.status, first.headers["Content-Type"]) == (200, "application/json")
    assert first.body == printed
    assert second.body == printed
    assert Answer.model_validate_json(first.body).outcome.value == outcome


async def test_a_follow_up_goes_on_from_its_context(api: Programs, answerer: Answerer) -> None:
    """What was spoken of so far is sent along, and nothing is remembered of the calls before."""
    await api.ask("GL8 5.1(c)")
    followed = await api.ask("and who tests it?", "GL14 5.13", "GL8 5.1(c)")
    assert followed.json["clauses"][0]["ref"] == "GL8 5.1(c)"
    assert followed.json == answerer.answer("and who tests it?", context=["GL8 5.1(c)"]).model_dump(mode="json")
    assert (await api.ask("and who tests it?")).json != followed.json


async def test_an_answer_is_recorded_and_can_be_judged(api: Programs) -> None:
    """The header names the recorded answer; each token has one opinion of it, the latest."""
    answered = await api.ask("who handles backups under GL8 5.1(c)?")
    number = answered.headers["Answer-Id"]
    for helpful in (True, False):
        given = await api.post("feedback", {"answer": number, "helpful": helpful, "reason": "wrong clause"})
        assert (given.status, given.body) == (204, b"")
    await api.sign_in()
    assert (await api.post("feedback", {"answer": number, "helpful": True})).status == 204
    async with api.records.engine.connect() as connection:
        answers = (await connection.execute(select(AnswerRecord.id, AnswerRecord.channel))).all()
        opinions = (await connection.execute(select(FeedbackRecord.answer, FeedbackRecord.helpful))).all()
    assert [tuple(row) for row in answers] == [(number, "api")]
    assert sorted(tuple(row) for row in opinions) == [(number, False), (number, True)]


@pytest.mark.parametrize("ref", ["GL8 5.1(c)", "GL14 5.13", "guide 2.1", "guide notices", "iso-27001"])
async def test_a_clause_is_shown_whole(api: Programs, answerer: Answerer, ref: str) -> None:
    """A clause or background item comes with every duty; naming its guide changes nothing; nothing is recorded."""
    shown = await api.get("clause", ref=ref)
    assert shown.status == 200
    assert ClauseView.model_validate_json(shown.body) == answerer.show(ref)
    assert (await api.get("clause", ref=ref, guide=GUIDE, language="en")).body == shown.body
    in_chinese = await api.get("clause", ref=ref, language="zh-Hant")
    assert ClauseView.model_validate_json(in_chinese.body) == answerer.show(ref, language="zh-Hant")
    async with api.records.engine.connect() as connection:
        assert (await connection.execute(select(AnswerRecord.id))).all() == []


@pytest.mark.parametrize(
    "query",
    [{"ref": "GL8 9.9"}, {"ref": "GL8 5.1(c)", "guide": "another"}, {"ref": "guide 99"}, {"ref": "no-such-item"}],
)
async def test_a_clause_that_is_not_there_is_not_replaced(api: Programs, query: dict[str, str]) -> None:
    """Where no guide responds to a clause, the reply is 404 and names no other clause."""
    reply = await api.get("clause", **query)
    assert (reply.status, reply.json["errors"]) == (404, [])
    assert "No loaded guide responds to that clause" in reply.json["detail"]


async def test_everything_is_listed(api: Programs, answerer: Answerer) -> None:
    """Without a filter the list is the catalogue."""
    for query in ({}, {"guide": GUIDE}):
        reply = await api.get("clauses", **query)
        assert Catalogue.model_validate_json(reply.body) == answerer.catalogue()


@pytest.mark.parametrize(
    ("query", "owner", "regulation"),
    [
        ({"regulation": "GL8"}, None, "GL8"),
        ({"owner": "csc"}, "csc", None),
        ({"owner": "csp", "regulation": "GL14"}, "csp", "GL14"),
    ],
)
async def test_a_list_is_narrowed_down(
    api: Programs, answerer: Answerer, query: dict[str, str], owner: str | None, regulation: str | None
) -> None:
    """By regulation, by a party that has a duty, by both; background, which is of no regulation, is left out."""
    [guide] = (await api.get("clauses", **query)).json["guides"]
    expected = []
    for clause in answerer.catalogue().guides[0].clauses:
        view = answerer.show(clause.ref)
        assert view
        owners = {duty.owner.value for duty in view.duties}
        if regulation in (None, clause.regulation) and (owner is None or owner in owners):
            expected.append(clause.ref)
    assert 0 < len(expected) < len(answerer.catalogue().guides[0].clauses)
    assert [clause["ref"] for clause in guide["clauses"]] == expected
    assert guide["background"] == []


async def test_a_matrix_has_every_clause_and_every_duty(api: Programs, answerer: Answerer) -> None:
    """Each clause of a regulation is a row, with each of its duties under the party that it falls on, none twice."""
    matrix = (await api.get("matrix", regulation="GL14")).json
    clauses = [clause.ref for clause in answerer.catalogue().guides[0].clauses if clause.regulation == "GL14"]
    assert [row["ref"] for row in matrix["rows"]] == clauses
    silent = 0
    for row in matrix["rows"]:
        view = answerer.show(row["ref"])
        assert view
        for party in ("csp", "csc", "third_party"):
            held = [duty.model_dump(mode="json") for duty in view.duties if duty.owner.value == party]
            assert row[party] == held
            silent += not held
        assert row["ownership"] == view.ownership.value
    assert silent > 0


async def test_a_matrix_is_narrowed_down_to_a_party(api: Programs) -> None:
    """A party's rows are those in which it has a duty; the other parties' duties stay beside them."""
    whole = (await api.get("matrix", regulation="GL14")).json["rows"]
    counts = set()
    for party in ("csp", "csc", "third_party"):
        rows = (await api.get("matrix", regulation="GL14", owner=party)).json["rows"]
        assert rows == [row for row in whole if row[party]]
        counts.add(len(rows))
    assert len(counts) > 1


@pytest.mark.parametrize("name", ["clauses", "matrix"])
async def test_what_no_guide_answers_is_said(api: Programs, name: str) -> None:
    """A regulation or guide that is not loaded is 404, with those that are."""
    reply = await api.get(name, regulation="GL99")
    assert (reply.status, reply.json["detail"]) == (
        404,
        "No loaded guide answers that regulation; those answered are: GL8, GL14.",
    )
    reply = await api.get(name, regulation="GL8", guide="another")
    assert (reply.status, reply.json["detail"]) == (404, f"No guide of that id is loaded; there are: {GUIDE}.")


async def test_the_description_names_every_operation(api: Programs) -> None:
    """What is described is what is served: paths, methods, and the models by the names that the code gives them."""
    document = (await api.get("openapi.json")).json
    assert document["openapi"].startswith("3.1")
    described = {(method, path) for path, methods in document["paths"].items() for method in methods}
    assert described == {(each.method, each.path) for each in OPERATIONS}
    for method, path in described:
        assert (await api.send(method.upper(), f"/api/v1{path}")).status in (200, 415, 422)
    models = set(document["components"]["schemas"])
    assert {"Answer", "AskRequest", "Catalogue", "ClauseView", "Matrix", "FeedbackRequest", "Problem"} <= models


class Page(HTMLParser):
    """What a page holds: its elements, the addresses that it loads from or leads to, and its anchors."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.links: list[str] = []
        self.anchors: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action")]
        self.anchors += [value or "" for name, value in attrs if name == "id"]
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]


async def test_the_page_says_everything_and_loads_nothing_from_elsewhere(api: Programs) -> None:
    """Every operation, model and problem has its place on the page; no script runs, and no other host is asked."""
    reply = await api.get("")
    text = reply.body.decode()
    page = Page(text)
    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "default-src 'none'; style-src 'self'" in reply.headers["Content-Security-Policy"]
    assert {"script", "style", "iframe", "img"}.isdisjoint(page.elements)
    assert [link for link in page.links if re.match(r"[a-z]+:|//", link)] == []
    assert len(set(page.anchors)) == len(page.anchors)
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.anchors)
    named = {each.name for each in OPERATIONS} | {kind.name for kind in KINDS.values()} | {"Answer", "DutyView"}
    assert named <= set(page.anchors)
    for link in {link for link in page.links if not link.startswith(("#", "../"))}:
        assert (await api.get(link)).status == 200
    for field in Answer.model_fields:
        assert f"<code>{field}</code>" in text


async def test_the_address_without_a_slash_leads_to_the_page(api: Programs) -> None:
    """As people type it; relative, so that it holds behind a proxy's path too."""
    reply = await api.send("GET", "/api/v1")
    assert (reply.status, reply.headers["Location"]) == (308, "v1/")


async def test_the_description_gives_the_address_outside(answerer: Answerer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind PUBLIC_URL, the description names it, and that a token is always needed."""
    monkeypatch.setenv("PUBLIC_URL", "https://bot.example/clausebot/")
    async with serve_programs(answerer) as api:
        document = (await api.get("openapi.json")).json
        page = (await api.get("")).body.decode()
    assert document["servers"] == [{"url": "https://bot.example/clausebot/api/v1"}]
    assert document["security"] == [{"token": []}]
    assert "https://bot.example/clausebot/mcp" in page

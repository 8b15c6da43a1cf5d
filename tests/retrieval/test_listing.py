"""Lists of clauses by party and by page."""

from __future__ import annotations

import pytest

from corpus.models import Ownership
from retrieval.answer import Outcome
from retrieval.answerer import Answerer
from retrieval.listing import read_listing


@pytest.mark.parametrize(
    "text",
    ["who handles backups", "which page is 5.16 on", "which clauses", "list all certificates", "", "what do we do"],
)
def test_other_questions_ask_for_no_list(text: str) -> None:
    """A question without clauses and a party, or a page, is no list."""
    assert read_listing(text) is None


@pytest.mark.parametrize("question", ["which clauses are shared?", "列出共同負責的條文"])
def test_lists_shared_clauses(answerer: Answerer, question: str) -> None:
    """Every clause with obligations on both sides, and no other."""
    answer = answerer.answer(question)
    shared = [clause.ref for clause in answerer.corpus.guides[0].clauses if clause.ownership is Ownership.SHARED]
    assert {clause.ref for clause in answer.clauses} == set(shared)
    assert [clause.ref.split(" ")[0] for clause in answer.clauses] == sorted(
        (ref.split(" ")[0] for ref in shared), key=["GL8", "GL14"].index
    )
    assert answer.ownership is Ownership.SHARED
    assert str(len(shared)) in answer.message.split("\n", 1)[0]


def test_lists_a_partys_obligations(answerer: Answerer) -> None:
    """Every clause in which the customer has an obligation, under one regulation where one is named."""
    answer = answerer.answer("list all clauses where the customer has obligations")
    assert {"GL8 5.1(c)", "GL8 5.1(f)", "GL14 5.13"} <= {clause.ref for clause in answer.clauses}
    assert answer.ownership is Ownership.CSC_OWNED
    only = answerer.answer("list the clauses of GL14 where the customer has obligations")
    assert {clause.ref.split(" ")[0] for clause in only.clauses} == {"GL14"}


def test_lists_a_page(answerer: Answerer) -> None:
    """What stands on a page; a page that the guide does not have holds nothing."""
    answer = answerer.answer("what is on page 17?")
    assert {"GL14 5.15(c)", "GL14 5.16"} <= {clause.ref for clause in answer.clauses}
    assert all(17 in clause.pages for clause in answer.clauses)
    assert answerer.answer("what is on page 99").outcome is Outcome.NOT_COVERED

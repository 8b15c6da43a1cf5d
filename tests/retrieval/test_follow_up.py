"""Questions that go on about a conversation's clauses, and those that begin something new."""

from __future__ import annotations

import pytest

from corpus.models import Owner, Ownership
from retrieval.answer import Answer, Outcome
from retrieval.answerer import Answerer
from retrieval.reference import Reference, parse_references, parse_relative
from retrieval.shape import points_back, refers_back

BACKUP = ["GL8 5.1(c)"]
TWO = ["GL14 5.12, GL14 5.13"]


def _refs(answer: Answer) -> list[str]:
    return [clause.ref for clause in answer.clauses[: answer.asked]]


def _lead(answer: Answer) -> str:
    return answer.message.split("\n", 1)[0]


@pytest.mark.parametrize(
    ("text", "goes_on", "about_it"),
    [
        ("and who tests it?", True, True),
        ("is that shared?", True, True),
        ("who does this?", True, True),
        ("呢條由邊個負責", True, True),
        ("what about encryption?", True, False),
        ("and GL14?", True, False),
        ("同埋邊個負責測試?", True, False),
        ("備份呢?", True, False),
        ("佢哋要做咩?", True, False),
        ("who encrypts the data that we store", True, False),
        ("who takes backups", False, False),
    ],
)
def test_going_on_is_told_from_being_about_the_same_thing(text: str, goes_on: bool, about_it: bool) -> None:
    """A pronoun keeps the clause; "and" and "what about" only go on."""
    assert (points_back(text), refers_back(text)) == (goes_on, about_it)


@pytest.mark.parametrize(
    ("text", "before", "refs"),
    [
        ("and (d)?", "GL8 5.1(c)", ["GL8 5.1(d)"]),
        ("what about letter f", "GL8 5.1(c)", ["GL8 5.1(f)"]),
        ("(a) and (b)?", "GL8 5.1(c)", ["GL8 5.1(a)", "GL8 5.1(b)"]),
        ("and d", "GL8 5.1(c)", ["GL8 5.1(d)"]),
        ("and (d)?", "GL14 5.12", ["GL14 5.12(d)"]),
        ("and d", "GL14 5.12", []),
        ("what about 5.99?", "GL8 5.1(c)", ["GL8 5.99"]),
        ("who does it?", "GL8 5.1(c)", []),
        ("and a test?", "GL8 5.1(c)", []),
    ],
)
def test_reads_what_sets_a_clause_apart(text: str, before: str, refs: list[str]) -> None:
    """A letter or a number on its own belongs to the clause spoken of before."""
    assert [str(reference) for reference in parse_relative(text, parse_references(before)[0])] == refs


def test_a_relative_reference_keeps_the_regulation() -> None:
    """What is read is a reference like any other."""
    (found,) = parse_relative("(d)", Reference("GL8", "5.1", ("c",)))
    assert found.key == ("GL8", "5.1", ("d",), False)


@pytest.mark.parametrize(
    ("question", "refs", "said"),
    [
        ("and who tests it?", ["GL8 5.1(c)"], "GL8 5.1(c) says nothing about tests; see "),
        ("is it encrypted?", ["GL8 5.1(c)"], "GL8 5.1(c) says nothing about encryption; see GL8 5.1(d)."),
        ("who is responsible?", ["GL8 5.1(c)"], "Both: the provider and the customer"),
        ("how often?", ["GL8 5.1(c)"], "The guide gives no time or interval"),
        ("what about encryption?", ["GL8 5.1(d)"], "The provider."),
        ("and exit?", ["GL14 5.17", "GL14 5.18"], "Provider: Lets an insurer"),
        ("and (d)?", ["GL8 5.1(d)"], "The provider."),
        ("and GL14?", ["GL14 5.13"], "Customer: Should back up its own content."),
        ("GL14呢?", ["GL14 5.13"], "客戶：Should back up its own content."),
        ("同埋邊個負責加密?", ["GL8 5.1(d)"], "由供應商負責。"),
        ("呢條由邊個負責?", ["GL8 5.1(c)"], "雙方共同負責"),
    ],
)
def test_after_one_clause(answerer: Answerer, question: str, refs: list[str], said: str) -> None:
    """What is asked of "it" stays with the clause; another subject, letter or regulation leads on."""
    answer = answerer.answer(question, context=BACKUP)
    assert answer.outcome is Outcome.ANSWERED
    assert said in _lead(answer)
    assert [ref for ref in _refs(answer) if ref in refs]
    assert _refs(answer)[0] == refs[0]


def test_what_the_clause_says_of_tests_is_kept(answerer: Answerer) -> None:
    """The clause that does speak of tests answers who tests."""
    answer = answerer.answer("and who tests it?", context=["GL8 5.1(a)"])
    assert _refs(answer) == ["GL8 5.1(a)"]
    assert answer.ownership is Ownership.SHARED
    assert all("test" in duty.text for duty in answer.clauses[0].duties if duty.relevant)


@pytest.mark.parametrize(
    ("question", "owner"),
    [
        ("what do we have to do?", Owner.CSC),
        ("and the customer?", Owner.CSC),
        ("what does the provider do?", Owner.CSP),
        ("佢哋要做咩?", Owner.CSP),
        ("客戶呢?", Owner.CSC),
        ("咁客戶要做咩?", Owner.CSC),
    ],
)
def test_a_party_alone_asks_for_its_duties(answerer: Answerer, question: str, owner: Owner) -> None:
    """Without a subject, the duties of the party asked about are the answer."""
    for context in (BACKUP, TWO):
        answer = answerer.answer(question, context=context)
        assert _refs(answer) == [ref for ref in ("GL8 5.1(c)", "GL14 5.12", "GL14 5.13") if ref in context[0]]
        having = [clause for clause in answer.clauses if any(duty.owner is owner for duty in clause.duties)]
        assert having
        assert {duty.owner for clause in having for duty in clause.duties if duty.relevant} == {owner}


def test_a_clause_named_asks_for_a_partys_duties_too(answerer: Answerer) -> None:
    """The same holds where the clause is named instead of spoken of before."""
    answer = answerer.answer("what do we have to do under GL8 5.1(c)?")
    assert answer.ownership is Ownership.CSC_OWNED


def test_of_several_clauses_those_answer_that_speak_of_it(answerer: Answerer) -> None:
    """A subject picks among the clauses spoken of; without one, all stay."""
    assert _refs(answerer.answer("what about backups?", context=TWO)) == ["GL14 5.13"]
    assert _refs(answerer.answer("and who is responsible?", context=TWO)) == ["GL14 5.12", "GL14 5.13"]
    assert _lead(answerer.answer("is it encrypted?", context=TWO)).startswith(
        "GL14 5.12 and GL14 5.13 say nothing about encryption"
    )
    assert _refs(answerer.answer("what about encryption?", context=TWO)) == ["GL8 5.1(d)"]
    exit_answer = answerer.answer("and exit?", context=TWO)
    assert _refs(exit_answer) == ["GL14 5.13"]
    assert "Releases the storage instances" in _lead(exit_answer)


def test_only_the_latest_clauses_count(answerer: Answerer) -> None:
    """What was spoken of before them is over."""
    assert _refs(answerer.answer("and who does it?", context=["GL8 5.1(c)", "GL14 5.16"])) == ["GL14 5.16"]


@pytest.mark.parametrize(
    ("question", "context", "outcome", "said"),
    [
        ("and who pays?", BACKUP, Outcome.NOT_COVERED, "never mentions"),
        ("what about 5.99?", BACKUP, Outcome.NO_SUCH_CLAUSE, "no response to GL8 5.99"),
        ("and (e)?", BACKUP, Outcome.NO_SUCH_CLAUSE, "no response to GL8 5.1(e)"),
        ("and GL14?", ["GL8 5.1(a)"], Outcome.NOT_COVERED, "GL14 says nothing about"),
        ("thanks", BACKUP, Outcome.CLARIFY, "Which duty"),
        ("ok, thank you", BACKUP, Outcome.CLARIFY, "Which duty"),
    ],
)
def test_what_a_conversation_does_not_answer(
    answerer: Answerer, question: str, context: list[str], outcome: Outcome, said: str
) -> None:
    """An absent subject or clause is said to be so, and thanks repeat no answer."""
    answer = answerer.answer(question, context=context)
    assert answer.outcome is outcome
    assert said in answer.message


def test_the_same_regulation_again_is_listed(answerer: Answerer) -> None:
    """A regulation asked about after one of its own clauses carries nothing over."""
    assert len(answerer.answer("and GL14?", context=["GL14 5.13"]).clauses) > 10

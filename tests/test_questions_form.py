"""The form of the gold questions; whether a label is right is a reader's judgement, not checked here."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

QUESTIONS = Path(__file__).with_name("questions.yaml")
KEYS = {"id", "split", "lang", "band", "question", "outcome", "clauses", "ownership"}
OUTCOMES = {
    "direct": {"answered"},
    "paraphrase": {"answered"},
    "unanswerable": {"no_such_clause", "not_covered"},
    "vague": {"clarify"},
}
OWNERSHIPS = {"csp_owned", "csc_owned", "shared", "third_party", "none", None}
CLAUSES = [
    *(f"GL8 5.1({letter})" for letter in "abcdf"),
    *(f"GL14 5.8({letter})" for letter in "abcdefg"),
    *(f"GL14 5.{number}" for number in ("10", "12", "13", "14", "15(c)", "16", "17", "18", "19(d)")),
]
SECTIONS = [
    f"guide {number}"
    for number in (
        *("1", "2", "2.1", "2.2", "3", "4", "5", "5.1"),
        *("6", "6.1", "7", "8", "9", "notices"),
    )
]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
CLAUSE_NUMBER = re.compile(r"\b[2-6]\.[0-9]|[（(][a-g][)）]")


@pytest.fixture(scope="module")
def questions() -> list[dict[str, Any]]:
    """Every gold question as it stands in the file."""
    loaded: list[dict[str, Any]] = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))["questions"]
    return loaded


def _digest(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


def _ids(found: list[dict[str, Any]]) -> list[str]:
    return [question["id"] for question in found]


def test_every_question_has_the_same_keys(questions: list[dict[str, Any]]) -> None:
    """A question holds the eight keys, no other and none missing."""
    assert _ids([question for question in questions if set(question) != KEYS]) == []


def test_values_are_of_the_known_sets(questions: list[dict[str, Any]]) -> None:
    """Language, split and ownership are known words, and the outcome is one that the band allows."""
    wrong = [
        question
        for question in questions
        if question["lang"] not in {"en", "zh-Hant"}
        or question["split"] not in {"dev", "test"}
        or question["ownership"] not in OWNERSHIPS
        or question["outcome"] not in OUTCOMES.get(question["band"], set())
    ]
    assert _ids(wrong) == []


def test_ids_and_questions_are_unique(questions: list[dict[str, Any]]) -> None:
    """No id and no question stands twice, whatever its case and spacing."""
    ids = Counter(_ids(questions))
    asked = Counter(" ".join(question["question"].lower().split()) for question in questions)
    assert [key for key, count in (ids | asked).items() if count > 1] == []


def test_clauses_are_named_exactly_where_there_is_an_answer(questions: list[dict[str, Any]]) -> None:
    """An answered question names known clauses, each once; any other names none and no owner."""
    known = {*CLAUSES, *SECTIONS}
    wrong = [
        question
        for question in questions
        if bool(question["clauses"]) != (question["outcome"] == "answered")
        or len(set(question["clauses"])) != len(question["clauses"])
        or not known.issuperset(question["clauses"])
        or (question["outcome"] != "answered" and question["ownership"] is not None)
    ]
    assert _ids(wrong) == []


def test_a_paraphrase_names_no_clause(questions: list[dict[str, Any]]) -> None:
    """Only questions of the other bands hold a clause's number: a paraphrase must be found by its words."""
    named = [q for q in questions if q["band"] == "paraphrase" and CLAUSE_NUMBER.search(q["question"])]
    assert _ids(named) == []


def test_the_language_is_the_one_written(questions: list[dict[str, Any]]) -> None:
    """A question is Chinese exactly if it holds a Chinese character; mixed ones count as Chinese."""
    wrong = [q for q in questions if bool(CHINESE.search(q["question"])) != (q["lang"] == "zh-Hant")]
    assert _ids(wrong) == []


def test_there_are_enough_of_every_kind(questions: list[dict[str, Any]]) -> None:
    """At least 260 questions, a quarter of them Chinese, and every band as large as its figures need."""
    bands = Counter(question["band"] for question in questions)
    chinese = sum(question["lang"] == "zh-Hant" for question in questions)
    assert len(questions) >= 260
    assert chinese / len(questions) >= 0.25
    least = {"direct": 70, "paraphrase": 110, "unanswerable": 60, "vague": 20}
    assert {band: count for band, count in least.items() if bands[band] < count} == {}


@pytest.mark.parametrize("clause", CLAUSES)
def test_every_clause_is_asked_about(questions: list[dict[str, Any]], clause: str) -> None:
    """At least four questions are answered by this clause, direct ones and paraphrases."""
    answered = [question for question in questions if clause in question["clauses"]]
    assert len(answered) >= 4
    assert {question["band"] for question in answered} == {"direct", "paraphrase"}


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_of_the_guide_is_asked_about(questions: list[dict[str, Any]], section: str) -> None:
    """At least one question is answered by this section of the guide."""
    assert any(section in question["clauses"] for question in questions)


def test_the_split_is_drawn_by_hash(questions: list[dict[str, Any]]) -> None:
    """The test split is the third of each band, outcome and language whose ids have the least SHA-256."""
    strata: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for question in questions:
        strata[question["band"], question["outcome"], question["lang"]].append(question["id"])
    drawn = {name for ids in strata.values() for name in sorted(ids, key=_digest)[: round(len(ids) / 3)]}
    assert {question["id"] for question in questions if question["split"] == "test"} == drawn


def test_a_third_is_held_back(questions: list[dict[str, Any]]) -> None:
    """Between 30 and 37 % of the questions are the test split."""
    held = sum(question["split"] == "test" for question in questions) / len(questions)
    assert 0.30 <= held <= 0.37

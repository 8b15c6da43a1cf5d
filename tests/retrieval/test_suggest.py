"""What a reader has typed so far, and the clauses that it may be meant for."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.models import Owner
from retrieval.answerer import Answerer
from retrieval.typed import Is, read_typed


def _refs(answerer: Answerer, text: str, **filters: str) -> list[str]:
    return [suggestion.ref for suggestion in answerer.suggest(text, **filters)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("gl", [(Is.REGULATION, "")]),
        ("GL8 5", [(Is.REGULATION, "8"), (Is.NUMBER, "5")]),
        ("gl8.5.1", [(Is.REGULATION, "8"), (Is.NUMBER, "5.1")]),
        ("14 5.1", [(Is.REGULATION, "14"), (Is.NUMBER, "5.1")]),
        ("14", [(Is.FIGURE, "14")]),
        ("s5.15 c", [(Is.NUMBER, "5.15"), (Is.LETTER, "c")]),
        ("clause 5", [(Is.NUMBER, "5")]),
        ("第5.13條", [(Is.NUMBER, "5.13")]),
        ("指引14 5.8", [(Is.REGULATION, "14"), (Is.NUMBER, "5.8")]),
        ("５．１（ｃ）", [(Is.NUMBER, "5.1"), (Is.LETTER, "c")]),
        ("backup 加密", [(Is.WORD, "backup"), (Is.CHINESE, "加密")]),
        ("guideline on", [(Is.WORD, "guideline"), (Is.WORD, "on")]),
        ("", []),
    ],
)
def test_reads_what_was_typed(text: str, parts: list[tuple[Is, str]]) -> None:
    """Numbers are told from words, and a regulation's from a clause's, in any case and width."""
    assert [(part.kind, part.text) for part in read_typed(text)] == parts


@pytest.mark.parametrize(("text", "is_open"), [("5.1(c", True), ("5.1(c)", False), ("back", True)])
def test_only_the_last_part_may_go_on(text: str, is_open: bool) -> None:
    """What was typed last may be a beginning, unless a bracket closes it."""
    *before, last = read_typed(f"gl8 {text}")
    assert last.open is is_open
    assert not any(part.open for part in before)


def test_nothing_typed_gives_all_in_order(answerer: Answerer) -> None:
    """Every clause comes once, by regulation, number and letter."""
    refs = _refs(answerer, "")
    assert sorted(refs) == sorted(clause.ref for guide in answerer.corpus.guides for clause in guide.clauses)
    assert refs[:2] == ["GL8 5.1(a)", "GL8 5.1(b)"]
    assert refs[5:7] == ["GL14 5.8(a)", "GL14 5.8(b)"]
    assert refs.index("GL14 5.8(g)") < refs.index("GL14 5.10") < refs.index("GL14 5.19(d)")
    assert _refs(answerer, " \t") == refs


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("5.15 c", ["GL14 5.15(c)"]),
        ("5.15C", ["GL14 5.15(c)"]),
        ("GL14 5.8(e)", ["GL14 5.8(e)"]),
        ("第5.13條", ["GL14 5.13"]),
        ("gn14 5.10", ["GL14 5.10"]),
        ("5.1 backup", ["GL8 5.1(c)"]),
        ("5.61", []),
        ("gl20", []),
    ],
)
def test_finds_by_number(answerer: Answerer, text: str, refs: list[str]) -> None:
    """A number in full gives its clause alone; one that no clause has gives nothing."""
    assert _refs(answerer, text) == refs


def test_a_number_that_goes_on_gives_what_begins_so(answerer: Answerer) -> None:
    """The clauses of the very number come before those that begin with it, a letter before words that begin so."""
    assert _refs(answerer, "5.1")[:6] == [f"GL8 5.1({letter})" for letter in "abcdf"] + ["GL14 5.10"]
    assert set(_refs(answerer, "14 5.1")) == {ref for ref in _refs(answerer, "gl14") if ref.startswith("GL14 5.1")}
    assert all(ref.startswith("GL8 ") for ref in _refs(answerer, "gl8 5"))
    assert all(ref.startswith("GL14 ") for ref in _refs(answerer, "gl1"))
    assert _refs(answerer, "5.1 b")[0] == "GL8 5.1(b)"
    assert "GL8 5.1(c)" in _refs(answerer, "5.1 b"), "backup begins with b"
    assert len(_refs(answerer, "5.1 (b)")) == 1


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("backup", "GL8 5.1(c)"),
        ("back", "GL8 5.1(c)"),
        ("BACK", "GL8 5.1(c)"),
        ("ｂａｃｋ", "GL8 5.1(c)"),
        ("備份", "GL8 5.1(c)"),
        ("备份", "GL8 5.1(c)"),
        ("加密", "GL8 5.1(d)"),
        ("encr", "GL8 5.1(d)"),
        ("hsm", "GL8 5.1(d)"),
        ("exit", "GL14 5.17"),
        ("audit ri", "GL14 5.19(d)"),
        ("organis", "GL14 5.8(e)"),
        ("organiz", "GL14 5.8(e)"),
        ("the backups", "GL8 5.1(c)"),
        ("customer data backup", "GL8 5.1(c)"),
        ("客戶資料加密由邊個負責", "GL8 5.1(d)"),
        ("bakup", "GL8 5.1(c)"),
        ("penetraton", "GL8 5.1(a)"),
        ("encyrpt", "GL8 5.1(d)"),
        ("subcontractro mon", "GL14 5.8(e)"),
    ],
)
def test_finds_by_title_and_subject(answerer: Answerer, text: str, first: str) -> None:
    """Titles and the names of subjects are met by their beginning, in both languages, with one slip of typing."""
    assert _refs(answerer, text)[0] == first


@pytest.mark.parametrize("text", ["xyzzy", "bckp", "backup xyzzy", "飛機"])
def test_what_no_clause_is_about_gives_nothing(answerer: Answerer, text: str) -> None:
    """Every word has to be met: there is no nearest clause for an unknown one."""
    assert _refs(answerer, text) == []


def test_filters_by_regulation_and_party(answerer: Answerer) -> None:
    """Only one regulation's clauses, and only those in which a party has a duty."""
    assert _refs(answerer, "back", regulation="GL14")[0] == "GL14 5.13"
    assert all(ref.startswith("GL14 ") for ref in _refs(answerer, "", regulation="GL14"))
    for owner in Owner:
        having = [
            clause.ref
            for guide in answerer.corpus.guides
            for clause in guide.clauses
            if any(duty.owner is owner for duty in clause.duties)
        ]
        assert sorted(_refs(answerer, "", owner=owner)) == sorted(having)
    assert _refs(answerer, "", regulation="GL20") == []
    assert len(answerer.suggest("", most=3)) == 3
    assert answerer.suggest("", most=0) == []


def test_two_guides_on_one_clause_are_two_suggestions(two_guides: Answerer) -> None:
    """Each guide's response can be chosen, one after the other."""
    found = two_guides.suggest("GL8 5.1(c)")
    assert [suggestion.ref for suggestion in found] == ["GL8 5.1(c)", "GL8 5.1(c)"]
    assert len({suggestion.guide for suggestion in found}) == 2


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=60))
def test_any_text_gives_clauses_once_and_the_same_again(answerer: Answerer, text: str) -> None:
    """Whatever is typed, each clause comes at most once, and the same text gives the same list."""
    found = answerer.suggest(text)
    assert len(set(found)) == len(found)
    assert set(found) <= set(answerer.suggest(""))
    assert answerer.suggest(text) == found


@pytest.mark.usefixtures("no_runaway")
@pytest.mark.parametrize("text", ["a" * 10000, "5." * 5000, "加" * 10000, "gl " * 4000, "back " * 2000, "(" * 10000])
def test_long_text_is_read_in_part(answerer: Answerer, text: str) -> None:
    """A text far longer than any title is no trap."""
    assert len(answerer.suggest(text)) <= len(answerer.suggest(""))

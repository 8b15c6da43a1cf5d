"""The index against rank-bm25, which defines BM25 here."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from retrieval.index import Hit, Index

TERMS = st.sampled_from([*"abcdefgh"])
CORPORA = st.lists(st.lists(TERMS, max_size=12), min_size=1, max_size=14).filter(any)


@given(CORPORA, st.lists(st.sampled_from([*"abcdefghxy"]), max_size=8))
def test_scores_are_bm25okapis(corpus: list[list[str]], terms: list[str]) -> None:
    """Every score equals BM25Okapi's, for repeated, unknown, common and rare terms alike."""
    assert Index(corpus).scores(terms) == BM25Okapi(corpus).get_scores(terms).tolist()


@given(CORPORA, st.lists(TERMS, max_size=8), st.floats(0.0, 3.0), st.floats(0.0, 0.99))
def test_parameters_are_bm25okapis(corpus: list[list[str]], terms: list[str], k1: float, b: float) -> None:
    """k1 and b mean what they mean in BM25Okapi."""
    expected = BM25Okapi(corpus, k1=k1 + 0.1, b=b).get_scores(terms).tolist()
    assert Index(corpus, k1=k1 + 0.1, b=b).scores(terms) == expected


def test_an_empty_corpus_has_no_hits() -> None:
    """Where BM25Okapi divides by zero, the index finds nothing."""
    for corpus in ([], [[]], [[], []]):
        index = Index(corpus)
        assert index.search(["a"]) == []
        assert index.scores(["a"]) == [0.0] * len(corpus)
        assert index.idf("a") == 0.0


def test_a_shared_term_makes_a_hit_whatever_its_score() -> None:
    """A term in exactly half of the passages is worth 0, and its passages are still the hits."""
    index = Index([["a"], ["b"], ["a"], ["b"]])
    assert index.search(["a"]) == [Hit(0, 0.0), Hit(2, 0.0)]


def test_a_negative_score_ranks_no_stranger_first() -> None:
    """With negative idf only passages that share the term are found."""
    index = Index([["a", "b"], ["a"], ["a", "b"]])
    hits = index.search(["b"])
    assert [hit.position for hit in hits] == [0, 2]
    assert all(hit.score < 0 for hit in hits)


def test_an_unknown_question_has_no_hits() -> None:
    """Terms that no passage holds find nothing."""
    assert Index([["a"], ["b"]]).search(["x", "y"]) == []


def test_equal_scores_keep_the_corpus_order() -> None:
    """Ties break by position, also at the limit."""
    index = Index([["b"], ["a", "c"], ["a", "c"], ["a", "c"], ["b"], ["b"]])
    assert [hit.position for hit in index.search(["a"], limit=2)] == [1, 2]


def test_weights_scale_a_terms_contribution() -> None:
    """A mapping gives each term's weight; an absent term counts nothing."""
    index = Index([["a", "b"], ["a"], ["c"], ["d"], ["e"]])
    a, b = index.scores(["a"]), index.scores(["b"])
    assert index.scores({"a": 0.5, "b": 2.0, "x": 9.0}) == pytest.approx(
        [0.5 * one + 2.0 * two for one, two in zip(a, b, strict=True)]
    )


def test_an_unknown_term_has_the_greatest_idf() -> None:
    """What no passage holds is at least as telling as the rarest term that one does."""
    index = Index([["a", "b"], ["a"], ["a", "c"], ["a"], ["c"]])
    assert index.idf("x") == index.idf("b") > index.idf("c")
    assert "x" not in index
    assert set(index.vocabulary) == {"a", "b", "c"}

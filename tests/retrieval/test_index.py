"""The index against rank-bm25, which defines BM25 here: every fact holds for both ways of holding postings."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from retrieval import arrays, index
from retrieval.index import Hit, Index

Corpus = list[list[str]]
TERMS = st.sampled_from([*"abcdefgh"])
CORPORA = st.lists(st.lists(TERMS, max_size=12), min_size=1, max_size=14).filter(any)
QUESTIONS = st.lists(st.sampled_from([*"abcdefghxy"]), max_size=8)
# How many passages are held in lists: none, so that even the smallest corpus is in arrays, or all.
HOLDING = st.sampled_from([0, 10_000])


def hold(corpus: Corpus, lists_up_to: int, **parameters: float) -> Index:
    """The corpus in an index that holds it in lists or in arrays."""
    with patch.object(index, "LISTS_UP_TO", lists_up_to):
        return Index(corpus, **parameters)


@pytest.fixture(params=["lists", "adding up", "skipping"])
def make(request: pytest.FixtureRequest) -> Iterator[Callable[[Corpus], Index]]:
    """Makes indexes; what they hold and how they search is one of the three ways."""
    few = 0 if request.param == "skipping" else arrays._FEW
    with patch.object(arrays, "_FEW", few):
        yield lambda corpus: hold(corpus, 10_000 if request.param == "lists" else 0)


@given(CORPORA, QUESTIONS, HOLDING)
def test_scores_are_bm25okapis(corpus: Corpus, terms: list[str], lists_up_to: int) -> None:
    """Every score equals BM25Okapi's to the last bit: repeated, unknown, common and rare terms alike."""
    assert hold(corpus, lists_up_to).scores(terms) == BM25Okapi(corpus).get_scores(terms).tolist()


@given(CORPORA, QUESTIONS, HOLDING, st.floats(0.1, 3.0), st.floats(0.0, 0.99), st.floats(0.0, 1.0))
def test_parameters_are_bm25okapis(
    corpus: Corpus, terms: list[str], lists_up_to: int, k1: float, b: float, epsilon: float
) -> None:
    """k1, b and epsilon mean what they mean in BM25Okapi."""
    expected = BM25Okapi(corpus, k1=k1, b=b, epsilon=epsilon).get_scores(terms).tolist()
    assert hold(corpus, lists_up_to, k1=k1, b=b, epsilon=epsilon).scores(terms) == expected


@given(CORPORA, QUESTIONS, HOLDING, st.sampled_from([0, 250_000]), st.integers(1, 6))
def test_search_finds_what_scoring_everything_finds(
    corpus: Corpus, terms: list[str], lists_up_to: int, few: int, limit: int
) -> None:
    """Skipping changes nothing: the hits are the best of all passages that share a term, scores and order too."""
    held = hold(corpus, lists_up_to)
    scores = held.scores(terms)
    sharing = [position for position, passage in enumerate(corpus) if set(passage) & set(terms)]
    expected = sorted(sharing, key=lambda position: (-scores[position], position))[:limit]
    with patch.object(arrays, "_FEW", few):
        assert held.search(terms, limit) == [Hit(position, scores[position]) for position in expected]


@given(CORPORA, st.dictionaries(TERMS, st.floats(-2.0, 2.0), max_size=6), HOLDING, st.integers(1, 6))
def test_weighted_search_finds_what_scoring_everything_finds(
    corpus: Corpus, terms: dict[str, float], lists_up_to: int, limit: int
) -> None:
    """Nothing is skipped wrongly under weights, negative and zero ones included."""
    held = hold(corpus, lists_up_to)
    scores = held.scores(terms)
    sharing = [position for position, passage in enumerate(corpus) if set(passage) & set(terms)]
    expected = sorted(sharing, key=lambda position: (-scores[position], position))[:limit]
    with patch.object(arrays, "_FEW", 0):
        assert held.search(terms, limit) == [Hit(position, scores[position]) for position in expected]


def test_skipping_on_a_long_corpus_finds_the_best(make: Callable[[Corpus], Index]) -> None:
    """With thousands of passages, rare and common terms and many ties, the hits are those of full scoring."""
    corpus = [
        ["all"] * (1 + position % 3) + [f"m{position % 7}", f"r{position % 501}", "pad"] * (1 + position % 2)
        for position in range(3_000)
    ]
    held = make([*corpus, ["other"], ["other"]] * 2)
    for terms in (["all", "m3", "r17"], ["m1", "m2", "m1"], ["r5", "pad", "x"], ["other"], ["all"]):
        scores = held.scores(terms)
        best = sorted(range(len(scores)), key=lambda position: (-scores[position], position))[:10]
        sharing = [position for position in best if scores[position] > 0]
        assert held.search(terms) == [Hit(position, scores[position]) for position in sharing[:10]]


def test_an_empty_corpus_has_no_hits(make: Callable[[Corpus], Index]) -> None:
    """Where BM25Okapi divides by zero, the index finds nothing."""
    for corpus in ([], [[]], [[], []]):
        held = make(corpus)
        assert len(held) == len(corpus)
        assert held.search(["a"]) == []
        assert held.scores(["a"]) == [0.0] * len(corpus)
        assert held.idf("a") == 0.0


def test_a_shared_term_makes_a_hit_whatever_its_score(make: Callable[[Corpus], Index]) -> None:
    """A term in exactly half of the passages is worth 0, and its passages are still the hits."""
    assert make([["a"], ["b"], ["a"], ["b"]]).search(["a"]) == [Hit(0, 0.0), Hit(2, 0.0)]


def test_a_negative_score_ranks_no_stranger_first(make: Callable[[Corpus], Index]) -> None:
    """With negative idf only passages that share the term are found."""
    hits = make([["a", "b"], ["a"], ["a", "b"]]).search(["b"])
    assert [hit.position for hit in hits] == [0, 2]
    assert all(hit.score < 0 for hit in hits)


def test_an_unknown_question_has_no_hits(make: Callable[[Corpus], Index]) -> None:
    """Terms that no passage holds find nothing, nor does a question without terms."""
    held = make([["a"], ["b"]])
    assert held.search(["x", "y"]) == held.search([]) == held.search({}) == []


def test_no_more_hits_than_asked_for(make: Callable[[Corpus], Index]) -> None:
    """A limit of zero finds nothing, one of more than there are finds all."""
    held = make([["a"], ["a", "b"], ["c"]])
    assert held.search(["a"], 0) == []
    assert len(held.search(["a"], 99)) == 2


def test_equal_scores_keep_the_corpus_order(make: Callable[[Corpus], Index]) -> None:
    """Ties break by position, also at the limit."""
    held = make([["b"], ["a", "c"], ["a", "c"], ["a", "c"], ["b"], ["b"], ["b"]])
    assert [hit.position for hit in held.search(["a"], limit=2)] == [1, 2]


def test_weights_scale_a_terms_contribution(make: Callable[[Corpus], Index]) -> None:
    """A mapping gives each term's weight; an absent term counts nothing."""
    held = make([["a", "b"], ["a"], ["c"], ["d"], ["e"]])
    a, b = held.scores(["a"]), held.scores(["b"])
    assert held.scores({"a": 0.5, "b": 2.0, "x": 9.0}) == pytest.approx(
        [0.5 * one + 2.0 * two for one, two in zip(a, b, strict=True)]
    )


def test_an_unknown_term_has_the_greatest_idf(make: Callable[[Corpus], Index]) -> None:
    """What no passage holds is at least as telling as the rarest term that one does."""
    held = make([["a", "b"], ["a"], ["a", "c"], ["a"], ["c"]])
    assert held.idf("x") == held.idf("b") > held.idf("c")
    assert "x" not in held
    assert list(held.vocabulary) == ["a", "b", "c"]


def test_searching_twice_gives_the_same(make: Callable[[Corpus], Index]) -> None:
    """A question leaves nothing behind that changes the next answer."""
    held = make([["a", "b"], ["a"], ["c"], ["d"], ["e"], ["c", "d"]])
    first = held.search(["a", "c"])
    assert held.search(["d"]) != first
    assert held.search(["a", "c"]) == first


def test_a_small_corpus_imports_neither_numpy_nor_rank_bm25() -> None:
    """A cold process that searches a small corpus does not pay for importing numpy."""
    code = (
        "import sys; from retrieval.index import Index; "
        "print(Index([['a'], ['b'], ['c']] * 1000).search(['a'], 1)[0].position, "
        "{'numpy', 'rank_bm25'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "0 set()\n"

"""Recall, average precision and reciprocal rank against examples worked by hand."""

from __future__ import annotations

import pytest

from bench.metrics import Quality, average, judge

MANY = frozenset(range(100, 120))


@pytest.mark.parametrize(
    ("ranked", "relevant", "expected"),
    [
        # The only relevant passage first, second, absent.
        ([7, 8], {7}, (1.0, 1.0, 1.0)),
        ([8, 7], {7}, (1.0, 0.5, 0.5)),
        ([8, 9], {7}, (0.0, 0.0, 0.0)),
        ([], {7}, (0.0, 0.0, 0.0)),
        # Two of three at ranks 1 and 3: (1/1 + 2/3) / 3.
        ([1, 9, 2], {1, 2, 3}, (2 / 3, (1 + 2 / 3) / 3, 1.0)),
        # Rank 10 counts, rank 11 does not.
        ([*range(9), 50, 51], {50, 51}, (0.5, (1 / 10) / 2, 0.1)),
        # More relevant passages than places: still divided by all of them.
        ([*range(100, 110)], MANY, (0.5, 0.5, 1.0)),
    ],
)
def test_one_question(ranked: list[int], relevant: set[int], expected: tuple[float, float, float]) -> None:
    """The three figures of one ranking."""
    assert judge(ranked, relevant) == pytest.approx(expected)


def test_the_mean_is_over_questions() -> None:
    """Every question counts the same; no question is no quality."""
    assert average([Quality(1.0, 0.5, 1.0), Quality(0.0, 0.0, 0.5)]) == Quality(0.5, 0.25, 0.75)
    assert average([]) == Quality(0.0, 0.0, 0.0)


def test_figures_carry_their_cut() -> None:
    """The names say at which rank the figures were taken."""
    assert Quality(0.5, 0.25, 0.75).named() == {"recall@10": 0.5, "map@10": 0.25, "mrr@10": 0.75}

"""How good a ranking is, as trec_eval counts it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from statistics import fmean
from typing import NamedTuple

CUT = 10
"""How many of the ranked passages count."""


class Quality(NamedTuple):
    """Means over questions: share of the relevant passages found, average precision, reciprocal rank of the first."""

    recall: float
    average_precision: float
    reciprocal_rank: float

    def named(self) -> dict[str, float]:
        """The figures under their usual names."""
        return {f"recall@{CUT}": self.recall, f"map@{CUT}": self.average_precision, f"mrr@{CUT}": self.reciprocal_rank}


def judge(ranked: Sequence[int], relevant: Set[int]) -> Quality:
    """Judge one question's ranking.

    Average precision is ``map_cut_10``: divided by all relevant passages, also those that no cut could hold.

    Args:
        ranked: Passages, best first; those after the cut don't count.
        relevant: The passages that answer the question, at least one.
    """
    found = 0
    precisions = 0.0
    first = 0.0
    for rank, passage in enumerate(ranked[:CUT], 1):
        if passage in relevant:
            found += 1
            precisions += found / rank
            first = first or 1 / rank
    return Quality(found / len(relevant), precisions / len(relevant), first)


def average(judged: Iterable[Quality]) -> Quality:
    """The mean of some questions' figures; all 0.0 where there is no question."""
    columns = list(zip(*judged, strict=True))
    return Quality(*(fmean(column) for column in columns)) if columns else Quality(0.0, 0.0, 0.0)

"""BM25 as rank-bm25's ``BM25Okapi`` defines it, computed from postings.

Scores are ``BM25Okapi.get_scores``'s to the last bit: the same operations in the same order, done only for
the passages that hold a term. What a hit is differs, on purpose: a passage that shares a term with the
question, whatever its score. In a small corpus idf can be zero or negative, so ``score > 0`` says nothing.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, KeysView, Mapping, Sequence
from typing import NamedTuple

from retrieval.postings import Formula, Lists, Postings, Query

LISTS_UP_TO = 5_000
"""Passages up to which plain Python holds the postings: importing numpy would take longer than it saves."""

LISTS_TOKENS = 500_000
"""Tokens up to which it does: a hundred a passage. Few but long passages need room, too."""


class Hit(NamedTuple):
    """One passage found: its position in the corpus, from 0, and its BM25 score."""

    position: int
    score: float


class Index:
    """Passages by their terms, ranked by BM25.

    ``documents`` holds each passage's tokens. ``k1`` says how soon repetition stops counting, ``b`` how much
    long passages are held back (0 to 1), ``epsilon`` what share of the average idf a term keeps that stands
    in more than half of the passages. The defaults are ``BM25Okapi``'s. A corpus without passages is an
    index without hits.
    """

    def __init__(
        self,
        documents: Iterable[Sequence[str]],
        *,
        k1: float = 1.5,
        b: float = 0.75,
        epsilon: float = 0.25,
    ) -> None:
        # Numbers terms by first appearance, the order in which BM25Okapi adds up the average idf.
        numbers: defaultdict[str, int] = defaultdict()
        numbers.default_factory = numbers.__len__
        tokens = array("i")
        lengths = array("i")
        for document in documents:
            tokens.extend(map(numbers.__getitem__, document))
            lengths.append(len(document))
        numbers.default_factory = None
        self._numbers: dict[str, int] = numbers
        self._passages = len(lengths)
        self._postings = _hold(tokens, lengths, len(numbers), Formula(k1, b, epsilon))
        self._greatest_idf = max(self._postings.idf, default=0.0)

    def __len__(self) -> int:
        return self._passages

    def __contains__(self, term: object) -> bool:
        return term in self._numbers

    @property
    def vocabulary(self) -> KeysView[str]:
        """Every term that some passage holds, in order of first appearance."""
        return self._numbers.keys()

    def idf(self, term: str) -> float:
        """Give the term's inverse document frequency; an unknown term has the greatest seen, or 0.0."""
        number = self._numbers.get(term)
        return self._greatest_idf if number is None else self._postings.idf[number]

    def scores(self, terms: Sequence[str] | Mapping[str, float]) -> list[float]:
        """Score every passage.

        Args:
            terms: The question's terms, each occurrence counted; or terms with the weight of each.

        Returns:
            One score a passage, in the corpus's order; 0.0 where no term is shared.
        """
        return self._postings.scores(self._known(terms))

    def search(self, terms: Sequence[str] | Mapping[str, float], limit: int = 10) -> list[Hit]:
        """Find the passages that share a term with the question.

        Args:
            terms: As for ``scores``.
            limit: How many hits at most.

        Returns:
            The best hits, best first; equal scores in the corpus's order.
        """
        if limit < 1:
            return []
        return [Hit(*hit) for hit in self._postings.best(self._known(terms), limit)]

    def _known(self, terms: Sequence[str] | Mapping[str, float]) -> Query:
        weighted = terms.items() if isinstance(terms, Mapping) else ((term, 1.0) for term in terms)
        return [(self._numbers[term], weight) for term, weight in weighted if term in self._numbers]


def _hold(tokens: array[int], lengths: array[int], terms: int, formula: Formula) -> Postings:
    if len(lengths) <= LISTS_UP_TO and len(tokens) <= LISTS_TOKENS:
        return Lists(tokens, lengths, terms, formula)
    from retrieval.arrays import Arrays

    return Arrays(tokens, lengths, terms, formula)

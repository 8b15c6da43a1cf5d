"""BM25 as rank-bm25's ``BM25Okapi`` defines it, computed from postings.

Scores are ``BM25Okapi.get_scores``'s to the last bit: the same operations in the same order, done only for
the passages that hold a term. What a hit is differs, on purpose: a passage that shares a term with the
question, whatever its score. In a small corpus idf can be zero or negative, so ``score > 0`` says nothing.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, KeysView, Mapping, Sequence
from heapq import nsmallest
from typing import NamedTuple


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
        self._k1 = k1
        self._postings: list[list[tuple[int, int]]] = [[] for _ in numbers]
        start = 0
        for position, length in enumerate(lengths):
            for number, count in Counter(tokens[start : start + length]).items():
                self._postings[number].append((position, count))
            start += length
        average = len(tokens) / len(lengths) if tokens else 1.0
        self._norms = [k1 * (1 - b + b * length / average) for length in lengths]
        self._idf = _idf([len(held) for held in self._postings], len(lengths), epsilon)
        self._greatest_idf = max(self._idf, default=0.0)

    def __len__(self) -> int:
        return len(self._norms)

    def __contains__(self, term: object) -> bool:
        return term in self._numbers

    @property
    def vocabulary(self) -> KeysView[str]:
        """Every term that some passage holds, in order of first appearance."""
        return self._numbers.keys()

    def idf(self, term: str) -> float:
        """Give the term's inverse document frequency; an unknown term has the greatest seen, or 0.0."""
        number = self._numbers.get(term)
        return self._greatest_idf if number is None else self._idf[number]

    def scores(self, terms: Sequence[str] | Mapping[str, float]) -> list[float]:
        """Score every passage.

        Args:
            terms: The question's terms, each occurrence counted; or terms with the weight of each.

        Returns:
            One score a passage, in the corpus's order; 0.0 where no term is shared.
        """
        scores = [0.0] * len(self)
        for position, score in self._score(terms).items():
            scores[position] = score
        return scores

    def search(self, terms: Sequence[str] | Mapping[str, float], limit: int = 10) -> list[Hit]:
        """Find the passages that share a term with the question.

        Args:
            terms: As for ``scores``.
            limit: How many hits at most.

        Returns:
            The best hits, best first; equal scores in the corpus's order.
        """
        hits = nsmallest(limit, ((-score, position) for position, score in self._score(terms).items()))
        return [Hit(position, -negative) for negative, position in hits]

    def _score(self, terms: Sequence[str] | Mapping[str, float]) -> dict[int, float]:
        scores: dict[int, float] = {}
        norms, over = self._norms, self._k1 + 1
        for number, weight in self._known(terms):
            idf = self._idf[number]
            for position, count in self._postings[number]:
                worth = idf * (count * over / (count + norms[position]))
                scores[position] = scores.get(position, 0.0) + weight * worth
        return scores

    def _known(self, terms: Sequence[str] | Mapping[str, float]) -> Iterator[tuple[int, float]]:
        weighted = terms.items() if isinstance(terms, Mapping) else ((term, 1.0) for term in terms)
        for term, weight in weighted:
            number = self._numbers.get(term)
            if number is not None:
                yield number, weight


def _idf(held_by: Sequence[int], passages: int, epsilon: float) -> list[float]:
    """BM25Okapi's idf of each term: negative ones are raised to a share of the average."""
    idf = [math.log(passages - held + 0.5) - math.log(held + 0.5) for held in held_by]
    total = 0.0
    for value in idf:
        total += value
    floor = epsilon * (total / len(idf)) if idf else 0.0
    return [floor if value < 0 else value for value in idf]

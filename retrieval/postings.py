"""Which passages hold a term and what it is worth there, in plain Python: for packs of up to some thousands."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from heapq import nlargest, nsmallest
from typing import NamedTuple, Protocol

Query = Sequence[tuple[int, float]]
"""Term numbers with their weights, in the question's order; a number may come again."""

SLACK = 1e-6
"""Share of the greatest possible score by which a bound may be wrong: far above rounding, far below a rank."""


class Formula(NamedTuple):
    """BM25Okapi's parameters."""

    k1: float
    b: float
    epsilon: float


class Bound(NamedTuple):
    """A term of the question: the most it can add to any passage's score, its number and its weight."""

    most: float
    number: int
    weight: float


class Postings(Protocol):
    """Where terms stand. Terms are numbered by first appearance, passages by position."""

    idf: Sequence[float]

    def scores(self, query: Query) -> list[float]:
        """Every passage's score."""

    def best(self, query: Query, limit: int) -> list[tuple[int, float]]:
        """Positions and scores of the best passages that hold a term of the query, best first, then by position."""


class Lists:
    """Postings in dicts, weighed when a question first names the term."""

    def __init__(self, tokens: array[int], lengths: array[int], terms: int, formula: Formula) -> None:
        self._held: list[list[tuple[int, int]]] = [[] for _ in range(terms)]
        start = 0
        for position, length in enumerate(lengths):
            for number, count in Counter(tokens[start : start + length]).items():
                self._held[number].append((position, count))
            start += length
        k1, b, epsilon = formula
        average = len(tokens) / len(lengths) if tokens else 1.0
        self._norms = [k1 * (1 - b + b * length / average) for length in lengths]
        self._over = k1 + 1
        self.idf: Sequence[float] = weigh_terms([len(held) for held in self._held], len(lengths), epsilon)
        self._worths: dict[int, dict[int, float]] = {}
        self._greatest: dict[int, float] = {}

    def scores(self, query: Query) -> list[float]:
        """Every passage's score."""
        scores = [0.0] * len(self._norms)
        for number, weight in query:
            for position, worth in self._worth(number).items():
                scores[position] += weight * worth
        return scores

    def best(self, query: Query, limit: int) -> list[tuple[int, float]]:
        """The best passages that hold a term of the query.

        Terms come in, the most telling first, until no further passage can reach the best `limit` (MaxScore:
        Turtle and Flood, 1995); only the passages that still can are scored in full.
        """
        worths = {number: self._worth(number) for number, _ in query}
        bounds = bound_terms(query, self._greatest)
        to_come = sum(len(worth) for worth in worths.values()) if bounds and bounds[-1].most > 0.0 else 0
        found: dict[int, float] = {}
        rest = sum(bound.most for bound in bounds)
        cut = -math.inf
        for most, number, weight in bounds:
            if limit <= len(found) < to_come:
                least = nlargest(limit, found.values())[-1] * (1 - SLACK)
                if rest < least:
                    cut = least - rest
                    break
            rest -= most
            to_come -= len(worths[number])
            for position, worth in worths[number].items():
                found[position] = found.get(position, 0.0) + weight * worth
        kept = [(worths[number].get, weight) for number, weight in query]
        best = []
        for position, so_far in found.items():
            if so_far >= cut:
                score = 0.0
                for worth_at, weight in kept:
                    score += weight * worth_at(position, 0.0)
                best.append((-score, position))
        return [(position, -negative) for negative, position in nsmallest(limit, best)]

    def _worth(self, number: int) -> dict[int, float]:
        worth = self._worths.get(number)
        if worth is None:
            idf, over, norms = self.idf[number], self._over, self._norms
            worth = {at: idf * (count * over / (count + norms[at])) for at, count in self._held[number]}
            self._worths[number] = worth
            self._greatest[number] = max(worth.values())
        return worth


def bound_terms(query: Query, greatest: Mapping[int, float] | Sequence[float]) -> list[Bound]:
    """The query's terms, the most telling first, repeated ones as one.

    `greatest` holds each one's greatest worth. Where worth or weight is not positive, a later term can lower a
    score and nothing may be skipped: such a bound is 0.0 and comes last.
    """
    weights: dict[int, float] = {}
    for number, weight in query:
        weights[number] = weights.get(number, 0.0) + weight
    bounds = []
    for number, weight in weights.items():
        most = weight * greatest[number] if weight > 0 and greatest[number] > 0 else 0.0
        bounds.append(Bound(most, number, weight))
    return sorted(bounds, reverse=True)


def weigh_terms(held_by: Iterable[int], passages: int, epsilon: float) -> list[float]:
    """BM25Okapi's idf of terms that so many passages hold: negative ones are raised to a share of the average."""
    idf = [math.log(passages - held + 0.5) - math.log(held + 0.5) for held in held_by]
    total = 0.0
    for value in idf:
        total += value
    floor = epsilon * (total / len(idf)) if idf else 0.0
    return [floor if value < 0 else value for value in idf]

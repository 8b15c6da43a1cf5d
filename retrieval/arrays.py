"""Postings in numpy arrays, for large corpora: 12 bytes a posting, every worth computed beforehand."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.postings import SLACK, Bound, Formula, Query, bound_terms, weigh_terms

Ints = NDArray[np.integer[Any]]
Floats = NDArray[np.float64]

_CHUNK = 1 << 20
"""Postings weighed at once while building."""

_FEW = 250_000
"""Passages and twice the postings up to which adding up everything is sooner done than skipping."""

_LOOK_UP = 16
"""Postings passed in the time in which one passage is looked up."""

_BLOCK = 64
"""Sums of which only the greatest is compared at first."""


class Arrays:
    """Postings as arrays sorted by term, then by position."""

    def __init__(self, tokens: array[int], lengths: array[int], terms: int, formula: Formula) -> None:
        starts, self._positions, counts = _count(tokens, lengths, terms)
        self._starts = array("q", starts.tobytes())
        self._passages = len(lengths)
        k1, b, epsilon = formula
        average = len(tokens) / len(lengths) if len(tokens) else 1.0
        norms = k1 * (1 - b + b * np.array(lengths) / average)
        self.idf: Sequence[float] = weigh_terms(np.diff(starts).tolist(), len(lengths), epsilon)
        idf = np.array(self.idf)
        self._worths = np.empty(len(counts))
        for start in range(0, len(counts), _CHUNK):
            some = slice(start, min(start + _CHUNK, len(counts)))
            numbers = np.searchsorted(starts, np.arange(some.start, some.stop), "right") - 1
            count = counts[some].astype(np.int64)
            # BM25Okapi's operations in BM25Okapi's order: the same to the last bit.
            self._worths[some] = idf[numbers] * (count * (k1 + 1) / (count + norms[self._positions[some]]))
        greatest = np.maximum.reduceat(self._worths, starts[:-1]) if terms else np.zeros(0)
        self._greatest = array("d", greatest.tobytes())
        # Sums of one query, all zero between queries. Taken and put back, so that threads don't share one.
        self._sums: list[Floats] = []

    def scores(self, query: Query) -> list[float]:
        """Every passage's score."""
        scores: list[float] = self._add_up(query)[1].tolist()
        return scores

    def best(self, query: Query, limit: int) -> list[tuple[int, float]]:
        """The best passages that hold a term of the query, best first, then by position."""
        if not query:
            return []
        bounds = bound_terms(query, self._greatest)
        positions: Ints
        if bounds[-1].most <= 0.0:
            holders, sums = self._add_up(query)
            positions = np.unique(holders)
            scores = sums[positions]
        elif self._passages + 2 * sum(self._held_by(number) for number, _ in query) < _FEW:
            _, sums = self._add_up(query)
            positions = (sums >= _bound_best(sums, limit)).nonzero()[0]
            scores = sums[positions]
        else:
            positions = self._find(bounds, limit)
            scores = self._score(query, positions)
        order = np.lexsort((positions, -scores))[:limit]
        return list(zip(positions[order].tolist(), scores[order].tolist(), strict=True))

    def _span(self, number: int) -> slice:
        return slice(self._starts[number], self._starts[number + 1])

    def _held_by(self, number: int) -> int:
        return self._starts[number + 1] - self._starts[number]

    def _add_up(self, query: Query) -> tuple[Ints, Floats]:
        """The positions that hold a term, some repeatedly, and every passage's score."""
        if not query:
            return np.zeros(0, np.int32), np.zeros(self._passages)
        spans = [(self._span(number), weight) for number, weight in query]
        positions = np.concatenate([self._positions[span] for span, _ in spans])
        worths = np.concatenate([_times(self._worths[span], weight) for span, weight in spans])
        return positions, np.bincount(positions, worths, self._passages).astype(np.float64, copy=False)

    def _find(self, bounds: list[Bound], limit: int) -> Ints:
        """Positions of the best `limit` passages and of some more.

        Terms come in, the most telling first. A passage is kept only while what it has and what the terms to
        come can add reach the best `limit` (MaxScore: Turtle and Flood, 1995). Once no new passage can, and
        few are kept, the remaining terms are looked up for those alone.
        """
        rest = sum(bound.most for bound in bounds)
        slack = rest * SLACK
        least = 0.0
        sums = self._sums.pop() if self._sums else np.zeros(self._passages)
        touched: list[Ints] = []
        while bounds:
            most, number, weight = bounds[0]
            if least - slack > rest:
                touched = [_keep(sums, touched, least - rest - slack)]
                if len(touched[0]) * _LOOK_UP < self._held_by(number):
                    break
            rest -= most
            bounds = bounds[1:]
            positions = self._positions[self._span(number)]
            values = sums[positions]
            values += _times(self._worths[self._span(number)], weight)
            cut = least - rest - slack
            if cut > 0.0:
                kept = (values >= cut).nonzero()[0]
                positions = positions[kept]
                values = values[kept]
            sums[positions] = values
            touched.append(positions)
            least = _raise(least, values, limit)
        positions = _keep(sums, touched, least - rest - slack)
        positions.sort()
        values = sums[positions]
        sums[positions] = 0.0
        self._sums.append(sums)
        for most, number, weight in bounds:
            rest -= most
            values += self._look_up(number, positions) * weight
            least = _raise(least, values, limit)
            kept = (values >= least - rest - slack).nonzero()[0]
            positions = positions[kept]
            values = values[kept]
        return positions

    def _score(self, query: Query, positions: Ints) -> Floats:
        """The scores of these passages, terms added in the query's order."""
        scores = np.zeros(len(positions))
        for number, weight in query:
            scores += self._look_up(number, positions) * weight
        return scores

    def _look_up(self, number: int, positions: Ints) -> Floats:
        """What the term is worth in each of these passages, 0.0 where it does not stand."""
        span = self._span(number)
        held = self._positions[span]
        places = held.searchsorted(positions)
        np.minimum(places, len(held) - 1, out=places)
        worths: Floats = self._worths[span][places]
        worths *= held[places] == positions
        return worths


def _times(worths: Floats, weight: float) -> Floats:
    return worths if weight == 1.0 else worths * weight


def _keep(sums: Floats, touched: list[Ints], cut: float) -> Ints:
    """The touched positions whose sum reaches `cut`, each once; the other sums become zero."""
    kept = []
    held = []
    for positions in touched:
        values = sums[positions]
        reach = (values >= cut).nonzero()[0] if cut > 0.0 else values.nonzero()[0]
        kept.append(positions[reach])
        held.append(values[reach])
        sums[positions] = 0.0
    together = np.concatenate(kept)
    sums[together] = np.concatenate(held)
    return together


def _raise(least: float, values: Floats, limit: int) -> float:
    """A greater lower bound of the best `limit` scores, if these values give one."""
    above = values[values > least]
    if len(above) < limit:
        return least
    above.partition(len(above) - limit)
    return float(above[len(above) - limit])


def _bound_best(sums: Floats, limit: int) -> float:
    """A positive value that the best `limit` sums reach, found by the greatest of each block."""
    blocks = len(sums) // _BLOCK
    if blocks > limit:
        # Blocks run across the rows: numpy takes the greatest of rows faster than of columns.
        greatest = sums[: blocks * _BLOCK].reshape(_BLOCK, blocks).max(axis=0)
        greatest.partition(blocks - limit)
        if greatest[blocks - limit] > 0.0:
            return float(greatest[blocks - limit])
    return float(np.finfo(np.float64).smallest_subnormal)


def _count(tokens: array[int], lengths: array[int], terms: int) -> tuple[Ints, Ints, Ints]:
    """Where each term's postings start; and of each posting the position and the count."""
    passages = max(len(lengths), 1)
    keys = np.array(tokens, np.int64)
    keys *= passages
    keys += np.repeat(np.arange(len(lengths)), lengths)
    keys.sort()
    firsts = np.diff(keys, prepend=-1).nonzero()[0]
    counts = np.diff(firsts, append=len(keys)).astype(np.int32)
    numbers, positions = np.divmod(keys[firsts], passages)
    starts = numbers.searchsorted(np.arange(terms + 1))
    return starts, positions.astype(np.int32), counts

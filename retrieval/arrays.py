"""Postings in numpy arrays, for large corpora: 9 bytes a posting, worths as float32 for finding, exact for scoring."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.postings import SLACK, Bound, Formula, Query, bound_terms, weigh_terms

Ints = NDArray[np.integer[Any]]
Floats = NDArray[np.floating[Any]]

_CHUNK = 1 << 20
"""Postings weighed at once while building."""

_FEW = 20_000
"""Postings that are sooner added up than skipped."""

_LOOK_UP = 16
"""Postings passed in the time in which one passage is looked up."""

_BLOCK = 64
"""Sums of which only the greatest is compared at first."""


class Arrays:
    """Postings as arrays sorted by term, then by position."""

    def __init__(self, tokens: array[int], lengths: array[int], terms: int, formula: Formula) -> None:
        self._starts, self._positions, self._counts = _count(tokens, lengths, terms)
        held_by = np.diff(self._starts)
        k1, b, epsilon = formula
        average = len(tokens) / len(lengths) if len(tokens) else 1.0
        self._norms = k1 * (1 - b + b * np.array(lengths) / average)
        self._over = k1 + 1
        self.idf: Sequence[float] = weigh_terms(held_by.tolist(), len(lengths), epsilon)
        self._worths = np.empty(len(self._positions), np.float32)
        idf = np.array(self.idf)
        for start in range(0, len(self._positions), _CHUNK):
            some = slice(start, start + _CHUNK)
            numbers = np.searchsorted(self._starts, np.arange(start, start + len(self._worths[some])), "right") - 1
            self._worths[some] = self._weigh(idf[numbers], self._positions[some], self._counts[some])
        self._greatest = np.maximum.reduceat(self._worths, self._starts[:-1]) if terms else self._worths
        # Sums of one query, all zero between queries. Taken and put back, so that threads don't share one.
        self._sums: list[NDArray[np.float32]] = []

    def scores(self, query: Query) -> list[float]:
        """Every passage's score."""
        scores: list[float] = self._add_up(query)[1].tolist()
        return scores

    def best(self, query: Query, limit: int) -> list[tuple[int, float]]:
        """The best passages that hold a term of the query, best first, then by position."""
        if not query:
            return []
        bounds = bound_terms(query, {number: float(self._greatest[number]) for number, _ in query})
        if bounds[-1].most <= 0.0 or sum(self._held_by(number) for number, _ in query) < _FEW:
            holders, sums = self._add_up(query)
            positions = np.flatnonzero(sums >= _bound_best(sums, limit))
            if len(positions) > len(holders) or bounds[-1].most <= 0.0:
                positions = np.unique(holders)
            scores = sums[positions]
        else:
            positions = self._find(bounds, limit)
            scores = self._score(query, positions)
        order = np.lexsort((positions, -scores))[:limit]
        return list(zip(positions[order].tolist(), scores[order].tolist(), strict=True))

    def _held_by(self, number: int) -> int:
        return int(self._starts[number + 1] - self._starts[number])

    def _add_up(self, query: Query) -> tuple[Ints, Floats]:
        """The positions that hold a term, some twice, and every passage's score."""
        terms = [slice(self._starts[number], self._starts[number + 1]) for number, _ in query]
        if not terms:
            return np.zeros(0, np.int32), np.zeros(len(self._norms))
        lengths = [term.stop - term.start for term in terms]
        positions = np.concatenate([self._positions[term] for term in terms])
        counts = np.concatenate([self._counts[term] for term in terms])
        worths = self._weigh(np.repeat([self.idf[number] for number, _ in query], lengths), positions, counts)
        worths *= np.repeat([weight for _, weight in query], lengths)
        return positions, np.bincount(positions, worths, len(self._norms))

    def _find(self, bounds: list[Bound], limit: int) -> Ints:
        """Positions of the best `limit` passages and of some more.

        Terms come in, the most telling first. A passage is kept only while what it has and what the terms to
        come can add reach the best `limit` (MaxScore: Turtle and Flood, 1995). Once no new passage can, and
        few are kept, the remaining terms are looked up for those alone.
        """
        rest = sum(bound.most for bound in bounds)
        slack = rest * SLACK
        least = 0.0
        sums = self._sums.pop() if self._sums else np.zeros(len(self._norms), np.float32)
        touched: list[Ints] = []
        while bounds:
            most, number, weight = bounds[0]
            if least - slack > rest:
                touched = [_keep(sums, touched, least - rest - slack)]
                if len(touched[0]) * _LOOK_UP < self._held_by(number):
                    break
            rest -= most
            bounds = bounds[1:]
            term = slice(self._starts[number], self._starts[number + 1])
            positions = self._positions[term]
            values = sums[positions]
            values += self._worths[term] if weight == 1.0 else self._worths[term] * np.float32(weight)
            cut = least - rest - slack
            if cut > 0.0:
                kept = np.flatnonzero(values >= cut)
                positions = positions[kept]
                values = values[kept]
            sums[positions] = values
            touched.append(positions)
            least = _raise(least, values, limit)
        positions = np.sort(_keep(sums, touched, least - rest - slack))
        values = sums[positions]
        sums[positions] = 0.0
        self._sums.append(sums)
        for most, number, weight in bounds:
            rest -= most
            at, held = self._look_up(number, positions)
            values[held] += self._worths[at] * np.float32(weight)
            least = _raise(least, values, limit)
            kept = np.flatnonzero(values >= least - rest - slack)
            positions = positions[kept]
            values = values[kept]
        return positions

    def _score(self, query: Query, positions: Ints) -> Floats:
        """The exact scores of these passages, terms in the query's order."""
        scores = np.zeros(len(positions))
        for number, weight in query:
            at, held = self._look_up(number, positions)
            scores[held] += weight * self._weigh(self.idf[number], positions[held], self._counts[at])
        return scores

    def _look_up(self, number: int, positions: Ints) -> tuple[Ints, Ints]:
        """Where the term's postings stand for those of the positions that hold it, and which those are."""
        start, end = self._starts[number], self._starts[number + 1]
        places = np.searchsorted(self._positions[start:end], positions)
        places += start
        places[places == end] = start
        held = np.flatnonzero(self._positions[places] == positions)
        return places[held], held

    def _weigh(self, idf: float | Floats, positions: Ints, counts: Ints) -> Floats:
        """What terms of that idf are worth in each of these passages: BM25Okapi's operations in its order."""
        many = counts.astype(np.int64)
        worths: Floats = idf * (many * self._over / (many + self._norms[positions]))
        return worths


def _keep(sums: NDArray[np.float32], touched: list[Ints], cut: float) -> Ints:
    """The touched positions whose sum reaches `cut`, each once; the other sums become zero."""
    kept = []
    held = []
    for positions in touched:
        values = sums[positions]
        reach = np.flatnonzero(values >= cut) if cut > 0.0 else np.flatnonzero(values)
        kept.append(positions[reach])
        held.append(values[reach])
        sums[positions] = 0.0
    positions = np.concatenate(kept)
    sums[positions] = np.concatenate(held)
    return positions


def _raise(least: float, values: Floats, limit: int) -> float:
    """A greater lower bound of the best `limit` scores, if these values give one."""
    above = values[values > least]
    if len(above) < limit:
        return least
    return float(np.partition(above, len(above) - limit)[len(above) - limit])


def _bound_best(sums: Floats, limit: int) -> float:
    """A value that at least `limit` sums reach, if as many are positive, found by the greatest of each block."""
    blocks = len(sums) // _BLOCK
    if blocks <= limit:
        return 0.0
    greatest = sums[: blocks * _BLOCK].reshape(blocks, _BLOCK).max(axis=1)
    return float(np.partition(greatest, blocks - limit)[blocks - limit])


def _count(tokens: array[int], lengths: array[int], terms: int) -> tuple[Ints, Ints, Ints]:
    """Where each term's postings start; and of each posting the position and the count, in the least bytes."""
    passages = max(len(lengths), 1)
    keys = np.array(tokens, np.int64)
    keys *= passages
    keys += np.repeat(np.arange(len(lengths)), lengths)
    keys.sort()
    firsts = np.flatnonzero(np.diff(keys, prepend=-1))
    counts = np.diff(firsts, append=len(keys))
    keys = keys[firsts]
    numbers, positions = np.divmod(keys, passages)
    starts = np.searchsorted(numbers, np.arange(terms + 1))
    width = np.uint8 if len(counts) == 0 or counts.max() < 256 else np.int32
    return starts, positions.astype(np.int32), counts.astype(width)

"""Weights for the ranking, learnt from answered questions: one convex loss, numpy only, the same result each time.

Of each question's candidates the relevant ones shall get the softmax's mass (ListNet's loss: Cao et al., 2007);
ridge penalties hold back what few questions speak for. Minimized by L-BFGS (Liu and Nocedal, 1989).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.evidence import COLUMNS, Candidates, Evidence
from retrieval.ranking import Weights

Ints = NDArray[np.integer[Any]]
Floats = NDArray[np.floating[Any]]

COLUMN_RIDGE = 1e-3
WORD_RIDGE = 2e-5
DOCUMENT_RIDGE = 3e-3
PASSAGE_RIDGE = 5e-3
"""Penalties on the squares of the weights of columns (after scaling them), words, documents and passages' stems."""

_WORD_SCALE = 10.0
"""Words' weights are tenths while they are learnt, so that the minimizer's steps suit all weights alike."""

_CONSTANT = 1e-6
"""Deviation up to which a column tells candidates apart no more."""

STEM_HELD_BY = 20
"""Passages that must hold a stem before it says what such passages are worth."""

ROUNDS = 100
"""Steps of the minimizer at most; about sixty are needed."""

Function = Callable[[Floats], tuple[float, Floats]]


class Lesson(NamedTuple):
    """A question's candidates and the positions of the passages that answer it."""

    candidates: Candidates
    relevant: Set[int]


class Learner:
    """Lessons as arrays, to learn from any part of them.

    Questions are rows of equal length: where fewer candidates or stems are, the rest is padding.
    """

    def __init__(self, evidence: Evidence, lessons: Sequence[Lesson]) -> None:
        rows = max((len(lesson.candidates.positions) for lesson in lessons), default=1)
        terms = max((len(lesson.candidates.stems) for lesson in lessons), default=1)
        shape = (len(lessons), rows)
        self._stems: dict[str, int] = {}
        self._columns = np.zeros((*shape, len(COLUMNS)), np.float32)
        self._worths = np.zeros((len(lessons), terms, rows), np.float32)
        self._numbers = np.zeros((len(lessons), terms), np.int64)
        self._positions = np.zeros(shape, np.int64)
        self._present = np.zeros(shape, bool)
        self._wanted = np.zeros(shape, np.float32)
        for lesson, (candidates, relevant) in enumerate(lessons):
            row, term = slice(len(candidates.positions)), slice(len(candidates.stems))
            self._columns[lesson, row] = candidates.columns
            self._worths[lesson, term, row] = candidates.worths.T
            self._numbers[lesson, term] = [self._stems.setdefault(stem, len(self._stems)) for stem in candidates.stems]
            self._positions[lesson, row] = candidates.positions
            self._present[lesson, row] = True
            self._wanted[lesson, row] = np.isin(candidates.positions, list(relevant))
        self._worths *= _WORD_SCALE
        self._documents = evidence.documents[self._positions]
        self._document_count = int(evidence.documents.max(initial=-1)) + 1
        held = [(stem, where) for stem, where in evidence.held_stems() if len(where) >= STEM_HELD_BY]
        self._passage_stems = [stem for stem, _ in held]
        self._held = np.repeat(np.arange(len(held)), [len(where) for _, where in held])
        self._holders = np.concatenate([where for _, where in held]) if held else np.zeros(0, np.int64)
        share = np.bincount(self._holders, minlength=len(evidence))
        self._shares = 1 / np.sqrt(share[self._holders])
        self._passage_count = len(evidence)

    def learn(self, chosen: Ints) -> Weights:
        """Learn from some of the lessons.

        Args:
            chosen: Their numbers. Nothing of the other lessons has any influence.
        """
        chosen = chosen[self._wanted[chosen].any(axis=1)]
        scale = self._columns[chosen][self._present[chosen]].std(axis=0) if len(chosen) else np.ones(len(COLUMNS))
        scale[scale < _CONSTANT] = 1.0
        found = minimize(self.loss(chosen, scale), np.zeros(sum(self.sizes)))
        columns, words, documents, passages = np.split(found, np.cumsum(self.sizes)[:-1])
        return Weights(
            columns=dict(zip(COLUMNS, (columns / scale).tolist(), strict=True)),
            words=dict(zip(self._stems, (words * _WORD_SCALE).tolist(), strict=True)),
            documents=dict(enumerate(documents.tolist())),
            passages=dict(zip(self._passage_stems, passages.tolist(), strict=True)),
        )

    @property
    def sizes(self) -> list[int]:
        """How many weights there are of columns, words, documents and passages' stems."""
        return [len(COLUMNS), len(self._stems), self._document_count, len(self._passage_stems)]

    def loss(self, chosen: Ints, scale: Floats) -> Function:
        """What weights lose on some of the lessons, with columns divided by `scale`, as a function to minimize.

        Args:
            chosen: The lessons' numbers; each has a relevant candidate.
            scale: A divisor a column.
        """
        ends = np.cumsum(self.sizes)
        ridges = [COLUMN_RIDGE, WORD_RIDGE * _WORD_SCALE**2, DOCUMENT_RIDGE, PASSAGE_RIDGE]
        ridge = np.repeat(ridges, self.sizes)
        columns, worths, numbers = self._columns[chosen] / scale, self._worths[chosen], self._numbers[chosen]
        positions, documents, absent = self._positions[chosen], self._documents[chosen], ~self._present[chosen]
        wanted = self._wanted[chosen] / self._wanted[chosen].sum(axis=1, keepdims=True)
        count = max(len(chosen), 1)

        def loss(weights: Floats) -> tuple[float, Floats]:
            by_column, by_word, by_document, by_stem = np.split(weights, ends[:-1])
            rating = np.bincount(self._holders, by_stem[self._held] * self._shares, self._passage_count)
            scores = columns @ by_column.astype(np.float32)
            scores += np.einsum("qt,qtk->qk", by_word.astype(np.float32)[numbers], worths)
            scores += (by_document[documents] + rating[positions]).astype(np.float32)
            scores[absent] = -np.inf
            scores -= scores.max(axis=1, keepdims=True)
            mass = np.exp(scores)
            total = mass.sum(axis=1, keepdims=True)
            scores[absent] = 0.0
            value = -float((wanted * (scores - np.log(total))).sum()) / count + 0.5 * float((ridge * weights**2).sum())
            slope = (mass / total - wanted) / count
            by_passage = np.bincount(positions.ravel(), slope.ravel(), self._passage_count)
            gradient = np.concatenate(
                [
                    np.tensordot(slope, columns, ((0, 1), (0, 1))),
                    np.bincount(numbers.ravel(), np.einsum("qk,qtk->qt", slope, worths).ravel(), len(by_word)),
                    np.bincount(documents.ravel(), slope.ravel(), len(by_document)),
                    np.bincount(self._held, by_passage[self._holders] * self._shares, len(by_stem)),
                ]
            )
            return value, gradient + ridge * weights

        return loss


def minimize(function: Function, start: Floats, memory: int = 8, tolerance: float = 1e-5) -> Floats:
    """Where a smooth convex function is least, as far as `tolerance` tells (relative gain of a step).

    Args:
        function: Gives value and gradient.
        start: Where to begin.
        memory: How many steps shape the next one.
        tolerance: The gain below which it stops.
    """
    here = start
    value, gradient = function(here)
    steps: list[tuple[Floats, Floats]] = []
    for _ in range(ROUNDS):
        direction = _turn(gradient, steps)
        length = 1.0
        there = here - direction
        new_value, new_gradient = function(there)
        while new_value > value - 1e-4 * length * float(gradient @ direction):
            if length < 1e-6:
                return here
            length /= 2
            there = here - length * direction
            new_value, new_gradient = function(there)
        step = (there - here, new_gradient - gradient)
        if step[0] @ step[1] > 1e-12:
            steps = [*steps, step][-memory:]
        gain = value - new_value
        here, value, gradient = there, new_value, new_gradient
        if gain < tolerance * max(1.0, abs(value)):
            break
    return here


def _turn(gradient: Floats, steps: Sequence[tuple[Floats, Floats]]) -> Floats:
    """The gradient turned by what the last steps told of the curvature: L-BFGS's two loops."""
    direction = gradient.copy()
    if not steps:
        return direction * min(1.0, 1 / max(float(np.abs(direction).sum()), 1e-12))
    kept = []
    for step, change in reversed(steps):
        along = float(step @ direction) / float(step @ change)
        direction -= along * change
        kept.append(along)
    step, change = steps[-1]
    direction *= float(step @ change) / float(change @ change)
    for (step, change), along in zip(steps, reversed(kept), strict=True):
        direction += step * (along - float(change @ direction) / float(step @ change))
    return direction
